"""What a replay sends: every row once, in the order that was asked for, as valid messages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from flowforge_pipeline.importers.files import Options
from flowforge_pipeline.messages import Accepted, check
from flowforge_pipeline.problems import PipelineError
from flowforge_pipeline.replay import schedule
from flowforge_pipeline.replay.messages import Content, outgoing, read
from flowforge_pipeline.replay.schedule import Order, chunks, parse_speed


@pytest.fixture
def contents(lean_file: Callable[..., Path], lean_lines: Callable[..., list[str]]) -> list[Content]:
    files = [
        lean_file(lean_lines(700, seed), symbol=symbol, day=day)
        for seed, (symbol, day) in enumerate([("spy", "20131008"), ("ibm", "20131007"), ("spy", "20131007")])
    ]
    return [content for file in files for content in read(file, Options())]


def sent(contents: list[Content], order: Order) -> pl.DataFrame:
    """File, row and event time of what is sent, in order."""
    parts = [
        (number, row) for chunk in chunks(contents, order) for number, rows in chunk.parts for row in rows
    ]
    times = [
        contents[number].rows["event_time"].dt.timestamp("ns").to_numpy() for number in range(len(contents))
    ]
    return pl.DataFrame(
        [(number, int(row), int(times[number][row])) for number, row in parts],
        schema=["file", "row", "time"],
        orient="row",
    )


def test_every_row_once_in_order_of_time(contents: list[Content], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "CHUNK", 64)
    found = sent(contents, Order())
    assert found.unique().height == found.height == 2_100
    for number in range(3):
        rows = found.filter(file=number)["row"].to_list()
        assert rows == sorted(rows)
    days = (found["time"] // 86_400_000_000_000).to_list()
    assert days == sorted(days)


@pytest.mark.parametrize("seconds", [5.0, 600.0])
def test_shuffled_rows_come_late_by_no_more_than_asked(contents: list[Content], seconds: float) -> None:
    found = sent(contents, Order(shuffle=seconds))
    assert found.unique().height == found.height == 2_100
    for number in range(3):
        times = found.filter(file=number)["time"].to_numpy()
        late = np.maximum.accumulate(times) - times
        assert 0 < late.max() <= seconds * 1e9


def test_twice_is_everything_again(contents: list[Content]) -> None:
    found = sent(contents, Order(twice=True, shuffle=3.0))
    assert found.group_by("file", "row").len()["len"].unique().to_list() == [2]


def test_rows_become_messages_that_are_accepted_and_named_by_file_and_row(contents: list[Content]) -> None:
    for content in contents:
        made = [
            check("trades", one.value) for one in outgoing(content, content.rows, 1_700_000_000_000_000_000)
        ]
        ids = [one.event_id if isinstance(one, Accepted) else str(one) for one in made]
        assert ids == [f"{content.stream}:{number}" for number in range(1, content.rows.height + 1)]
        assert ids == content.rows["trade_id"].to_list()


@pytest.mark.parametrize("text", ["0", "-1", "fast", "inf", "nan", ""])
def test_a_speed_is_a_positive_number_or_max(text: str) -> None:
    with pytest.raises(PipelineError, match="is not a speed"):
        parse_speed(text)
    assert parse_speed("max") is None
    assert parse_speed("1.5") == 1.5
