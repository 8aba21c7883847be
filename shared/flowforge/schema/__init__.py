"""The catalogue: what the engines hold, as far as it is declared, in the types of the API."""

from flowforge.schema.registry import catalog_for, refresh, refresh_everywhere, snapshot

__all__ = ["catalog_for", "refresh", "refresh_everywhere", "snapshot"]
