"""A case whose tables lie in different stores, run as the functions would: fetched, brought together, sent."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import pytest

from flowforge.catalog import Catalog
from flowforge.compiler import Plan
from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.residual.run import read
from flowforge.resources import resource
from flowforge.stores import EXECUTE, clickhouse, postgres
from oracle import Overflow, Relation
from oracle.compare import difference, must_fail
from oracle.relation import Row
from oracle.strategies import Case
from oracle.strategies.tables import Table
from parity.checking import compiled
from parity.clickhouse import READ
from parity.engine import ParityEngine, described

Place = tuple[ParityEngine, Table, str]
"""A table of a case, the engine that it goes to, and its name there."""


def places(case: Case, engines: tuple[ParityEngine, ...], number: int) -> list[Place]:
    """The tables of a case, one after the other in the one and the other store."""
    return [
        (engines[(number + index) % len(engines)], table, f"{table.name}_{number}_{index}")
        for index, table in enumerate(case.tables)
    ]


def catalog_of(placed: Sequence[Place]) -> Catalog:
    """The tables where they will be."""
    return Catalog.of([described(*each) for each in placed])


@contextmanager
def loaded(placed: Sequence[Place]) -> Iterator[None]:
    """The tables with their rows in their engines, for a while."""
    done: list[Place] = []
    try:
        for engine, table, name in placed:
            engine.load(table, name)
            done.append((engine, table, name))
        yield
    finally:
        for engine, _, name in done:
            engine.drop(name)


def plan_over_stores(case: Case, catalog: Catalog) -> Plan | None:
    """The plan of a case, if it takes more than one store's statement and nothing that none can do."""
    try:
        plan = compiled(case, catalog, merge=True)
    except FlowForgeError as refused:
        if refused.code is ErrorCode.UNSUPPORTED_IN_STORE:
            return None
        raise
    return plan if plan.residual is not None else None


def check(expected: Relation | Overflow, plan: Plan, runner: asyncio.Runner) -> None:
    """Assert that the rows are the oracle's."""
    assert plan.verified
    try:
        rows = runner.run(_rows(plan))
    except FlowForgeError as error:
        overflows = isinstance(expected, Overflow) or expected.overflowed or must_fail(expected)
        if overflows or error.code is ErrorCode.UNSUPPORTED_IN_STORE:
            return
        raise
    assert not isinstance(expected, Overflow)
    assert not must_fail(expected), f"a number leaves its type, but there are rows: {rows}"
    problem = difference(expected.mapped(expected.schema, _as_sent), rows)
    statements = "\n\n".join(f"{each.store}: {each.sql}" for each in plan.statements)
    assert problem is None, f"{problem}\n\n{statements}"


def _as_sent(row: Row) -> Row:
    """JSON has no numbers that are not finite: they are sent as null."""
    return tuple(None if isinstance(cell, float) and not math.isfinite(cell) else cell for cell in row)


async def _rows(plan: Plan) -> list[Row]:
    try:
        found = await read(plan, EXECUTE)
    finally:
        await clickhouse.clickhouse.aclose()  # connections belong to the event loop that they were opened in
        await postgres.live_pool.aclose()
    return [
        tuple(
            None if cell is None else READ[column.type.kind](cell)
            for cell, column in zip(row, plan.columns, strict=True)
        )
        for row in json.loads(found.json())
    ]


def own_connections(patch: pytest.MonkeyPatch) -> None:
    """Connections of these tests' own, beside those that other tests have open in their event loop."""
    patch.setattr(clickhouse, "clickhouse", resource(clickhouse.clickhouse._factory))
    patch.setattr(postgres, "live_pool", resource(postgres.live_pool._factory))


def environment(clickhouse: str, live: str) -> Mapping[str, str]:
    """The settings by which the stores find the engines of the tests."""
    return {
        "FLOWFORGE_CLICKHOUSE_URL": clickhouse,
        "FLOWFORGE_LIVE_DSN": live,
        "FLOWFORGE_LIVE_ENGINE": "postgresql",
    }
