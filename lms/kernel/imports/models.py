"""Files that people sent to be taken in."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lms.kernel.db import Base, Id
from lms.kernel.imports.rules import ImportState
from lms.kernel.jobs.models import Job
from lms.kernel.sealing import Sealed, sealed_bytes


class ImportRun(Sealed, Base):
    """One file on its way; its matter is sealed, and gone after a day."""

    __tablename__ = "import_run"

    id: Mapped[Id]
    intake: Mapped[str] = mapped_column(String(40))
    place_id: Mapped[int]
    """The id of the intake's place; 0 for the whole site."""
    owner_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(120))
    state: Mapped[ImportState]
    refusal: Mapped[str] = mapped_column(String(60), default="")
    counts: Mapped[dict[str, Any]]
    """Rows by what they would do, and after that by what they did."""
    plan_hash: Mapped[str] = mapped_column(String(64), default="")
    """Names what the preview showed, so that nothing else is written."""
    is_stale: Mapped[bool] = mapped_column(default=False)
    """The data changed between preview and confirmation: look again."""
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    created_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    file_sealed: Mapped[bytes | None]
    preview_sealed: Mapped[bytes | None]

    file = sealed_bytes()
    preview = sealed_bytes()

    job: Mapped[Job | None] = relationship()

    @property
    def scopes(self) -> tuple[str, ...]:
        return (f"account:{self.owner_id}",)
