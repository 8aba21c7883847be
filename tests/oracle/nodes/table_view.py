"""``table_view``: all rows, of which a request shows one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from oracle.context import Context
from oracle.relation import Relation


def evaluate(config: Mapping[str, Any], inputs: Sequence[Relation], context: Context) -> Relation:
    return inputs[0]


def shown(config: Mapping[str, Any]) -> tuple[int, int]:
    """(offset, rows) of the page that is shown if the request names none."""
    size = config.get("page_size", 100)
    return config.get("page", 0) * size, size
