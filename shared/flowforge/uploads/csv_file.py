"""A CSV file as typed columns. Cells are data: one that begins with ``=`` is a text like any other."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowforge.types import Column
from flowforge.uploads import limits
from flowforge.uploads.csv_types import typed
from flowforge.uploads.names import checked_names
from flowforge.uploads.refusal import Refusal

if TYPE_CHECKING:
    import pyarrow as pa

DELIMITERS = ",;\t|"
_PACKED = {b"PK\x03\x04": "a ZIP archive", b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd", b"BZh": "bzip2"}
HEADER_BYTES = 1_000_000


def read_csv(path: Path) -> tuple[list[Column], pa.Table]:
    """``Refusal`` says what is wrong, and in which line where one is known."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    names, delimiter = _header(path)
    bad: list[str] = []

    def wrong(row: Any) -> str:
        if not bad:
            line = f"Line {row.number}" if row.number is not None else "A line"
            bad.append(f"{line} has {row.actual_columns} cells; the header has {row.expected_columns}.")
        return "error"

    try:
        table = arrow_csv.read_csv(
            path,
            # One thread: only then rows have numbers to be named by.
            read_options=arrow_csv.ReadOptions(use_threads=False, column_names=names, skip_rows=1),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=wrong
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
                check_utf8=True,
            ),
        )
    except pa.ArrowInvalid as invalid:
        if bad:
            raise Refusal(
                bad[0], hint="Put cells that hold the delimiter or a line break in quotes."
            ) from None
        if "UTF8" in str(invalid):
            raise Refusal("The file is not UTF-8 text.", hint="Save it as CSV UTF-8.") from None
        raise Refusal("The file is not CSV: its quotes or lines do not add up.") from None
    if table.num_rows > limits.MAX_ROWS:
        raise Refusal(
            f"The file has more than {limits.MAX_ROWS:,} rows.", hint="Split it, or filter it first."
        )
    columns, arrays = [], []
    for index, name in enumerate(names):
        type_, values = typed(table.column(index).combine_chunks())
        columns.append(Column(name, type_, values.null_count > 0))
        arrays.append(values)
    return columns, pa.Table.from_arrays(arrays, names=names)


def _header(path: Path) -> tuple[list[str], str]:
    """The columns' names and the delimiter: the one of ``, ; tab |`` that the first line has most of."""
    with path.open("rb") as file:
        head = file.read(HEADER_BYTES)
    for magic, what in _PACKED.items():
        if head.startswith(magic):
            raise Refusal(f"The file is {what}, not CSV.", hint="Unpack it first.")
    if head.startswith(b"PAR1"):
        raise Refusal("The file is named as CSV, but it is Parquet.", hint="Name it .parquet.")
    if not head.strip():
        raise Refusal("The file is empty.")
    if b"\x00" in head:
        raise Refusal("The file is not text: it has NUL characters.", hint="Save it as CSV UTF-8.")
    text = head.decode("utf-8-sig", "replace")
    line = text.splitlines()[0]
    delimiter = max(DELIMITERS, key=line.count)
    try:
        names = next(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except (csv.Error, StopIteration):
        raise Refusal("The first line is no header: its quotes do not add up.") from None
    if "\n" in "".join(names):
        raise Refusal("A column's name in the first line has a line break.")
    return checked_names(names), delimiter
