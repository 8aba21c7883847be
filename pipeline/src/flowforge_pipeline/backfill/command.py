"""``flowforge backfill``: what is done and what is printed."""

from __future__ import annotations

import argparse
import json

from flowforge_pipeline.backfill.arguments import NAMES
from flowforge_pipeline.backfill.record import Record, code_version, schema_version
from flowforge_pipeline.backfill.run import Request, backfill
from flowforge_pipeline.backfill.window import parse
from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.loading.announce import count
from flowforge_pipeline.loading.derived import Change
from flowforge_pipeline.loading.tell import changed, tell
from flowforge_pipeline.problems import PipelineError
from flowforge_pipeline.terminal import say


def run(clickhouse: ClickHouse, options: argparse.Namespace) -> int:
    """Do it; the exit status."""
    name = options.table.rpartition(".")[2]
    if name not in NAMES:
        raise PipelineError(f'"{options.table}" cannot be recomputed.', remedy=f"Tables: {', '.join(NAMES)}.")
    if not options.reason.strip():
        raise PipelineError("--reason is empty.", remedy="Say why: it is kept with the run.")
    symbols = tuple(sorted({each.strip() for each in options.symbols.split(",") if each.strip()}))
    window = parse(options.start, options.end)
    record = backfill(clickhouse, Request(name, window, options.reason.strip(), symbols, options.dry_run))
    if not options.dry_run and record.symbols:
        _announce(record)
    say(
        json.dumps(_members(record, dry=options.dry_run))
        if options.json
        else _sentence(record, dry=options.dry_run)
    )
    return 0


def _announce(record: Record) -> None:
    change = Change(record.table, record.symbols, record.after.rows, record.window.end)
    count([record.table])
    tell("backfill", [changed(change)])


def _members(record: Record, *, dry: bool) -> dict[str, object]:
    return {
        "id": record.id, "table": record.table, "dry_run": dry, "from": record.window.start.isoformat(),
        "to": record.window.end.isoformat(), "symbols": list(record.symbols), "reason": record.reason,
        "code_version": code_version(), "schema_version": schema_version(), "raw_rows": record.raw_rows,
        "rows_before": record.before.rows, "rows_after": record.after.rows,
        "checksum_before": record.before.digest, "checksum_after": record.after.digest,
        "checksum_raw": record.raw.digest, "revision": record.revision, "changed": record.changed,
    }  # fmt: skip


def _sentence(record: Record, *, dry: bool) -> str:
    if not record.symbols:
        return f"= {record.table}, {record.window}: no trades and no rows"
    proof = "" if dry else ", equal to raw's"
    verb = ("would change" if dry else "changed") if record.changed else "is as raw has it already"
    return (
        f"{'=' if dry or not record.changed else '✓'} {record.table}, {record.window}, {len(record.symbols)} symbols: "
        f"{verb}; {record.before.rows:,} → {record.after.rows:,} rows from {record.raw_rows:,} trades, "
        f"checksum {record.before.digest[:12]} → {record.after.digest[:12]}{proof}"
    )
