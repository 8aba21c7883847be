"""The audit log: entries that are only ever added, chained per tenant, and the head of each chain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_REFUSE = """
    CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% of % is refused: the audit log is append-only', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END $$
"""
_HEAD_ONLY_RISES = """
    CREATE FUNCTION check_audit_head() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.tenant_id <> OLD.tenant_id OR NEW.number <> OLD.number + 1 THEN
            RAISE EXCEPTION 'the head of an audit chain moves one entry at a time'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END $$
"""
_TRIGGERS = (
    "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_entries"
    " FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()",
    "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON audit_entries EXECUTE FUNCTION refuse_audit_change()",
    "CREATE TRIGGER only_rises BEFORE UPDATE ON audit_heads FOR EACH ROW EXECUTE FUNCTION check_audit_head()",
    "CREATE TRIGGER never_deleted BEFORE DELETE ON audit_heads"
    " FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()",
    "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON audit_heads EXECUTE FUNCTION refuse_audit_change()",
)
# Everybody else reads at most; where the installation has no role of its own for audit, the owner may add.
_GRANTS = """
    DO $$ BEGIN
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'flowforge_audit') THEN
            GRANT SELECT, INSERT ON audit_entries TO flowforge_audit;
            GRANT SELECT, INSERT, UPDATE ON audit_heads TO flowforge_audit;
            REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON audit_entries, audit_heads FROM CURRENT_USER;
        ELSE
            REVOKE UPDATE, DELETE, TRUNCATE ON audit_entries FROM CURRENT_USER;
            REVOKE DELETE, TRUNCATE ON audit_heads FROM CURRENT_USER;
        END IF;
    END $$
"""


def upgrade() -> None:
    """Create the tables, the triggers that keep them, and the rights of the role that writes them."""
    op.create_table(
        "audit_entries",
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("event_id", sa.String(255), nullable=False),
        sa.Column("source", sa.String(255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("object", sa.Text, nullable=False),
        sa.Column("plan_hash", sa.Text),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.Column("rows", sa.BigInteger),
        sa.Column("elapsed_ms", sa.Float),
        sa.Column("previous", sa.LargeBinary(32), nullable=False),
        sa.Column("mac", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", "number", name="pk_audit_entries"),
        sa.UniqueConstraint(
            "tenant_id", "source", "event_id", name="uq_audit_entries_tenant_id_source_event_id"
        ),
    )
    op.create_table(
        "audit_heads",
        sa.Column("tenant_id", sa.String(63), nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("mac", sa.LargeBinary(32), nullable=False),
        sa.Column("seal", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("tenant_id", name="pk_audit_heads"),
    )
    for statement in (_REFUSE, _HEAD_ONLY_RISES, *_TRIGGERS, _GRANTS):
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables with their entries."""
    op.drop_table("audit_entries")
    op.drop_table("audit_heads")
    op.execute("DROP FUNCTION refuse_audit_change, check_audit_head")
