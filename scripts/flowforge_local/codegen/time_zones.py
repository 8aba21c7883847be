"""``time_zones.ts``: the time zones and trading calendars that a time bucket can name."""

from __future__ import annotations

import json
from collections.abc import Iterable

from flowforge.formula.calendars import CALENDARS
from flowforge.formula.time_zones import time_zones


def render(notice: str) -> str:
    """The file's text below a comment that carries ``notice``."""
    return (
        f"// {notice}\n\n"
        "/** Names of the IANA time zone data, links included. */\n"
        f"export const TIME_ZONES: readonly string[] = {_listed(time_zones())};\n\n"
        "/** Exchanges whose sessions are known. */\n"
        f"export const TRADING_CALENDARS: readonly string[] = {_listed(CALENDARS)};\n"
    )


def _listed(names: Iterable[str]) -> str:
    return "[\n" + "".join(f"  {json.dumps(name)},\n" for name in sorted(names)) + "]"
