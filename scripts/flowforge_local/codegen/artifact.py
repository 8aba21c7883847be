"""The table of generated files, and whether the checked-in ones are what the library says today."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flowforge.formula.calendars import FILES
from flowforge_events.catalog import EVENTS
from flowforge_local.codegen import calendars, error_codes, events, functions, nodes, time_zones

COMMAND = "python -m flowforge_local.codegen"
NOTICE = f"Generated: do not edit. Written by `{COMMAND}`."
GENERATED = Path("frontend/src/shared/schema/generated")
CALENDARS = (
    Path("shared/flowforge/formula/calendars"),
    Path("pipeline/src/flowforge_pipeline/data/calendars"),
)
"""The application's and the pipeline's: neither package reads the other's files."""
CATALOGUE = Path("events")


@dataclass(frozen=True, slots=True)
class Artifact:
    """One generated file; ``path`` is relative to the repository's root."""

    path: Path
    render: Callable[[str], str]

    def text(self) -> str:
        """The file's whole text, notice included."""
        return self.render(NOTICE)


ARTIFACTS: tuple[Artifact, ...] = (
    Artifact(GENERATED / "error_codes.ts", error_codes.render),
    Artifact(GENERATED / "nodes.ts", nodes.render),
    Artifact(GENERATED / "functions.json", functions.render),
    Artifact(GENERATED / "time_zones.ts", time_zones.render),
    *[
        Artifact(folder / file, partial(calendars.render, name))
        for name, file in FILES.items()
        for folder in CALENDARS
    ],
    *[Artifact(CATALOGUE / events.schema_path(kind), partial(events.render_schema, kind)) for kind in EVENTS],
    Artifact(CATALOGUE / "asyncapi.yaml", events.render_asyncapi),
)


def write(root: Path) -> list[Path]:
    """Write every artifact below ``root``; the paths that changed."""
    changed = stale(root)
    for artifact in ARTIFACTS:
        if artifact.path in changed:
            target = root / artifact.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(artifact.text(), encoding="utf-8")
    return changed


def stale(root: Path) -> list[Path]:
    """Artifacts that are missing below ``root`` or differ from what the library says."""
    return [artifact.path for artifact in ARTIFACTS if not _fresh(root / artifact.path, artifact.text())]


def _fresh(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text
