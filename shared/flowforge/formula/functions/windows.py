"""Window functions as each store says them; ``formula.windows`` describes their trees."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlglot import exp

from flowforge.formula import postgres_floats
from flowforge.formula import postgres_numbers as postgres
from flowforge.formula.floats import may_be_nan
from flowforge.formula.signature import Emit, PerStore, everywhere
from flowforge.formula.sql import binary, func, number, plain
from flowforge.formula.tree import Call, Constant, Expression

MANY_ROWS = 100
"""From so many rows on it pays to work out a frame's sum from two that only grow."""

_CLICKHOUSE = "count lag lead max maxOrNull min minOrNull rank row_number stddevSampStable sum sumOrNull"
_POSTGRES = "LAG LEAD MAX MIN RANK ROW_NUMBER STDDEV_SAMP SUM"
_WINDOWED = frozenset([*_CLICKHOUSE.split(), *_POSTGRES.split()])
"""The functions that an OVER follows; what they are wrapped in (a conversion, a choice) stands outside."""


def _over(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    return _with_windows(arguments[0], lambda each: _window(each, arguments))


def _over_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """ClickHouse adds a sliding frame up anew for every row. A sum over many rows is therefore the sum of
    all so far without that of those before the frame: exact for whole numbers and decimals, not for floats.
    """
    function, many = call.arguments[0], _many_rows(call.arguments[-1])
    assert isinstance(function, Call)
    if many is None or function.function != "sum" or function.nullable or function.type.kind == "float64":
        return _over(call, arguments)

    def window(each: exp.Expr) -> exp.Expr:
        if each.this != "sum" or _is_estimate(each):
            return _window(each, arguments)
        before = exp.WindowSpec(
            kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end=number(many), end_side="PRECEDING"
        )
        so_far = [_window(each.copy(), [*arguments[:-1], frame]) for frame in (_frame(None), before)]
        return exp.Paren(this=binary(exp.Sub, *so_far))

    return _with_windows(arguments[0], window)


def _many_rows(frame: Expression) -> int | None:
    """How many rows a frame has, if they are many."""
    if not isinstance(frame, Call) or frame.function != "ROWS":
        return None
    (preceding,) = frame.arguments
    assert isinstance(preceding, Constant)
    rows = 0 if preceding.value is None else int(str(preceding.value)) + 1
    return rows if rows > MANY_ROWS else None


def _is_estimate(each: exp.Expr) -> bool:
    """Whether a sum is one of magnitudes as floats, which only bounds the exact one."""
    (operand,) = each.expressions
    return isinstance(operand, exp.Anonymous) and operand.this == "abs"


def _window(function: exp.Expr, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """The function with a copy of the partitions, the order and the frame among the arguments."""
    others = [
        each
        for given in arguments[1:]
        for each in (given.expressions if isinstance(given, exp.Tuple) else [given])
    ]
    terms = [each.copy() for each in others if isinstance(each, exp.Ordered)]
    frames = [each.copy() for each in others if isinstance(each, exp.WindowSpec)]
    parts = [each.copy() for each in others if not isinstance(each, exp.Ordered | exp.WindowSpec)]
    order = exp.Order(expressions=terms) if terms else None
    return exp.Window(this=function, partition_by=parts, order=order, spec=frames[0] if frames else None)


def _with_windows(written: exp.Expr, window: Callable[[exp.Expr], exp.Expr]) -> exp.Expr:
    """The expression with every outermost window function in it given its OVER."""
    if isinstance(written, exp.Count) or (isinstance(written, exp.Anonymous) and written.this in _WINDOWED):
        return window(written)
    for name, value in list(written.args.items()):
        if isinstance(value, exp.Expr):
            written.set(name, _with_windows(value, window))
        elif isinstance(value, list):
            written.set(name, [_with_windows(each, window) for each in value])
    return written


def _ordered(*, descending: bool) -> Emit:
    """NULL last is ClickHouse's own order, and PostgreSQL's when it ascends."""
    return lambda call, arguments: exp.Ordered(this=arguments[0], desc=descending, nulls_first=False)


def _descending_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    """A term that says NULL last where there can be one; behind another, in a tuple, for NaN."""
    (value,) = arguments
    term = exp.Ordered(this=value, desc=True, nulls_first=not call.nullable)
    if not may_be_nan(call.arguments[0]):
        return term
    return exp.Tuple(expressions=[postgres_floats.behind_numbers(value), term])


def _last_rows(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    (preceding,) = call.arguments
    assert isinstance(preceding, Constant)
    return _frame(None if preceding.value is None else int(str(preceding.value)))


def _frame(preceding: int | None) -> exp.WindowSpec:
    """So many rows before the current one, or all, and that one."""
    if preceding == 0:
        return exp.WindowSpec(kind="ROWS", start="CURRENT ROW", end="CURRENT ROW")
    start = "UNBOUNDED" if preceding is None else number(preceding)
    return exp.WindowSpec(kind="ROWS", start=start, start_side="PRECEDING", end="CURRENT ROW")


def _neighbour(name: str) -> PerStore:
    """``lag`` and ``lead``: beyond the partition ClickHouse gives NULL only to what can be NULL."""

    def on_clickhouse(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
        value, offset = arguments
        return func(name, value if call.arguments[0].nullable else func("toNullable", value), offset)

    def on_postgres(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
        x, (value, offset) = call.arguments[0], arguments
        if isinstance(x, Constant) or postgres.is_narrow(x):
            # A bare text would have no type, a bare number one of 32 bits.
            value = postgres.constant_of(value, x.type)
        return func(name.upper(), value, offset)

    return PerStore(on_clickhouse, on_postgres)


WINDOWS: Mapping[str, PerStore] = {
    "OVER": PerStore(_over_clickhouse, _over),
    "ASC": everywhere(_ordered(descending=False)),
    "DESC": PerStore(_ordered(descending=True), _descending_postgres),
    "ROWS": everywhere(_last_rows),
    "row_number": PerStore(plain("row_number"), plain("ROW_NUMBER")),
    "rank": PerStore(plain("rank"), plain("RANK")),
    "lag": _neighbour("lag"),
    "lead": _neighbour("lead"),
}
