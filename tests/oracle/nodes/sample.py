"""``sample``: so many rows, the same ones for the same seed. *Which* ones is the store's affair: any are right.

A ``fraction`` leaves even their number open.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from oracle.context import Context
from oracle.problems import Unspecified
from oracle.relation import Choice, Relation


def evaluate(config: Mapping[str, Any], inputs: Sequence[Relation], context: Context) -> Relation:
    relation = inputs[0].settled()
    rows = config.get("rows")
    if rows is None:
        raise Unspecified("how many rows a fraction gives")
    if rows >= len(relation.rows):
        return replace(relation, ranks=None)
    return replace(
        relation.arranged([]), ranks=None, choices=(Choice(0, rows, relation.rows),) if rows else ()
    )
