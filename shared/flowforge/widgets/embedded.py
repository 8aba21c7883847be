"""``GET /api/v1/embed/{widget_id}/data``: a widget under the locks of a key and a token."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import orjson

from flowforge.errors import AccessError, ErrorCode
from flowforge.metadata.graphs import read_widget
from flowforge.results.filters import Filter
from flowforge.results.locks import locks_of, shown_columns
from flowforge.tenancy import Access
from flowforge.widgets.resolved import Resolved, answered
from flowforge.widgets.widget import FILTERS, PARAMETERS, WidgetDataQuery, from_text, graph_of, resolved

if TYPE_CHECKING:
    from flowforge.auth.embed import EmbedGrant


async def embedded_data(access: Access, grant: EmbedGrant, query: WidgetDataQuery) -> bytes:
    """The JSON of a ``WidgetDataResponse``.

    The viewer's filters come on top of the locks, on filterable columns only (403); parameters are the
    token's (403 for others), or the caller's own where the proof is the key itself.
    """

    async def resolve() -> Resolved:
        return await _resolved(access, grant, query)

    allowed = grant.filterable_columns
    terms = orjson.dumps([grant.locked_filters, grant.params, None if allowed is None else sorted(allowed)])
    question = ("embedded", grant.widget_id, query.filters, query.params, terms)
    size = len(query.filters) + len(query.params) + len(terms)
    return await answered(access, question, size, resolve)


async def _resolved(access: Access, grant: EmbedGrant, query: WidgetDataQuery) -> Resolved:
    widget = await read_widget(access.tenant_id, grant.widget_id)
    filters: list[Filter] = from_text(FILTERS, query.filters, "filters")
    params: dict[str, Any] = from_text(PARAMETERS, query.params, "params")
    if grant.params is not None:
        _refuse_other(params, grant.params)
        params = dict(grant.params)
    locks = locks_of(grant.locked_filters)
    if filters:
        allowed = grant.filterable_columns
        if allowed is None:
            allowed = await shown_columns(graph_of(widget), widget.output_node_id, locks, access, params)
        _refuse_unlisted(filters, allowed)
    return await resolved(access, widget, filters, params, locks)


def _refuse_unlisted(filters: Sequence[Filter], allowed: frozenset[str]) -> None:
    for each in filters:
        if each.column not in allowed:
            listed = ", ".join(sorted(allowed)[:20]) or "none"
            raise AccessError(
                ErrorCode.FORBIDDEN,
                f"{each.column!r} is not a column that may be filtered here; those are: {listed}.",
                field="filters",
                column=each.column,
            )


def _refuse_other(params: dict[str, Any], fixed: Any) -> None:
    for name, value in params.items():
        if name not in fixed or fixed[name] != value:
            raise AccessError(
                ErrorCode.FORBIDDEN,
                f"The parameter {name!r} is set by the host of this page.",
                field="params",
                hint="The host's server names parameters when it asks for the token.",
            )
