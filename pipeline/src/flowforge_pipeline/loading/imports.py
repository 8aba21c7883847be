"""Import files one by one: each is checked whole, then written, or not at all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from flowforge_pipeline.clickhouse import ClickHouse
from flowforge_pipeline.importers.files import Options, prepare_all
from flowforge_pipeline.importers.prepared import Prepared, Upload
from flowforge_pipeline.loading import blocks, ledger
from flowforge_pipeline.loading.groups import Outcome, Written, belongs, settle
from flowforge_pipeline.loading.write import Batch, begin, store
from flowforge_pipeline.problems import FileError, PipelineError
from flowforge_pipeline.tables import TARGETS

Progress = Callable[[Path, int, int], None]
"""Called with the file, the rows written so far, and all its rows."""


@dataclass(frozen=True)
class _Ready:
    """A file that may be written. ``begun`` are the ledger's lines of an import that broke off, by table."""

    upload: Upload
    prepared: tuple[Prepared, ...]
    begun: Mapping[str, ledger.Entry]
    seconds: float


def import_files(
    clickhouse: ClickHouse,
    paths: Sequence[Path],
    options: Options,
    *,
    progress: Progress | None = None,
    block_rows: int = blocks.BLOCK_ROWS,
) -> Iterator[Outcome]:
    """One outcome per file, in order. The next file is read while the engine writes this one."""
    with ThreadPoolExecutor(max_workers=1) as reader:
        uploads = [_upload(path) for path in paths]
        entries = _entries(clickhouse, uploads)
        written: dict[str, Outcome] = {}
        group: list[Written] = []

        def settled() -> Iterator[Outcome]:
            for outcome in settle(clickhouse, group):
                if outcome.state == "imported":
                    written[outcome.sha256] = outcome
                yield outcome
            group.clear()

        ahead = [reader.submit(_prepare, upload, options, entries) for upload in uploads[:1]]
        for position, path in enumerate(paths):
            ready = ahead.pop().result()
            ahead = [
                reader.submit(_prepare, upload, options, entries)
                for upload in uploads[position + 1 : position + 2]
            ]
            if isinstance(ready, Outcome):
                yield from settled()
                yield ready
                continue
            batches = [_batch(ready, each, options, block_rows) for each in ready.prepared]
            if not belongs(batches, group):
                yield from settled()
            if ready.upload.sha256 in written:  # the same bytes twice on one command line
                yield replace(
                    written[ready.upload.sha256], path=path, state="present", seconds=0.0, change=None
                )
                continue
            outcome = _write(clickhouse, ready, batches, progress)
            if isinstance(outcome, Written):
                group.append(outcome)
            else:
                yield from settled()
                yield outcome
        yield from settled()


def _upload(path: Path) -> Upload | Outcome:
    try:
        return Upload.read(path)
    except OSError as error:
        reason = "It cannot be read" if path.exists() else "There is no such file"
        problem = FileError(f"{reason} ({error.strerror}).", file=str(path), remedy="Check the path.")
        return Outcome(path, "failed", problem=problem)


def _entries(clickhouse: ClickHouse, uploads: Sequence[Upload | Outcome]) -> Mapping[str, list[ledger.Entry]]:
    digests = {upload.sha256 for upload in uploads if isinstance(upload, Upload)}
    entries: dict[str, list[ledger.Entry]] = {}
    for entry in ledger.find(clickhouse, digests) if digests else ():
        entries.setdefault(entry.sha256, []).append(entry)
    return entries


def _prepare(
    upload: Upload | Outcome, options: Options, entries: Mapping[str, list[ledger.Entry]]
) -> _Ready | Outcome:
    if isinstance(upload, Outcome):
        return upload
    began = time.perf_counter()
    try:
        known = _relevant(upload, options, entries)
        if known and all(entry.state == "finished" for entry in known.values()):
            rows = sum(entry.rows for entry in known.values())
            return Outcome(upload.path, "present", rows, sha256=upload.sha256)
        return _Ready(upload, prepare_all(upload, options), known, time.perf_counter() - began)
    except PipelineError as problem:
        return Outcome(upload.path, "failed", sha256=upload.sha256, problem=problem)


def _relevant(
    upload: Upload, options: Options, entries: Mapping[str, list[ledger.Entry]]
) -> dict[str, ledger.Entry]:
    """The ledger's lines of this file and these options by table; other options for the same rows are refused.

    Where all are finished the file is in: a line for every table is written before the first row of any.
    """
    table = TARGETS[options.table].table if options.table else None
    known = {}
    for entry in entries.get(upload.sha256, ()):
        if table not in (None, entry.table):
            continue
        if dict(entry.options) != options.to_json():
            raise FileError(
                f"The file was imported into {entry.table} with other options before: {_shown(entry.options)}.",
                file=str(upload.path),
                remedy="Give the same options, or change the file if its rows are others.",
            )
        known[entry.table] = entry
    return known


def _write(
    clickhouse: ClickHouse, ready: _Ready, batches: Sequence[Batch], progress: Progress | None
) -> Written | Outcome:
    """Store the rows; an outcome where that failed."""
    began = time.perf_counter()
    path, sha256 = ready.upload.path, ready.upload.sha256
    total = sum(batch.rows.height for batch in batches)
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        if progress is not None:
            progress(path, done, total)

    try:
        for batch in batches:
            begin(clickhouse, batch)
        # The main table last: what describes its rows is there before them.
        stored = [store(clickhouse, batch, advance, whole_file=True) for batch in reversed(batches)]
    except PipelineError as problem:
        return Outcome(path, "failed", sha256=sha256, problem=problem)
    return Written(path, sha256, ready.seconds + time.perf_counter() - began, tuple(reversed(stored)))


def _batch(ready: _Ready, prepared: Prepared, options: Options, block_rows: int) -> Batch:
    rows, table = prepared.rows, prepared.target.table
    begun = ready.begun.get(table)
    entry = begun or ledger.Entry(
        ready.upload.sha256, table, options.to_json(), "started", rows.height, block_rows
    )
    source = str(rows["source"][0]) if "source" in rows.columns else ""
    return Batch(rows, entry, begun is not None, ready.upload.path.name, source)


def _shown(options: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in options.items()) or "none"
