"""``sample``: some of the rows, the same ones for the same seed and data, in whatever order they were stored.

``rows`` keeps that many (all of them, where there are fewer), ``fraction`` about that share. Rows are
chosen by a hash of the seed and of what tells a row apart: the table's trade order where there is
one, else all columns. A share keeps equal rows together; of a number of rows any of the equal ones.
"""

from __future__ import annotations

from pydantic import Field

from flowforge.errors import ErrorCode, GraphError
from flowforge.nodes.base import NodeConfig, NodeType
from flowforge.nodes.limit import MAX_ROWS
from flowforge.relation import Relation, sampling
from flowforge.types import Schema

MAX_SEED = 2**53 - 1
"""JSON numbers are exact up to here in every language."""


class SampleConfig(NodeConfig):
    """Either a number of rows or a share of them, and the seed of the choice."""

    rows: int | None = Field(default=None, ge=1, le=MAX_ROWS)
    fraction: float | None = Field(default=None, gt=0, le=1)
    seed: int = Field(default=0, ge=-MAX_SEED, le=MAX_SEED)


def infer(config: SampleConfig, inputs: tuple[Schema, ...]) -> Schema:
    """Unchanged."""
    if (config.rows is None) == (config.fraction is None):
        raise GraphError(
            ErrorCode.INVALID_CONFIG,
            "A sample needs either a number of rows or a fraction of them.",
            field="rows" if config.rows is None else "fraction",
            hint="Give one of the two.",
        )
    return inputs[0]


def apply(config: SampleConfig, relations: tuple[Relation, ...]) -> Relation:
    """The rows with the smallest hashes, or those whose hash is below the share."""
    (relation,) = relations
    if config.rows is not None:
        return sampling.rows(relation, config.rows, config.seed)
    assert config.fraction is not None
    return sampling.fraction(relation, config.fraction, config.seed)


NODE = NodeType(
    "sample",
    SampleConfig,
    infer,
    apply,
    "Some of the rows, the same ones every time.",
    stores=frozenset({"clickhouse"}),
)
