"""What the commands print: progress bars on a terminal, one line per file anywhere, JSON on request."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flowforge_pipeline.loading.groups import Outcome
from flowforge_pipeline.loading.imports import Progress
from flowforge_pipeline.problems import FileError


@contextmanager
def progress_bars(paths: Sequence[Path], *, quiet: bool) -> Iterator[Progress | None]:
    """A callback that moves one bar per file; None where nobody watches."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        files = bars.add_task("files", total=len(paths))
        tasks: dict[Path, Any] = {}

        def advance(path: Path, done: int, total: int) -> None:
            if path not in tasks:
                tasks[path] = bars.add_task(path.name, total=total)
            bars.update(tasks[path], completed=done)
            if done == total:
                bars.remove_task(tasks[path])
                bars.advance(files)

        yield advance


def line(outcome: Outcome) -> str:
    """One line about one file."""
    if outcome.state == "failed":
        return f"✗ {outcome.problem}"
    if outcome.state == "present":
        return f"= {outcome.path}: already imported, {outcome.rows:,} rows; nothing added"
    assert outcome.change is not None
    assert outcome.days is not None
    symbols = outcome.change.symbols
    shown = ", ".join(symbols[:3]) + (f" and {len(symbols) - 3} more" if len(symbols) > 3 else "")
    first, last = outcome.days
    days = f"{first}" if first == last else f"{first} to {last}"
    also = "".join(f", {change.rows:,} into {change.table}" for change in outcome.further)
    rows = outcome.change.rows
    return f"✓ {outcome.path}: {rows:,} rows into {outcome.change.table}{also} ({shown}, {days}) in {outcome.seconds:.2f} s"


def summary(outcomes: Sequence[Outcome], seconds: float) -> str:
    """The last line."""
    added = sum(outcome.rows for outcome in outcomes if outcome.state == "imported")
    counts = {state: sum(o.state == state for o in outcomes) for state in ("imported", "present", "failed")}
    parts = [f"{counts['imported']} imported"]
    parts += [f"{counts['present']} already there"] * bool(counts["present"])
    parts += [f"{counts['failed']} refused"] * bool(counts["failed"])
    files = "1 file" if len(outcomes) == 1 else f"{len(outcomes)} files"
    return f"{added:,} rows from {files}: {', '.join(parts)}; {seconds:.1f} s"


def to_json(outcomes: Sequence[Outcome], seconds: float) -> str:
    """The whole run as one JSON object."""
    files = [
        {
            "file": str(outcome.path),
            "state": outcome.state,
            "rows": outcome.rows,
            "seconds": round(outcome.seconds, 3),
            "sha256": outcome.sha256,
            **({"changed": outcome.change.to_json()} if outcome.change else {}),
            **({"also_changed": [change.to_json() for change in outcome.further]} if outcome.further else {}),
            **({"problem": _problem(outcome)} if outcome.problem else {}),
        }
        for outcome in outcomes
    ]
    rows = sum(outcome.rows for outcome in outcomes if outcome.state == "imported")
    return json.dumps({"rows": rows, "seconds": round(seconds, 3), "files": files}, ensure_ascii=False)


def _problem(outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome.problem, FileError):
        return {**outcome.problem.to_json(), "message": str(outcome.problem)}
    return {"message": str(outcome.problem)}
