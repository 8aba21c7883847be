"""What windows and samples share a SELECT with, and why not: each pair of neighbours has its reason."""

from __future__ import annotations

from typing import Any

import pytest

from flowforge.errors import ErrorCode, GraphError
from flowforge.relation import REASONS, Barrier
from samples import LIVE, TRADES, Step, compiled

BY_TIME = [{"column": "event_time"}]
NUMBER: Step = ("window", {"function": "row_number", "order_by": BY_TIME})
LAG: Step = ("window", {"function": "lag", "column": "price", "order_by": BY_TIME})
SAMPLE: Step = ("sample", {"rows": 10})
SHARE: Step = ("sample", {"fraction": 0.5})
LIMIT: Step = ("limit", {"rows": 10})
SORT: Step = ("sort", {"sorts": [{"column": "price"}]})
CHEAP: Step = ("filter", {"filters": [{"column": "price", "operator": "<", "value": 1}]})
GROUP: Step = (
    "group_by", {"group_by": ["symbol"], "aggregations": [{"function": "sum", "column": "price", "alias": "price"}]},
)  # fmt: skip
BUCKET: Step = ("time_bucket", {"column": "event_time", "size": "5m"})


def window(function: str, **config: Any) -> Step:
    return ("window", {"function": function, "order_by": BY_TIME, **config})


@pytest.mark.parametrize(
    "steps",
    [
        [CHEAP, NUMBER],
        [NUMBER, LAG],
        [
            BUCKET,
            LAG,
            ("formula", {"expression": "[price] / [lag_price]", "output_column": "ratio of prices"}),
        ],
        [SORT, NUMBER, SORT, LIMIT],
        [NUMBER, ("sort", {"sorts": [{"column": "row_number"}]}), LIMIT],
        [NUMBER, ("rename", {"renames": {"row_number": "place"}})],
        [NUMBER, ("select", {"columns": ["price"]}), CHEAP],
        [NUMBER, GROUP],
        [NUMBER, SAMPLE, LIMIT],
        [CHEAP, SHARE, CHEAP, NUMBER],
        [GROUP, SHARE, CHEAP],
        [BUCKET, CHEAP, ("group_by", {"group_by": ["bucket"], "aggregations": []})],
    ],
    ids=lambda steps: " → ".join(kind for kind, _ in steps),
)
def test_one_select(steps: list[Step]) -> None:
    plan = compiled(steps)
    assert {name: report.barrier for name, report in plan.nodes.items() if report.barrier} == {}
    assert plan.statements[0].sql.count("SELECT") == 1


@pytest.mark.parametrize(
    ("steps", "barrier"),
    [
        ([NUMBER, CHEAP], Barrier.FILTER_AFTER_WINDOW),
        ([NUMBER, ("filter", {"filters": [{"column": "row_number", "operator": "=", "value": 1}]})], Barrier.FILTER_AFTER_WINDOW),
        ([NUMBER, ("sort", {"sorts": [{"column": "row_number"}]}), ("select", {"columns": ["price"]}), CHEAP], Barrier.FILTER_AFTER_WINDOW),
        ([LAG, ("group_by", {"group_by": ["lag_price"]})], Barrier.AGGREGATE_OF_WINDOW),
        ([LAG, ("group_by", {"aggregations": [{"function": "max", "column": "lag_price"}]})], Barrier.AGGREGATE_OF_WINDOW),
        ([LAG, window("rolling_sum", column="lag_price", frame={"rows": 2})], Barrier.WINDOW_OF_WINDOW),
        ([NUMBER, window("rank", order_by=[{"column": "row_number"}])], Barrier.WINDOW_OF_WINDOW),
        ([NUMBER, window("rank", partition_by=["row_number"])], Barrier.WINDOW_OF_WINDOW),
        ([LIMIT, NUMBER], Barrier.WINDOW_AFTER_LIMIT),
        ([GROUP, window("rank", order_by=[{"column": "price"}])], Barrier.WINDOW_AFTER_AGGREGATE),
        ([SAMPLE, NUMBER], Barrier.WINDOW_AFTER_SAMPLE),
        ([SAMPLE, CHEAP], Barrier.FILTER_AFTER_SAMPLE),
        ([SAMPLE, SORT], Barrier.SORT_AFTER_SAMPLE),
        ([SAMPLE, GROUP], Barrier.AGGREGATE_AFTER_SAMPLE),
        ([SAMPLE, SHARE], Barrier.SAMPLE_AFTER_SAMPLE),
        ([LIMIT, SAMPLE], Barrier.SAMPLE_AFTER_LIMIT),
        ([LIMIT, SHARE], Barrier.SAMPLE_AFTER_LIMIT),
        ([NUMBER, SHARE], Barrier.SAMPLE_AFTER_WINDOW),
        ([SORT, SAMPLE], Barrier.SAMPLE_OF_SORTED),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_barrier(steps: list[Step], barrier: Barrier) -> None:
    plan = compiled(steps)
    found = [report for report in plan.nodes.values() if report.barrier is not None]
    assert [report.barrier for report in found] == [barrier]
    assert REASONS[barrier] in found[0].detail


@pytest.mark.parametrize("table", [TRADES, LIVE], ids=["clickhouse", "postgres"])
def test_a_window_needs_an_order(table: Any) -> None:
    unordered: Step = ("window", {"function": "lag", "column": "price"})
    for steps in ([unordered], [GROUP, ("window", {"function": "row_number"})], [LIMIT, unordered]):
        with pytest.raises(GraphError) as refusal:
            compiled(steps, table)
        assert (refusal.value.code, refusal.value.field) == (ErrorCode.INVALID_CONFIG, "order_by")
        assert refusal.value.node_id == f"window_{len(steps)}"
    assert "OVER (ORDER BY price ASC" in compiled([SORT, unordered], table).statements[0].sql
    with pytest.raises(GraphError):
        compiled([SAMPLE, unordered])


@pytest.mark.parametrize("step", [SAMPLE, SHARE])
def test_postgres_takes_no_samples(step: Step) -> None:
    with pytest.raises(GraphError) as refusal:
        compiled([step], LIVE)
    assert refusal.value.code is ErrorCode.UNSUPPORTED_IN_STORE
    assert "sample" in refusal.value.detail
    assert refusal.value.hint


def test_a_rank_is_not_told_apart() -> None:
    by_price = [{"column": "price", "direction": "desc"}]
    ranked = compiled([SORT, window("rank", order_by=by_price)]).statements[0].sql
    assert "rank() OVER (ORDER BY price DESC)" in ranked
    numbered = compiled([window("row_number", order_by=by_price)]).statements[0].sql
    assert "row_number() OVER (ORDER BY price DESC, event_time ASC, sequence ASC)" in numbered


def test_the_zone_and_the_session_are_part_of_the_plan_hash() -> None:
    configs: list[dict[str, Any]] = [
        {},
        {"anchor": "zone", "timezone": "America/New_York"},
        {"anchor": "zone", "timezone": "Europe/London"},
        {"anchor": "session"},
        {"anchor": "session", "session": "rth"},
        {"anchor": "session", "calendar": "CMES"},
    ]
    hashes = {
        compiled([("time_bucket", {"column": "event_time", "size": "1d", **config})]).plan_hash
        for config in configs
    }
    assert len(hashes) == len(configs)
