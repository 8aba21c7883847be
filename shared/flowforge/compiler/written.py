"""A statement on its way: its tree, its scans, and which node put what into it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import field

from sqlglot import exp

from flowforge.catalog import Table
from flowforge.records import dataclass


@dataclass(frozen=True, slots=True)
class ScanSite:
    """Where a table is read: the guard's and only the guard's to change."""

    select: exp.Select
    source: exp.Table
    table: Table
    alias: str | None
    """What its columns are qualified by, if they are: the table's own name or another."""
    columns: tuple[str, ...]


@dataclass(slots=True)
class Written:
    """The tree, its scans, the pieces of it that each node put there, and the settings it relies on."""

    tree: exp.Select | exp.Union
    scans: list[ScanSite] = field(default_factory=list)
    pieces: dict[str, list[exp.Expr]] = field(default_factory=lambda: defaultdict(list))
    texts: list[str] = field(default_factory=list)
    """Names and literals that users wrote."""
    names: set[str] = field(default_factory=set)
    """What WITH has named so far, in any SELECT."""
    reserved: frozenset[str] = frozenset()
    """What guards name their columns by: tables, and the columns that protect them."""
    settings: dict[str, str | int] = field(default_factory=dict)
