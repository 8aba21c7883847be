"""Who is asking and what they may see. Everything is denied unless it is listed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal

from flowforge.records import dataclass

TENANT_ID = re.compile(r"^[a-z0-9-]{1,63}$")

Role = Literal["admin", "analyst", "viewer"]
ROLES: tuple[Role, ...] = ("admin", "analyst", "viewer")


class _Everything:
    """The one value of ``EVERYTHING``; distinct from any list, so that an empty list means nothing."""

    def __repr__(self) -> str:
        return "EVERYTHING"

    def __contains__(self, item: object) -> bool:
        return True


EVERYTHING: Final = _Everything()
Allowed = frozenset[str] | _Everything
"""Either ``EVERYTHING`` (``"*"`` on the wire) or exactly the listed names."""


@dataclass(frozen=True, slots=True)
class Access:
    """A tenant's effective entitlements: the operator's grant narrowed by the tenant's own admin.

    ``tables`` are ``database.table`` names. ``version`` rises with every change and is part of every
    cache key, so that a withdrawn entitlement misses the cache at once.
    """

    tenant_id: str
    symbols: Allowed
    tables: Allowed
    version: int

    def sees_table(self, qualified_name: str) -> bool:
        """Whether the tenant's catalogue lists the table."""
        return qualified_name in self.tables

    @property
    def sees_own(self) -> bool:
        """Whether the tenant's own uploads are shown, which no operator grants: not to one that may see no table."""
        return self.version > 0 and bool(self.tables)


@dataclass(frozen=True, slots=True)
class Caller:
    """An authenticated user (or service) of one tenant; ``subject`` is stable within the tenant.

    ``expires`` is when the proof of it ends, in Unix seconds; None where it does not end by itself.
    """

    tenant_id: str
    subject: str
    roles: frozenset[Role]
    expires: float | None = None


def allowed(value: str | Iterable[str]) -> Allowed:
    """Read the wire form: ``"*"`` or a list of names. Any other string is refused."""
    if isinstance(value, str):
        if value != "*":
            raise ValueError(f'{value!r} is neither "*" nor a list')
        return EVERYTHING
    return frozenset(value)


def wire_form(value: Allowed) -> str | list[str]:
    """The same the other way round, names in their order."""
    return "*" if value is EVERYTHING else sorted(value)  # type: ignore[arg-type]


def lost(before: Access, now: Access) -> bool:
    """Whether something that could be seen before can no longer be seen."""
    return _narrower(before.symbols, now.symbols) or _narrower(before.tables, now.tables) or not now.version


def _narrower(before: Allowed, now: Allowed) -> bool:
    if now is EVERYTHING:
        return False
    if before is EVERYTHING:
        return True
    assert isinstance(before, frozenset)
    assert isinstance(now, frozenset)
    return not before <= now
