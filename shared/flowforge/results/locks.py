"""Locked filters: conditions that a host sets and no viewer can lift.

A lock is a filter that must hold for every row. Where a dashboard's filter would be reported as ignored, or
would reach only one side of a union, a lock refuses the whole answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ConfigDict, TypeAdapter

from flowforge.catalog import Catalog
from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.graph import Graph
from flowforge.results.filters import Filter, Filtered, applied
from flowforge.results.planning import plan
from flowforge.schema import catalog_for
from flowforge.tenancy import Access

_LOCKS = TypeAdapter(list[Filter], config=ConfigDict(defer_build=True))


def locks_of(stored: Iterable[dict[str, Any]]) -> list[Filter]:
    """Locks as they lie in a key or a token."""
    return _LOCKS.validate_python(list(stored))


def locked(
    graph: Graph, target: str, locks: Sequence[Filter], filters: Sequence[Filter], catalog: Catalog
) -> Filtered:
    """Bind locks and a viewer's filters, all of which must hold; 422 names a lock that cannot be applied."""
    question = applied(graph, target, [*locks, *filters], catalog)
    unsure = {*question.ignored, *question.partial}
    for lock in locks:
        if lock.column in unsure:
            raise FlowForgeError(
                ErrorCode.INVALID_REQUEST,
                f"The lock on {lock.column!r} cannot be applied to everything that this widget shows.",
                field="locked_filters",
                column=lock.column,
                hint="Lock a column of the widget's output, or one that each of its sources has.",
            )
    return question


async def shown_columns(
    graph: Graph, target: str, locks: Sequence[Filter], access: Access, params: Mapping[str, Any]
) -> frozenset[str]:
    """The columns of a result under locks: a viewer who filters these learns nothing that is not shown.

    Compiles the whole, so that it also proves that the locks and parameters fit (422 otherwise).
    """
    question = locked(graph, target, locks, (), await catalog_for(access))
    try:
        compiled = await plan(question.graph, question.target, access=access, params=params)
    except FlowForgeError as error:
        if error.node_id in question.added:
            error.node_id, error.field = None, "locked_filters"
        raise
    return frozenset(column.name for column in compiled.columns)
