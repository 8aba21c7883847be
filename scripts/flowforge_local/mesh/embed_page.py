"""``/embed/{widget_id}?k=<key id>``: the app's page without its frame, for pages of the key's origins only.

Who may frame it is said by ``frame-ancestors`` (CSP level 3 §6.4.2), which browsers enforce. Without a valid
key that opens the widget, nobody may. The page holds no data: that comes with a token.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from uuid import UUID

from flowforge.auth.embed_keys import current_key
from flowforge.errors import StoreError
from flowforge_local.mesh.headers import content_security_policy

NOBODY = "'none'"
_PATH = re.compile(r"/embed/([^/]+)")


def widget_of(path: str) -> str | None:
    """The widget that a path shows; None for any other path."""
    found = _PATH.fullmatch(path)
    return found[1] if found else None


async def embed_headers(widget: str, key: str | None) -> Mapping[str, str]:
    """Headers of the page. It is never stored, so that a revoked key counts at the next load."""
    return {
        "Content-Security-Policy": content_security_policy(ancestors=await _ancestors(widget, key)),
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Cache-Control": "no-store",
    }


async def _ancestors(widget: str, key_id: str | None) -> str:
    try:
        key = await current_key(UUID(key_id or ""))
        wanted = UUID(widget)
    except (ValueError, StoreError):  # no ids, or nobody knows now: then nobody may
        return NOBODY
    if key is None or key.expired or wanted not in key.widget_ids:
        return NOBODY
    return " ".join(key.allowed_origins) or NOBODY
