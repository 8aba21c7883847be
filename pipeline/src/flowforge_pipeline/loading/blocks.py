"""Send rows in fixed blocks, each under a token that the engine remembers.

ClickHouse drops a block whose ``insert_deduplication_token`` it has seen, in the table and separately
in every materialized view that depends on it. So a file that broke off is simply sent again: a block
that was written but whose views were not is completed, nothing is counted twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import polars as pl
import pyarrow as pa

from flowforge_pipeline.clickhouse import ClickHouse

BLOCK_ROWS = 1_000_000
"""Rows per block. A file of one block per month of data appears at once or not at all."""

_MOST_OF_A_BYTE = 128

WHOLE_BLOCKS: dict[str, str | int] = {
    "min_insert_block_size_rows": 2 * BLOCK_ROWS,
    "min_insert_block_size_bytes": 0,
    "max_insert_threads": 1,
    "parallel_view_processing": 1,
    "max_partitions_per_insert_block": 0,
    "async_insert": 0,
}
"""One request is one block, whatever the size of its Arrow batches; the views work on it while it is written."""


def send(
    clickhouse: ClickHouse,
    table: str,
    rows: pl.DataFrame,
    *,
    digest: str,
    block_rows: int = BLOCK_ROWS,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Insert ``rows``; ``digest`` names where they come from, and must be the same on a repetition."""
    for first, block in _blocks(rows, block_rows):
        settings: dict[str, str | int] = {
            **WHOLE_BLOCKS,
            "insert_deduplicate": 1,
            "deduplicate_blocks_in_dependent_materialized_views": 1,
            "insert_deduplication_token": f"{digest}:{table}:{first}-{first + block.height}",
        }
        clickhouse.insert(table, _to_arrow(block), settings)
        if progress is not None:
            progress(block.height)


def _blocks(rows: pl.DataFrame, size: int) -> Iterator[tuple[int, pl.DataFrame]]:
    for first in range(0, rows.height, size):
        yield first, rows.slice(first, size)


def _to_arrow(block: pl.DataFrame) -> pa.Table:
    """Repeated text as dictionaries, by indices of one byte where that is enough: a sixth less to send than by four."""
    repeated = [name for name, kind in block.schema.items() if kind == pl.String and name != "trade_id"]
    encoded = block.with_columns(pl.col(repeated).cast(pl.Categorical))
    table = encoded.to_arrow(compat_level=pl.CompatLevel.oldest())
    columns = [
        pa.chunked_array([_narrowed(chunk) for chunk in column.chunks])
        if pa.types.is_dictionary(column.type)
        else column
        for column in table.columns
    ]
    return pa.table(columns, names=table.column_names)


def _narrowed(chunk: pa.DictionaryArray) -> pa.DictionaryArray:
    index = pa.int8() if len(chunk.dictionary) <= _MOST_OF_A_BYTE else pa.int32()
    return pa.DictionaryArray.from_arrays(chunk.indices.cast(index), chunk.dictionary.cast(pa.string()))
