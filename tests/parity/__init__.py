"""Merged, unmerged, ClickHouse, PostgreSQL and the oracle give the same rows."""
