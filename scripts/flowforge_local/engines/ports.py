"""Loopback ports: chosen once per home, kept while they stay free."""

from __future__ import annotations

import json
import random
import socket
from collections.abc import Iterable, Mapping
from pathlib import Path

from flowforge_local.engines.home import prepare_home, write_private

FILE = "ports.json"
LOOPBACK = "127.0.0.1"
CANDIDATES = range(18000, 32000)
"""Below the range from which Linux takes the source ports of outgoing connections (32768 up), so
that a port stays free between being chosen and being listened on."""


def is_free(port: int) -> bool:
    """Whether this process could listen on the loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def read_ports(home: Path) -> dict[str, int]:
    """Ports recorded in ``home``; empty where none were chosen yet."""
    path = home / FILE
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def choose_ports(home: Path, names: Iterable[str]) -> Mapping[str, int]:
    """Give each name a free port and record it: the recorded one where it is free, else a new one.

    Call it before anything of this home runs: a port that an engine of the home already listens
    on counts as taken.
    """
    home = prepare_home(home)
    recorded = read_ports(home)
    ports = dict(recorded)
    for name in names:
        if name not in ports or not is_free(ports[name]):
            ports[name] = _free_port(set(ports.values()))
    if ports != recorded:
        write_private(home / FILE, json.dumps(ports, indent=2) + "\n")
    return ports


def _free_port(taken: set[int]) -> int:
    generator = random.SystemRandom()
    for _ in range(200):
        port = generator.choice(CANDIDATES)
        if port not in taken and is_free(port):
            return port
    raise OSError(f"no free port between {CANDIDATES.start} and {CANDIDATES.stop - 1} on {LOOPBACK}")
