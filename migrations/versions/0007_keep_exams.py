"""Keep exams, their papers, their sittings and every answer.

Revision: 0007, after 0006.

What is only ever added to, the database itself refuses to change.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

APPEND_ONLY = ("answer_event", "answer_seal", "sitting_move", "time_added")
SQLITE = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
POSTGRESQL = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""


def upgrade() -> None:
    op.create_table(
        "exam",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("decision_number", sa.String(length=60), nullable=False),
        sa.Column("decision_on", sa.Date(), nullable=False),
        sa.Column("number_prefix", sa.String(length=8), nullable=False),
        sa.Column("gate", sa.String(length=40), nullable=False),
        sa.Column("locked_browser", sa.Boolean(), nullable=False),
        sa.Column("appeals_until", sa.Date(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_exam_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam")),
    )
    with op.batch_alter_table("exam", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_exam_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "candidate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("full_name", sa.String(length=120), nullable=False),
        sa.Column("name_sort", sa.String(length=400), nullable=False),
        sa.Column("group_name", sa.String(length=120), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=True),
        sa.Column("personal_number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("personal_number_index", sa.String(length=64), nullable=True),
        sa.Column("birth_date_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("seal_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_candidate_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["exam_id"], ["exam.id"], name=op.f("fk_candidate_exam_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate")),
        sa.UniqueConstraint("exam_id", "code", name=op.f("uq_candidate_exam_id_code")),
        sa.UniqueConstraint(
            "exam_id",
            "personal_number_index",
            name=op.f("uq_candidate_exam_id_personal_number_index"),
        ),
    )
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_candidate_account_id"), ["account_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_candidate_exam_id"), ["exam_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_candidate_personal_number_index"),
            ["personal_number_index"],
            unique=False,
        )

    op.create_table(
        "exam_room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("site", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exam_id"], ["exam.id"], name=op.f("fk_exam_room_exam_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_room")),
        sa.UniqueConstraint(
            "exam_id", "site", "name", name=op.f("uq_exam_room_exam_id_site_name")
        ),
    )
    with op.batch_alter_table("exam_room", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_exam_room_exam_id"), ["exam_id"], unique=False
        )

    op.create_table(
        "exam_subject",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("exam_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("duration_minutes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["exam_id"], ["exam.id"], name=op.f("fk_exam_subject_exam_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_subject")),
    )
    with op.batch_alter_table("exam_subject", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_exam_subject_exam_id"), ["exam_id"], unique=False
        )

    op.create_table(
        "exam_paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("locked", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["account.id"], name=op.f("fk_exam_paper_made_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["exam_subject.id"], name=op.f("fk_exam_paper_subject_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_paper")),
        sa.UniqueConstraint(
            "subject_id", "code", name=op.f("uq_exam_paper_subject_id_code")
        ),
    )
    with op.batch_alter_table("exam_paper", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_exam_paper_subject_id"), ["subject_id"], unique=False
        )

    op.create_table(
        "exam_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("entry_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("bell_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rung_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["exam_subject.id"], name=op.f("fk_exam_session_subject_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_session")),
    )
    with op.batch_alter_table("exam_session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_exam_session_subject_id"), ["subject_id"], unique=False
        )

    op.create_table(
        "exam_paper_approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by_id"],
            ["account.id"],
            name=op.f("fk_exam_paper_approval_approved_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"],
            ["exam_paper.id"],
            name=op.f("fk_exam_paper_approval_paper_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_paper_approval")),
        sa.UniqueConstraint(
            "paper_id",
            "approved_by_id",
            name=op.f("uq_exam_paper_approval_paper_id_approved_by_id"),
        ),
    )
    op.create_table(
        "exam_paper_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("key_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("seal_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["exam_paper.id"], name=op.f("fk_exam_paper_key_paper_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exam_paper_key")),
        sa.UniqueConstraint("paper_id", name=op.f("uq_exam_paper_key_paper_id")),
    )
    op.create_table(
        "sitting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("writer", sa.Integer(), nullable=False),
        sa.Column("added_seconds", sa.Integer(), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt_key_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("points", sa.String(length=40), nullable=True),
        sa.Column("worth", sa.String(length=40), nullable=True),
        sa.Column("seal_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["candidate.id"], name=op.f("fk_sitting_candidate_id")
        ),
        sa.ForeignKeyConstraint(
            ["paper_id"], ["exam_paper.id"], name=op.f("fk_sitting_paper_id")
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["exam_room.id"], name=op.f("fk_sitting_room_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["exam_session.id"], name=op.f("fk_sitting_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting")),
        sa.UniqueConstraint(
            "session_id",
            "candidate_id",
            name=op.f("uq_sitting_session_id_candidate_id"),
        ),
        sa.UniqueConstraint(
            "session_id",
            "room_id",
            "seat",
            name=op.f("uq_sitting_session_id_room_id_seat"),
        ),
    )
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sitting_candidate_id"), ["candidate_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_sitting_deadline_at"), ["deadline_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_sitting_room_id"), ["room_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_sitting_session_id"), ["session_id"], unique=False
        )

    op.create_table(
        "answer_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("writer", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("receipt", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_answer_event_sitting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_event")),
        sa.UniqueConstraint(
            "sitting_id",
            "writer",
            "sequence",
            name=op.f("uq_answer_event_sitting_id_writer_sequence"),
        ),
    )
    with op.batch_alter_table("answer_event", schema=None) as batch_op:
        batch_op.create_index(
            "ix_answer_event_order", ["sitting_id", "id"], unique=False
        )

    op.create_table(
        "answer_seal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_event_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_answer_seal_sitting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_seal")),
        sa.UniqueConstraint(
            "sitting_id", "number", name=op.f("uq_answer_seal_sitting_id_number")
        ),
    )
    with op.batch_alter_table("answer_seal", schema=None) as batch_op:
        batch_op.create_index(
            "ix_answer_seal_last", ["sitting_id", "last_event_id"], unique=False
        )

    op.create_table(
        "sitting_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["account.id"], name=op.f("fk_sitting_move_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_sitting_move_sitting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting_move")),
    )
    with op.batch_alter_table("sitting_move", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sitting_move_sitting_id"), ["sitting_id"], unique=False
        )

    op.create_table(
        "start_pin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["account.id"], name=op.f("fk_start_pin_issued_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_start_pin_sitting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_start_pin")),
    )
    with op.batch_alter_table("start_pin", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_start_pin_sitting_id"), ["sitting_id"], unique=False
        )

    op.create_table(
        "time_added",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_time_added_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sitting.id"], name=op.f("fk_time_added_sitting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_time_added")),
    )
    with op.batch_alter_table("time_added", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_time_added_sitting_id"), ["sitting_id"], unique=False
        )
    refuse_changes()


def refuse_changes() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in APPEND_ONLY:
        for verb in ("update", "delete") if sqlite else ("",):
            op.execute(
                (SQLITE if sqlite else POSTGRESQL).format(table=table, verb=verb)
            )


def downgrade() -> None:
    with op.batch_alter_table("time_added", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_time_added_sitting_id"))

    op.drop_table("time_added")
    with op.batch_alter_table("start_pin", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_start_pin_sitting_id"))

    op.drop_table("start_pin")
    with op.batch_alter_table("sitting_move", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sitting_move_sitting_id"))

    op.drop_table("sitting_move")
    with op.batch_alter_table("answer_seal", schema=None) as batch_op:
        batch_op.drop_index("ix_answer_seal_last")

    op.drop_table("answer_seal")
    with op.batch_alter_table("answer_event", schema=None) as batch_op:
        batch_op.drop_index("ix_answer_event_order")

    op.drop_table("answer_event")
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sitting_session_id"))
        batch_op.drop_index(batch_op.f("ix_sitting_room_id"))
        batch_op.drop_index(batch_op.f("ix_sitting_deadline_at"))
        batch_op.drop_index(batch_op.f("ix_sitting_candidate_id"))

    op.drop_table("sitting")
    op.drop_table("exam_paper_key")
    op.drop_table("exam_paper_approval")
    with op.batch_alter_table("exam_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exam_session_subject_id"))

    op.drop_table("exam_session")
    with op.batch_alter_table("exam_paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exam_paper_subject_id"))

    op.drop_table("exam_paper")
    with op.batch_alter_table("exam_subject", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exam_subject_exam_id"))

    op.drop_table("exam_subject")
    with op.batch_alter_table("exam_room", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exam_room_exam_id"))

    op.drop_table("exam_room")
    with op.batch_alter_table("candidate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_candidate_personal_number_index"))
        batch_op.drop_index(batch_op.f("ix_candidate_exam_id"))
        batch_op.drop_index(batch_op.f("ix_candidate_account_id"))

    op.drop_table("candidate")
    with op.batch_alter_table("exam", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_exam_unit_id"))

    op.drop_table("exam")
