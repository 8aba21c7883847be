"""Homes: ports, credentials, file modes, and two of them side by side."""

from __future__ import annotations

import json
import os
import socket
import stat
import threading
from pathlib import Path
from typing import Any

import pytest
import redis

from flowforge_local.engines import ENGINES, Endpoints, choose_ports, endpoints
from flowforge_local.engines.credentials import FILE, Credentials, credentials
from flowforge_local.engines.testing import running_engines


def test_ports_are_kept_while_free(tmp_path: Path) -> None:
    names = [spec.name for spec in ENGINES]
    first = choose_ports(tmp_path / "home", names)
    assert len(set(first.values())) == len(names)
    assert choose_ports(tmp_path / "home", names) == first
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first["valkey"]))
        taken.listen()
        second = choose_ports(tmp_path / "home", names)
    assert second["valkey"] != first["valkey"]
    assert {name: second[name] for name in names if name != "valkey"} == {
        name: first[name] for name in names if name != "valkey"
    }


def test_endpoints_need_ports(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="clickhouse, postgres, valkey"):
        endpoints(tmp_path / "home")


def test_credentials_are_private_and_made_once(tmp_path: Path) -> None:
    home = tmp_path / "home"
    made: list[Credentials] = []
    threads = [threading.Thread(target=lambda: made.append(credentials(home))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 8
    assert len(set(made)) == 1
    assert stat.S_IMODE((home / FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(home.stat().st_mode) in ((0o711,) if os.geteuid() == 0 else (0o700,))
    values = list(vars(made[0]).values())
    assert len(set(values)) == len(values)
    assert min(len(value) for value in values) >= 32
    assert "clickhouse_admin" not in repr(made[0])


def test_a_credential_that_a_newer_version_needs_is_added(tmp_path: Path) -> None:
    home = tmp_path / "home"
    before = credentials(home)
    stored = json.loads((home / FILE).read_text())
    del stored["valkey"]
    (home / FILE).write_text(json.dumps(stored))
    after = credentials(home)
    assert after.valkey != before.valkey
    assert after.pipeline == before.pipeline
    assert credentials(home) == after


@pytest.mark.engines
def test_two_homes_side_by_side(engines: Endpoints, admin: Any, http_client: Any, home: Path) -> None:
    with running_engines(home) as other:
        there = http_client(other.clickhouse_admin_url)
        assert admin("SELECT 1").text == there("SELECT 1").text == "1\n"
        assert admin("SELECT 1", password=there.url.password).code == 516
        there("CREATE DATABASE engines_there")
        assert admin("SELECT count() FROM system.databases WHERE name = 'engines_there'").text == "0\n"
        redis.Redis.from_url(other.redis_url).set("engines:there", 1)
        assert redis.Redis.from_url(engines.redis_url).get("engines:there") is None


@pytest.mark.engines
def test_everything_in_a_home_is_private(engines: Endpoints, engines_home: Path) -> None:
    del engines
    for directory in ("clickhouse", "valkey"):
        for path in [engines_home / directory, *(engines_home / directory).rglob("*")]:
            if not path.is_symlink() and path.exists():
                assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
