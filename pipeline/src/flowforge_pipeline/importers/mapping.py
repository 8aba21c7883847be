"""Which column of a file fills which field: named by the user, else recognised by common names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flowforge_pipeline.problems import FileError, PipelineError
from flowforge_pipeline.tables import TARGETS, Field, Target

_MARKS = {"quotes": {"bid", "ask"}, "daily_bars": {"day", "close", "open"}, "trades": {"price", "quantity"}}
"""Fields that give a table away, where the user does not name it."""


def parse_options(pairs: Sequence[str]) -> dict[str, str]:
    """``field=column`` options as field → column; a field or a column given twice is refused."""
    mapping: dict[str, str] = {}
    for pair in pairs:
        name, equals, column = pair.partition("=")
        name, column = name.strip(), column.strip()
        if not equals or not name or not column:
            raise PipelineError(f'"{pair}" is not a mapping.', remedy="Write --map field=column.")
        if name in mapping:
            raise PipelineError(f'The field "{name}" is mapped twice.', remedy="Keep one --map for it.")
        if column in mapping.values():
            raise PipelineError(f'The column "{column}" is mapped twice.', remedy="Keep one --map for it.")
        mapping[name] = column
    return mapping


def choose_target(name: str | None, columns: Sequence[str], mapping: Mapping[str, str]) -> Target:
    """The table named by the user, else the only one whose required fields the columns can fill."""
    if name is not None:
        return TARGETS[name]
    for candidate in ("quotes", "daily_bars", "trades"):
        target = TARGETS[candidate]
        recognised = set(_recognised(target, columns, mapping)) | set(mapping)
        marks = _MARKS[candidate]
        if (marks & recognised if candidate == "quotes" else marks <= recognised) and all(
            target.field(field) for field in mapping
        ):
            return target
    return TARGETS["trades"]


def resolve(
    target: Target, columns: Sequence[str], mapping: Mapping[str, str], *, symbol: str | None
) -> dict[str, str]:
    """Field → column of the file. Raises ``FileError`` for what cannot be decided.

    A user's choice wins over a name that merely looks right. Each column fills one field.
    """
    for name, column in mapping.items():
        if target.field(name) is None:
            known = ", ".join(field.name for field in target.fields)
            raise FileError(f'{target.name} have no field "{name}".', remedy=f"Fields: {known}.")
        if column not in columns:
            raise FileError(
                f'There is no column "{column}" to map to {name}.', remedy=f"Columns: {', '.join(columns)}."
            )
    resolved = {**_recognised(target, columns, mapping), **mapping}
    if symbol is not None and "symbol" not in mapping:
        resolved.pop("symbol", None)
    missing = [
        field.name
        for field in target.fields
        if field.required
        and field.name not in resolved
        and not (field.name == "symbol" and symbol is not None)
    ]
    if missing:
        also = " or give --symbol" if "symbol" in missing else ""
        raise FileError(
            f"No column for {' and '.join(missing)}.",
            remedy=f"Use --map {missing[0]}=column{also}. Columns: {', '.join(columns)}.",
        )
    return resolved


def _recognised(target: Target, columns: Sequence[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """Field → column by name, for fields and columns that the user left alone."""
    free = {column.strip().lower(): column for column in columns if column not in mapping.values()}
    found: dict[str, str] = {}
    for field in target.fields:
        if field.name in mapping:
            continue
        column = free.get(field.name) or _by_alias(field, free, found)
        if column is not None:
            found[field.name] = column
    return found


def _by_alias(field: Field, free: Mapping[str, str], taken: Mapping[str, str]) -> str | None:
    candidates = [
        free[alias] for alias in field.aliases if alias in free and free[alias] not in taken.values()
    ]
    if len(candidates) > 1 and field.required:
        raise FileError(
            f"{' and '.join(candidates)} could each be {field.name}.",
            remedy=f"Choose with --map {field.name}={candidates[0]}.",
        )
    return candidates[0] if candidates else None
