"""Hostile text in every setting, run on the real engines as a tenant who may see two of four symbols."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from flowforge.catalog import Table
from flowforge.compiler import Plan, compile_graph
from flowforge.errors import FlowForgeError
from flowforge.graph import parse_graph
from hostile.graphs import Setting, settings, variants
from hostile.texts import HOSTILE
from samples import CATALOGUE, FIRM, LIVE, TRADES, VIEW

if TYPE_CHECKING:
    from isolation.conftest import Engines

pytestmark = pytest.mark.engines

TABLES = [TRADES, VIEW, LIVE]
FORBIDDEN = ("JPM", "BAC", "forbidden", "999999999999", "9223372036854775807", "1e+308")
"""Parts of the rows of the other two symbols."""


def compiled(document: dict[str, Any]) -> Plan | None:
    try:
        return compile_graph(parse_graph(document), "node", catalog=CATALOGUE.visible_to(FIRM), access=FIRM)
    except FlowForgeError:
        return None


def plans(setting: Setting, table: Table, texts: Sequence[str]) -> Iterator[tuple[str, Plan]]:
    """What is not refused; the same SQL only once."""
    seen: set[str] = set()
    for text in texts:
        for variant in variants(setting, text):
            plan = compiled(setting.document(table, variant))
            if plan is not None and plan.statements[0].sql not in seen:
                seen.add(plan.statements[0].sql)
                yield variant, plan


EVERY_KIND = pytest.mark.parametrize("kind", sorted({setting.kind for setting in settings(TRADES)}))
EVERY_TABLE = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


@EVERY_TABLE
@EVERY_KIND
def test_no_row_and_no_value_of_another_tenant(trades: Engines, table: Table, kind: str) -> None:
    for setting in _of_kind(kind, table):
        _check(trades, setting, table, Random(f"{table.name} {setting.name}").sample(HOSTILE, 25))


@pytest.mark.slow
@EVERY_TABLE
@EVERY_KIND
def test_no_row_and_no_value_whatever_the_text(trades: Engines, table: Table, kind: str) -> None:
    for setting in _of_kind(kind, table):
        _check(trades, setting, table, HOSTILE)


def _of_kind(kind: str, table: Table) -> list[Setting]:
    return [setting for setting in settings(table) if setting.kind == kind]


def _check(trades: Engines, setting: Setting, table: Table, texts: Sequence[str]) -> None:
    for text, plan in plans(setting, table, texts):
        try:
            shown = repr(trades.run(plan.statements[0]))
        except RuntimeError as error:
            shown = str(error)
            assert "syntax error" not in shown.lower(), (setting.name, ascii(text))
        for part in FORBIDDEN:
            assert part in text or part not in shown, (setting.name, ascii(text))
