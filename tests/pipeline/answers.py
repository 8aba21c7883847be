"""Compiling and running graphs over the pipeline's tables, with the catalogue that the engine gives."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from flowforge.catalog import Catalog
from flowforge.compiler import Plan, compile_graph
from flowforge.graph import parse_graph
from flowforge.resources import close_all
from flowforge.schema import refresh
from flowforge.settings import settings
from flowforge.stores import EXECUTE, read
from flowforge.tenancy import EVERYTHING, Access
from flowforge_local.engines import Endpoints

EVERYONE = Access("demo", EVERYTHING, EVERYTHING, 1)
Step = tuple[str, dict[str, Any]]


@contextmanager
def application(store: Endpoints) -> Iterator[Catalog]:
    """The application's settings for these engines, and its catalogue."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("APP_ENV", "development")
        patch.setenv("FLOWFORGE_CLICKHOUSE_URL", store.clickhouse_app_url)
        patch.setenv("FLOWFORGE_LIVE_DSN", store.live_dsn)
        settings.cache_clear()
        yield asyncio.run(_catalog())
    settings.cache_clear()


async def _catalog() -> Catalog:
    try:
        return (await refresh()).catalog
    finally:
        await close_all()


def compiled(
    steps: Sequence[Step], catalog: Catalog, *, use_rollups: bool = True, access: Access = EVERYONE
) -> Plan:
    """The plan of a chain over ``flowforge.raw_trades``."""
    chain: list[Step] = [("data_source", {"database": "flowforge", "table": "raw_trades"}), *steps]
    nodes = [{"id": f"n{i}", "type": kind, "data": data} for i, (kind, data) in enumerate(chain)]
    edges = [{"source": f"n{i}", "target": f"n{i + 1}"} for i in range(len(steps))]
    graph = parse_graph({"nodes": nodes, "edges": edges})
    visible = catalog.visible_to(access)
    return compile_graph(graph, f"n{len(steps)}", catalog=visible, access=access, use_rollups=use_rollups)


def lines(plan: Plan) -> list[bytes]:
    """The rows as they go to the client, each one line, in any order."""
    return asyncio.run(_lines(plan))


async def _lines(plan: Plan) -> list[bytes]:
    (statement,) = plan.statements
    try:
        rows = await read(statement, EXECUTE, plan.columns)
    finally:
        await close_all()
    return sorted(rows.lines.splitlines())
