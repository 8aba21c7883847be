"""Where the stores are: the same variables in the cluster, under ``flowforge up`` and in tests."""

from __future__ import annotations

import os

from flowforge_pipeline.problems import PipelineError

CLICKHOUSE = "FLOWFORGE_CLICKHOUSE_ADMIN_URL"
LIVE = "FLOWFORGE_LIVE_ADMIN_DSN"


def clickhouse_url() -> str:
    """HTTP interface of ClickHouse with rights to define and insert."""
    return required(CLICKHOUSE, "http://user:password@127.0.0.1:8123")


def live_dsn() -> str | None:
    """The PostgreSQL stand-in of the hot lane; None where Materialize serves it."""
    return os.environ.get(LIVE) or None


def required(name: str, example: str) -> str:
    """The variable; PipelineError with an example where it is not set."""
    value = os.environ.get(name)
    if not value:
        raise PipelineError(
            f"{name} is not set.", remedy=f"`flowforge` sets it; elsewhere give it like {example}."
        )
    return value
