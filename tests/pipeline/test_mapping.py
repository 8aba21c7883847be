"""Which column fills which field."""

import pytest

from flowforge_pipeline.importers.mapping import choose_target, parse_options, resolve
from flowforge_pipeline.problems import PipelineError
from flowforge_pipeline.tables import DAILY_BARS, QUOTES, TRADES


@pytest.mark.parametrize(
    ("columns", "mapping", "expected"),
    [
        (
            ["symbol", "event_time", "price", "quantity"],
            {},
            {"symbol": "symbol", "event_time": "event_time", "price": "price", "quantity": "quantity"},
        ),
        (
            ["Ticker", "Time", "Px", "Qty", "Exchange"],
            {},
            {"symbol": "Ticker", "event_time": "Time", "price": "Px", "quantity": "Qty", "venue": "Exchange"},
        ),
        (
            ["sym", "ts", "a", "b"],
            {"price": "b", "quantity": "a"},
            {"symbol": "sym", "event_time": "ts", "price": "b", "quantity": "a"},
        ),
        (  # the field's own name wins over another field's alias
            ["symbol", "timestamp", "price", "quantity", "size"],
            {},
            {"symbol": "symbol", "event_time": "timestamp", "price": "price", "quantity": "quantity"},
        ),
        (  # a column that the user gave away is not taken twice
            ["symbol", "time", "last", "price", "size"],
            {"price": "last"},
            {"symbol": "symbol", "event_time": "time", "price": "last", "quantity": "size"},
        ),
    ],
)
def test_resolved(columns: list[str], mapping: dict[str, str], expected: dict[str, str]) -> None:
    assert resolve(TRADES, columns, mapping, symbol=None) == expected


@pytest.mark.parametrize(
    ("columns", "mapping", "message"),
    [
        (["symbol", "time", "price"], {}, "No column for quantity. Use --map quantity=column."),
        (["time", "price", "size"], {}, "No column for symbol. Use --map symbol=column or give --symbol."),
        (["symbol", "time", "price", "size"], {"qty": "size"}, 'trades have no field "qty".'),
        (["symbol", "time", "price", "size"], {"quantity": "siz"}, 'no column "siz" to map to quantity'),
        (["symbol", "time", "price", "size", "shares"], {}, "size and shares could each be quantity."),
    ],
)
def test_refused(columns: list[str], mapping: dict[str, str], message: str) -> None:
    with pytest.raises(PipelineError) as refused:
        resolve(TRADES, columns, mapping, symbol=None)
    assert message in str(refused.value)


def test_a_symbol_for_all_rows_replaces_the_column() -> None:
    columns = ["symbol", "time", "price", "size"]
    assert "symbol" not in resolve(TRADES, columns, {}, symbol="AAPL")


@pytest.mark.parametrize(
    ("columns", "target"),
    [
        (["Date", "Open", "High", "Low", "Close", "Volume", "Adj Close"], DAILY_BARS),
        (["symbol", "time", "bid", "ask", "bid_size", "ask_size"], QUOTES),
        (["symbol", "time", "price", "size"], TRADES),
        (["a", "b"], TRADES),
    ],
)
def test_the_table_follows_from_the_columns(columns: list[str], target: object) -> None:
    assert choose_target(None, columns, {}) is target


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        (["price"], '"price" is not a mapping. Write --map field=column.'),
        (["price="], "is not a mapping"),
        (["price=a", "price=b"], 'The field "price" is mapped twice.'),
        (["price=a", "quantity=a"], 'The column "a" is mapped twice.'),
    ],
)
def test_options(pairs: list[str], message: str) -> None:
    with pytest.raises(PipelineError, match=message):
        parse_options(pairs)
