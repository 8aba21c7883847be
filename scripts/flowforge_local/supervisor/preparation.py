"""Schema and seed: commands that are run again only when something they depend on has changed."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from flowforge_local.engines import Endpoints
from flowforge_local.engines.home import write_private
from flowforge_local.paths import ROOT
from flowforge_local.processes import spawn, stop
from flowforge_local.supervisor.environments import function_environment, pipeline_environment
from flowforge_local.supervisor.report import Report

FILE = "prepared.json"
STOP_GRACE = 5.0
LOG_TAIL = 3000
SUFFIXES = frozenset({".py", ".sql", ".json", ".csv"})


class PreparationError(Exception):
    """A step failed; the message ends with what it said."""


@dataclass(frozen=True)
class Step:
    """A command of another package, run as a process. ``inputs`` are files or folders it depends on."""

    name: str
    title: str
    module: Sequence[str]
    inputs: Sequence[str]
    writes_data: bool = True
    """Runs with the pipeline's credentials rather than a function's."""
    shows_progress: bool = False


MIGRATE = Step(
    "migrate",
    "tables of the serving layer",
    ("flowforge_pipeline", "migrate"),
    ("pipeline/clickhouse", "pipeline/live", "pipeline/src/flowforge_pipeline"),
)
PROVISION = Step(
    "provision",
    "application metadata and tenants",
    ("flowforge.workspace.provision",),
    ("shared/flowforge/metadata", "shared/flowforge/workspace/provision.py"),
    writes_data=False,
)
SEED = Step(
    "seed",
    "sample data",
    ("flowforge_pipeline", "seed"),
    ("pipeline/clickhouse", "pipeline/live", "pipeline/src/flowforge_pipeline"),
    shows_progress=True,
)


class Preparation:
    """Steps on one home. The record of what was done lives beside the data it describes."""

    def __init__(self, home: Path, report: Report, root: Path = ROOT) -> None:
        self._home = home
        self._report = report
        self._root = root

    def pending(self, steps: Iterable[Step]) -> list[Step]:
        """The steps whose inputs, or whose data, are not those of their last success."""
        record = self._record()
        return [step for step in steps if record.get(step.name) != self._fingerprint(step)]

    async def run(self, step: Step, addresses: Endpoints) -> None:
        """Do it and remember; raises PreparationError. Cancelling it ends the command."""
        fingerprint = self._fingerprint(step)
        environment = pipeline_environment(addresses) if step.writes_data else function_environment(addresses)
        with self._report.step(step.title, quiet=step.shows_progress):
            await self._command(step, environment)
        self._remember(step.name, fingerprint)

    async def _command(self, step: Step, environment: Mapping[str, str]) -> None:
        log = self._home / "logs" / f"{step.name}.log"
        log.parent.mkdir(mode=0o700, exist_ok=True)
        with log.open("wb") as output:
            process = await spawn(
                [sys.executable, "-m", *step.module],
                env=environment,
                cwd=self._root,
                output=sys.stderr.fileno() if step.shows_progress else output,
            )
        try:
            code = await process.wait()
        finally:
            await asyncio.shield(stop(process, grace=STOP_GRACE))
        if code:
            said = log.read_text(encoding="utf-8", errors="replace")[-LOG_TAIL:].rstrip()
            raise PreparationError(
                f"`python -m {' '.join(step.module)}` failed (exit code {code}).\n{said}".rstrip()
            )

    def _fingerprint(self, step: Step) -> str:
        digest = hashlib.sha256()
        for data in ("clickhouse", "postgres"):  # another data directory is another database
            place = self._home / data
            digest.update(str(place.stat().st_ino if place.exists() else 0).encode())
        for name in step.inputs:
            for path in _files(self._root / name):
                digest.update(str(path.relative_to(self._root)).encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()

    def _record(self) -> dict[str, str]:
        try:
            record: dict[str, str] = json.loads((self._home / FILE).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return record

    def _remember(self, name: str, fingerprint: str) -> None:
        write_private(self._home / FILE, json.dumps({**self._record(), name: fingerprint}, indent=2) + "\n")


def _files(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    return sorted(path for path in place.rglob("*") if path.suffix in SUFFIXES and path.is_file())
