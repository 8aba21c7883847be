"""What a widget is taken to read when its graph cannot be compiled."""

from __future__ import annotations

from typing import Any

import pytest

from flowforge.errors import ErrorCode, FlowForgeError, GraphError, StoreError
from flowforge.live import reading
from flowforge.live.index import Read
from flowforge.tenancy import EVERYTHING, Access

GRAPH = '{"nodes": [{"id": "s", "type": "data_source", "data": {}}], "edges": []}'
ACCESS = Access("demo", EVERYTHING, EVERYTHING, 1)


def fails(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    async def plan(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(reading, "plan", plan)


@pytest.mark.parametrize(
    "error",
    [
        StoreError(ErrorCode.STORE_UNAVAILABLE, "away"),
        FlowForgeError(ErrorCode.RATE_LIMITED, "too many at once"),
    ],
)
async def test_what_may_pass_is_asked_again(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    fails(monkeypatch, error)
    with pytest.raises(StoreError):
        await reading.reads_of(GRAPH, "s", ACCESS)


@pytest.mark.parametrize(
    "error", [GraphError(ErrorCode.UNKNOWN_TABLE, "gone"), RecursionError("a fault of ours")]
)
async def test_a_graph_that_cannot_be_compiled_reads_nothing(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    fails(monkeypatch, error)
    assert await reading.reads_of(GRAPH, "s", ACCESS) == ()


def test_reads_are_kept_with_what_they_were_found_for() -> None:
    reads = (Read("a.b", None, frozenset({"x"})), Read("a.c", frozenset({"S"}), frozenset()))
    kept = reading.packed("key", reads)
    assert reading.unpacked(kept, "key") == reads
    assert reading.unpacked(kept, "another") is None
    assert reading.unpacked(None, "key") is None
