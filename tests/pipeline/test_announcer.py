"""Changes are told once a second and table, with everything that changed meanwhile, and again where nobody listened."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from flowforge_pipeline.loading.announcer import Announcer
from flowforge_pipeline.loading.together import MOST_SYMBOLS

EARLY, LATE = datetime(2026, 1, 5, 15, tzinfo=UTC), datetime(2026, 1, 5, 16, tzinfo=UTC)


class Broker(ThreadingHTTPServer):
    """An ingress that refuses the first ``refusals`` messages."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Ingress)
        self.events: list[dict[str, Any]] = []
        self.refusals = 0
        self.told = threading.Condition()


class _Ingress(BaseHTTPRequestHandler):
    server: Broker

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.told:
            refused = self.server.refusals > 0
            self.server.refusals -= refused
            if not refused:
                self.server.events.append({"type": self.headers["ce-type"], **body})
            self.server.told.notify_all()
        self.send_response(404 if refused else 202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    server = Broker()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("K_SINK", f"http://127.0.0.1:{server.server_port}/flowforge/default")
    monkeypatch.delenv("FLOWFORGE_REDIS_URL", raising=False)
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_changes_of_a_second_are_one_event(broker: Broker) -> None:
    with Announcer("vwap") as announcer:
        announcer.changed("metrics.vwap_5min", symbols=["IBM"], rows=2, watermark=LATE, columns=["vwap"])
        announcer.changed("metrics.vwap_5min", symbols=["SPY"], rows=1, watermark=EARLY, columns=["volume"])
        announcer.changed("metrics.alerts", symbols=["IBM"], rows=1, watermark=None)
    first, second = broker.events
    assert first == {
        "type": "flowforge.data.changed.v1",
        "table": "metrics.vwap_5min",
        "derived_tables": ["redis.latest.vwap"],
        "symbols": ["IBM", "SPY"],
        "columns": ["volume", "vwap"],
        "watermark": "2026-01-05T16:00:00Z",
        "rows": 3,
    }
    assert (second["table"], second["columns"]) == ("metrics.alerts", None)


def test_very_many_symbols_are_all_symbols(broker: Broker) -> None:
    with Announcer("vwap") as announcer:
        names = [f"S{number}" for number in range(MOST_SYMBOLS + 1)]
        announcer.changed("metrics.vwap_5min", symbols=names, rows=1, watermark=None)
    [event] = broker.events
    assert event["symbols"] is None


def test_what_could_not_be_told_is_told_with_the_next(broker: Broker) -> None:
    broker.refusals = 1_000
    with Announcer("vwap") as announcer:
        announcer.changed("metrics.vwap_5min", symbols=["IBM"], rows=2, watermark=EARLY)
        with broker.told:
            assert broker.told.wait_for(lambda: broker.refusals < 1_000, 30)
            broker.refusals = 0
        announcer.changed("metrics.vwap_5min", symbols=["SPY"], rows=1, watermark=LATE)
    assert {symbol for event in broker.events for symbol in event["symbols"]} == {"IBM", "SPY"}
    assert sum(event["rows"] for event in broker.events) == 3
