"""Rollups: tables that hold another table's rows added up, so that some questions need not read those.

Pure data; ``flowforge.schema.rollups`` declares ours, ``flowforge.compiler.rollups`` proves which
questions they answer.
"""

from __future__ import annotations

from typing import Literal

from flowforge.records import dataclass


@dataclass(frozen=True, slots=True)
class Bucket:
    """``column`` of the rollup is the start of the bucket that ``of`` of the base lies in.

    Buckets are ``seconds`` long, counted from 1970-01-01T00:00Z, and divide a day.
    """

    column: str
    of: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Measure:
    """``column`` is ``function`` of ``expression`` (a formula over the base) of the rows behind a row.

    ``first`` and ``last`` are by the base's trade order; ``place`` are the columns of the rollup that
    hold the trade order of the row which was taken.
    """

    column: str
    function: Literal["count", "sum", "min", "max", "first", "last"]
    expression: str = ""
    place: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rollup:
    """Every row of ``base`` is behind exactly one row of ``table``, and no row has none behind it.

    The rows behind one row have the same values in the columns ``keys``, which both tables call alike,
    and lie in the same bucket. Several rows may have equal keys and bucket.

    ``withheld`` is why the rollup never answers for its base; empty where it always has exactly the
    base's rows, those of the last insert included.
    """

    table: str
    base: str
    keys: tuple[str, ...] = ()
    bucket: Bucket | None = None
    measures: tuple[Measure, ...] = ()
    withheld: str = ""
