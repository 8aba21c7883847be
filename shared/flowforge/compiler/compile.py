"""Graph + target → Plan, as an ordered list of passes.

subgraph → relations (nodes apply) → implied joins → rollups → split by store → per statement: write (SQLGlot) → guard → generate →
verify → Plan
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flowforge.catalog import Catalog, Freshness
from flowforge.compiler.apply import apply_nodes
from flowforge.compiler.arithmetic import arithmetic_nodes
from flowforge.compiler.federate import statements
from flowforge.compiler.fingerprint import fingerprint
from flowforge.compiler.garbage import uncollected
from flowforge.compiler.implied import as_needed, implied_at
from flowforge.compiler.parameters import values
from flowforge.compiler.plan import Page, Plan
from flowforge.compiler.reads import reads, symbols_of
from flowforge.compiler.report import reports
from flowforge.compiler.rollups import Answered, answered_from_rollups
from flowforge.graph import Graph
from flowforge.relation import tables as tables_of
from flowforge.tenancy import Access

_NOW = re.compile(r"(?<![A-Za-z_])NOW(?![A-Za-z0-9_])", re.IGNORECASE | re.ASCII)
"""Where a formula may ask for the time: formulas have no comments, but a text or a column may say it too."""

_BY_CHANGE: tuple[Freshness, ...] = ("live", "seconds", "minutes", "hours", "static")


@uncollected()
def compile_graph(
    graph: Graph,
    target: str,
    *,
    catalog: Catalog,
    access: Access,
    params: Mapping[str, Any] | None = None,
    as_of: datetime | None = None,
    page: Page | None = None,
    merge: bool = True,
    use_rollups: bool = True,
) -> Plan:
    """Compile the target node and its ancestors to verified SQL.

    ``catalog`` is already narrowed to ``access``. ``page`` is the outermost LIMIT and OFFSET; where it
    is None, a table view's own page applies. ``as_of`` is the value of ``NOW()``. Without ``merge``
    every node has a SELECT of its own: the plain form that the merged one must give the same rows as.
    Without ``use_rollups`` every table is read itself.
    Raises ``GraphError`` with node, field and column.
    """
    moment = as_of or datetime.now(UTC)
    nodes = graph.upstream(target)
    parameters = values(graph, params)
    steps, window = apply_nodes(graph, nodes, catalog, parameters, merge=merge)
    relation = steps[target][2]
    shown = page or window
    if shown is not None:
        if page is not None and page.follows:
            relation = relation.totally_ordered()
        whose = relation.window.node if relation.window is not None else "" if page is not None else target
        relation = replace(relation, node=whose).limit(shown.limit, shown.offset)
    relation = as_needed(relation)
    answered = answered_from_rollups(relation, catalog) if use_rollups else Answered(relation)
    forms = (relation, answered.relation) if answered.relation is not relation else (relation,)
    tables = {each.qualified_name: each for form in forms for each in tables_of(form)}
    reading = reads(forms, access)
    relation = answered.relation
    made = statements(relation, steps, graph, catalog=catalog, access=access, as_of=moment)
    texts = [*[node.data.get("expression") for node in nodes], *parameters.values()]
    asked_at = moment if any(_NOW.search(str(text)) for text in texts) else None
    return Plan(
        statements=made.statements,
        columns=relation.schema,
        nodes=reports(steps, made, answered.uses, implied_at(relation)),
        lineage={field.name: tuple(sorted(field.origins)) for field in relation.fields},
        tables=tuple(tables),
        symbols=symbols_of(reading, tables.values(), access),
        freshness=min((table.freshness for table in tables.values()), key=_BY_CHANGE.index),
        plan_hash=fingerprint(
            graph,
            nodes,
            target,
            catalog_version=catalog.version,
            access=access,
            parameters=parameters,
            as_of=asked_at.isoformat() if asked_at is not None else None,
            use_rollups=use_rollups,
        ),
        page=shown,
        arithmetic=arithmetic_nodes(steps),
        residual=made.residual,
        reads=reading,
        as_of=asked_at,
    )
