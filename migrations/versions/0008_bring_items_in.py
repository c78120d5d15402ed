"""Note what question files hold before it is kept.

Revision: 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "item_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("format", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column(
            "left_over",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["bank_id"], ["item_bank.id"], name=op.f("fk_item_import_bank_id")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_item_import_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_import")),
    )
    with op.batch_alter_table("item_import", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_item_import_bank_id"), ["bank_id"], unique=False
        )

    op.create_table(
        "item_import_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=False),
        sa.Column("topic", sa.String(length=500), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column(
            "tags",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("points", sa.String(length=20), nullable=False),
        sa.Column(
            "spec",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("trouble", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column(
            "notes",
            sa.JSON().with_variant(postgresql.JSONB(), "postgresql"),
            nullable=False,
        ),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_import_id"],
            ["item_import.id"],
            name=op.f("fk_item_import_line_item_import_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_import_line")),
    )
    with op.batch_alter_table("item_import_line", schema=None) as batch_op:
        batch_op.create_index(
            "ix_item_import_line_place", ["item_import_id", "number"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("item_import_line", schema=None) as batch_op:
        batch_op.drop_index("ix_item_import_line_place")

    op.drop_table("item_import_line")
    with op.batch_alter_table("item_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_import_bank_id"))

    op.drop_table("item_import")
