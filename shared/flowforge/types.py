"""Column types: string, int64, float64, decimal(p,s), date, datetime, boolean, each nullable or not.

The wire form is ``{"name": "price", "type": "decimal(18,6)", "nullable": false}``; the TypeScript
twin is ``frontend/src/shared/schema/types.ts``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Literal

from flowforge.records import dataclass

Kind = Literal["string", "int64", "float64", "decimal", "date", "datetime", "boolean"]

KINDS: tuple[Kind, ...] = ("string", "int64", "float64", "decimal", "date", "datetime", "boolean")
NUMERIC: frozenset[str] = frozenset({"int64", "float64", "decimal"})
TEMPORAL: frozenset[str] = frozenset({"date", "datetime"})

MAX_DECIMAL_PRECISION = 76
"""ClickHouse's Decimal256; PostgreSQL's numeric is wider."""

_DECIMAL = re.compile(r"^decimal\((\d{1,2}),\s*(\d{1,2})\)$")


@dataclass(frozen=True, slots=True)
class ColumnType:
    """A scalar type. ``precision`` and ``scale`` are decimal digits and only set for decimals."""

    kind: Kind
    precision: int = 0
    scale: int = 0

    @property
    def numeric(self) -> bool:
        """Whether arithmetic applies."""
        return self.kind in NUMERIC

    @property
    def temporal(self) -> bool:
        """Whether it is a date or a datetime."""
        return self.kind in TEMPORAL

    def __str__(self) -> str:
        return f"decimal({self.precision},{self.scale})" if self.kind == "decimal" else self.kind

    @staticmethod
    def parse(text: str) -> ColumnType:
        """Read the wire form; ``ValueError`` names the text that is not a type."""
        match = _DECIMAL.match(text)
        if match:
            precision, scale = int(match[1]), int(match[2])
            if not 1 <= precision <= MAX_DECIMAL_PRECISION or scale > precision:
                raise ValueError(f"{text!r} is not a decimal: 1 ≤ p ≤ {MAX_DECIMAL_PRECISION}, s ≤ p")
            return ColumnType("decimal", precision, scale)
        for kind in KINDS:
            if kind == text and kind != "decimal":
                return ColumnType(kind)
        raise ValueError(f"{text!r} is not a column type; one of {', '.join(KINDS)} (decimal(p,s))")


STRING = ColumnType("string")
INT64 = ColumnType("int64")
FLOAT64 = ColumnType("float64")
DATE = ColumnType("date")
DATETIME = ColumnType("datetime")
BOOLEAN = ColumnType("boolean")


def decimal(precision: int, scale: int) -> ColumnType:
    """A decimal of ``precision`` digits in all, ``scale`` of them after the point."""
    return ColumnType("decimal", precision, scale)


@dataclass(frozen=True, slots=True)
class Column:
    """A named, typed column of a table or of a node's output."""

    name: str
    type: ColumnType
    nullable: bool = False

    def renamed(self, name: str) -> Column:
        """The same column under another name."""
        return replace(self, name=name)

    def to_json(self) -> dict[str, Any]:
        """The wire form."""
        return {"name": self.name, "type": str(self.type), "nullable": self.nullable}

    @staticmethod
    def from_json(value: dict[str, Any]) -> Column:
        """Read the wire form; ``nullable`` defaults to false."""
        return Column(value["name"], ColumnType.parse(value["type"]), bool(value.get("nullable", False)))


Schema = tuple[Column, ...]
"""Columns in output order; names are unique (case-sensitive)."""


def find(schema: Schema, name: str) -> Column | None:
    """The column of that exact name, or None."""
    return next((column for column in schema if column.name == name), None)


def to_json(schema: Iterable[Column]) -> list[dict[str, Any]]:
    """The wire form of a schema."""
    return [column.to_json() for column in schema]


def from_json(values: Iterable[dict[str, Any]]) -> Schema:
    """Read the wire form of a schema."""
    return tuple(Column.from_json(value) for value in values)
