"""Exchanging a key for a token that a page may have."""

from __future__ import annotations

import time

import orjson

from flowforge.auth import access_of
from flowforge.auth.embed_tokens import LONGEST_SECONDS, EmbedClaims, sign
from flowforge.embed.shapes import TokenAnswer, TokenRequest
from flowforge.errors import AccessError, ErrorCode
from flowforge.graph import parse_graph
from flowforge.metadata.embed_keys import StoredKey
from flowforge.metadata.graphs import not_found, read_widget
from flowforge.results.locks import locks_of, shown_columns


async def issue_token(key: StoredKey, wanted: TokenRequest) -> TokenAnswer:
    """A token of at most ten minutes, and no longer than its key lives.

    404 for a widget that the key does not open, 422 for locks or parameters that do not fit the widget,
    403 for columns that the key does not let viewers filter.
    """
    if wanted.widget_id not in key.widget_ids:
        raise not_found("widget", wanted.widget_id)
    widget = await read_widget(key.tenant_id, wanted.widget_id)
    graph = parse_graph(orjson.loads(widget.graph_text))
    locks = [*locks_of(key.locked_filters), *wanted.locked_filters]
    access = await access_of(key.tenant_id)
    shown = await shown_columns(graph, widget.output_node_id, locks, access, wanted.params)
    now = time.time()
    ends = now + LONGEST_SECONDS
    if key.expires_at is not None:
        ends = min(ends, key.expires_at.timestamp())
    claims = EmbedClaims(
        key_id=key.id,
        tenant_id=key.tenant_id,
        widget_id=wanted.widget_id,
        origins=key.allowed_origins,
        locked_filters=tuple(each.model_dump() for each in wanted.locked_filters),
        params=wanted.params,
        filterable_columns=_filterable(key, wanted, shown),
        expires=ends,
    )
    return TokenAnswer(token=sign(claims), expires_in=max(int(ends - now), 0))


def _filterable(key: StoredKey, wanted: TokenRequest, shown: frozenset[str]) -> frozenset[str]:
    """The columns asked for, within the key's; without either, those that are shown."""
    most = shown if key.filterable_columns is None else frozenset(key.filterable_columns)
    if wanted.filterable_columns is None:
        return most
    beyond = sorted(set(wanted.filterable_columns) - most)
    if beyond:
        raise AccessError(
            ErrorCode.FORBIDDEN,
            f"{', '.join(map(repr, beyond[:5]))}: not among the columns that this key lets viewers filter.",
            field="filterable_columns",
        )
    return frozenset(wanted.filterable_columns)
