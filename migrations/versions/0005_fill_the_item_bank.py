"""Note what a bank knows of its items: topics, levels, tags, reviews.

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

DEFAULTED = ("newest_number", "name", "topic", "state", "points", "bucket")
NEWEST = """
UPDATE item SET newest_number = (
    SELECT MAX(number) FROM item_version WHERE item_version.item_id = item.id
)
"""
BUCKET = "UPDATE item SET bucket = (id * 619 + 331) % 1024"
"""Not by chance, but spread as evenly."""


def upgrade() -> None:
    op.create_table(
        "item_category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["bank_id"],
            ["item_bank.id"],
            name=op.f("fk_item_category_bank_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["item_category.id"], name=op.f("fk_item_category_parent_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_category")),
    )
    with op.batch_alter_table("item_category", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_item_category_bank_id"), ["bank_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_item_category_path"), ["path"], unique=False
        )

    op.create_table(
        "item_bank_share",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bank_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_id"],
            ["item_bank.id"],
            name=op.f("fk_item_bank_share_bank_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"],
            ["account.id"],
            name=op.f("fk_item_bank_share_created_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_bank_share")),
        sa.UniqueConstraint(
            "bank_id", "scope", name=op.f("uq_item_bank_share_bank_id_scope")
        ),
    )
    with op.batch_alter_table("item_bank_share", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_item_bank_share_scope"), ["scope"], unique=False
        )

    op.create_table(
        "item_tag",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["item.id"],
            name=op.f("fk_item_tag_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("item_id", "name", name=op.f("pk_item_tag")),
    )
    with op.batch_alter_table("item_tag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_tag_name"), ["name"], unique=False)

    op.create_table(
        "item_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["account.id"], name=op.f("fk_item_review_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["item.id"], name=op.f("fk_item_review_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["item_version.id"], name=op.f("fk_item_review_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_review")),
    )
    with op.batch_alter_table("item_review", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_item_review_item_id"), ["item_id"], unique=False
        )

    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("newest_number", sa.Integer(), nullable=False, server_default="1")
        )
        batch_op.add_column(
            sa.Column("name", sa.String(length=300), nullable=False, server_default="")
        )
        batch_op.add_column(
            sa.Column("topic", sa.String(length=200), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("level", sa.String(length=40), nullable=True))
        batch_op.add_column(
            sa.Column(
                "state", sa.String(length=40), nullable=False, server_default="draft"
            )
        )
        batch_op.add_column(sa.Column("category_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("external_id", sa.String(length=200), nullable=True)
        )
        batch_op.add_column(
            sa.Column(
                "points",
                sa.Numeric(precision=6, scale=2),
                nullable=False,
                server_default="1",
            )
        )
        batch_op.add_column(
            sa.Column("bucket", sa.SmallInteger(), nullable=False, server_default="0")
        )
        batch_op.create_index(
            batch_op.f("ix_item_category_id"), ["category_id"], unique=False
        )
        batch_op.create_index(
            "ix_item_cell", ["bank_id", "topic", "level", "state"], unique=False
        )
        batch_op.create_index(
            "ix_item_draw",
            ["bank_id", "bucket", "state", "level", "topic", "kind"],
            unique=False,
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_item_bank_id_external_id"), ["bank_id", "external_id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_item_category_id"), "item_category", ["category_id"], ["id"]
        )

    op.execute(NEWEST)
    op.execute(BUCKET)
    with op.batch_alter_table("item", schema=None) as batch_op:
        for name in DEFAULTED:
            batch_op.alter_column(name, server_default=None)

    with op.batch_alter_table("item_bank", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("created_at", sa.DateTime(timezone=True), nullable=True)
        )


def downgrade() -> None:
    with op.batch_alter_table("item_bank", schema=None) as batch_op:
        batch_op.drop_column("created_at")

    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_item_category_id"), type_="foreignkey")
        batch_op.drop_constraint(
            batch_op.f("uq_item_bank_id_external_id"), type_="unique"
        )
        batch_op.drop_index("ix_item_draw")
        batch_op.drop_index("ix_item_cell")
        batch_op.drop_index(batch_op.f("ix_item_category_id"))
        batch_op.drop_column("bucket")
        batch_op.drop_column("points")
        batch_op.drop_column("external_id")
        batch_op.drop_column("category_id")
        batch_op.drop_column("state")
        batch_op.drop_column("level")
        batch_op.drop_column("topic")
        batch_op.drop_column("name")
        batch_op.drop_column("newest_number")

    with op.batch_alter_table("item_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_review_item_id"))

    op.drop_table("item_review")
    with op.batch_alter_table("item_tag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_tag_name"))

    op.drop_table("item_tag")
    with op.batch_alter_table("item_bank_share", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_bank_share_scope"))

    op.drop_table("item_bank_share")
    with op.batch_alter_table("item_category", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_category_path"))
        batch_op.drop_index(batch_op.f("ix_item_category_bank_id"))

    op.drop_table("item_category")
