"""HTTP requests as bytes, asked once over a new connection, or many times by ``bench.load``."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time


def request(method: str, path: str, body: bytes = b"") -> bytes:
    """A request in the name of tenant ``demo``."""
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        "X-Dev-Tenant: demo",
        f"Content-Length: {len(body)}",
    ]
    lines += ["Content-Type: application/json"] if body else []
    return "\r\n".join([*lines, "", ""]).encode() + body


def body_of(port: int, asked: bytes) -> bytes:
    """The answer's body; ``RuntimeError`` for any other status than 200."""
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(asked.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
        received = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(received[:2_000].decode(errors="replace"))
    return body


def seconds_of(port: int, asked: bytes) -> float:
    """How long one answer takes, connecting included."""
    started = time.perf_counter()
    body_of(port, asked)
    return time.perf_counter() - started


def load(port: int, connections: int, requests: int, asked: bytes) -> tuple[list[float], float]:
    """Latencies over kept connections, and the seconds of all of them; from a process of its own."""
    command = [sys.executable, "-m", "bench.load", "127.0.0.1", str(port), str(connections), str(requests)]
    done = subprocess.run(command, input=asked, stdout=subprocess.PIPE, check=True)
    latencies, seconds = json.loads(done.stdout)
    return latencies, seconds
