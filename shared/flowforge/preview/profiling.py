"""Working out a profile: a plan for the counts, one for the rows whose values are looked at, and both put together."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import orjson

from flowforge.errors import ErrorCode, FlowForgeError, GraphError
from flowforge.graph import Graph, parse_graph
from flowforge.preview import distribution
from flowforge.preview.profile import MOST_COLUMNS, ProfileRequest
from flowforge.preview.summary import Summary, counted, summary_graph
from flowforge.quotas import query_slot
from flowforge.results import plan, remembered
from flowforge.results.noted import note
from flowforge.stores import PREVIEW
from flowforge.tenancy import Access
from flowforge.types import Column, Schema, find

if TYPE_CHECKING:
    from flowforge.compiler import Plan

TOO_MUCH = frozenset({ErrorCode.QUERY_MEMORY, ErrorCode.QUERY_TIMEOUT})


async def profiled(access: Access, request: ProfileRequest) -> bytes:
    """See ``profile``."""
    graph = parse_graph(request.graph)
    question = _Question(access, request, graph, _shown(graph, request.target_node_id))
    whole = await question.plan(graph, question.target)
    columns = _chosen(whole.columns, request.columns)
    kind = "profile:" + orjson.dumps([column.name for column in columns]).decode()
    started = time.perf_counter()
    found = await remembered(whole, access, kind, lambda: question.answered(whole, columns))
    note(whole, 0, (time.perf_counter() - started) * 1000)
    return found.json()


def _shown(graph: Graph, target: str) -> str:
    """A table view shows a page of its input; the profile is of that input."""
    node = graph.node(target)
    wires = graph.inputs(target)
    return wires[0].source if node.type == "table_view" and wires else target


def _chosen(columns: Schema, wanted: list[str] | None) -> Schema:
    if wanted is None:
        return columns[:MOST_COLUMNS]
    chosen = []
    for index, name in enumerate(wanted):
        column = find(columns, name)
        if column is None or name in wanted[:index]:
            code = ErrorCode.UNKNOWN_COLUMN if column is None else ErrorCode.DUPLICATE_COLUMN
            reason = "is not there" if column is None else "is asked for twice"
            raise GraphError(code, f"The column {name!r} {reason}.", field=f"columns[{index}]", column=name)
        chosen.append(column)
    return tuple(chosen)


class _Question:
    """One request: all its statements have the same access, parameters and as-of time."""

    def __init__(self, access: Access, request: ProfileRequest, graph: Graph, target: str) -> None:
        self.target = target
        self._access = access
        self._request = request
        self._graph = graph

    async def plan(self, graph: Graph, target: str, limit: int | None = None) -> Plan:
        """The verified plan of a node of the graph, or of one that was added behind it."""
        try:
            return await plan(
                graph,
                target,
                access=self._access,
                params=self._request.params,
                limit=limit,
                use_rollups=self._request.use_rollups,
            )
        except FlowForgeError as error:
            if error.node_id is not None and error.node_id not in self._graph.nodes:
                error.node_id, error.field = self.target, "columns"
            raise

    async def answered(self, whole: Plan, columns: Schema) -> bytes:
        """The members of the answer, as they are kept."""
        started, as_of = time.perf_counter(), datetime.now(UTC)
        async with query_slot(self._access.tenant_id):
            summary = await self._summary(columns)
            method = self._method(whole, summary.rows)
            fetched = await self._fetched_plan(columns, summary.rows, method)
            found = await distribution.distributions(fetched, columns, summary, PREVIEW)
        members = {
            "row_count": summary.rows,
            "columns": [_profile(column, summary, found.of(column)) for column in columns],
            "columns_left_out": 0 if self._request.columns else max(0, len(whole.columns) - MOST_COLUMNS),
            "distribution": {"rows": found.rows, "method": method},
            "execution_ms": round((time.perf_counter() - started) * 1000, 1),
            "plan_hash": whole.plan_hash,
            "as_of": as_of.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        }
        return orjson.dumps(members)[1:-1]

    async def _summary(self, columns: Schema) -> Summary:
        """Of all rows; without the numbers of distinct values where those are too many to count."""
        try:
            return await self._summarised(columns, distinct=True)
        except FlowForgeError as error:
            if error.code not in TOO_MUCH:
                raise
        return await self._summarised(columns, distinct=False)

    async def _summarised(self, columns: Schema, *, distinct: bool) -> Summary:
        graph, node = summary_graph(self._graph, self.target, columns, distinct=distinct)
        return await counted(await self.plan(graph, node), columns, PREVIEW)

    def _method(self, whole: Plan, rows: int) -> Literal["all", "sample", "first"]:
        if rows <= distribution.MOST_ROWS:
            return "all"
        in_one_clickhouse = whole.residual is None and whole.statements[0].store == "clickhouse"
        return "sample" if in_one_clickhouse else "first"

    async def _fetched_plan(self, columns: Schema, rows: int, method: str) -> Plan:
        # Less than would fit: of a share about that many rows come, and none is to be cut off.
        share = 0.9 * distribution.MOST_ROWS / rows if method == "sample" else None
        graph, node = distribution.fetched_graph(self._graph, self.target, columns, share)
        return await self.plan(graph, node, limit=None if method == "all" else distribution.MOST_ROWS)


def _profile(column: Column, summary: Summary, found: Any) -> dict[str, Any]:
    counts = summary.columns[column.name]
    return {
        **column.to_json(),
        "nulls": counts.nulls,
        "distinct": found.distinct if counts.distinct is None else counts.distinct,
        "distinct_exact": counts.distinct is not None,
        "min": counts.least,
        "max": counts.greatest,
        "histogram": found.histogram,
        "top_values": found.top_values,
    }
