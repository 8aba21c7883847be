"""``table_view``: the rows as a table. What a viewer pages through is decided by the request."""

from __future__ import annotations

from pydantic import Field

from flowforge.errors import ErrorCode, GraphError
from flowforge.nodes.base import NodeConfig, NodeType
from flowforge.relation import Relation
from flowforge.types import Schema

MAX_OFFSET = 10_000
"""Rows; beyond it a page costs more than it shows."""


class TableViewConfig(NodeConfig):
    """The page that is shown first (0-based) and the rows on each."""

    page: int = Field(default=0, ge=0)
    page_size: int = Field(default=100, ge=1, le=1000)


def infer(config: TableViewConfig, inputs: tuple[Schema, ...]) -> Schema:
    """Unchanged."""
    if config.page * config.page_size > MAX_OFFSET:
        raise GraphError(
            ErrorCode.OFFSET_TOO_LARGE,
            f"Page {config.page} of {config.page_size} rows begins after row {MAX_OFFSET}.",
            field="page",
            hint="Filter the rows, or export the whole result.",
        )
    return inputs[0]


def apply(config: TableViewConfig, relations: tuple[Relation, ...]) -> Relation:
    """All rows: the window is the request's, see ``window``."""
    return relations[0]


def window(config: TableViewConfig) -> tuple[int, int]:
    """(offset, rows) of the configured page, for a request that names no page of its own."""
    return config.page * config.page_size, config.page_size


NODE = NodeType("table_view", TableViewConfig, infer, apply, "The rows as a table.", terminal=True)
