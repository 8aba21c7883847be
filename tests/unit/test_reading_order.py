"""A window of unsorted rows is read in the table's own order; nothing else is touched."""

from __future__ import annotations

import itertools

import pytest

from flowforge.catalog import Catalog, Protection, Table
from flowforge.graph import Graph, parse_graph
from flowforge.results.reading_order import in_reading_order
from flowforge.types import from_json


def table(sorting_key: tuple[str, ...], time_column: str | None = "at") -> Catalog:
    columns = from_json([{"name": name, "type": "string"} for name in ("symbol", "at", "sequence")])
    return Catalog.of(
        [
            Table(
                "d",
                "t",
                "clickhouse",
                columns,
                Protection("symbol", "symbol"),
                ("d", "t"),
                time_column=time_column,
                sorting_key=sorting_key,
            )
        ]
    )


def graph(*kinds: str) -> Graph:
    nodes = [{"id": kind, "type": kind, "data": {"database": "d", "table": "t"}} for kind in kinds]
    edges = [{"source": left, "target": right} for left, right in itertools.pairwise(kinds)]
    return parse_graph({"nodes": nodes, "edges": edges})


KEY = ("symbol", "at", "sequence")


@pytest.mark.parametrize(
    ("kinds", "sorting_key", "columns"),
    [
        (("data_source",), KEY, ["symbol", "at"]),
        (("data_source", "filter", "select"), KEY, ["symbol", "at"]),
        (("data_source", "filter"), ("symbol", "toDate(at)"), ["symbol"]),
        (("data_source", "filter"), (), None),
        (("data_source", "sort"), KEY, None),
        (("data_source", "group_by", "filter"), KEY, None),
        (("data_source", "limit"), KEY, None),
    ],
)
def test_where_the_order_is_asked_for(
    kinds: tuple[str, ...], sorting_key: tuple[str, ...], columns: list[str] | None
) -> None:
    before = graph(*kinds)
    after, target = in_reading_order(before, kinds[-1], table(sorting_key))
    if columns is None:
        assert (after, target) == (before, kinds[-1])
        return
    added = after.node("data_source·order")
    assert [sort["column"] for sort in added.data["sorts"]] == columns
    assert target == (kinds[-1] if len(kinds) > 1 else added.id)
    assert [node.id for node in after.upstream(target)][:2] == ["data_source", added.id]
