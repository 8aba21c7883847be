"""Which widgets depend on a table, a symbol and a column: pure data, over all dashboards of all tenants.

Widgets that read few symbols are found by symbol, the others one by one: they are few, or any symbol is theirs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from flowforge.live.changes import Change, Names
from flowforge.records import dataclass

FEW_SYMBOLS = 64
MAX_REMEMBERED = 2_048

Stale = Mapping[str, frozenset[str]]
"""Channels, and the widgets that are stale there."""


@dataclass(frozen=True, slots=True)
class Read:
    """What a plan reads of one table; ``symbols`` None: of any, for symbols neither guard nor narrow it."""

    table: str
    symbols: Names
    columns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Dependent:
    """A widget with what it reads; ``channel`` is where its viewers are told. ``entitled``: the symbols that
    its tenant may see. ``name`` tells it from the same widget under the terms of a grant.
    """

    tenant: str
    channel: str
    widget: str
    reads: tuple[Read, ...]
    entitled: Names = None
    name: str = ""

    def __post_init__(self) -> None:
        if not self.name:
            object.__setattr__(self, "name", self.widget)


class Index:
    """Dependents by what they read. ``edition`` rises with every edit."""

    def __init__(self, dependents: Iterable[Dependent] = ()) -> None:
        self.edition = 0
        self._by_name: dict[str, Dependent] = {}
        self._shown: dict[str, set[str]] = defaultdict(set)
        self._entered: dict[str, int] = {}
        self._by_symbol: dict[tuple[str, str], dict[str, tuple[Dependent, Read]]] = defaultdict(dict)
        self._others: dict[str, dict[str, tuple[Dependent, Read]]] = defaultdict(dict)
        self._remembered: dict[Change, Stale] = {}
        for each in dependents:
            self.put(each)

    def put(self, dependent: Dependent) -> None:
        """Enter a widget, or what it reads now."""
        name = dependent.name
        self.remove(name)
        self._by_name[name] = dependent
        self._shown[dependent.widget].add(name)
        self._entered[name] = self.edition
        for read in dependent.reads:
            for place in self._places(read):
                place[name] = (dependent, read)

    def remove(self, name: str) -> None:
        """Take a dependent out; nothing happens if it is not there."""
        self.edition += 1
        self._remembered.clear()
        known = self._by_name.pop(name, None)
        if known is None:
            return
        del self._entered[name]
        shown = self._shown[known.widget]
        shown.discard(name)
        if not shown:
            del self._shown[known.widget]
        for read in known.reads:
            for place in self._places(read):
                place.pop(name, None)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def entered(self, name: str) -> int:
        """The edition since which the dependent is there as it is; 0 for one that is gone."""
        return self._entered.get(name, 0)

    def names(self) -> frozenset[str]:
        """Every dependent that is known."""
        return frozenset(self._by_name)

    def channels_of(self, widget: str) -> frozenset[str]:
        """Where the viewers of a widget are told, as far as it is known."""
        return frozenset(self._by_name[name].channel for name in self._shown.get(widget, ()))

    def affected(self, change: Change) -> Stale:
        """The widgets that a change makes stale, by channel."""
        known = self._remembered.get(change)
        if known is None:
            if len(self._remembered) >= MAX_REMEMBERED:
                self._remembered.clear()
            known = self._remembered[change] = self._affected(change)
        return known

    def _affected(self, change: Change) -> Stale:
        found: dict[str, set[str]] = defaultdict(set)
        for dependent, read in self._candidates(change):
            if touches(change, dependent, read):
                found[dependent.channel].add(dependent.widget)
        return {channel: frozenset(widgets) for channel, widgets in found.items()}

    def _candidates(self, change: Change) -> Iterable[tuple[Dependent, Read]]:
        yield from self._others.get(change.table, {}).values()
        if change.symbols is None:
            for (table, _), listed in self._by_symbol.items():
                if table == change.table:
                    yield from listed.values()
        else:
            for symbol in change.symbols:
                yield from self._by_symbol.get((change.table, symbol), {}).values()

    def _places(self, read: Read) -> list[dict[str, tuple[Dependent, Read]]]:
        if read.symbols is None or len(read.symbols) > FEW_SYMBOLS:
            return [self._others[read.table]]
        return [self._by_symbol[read.table, symbol] for symbol in read.symbols]


def touches(change: Change, dependent: Dependent, read: Read) -> bool:
    """Whether a change alters what one widget reads of one table, and its tenant may know of it.

    A change that names no tenant is anybody's only as far as its symbols are theirs.
    """
    if read.table != change.table or change.tenant not in (None, dependent.tenant):
        return False
    if change.columns is not None and change.columns.isdisjoint(read.columns):
        return False
    if change.symbols is None:
        return True
    if not change.symbols or (read.symbols is not None and change.symbols.isdisjoint(read.symbols)):
        return False
    entitled = dependent.entitled
    return change.tenant is not None or entitled is None or not change.symbols.isdisjoint(entitled)
