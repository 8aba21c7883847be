"""Relation algebra: SELECTs under construction and the named barriers between them."""

from flowforge.relation.barriers import REASONS, Barrier
from flowforge.relation.fields import Field, Order, Origin, Predicate, Projection, Scan, Window
from flowforge.relation.joining import AsOf, joined, joined_as_of, united
from flowforge.relation.rebuilding import rebuilt
from flowforge.relation.relation import Relation
from flowforge.relation.sources import Derived, Joined, Source, United, reads, tables, walk

__all__ = [
    "REASONS",
    "AsOf",
    "Barrier",
    "Derived",
    "Field",
    "Joined",
    "Order",
    "Origin",
    "Predicate",
    "Projection",
    "Relation",
    "Scan",
    "Source",
    "United",
    "Window",
    "joined",
    "joined_as_of",
    "reads",
    "rebuilt",
    "tables",
    "united",
    "walk",
]
