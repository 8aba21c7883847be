"""Answers that an independent engine computed from the trial files: ``truth/<name>.csv``."""

from __future__ import annotations

import csv
from pathlib import Path

Rows = list[dict[str, str]]


class Truths:
    """``truth("minutebar_day")`` reads one of them, as texts."""

    def __init__(self, trial_data: Path) -> None:
        self._folder = trial_data / "truth"

    def __call__(self, name: str) -> Rows:
        with (self._folder / f"{name}.csv").open(encoding="utf-8") as file:
            return list(csv.DictReader(file))
