"""Alembic's entry point: runs the migrations on the connection that ``migrate`` hands over."""

from __future__ import annotations

from alembic import context

from flowforge.metadata.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transaction_per_migration=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
