"""The instruments that FlowForge knows out of the box (``data/instruments.csv``)."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def known() -> tuple[dict[str, str], ...]:
    """The rows of the file; an empty ``valid_to`` means that the symbol is still in use."""
    text = (files("flowforge_pipeline") / "data" / "instruments.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@lru_cache(maxsize=1)
def corporate_actions() -> tuple[dict[str, str], ...]:
    """Splits of the instruments that FlowForge knows (``data/corporate_actions.csv``), by first day."""
    text = (files("flowforge_pipeline") / "data" / "corporate_actions.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def calendar_of(symbol: str) -> str | None:
    """The trading calendar of a symbol; None for one that is not known, or that trades day and night."""
    return next((row["calendar"] or None for row in known() if row["symbol"] == symbol), None)
