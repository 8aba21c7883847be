"""``POST /api/v1/preview/profile``: what is in each column at a node.

Rows, NULLs, distinct values, least and greatest are those of all rows: one guarded statement, like a group by that
the user could have drawn (``summary``). How the values are distributed is worked out from rows that are fetched
(``distribution``): from all of them where they are few, else from a sample, and the answer says which.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from flowforge.results.shapes import GraphDocument, NodeId, Parameters, Shape, Strict, UseRollups
from flowforge.tenancy import Access

MOST_COLUMNS = 40


class ProfileRequest(Strict):
    """A graph, the node to look at, and the columns of it that are of interest (default: the first 40)."""

    graph: GraphDocument
    target_node_id: NodeId
    columns: Annotated[list[str], Field(min_length=1, max_length=MOST_COLUMNS)] | None = None
    params: Parameters | None = None
    use_rollups: UseRollups = True


class Bin(Shape):
    """Values from ``from`` up to ``to``, which belongs to the next bin (in the last one: to this)."""

    from_: Any = Field(alias="from")
    to: Any
    count: int


class TopValue(Shape):
    """One of the most frequent values."""

    value: Any
    count: int


class ColumnProfile(Shape):
    """One column. Values are on the wire as in rows.

    ``distinct_exact`` is false where counting all distinct values would take more than a preview may: then
    ``distinct`` is how many the looked-at rows have. Numbers and times have a ``histogram``, texts and booleans
    ``top_values``; both count the rows that ``distribution`` tells of, NULLs apart.
    """

    name: str
    type: str
    nullable: bool
    nulls: int
    distinct: int
    distinct_exact: bool
    min: Any
    max: Any
    histogram: list[Bin] | None
    top_values: list[TopValue] | None


class Distribution(Shape):
    """Of how many rows histograms and top values are, and which: all, a repeatable sample, or the first."""

    rows: int
    method: Literal["all", "sample", "first"]


class ProfileResponse(Shape):
    """All columns that were asked for; ``columns_left_out`` counts those behind the first 40."""

    row_count: int
    columns: list[ColumnProfile]
    columns_left_out: int
    distribution: Distribution
    execution_ms: float
    cache_hit: bool
    plan_hash: str
    as_of: datetime


async def profile(access: Access, request: ProfileRequest) -> bytes:
    """The JSON of a ``ProfileResponse``; cached like a preview, and within a preview's limits."""
    from flowforge.preview.profiling import profiled  # what previews start without

    return await profiled(access, request)
