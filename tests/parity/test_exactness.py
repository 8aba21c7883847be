"""The numbers that other tools get wrong, by name, on both engines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from itertools import count
from random import Random
from typing import Any

import pytest

from flowforge.catalog import Catalog
from flowforge.compiler import compile_graph
from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.graph import parse_graph
from flowforge.tenancy import EVERYTHING, Access
from flowforge.types import DATETIME, INT64, STRING, Column, decimal
from oracle.relation import Relation, Row
from oracle.strategies.case import DATABASE
from oracle.strategies.tables import Table
from parity.engine import EngineError, ParityEngine, described

pytestmark = pytest.mark.engines

ANYBODY = Access("exact", EVERYTHING, EVERYTHING, 1)
TRADES = (
    Column("symbol", STRING),
    Column("event_time", DATETIME),
    Column("sequence", INT64),
    Column("price", decimal(18, 6)),
    Column("quantity", decimal(18, 4)),
)
ORDER = ("event_time", "sequence")
OPENING = datetime(2024, 3, 5, 14, 30, tzinfo=UTC)

Node = dict[str, Any]
_numbers = count(1)


@pytest.fixture(params=["clickhouse", "postgres"])
def engine(request: pytest.FixtureRequest, parity_engines: tuple[ParityEngine, ...]) -> ParityEngine:
    return next(each for each in parity_engines if each.store == request.param)


def table(
    name: str, rows: Sequence[Row], columns: Sequence[Column] = TRADES, order: tuple[str, ...] = ORDER
) -> Table:
    return Table(name, Relation(tuple(columns), tuple(rows)), order)


def trade(number: int, price: str = "1", quantity: str = "1", *, moment: datetime = OPENING) -> Row:
    return ("A", moment, number, Decimal(price), Decimal(quantity))


def node(node_id: str, kind: str, *inputs: str, **data: Any) -> Node:
    return {"id": node_id, "type": kind, "data": data, "inputs": inputs}


@contextmanager
def loaded(engine: ParityEngine, *tables: Table) -> Iterator[Catalog]:
    """The tables in the engine, and the catalogue that names them."""
    names = {each.name: f"exact_{each.name}_{next(_numbers)}" for each in tables}
    try:
        for each in tables:
            engine.load(each, names[each.name])
        yield Catalog.of(described(engine, each, names[each.name]) for each in tables)
    finally:
        for name in names.values():
            engine.drop(name)


def run(engine: ParityEngine, tables: Sequence[Table], *nodes: Node) -> list[Row]:
    """The rows of the last node, as the engine orders them."""
    with loaded(engine, *tables) as catalog:
        sources = [node(each.name, "data_source", database=DATABASE, table=each.name) for each in tables]
        document = {
            "nodes": [{key: each[key] for key in ("id", "type", "data")} for each in (*sources, *nodes)],
            "edges": [
                {"source": source, "target": each["id"], "targetHandle": handle}
                for each in nodes
                for source, handle in zip(
                    each["inputs"],
                    ("left", "right") if each["type"].endswith("join") else (None, None),
                    strict=False,
                )
            ],
        }
        plan = compile_graph(parse_graph(document), nodes[-1]["id"], catalog=catalog, access=ANYBODY)
        (statement,) = plan.statements
        return engine.run(statement, plan.columns)


BIG = 9007199254740993
"""2⁵³ + 1: the first whole number that a float64 cannot hold."""


@pytest.mark.parametrize("value", [BIG, str(BIG)], ids=["number", "text"])
def test_a_whole_number_beyond_a_float_is_found_and_added_exactly(engine: ParityEngine, value: Any) -> None:
    trades = table("trades", [trade(BIG - 1), trade(BIG), trade(BIG + 1)])
    found = run(
        engine,
        [trades],
        node("f", "filter", "trades", filters=[{"column": "sequence", "operator": "=", "value": value}]),
        node("x", "formula", "f", expression=f"[sequence] + {BIG}", output_column="twice"),
        node("s", "select", "x", columns=["sequence", "twice"]),
    )
    assert found == [(BIG, 2 * BIG)]
    total = node("g", "group_by", "trades", aggregations=[{"function": "sum", "column": "sequence"}])
    assert run(engine, [trades], total) == [(3 * BIG,)]


@pytest.mark.parametrize(
    ("price", "quantity"),
    [
        ("123.456789", "0.0001"),
        ("999999999999.999999", "1"),
        ("-0.000001", "99999999999999.9999"),
        ("5.5", "-0.5"),
    ],
)
def test_price_times_quantity_times_price(engine: ParityEngine, price: str, quantity: str) -> None:
    """Scales 6, 4 and 6 make 16: rounded once to 12, half away from zero."""
    (row,) = run(
        engine,
        [table("trades", [trade(1, price, quantity)])],
        node("x", "formula", "trades", expression="[price] * [quantity] * [price]", output_column="product"),
        node("s", "select", "x", columns=["product"]),
    )
    with localcontext(prec=100):
        exact = Decimal(price) * Decimal(quantity) * Decimal(price)
        assert row[0] == exact.quantize(Decimal("1e-12"), ROUND_HALF_UP)


def test_vwap_to_the_tenth_digit(engine: ParityEngine) -> None:
    random = Random(7)
    trades = [
        trade(at, f"{random.randint(1, 10**9)}.{random.randint(0, 10**6 - 1):06}", f"{random.randint(0, 10**6)}.{random.randint(0, 9999):04}")
        for at in range(2000)
    ]  # fmt: skip
    vwap = {"function": "vwap", "column": "price", "weight": "quantity", "alias": "vwap"}
    ((found,),) = run(engine, [table("trades", trades)], node("g", "group_by", "trades", aggregations=[vwap]))
    notional = sum(Fraction(price) * Fraction(quantity) for *_, price, quantity in trades)
    volume = sum(Fraction(quantity) for *_, quantity in trades)
    assert abs(Fraction(found) - notional / volume) <= Fraction(1, 10**10)


def test_vwap_of_no_volume_is_null(engine: ParityEngine) -> None:
    vwap = {"function": "vwap", "column": "price", "weight": "quantity", "alias": "vwap"}
    trades = table("trades", [trade(1, "5", "0"), trade(2, "6", "0")])
    assert run(engine, [trades], node("g", "group_by", "trades", aggregations=[vwap])) == [(None,)]


def test_the_deviation_of_equal_numbers_is_zero(engine: ParityEngine) -> None:
    """And not what the mean of eleven 9986.747 was rounded by; of one number there is none."""
    trades = table("trades", [trade(at, "9986.747") for at in range(11)])
    stddev = {"function": "stddev", "column": "price", "alias": "deviation"}
    assert run(engine, [trades], node("g", "group_by", "trades", aggregations=[stddev])) == [(0.0,)]
    moving = node(
        "w",
        "window",
        "trades",
        function="rolling_stddev",
        column="price",
        order_by=[{"column": "sequence"}],
        frame={"rows": 9},
        output_column="deviation",
    )
    rows = run(engine, [trades], moving, node("s", "sort", "w", sorts=[{"column": "sequence"}]))
    assert [each[-1] for each in rows] == [None, *[0.0] * 10]


@pytest.mark.parametrize(
    ("day", "hours"),
    [("2024-03-10T05:00:00+00:00", 23), ("2024-11-03T04:00:00+00:00", 25), ("2024-03-11T04:00:00+00:00", 24)],
)
def test_a_day_of_new_york_has_as_many_hourly_buckets_as_hours(
    engine: ParityEngine, day: str, hours: int
) -> None:
    midnight = datetime.fromisoformat(day)
    trades = [trade(at, moment=midnight + timedelta(minutes=20 * at)) for at in range(3 * hours)]
    found = run(
        engine,
        [table("trades", trades)],
        node(
            "b",
            "time_bucket",
            "trades",
            column="event_time",
            size="1h",
            anchor="zone",
            timezone="America/New_York",
        ),
        node("g", "group_by", "b", group_by=["bucket"], aggregations=[{"function": "count"}]),
        node("s", "sort", "g", sorts=[{"column": "bucket"}]),
    )
    assert found == [(midnight + timedelta(hours=at), 3) for at in range(hours)]


def test_a_daily_bucket_of_new_york_lasts_23_or_25_hours(engine: ParityEngine) -> None:
    days = [
        "2024-03-10T05:00:00+00:00",
        "2024-03-11T04:00:00+00:00",
        "2024-11-03T04:00:00+00:00",
        "2024-11-04T05:00:00+00:00",
    ]
    starts = [datetime.fromisoformat(day) for day in days]
    trades = [
        trade(at, moment=moment)
        for at, moment in enumerate(each + timedelta(seconds=shift) for each in starts for shift in (-1, 0))
    ]
    found = run(
        engine,
        [table("trades", trades)],
        node(
            "b",
            "time_bucket",
            "trades",
            column="event_time",
            size="1d",
            anchor="zone",
            timezone="America/New_York",
        ),
        node("c", "select", "b", columns=["sequence", "bucket"]),
        node("s", "sort", "c", sorts=[{"column": "sequence"}]),
    )
    buckets = [bucket for _, bucket in found]
    assert buckets[1::2] == starts
    assert (buckets[2], buckets[6]) == (starts[0], starts[2])
    assert starts[1] - starts[0] == timedelta(hours=23)
    assert starts[3] - starts[2] == timedelta(hours=25)


QUOTES = (Column("symbol", STRING), Column("at", DATETIME), Column("bid", decimal(18, 6)))


def test_an_unmatched_row_of_an_as_of_join_has_null_and_not_zero(engine: ParityEngine) -> None:
    trades = table("trades", [trade(1, moment=OPENING), trade(2, moment=OPENING + timedelta(minutes=2))])
    quotes = table(
        "quotes",
        [("A", OPENING + timedelta(minutes=1), Decimal("9.5")), ("B", OPENING, Decimal(7))],
        QUOTES,
        ("at",),
    )
    nodes = (
        node("j", "asof_join", "trades", "quotes", left_key="symbol", right_key="symbol", left_time="event_time", right_time="at"),
        node("c", "select", "j", columns=["sequence", "at", "bid"]),
        node("s", "sort", "c", sorts=[{"column": "sequence"}]),
    )  # fmt: skip
    if engine.store == "postgres":
        with pytest.raises(FlowForgeError) as refused:
            run(engine, [trades, quotes], *nodes)
        assert refused.value.code is ErrorCode.UNSUPPORTED_IN_STORE
        assert refused.value.node_id == "j"
        return
    assert run(engine, [trades, quotes], *nodes) == [
        (1, None, None),
        (2, OPENING + timedelta(minutes=1), Decimal("9.5")),
    ]


@pytest.mark.parametrize("join_type", ["left", "full"])
def test_an_unmatched_row_of_a_join_has_null_and_not_zero(engine: ParityEngine, join_type: str) -> None:
    quotes = table("quotes", [("B", OPENING, Decimal(7))], QUOTES, ("at",))
    found = run(
        engine,
        [table("trades", [trade(1)]), quotes],
        node("j", "join", "trades", "quotes", join_type=join_type, left_key="symbol", right_key="symbol"),
        node("c", "select", "j", columns=["sequence", "bid"]),
        node("s", "sort", "c", sorts=[{"column": "sequence"}]),
    )
    assert found == [(1, None), *([(None, Decimal(7))] if join_type == "full" else [])]


@pytest.mark.parametrize("turned", [False, True], ids=["as inserted", "the other way round"])
def test_trades_of_one_millisecond_are_ordered_by_their_sequence(engine: ParityEngine, turned: bool) -> None:
    trades = [trade(number, str(number)) for number in (3, 1, 4, 2)]
    ends = [{"function": function, "column": "price"} for function in ("first", "last")]
    found = run(
        engine,
        [table("trades", trades[::-1] if turned else trades)],
        node("g", "group_by", "trades", group_by=["symbol"], aggregations=ends),
    )
    assert found == [("A", Decimal(1), Decimal(4))]


@pytest.mark.parametrize("turned", [False, True], ids=["as inserted", "the other way round"])
@pytest.mark.parametrize(("direction", "expected"), [("backward", 3), ("forward", 1)])
def test_of_quotes_of_one_instant_the_trade_order_decides(
    parity_engines: tuple[ParityEngine, ...], direction: str, expected: int, turned: bool
) -> None:
    clickhouse = next(each for each in parity_engines if each.store == "clickhouse")
    columns = (*QUOTES, Column("sequence", INT64))
    quotes = [("A", OPENING, Decimal(number), number) for number in (2, 3, 1)]
    found = run(
        clickhouse,
        [table("trades", [trade(1)]), table("quotes", quotes[::-1] if turned else quotes, columns, ("at", "sequence"))],
        node("j", "asof_join", "trades", "quotes", left_key="symbol", right_key="symbol", left_time="event_time", right_time="at", direction=direction),
        node("c", "select", "j", columns=["sequence_right"]),
    )  # fmt: skip
    assert found == [(expected,)]


@pytest.mark.parametrize(
    "expression",
    [
        "[sequence] * [sequence]",
        "[sequence] + [sequence]",
        "[price] * [price] * [price] * [price] * [price] * [price]",
    ],
)
def test_overflow_is_an_error_and_never_a_number(engine: ParityEngine, expression: str) -> None:
    trades = table("trades", [trade(2**63 - 1, "999999999999.999999")])
    with pytest.raises(EngineError):
        run(engine, [trades], node("x", "formula", "trades", expression=expression, output_column="x"))


LARGEST = ("999999999999.999999", "99999999999999.9999")
"""The largest price and quantity: their product has 36 digits, and 38 hold a hundred of them."""
TURNOVER = [
    {"function": "sum", "column": "notional", "alias": "turnover"},
    {"function": "vwap", "column": "price", "weight": "quantity", "alias": "vwap"},
]


def turnover(engine: ParityEngine, trades: Sequence[Row]) -> Row:
    (row,) = run(
        engine,
        [table("trades", trades)],
        node("x", "formula", "trades", expression="[price] * [quantity]", output_column="notional"),
        node("g", "group_by", "x", aggregations=TURNOVER),
    )
    return row


def test_the_sum_of_products_is_exact_up_to_its_last_digit(engine: ParityEngine) -> None:
    price, quantity = map(Decimal, LARGEST)
    tiny = trade(100, "0.000001", "0.0001")
    with localcontext(prec=100):
        exact = 99 * price * quantity + Decimal("1e-10")
    assert turnover(engine, [*(trade(at, *LARGEST) for at in range(99)), tiny])[0] == exact


@pytest.mark.parametrize("rows", [160, 340, 341, 680], ids=lambda rows: f"{rows} rows")
def test_a_sum_that_wraps_is_an_error_however_often_it_wraps(engine: ParityEngine, rows: int) -> None:
    """128 bits end at 170 of these products, and are back near zero at 340 and 680."""
    with pytest.raises(EngineError):
        turnover(engine, [trade(at, *LARGEST) for at in range(rows)])
