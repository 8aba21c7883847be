"""How much an uploaded file may be, once it is unpacked."""

from __future__ import annotations

MAX_COLUMNS = 500
MAX_ROWS = 2_000_000
MAX_EXPANDED_BYTES = 500_000_000
"""Of all columns of a Parquet file, before compression."""
MAX_RATIO = 1_000
"""Expanded to packed bytes; a file that promises more is taken for a bomb."""
MAX_NAME = 128
SECONDS = 60
MEMORY_BYTES = 3_000_000_000
"""Address space of the process that reads a file."""
PREVIEW_ROWS = 100
