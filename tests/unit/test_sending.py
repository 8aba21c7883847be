"""Sending to a real HTTP server that answers as it is told: what is sent again, what is given up, what is kept."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from flowforge_events.catalog import DataChanged
from flowforge_events.envelope import Event, make
from flowforge_events.retrying import MOST_SECONDS, is_retried, pause
from flowforge_events.sending import RefusedError, Sender, UnreachableError


class Sink(ThreadingHTTPServer):
    """Answers with the next status of ``script``, then with 202."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script: list[int] = []
        self.received: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/flowforge/default"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Sink

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
        status = self.server.script.pop(0) if self.server.script else 202
        if status == 0:  # no answer at all
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"no")

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def sink() -> Iterator[Sink]:
    server = Sink()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def send(sink: str | None, event: Event, **options: float) -> bool:
    return Sender(sink, **options).send(event)


def changed() -> Event:
    return make(
        DataChanged(table="flowforge.raw_trades", rows=3), component="sink", subject="flowforge.raw_trades"
    )


def test_an_event_arrives_in_binary_mode_with_its_trace(sink: Sink) -> None:
    event = changed()
    assert send(sink.url, event)
    headers, body = sink.received[0]
    assert headers["ce-id"] == event.id
    assert headers["ce-type"] == "flowforge.data.changed.v1"
    assert headers["ce-traceparent"] == headers["traceparent"] == event.traceparent
    assert json.loads(body)["rows"] == 3


@pytest.mark.parametrize("status", [404, 408, 409, 429, 500, 503, 0])
def test_what_may_pass_is_sent_again_as_the_same_event(sink: Sink, status: int) -> None:
    sink.script = [status]
    assert send(sink.url, changed())
    (first, _), (second, _) = sink.received
    assert first["ce-id"] == second["ce-id"]


@pytest.mark.parametrize("status", [400, 401, 403, 413, 301])
def test_what_will_never_pass_is_not(sink: Sink, status: int) -> None:
    sink.script = [status]
    with pytest.raises(RefusedError) as refused:
        send(sink.url, changed())
    assert refused.value.status == status
    assert len(sink.received) == 1


def test_patience_ends(sink: Sink) -> None:
    sink.script = [503] * 50
    with pytest.raises(UnreachableError, match="503"):
        send(sink.url, changed(), patience=0.3)
    assert 2 <= len(sink.received) < 50


def test_nobody_listening_is_unreachable() -> None:
    with pytest.raises(UnreachableError, match="ConnectionRefused"):
        send("http://127.0.0.1:9", changed(), patience=0.05)


def test_without_a_sink_the_caller_keeps_the_event_and_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    assert send(None, changed()) is False
    sender = Sender(None)
    caplog.clear()
    assert not any(sender.send(changed()) for _ in range(3))
    assert len(caplog.records) == 1


def test_one_sender_serves_many_threads_over_kept_connections(sink: Sink) -> None:
    sender = Sender(sink.url)
    events = [changed() for _ in range(60)]
    parts = [
        threading.Thread(target=lambda part: [sender.send(each) for each in part], args=(events[n::6],))
        for n in range(6)
    ]
    for part in parts:
        part.start()
    for part in parts:
        part.join()
    assert sorted(headers["ce-id"] for headers, _ in sink.received) == sorted(event.id for event in events)
    sender.close()


def test_a_sink_binding_may_add_attributes(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("K_SINK", sink.url)
    monkeypatch.setenv("K_CE_OVERRIDES", '{"extensions": {"cluster": "east"}}')
    assert Sender.of_environment().send(changed())
    assert sink.received[0][0]["ce-cluster"] == "east"


@pytest.mark.parametrize("url", ["ftp://x/", "127.0.0.1:80", "http://"])
def test_a_sink_must_be_a_url(url: str) -> None:
    with pytest.raises(ValueError, match="a sink must be"):
        Sender(url)


def test_pauses_double_have_jitter_and_obey_retry_after() -> None:
    for attempt, most in ((1, 0.1), (2, 0.2), (3, 0.4), (40, MOST_SECONDS)):
        values = {pause(attempt) for _ in range(20)}
        assert all(most / 2 <= value <= most for value in values)
        assert len(values) > 1
    assert pause(1, "3") == 3
    assert pause(1, "99999") == 30
    assert pause(1, "Sat, 21 Nov 2026 10:00:00 GMT") <= 0.1


def test_which_answers_are_worth_another_try() -> None:
    assert [status for status in range(200, 600) if is_retried(status)] == [
        404,
        408,
        409,
        429,
        *range(500, 600),
    ]
