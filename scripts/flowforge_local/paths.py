"""Where the checkout is: the command runs from source, its manifests and SQL beside it."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_HOME = ROOT / ".flowforge"
DEFAULT_PORT = 8080
