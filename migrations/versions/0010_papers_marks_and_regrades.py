"""Sections, draws, blueprints, papers, allowances, markers, and regrades.

Revision: 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
WORD = sa.String(length=40)


def key(table: str, column: str, other: str, **given: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), **given
    )


def primary(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def index(table: str, column: str) -> None:
    op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def upgrade() -> None:
    op.create_table(
        "blueprint",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("bank_ids", DOCUMENT, nullable=False),
        sa.Column("cells", DOCUMENT, nullable=False),
        sa.Column("spread", WORD, nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        primary("blueprint"),
    )
    index("blueprint", "scope")
    op.create_table(
        "paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("blueprint_id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("places", DOCUMENT, nullable=False),
        sa.Column("parts", DOCUMENT, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=True),
        key("paper", "blueprint_id", "blueprint", ondelete="CASCADE"),
        key("paper", "drawn_by_id", "account"),
        primary("paper"),
        sa.UniqueConstraint(
            "blueprint_id",
            "batch",
            "code",
            name=op.f("uq_paper_blueprint_id_batch_code"),
        ),
    )
    _extend_quiz()
    op.create_table(
        "quiz_section",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        key("quiz_section", "quiz_id", "quiz", ondelete="CASCADE"),
        primary("quiz_section"),
    )
    index("quiz_section", "quiz_id")
    with op.batch_alter_table("quiz_slot") as batch:
        batch.add_column(sa.Column("section_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("draw", sa.JSON(), nullable=True))
        batch.alter_column("item_version_id", existing_type=sa.Integer(), nullable=True)
        batch.create_foreign_key(
            op.f("fk_quiz_slot_section_id"),
            "quiz_section",
            ["section_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch.create_index(op.f("ix_quiz_slot_section_id"), ["section_id"])
    op.create_table(
        "quiz_allowance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("extra_minutes", sa.Integer(), nullable=False),
        sa.Column("extra_attempts", sa.Integer(), nullable=False),
        sa.Column("opens_at", MOMENT, nullable=True),
        sa.Column("closes_at", MOMENT, nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        key("quiz_allowance", "granted_by_id", "account"),
        key("quiz_allowance", "quiz_id", "quiz", ondelete="CASCADE"),
        primary("quiz_allowance"),
    )
    index("quiz_allowance", "quiz_id")
    _extend_attempt()
    _add_marks_and_runs()


def _extend_quiz() -> None:
    # What is there keeps what it meant; new rows say it for themselves.
    for name, kind, usual in (
        ("title", sa.String(length=200), "''"),
        ("owner", sa.String(length=60), "''"),
        ("method", WORD, "'highest'"),
        ("penalty", sa.String(length=8), "'0'"),
        ("certainty", sa.Boolean(), sa.false()),
        ("on_difference", WORD, "'third_marker'"),
        ("blind_marking", sa.Boolean(), sa.true()),
    ):
        default = usual if not isinstance(usual, str) else sa.text(usual)
        op.add_column(
            "quiz", sa.Column(name, kind, nullable=False, server_default=default)
        )
    with op.batch_alter_table("quiz") as batch:
        batch.alter_column("activity_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("opens_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("closes_at", MOMENT, nullable=True))
        batch.add_column(sa.Column("feedback", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("blueprint_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_quiz_blueprint_id"), "blueprint", ["blueprint_id"], ["id"]
        )
        for name, kind in (
            ("title", sa.String(length=200)),
            ("owner", sa.String(length=60)),
            ("method", WORD),
            ("penalty", sa.String(length=8)),
            ("certainty", sa.Boolean()),
            ("on_difference", WORD),
            ("blind_marking", sa.Boolean()),
        ):
            batch.alter_column(name, existing_type=kind, server_default=None)


def _extend_attempt() -> None:
    op.add_column(
        "attempt",
        sa.Column("sections", DOCUMENT, nullable=False, server_default=sa.text("'[]'")),
    )
    with op.batch_alter_table("attempt") as batch:
        batch.add_column(sa.Column("paper_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("writer", sa.String(length=40), nullable=True))
        batch.create_foreign_key(
            op.f("fk_attempt_paper_id"), "paper", ["paper_id"], ["id"]
        )
        batch.create_index(op.f("ix_attempt_paper_id"), ["paper_id"])
        batch.alter_column("sections", existing_type=DOCUMENT, server_default=None)
    op.add_column(
        "attempt_place",
        sa.Column("left_out", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    with op.batch_alter_table("attempt_place") as batch:
        batch.add_column(sa.Column("certainty", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("checked_at", MOMENT, nullable=True))
        batch.alter_column("left_out", existing_type=sa.Boolean(), server_default=None)


def _add_marks_and_runs() -> None:
    op.create_table(
        "response_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("marker_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.String(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        key("response_mark", "marker_id", "account"),
        key("response_mark", "place_id", "attempt_place"),
        primary("response_mark"),
        sa.UniqueConstraint(
            "place_id", "marker_id", name=op.f("uq_response_mark_place_id_marker_id")
        ),
    )
    index("response_mark", "marker_id")
    op.create_table(
        "regrade_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("remedy", WORD, nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undo_reason", sa.String(length=500), nullable=False),
        key("regrade_run", "decided_by_id", "account"),
        key("regrade_run", "item_id", "item"),
        key("regrade_run", "proposed_by_id", "account"),
        key("regrade_run", "quiz_id", "quiz"),
        key("regrade_run", "undone_by_id", "account"),
        key("regrade_run", "version_id", "item_version"),
        primary("regrade_run"),
    )
    index("regrade_run", "quiz_id")
    index("regrade_run", "item_id")
    op.create_table(
        "regrade_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("points_before", sa.String(), nullable=False),
        sa.Column("worth_before", sa.String(), nullable=False),
        sa.Column("points_after", sa.String(), nullable=False),
        sa.Column("worth_after", sa.String(), nullable=False),
        key("regrade_line", "attempt_id", "attempt"),
        key("regrade_line", "run_id", "regrade_run"),
        primary("regrade_line"),
        sa.UniqueConstraint(
            "run_id", "attempt_id", name=op.f("uq_regrade_line_run_id_attempt_id")
        ),
    )
    index("regrade_line", "attempt_id")


def downgrade() -> None:
    op.drop_table("regrade_line")
    op.drop_table("regrade_run")
    op.drop_table("response_mark")
    with op.batch_alter_table("attempt_place") as batch:
        for name in ("certainty", "checked_at", "left_out"):
            batch.drop_column(name)
    with op.batch_alter_table("attempt") as batch:
        batch.drop_index(op.f("ix_attempt_paper_id"))
        batch.drop_constraint(op.f("fk_attempt_paper_id"), type_="foreignkey")
        for name in ("paper_id", "writer", "sections"):
            batch.drop_column(name)
    op.drop_table("quiz_allowance")
    op.execute("DELETE FROM quiz_slot WHERE item_version_id IS NULL")
    with op.batch_alter_table("quiz_slot") as batch:
        batch.drop_index(op.f("ix_quiz_slot_section_id"))
        batch.drop_constraint(op.f("fk_quiz_slot_section_id"), type_="foreignkey")
        batch.drop_column("section_id")
        batch.drop_column("draw")
        batch.alter_column(
            "item_version_id", existing_type=sa.Integer(), nullable=False
        )
    op.drop_table("quiz_section")
    op.execute("DELETE FROM quiz WHERE activity_id IS NULL")
    with op.batch_alter_table("quiz") as batch:
        batch.drop_constraint(op.f("fk_quiz_blueprint_id"), type_="foreignkey")
        for name in (
            "title", "owner", "method", "penalty", "certainty", "on_difference",
            "blind_marking", "opens_at", "closes_at", "feedback", "blueprint_id",
        ):  # fmt: skip
            batch.drop_column(name)
        batch.alter_column("activity_id", existing_type=sa.Integer(), nullable=False)
    op.drop_table("paper")
    op.drop_table("blueprint")
