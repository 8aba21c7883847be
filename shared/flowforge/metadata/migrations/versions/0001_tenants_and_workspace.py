"""Tenants, workflows and their versions, dashboards, widgets."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "tenants",
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("granted_symbols", JSONB, nullable=False),
        sa.Column("granted_tables", JSONB, nullable=False),
        sa.Column("narrowed_symbols", JSONB),
        sa.Column("narrowed_tables", JSONB),
        sa.Column("acl_version", sa.Integer, nullable=False, server_default="1"),
        *_times("created_at", "updated_at"),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_tenants"),
        sa.CheckConstraint("tenant_id ~ '^[a-z0-9-]{1,63}$'", name=op.f("ck_tenants_tenant_id")),
    )
    op.create_table(
        "workflows",
        *_owned("workflows"),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("graph", JSONB, nullable=False),
    )
    op.create_index("ix_workflows_tenant_id_created_at_id", "workflows", ["tenant_id", "created_at", "id"])
    op.create_table(
        "workflow_versions",
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("workflow_id", UUID(as_uuid=True), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("graph", JSONB, nullable=False),
        sa.Column("saved_by", sa.String(255), nullable=False),
        *_times("saved_at"),
        sa.PrimaryKeyConstraint("tenant_id", "workflow_id", "version", name="pk_workflow_versions"),
        _reference("workflow_versions", "workflow", "workflows", "CASCADE"),
    )
    op.create_table(
        "dashboards",
        *_owned("dashboards"),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("layout", JSONB, nullable=False, server_default="[]"),
        sa.Column("refresh_seconds", sa.Integer),
    )
    op.create_index("ix_dashboards_tenant_id_created_at_id", "dashboards", ["tenant_id", "created_at", "id"])
    op.create_table(
        "widgets",
        *_owned("widgets"),
        sa.Column("dashboard_id", UUID(as_uuid=True), nullable=False),
        sa.Column("workflow_id", UUID(as_uuid=True), nullable=False),
        sa.Column("output_node_id", sa.String(128), nullable=False),
        sa.Column("widget_type", sa.String(50), nullable=False),
        sa.Column("config", JSONB, nullable=False, server_default="{}"),
        sa.Column("position", JSONB, nullable=False, server_default="{}"),
        _reference("widgets", "dashboard", "dashboards", "CASCADE"),
        _reference("widgets", "workflow", "workflows", "RESTRICT"),
    )
    op.create_index("ix_widgets_tenant_id_dashboard_id", "widgets", ["tenant_id", "dashboard_id"])
    op.create_index("ix_widgets_tenant_id_workflow_id", "widgets", ["tenant_id", "workflow_id"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("widgets", "dashboards", "workflow_versions", "workflows", "tenants"):
        op.drop_table(table)


def _times(*names: str) -> list[sa.Column[datetime]]:
    return [
        sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
        for name in names
    ]


def _owned(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("id", UUID(as_uuid=True), nullable=False, server_default=sa.func.gen_random_uuid()),
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("created_by", sa.String(255), nullable=False),
        *_times("created_at", "updated_at"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("tenant_id", "id", name=f"uq_{table}_tenant_id_id"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.tenant_id"], name=f"fk_{table}_tenants"),
    ]


def _reference(table: str, noun: str, target: str, ondelete: str) -> sa.ForeignKeyConstraint:
    """A reference within one tenant."""
    return sa.ForeignKeyConstraint(
        ["tenant_id", f"{noun}_id"],
        [f"{target}.tenant_id", f"{target}.id"],
        name=f"fk_{table}_{target}",
        ondelete=ondelete,
    )
