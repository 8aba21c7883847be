"""``flowforge backfill``: the words on the command line. Imports nothing heavy: every command line reads it."""

from __future__ import annotations

import argparse

NAMES = ("vwap_5min", "trades_5min", "hourly_rollup", "daily_rollup", "rolling_volatility")
"""Tables that can be recomputed."""

EPILOG = """\
examples:
  flowforge backfill --table vwap_5min --from 2024-01-03 --to 2024-01-03 --reason "late corrections of ARCX"
  flowforge backfill --table hourly_rollup --from 2024-01-03T14:00Z --to 2024-01-03T18:00Z --symbols AAPL,MSFT \\
      --reason "check" --dry-run

The window is widened to whole buckets of the table; a day as --to includes that day. Corrections and
cancellations hold. Every run is a line of flowforge.backfills: window, reason, versions of code and schema,
counts and checksums before and after. Repeating a run changes nothing but the revision.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("--table", required=True, help=f"one of {', '.join(NAMES)}")
    parser.add_argument(
        "--from", required=True, dest="start", metavar="TIME", help="start, inclusive (ISO 8601, UTC)"
    )
    parser.add_argument(
        "--to", required=True, dest="end", metavar="TIME", help="end, exclusive; a day is included"
    )
    parser.add_argument("--reason", required=True, help="why, for the record")
    parser.add_argument(
        "--symbols", default="", help="comma-separated (default: all with rows in the window)"
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would change")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
