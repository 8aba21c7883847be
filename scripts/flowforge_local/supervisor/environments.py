"""What each kind of child learns about the stores: functions read, the pipeline writes."""

from __future__ import annotations

import os
from pathlib import Path

from flowforge_local.engines import Endpoints
from flowforge_local.engines.credentials import credentials

KEPT = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "TERM",
    "COLUMNS",
    "NO_COLOR",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
)


def _kept() -> dict[str, str]:
    return {name: os.environ[name] for name in KEPT if name in os.environ}


def function_environment(addresses: Endpoints, home: Path | None = None) -> dict[str, str]:
    """For the mesh and its functions: read-only stores, the metadata, the cache; with ``home``, what lies in it.

    ``flowforge up`` is a development machine unless ``APP_ENV`` says otherwise; further
    ``FLOWFORGE_*`` settings are passed on.
    """
    settings = {name: value for name, value in os.environ.items() if name.startswith("FLOWFORGE_")}
    return {
        **_kept(),
        **({} if home is None else _of_home(home)),
        **settings,
        "APP_ENV": os.environ.get("APP_ENV", "development"),
        "FLOWFORGE_CLICKHOUSE_URL": addresses.clickhouse_app_url,
        "FLOWFORGE_META_DSN": addresses.meta_dsn,
        "FLOWFORGE_AUDIT_DSN": addresses.audit_dsn,
        "FLOWFORGE_LIVE_DSN": addresses.live_dsn,
        "FLOWFORGE_LIVE_ENGINE": "postgresql",
        "FLOWFORGE_REDIS_URL": addresses.redis_url,
    }


def _of_home(home: Path) -> dict[str, str]:
    """Folders of files, and the secrets of embed tokens and of the audit chain."""
    secret = credentials(home)
    return {
        "FLOWFORGE_UPLOADS_DIR": str(home / "uploads"),
        "FLOWFORGE_RESULTS_DIR": str(home / "results"),
        "FLOWFORGE_EMBED_SECRET": secret.embed_tokens,
        "FLOWFORGE_AUDIT_SECRET": secret.audit_chain,
    }


def pipeline_environment(addresses: Endpoints) -> dict[str, str]:
    """For migrations, imports and the generator: the credentials that may write."""
    return {
        **_kept(),
        "FLOWFORGE_CLICKHOUSE_ADMIN_URL": addresses.clickhouse_admin_url,
        "FLOWFORGE_LIVE_ADMIN_DSN": addresses.live_admin_dsn,
        "FLOWFORGE_REDIS_URL": addresses.redis_url,
    }


def live_environment(addresses: Endpoints, place: Path, sink: str) -> dict[str, str]:
    """For the processes of the live pipeline: the broker as well, where events go, and a folder to remember in."""
    return {
        **pipeline_environment(addresses),
        **({"FLOWFORGE_BROKERS": addresses.brokers} if addresses.brokers else {}),
        "FLOWFORGE_PIPELINE_DIR": str(place),
        "K_SINK": sink,
    }
