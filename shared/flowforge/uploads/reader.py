"""The program that reads one uploaded file: ``python -m flowforge.uploads.reader csv|parquet SOURCE TARGET``.

A process of its own with limits of its own, no secrets in its environment and nobody else's data in its
memory: whatever a hostile file does to a parser, it does it here. It prints one JSON document: the
columns and the number of rows of the Parquet file that it wrote, or why the file is not taken.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

from flowforge.types import to_json
from flowforge.uploads import limits
from flowforge.uploads.csv_file import read_csv
from flowforge.uploads.parquet_file import read_parquet
from flowforge.uploads.refusal import Refusal


def main(kind: str, source: str, target: str) -> None:
    """Read, write, and say what there was."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.MEMORY_BYTES, limits.MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.SECONDS, limits.SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.MAX_EXPANDED_BYTES, limits.MAX_EXPANDED_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    print(json.dumps(answer(kind, Path(source), Path(target))))  # noqa: T201 - its one line of output


def answer(kind: str, source: Path, target: Path) -> dict[str, Any]:
    """What is printed."""
    import pyarrow.parquet as pq

    try:
        columns, table = (read_csv if kind == "csv" else read_parquet)(source)
    except Refusal as refusal:
        return {"detail": refusal.detail, "column": refusal.column, "hint": refusal.hint}
    except MemoryError:
        return {"detail": "The file needs more memory than an upload may.", "column": None, "hint": None}
    pq.write_table(table, target, compression="zstd")
    return {"columns": to_json(columns), "rows": table.num_rows}


if __name__ == "__main__":
    main(*sys.argv[1:])
