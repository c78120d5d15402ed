"""Keep stations, and who was identified at them.

Revision: 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
LIVE = sa.text("state IN ('opened', 'awaiting-chip', 'verified')")


def upgrade() -> None:
    op.create_table(
        "station",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("room", sa.String(length=120), nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("registered_by_id", sa.Integer(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["registered_by_id"],
            ["account.id"],
            name=op.f("fk_station_registered_by_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station")),
        sa.UniqueConstraint("key_id", name=op.f("uq_station_key_id")),
    )
    op.create_table(
        "photo_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("key_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("destroyed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seal_id", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo_key")),
        sa.UniqueConstraint("scope", name=op.f("uq_photo_key_scope")),
    )
    op.create_table(
        "station_nonce",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_station_nonce_station_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_nonce")),
        sa.UniqueConstraint(
            "station_id", "nonce", name=op.f("uq_station_nonce_station_id_nonce")
        ),
    )
    op.create_index(op.f("ix_station_nonce_seen_at"), "station_nonce", ["seen_at"])
    op.create_table(
        "identification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("station_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("photo_scope", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("evidence_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("number_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("birth_date_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("challenge_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("agreement_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("dg14", sa.LargeBinary(), nullable=True),
        sa.Column("evidence_hash", sa.String(length=64), nullable=True),
        sa.Column("verdicts", DOCUMENT, nullable=False),
        sa.Column("findings", DOCUMENT, nullable=False),
        sa.Column("access", sa.String(length=4), nullable=True),
        sa.Column("read_ms", sa.Integer(), nullable=True),
        sa.Column("active_ms", sa.Integer(), nullable=True),
        sa.Column("anchor", sa.String(length=64), nullable=True),
        sa.Column("is_simulated", sa.Boolean(), nullable=False),
        sa.Column("photo", sa.LargeBinary(), nullable=True),
        sa.Column("seal_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["station_id"], ["station.id"], name=op.f("fk_identification_station_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identification")),
        sa.UniqueConstraint("code", name=op.f("uq_identification_code")),
    )
    for column in ("station_id", "subject", "photo_scope", "evidence_hash"):
        op.create_index(op.f(f"ix_identification_{column}"), "identification", [column])
    op.create_index(
        "uq_identification_live_subject",
        "identification",
        ["subject"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )


def downgrade() -> None:
    for table in ("identification", "station_nonce", "photo_key", "station"):
        op.drop_table(table)
