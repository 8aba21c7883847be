"""Embed keys: by which host, for which widgets, with which locks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the tables. A key of one tenant cannot name a widget of another: the references carry the tenant."""
    op.create_table(
        "embed_keys",
        sa.Column("id", UUID(as_uuid=True), nullable=False, server_default=sa.func.gen_random_uuid()),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("allowed_origins", JSONB, nullable=False),
        sa.Column("locked_filters", JSONB, nullable=False),
        sa.Column("filterable_columns", JSONB),
        sa.Column("expires_at", sa.DateTime(timezone=True)),
        sa.Column("created_by", sa.String(255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("id", name="pk_embed_keys"),
        sa.UniqueConstraint("tenant_id", "id", name="uq_embed_keys_tenant_id_id"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="fk_embed_keys_tenants"),
        sa.CheckConstraint("octet_length(secret_hash) = 32", name=op.f("ck_embed_keys_secret_hash")),
    )
    op.create_index("ix_embed_keys_tenant_id_created_at_id", "embed_keys", ["tenant_id", "created_at", "id"])
    op.create_table(
        "embed_key_widgets",
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("key_id", UUID(as_uuid=True), nullable=False),
        sa.Column("widget_id", UUID(as_uuid=True), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "key_id", "widget_id", name="pk_embed_key_widgets"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "key_id"],
            ["embed_keys.tenant_id", "embed_keys.id"],
            name="fk_embed_key_widgets_embed_keys",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "widget_id"],
            ["widgets.tenant_id", "widgets.id"],
            name="fk_embed_key_widgets_widgets",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_embed_key_widgets_tenant_id_widget_id", "embed_key_widgets", ["tenant_id", "widget_id"]
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("embed_key_widgets")
    op.drop_table("embed_keys")
