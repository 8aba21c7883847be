"""One case on one engine: compiled merged and unmerged, run, compared with the oracle."""

from __future__ import annotations

from itertools import count

import pytest

from flowforge.catalog import Catalog
from flowforge.compiler import Plan, compile_graph
from flowforge.errors import ErrorCode, GraphError
from flowforge.graph import parse_graph
from flowforge.nodes import BY_KIND
from flowforge.tenancy import EVERYTHING, Access
from oracle import Overflow, Relation, evaluate
from oracle.compare import difference, must_fail
from oracle.relation import Row
from oracle.strategies import Case
from parity.engine import EngineError, ParityEngine, described

_numbers = count(1)


def expectation(case: Case) -> Relation | Overflow:
    """The oracle's answer."""
    try:
        return evaluate(case.graph, case.target, case.visible(), as_of=case.as_of)
    except Overflow as overflow:
        return overflow


def check(case: Case, engines: tuple[ParityEngine, ...]) -> None:
    """Assert that every engine answers the case as the oracle does, merged and unmerged."""
    expected = expectation(case)
    for engine in engines:
        names = {table.name: f"{table.name}_{next(_numbers)}" for table in case.tables}
        try:
            for table in case.tables:
                engine.load(table, names[table.name])
            catalog = Catalog.of(described(engine, table, names[table.name]) for table in case.tables)
            if _refused(case, engine):
                with pytest.raises(GraphError) as refusal:
                    compiled(case, catalog, merge=True)
                assert refusal.value.code is ErrorCode.UNSUPPORTED_IN_STORE
                continue
            for merge in (True, False):
                _check(case, expected, engine, compiled(case, catalog, merge=merge))
        finally:
            for name in names.values():
                engine.drop(name)


def _refused(case: Case, engine: ParityEngine) -> bool:
    """Whether the graph has a node that this store cannot run."""
    graph = parse_graph(case.graph)
    able = [BY_KIND[node.type].stores for node in graph.upstream(case.target)]
    return any(stores is not None and engine.store not in stores for stores in able)


def compiled(case: Case, catalog: Catalog, *, merge: bool) -> Plan:
    """The plan of a case for the tenant that asks."""
    symbols = EVERYTHING if case.symbols is None else frozenset(case.symbols)
    access = Access("parity", symbols, EVERYTHING, 1)
    return compile_graph(
        parse_graph(case.graph),
        case.target,
        catalog=catalog.visible_to(access),
        access=access,
        as_of=case.as_of,
        merge=merge,
    )


def _check(case: Case, expected: Relation | Overflow, engine: ParityEngine, plan: Plan) -> None:
    (statement,) = plan.statements
    assert plan.verified
    try:
        rows: list[Row] | EngineError = engine.run(statement, plan.columns)
    except EngineError as error:
        rows = error
    problem = _problem(expected, rows, plan)
    assert problem is None, f"{engine.store}: {problem}\n\n{statement.sql}\n"


def _problem(expected: Relation | Overflow, rows: list[Row] | EngineError, plan: Plan) -> str | None:
    if isinstance(rows, EngineError):
        allowed = isinstance(expected, Overflow) or expected.overflowed or must_fail(expected)
        return None if allowed else f"the engine failed: {rows}"
    if isinstance(expected, Overflow) or must_fail(expected):
        return f"a number leaves its type, but the engine gave rows: {rows}"
    types = [(column.name, column.type) for column in expected.schema]
    declared = [(column.name, column.type) for column in plan.columns]
    if types != declared:
        return f"the plan's columns are {declared}, expected {types}"
    for row in rows:
        for cell, column in zip(row, plan.columns, strict=True):
            if cell is None and not column.nullable:
                return f"{column.name} is declared not null, but there is a NULL"
    return difference(expected, rows)
