"""The same bytes with and without rollups, on the engine, for random questions about random trades."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flowforge.catalog import Catalog
from flowforge.tenancy import EVERYTHING, Access
from flowforge_local.engines import Endpoints
from flowforge_pipeline.clickhouse import ClickHouse

from .answers import Step, application, compiled, lines
from .test_trades_5min import insert_trades

FIRM = Access("firm-alpha", frozenset({"AAA"}), EVERYTHING, 1)
KEYS = (
    "symbol",
    "trade_date",
    "side",
    "session",
    "suspicious",
    "ohlc_eligible",
    "volume_eligible",
    "status",
    "source",
)
VALUES: dict[str, list[Any]] = {
    "symbol": ["AAA", "BBB", "nobody"],
    "side": ["BUY", "SELL", "UNKNOWN"],
    "session": ["regular", "extended", "unknown"],
    "status": ["new", "correct", "cancel"],
    "source": ["x", "y"],
    "suspicious": [True, False],
    "ohlc_eligible": [True, False],
    "volume_eligible": [True, False],
    "trade_date": ["2024-01-02", "2024-01-03"],
    "event_time": [
        "2024-01-03T15:00:00Z",
        "2024-01-03T15:05:00Z",
        "1970-01-01T00:00:00Z",
        "2106-04-05T00:10:00Z",
    ],
}
AGGREGATES: list[dict[str, Any]] = [
    {"function": "count"},
    {"function": "count", "column": "price"},
    {"function": "sum", "column": "quantity"},
    {"function": "sum", "column": "notional"},
    {"function": "sum", "column": "turnover"},
    {"function": "sum", "column": "bought"},
    {"function": "avg", "column": "price"},
    {"function": "avg", "column": "quantity"},
    {"function": "min", "column": "price"},
    {"function": "max", "column": "price"},
    {"function": "min", "column": "trade_date"},
    {"function": "max", "column": "hour"},
    {"function": "first", "column": "price"},
    {"function": "last", "column": "price"},
    {"function": "last", "column": "price", "by": "event_time", "alias": "latest"},
    {"function": "vwap", "column": "price", "weight": "quantity"},
]
FORMULAS: list[Step] = [
    ("formula", {"expression": "[quantity] * [price]", "output_column": "turnover"}),
    ("formula", {"expression": "IF([side] = 'BUY', [quantity], 0)", "output_column": "bought"}),
    ("formula", {"expression": "DATE_TRUNC('hour', [event_time])", "output_column": "hour"}),
    ("formula", {"expression": "DATE_TRUNC('week', [event_time])", "output_column": "week"}),
    ("formula", {"expression": "HOUR([event_time]) * 10 + WEEKDAY([event_time])", "output_column": "clock"}),
    ("time_bucket", {"column": "event_time", "size": "15m", "output_column": "quarter"}),
]
TIMES = ["hour", "week", "clock", "quarter"]

conditions = st.one_of(
    st.sampled_from([name for name in VALUES if name not in ("event_time", "trade_date")]).flatmap(
        lambda name: st.fixed_dictionaries(
            {
                "column": st.just(name),
                "operator": st.sampled_from(["=", "!="]),
                "value": st.sampled_from(VALUES[name]),
            }
        )
    ),
    st.fixed_dictionaries(
        {
            "column": st.sampled_from(["symbol", "session", "source"]),
            "operator": st.sampled_from(["IN", "NOT IN"]),
            "value": st.lists(st.sampled_from(["AAA", "regular", "extended", "x"]), max_size=3),
        }
    ),
    st.fixed_dictionaries(
        {
            "column": st.just("event_time"),
            "operator": st.sampled_from([">=", "<"]),
            "value": st.sampled_from(VALUES["event_time"]),
        }
    ),
    st.fixed_dictionaries(
        {
            "column": st.sampled_from(["trade_date", "hour", "quarter"]),
            "operator": st.sampled_from([">", "<=", "!="]),
            "value": st.sampled_from(["2024-01-02T15:00:00Z", "2024-01-03"]),
        }
    ),
)
filters = st.recursive(
    conditions,
    lambda inner: st.fixed_dictionaries(
        {"logic": st.sampled_from(["AND", "OR"]), "filters": st.lists(inner, max_size=3)}
    ),
    max_leaves=5,
)


pivots = st.fixed_dictionaries(
    {
        "rows": st.lists(st.sampled_from([*KEYS[:3], *TIMES]), unique=True, min_size=1, max_size=2),
        "column": st.just("session"),
        "column_values": st.just(["regular", "unknown"]),
    }
).flatmap(
    lambda base: st.sampled_from(
        [
            {**base, "function": "sum", "value": "turnover"},
            {**base, "function": "sum", "value": "bought"},
            {**base, "function": "count", "value": "price"},
            {**base, "function": "avg", "value": "quantity"},
            {**base, "function": "last", "value": "price"},
            {**base, "function": "min", "value": "price"},
            {**base, "function": "vwap", "value": "price", "weight": "quantity"},
        ]
    )
)


@st.composite
def questions(draw: st.DrawFn) -> list[Step]:
    chosen = draw(st.lists(filters, max_size=3))
    keys = draw(st.lists(st.sampled_from([*KEYS, *TIMES]), unique=True, max_size=4))
    aggregates = draw(
        st.lists(st.sampled_from(AGGREGATES), unique_by=str, min_size=0 if keys else 1, max_size=5)
    )
    steps: list[Step] = [
        *FORMULAS,
        ("filter", {"filters": chosen, "logic": draw(st.sampled_from(["AND", "OR"]))}),
    ]
    if draw(st.integers(0, 3)) == 0:
        return [*steps, ("pivot", draw(pivots))]
    steps.append(("group_by", {"group_by": keys, "aggregations": aggregates}))
    if any(each == {"function": "count"} for each in aggregates) and draw(st.booleans()):
        steps.append(
            ("filter", {"filters": [{"column": "count", "operator": ">", "value": draw(st.integers(0, 4))}]})
        )
    return steps


@pytest.fixture(scope="module")
def catalog(store: Endpoints, connection: ClickHouse, empty: Callable[[], None]) -> Iterator[Catalog]:
    """The catalogue, over trades that arrived in several blocks."""
    empty()
    for seed in range(6):
        insert_trades(connection, 300, seed)
    with application(store) as found:
        yield found


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=questions(), access=st.sampled_from([None, FIRM]))
def test_the_same_bytes(catalog: Catalog, steps: list[Step], access: Access | None) -> None:
    options = {} if access is None else {"access": access}
    with_rollups = compiled(steps, catalog, **options)
    uses = [report.rollup for report in with_rollups.nodes.values() if report.rollup is not None]
    assert [(use.table, use.used) for use in uses] == [("metrics.trades_5min", True)], uses
    without = compiled(steps, catalog, use_rollups=False, **options)
    assert "metrics" not in without.statements[0].sql
    assert "raw_trades" not in with_rollups.statements[0].sql
    assert with_rollups.columns == without.columns
    assert with_rollups.plan_hash != without.plan_hash
    assert lines(with_rollups) == lines(without)
