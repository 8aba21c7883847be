"""Embed keys as secrets: ``sk_live_<key id, 32 hex><43 random characters>``.

Whoever has the secret is the host's server. The id in front finds the key; the whole text is compared by
its SHA-256, in constant time. 256 random bits need no slow hash: they cannot be guessed.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from uuid import UUID

from flowforge.errors import AccessError, ErrorCode
from flowforge.metadata.embed_keys import StoredKey, read_key
from flowforge.remembered import remembered
from flowforge.tenancy import Caller

PREFIX = "sk_live_"
REMEMBER_SECONDS = 1.0
"""Well under the 5 s in which a revoked key must have stopped working everywhere."""

_SECRET = re.compile(r"sk_live_([0-9a-f]{32})[A-Za-z0-9_-]{43}")
_NOBODY = bytes(32)


def new_secret(key_id: UUID) -> str:
    """The raw key to show once."""
    return f"{PREFIX}{key_id.hex}{secrets.token_urlsafe(32)}"


def hash_of(secret: str) -> bytes:
    """What is kept of it."""
    return hashlib.sha256(secret.encode()).digest()


async def key_of_headers(headers: Mapping[str, str]) -> StoredKey:
    """The key that ``X-API-Key`` proves; ``AccessError`` (401) otherwise, always with the same words."""
    given = headers.get("x-api-key", "")
    form = _SECRET.fullmatch(given)
    key = await current_key(UUID(form[1])) if form is not None else None
    same = hmac.compare_digest(hash_of(given), _NOBODY if key is None else key.secret_hash)
    if key is None or not same or key.expired:
        raise AccessError(
            ErrorCode.UNAUTHENTICATED,
            "This call needs a valid API key.",
            field="X-API-Key",
            hint="Send the key that was shown when it was made; it may have expired or been revoked.",
        )
    return key


def caller_of_key(key: StoredKey, expires: float | None = None) -> Caller:
    """The key as a caller: it reads, and nothing else."""
    return Caller(key.tenant_id, f"embed-key:{key.id}", frozenset({"viewer"}), expires)


@remembered(REMEMBER_SECONDS)
async def current_key(key_id: UUID) -> StoredKey | None:
    """The key of that id as it was at most a second ago; None once it is revoked."""
    return await read_key(key_id)


def forget_key(key_id: UUID) -> None:
    """Read the key again at its next use in this process."""
    current_key.forget(key_id)
