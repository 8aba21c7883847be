"""Alembic migrations of the metadata, run by ``flowforge.metadata.migrate``."""
