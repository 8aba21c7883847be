"""Compiling a graph against what its tenant may see."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from flowforge.errors import ErrorCode, FlowForgeError, StoreError
from flowforge.graph import Graph
from flowforge.metrics import COMPILE_SECONDS
from flowforge.quotas import planning_turn
from flowforge.results.memo import PlanMemo, key_of
from flowforge.results.reading_order import in_reading_order
from flowforge.schema import catalog_for, snapshot
from flowforge.schema.declared import DECLARED
from flowforge.tenancy import Access

if TYPE_CHECKING:
    from flowforge.compiler import Plan

AS_OF_SECONDS = 15
"""``NOW()`` moves in steps of this size, so that looking twice at one result can use the cache."""
LARGE_GRAPH = 50
"""Nodes from which compiling is done in a worker thread, so that other requests are not held up."""

COMPILER = "flowforge.compiler"
"""Loaded, and SQLGlot with it, when something is to be compiled, unless the process has found time for it before."""

_plans = PlanMemo()


def compiler_is_loaded() -> bool:
    """Whether compiling needs no import any more; a module that is being imported has no ``__all__`` yet."""
    return hasattr(sys.modules.get(COMPILER), "__all__")


def as_of_now() -> datetime:
    """The request's as-of time: now (UTC), rounded down to the step."""
    seconds = int(datetime.now(UTC).timestamp())
    return datetime.fromtimestamp(seconds - seconds % AS_OF_SECONDS, UTC)


async def plan(
    graph: Graph,
    target: str,
    *,
    access: Access,
    params: Mapping[str, Any] | None = None,
    offset: int = 0,
    limit: int | None = None,
    as_of: datetime | None = None,
    use_rollups: bool = True,
    follows: bool = False,
) -> Plan:
    """The verified plan of one node; ``limit`` None is the whole result. ``follows``: see ``Page``.

    ``FlowForgeError`` names the node and the field that is wrong.
    """
    catalog = await catalog_for(access)
    moment = as_of or as_of_now()
    key = key_of(
        graph, target, access, params, (catalog.version, offset, limit, moment, use_rollups, follows)
    )
    known = _plans.get(key)
    if known is not None:
        return known
    if not compiler_is_loaded():  # in a thread, so that answers that are kept need not wait
        await asyncio.to_thread(import_module, COMPILER)
    from flowforge.compiler import Page, compile_graph

    asked = (graph, target) if limit is None else in_reading_order(graph, target, catalog)
    work = partial(
        compile_graph,
        *asked,
        catalog=catalog,
        access=access,
        params=params,
        as_of=moment,
        page=None if limit is None else Page(offset, limit, follows),
        use_rollups=use_rollups,
    )
    async with planning_turn(access.tenant_id):
        known = _plans.get(key)  # compiled meanwhile, by somebody who asked for the same
        if known is not None:
            return known
        try:
            with COMPILE_SECONDS.timed():
                compiled = await asyncio.to_thread(work) if len(graph.nodes) >= LARGE_GRAPH else work()
        except FlowForgeError as error:
            if error.code is ErrorCode.UNKNOWN_TABLE:
                await _raise_if_store_is_away(graph, error, access)
            raise
        _plans.put(key, compiled)
        return compiled


async def _raise_if_store_is_away(graph: Graph, error: FlowForgeError, access: Access) -> None:
    """A declared table that has never been discovered because its store is away is not unknown."""
    missing = (await snapshot()).missing_stores
    node = graph.nodes.get(error.node_id or "")
    if node is None or not missing:
        return
    name = f"{node.data.get('database')}.{node.data.get('table')}"
    declared = DECLARED.get(name)
    if declared is not None and declared.store in missing and access.sees_table(name):
        raise StoreError(
            ErrorCode.STORE_UNAVAILABLE,
            f"The store of {name} is out of reach.",
            node_id=error.node_id,
            hint="Try again shortly.",
        ) from error
