"""Models of questions and answers that several functions share; ``serve`` makes OpenAPI of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

GraphDocument = Annotated[
    dict[str, Any],
    Field(description="React Flow JSON: nodes, edges, parameters. Only each node's `data` is strict."),
]
Parameters = Annotated[dict[str, Any], Field(description="Values of the graph's parameters, by name.")]
UseRollups = Annotated[
    bool, Field(description="False: read every table itself, also where a rollup gives the same answer.")
]
NodeId = Annotated[str, Field(min_length=1, max_length=128)]


class Strict(BaseModel):
    """A request body: unknown fields are refused, types are not converted; built with the first one that is read."""

    model_config = ConfigDict(extra="forbid", strict=True, defer_build=True)


class Shape(BaseModel):
    """An answer, or a part of one. Most are written as bytes and only described here: built with the first use."""

    model_config = ConfigDict(defer_build=True)


class ColumnShape(Shape):
    """A result column; ``type`` is one of the API's types."""

    name: str
    type: str
    nullable: bool


class RowsResponse(Shape):
    """Rows in column order; int64 and decimals are strings, datetimes ISO 8601 with Z."""

    columns: list[ColumnShape]
    rows: list[list[Any]]
    row_count: int
    execution_ms: float
    cache_hit: bool
    truncated: bool
    plan_hash: str
    as_of: datetime
