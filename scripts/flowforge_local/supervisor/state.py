"""What a supervisor tells other commands about itself: one small file in the home."""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from flowforge_local.engines.home import write_private

FILE = "state.json"
Phase = Literal["starting", "preparing", "ready", "stopping"]
ChildState = Literal["starting", "ready", "waiting", "stopping", "stopped"]
Kind = Literal["engine", "mesh", "pipeline"]


@dataclass(frozen=True)
class ChildStatus:
    """One supervised process. ``restarts`` counts those since the supervisor started."""

    name: str
    kind: Kind
    state: ChildState
    pid: int | None
    restarts: int


@dataclass(frozen=True)
class State:
    """A supervisor and its children."""

    pid: int
    phase: Phase
    url: str
    admin_url: str
    children: list[ChildStatus] = field(default_factory=list)


def write(home: Path, state: State) -> None:
    """Publish the state."""
    write_private(home / FILE, json.dumps(asdict(state), indent=2) + "\n")


def read(home: Path) -> State | None:
    """The published state; None when there is none. It may be stale: ask ``lock.owner`` first."""
    try:
        content = json.loads((home / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    children = [ChildStatus(**child) for child in content.pop("children")]
    return State(**content, children=children)


def clear(home: Path) -> None:
    """Remove what was published."""
    with contextlib.suppress(FileNotFoundError):
        (home / FILE).unlink()
