"""Window functions (``formula.windows``): each row's value from the rows around it in its partition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from flowforge.formula.tree import Call, Constant, Expression
from flowforge.residual.windows.frames import FRAMED, Frame
from flowforge.residual.windows.partitions import Partitions

if TYPE_CHECKING:
    import polars as pl

Evaluate = Callable[[Expression], "pl.Series"]


def over(call: Call, evaluate: Evaluate, height: int) -> pl.Series:
    """The value of an ``OVER(function, partition…, ASC | DESC…, ROWS?)`` tree in each row."""
    function, *others = call.arguments
    assert isinstance(function, Call)
    terms = [each for each in others if isinstance(each, Call) and each.function in ("ASC", "DESC")]
    frames = [each for each in others if isinstance(each, Call) and each.function == "ROWS"]
    parts = [each for each in others if not any(each is known for known in (*terms, *frames))]
    order = [(evaluate(term.arguments[0]), term.function == "DESC") for term in terms]
    partitions = Partitions([evaluate(each) for each in parts], order, height)
    if function.function in FRAMED:
        frame = Frame(partitions, _preceding(frames[0]) if frames else None)
        operands = [partitions.ordered(evaluate(each)) for each in function.arguments]
        return partitions.back(FRAMED[function.function](function, operands, frame))
    return partitions.back(_PLACED[function.function](function, evaluate, partitions))


def _preceding(frame: Call) -> int | None:
    (rows,) = frame.arguments
    assert isinstance(rows, Constant)
    assert rows.value is None or isinstance(rows.value, int)
    return rows.value


def _row_number(call: Call, evaluate: Evaluate, partitions: Partitions) -> pl.Series:
    return partitions.place - partitions.begins + 1


def _rank(call: Call, evaluate: Evaluate, partitions: Partitions) -> pl.Series:
    return partitions.peers - partitions.begins + 1


def _neighbour(call: Call, evaluate: Evaluate, partitions: Partitions) -> pl.Series:
    import polars as pl

    offset = call.arguments[1]
    assert isinstance(offset, Constant)
    assert isinstance(offset.value, int)
    step = -offset.value if call.function == "lag" else offset.value
    values = partitions.ordered(evaluate(call.arguments[0]))
    frame = pl.DataFrame({"values": values, "begins": partitions.begins})
    same = pl.col("begins") == pl.col("begins").shift(-step)
    return frame.select(pl.when(same).then(pl.col("values").shift(-step))).to_series()


_PLACED: Mapping[str, Callable[[Call, Evaluate, Partitions], pl.Series]] = {
    "row_number": _row_number,
    "rank": _rank,
    "lag": _neighbour,
    "lead": _neighbour,
}

WINDOW_FUNCTIONS = frozenset(_PLACED) | frozenset(FRAMED)
