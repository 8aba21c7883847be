"""A plain HTTP client for the ClickHouse interface, and clickhouse-connect clients of it."""

from __future__ import annotations

import base64
import http.client
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import clickhouse_connect
import pytest
from clickhouse_connect.driver.client import Client

from flowforge_local.engines import Endpoints


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def code(self) -> int:
        """ClickHouse's exception code; 0 where there is none."""
        return int(self.headers.get("x-clickhouse-exception-code", "0"))

    @property
    def text(self) -> str:
        return self.body.decode()


class Http:
    """Sends one request a connection, as curl does."""

    def __init__(self, url: str) -> None:
        self.url = urlsplit(url)

    def __call__(
        self,
        sql: str = "",
        *,
        body: bytes = b"",
        method: str = "POST",
        path: str = "/",
        headers: Mapping[str, str] | None = None,
        password: str | None = None,
        **parameters: Any,
    ) -> Reply:
        connection = http.client.HTTPConnection(self.url.hostname or "", self.url.port, timeout=60)
        secret = f"{self.url.username}:{password or self.url.password}".encode()
        sent = {"Authorization": f"Basic {base64.b64encode(secret).decode()}", **(headers or {})}
        query = urlencode(parameters | ({"query": sql} if body and sql else {}))
        try:
            connection.request(method, f"{path}?{query}" if query else path, body or sql.encode(), sent)
            response = connection.getresponse()
            received = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, received, response.read())
        finally:
            connection.close()


@pytest.fixture
def home() -> Iterator[Path]:
    """A home of the test's own, which every user of the machine can reach."""
    with tempfile.TemporaryDirectory(prefix="flowforge-tests-") as directory:
        Path(directory).chmod(0o711)
        yield Path(directory) / "home"


@pytest.fixture(scope="session")
def http_client() -> type[Http]:
    """Make a client from a URL, for tests that start engines of their own."""
    return Http


@pytest.fixture(scope="session")
def admin(engines: Endpoints) -> Http:
    return Http(engines.clickhouse_admin_url)


@pytest.fixture(scope="session")
def app(engines: Endpoints, admin: Http) -> Http:
    for database in ("flowforge", "engines_other"):
        assert admin(f"CREATE DATABASE IF NOT EXISTS {database}").status == 200
    columns = "(a Int64, b String) ENGINE = MergeTree ORDER BY a"
    for table in ("flowforge.engines_app", "engines_other.secret"):
        assert admin(f"CREATE TABLE IF NOT EXISTS {table} {columns}").status == 200
    assert admin("INSERT INTO flowforge.engines_app VALUES (1, 'one'), (2, 'two')").status == 200
    return Http(engines.clickhouse_app_url)


@pytest.fixture
def connect(engines: Endpoints) -> Iterator[Callable[..., Client]]:
    """Make clickhouse-connect clients of ``admin``, closed at the end."""
    url = urlsplit(engines.clickhouse_admin_url)
    made: list[Client] = []

    def client(**options: Any) -> Client:
        made.append(
            clickhouse_connect.get_client(
                host=url.hostname, port=url.port, username=url.username, password=url.password, **options
            )
        )
        return made[-1]

    yield client
    for one in made:
        one.close()
