"""The metadata's tables. Every row belongs to a tenant, and every reference carries it.

Foreign keys are composite – ``(tenant_id, workflow_id)`` → ``workflows (tenant_id, id)`` – so that a
row of one tenant cannot refer to a row of another, whatever the code above does.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAME_LENGTH = 255
NODE_ID_LENGTH = 128


class Base(DeclarativeBase):
    """Declarative base; constraint names are fixed so that migrations can refer to them."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )


class Tenant(Base):
    """A tenant and its entitlements.

    ``granted_*`` is the operator's word, ``narrowed_*`` the tenant's own restriction of it (NULL:
    none). Each is ``"*"`` or a list of names. ``acl_version`` rises with every change of either.
    """

    __tablename__ = "tenants"
    __table_args__ = (CheckConstraint("tenant_id ~ '^[a-z0-9-]{1,63}$'", name="tenant_id"),)

    tenant_id: Mapped[str] = mapped_column(String(63), primary_key=True)
    granted_symbols: Mapped[Any] = mapped_column(JSONB, nullable=False)
    granted_tables: Mapped[Any] = mapped_column(JSONB, nullable=False)
    narrowed_symbols: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    narrowed_tables: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    acl_version: Mapped[int] = mapped_column(Integer, nullable=False, server_default="1")
    limits: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Owned:
    """What a tenant owns: an id unique within the tenant, and a version that each edit raises."""

    id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, server_default=func.gen_random_uuid()
    )
    tenant_id: Mapped[str] = mapped_column(String(63), ForeignKey("tenants.tenant_id"), nullable=False)
    version: Mapped[int] = mapped_column(Integer, nullable=False, server_default="1")
    created_by: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Workflow(Owned, Base):
    """A named graph, as the canvas saved it last."""

    __tablename__ = "workflows"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        Index(None, "tenant_id", "created_at", "id"),
    )

    name: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False)
    graph: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)


class WorkflowVersion(Base):
    """One saved state of a workflow; never changed afterwards."""

    __tablename__ = "workflow_versions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "workflow_id"],
            ["workflows.tenant_id", "workflows.id"],
            ondelete="CASCADE",
        ),
    )

    tenant_id: Mapped[str] = mapped_column(String(63), primary_key=True)
    workflow_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False)
    graph: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
    saved_by: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False)
    saved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Dashboard(Owned, Base):
    """A named arrangement of widgets. ``layout`` is what the page's grid wrote."""

    __tablename__ = "dashboards"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        Index(None, "tenant_id", "created_at", "id"),
    )

    name: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False)
    layout: Mapped[Any] = mapped_column(JSONB, nullable=False, server_default="[]")
    refresh_seconds: Mapped[int | None] = mapped_column(Integer)


class Widget(Owned, Base):
    """One output node of one workflow, shown on one dashboard."""

    __tablename__ = "widgets"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        ForeignKeyConstraint(
            ["tenant_id", "dashboard_id"],
            ["dashboards.tenant_id", "dashboards.id"],
            ondelete="CASCADE",
        ),
        # A workflow that is on show cannot be deleted: its widgets go first, knowingly.
        ForeignKeyConstraint(
            ["tenant_id", "workflow_id"],
            ["workflows.tenant_id", "workflows.id"],
            ondelete="RESTRICT",
        ),
        Index(None, "tenant_id", "dashboard_id"),
        Index(None, "tenant_id", "workflow_id"),
    )

    dashboard_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), nullable=False)
    workflow_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), nullable=False)
    output_node_id: Mapped[str] = mapped_column(String(NODE_ID_LENGTH), nullable=False)
    widget_type: Mapped[str] = mapped_column(String(50), nullable=False)
    config: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False, server_default="{}")
    position: Mapped[Any] = mapped_column(JSONB, nullable=False, server_default="{}")


class Outbox(Base):
    """An event that a transaction decided and that the broker has not accepted yet.

    The row is deleted once it is sent; ``id`` is the event's id, so that sending it twice is known as
    such. ``refused`` says why the broker will never take it: the row stays for an operator to look at.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_unsent", "sequence", postgresql_where=text("refused IS NULL")),)

    sequence: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), server_default=func.gen_random_uuid())
    kind: Mapped[str] = mapped_column(String(100), nullable=False)
    component: Mapped[str] = mapped_column(String(100), nullable=False)
    subject: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False)
    tenant_id: Mapped[str | None] = mapped_column(String(63))
    data: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
    traceparent: Mapped[str | None] = mapped_column(String(55))
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), server_default=func.clock_timestamp()
    )
    refused: Mapped[str | None] = mapped_column(Text)


class KeptExecution(Base):
    """A run whose result is kept; read and written by ``metadata.executions`` and ``metadata.claims``.

    ``question`` is what was asked, ``reads`` what the result holds rows of. ``attempt`` and ``lease_until``
    say who runs it; ``expires_at`` is when row and result go.
    """

    __tablename__ = "executions"
    __table_args__ = (
        CheckConstraint(
            "status IN ('requested', 'running', 'completed', 'failed', 'cancelled')", name="status"
        ),
        Index(None, "tenant_id", "created_at", "id"),
        Index("ix_executions_expires_at", "expires_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, server_default=func.gen_random_uuid()
    )
    tenant_id: Mapped[str] = mapped_column(String(63), ForeignKey("tenants.tenant_id"), nullable=False)
    created_by: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    announced_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    status: Mapped[str] = mapped_column(String(10), nullable=False, server_default="requested")
    question: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
    reads: Mapped[Any] = mapped_column(JSONB, nullable=False)
    acl_version: Mapped[int] = mapped_column(Integer, nullable=False)
    plan_hash: Mapped[str | None] = mapped_column(String(64))
    attempt: Mapped[int] = mapped_column(Integer, nullable=False, server_default="0")
    lease_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), nullable=False)
    rows: Mapped[int | None] = mapped_column(BigInteger)
    bytes: Mapped[int | None] = mapped_column(BigInteger)
    elapsed_ms: Mapped[float | None] = mapped_column(Float)
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    columns: Mapped[Any | None] = mapped_column(JSONB(none_as_null=True))


class AnnouncedSchema(Base):
    """The tables of a database as the last ``schema.changed`` left them: name → column → type."""

    __tablename__ = "announced_schemas"

    database: Mapped[str] = mapped_column(String(63), primary_key=True)
    tables: Mapped[dict[str, Any]] = mapped_column(JSONB, nullable=False)
    announced_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class EmbedKey(Base):
    """A key by which a host's server embeds some widgets; read and written by ``metadata.embed_keys``.

    Only the SHA-256 of its secret is kept. ``filterable_columns`` NULL: whatever the widget shows.
    """

    __tablename__ = "embed_keys"
    __table_args__ = (
        UniqueConstraint("tenant_id", "id"),
        CheckConstraint("octet_length(secret_hash) = 32", name="secret_hash"),
        Index(None, "tenant_id", "created_at", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(
        UUID(as_uuid=True), primary_key=True, server_default=func.gen_random_uuid()
    )
    tenant_id: Mapped[str] = mapped_column(String(63), ForeignKey("tenants.tenant_id"), nullable=False)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), nullable=False)
    allowed_origins: Mapped[list[str]] = mapped_column(JSONB, nullable=False)
    locked_filters: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, nullable=False)
    filterable_columns: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))
    expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_by: Mapped[str] = mapped_column(String(NAME_LENGTH), nullable=False)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class EmbedKeyWidget(Base):
    """A widget that a key opens."""

    __tablename__ = "embed_key_widgets"
    __table_args__ = (
        ForeignKeyConstraint(
            ["tenant_id", "key_id"], ["embed_keys.tenant_id", "embed_keys.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["tenant_id", "widget_id"], ["widgets.tenant_id", "widgets.id"], ondelete="CASCADE"
        ),
        Index(None, "tenant_id", "widget_id"),
    )

    tenant_id: Mapped[str] = mapped_column(String(63), primary_key=True)
    key_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), primary_key=True)
    widget_id: Mapped[uuid.UUID] = mapped_column(UUID(as_uuid=True), primary_key=True)


class AuditEntry(Base):
    """One entry of the audit log, written by ``metadata.audit_log`` and never changed: triggers refuse it.

    ``mac`` is over the entry and over ``previous``, which is the ``mac`` of the entry before it.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (UniqueConstraint("tenant_id", "source", "event_id"),)

    tenant_id: Mapped[str] = mapped_column(String(63), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    event_id: Mapped[str] = mapped_column(String(255), nullable=False)
    source: Mapped[str] = mapped_column(String(255), nullable=False)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), nullable=False)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), nullable=False)
    actor: Mapped[str] = mapped_column(Text, nullable=False)
    action: Mapped[str] = mapped_column(Text, nullable=False)
    object: Mapped[str] = mapped_column(Text, nullable=False)
    plan_hash: Mapped[str | None] = mapped_column(Text)
    count: Mapped[int] = mapped_column(BigInteger, nullable=False)
    rows: Mapped[int | None] = mapped_column(BigInteger)
    elapsed_ms: Mapped[float | None] = mapped_column(Float)
    previous: Mapped[bytes] = mapped_column(LargeBinary(32), nullable=False)
    mac: Mapped[bytes] = mapped_column(LargeBinary(32), nullable=False)


class AuditHead(Base):
    """The last entry of a tenant's chain; ``seal`` authenticates number and ``mac``, so that a cut end shows."""

    __tablename__ = "audit_heads"

    tenant_id: Mapped[str] = mapped_column(String(63), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, nullable=False)
    mac: Mapped[bytes] = mapped_column(LargeBinary(32), nullable=False)
    seal: Mapped[bytes] = mapped_column(LargeBinary(32), nullable=False)
