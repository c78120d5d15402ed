"""Tell what happens in an exam room: hands, windows, incidents, notices, lost time.

Revision: 0017, after 0016.

Incidents and notices are only ever added; the database itself refuses to change them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

APPEND_ONLY = ("exam_incident", "exam_notice")
SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
POSTGRESQL = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""


def upgrade() -> None:
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("at_position", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("window_name", sa.String(40), nullable=True))
        batch_op.add_column(
            sa.Column("hand_raised_at", sa.DateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("proof", sa.String(40), nullable=True))
        batch_op.add_column(sa.Column("receipt_code", sa.String(20), nullable=True))
        batch_op.create_unique_constraint(
            batch_op.f("uq_sitting_receipt_code"), ["receipt_code"]
        )
    op.create_table(
        "exam_incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_points_at("exam_incident", session_id="exam_session", room_id="exam_room"),
        *_points_at("exam_incident", sitting_id="sitting", recorded_by_id="account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_incident")),
    )
    op.create_table(
        "exam_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.String(500), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *_points_at("exam_notice", session_id="exam_session", room_id="exam_room"),
        *_points_at("exam_notice", sent_by_id="account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_notice")),
    )
    op.create_table(
        "lost_time",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worked", sa.Boolean(), nullable=False),
        sa.Column("first_by_id", sa.Integer(), nullable=True),
        sa.Column("second_by_id", sa.Integer(), nullable=True),
        sa.Column("refused_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        *_points_at("lost_time", sitting_id="sitting", first_by_id="account"),
        *_points_at("lost_time", second_by_id="account", refused_by_id="account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lost_time")),
    )
    for table, column in INDEXED:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    postgresql = op.get_bind().dialect.name == "postgresql"
    for table in APPEND_ONLY:
        if postgresql:
            op.execute(POSTGRESQL.format(table=table))
            continue
        for verb in ("update", "delete"):
            op.execute(SQLITE.format(table=table, verb=verb))


INDEXED = (
    ("exam_incident", "session_id"),
    ("exam_incident", "room_id"),
    ("exam_incident", "sitting_id"),
    ("exam_notice", "session_id"),
    ("lost_time", "sitting_id"),
)


def _points_at(table: str, **columns: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint(
            [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}")
        )
        for column, other in columns.items()
    ]


def downgrade() -> None:
    for table in ("lost_time", "exam_notice", "exam_incident"):
        op.drop_table(table)
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_sitting_receipt_code"), type_="unique")
        for column in (
            "receipt_code",
            "proof",
            "hand_raised_at",
            "window_name",
            "at_position",
        ):
            batch_op.drop_column(column)
