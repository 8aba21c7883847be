"""A typed, evaluable part of a formula."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flowforge.types import ColumnType
from oracle.relation import Row


@dataclass(frozen=True, slots=True)
class Term:
    """``type`` is None for a NULL that nothing has typed yet; ``literal`` holds a literal's value.

    ``evaluate`` gives the value on a row: None for NULL, a ``Poison`` where it left its type.
    """

    type: ColumnType | None
    evaluate: Callable[[Row], Any]
    literal: Any = None


def constant(value: Any, type_: ColumnType | None) -> Term:
    """A literal."""
    return Term(type_, lambda _: value, value)
