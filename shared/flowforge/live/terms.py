"""A widget under the locks and parameters of an embed grant: what its viewers see is another plan than the widget's.

Such a plan stands in the index beside the widget's own, with a channel of its own, so that a change that the locks
leave out is no news on its streams, and nothing about other rows ever travels there. Which terms are in use is kept
in Valkey, so that each relay matches changes with them, also for a while after their last viewer left and may resume.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from flowforge.auth.embed import EmbedGrant


@dataclass(frozen=True)
class Terms:
    """Locks (all of them hold) and parameters, for one widget of a tenant. ``digest`` tells them from others."""

    tenant: str
    widget: str
    locks: tuple[Mapping[str, Any], ...]
    params: Mapping[str, Any]
    digest: str

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def name(self) -> str:
        """What the widget under these terms is called in the index."""
        return f"{self.widget}/{self.digest}"

    @property
    def text(self) -> bytes:
        """The terms as they are kept."""
        return orjson.dumps([self.tenant, self.widget, self.locks, self.params], option=orjson.OPT_SORT_KEYS)


def terms_of(grant: EmbedGrant) -> Terms | None:
    """The terms of a grant; None where it shows the widget as everybody sees it.

    The holder of a key who may choose parameters is told what changes the widget with its defaults.
    """
    if not grant.locked_filters and not grant.params:
        return None
    return _terms(grant.tenant_id, str(grant.widget_id), grant.locked_filters, grant.params or {})


def terms_from(text: bytes) -> Terms | None:
    """Terms that were kept; None for what is not written as here, as another version may have done."""
    try:
        tenant, widget, locks, params = orjson.loads(text)
        return _terms(tenant, widget, tuple(locks), params)
    except (TypeError, ValueError):
        return None


def _terms(
    tenant: str, widget: str, locks: tuple[Mapping[str, Any], ...], params: Mapping[str, Any]
) -> Terms:
    said = orjson.dumps([tenant, widget, locks, params], option=orjson.OPT_SORT_KEYS)
    return Terms(tenant, widget, locks, params, hashlib.blake2b(said, digest_size=12).hexdigest())
