"""Finding tampering: every entry is where it was written and says what it said, up to the last one.

Changed, removed, inserted and reordered entries break the chain of codes; a removed end does not reach the
sealed head; an older head put back with it does not reach the anchor in the other store.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from flowforge.metadata.audit_chain import BEGINNING, mac_of, same, seal_of
from flowforge.metadata.audit_log import Head, Linked, audit_key, chains, reading
from flowforge.records import dataclass
from flowforge.stores.anchors import anchors

Anchor = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a chain. ``problem`` None: all its ``entries`` are intact."""

    tenant_id: str
    entries: int
    problem: str | None = None

    @property
    def intact(self) -> bool:
        """Whether nothing was tampered with."""
        return self.problem is None


async def verify(tenant_id: str | None = None) -> list[Verdict]:
    """A verdict per chain: of one tenant, or of every tenant that has entries, a head or an anchor."""
    # Anchors first: an entry that is written meanwhile is then only further than its anchor.
    anchored = await (await anchors()).all()
    wanted = [tenant_id] if tenant_id is not None else sorted({*await chains(), *anchored})
    return [await _verdict(each, anchored.get(each)) for each in wanted]


async def _verdict(tenant_id: str, anchor: Anchor | None) -> Verdict:
    async with reading(tenant_id) as (head, entries):
        return await _walk(audit_key(), tenant_id, head, entries, anchor)


async def _walk(
    key: bytes, tenant_id: str, head: Head | None, entries: AsyncIterator[Linked], anchor: Anchor | None
) -> Verdict:
    number, previous = 0, BEGINNING
    async for each in entries:
        expected = number + 1
        if each.entry.number != expected:
            return Verdict(tenant_id, number, f"entry {expected} is missing")
        if not same(each.mac, mac_of(key, each.entry, each.previous)):
            return Verdict(tenant_id, number, f"entry {expected} was changed")
        if not same(each.previous, previous):
            return Verdict(tenant_id, number, f"entry {expected} does not follow the one before it")
        number, previous = expected, each.mac
        if anchor is not None and anchor[0] == number and not same(anchor[1], previous):
            return Verdict(tenant_id, number, f"entry {number} is not the one that was anchored")
    return Verdict(tenant_id, number, _end(key, tenant_id, number, previous, head, anchor))


def _end(
    key: bytes, tenant_id: str, number: int, mac: bytes, head: Head | None, anchor: Anchor | None
) -> str | None:
    """What is wrong with the end of a chain whose entries hold together."""
    if head is None:
        if number == 0 and anchor is None:
            return None
        return (
            "the head is missing" if number else f"all entries are missing; there were {anchor and anchor[0]}"
        )
    if not same(head.seal, seal_of(key, tenant_id, head.number, head.mac)):
        return "the head was changed"
    if number < head.number:
        return f"entries {number + 1} to {head.number} are missing at the end"
    if number > head.number or not same(head.mac, mac):
        return "the head is not that of the last entry"
    if anchor is not None and anchor[0] > number:
        return f"entries {number + 1} to {anchor[0]} are missing at the end"
    return None
