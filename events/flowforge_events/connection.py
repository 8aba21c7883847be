"""One POST to the broker over kept-alive HTTP/1.1 connections, safe to use from several threads.

The standard library's client, because importing a larger one would be most of a function's cold start.
It follows no redirect and knows no proxy.
"""

from __future__ import annotations

import contextlib
import http.client
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

MAX_IDLE = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """What the sink said."""

    status: int
    retry_after: str | None
    text: str


class Connections:
    """Connections to one URL; ``timeout`` in seconds bounds connecting, and each wait for the answer."""

    def __init__(self, url: str, timeout: float) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"a sink must be http(s)://host[:port]/path, not {url!r}")
        self._kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._address = (parts.hostname, parts.port)
        self._target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self._timeout = timeout
        self._idle: list[http.client.HTTPConnection] = []
        self._lock = threading.Lock()

    def post(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send and read the whole answer; ``OSError`` when there is none."""
        with self._lock:
            kept = self._idle.pop() if self._idle else None
        if kept is not None:
            with contextlib.suppress(OSError, http.client.HTTPException):  # closed while it was idle
                return self._exchange(kept, headers, body)
        host, port = self._address
        try:
            return self._exchange(self._kind(host, port, timeout=self._timeout), headers, body)
        except http.client.HTTPException as error:
            raise ConnectionError(f"no HTTP answer: {error!r}") from error

    def _exchange(
        self, connection: http.client.HTTPConnection, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        try:
            connection.request("POST", self._target, body=body, headers=dict(headers))
            response = connection.getresponse()
            text = response.read().decode("utf-8", errors="replace")
        except BaseException:
            connection.close()
            raise
        with self._lock:
            if response.will_close or len(self._idle) >= MAX_IDLE:
                connection.close()
            else:
                self._idle.append(connection)
        return Answer(response.status, response.getheader("Retry-After"), text)

    def close(self) -> None:
        """Close what is idle."""
        with self._lock:
            while self._idle:
                self._idle.pop().close()
