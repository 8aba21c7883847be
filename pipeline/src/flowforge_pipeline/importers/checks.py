"""Find the first row that is wrong: one vectorised pass for all rules, details only for the culprit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Rule:
    """``broken`` marks the rows where ``column`` (as the file calls it) cannot be used."""

    column: str
    broken: pl.Series
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Breach:
    """The first broken row, from 0, and the rule it breaks."""

    row: int
    rule: Rule


def first_breach(rules: Sequence[Rule]) -> Breach | None:
    """The breach nearest to the top of the file; of several in one row, the earlier rule."""
    found: Breach | None = None
    for rule in rules:
        row = rule.broken.arg_max() if rule.broken.any() else None
        if row is not None and (found is None or row < found.row):
            found = Breach(row, rule)
    return found
