"""The synthetic market: valid messages, orders that add up, prices that walk."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from decimal import Decimal
from typing import Any

import orjson
import pytest

from flowforge_pipeline.generate.loop import Source
from flowforge_pipeline.generate.orders import TENANTS
from flowforge_pipeline.messages import KINDS, Accepted, Kind, check

NOW = 1_700_000_000_000_000_000
TICK = 100_000_000


@pytest.fixture(scope="module")
def made() -> dict[Kind, list[dict[str, Any]]]:
    """An hour's worth of ticks of twenty messages."""
    source = Source(random.Random(5), "s", {"AAPL": 200.0})
    found: dict[Kind, list[dict[str, Any]]] = {kind: [] for kind in KINDS}
    for tick in range(600):
        for kind, messages in source.messages(20, NOW + tick * TICK).items():
            for message in messages:
                judged = check(kind, message.value)
                assert isinstance(judged, Accepted), judged
                assert judged.entity_id.encode() == message.key
                assert NOW - TICK < judged.nanoseconds <= NOW + tick * TICK
                found[kind].append(orjson.loads(message.value))
    return found


def test_every_event_has_an_id_of_its_own(made: dict[Kind, list[dict[str, Any]]]) -> None:
    ids = [one["event_id"] for messages in made.values() for one in messages]
    assert len(set(ids)) == len(ids) == 12_000
    for messages in made.values():
        times = [one["event_time"] for one in messages]
        assert times == sorted(times)


def test_prices_walk_in_small_steps_from_where_they_were_left(made: dict[Kind, list[dict[str, Any]]]) -> None:
    prices = [float(one["payload"]["price"]) for one in made["trades"] if one["payload"]["symbol"] == "AAPL"]
    assert abs(prices[0] / 200 - 1) < 0.01
    assert max(abs(later / price - 1) for price, later in itertools.pairwise(prices)) < 0.01
    assert len(set(prices)) > 3
    for one in made["quotes"]:
        assert Decimal(one["payload"]["bid"]) < Decimal(one["payload"]["ask"])


def test_fills_of_an_order_never_exceed_it(made: dict[Kind, list[dict[str, Any]]]) -> None:
    ordered: dict[str, Decimal] = {}
    filled: dict[str, Decimal] = defaultdict(Decimal)
    ended: set[str] = set()
    fills = set()
    for one in (message["payload"] for message in made["orders"]):
        assert one["order_id"] not in ended
        ordered.setdefault(one["order_id"], Decimal(one["quantity"]))
        if one["fill_id"]:
            assert one["fill_id"] not in fills
            fills.add(one["fill_id"])
            filled[one["order_id"]] += Decimal(one["quantity"])
            assert filled[one["order_id"]] <= ordered[one["order_id"]]
        if one["status"] in ("filled", "cancelled"):
            ended.add(one["order_id"])
        if one["status"] == "filled":
            assert filled[one["order_id"]] == ordered[one["order_id"]]
    assert fills
    assert {one["payload"]["tenant_id"] for one in made["orders"]} == set(TENANTS)
