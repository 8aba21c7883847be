"""All node types, in the order of the palette.

The module of a kind has its name and is imported with the first node of that kind: no graph has all of them, and
importing them is a noticeable part of a cold start. What they are made of is in ``nodes.base``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flowforge.nodes.base import NodeType

OUTPUTS: tuple[str, ...] = (
    "table_view",
    "line_chart",
    "bar_chart",
    "candlestick",
    "scatter",
    "heatmap",
    "treemap",
    "kpi",
    "pivot_table",
)
"""Kinds that show rows as they come in: they end a branch and change nothing."""

KINDS: tuple[str, ...] = (
    "data_source",
    "filter",
    "select",
    "rename",
    "formula",
    "time_bucket",
    "window",
    "group_by",
    "pivot",
    "sort",
    "unique",
    "sample",
    "limit",
    "join",
    "asof_join",
    "union",
    *OUTPUTS,
)


class _ByKind(Mapping[str, "NodeType"]):
    def __init__(self) -> None:
        self._imported: dict[str, NodeType] = {}

    def __getitem__(self, kind: str) -> NodeType:
        found = self._imported.get(kind)
        if found is None:
            if kind not in KINDS:
                raise KeyError(kind)
            found = self._imported[kind] = import_module(f"{__name__}.{kind}").NODE
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(KINDS)

    def __len__(self) -> int:
        return len(KINDS)


BY_KIND: Mapping[str, NodeType] = _ByKind()

if TYPE_CHECKING:
    NODES: tuple[NodeType, ...]


def __getattr__(name: str) -> Any:
    if name != "NODES":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return tuple(BY_KIND.values())


__all__ = ["BY_KIND", "KINDS", "NODES", "OUTPUTS"]
