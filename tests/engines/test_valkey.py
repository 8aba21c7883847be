"""Valkey: password, bounds, eviction, and the features that the rest of the system builds on."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
import redis

from flowforge_local.engines import Endpoints
from flowforge_local.engines.credentials import credentials
from flowforge_local.engines.valkey import MEMORY_MAX, MEMORY_MIN, memory_limit

pytestmark = pytest.mark.engines


@pytest.fixture
def client(engines: Endpoints) -> redis.Redis:
    return redis.Redis.from_url(engines.redis_url, decode_responses=True)


def test_settings(client: redis.Redis) -> None:
    assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "volatile-lru"}
    assert client.config_get("appendfsync") == {"appendfsync": "everysec"}
    assert client.config_get("appendonly") == {"appendonly": "yes"}
    assert client.config_get("bind") == {"bind": "127.0.0.1"}
    assert MEMORY_MIN <= int(client.config_get("maxmemory")["maxmemory"]) <= MEMORY_MAX


def test_the_password_is_needed(engines: Endpoints, engines_home: Path) -> None:
    secret = credentials(engines_home).valkey
    for url in (engines.redis_url.replace(f":{secret}@", ""), engines.redis_url.replace(secret, "wrong")):
        with pytest.raises(redis.AuthenticationError):
            redis.Redis.from_url(url).ping()


def test_no_secret_is_on_a_command_line_or_in_an_environment(engines: Endpoints, engines_home: Path) -> None:
    secrets = set(vars(credentials(engines_home)).values())
    addresses = [url if "//" in url else f"//{url}" for url in vars(engines).values() if url is not None]
    ports = {str(urlsplit(url).port) for url in addresses}
    ours = set()
    for process in psutil.process_iter(["cmdline", "environ"]):
        arguments, environment = process.info["cmdline"] or [], process.info["environ"] or {}
        words = [*arguments, *environment.values()]
        assert not [word for word in words for secret in secrets if secret in word]
        ours |= {port for port in ports for word in arguments if word == port or word.endswith(f":{port}")}
    assert ours == ports, "an engine was not looked at"


@pytest.mark.parametrize(
    "command", [("CONFIG", "SET", "dir", "/tmp"), ("DEBUG", "SLEEP", "0"), ("MODULE", "LOAD", "/tmp/x.so")]
)
def test_commands_that_reach_out_of_it_are_off(client: redis.Redis, command: tuple[str, ...]) -> None:
    with pytest.raises(redis.ResponseError):
        client.execute_command(*command)


def test_streams_and_groups(client: redis.Redis) -> None:
    client.delete("engines:stream")
    client.xgroup_create("engines:stream", "group", id="0", mkstream=True)
    identifiers = [client.xadd("engines:stream", {"n": number}) for number in range(3)]
    ((_, entries),) = client.xreadgroup("group", "one", {"engines:stream": ">"})
    assert [entry for entry, _ in entries] == identifiers
    claimed = client.xautoclaim("engines:stream", "group", "two", min_idle_time=0)
    assert [entry for entry, _ in claimed[1]] == identifiers
    assert client.xack("engines:stream", "group", *identifiers) == 3
    client.delete("engines:stream")


def test_memory_limit() -> None:
    assert memory_limit(1 << 20) == MEMORY_MIN
    assert memory_limit(4 << 30) == 512 << 20
    assert memory_limit(1 << 40) == MEMORY_MAX
