"""What makes a message valid: every kind of damage has its reason, and columns judge as one by one does."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from flowforge_pipeline.instruments import calendar_of
from flowforge_pipeline.messages import Accepted, Kind, Reason, Refused, check, encode, frame, instant_text
from flowforge_pipeline.messages.times import nanoseconds_of
from flowforge_pipeline.normalise.batch import judge
from flowforge_pipeline.normalise.journal import Journal
from flowforge_pipeline.normalise.judged import FEW, Judged, Raw
from flowforge_pipeline.normalise.steps import Instruments

AT = "2013-10-07T13:30:00.123000000Z"
TRADE = {
    "trade_id": "t:1",
    "event_time": AT,
    "symbol": "IBM",
    "side": "BUY",
    "quantity": "100",
    "price": "185.1",
}
QUOTE = {"symbol": "IBM", "event_time": AT, "bid": "185.1", "ask": None, "bid_size": "100", "venue": "P"}
FILL = {
    "order_id": "o1", "event_time": AT, "tenant_id": "demo", "account": "main", "symbol": "IBM", "side": "SELL",
    "quantity": "10", "price": "185.1", "status": "filled", "fill_id": "f1", "fee": "0.035",
}  # fmt: skip
PAYLOADS: dict[Kind, dict[str, Any]] = {"trades": TRADE, "quotes": QUOTE, "orders": FILL}
ENTITIES = {"trades": "IBM", "quotes": "IBM", "orders": "demo/main/IBM"}


def envelope(kind: Kind, **payload: Any) -> dict[str, Any]:
    return {
        "event_id": "t:1", "event_time": AT, "ingest_time": AT, "source": "test", "schema_version": 1,
        "entity_id": ENTITIES[kind], "payload": {**PAYLOADS[kind], **payload},
    }  # fmt: skip


def trade(**changes: Any) -> bytes:
    """A trade with another payload, or another envelope where the name is one of the envelope's."""
    made = envelope("trades")
    for name, value in changes.items():
        place = made if name in made and name != "event_time" else made["payload"]
        if value is ...:
            del place[name]
        else:
            place[name] = value
    return orjson.dumps(made)


def spelled(price: str) -> bytes:
    """A trade whose price is this JSON."""
    return trade(price=0).replace(b'"price":0', f'"price":{price}'.encode())


BROKEN = [
    (b"", Reason.BAD_JSON),
    (None, Reason.BAD_JSON),
    (b"{", Reason.BAD_JSON),
    (b"\xff\xfe", Reason.BAD_JSON),
    (b"[]", Reason.BAD_JSON),
    (b"null", Reason.BAD_JSON),
    (b'{"event_id": NaN}', Reason.BAD_JSON),
    (b"{}", Reason.MISSING_FIELD),
    (orjson.dumps(TRADE), Reason.MISSING_FIELD),  # the flat payload without its envelope
    (trade(event_id=...), Reason.MISSING_FIELD),
    (trade(event_id=""), Reason.MISSING_FIELD),
    (trade(price=...), Reason.MISSING_FIELD),
    (trade(symbol=None), Reason.MISSING_FIELD),
    (trade(payload=[1]), Reason.WRONG_TYPE),
    (trade(price=[1]), Reason.WRONG_TYPE),
    (trade(price=True), Reason.WRONG_TYPE),
    (trade(suspicious="no"), Reason.WRONG_TYPE),
    (trade(sequence="7"), Reason.WRONG_TYPE),
    (trade(schema_version=2), Reason.WRONG_SCHEMA_VERSION),
    (trade(schema_version="1"), Reason.WRONG_SCHEMA_VERSION),
    (trade(schema_version=True), Reason.WRONG_SCHEMA_VERSION),
    (trade(price="-0.01"), Reason.NEGATIVE_PRICE),
    (trade(price=-3), Reason.NEGATIVE_PRICE),
    (trade(quantity="-1"), Reason.NEGATIVE_QUANTITY),
    (trade(price="12,50"), Reason.BAD_VALUE),
    (trade(price="1e3"), Reason.BAD_VALUE),
    (trade(price="NaN"), Reason.BAD_VALUE),
    (trade(price="1.2345678"), Reason.OUT_OF_RANGE),
    (trade(price="1234567890123"), Reason.OUT_OF_RANGE),
    (trade(quantity="0.00001"), Reason.OUT_OF_RANGE),
    (trade(sequence=-1), Reason.OUT_OF_RANGE),
    (trade(sequence=2**63), Reason.OUT_OF_RANGE),
    (trade(side="buy"), Reason.BAD_VALUE),
    (trade(status="cancel"), Reason.BAD_VALUE),
    (trade(corrects_id="t:0"), Reason.BAD_VALUE),
    (trade(symbol="I\nBM"), Reason.BAD_VALUE),
    (trade(event_id="x" * 300), Reason.BAD_VALUE),
    (trade(event_time="2013-10-07 13:30"), Reason.BAD_TIME),
    (trade(event_time="2013-02-30T13:30:00Z"), Reason.BAD_TIME),
    (trade(event_time="2013-10-07T13:30:00"), Reason.BAD_TIME),
    (trade(event_time=1381152600), Reason.BAD_TIME),
    (trade(event_time="2013-10-07T13:30:01Z"), Reason.TIME_MISMATCH),
    (trade(event_time="2013-10-07T13:30:60Z"), Reason.BAD_TIME),
    (trade(event_time="9999-12-31T23:59:59Z"), Reason.BAD_TIME),
    (trade(ingest_time="1969-12-31T23:59:59Z"), Reason.TOO_OLD),
    (trade(entity_id="SPY"), Reason.KEY_MISMATCH),
    (trade(venue=["P"]), Reason.WRONG_TYPE),
    (spelled("0.1000000000000000055511151231257827"), Reason.BAD_VALUE),
    (spelled("123456789012.1234567"), Reason.OUT_OF_RANGE),
    (spelled("1e300"), Reason.BAD_VALUE),
    (spelled("1e999999999"), Reason.BAD_JSON),
    (spelled("1" * 5000), Reason.BAD_JSON),
    (spelled('"1", "price": "2"'), Reason.BAD_JSON),
    (spelled('{"a": 1, "a": 2}'), Reason.BAD_JSON),
    (spelled("[" * 1000 + "]" * 1000), Reason.WRONG_TYPE),
    (spelled("[" * 2000 + "]" * 2000), Reason.BAD_JSON),
    (trade(conditions="x" * 70_000), Reason.TOO_LARGE),
]


@pytest.mark.parametrize(("value", "reason"), BROKEN)
def test_what_is_broken_has_its_reason(value: bytes | None, reason: Reason) -> None:
    found = check("trades", value)
    assert isinstance(found, Refused)
    assert (found.reason, bool(found.detail)) == (reason, True)


@pytest.mark.parametrize(
    ("kind", "payload", "reason"),
    [
        ("quotes", {"bid": None}, Reason.MISSING_FIELD),
        ("quotes", {"bid": "-1"}, Reason.NEGATIVE_PRICE),
        ("orders", {"fill_id": ""}, Reason.MISSING_FIELD),
        ("orders", {"price": None}, Reason.MISSING_FIELD),
        ("orders", {"quantity": "0"}, Reason.NEGATIVE_QUANTITY),
        ("orders", {"tenant_id": "Firm A"}, Reason.BAD_VALUE),
        ("orders", {"account": "a/b"}, Reason.BAD_VALUE),
        ("orders", {"status": "lost"}, Reason.BAD_VALUE),
        ("orders", {"account": "other"}, Reason.KEY_MISMATCH),
    ],
)
def test_quotes_and_orders_have_rules_of_their_own(
    kind: Kind, payload: dict[str, Any], reason: Reason
) -> None:
    assert isinstance(check(kind, orjson.dumps(envelope(kind))), Accepted)
    found = check(kind, orjson.dumps(envelope(kind, **payload)))
    assert isinstance(found, Refused)
    assert found.reason == reason


@pytest.mark.parametrize(
    ("given", "kept"),
    [(185.1, "185.1"), (7, "7"), ("0007.10", "0007.10"), (0.1, "0.1"), (1e-6, "0.000001"), ("-0", "0")],
)
def test_a_number_is_taken_by_its_spelling_and_never_rounded(given: Any, kept: str) -> None:
    found = check("trades", trade(price=given))
    assert isinstance(found, Accepted)
    assert found.payload["price"] == kept


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("123456789012.123456", "123456789012.123456"),  # a double would make .12346 of it
        ("1.10", "1.1"),
        ("1e3", "1000"),
        ("-0.0", "0"),
        ('null, "price": "7"', "7"),
        ('"7", "price": null', "7"),
    ],
)
@pytest.mark.parametrize("times", [1, 100])
def test_a_number_has_the_digits_that_were_sent(
    given: str, kept: str, times: int, outcome: Callable[[list[bytes], int], Judged]
) -> None:
    values = [spelled(given).replace(b"t:1", b"t:%d" % number) for number in range(times)]
    assert {orjson.loads(line)["payload"]["price"] for _, line in outcome(values, times).normalised} == {kept}


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2013-10-07T13:30:00.000000001Z", 1381152600000000001),
        ("2013-10-07T09:30:00.5-04:00", 1381152600500000000),
        ("2013-10-07 13:30:00,25+0000", 1381152600250000000),
        ("1969-12-31T23:59:59.9Z", -100000000),
        ("2013-13-07T13:30:00Z", None),
        ("9999-12-31T23:59:59Z", None),
    ],
)
def test_instants(text: str, nanoseconds: int | None) -> None:
    assert nanoseconds_of(text) == nanoseconds
    if nanoseconds is not None:
        assert nanoseconds_of(instant_text(nanoseconds)) == nanoseconds


MUTATIONS: list[tuple[str, Any]] = [
    ("price", value) for value in ("1.5", 1.5, 7, "007", "1.1234567", "-1", "", " 1", "1e2", None, True, "٣", "1.")
] + [
    ("symbol", "NOPE"), ("symbol", "ÏBM"), ("venue", 5), ("venue", "Ä"), ("side", "SHORT"), ("side", None),
    ("sequence", 0), ("sequence", None), ("suspicious", None), ("conditions", "\x07"), ("status", "correct"),
    ("corrects_id", "t:9"), ("trade_date", "1999-01-01"), ("session", "regular"), ("event_time", "2013-10-07T13:30:00.123Z"),
    ("event_time", "2013-10-07T09:30:00.123-04:00"), ("event_time", "nonsense"), ("unknown", {"a": [1]}),
    ("venue", ["P"]), ("venue", {"a": 1}), ("venue", 1e5), ("venue", "[P"), ("event_time", "2013-10-07T13:30:60Z"),
]  # fmt: skip


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path)


@pytest.fixture
def outcome(tmp_path: Path) -> Callable[[list[bytes | None], int], Judged]:
    """Judge trades, so many at a time, with a memory of their own."""
    made = 0

    def run(values: list[bytes | None], size: int) -> Judged:
        nonlocal made
        made += 1
        place = tmp_path / str(made)
        place.mkdir()
        journal, total = Journal(place), Judged()
        for first in range(0, len(values), size):
            part = values[first : first + size]
            raw = Raw("trades", "raw.trades", 0, "e", range(first, first + len(part)), part)
            with journal.batch():
                judged = judge(raw, Instruments(None), journal.seen.add, 1_800_000_000_000_000_000)
            total.normalised += judged.normalised
            total.quarantined += judged.quarantined
            total.counts += judged.counts
        journal.close()
        return total

    return run


def test_many_at_once_are_judged_as_one_by_one(outcome: Callable[[list[bytes], int], Judged]) -> None:
    generator = random.Random(3)
    values = []
    for number in range(600):
        made = envelope("trades", trade_id=f"m:{number}")
        made["event_id"] = f"m:{number - generator.randrange(3)}"
        at = instant_text(1381000000_000000000 + generator.randrange(86_400 * 400) * 1_000_000_123)
        made["event_time"] = made["payload"]["event_time"] = at
        made["payload"]["symbol"] = made["entity_id"] = generator.choice(["IBM", "SPY", "BTCUSD", "GOOG"])
        if generator.random() < 0.3:
            name, value = generator.choice(MUTATIONS)
            made["payload"][name] = value
            made["entity_id"] = made["payload"]["symbol"]
        values.append(orjson.dumps(made))
    together, apart = outcome(values, 600), outcome(values, 1)
    assert together.counts == apart.counts
    assert together.normalised == apart.normalised
    assert sum(together.counts.values()) == 600
    broken = [*values, b"{", b'{"a":"\n"}', orjson.dumps({**envelope("trades"), "event_id": ["x"]})]
    assert outcome(broken, len(broken)).counts == outcome(broken, 1).counts


@pytest.mark.parametrize(("value", "reason"), BROKEN)
def test_one_broken_message_among_many_is_the_only_one_refused(
    value: bytes | None, reason: Reason, outcome: Callable[[list[bytes | None], int], Judged]
) -> None:
    """Also where it cannot even be read as columns, and where columns would read it as something else."""
    others = [trade(event_id=f"m:{number}") for number in range(FEW)]
    assert outcome([*others, value], FEW + 1).counts == {"normalised": FEW, f"quarantined:{reason}": 1}


def test_a_normalised_message_is_complete(outcome: Callable[[list[bytes], int], Judged]) -> None:
    judged = outcome([trade(session="extended")], 1)
    row = frame("trades", [value for _, value in judged.normalised]).row(0, named=True)
    expected = {"instrument_id": "NYSE:IBM", "session": "regular", "status": "new", "ohlc_eligible": True}
    assert {name: row[name] for name in expected} == expected
    assert str(row["trade_date"]) == "2013-10-07"
    assert str(row["price"]) == "185.100000"


def test_a_symbol_means_what_it_meant_then(outcome: Callable[[list[bytes], int], Judged]) -> None:
    def of(symbol: str, at: str) -> bytes:
        payload = {**TRADE, "symbol": symbol, "event_time": at}
        return encode(f"s:{at}-{symbol}", at, AT, "test", symbol, payload)

    judged = outcome(
        [
            of("FB", "2022-06-08T15:00:00Z"),
            of("FB", "2023-06-08T15:00:00Z"),
            of("META", "2023-06-08T15:00:00Z"),
        ],
        3,
    )
    assert judged.counts == {"normalised": 2, "quarantined:unknown_symbol": 1}
    named = [orjson.loads(value)["payload"]["instrument_id"] for _, value in judged.normalised]
    assert named == ["NASDAQ:META", "NASDAQ:META"]


def test_the_future_and_the_distant_past_are_refused(outcome: Callable[[list[bytes], int], Judged]) -> None:
    def at(event: str, ingest: str = AT) -> bytes:
        return encode(f"f:{event}{ingest}", event, ingest, "test", "IBM", {**TRADE, "event_time": event})

    later = instant_text(1_800_000_060_000_000_000)
    judged = outcome([at(later), at(AT, later), at("1969-12-31T00:00:00Z")], 3)
    assert judged.counts == {"quarantined:future_time": 2, "quarantined:too_old": 1}
    assert time.time_ns() < 1_800_000_000_000_000_000, "the clock of this test lies in the past"


@pytest.mark.parametrize("times", [1, 100])
def test_of_several_faults_the_plainest_is_the_reason(
    outcome: Callable[[list[bytes], int], Judged], times: int
) -> None:
    later = "2199-01-01T00:00:00Z"
    outside = orjson.dumps({**envelope("trades"), "event_time": later})
    inside, strange = trade(event_time=later), trade(symbol="ZZZZ")
    judged = outcome([outside, inside, strange] * times, 3 * times)
    assert judged.counts == {"quarantined:future_time": 2 * times, "quarantined:unknown_symbol": times}


def test_ids_seen_before_are_known_for_ever(journal: Journal, tmp_path: Path) -> None:
    with journal.batch():
        assert journal.seen.add(["a:1", "a:2", "a:1", "b:1", "free", "free", "a:70000"]).tolist() == [
            True, True, False, True, True, False, True,
        ]  # fmt: skip

    def given_up() -> None:
        with journal.batch():
            assert journal.seen.add(["a:3"]).tolist() == [True]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        given_up()
    journal.close()
    again = Journal(tmp_path)
    with again.batch():
        known = again.seen.add(["a:2", "free", "a:3", "a:70000", "c:1"]).tolist()
    assert known == [False, False, True, False, True]
    again.close()


def test_the_journal_gives_back_what_it_took(journal: Journal) -> None:
    lines = [(b"k", f'{{"n":{number}}}'.encode()) for number in range(5)]
    base = journal.head("t")
    with journal.batch():
        journal.append("t", lines[:3])
        journal.append("t", lines[3:])
    found = [(block.first - base, block.lines) for block in journal.blocks("t", base + 1)]
    assert found == [(1, lines[1:3]), (3, lines[3:])]
    with journal.batch():
        journal.trim("t", base + 3)
    assert [block.first - base for block in journal.blocks("t", 0)] == [3]
    assert journal.head("t") == base + 5


def test_a_symbol_that_trades_day_and_night_has_no_calendar() -> None:
    assert [calendar_of(symbol) for symbol in ("IBM", "BTCUSD", "NOPE")] == ["XNYS", None, None]
