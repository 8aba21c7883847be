"""Read CSV and its relatives as text, every cell as written, and find the line of a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice

import polars as pl
import pyarrow as pa
import pyarrow.csv as arrow_csv

from flowforge_pipeline.problems import FileError

_DELIMITERS = ",;\t|"
_NOT_UTF8 = "Save the file as UTF-8."


def read(content: bytes) -> pl.DataFrame:
    """All rows as strings under the header's names; empty cells are null, blank lines are skipped."""
    if not content.strip():
        raise FileError("The file is empty.", remedy="Give a file with a header line and rows.")
    _check_utf8(content)
    line, header = next(_records(content))
    header = [name.strip() for name in header]
    if len(set(header)) < len(header):
        repeated = next(name for name in header if header.count(name) > 1)
        raise FileError(f'The header names "{repeated}" twice.', line=line, remedy="Rename one of them.")
    table = _parse(content, header)
    if table.num_rows == 0:
        raise FileError("The file has a header but no rows.", line=line)
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    cells = pl.all().str.strip_chars()
    return frame.select(pl.when(cells != "").then(cells))


def line_of(content: bytes, row: int) -> int:
    """The line on which data row ``row`` (from 0) begins, counted from 1 like an editor does."""
    return next(line for line, _ in islice(_records(content), row + 1, None))


def _parse(content: bytes, header: list[str]) -> pa.Table:
    wrong: list[arrow_csv.InvalidRow] = []

    def remember(row: arrow_csv.InvalidRow) -> str:
        wrong.append(row)
        return "error"

    try:
        return arrow_csv.read_csv(
            io.BytesIO(content),
            read_options=arrow_csv.ReadOptions(
                column_names=header, skip_rows_after_names=1, use_threads=False, block_size=1 << 24
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=_delimiter(content), newlines_in_values=True, invalid_row_handler=remember
            ),
            convert_options=arrow_csv.ConvertOptions(column_types=dict.fromkeys(header, pa.string())),
        )
    except pa.ArrowInvalid as error:
        if wrong:
            row = wrong[0]
            raise FileError(
                f"has {row.actual_columns} cells where the header names {row.expected_columns}.",
                line=next(line for line, record in _records(content) if len(record) == row.actual_columns),
                value=row.text,
                remedy="Was the file cut off, or does a cell contain an unquoted delimiter?",
            ) from error
        raise FileError(f"This is not a table of text ({error}).", remedy="Is it a CSV file?") from error


def _check_utf8(content: bytes) -> None:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise FileError(
            "The text is not UTF-8.", line=content.count(b"\n", 0, error.start) + 1, remedy=_NOT_UTF8
        ) from error


def _records(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Header and rows with the line they begin on; quoted cells may hold line breaks."""
    text = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", errors="replace", newline="")
    reader = csv.reader(text, delimiter=_delimiter(content))
    begins = 1
    for record in reader:
        if record:
            yield begins, record
        begins = reader.line_num + 1


def _delimiter(content: bytes) -> str:
    """The delimiter that the header uses most."""
    header = content[: content.find(b"\n") + 1 or len(content)].decode("utf-8", errors="replace")
    return max(_DELIMITERS, key=header.count)
