"""Identifiers in generated SQL: quoted only where they must be, escaped for the store that reads them."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from sqlglot import exp

_SIMPLE = re.compile(r"^[a-z_][a-z0-9_]*$", re.ASCII)

_RESERVED_WORDS = """
all analyse analyze and any anti array as asc asof asymmetric between both by case cast check
collate column constraint create cross cube current current_catalog current_date current_role
current_schema current_time current_timestamp current_user date default deferrable desc distinct div
do else end except exists extract false fetch final first following for foreign format freeze from
full function global grant group grouping having if ilike in inner initially insert intersect
interval into is isnull join key kill last lateral leading left like limit localtime localtimestamp
materialized mod natural not notnull null nulls of offset on only or order outer over overlaps paste
placing preceding prewhere primary qualify range references regexp returning right rollup row rows
sample select semi session_user set settings show similar some substring symmetric system_user table
tables tablesample then ties time timestamp to top totals trailing trim true truncate union unique
update user using values variadic verbose view when where window with
"""
_RESERVED = frozenset(_RESERVED_WORDS.split())
"""Words that PostgreSQL or ClickHouse read as syntax where a name could stand."""


@lru_cache(maxsize=4096)
def _quoted(name: str) -> bool:
    return not _SIMPLE.match(name) or name in _RESERVED


def identifier(name: str) -> exp.Identifier:
    """A fresh identifier node; SQLGlot escapes it when it writes the dialect's text."""
    return exp.Identifier(this=name, quoted=_quoted(name))


def column(name: str, table: str | None = None) -> exp.Column:
    """A fresh column reference, qualified if ``table`` is given."""
    if table is None:
        return exp.Column(this=identifier(name))
    return exp.Column(this=identifier(name), table=identifier(table))


def free(name: str, taken: Collection[str]) -> str:
    """The name, or it with the first number that makes it one which is not taken."""
    candidate, index = name, 2
    while candidate in taken:
        candidate, index = f"{name}_{index}", index + 1
    return candidate
