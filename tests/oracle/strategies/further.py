"""Configurations of the node types beyond the first set, as ``nodes`` has them for those."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from flowforge.types import Column
from oracle.formula.casts import written
from oracle.nodes.join import right_names
from oracle.strategies.nodes import ALIASES, NEW_NAME, Drawn, Input, aggregation, is_exact, wire
from oracle.strategies.pick import below, chance, pick, some
from oracle.strategies.values import value

SIZES = ("1s", "1m", "5m", "15m", "1h", "2h", "4h", "1d", "1w", "1M", "7m", "90m", "150m", "5h", "3d", "5M")
ZONES = (
    "America/New_York",
    "Europe/London",
    "Asia/Kolkata",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "UTC",
)


def rename(draw: st.DrawFn, given: Input) -> Drawn | None:
    """Fresh names for one or two columns, or the names of two exchanged."""
    names = [column.name for column in given.relation.schema]
    given_anew = [name for name in names if NEW_NAME.fullmatch(name)]
    if len(given_anew) > 1 and chance(draw, 25):
        one, other = some(draw, given_anew, 2, 2)
        exchanged = {one: other, other: one}
        return {"renames": exchanged}, frozenset(exchanged.get(name, name) for name in given.exact)
    fresh = [name for name in dict.fromkeys(("renamed", "x y", *ALIASES)) if name not in names]
    if not fresh:
        return None
    renames = dict(zip(some(draw, names, 1, 2), some(draw, fresh, 2, 2), strict=False))
    exact = frozenset(renames.get(name, name) for name in given.exact)
    return {"renames": renames}, exact


def unique(draw: st.DrawFn, given: Input) -> Drawn | None:
    """By some columns or by all; floats that may differ in the last bit decide nothing."""
    if len(given.exact) == len(given.relation.schema) and chance(draw, 40):
        return {"columns": []}, given.exact
    return {"columns": some(draw, given.names, 1, 2)}, given.exact


def sample(draw: st.DrawFn, given: Input) -> Drawn | None:
    """A number of rows; a fraction's answer is open."""
    return {"rows": draw(below(6)) + 1, "seed": draw(below(3))}, given.exact


def time_bucket(draw: st.DrawFn, given: Input) -> Drawn | None:
    """Every anchor."""
    times = [column.name for column in given.columns if column.type.temporal]
    if not times:
        return None
    anchor = pick(draw, ("utc", "zone", "session"))
    output = pick(draw, ("bucket", "bucket", *ALIASES))
    if output in {column.name for column in given.relation.schema}:
        return None
    config = {
        "column": pick(draw, times),
        "size": pick(draw, SIZES),
        "anchor": anchor,
        "output_column": output,
    }
    if anchor == "zone":
        config["timezone"] = pick(draw, ZONES)
    if anchor == "session":
        config["session"] = pick(draw, ("rth", "all"))
    return config, given.exact | {output}


FUNCTIONS = (
    "lag", "lead", "row_number", "rank", "rolling_avg", "rolling_sum", "rolling_min", "rolling_max", "rolling_stddev",
    "cumulative_sum", "pct_change",
)  # fmt: skip


def window(draw: st.DrawFn, given: Input) -> Drawn | None:
    """In an order that mostly ends with ``seq`` where there is one, so that it is total."""
    function = pick(draw, FUNCTIONS)
    columns = [column for column in given.columns if _windowed(function, column)]
    free = [name for name in ("window", "out", "w 2") if name not in {c.name for c in given.relation.schema}]
    if not free or not columns:
        return None
    config: dict[str, Any] = {"function": function, "output_column": free[0]}
    if chance(draw, 60):
        config["partition_by"] = some(draw, given.names, 0, 2)
    if given.relation.ranks is None or chance(draw, 70):
        order = [name for name in some(draw, given.names, 1, 2) if name != "seq"]
        order += ["seq"] if "seq" in given.exact and function != "rank" and chance(draw, 80) else []
        directions = [pick(draw, ("asc", "desc")) for _ in order or given.names[:1]]
        config["order_by"] = [
            {"column": name, "direction": direction}
            for name, direction in zip(order or given.names[:1], directions, strict=True)
        ]
    column = pick(draw, columns)
    if function not in ("row_number", "rank"):
        config["column"] = column.name
    if function in ("lag", "lead"):
        config["offset"] = draw(below(3)) + 1
    if function.startswith("rolling"):
        config["frame"] = {"rows": pick(draw, (2, 1, 3, 4, 1_000_000))}
    computed = function in ("rolling_avg", "rolling_sum", "cumulative_sum", "pct_change")
    approximate = function == "rolling_stddev" or (computed and column.type.kind == "float64")
    return config, given.exact if approximate else given.exact | {free[0]}


def _windowed(function: str, column: Column) -> bool:
    """Whether the function takes the column."""
    if function in ("lag", "lead", "row_number", "rank"):
        return True
    return column.type.numeric or (
        function in ("rolling_min", "rolling_max") and column.type.kind != "boolean"
    )


def pivot(draw: st.DrawFn, given: Input) -> Drawn | None:
    """Over columns whose text is defined, values that occur and sometimes one that does not."""
    spread = [column for column in given.columns if column.type.kind != "float64"]
    if not spread:
        return None
    column = pick(draw, spread)
    at = given.relation.index(column.name)
    options = [row[at] for row in given.relation.rows if row[at] is not None]
    options += [value(draw, column.type)] if chance(draw, 30) else []
    wanted = {written(each): each for each in some(draw, options, 1, 3)}
    rows = some(draw, given.names, 1, 2)
    names = [name for name in wanted if name not in rows and NEW_NAME.fullmatch(name)]
    if not names:
        return None
    config = aggregation(draw, given)
    config.pop("alias", None)
    if "column" in config:
        config["value"] = config.pop("column")
    listed = [wire(wanted[name]) for name in names]
    exact = {*rows, *(names if is_exact(given, config["function"], config.get("value")) else [])}
    return {"rows": rows, "column": column.name, "column_values": listed, **config}, frozenset(exact)


UNARY: Mapping[str, Callable[[st.DrawFn, Input], Drawn | None]] = {
    "rename": rename,
    "unique": unique,
    "sample": sample,
    "time_bucket": time_bucket,
    "window": window,
    "pivot": pivot,
}


def join(draw: st.DrawFn, left: Input, right: Input) -> Drawn | None:
    """On one or two pairs of comparable columns."""
    pairs = some(draw, _pairs(left, right), 1, 2)
    exact = _joined(left, right)
    if not pairs:
        return None
    config = {
        "join_type": pick(draw, ("inner", "left", "right", "full")),
        "left_keys": [a.name for a, _ in pairs],
        "right_keys": [b.name for _, b in pairs],
    }
    return config, exact


def asof_join(draw: st.DrawFn, left: Input, right: Input) -> Drawn | None:
    """On a pair of keys or on none, and on any times."""
    times = [[c.name for c in given.columns if c.type.temporal] for given in (left, right)]
    exact = _joined(left, right)
    pairs = [pair for pair in _pairs(left, right) if pair[0].type == pair[1].type]
    if not all(times):
        return None
    config: dict[str, Any] = {
        "left_time": pick(draw, times[0]),
        "right_time": pick(draw, times[1]),
        "direction": pick(draw, ("backward", "forward")),
        "allow_exact": chance(draw, 70),
        "join_type": pick(draw, ("left", "left", "inner")),
    }
    if pairs and chance(draw, 80):
        config["left_key"], config["right_key"] = (column.name for column in pick(draw, pairs))
    if chance(draw, 30):
        config["tolerance"] = pick(draw, ("30s", "1m", "1h", "1d"))
    return config, exact


def union(draw: st.DrawFn, left: Input, right: Input) -> Drawn | None:
    """Of inputs whose columns of one name meet in a type."""
    mine, other = ({column.name: column for column in each.relation.schema} for each in (left, right))
    both = [(column, other[name]) for name, column in mine.items() if name in other]
    if not all(_comparable(a, b) for a, b in both):
        return None
    inexact = (mine.keys() - left.exact) | (other.keys() - right.exact)
    inexact |= {a.name for a, b in both if a.type != b.type and "float64" in (a.type.kind, b.type.kind)}
    distinct = not inexact and chance(draw, 50)
    return {"mode": "distinct" if distinct else "all"}, frozenset({*mine, *other} - inexact)


def _pairs(left: Input, right: Input) -> list[tuple[Column, Column]]:
    return [(a, b) for a in left.columns for b in right.columns if _comparable(a, b)]


def _comparable(a: Column, b: Column) -> bool:
    return a.type == b.type or (a.type.numeric and b.type.numeric) or (a.type.temporal and b.type.temporal)


def _joined(left: Input, right: Input) -> frozenset[str]:
    """Exact columns of the result."""
    names = [column.name for column in right.relation.schema]
    after = right_names([column.name for column in left.relation.schema], names)
    renamed = dict(zip(names, after, strict=True))
    return left.exact | {renamed[name] for name in right.exact}


BINARY: Mapping[str, Callable[[st.DrawFn, Input, Input], Drawn | None]] = {
    "join": join,
    "asof_join": asof_join,
    "union": union,
}
