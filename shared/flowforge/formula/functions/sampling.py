"""The hash that samples choose rows by, as ClickHouse says it; other stores have none that is alike.

A tuple, because the hash of a bare NULL is NULL: rows with one would all come last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from flowforge.errors import ErrorCode, GraphError
from flowforge.formula.signature import PerStore
from flowforge.formula.sql import binary, func, number
from flowforge.formula.tree import Call, Constant

_HASHES = 2**64


def _hash(arguments: Sequence[exp.Expr]) -> exp.Expr:
    seed, *identity = arguments
    return func("sipHash64", seed, func("tuple", *identity))


def _below(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    share = call.arguments[0]
    assert isinstance(share, Constant)
    assert isinstance(share.value, float)
    # The share of 1 ends one before 2^64, which no 64-bit literal could say.
    last = int(share.value * _HASHES) - 1
    hashed = _hash(arguments[1:])
    return binary(exp.LTE, hashed, number(last)) if last >= 0 else exp.Boolean(this=False)


def _refused(call: Call, arguments: Sequence[exp.Expr]) -> exp.Expr:
    raise GraphError(
        ErrorCode.UNSUPPORTED_IN_STORE,
        "A sample node does not run on PostgreSQL.",
        field="type",
        hint="Read the same data from a table of ClickHouse.",
    )


SAMPLING: Mapping[str, PerStore] = {
    "sample_hash": PerStore(lambda _, a: _hash(a), _refused),
    "sampled": PerStore(_below, _refused),
}
