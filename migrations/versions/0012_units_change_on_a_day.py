"""Let units change from a day on, and posts be primary.

Revision: 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ALWAYS = """
INSERT INTO unit_state (unit_id, name, kind, parent_id, from_on)
SELECT id, name, kind, parent_id, '1900-01-01' FROM unit
"""
FIRST_POSTS = """
UPDATE post SET is_primary = true
WHERE id IN (SELECT min(id) FROM post GROUP BY account_id)
"""


def upgrade() -> None:
    op.create_table(
        "unit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("change", sa.String(length=40), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("paper", sa.String(length=200), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_unit_event_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_event")),
    )
    with op.batch_alter_table("unit_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_unit_event_unit_id"), ["unit_id"], unique=False
        )

    op.create_table(
        "unit_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "to_on IS NULL OR to_on >= from_on", name=op.f("ck_unit_state_in_order")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["unit.id"], name=op.f("fk_unit_state_parent_id")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_unit_state_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_state")),
        sa.UniqueConstraint(
            "unit_id", "from_on", name=op.f("uq_unit_state_unit_id_from_on")
        ),
    )
    with op.batch_alter_table("unit_state", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_unit_state_from_on"), ["from_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_unit_state_parent_id"), ["parent_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_unit_state_unit_id"), ["unit_id"], unique=False
        )

    op.create_table(
        "unit_succession",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_unit_id", sa.Integer(), nullable=False),
        sa.Column("to_unit_id", sa.Integer(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_unit_id"], ["unit.id"], name=op.f("fk_unit_succession_from_unit_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_unit_id"], ["unit.id"], name=op.f("fk_unit_succession_to_unit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_succession")),
        sa.UniqueConstraint(
            "from_unit_id",
            "to_unit_id",
            name=op.f("uq_unit_succession_from_unit_id_to_unit_id"),
        ),
    )
    with op.batch_alter_table("unit_succession", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_unit_succession_from_unit_id"),
            ["from_unit_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_unit_succession_to_unit_id"), ["to_unit_id"], unique=False
        )

    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "is_primary", sa.Boolean(), nullable=False, server_default=sa.false()
            )
        )

    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("closed_on", sa.Date(), nullable=True))

    op.execute(ALWAYS)
    op.execute(FIRST_POSTS)
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.alter_column("is_primary", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_column("closed_on")
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.drop_column("is_primary")
    op.drop_table("unit_succession")
    op.drop_table("unit_state")
    op.drop_table("unit_event")
