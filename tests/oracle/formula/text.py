"""Functions of text; lengths and positions count code points."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flowforge.types import BOOLEAN, INT64, STRING, ColumnType
from oracle.formula.apply import strict
from oracle.formula.term import Term


def _of(type_: ColumnType, function: Callable[..., Any]) -> Callable[[Sequence[Term]], Term]:
    return lambda terms: strict(type_, function, terms)


def _right(text: str, count: int) -> str:
    return text[-count:] if count > 0 else ""


FUNCTIONS: Mapping[str, Callable[[Sequence[Term]], Term]] = {
    "CONCAT": _of(STRING, lambda *texts: "".join(texts)),
    "LEFT": _of(STRING, lambda text, count: text[: max(0, count)]),
    "RIGHT": _of(STRING, _right),
    "UPPER": _of(STRING, lambda text: text.upper()),
    "LOWER": _of(STRING, lambda text: text.lower()),
    "TRIM": _of(STRING, lambda text: text.strip(" ")),
    "LENGTH": _of(INT64, len),
    "CONTAINS": _of(BOOLEAN, lambda text, other: other in text),
    "STARTS_WITH": _of(BOOLEAN, lambda text, other: text.startswith(other)),
    "REPLACE": _of(STRING, lambda text, old, new: text.replace(old, new) if old else text),
}
