"""``pivot_table``: the columns that are drawn – rows, columns, values – and all rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from oracle.context import Context
from oracle.nodes.select import chosen
from oracle.relation import Relation


def evaluate(config: Mapping[str, Any], inputs: Sequence[Relation], context: Context) -> Relation:
    return chosen(inputs[0], [*config["rows"], *config.get("columns", []), *config["values"]])
