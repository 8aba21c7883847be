"""``time_bucket``: the start of the bucket that each row's time lies in, as a new column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flowforge.types import DATETIME, Column
from oracle.buckets import bucket
from oracle.context import Context
from oracle.formula.promotion import promoted
from oracle.relation import Poison, Relation, Row

PARAMETERS = ("anchor", "timezone", "session", "calendar")


def evaluate(config: Mapping[str, Any], inputs: Sequence[Relation], context: Context) -> Relation:
    (relation,) = inputs
    index = relation.index(config["column"])
    given = {name: config[name] for name in PARAMETERS if config.get(name) is not None}

    def extended(row: Row) -> Row:
        moment = promoted(row[index], DATETIME)
        start = (
            moment
            if moment is None or isinstance(moment, Poison)
            else bucket(moment, config["size"], **given)
        )
        return (*row, start)

    made = Column(config["output_column"], DATETIME, nullable=True)
    return relation.mapped((*relation.schema, made), extended)
