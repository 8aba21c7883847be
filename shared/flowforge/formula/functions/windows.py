"""Window functions as each store says them; ``formula.windows`` describes their trees."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sqlglot import exp

from flowforge.formula import postgres_numbers as postgres
from flowforge.formula.signature import Emit, PerStore, everywhere
from flowforge.formula.sql import func, number, plain
from flowforge.formula.tree import Call, Constant

_CLICKHOUSE = "count lag lead max maxOrNull min minOrNull rank row_number stddevSampStable sum sumOrNull"
_POSTGRES = "LAG LEAD MAX MIN RANK ROW_NUMBER STDDEV_SAMP SUM"
_WINDOWED = frozenset([*_CLICKHOUSE.split(), *_POSTGRES.split()])
"""The functions that an OVER follows; what they are wrapped in (a conversion, a choice) stands outside."""


def _over(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    function, *others = arguments
    terms = [each for each in others if isinstance(each, exp.Ordered)]
    frames = [each for each in others if isinstance(each, exp.WindowSpec)]
    parts = [each for each in others if not isinstance(each, exp.Ordered | exp.WindowSpec)]

    def window(each: exp.Expr) -> exp.Expr:
        return exp.Window(
            this=each,
            partition_by=[part.copy() for part in parts],
            order=exp.Order(expressions=[term.copy() for term in terms]) if terms else None,
            spec=frames[0].copy() if frames else None,
        )

    return _with_windows(function, window)


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


def _ordered(*, descending: bool, nulls_first: bool) -> Emit:
    """NULL last is ClickHouse's own order; PostgreSQL must be told, where there can be one."""

    def emit(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
        first = nulls_first and not call.nullable
        return exp.Ordered(this=arguments[0], desc=descending, nulls_first=first)

    return emit


def _last_rows(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    (preceding,) = call.arguments
    assert isinstance(preceding, Constant)
    if preceding.value == 0:
        return exp.WindowSpec(kind="ROWS", start="CURRENT ROW", end="CURRENT ROW")
    start = "UNBOUNDED" if preceding.value is None else number(str(preceding.value))
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
    "OVER": everywhere(_over),
    "ASC": everywhere(_ordered(descending=False, nulls_first=False)),
    "DESC": PerStore(
        _ordered(descending=True, nulls_first=False), _ordered(descending=True, nulls_first=True)
    ),
    "ROWS": everywhere(_last_rows),
    "row_number": PerStore(plain("row_number"), plain("ROW_NUMBER")),
    "rank": PerStore(plain("rank"), plain("RANK")),
    "lag": _neighbour("lag"),
    "lead": _neighbour("lead"),
}
