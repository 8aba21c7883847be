"""Which rows a sample keeps: by a hash of the seed and of what tells a row apart.

The hash is BLAKE2b of the values' text, for it is the same in every version and on every machine. It is
not ClickHouse's: a sample that is taken here keeps other rows than one that is taken there, but always
the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from flowforge.formula.tree import Call, Constant
from flowforge.residual.functions.arithmetic import Compute

if TYPE_CHECKING:
    import polars as pl

BITS = 64


def _hashes(columns: Sequence[pl.Series]) -> list[int]:
    import polars as pl

    texts = [(each.cast(pl.Int64) if each.dtype.is_temporal() else each).to_list() for each in columns]
    return [
        int.from_bytes(blake2b(repr(row).encode(), digest_size=BITS // 8).digest(), "big")
        for row in zip(*texts, strict=True)
    ]


def _sample_hash(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    import polars as pl

    return pl.Series([each >> 1 for each in _hashes(values)], dtype=pl.Int64)


def _sampled(call: Call, values: Sequence[pl.Series]) -> pl.Series:
    import polars as pl

    share = call.arguments[0]
    assert isinstance(share, Constant)
    assert isinstance(share.value, float)
    return pl.Series([each < share.value * 2**BITS for each in _hashes(values[1:])], dtype=pl.Boolean)


SAMPLING: Mapping[str, Compute] = {"sample_hash": _sample_hash, "sampled": _sampled}
