"""A union of which only the first rows are wanted: no input gives more than those.

(a UNION ALL b) ORDER BY t LIMIT 100   →   (a ORDER BY t LIMIT 100) UNION ALL (b ORDER BY t LIMIT 100), then the same
"""

from __future__ import annotations

from dataclasses import replace

from flowforge.formula.tree import contains_window
from flowforge.relation import Relation, United, Window


def with_limited_arms(relation: Relation) -> Relation:
    """The relation, its inputs limited where that cannot change its rows."""
    source, window = relation.source, relation.window
    if not isinstance(source, United) or source.distinct or window is None or window.rows is None:
        return relation
    if relation.where or relation.keys is not None or window.sampled:
        return relation
    if any(contains_window(field.expression) for field in relation.fields):
        return relation
    most = Window(window.rows + window.offset, 0, window.node)
    arms = tuple([_limited(arm, relation, most) for arm in source.arms])
    return replace(relation, source=replace(source, arms=arms))


def _limited(arm: Relation, relation: Relation, most: Window) -> Relation:
    order = [replace(term, expression=arm.resolve(term.expression)) for term in relation.order]
    return replace(arm, order=tuple(order), window=most)
