"""Keep personal data sealed, know states and guardians.

Revision: 0003, after 0002.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guardianship",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("guardian_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(length=40), nullable=False),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "guardian_id <> pupil_id", name=op.f("ck_guardianship_two_people")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"],
            ["account.id"],
            name=op.f("fk_guardianship_confirmed_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["guardian_id"], ["account.id"], name=op.f("fk_guardianship_guardian_id")
        ),
        sa.ForeignKeyConstraint(
            ["pupil_id"], ["account.id"], name=op.f("fk_guardianship_pupil_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardianship")),
        sa.UniqueConstraint(
            "guardian_id", "pupil_id", name=op.f("uq_guardianship_guardian_id_pupil_id")
        ),
    )
    with op.batch_alter_table("guardianship", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_guardianship_guardian_id"), ["guardian_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_guardianship_pupil_id"), ["pupil_id"], unique=False
        )

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("code", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("gender", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("birth_date_sealed", sa.LargeBinary(), nullable=True)
        )
        batch_op.add_column(
            sa.Column("personal_number_sealed", sa.LargeBinary(), nullable=True)
        )
        batch_op.add_column(
            sa.Column("personal_number_index", sa.String(length=64), nullable=True)
        )
        batch_op.add_column(sa.Column("phone_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("email_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("seal_id", sa.String(length=32), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_account_unit_id"), ["unit_id"], unique=False
        )
        batch_op.create_unique_constraint(batch_op.f("uq_account_code"), ["code"])
        batch_op.create_unique_constraint(
            batch_op.f("uq_account_personal_number_index"), ["personal_number_index"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_account_merged_into_id"),
            "account",
            ["merged_into_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_account_unit_id"), "unit", ["unit_id"], ["id"]
        )

    _fill()
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.alter_column(
            "state", existing_type=sa.String(length=40), nullable=False
        )
        batch_op.alter_column(
            "seal_id", existing_type=sa.String(length=32), nullable=False
        )
        batch_op.drop_column("active")


def _fill() -> None:
    """Give the accounts that were there before a state and an id to seal by."""
    account = sa.table(
        "account",
        sa.column("id"),
        sa.column("active"),
        sa.column("state"),
        sa.column("seal_id"),
    )
    connection = op.get_bind()
    for key, active in connection.execute(
        sa.select(account.c.id, account.c.active)
    ).all():
        connection.execute(
            account.update()
            .where(account.c.id == key)
            .values(
                state="unclaimed" if active else "locked", seal_id=secrets.token_hex(16)
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.drop_constraint(batch_op.f("fk_account_unit_id"), type_="foreignkey")
        batch_op.drop_constraint(
            batch_op.f("fk_account_merged_into_id"), type_="foreignkey"
        )
        batch_op.drop_constraint(
            batch_op.f("uq_account_personal_number_index"), type_="unique"
        )
        batch_op.drop_constraint(batch_op.f("uq_account_code"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_account_unit_id"))
        batch_op.drop_column("seal_id")
        batch_op.drop_column("email_sealed")
        batch_op.drop_column("phone_sealed")
        batch_op.drop_column("personal_number_index")
        batch_op.drop_column("personal_number_sealed")
        batch_op.drop_column("birth_date_sealed")
        batch_op.drop_column("unit_id")
        batch_op.drop_column("gender")
        batch_op.drop_column("code")
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("state")

    op.drop_table("guardianship")
