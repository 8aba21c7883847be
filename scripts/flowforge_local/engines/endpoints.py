"""Addresses of the engines of one home, with the credentials in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flowforge_local.engines.credentials import credentials
from flowforge_local.engines.ports import LOOPBACK, read_ports


@dataclass(frozen=True, repr=False)
class Endpoints:
    """URLs and DSNs; each carries a password, so none may be logged."""

    clickhouse_admin_url: str
    """HTTP interface for DDL and inserts."""
    clickhouse_app_url: str
    """HTTP interface for single read-only statements on the serving databases."""
    meta_dsn: str
    """PostgreSQL database ``meta``, as its owner."""
    live_admin_dsn: str
    """PostgreSQL database ``live``, as its owner ``pipeline``."""
    audit_dsn: str
    """PostgreSQL database ``meta``, as a role that may add to the audit log."""
    live_dsn: str
    """PostgreSQL database ``live``, read-only."""
    redis_url: str
    brokers: str | None
    """``host:port`` of the Kafka-compatible broker; None where none was ever started."""


def endpoints(home: Path) -> Endpoints:
    """Addresses of the engines of ``home``, whose ports have been chosen.

    Raises:
        LookupError: no ports are recorded in ``home``: nothing was ever started there.

    """
    home = home.expanduser().absolute()
    ports = read_ports(home)
    missing = {"clickhouse", "postgres", "valkey"} - ports.keys()
    if missing:
        raise LookupError(
            f"{home} has no ports for {', '.join(sorted(missing))}: start FlowForge on it first"
        )
    secret = credentials(home)
    clickhouse = f"{LOOPBACK}:{ports['clickhouse']}"
    brokers = f"{LOOPBACK}:{ports['tansu']}" if "tansu" in ports else None
    postgres = f"{LOOPBACK}:{ports['postgres']}"
    return Endpoints(
        clickhouse_admin_url=f"http://admin:{secret.clickhouse_admin}@{clickhouse}",
        clickhouse_app_url=f"http://app:{secret.clickhouse_app}@{clickhouse}",
        meta_dsn=f"postgresql://flowforge_app:{secret.flowforge_app}@{postgres}/meta",
        live_admin_dsn=f"postgresql://pipeline:{secret.pipeline}@{postgres}/live",
        audit_dsn=f"postgresql://flowforge_audit:{secret.flowforge_audit}@{postgres}/meta",
        live_dsn=f"postgresql://flowforge_reader:{secret.flowforge_reader}@{postgres}/live",
        redis_url=f"redis://:{secret.valkey}@{LOOPBACK}:{ports['valkey']}/0",
        brokers=brokers,
    )
