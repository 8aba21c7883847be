"""Relation algebra: SELECTs under construction and the named barriers between them."""

from flowforge.relation.barriers import REASONS, Barrier
from flowforge.relation.fields import Field, Order, Origin, Predicate, Projection, Scan, Window
from flowforge.relation.relation import Derived, Relation

__all__ = [
    "REASONS",
    "Barrier",
    "Derived",
    "Field",
    "Order",
    "Origin",
    "Predicate",
    "Projection",
    "Relation",
    "Scan",
    "Window",
]
