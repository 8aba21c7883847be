"""Executions; what operators allow a tenant to use; the schema that was announced last."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

revision = "0003"
down_revision = "0002"

_NOW = sa.func.now()


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "executions",
        sa.Column("id", UUID(as_uuid=True), nullable=False, server_default=sa.func.gen_random_uuid()),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("created_by", sa.String(255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=_NOW),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False, server_default=_NOW),
        sa.Column("status", sa.String(10), nullable=False, server_default="requested"),
        sa.Column("question", JSONB, nullable=False),
        sa.Column("reads", JSONB, nullable=False),
        sa.Column("acl_version", sa.Integer, nullable=False),
        sa.Column("plan_hash", sa.String(64)),
        sa.Column("attempt", sa.Integer, nullable=False, server_default="0"),
        sa.Column("lease_until", sa.DateTime(timezone=True)),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows", sa.BigInteger),
        sa.Column("bytes", sa.BigInteger),
        sa.Column("elapsed_ms", sa.Float),
        sa.Column("error", JSONB),
        sa.Column("columns", JSONB),
        sa.PrimaryKeyConstraint("id", name="pk_executions"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name="fk_executions_tenants"),
        sa.CheckConstraint(
            "status IN ('requested', 'running', 'completed', 'failed', 'cancelled')",
            name=op.f("ck_executions_status"),
        ),
    )
    op.create_index("ix_executions_tenant_id_created_at_id", "executions", ["tenant_id", "created_at", "id"])
    op.create_index("ix_executions_expires_at", "executions", ["expires_at"])
    op.add_column("tenants", sa.Column("limits", JSONB))
    op.create_table(
        "announced_schemas",
        sa.Column("database", sa.String(63), nullable=False),
        sa.Column("tables", JSONB, nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=False, server_default=_NOW),
        sa.PrimaryKeyConstraint("database", name="pk_announced_schemas"),
    )


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("announced_schemas")
    op.drop_column("tenants", "limits")
    op.drop_table("executions")
