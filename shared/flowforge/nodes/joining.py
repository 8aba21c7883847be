"""What ``join`` and ``asof_join`` share: pairs of keys, and the columns of both sides in one row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field

from flowforge.errors import ErrorCode, GraphError
from flowforge.formula import rules
from flowforge.nodes.base import ColumnName, NodeConfig, Port, column_of
from flowforge.types import Column, Schema

MAX_KEYS = 20
SUFFIX = "_right"
"""What a right column is called by, behind its own name, if the left side has that name; if that is taken, too,
with the first number from 2 that makes it one which is not.
"""

PORTS = (Port("left"), Port("right"))

Keys = Annotated[list[ColumnName], Field(min_length=1, max_length=MAX_KEYS)]


class KeyedConfig(NodeConfig):
    """The columns whose values must be equal: one by its name, or several as a list, on either side."""

    left_key: ColumnName | None = None
    left_keys: Keys | None = None
    right_key: ColumnName | None = None
    right_keys: Keys | None = None


Place = tuple[str, str]
"""A key's name and the configuration field that gives it."""


def key_pairs(config: KeyedConfig, inputs: tuple[Schema, ...]) -> list[tuple[Column, Column]]:
    """The pairs of key columns; each must be there, and the two of a pair comparable."""
    left = _given("left", config.left_key, config.left_keys)
    right = _given("right", config.right_key, config.right_keys)
    if len(left) != len(right):
        raise GraphError(
            ErrorCode.INVALID_CONFIG,
            f"{len(left)} keys on the left and {len(right)} on the right cannot be paired.",
            field="right_keys" if config.right_keys is not None else "right_key",
            hint="Choose as many keys on the right as on the left.",
        )
    pairs: list[tuple[Column, Column]] = []
    for (name, field), (other, other_field) in zip(left, right, strict=True):
        pair = column_of(inputs[0], name, field), column_of(inputs[1], other, other_field)
        refuse_clash(pair, other_field)
        pairs.append(pair)
    return pairs


def _given(side: str, key: str | None, keys: Sequence[str] | None) -> list[Place]:
    if key is not None and keys is not None:
        raise GraphError(
            ErrorCode.INVALID_CONFIG,
            f"{side}_key and {side}_keys are both given.",
            field=f"{side}_keys",
            hint=f"Give one key as {side}_key, or several as {side}_keys.",
        )
    if key is not None:
        return [(key, f"{side}_key")]
    return [(name, f"{side}_keys.{index}") for index, name in enumerate(keys or ())]


def refuse_clash(pair: tuple[Column, Column], field: str) -> None:
    """``TYPE_MISMATCH`` where values of the two columns cannot be compared."""
    left, right = pair
    if rules.common([left.type, right.type]) is None:
        raise GraphError(
            ErrorCode.TYPE_MISMATCH,
            f"{left.name!r} is {left.type} and {right.name!r} is {right.type}; they cannot be compared.",
            field=field,
            column=right.name,
            hint="Choose columns of one type, or convert one of them in a formula node first.",
        )


def names(inputs: tuple[Schema, ...]) -> list[str]:
    """What the columns of a joined row are called: the left ones, then the right ones."""
    left, right = inputs
    mine = [column.name for column in left]
    return mine + _told_apart([column.name for column in right], frozenset(mine))


def _told_apart(theirs: Sequence[str], mine: frozenset[str]) -> list[str]:
    taken = mine.union(theirs)
    made: list[str] = []
    for name in theirs:
        told = name
        if name in mine:
            told, number = name + SUFFIX, 2
            while told in taken:
                told, number = f"{name}{SUFFIX}_{number}", number + 1
            taken |= {told}
        made.append(told)
    return made


def both(inputs: tuple[Schema, ...], *, left_missing: bool, right_missing: bool) -> Schema:
    """The columns of a joined row; those of a side that a row can lack are nullable."""
    left, right = inputs
    made = names(inputs)
    missing = [left_missing] * len(left) + [right_missing] * len(right)
    return tuple(
        Column(name, each.type, each.nullable or lacking)
        for name, each, lacking in zip(made, (*left, *right), missing, strict=True)
    )
