"""Passwords of the engines and secrets of the mesh: made once per home, kept in one file of mode 0600."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path

from flowforge_local.engines.home import prepare_home, write_private

FILE = "credentials.json"


def _password() -> str:
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, repr=False)
class Credentials:
    """One password per user; each is URL-safe text of 192 random bits."""

    clickhouse_admin: str = field(default_factory=_password)
    clickhouse_app: str = field(default_factory=_password)
    postgres: str = field(default_factory=_password)
    flowforge_app: str = field(default_factory=_password)
    pipeline: str = field(default_factory=_password)
    flowforge_reader: str = field(default_factory=_password)
    valkey: str = field(default_factory=_password)
    flowforge_audit: str = field(default_factory=_password)
    embed_tokens: str = field(default_factory=_password)
    """No password: what embed tokens are signed with."""
    audit_chain: str = field(default_factory=_password)
    """No password: the key of the audit chain."""


def credentials(home: Path) -> Credentials:
    """Read the credentials of ``home``, making those that do not exist yet.

    Several processes may ask at once: the first writes, the others read what it wrote.
    """
    home = prepare_home(home)
    lock = os.open(home, os.O_RDONLY | os.O_DIRECTORY)  # the folder itself: no lock file is left
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        path = home / FILE
        names = {item.name for item in fields(Credentials)}
        known: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        made = Credentials(**{name: value for name, value in known.items() if name in names})
        if names - known.keys():
            write_private(path, json.dumps(asdict(made), indent=2) + "\n")
        return made
    finally:
        os.close(lock)
