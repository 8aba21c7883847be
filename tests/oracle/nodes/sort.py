"""``sort``: nulls last in either direction; an earlier sort breaks ties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from oracle.context import Context
from oracle.order import ordered
from oracle.relation import Relation


def evaluate(config: Mapping[str, Any], inputs: Sequence[Relation], context: Context) -> Relation:
    relation = inputs[0].settled()
    keys = [(relation.index(term["column"]), term.get("direction") == "desc") for term in config["sorts"]]
    return ordered(relation, keys)
