"""Say that a column is closed the way a constraint says it.

On PostgreSQL a bare exception is a fault of the program; a check violation is an answer
that the program understands, as on SQLite.

Revision: 0016, after 0015.
"""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

RAISE = "RAISE EXCEPTION 'the column is closed'"
AS_CHECK = "RAISE check_violation USING MESSAGE = 'the column is closed'"


def _reword(old: str, new: str) -> None:
    """Write the trigger's function anew; what it forbids stays as it is."""
    bind = op.get_bind()
    if bind.dialect.name != "postgresql":
        return
    source = "SELECT pg_get_functiondef('refuse_closed_mark'::regproc)"
    written = bind.exec_driver_sql(source).scalar_one()
    bind.exec_driver_sql(written.replace(old, new).replace("%", "%%"))


def upgrade() -> None:
    _reword(RAISE, AS_CHECK)


def downgrade() -> None:
    _reword(AS_CHECK, RAISE)
