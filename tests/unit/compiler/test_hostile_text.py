"""Hostile text in every setting of every node: refused, or nothing but a literal or a quoted name.

The SQL is read again, and must be the SQL of a harmless text: the same tokens, but for the text itself.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlglot.dialects import Dialect
from sqlglot.tokens import TokenType

from flowforge.catalog import Table
from flowforge.compiler import Plan, compile_graph, propagate
from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.graph import parse_graph
from hostile.fields import KEY
from hostile.graphs import HARMLESS, Setting, settings, variants
from hostile.texts import HOSTILE
from samples import CATALOGUE, FIRM, LIVE, TRADES
from samples.golden import AS_OF

TABLES = (TRADES, LIVE)
VISIBLE = CATALOGUE.visible_to(FIRM)

SLIPPED_THROUGH = frozenset({ErrorCode.INTERNAL, ErrorCode.PLAN_NOT_VERIFIED})
"""What the verifier alone stops has slipped through everything before it."""


def compiled(document: dict[str, Any]) -> Plan | None:
    """The plan, or None where it is refused as a user's mistake."""
    try:
        graph = parse_graph(document)
        outcome = propagate(graph, catalog=VISIBLE).nodes["node"]
        plan = compile_graph(graph, "node", catalog=VISIBLE, access=FIRM, as_of=AS_OF)
    except FlowForgeError as refusal:
        if refusal.code in SLIPPED_THROUGH or refusal.status != 422:
            raise
        return None
    assert plan.verified
    assert plan.columns == outcome.schema
    return plan


Token = tuple[TokenType, str]


def tokens(plan: Plan) -> list[Token]:
    """What a reader of the SQL finds, white space and comments apart."""
    (statement,) = plan.statements
    read = Dialect.get_or_raise(statement.dialect).tokenize(statement.sql)
    assert not any(token.comments for token in read)
    return [(token.token_type, token.text) for token in read]


PLAIN = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII)
TEXT = frozenset({TokenType.STRING, TokenType.IDENTIFIER})


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.store)
@pytest.mark.parametrize("kind", sorted({setting.kind for table in TABLES for setting in settings(table)}))
def test_hostile_text_is_refused_or_only_text(table: Table, kind: str) -> None:
    for setting in settings(table):
        if setting.kind != kind:
            continue
        harmless = [_harmless(setting, table, at) for at in range(5)]
        for text in HOSTILE:
            for at, variant in enumerate(variants(setting, text)):
                plan = compiled(setting.document(table, variant))
                if plan is not None:
                    _check(setting, plan, harmless[at], text)


def _harmless(setting: Setting, table: Table, at: int) -> Plan | None:
    written = variants(setting, HARMLESS)
    return compiled(setting.document(table, written[at])) if at < len(written) else None


def _as_name(token: Token, text: str) -> Token:
    """A text that is a plain name needs no quotes as one."""
    plain = token == (TokenType.VAR, text) and PLAIN.fullmatch(text)
    return (TokenType.IDENTIFIER, text) if plain else token


def _check(setting: Setting, plan: Plan, harmless: Plan | None, text: str) -> None:
    found = [_as_name(token, text) for token in tokens(plan)]
    assert not any(kind is TokenType.SEMICOLON for kind, _ in found), setting.name
    if harmless is None:
        # The text means something here (a number, a date, a column), and a harmless one does not.
        assert len(text) < 100 or all(text not in each for kind, each in found if kind not in TEXT), (
            setting.name
        )
        return
    expected = tokens(harmless)
    assert [kind for kind, _ in found] == [kind for kind, _ in expected], (setting.name, ascii(text))
    for (kind, one), (_, other) in zip(found, expected, strict=True):
        assert one == other or (kind in TEXT and HARMLESS in other), (setting.name, ascii(text))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.store)
def test_every_setting_is_reached(table: Table) -> None:
    """The suite is worth nothing if its configurations are all refused for another reason."""
    reached = {
        setting.name for setting in settings(table) if compiled(setting.document(table, HARMLESS)) is not None
    }
    names = {setting.name for setting in settings(table)}
    assert {
        "filter.filters.[].value",
        "formula.output_column",
        "group_by.aggregations.[].alias",
        "rename.renames.<value>",
    } <= reached
    assert f"rename.renames.{KEY}" in names
    assert len(names) > 60 if table is TRADES else 50
