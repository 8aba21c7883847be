"""Which widgets a change reaches: by table, symbol, column and tenant, and no other."""

from __future__ import annotations

import random

import pytest

from flowforge.live.changes import Change, changes_of
from flowforge.live.index import FEW_SYMBOLS, Dependent, Index, Read
from flowforge.live.recent import Recent

TRADES, QUOTES = "flowforge.raw_trades", "flowforge.raw_quotes"
ALPHA = frozenset({"AAPL", "MSFT"})


def widget(
    name: str,
    *reads: tuple[str, str | None, str],
    tenant: str = "demo",
    channel: str = "d",
    entitled: frozenset[str] | None = None,
) -> Dependent:
    """``reads`` are (table, symbols or None for any, columns)."""
    return Dependent(
        tenant,
        channel,
        name,
        tuple(
            Read(table, None if symbols is None else frozenset(symbols.split()), frozenset(columns.split()))
            for table, symbols, columns in reads
        ),
        entitled,
    )


def change(
    table: str = TRADES, symbols: str | None = None, columns: str | None = None, tenant: str | None = None
) -> Change:
    return Change(
        table,
        None if symbols is None else frozenset(symbols.split()),
        None if columns is None else frozenset(columns.split()),
        tenant,
    )


def reached(index: Index, what: Change) -> set[str]:
    return {name for names in index.affected(what).values() for name in names}


@pytest.fixture
def index() -> Index:
    return Index(
        [
            widget("any price", (TRADES, None, "price")),
            widget("apple price", (TRADES, "AAPL", "symbol price")),
            widget("apple size", (TRADES, "AAPL", "symbol quantity")),
            widget("alpha", (TRADES, "AAPL MSFT", "symbol price"), tenant="firm-alpha", entitled=ALPHA),
            widget("quotes", (QUOTES, "AAPL", "symbol bid")),
            widget("both", (TRADES, "MSFT", "symbol price"), (QUOTES, "AAPL", "symbol ask")),
            widget(
                "own", ("materialize.live_positions", None, "net_qty"), tenant="firm-alpha", entitled=ALPHA
            ),
        ]
    )


@pytest.mark.parametrize(
    ("what", "names"),
    [
        (change(), "any price|apple price|apple size|alpha|both"),
        (change(symbols="AAPL"), "any price|apple price|apple size|alpha"),
        (change(symbols="AAPL", columns="quantity"), "apple size"),
        (change(symbols="AAPL", columns="venue"), ""),
        (change(symbols="MSFT IBM", columns="price"), "any price|alpha|both"),
        (change(symbols="IBM"), "any price"),
        (change(symbols=""), ""),
        (change(QUOTES, "AAPL", "ask bid"), "quotes|both"),
        (change(QUOTES, "MSFT"), ""),
        (change("flowforge.raw_orders"), ""),
        (change(tenant="firm-alpha"), "alpha"),
        (change("materialize.live_positions", "AAPL"), "own"),
        (change("materialize.live_positions", "IBM"), ""),
        (change("materialize.live_positions", "IBM", tenant="firm-alpha"), "own"),
        (change("materialize.live_positions", "AAPL", tenant="firm-beta"), ""),
    ],
)
def test_a_change_reaches_exactly_its_widgets(index: Index, what: Change, names: str) -> None:
    assert reached(index, what) == set(filter(None, names.split("|")))


def test_a_widget_that_reads_something_else_now_is_found_by_that_alone(index: Index) -> None:
    assert "apple price" in reached(index, change(symbols="AAPL"))
    index.put(widget("apple price", (QUOTES, "IBM", "bid")))
    assert "apple price" not in reached(index, change(symbols="AAPL"))
    assert reached(index, change(QUOTES, "IBM")) == {"apple price"}
    index.remove("apple price")
    assert reached(index, change(QUOTES, "IBM")) == set()
    assert "apple price" not in index
    assert "apple price" not in index.names()


def test_a_widget_under_terms_is_told_apart_where_its_own_viewers_listen() -> None:
    locked = Dependent(
        "demo", "t", "w", (Read(TRADES, frozenset({"AAPL"}), frozenset({"price"})),), name="w/1"
    )
    index = Index([widget("w", (TRADES, None, "price")), locked])
    assert index.affected(change(symbols="AAPL")) == {"d": {"w"}, "t": {"w"}}
    assert index.affected(change(symbols="MSFT")) == {"d": {"w"}}
    assert index.channels_of("w") == {"d", "t"}
    index.remove("w/1")
    assert index.affected(change(symbols="AAPL")) == {"d": {"w"}}
    assert index.channels_of("w") == {"d"}
    index.remove("w")
    assert index.channels_of("w") == frozenset()


def test_widgets_of_many_symbols_are_found_as_those_of_few() -> None:
    symbols = [f"S{number}" for number in range(FEW_SYMBOLS + 1)]
    index = Index([widget("broad", (TRADES, " ".join(symbols), "price"))])
    assert reached(index, change(symbols="S7")) == {"broad"}
    assert reached(index, change(symbols="T7")) == set()


def test_the_index_agrees_with_looking_at_every_widget() -> None:
    drawn = random.Random(7)
    symbols, columns = [f"S{number}" for number in range(80)], list("abcdef")
    index, everything = Index(), {}
    for number in range(300):
        name = f"w{drawn.randrange(120)}"
        some = drawn.sample(symbols, drawn.choice([0, 1, 3, 70]))
        each = widget(
            name,
            (
                drawn.choice([TRADES, QUOTES]),
                None if number % 5 == 0 else " ".join(some),
                " ".join(drawn.sample(columns, 2)),
            ),
            channel=f"d{number % 9}",
        )
        index.put(each)
        everything[name] = each
    for _ in range(200):
        wanted = Change(
            drawn.choice([TRADES, QUOTES]),
            drawn.choice([None, frozenset(drawn.sample(symbols, 2))]),
            drawn.choice([None, frozenset(drawn.sample(columns, 1))]),
        )
        expected = {
            name
            for name, each in everything.items()
            for read in each.reads
            if read.table == wanted.table
            and (wanted.columns is None or wanted.columns & read.columns)
            and (
                read.symbols is None
                or (read.symbols if wanted.symbols is None else wanted.symbols & read.symbols)
            )
        }
        assert reached(index, wanted) == expected


def test_late_widgets_hear_of_the_last_changes_alone() -> None:
    recent, index = Recent(), Index()
    recent.add([change(symbols="AAPL", columns="price")], index.edition)
    late = [widget("a", (TRADES, "AAPL", "price")), widget("b", (TRADES, "MSFT", "price"))]
    for each in late:
        index.put(each)
    assert recent.missed_by(late, index) == {"d": {"a"}}
    # A change that was matched with them has reached them: told again it would be told twice.
    recent.add([change(symbols="AAPL", columns="price"), change(symbols="MSFT")], index.edition)
    assert recent.missed_by(late, index) == {}


@pytest.mark.parametrize(
    ("columns", "tables"),
    [
        (None, {"metrics.trades_5min": None, "metrics.hourly_rollup": None, "metrics.daily_rollup": None}),
        (
            ["side"],
            {"metrics.trades_5min": None, "metrics.hourly_rollup": None, "metrics.daily_rollup": None},
        ),
        (
            ["quantity"],
            {
                "metrics.trades_5min": {"volume", "notional"},
                "metrics.hourly_rollup": None,
                "metrics.daily_rollup": None,
            },
        ),
        (["venue"], {"metrics.hourly_rollup": None, "metrics.daily_rollup": None}),
    ],
)
def test_a_write_of_trades_changes_what_its_views_keep_of_those_columns(
    columns: list[str] | None, tables: dict[str, set[str] | None]
) -> None:
    base, *derived = changes_of({"table": TRADES, "symbols": ["AAPL"], "columns": columns}, None)
    assert {each.table: each.columns for each in derived} == tables
    assert {each.symbols for each in (base, *derived)} == {frozenset({"AAPL"})}


def test_computed_columns_change_with_what_they_are_computed_from() -> None:
    base, *_ = changes_of({"table": TRADES, "columns": ["price"]}, None)
    assert base.columns == {"price", "notional"}


def test_named_derived_tables_change_too_and_each_once() -> None:
    named = {"table": TRADES, "derived_tables": ["metrics.vwap_5min", "metrics.trades_5min", TRADES]}
    tables = [each.table for each in changes_of(named, None)]
    assert tables.count("metrics.trades_5min") == 1
    assert tables.count(TRADES) == 1
    assert "metrics.vwap_5min" in tables
