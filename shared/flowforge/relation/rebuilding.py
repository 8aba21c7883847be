"""A pass over relations that read from each other: each becomes another one, over what its inputs have become."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from flowforge.relation.relation import Relation
from flowforge.relation.sources import Derived, Joined, United, walk


def rebuilt(relation: Relation, change: Callable[[Relation], Relation]) -> Relation:
    """What ``change`` makes of it and of all that it is built on. One that several others read stays one, and
    one that nothing is changed of stays itself.
    """
    done: dict[int, Relation] = {}
    for each in walk(relation):
        done[id(each)] = _reading(change(each), done)
    return done[id(relation)]


def _reading(relation: Relation, done: Mapping[int, Relation]) -> Relation:
    def now(inner: Relation) -> Relation:
        return done.get(id(inner), inner)

    source = relation.source
    if isinstance(source, Derived):
        inner = now(source.relation)
        if inner is not source.relation:
            return replace(relation, source=replace(source, relation=inner))
    elif isinstance(source, Joined):
        left, right = now(source.left), now(source.right)
        if left is not source.left or right is not source.right:
            return replace(relation, source=replace(source, left=left, right=right))
    elif isinstance(source, United):
        arms = tuple([now(arm) for arm in source.arms])
        if any(arm is not before for arm, before in zip(arms, source.arms, strict=True)):
            return replace(relation, source=replace(source, arms=arms))
    return relation
