"""What the names inside a Lean archive say: ``20140606_aapl_minute_trade_american_call_10000000_20150117.csv``.

Format: QuantConnect/Lean, ``Data/*/readme.md``. Daily and hourly archives hold ``<symbol>.csv``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Literal

from flowforge_pipeline.problems import FileError

Kind = Literal["trade", "quote"]
Asset = Literal["equity", "future", "option", "futureoption"]

_DATED = re.compile(
    r"^(?P<day>\d{8})_(?P<root>[a-z0-9.\-]+?)_(?P<resolution>second|minute)_(?P<kind>trade|quote)"
    r"(?:_(?P<month>\d{6})"
    r"|_(?P<exercise>american|european)_(?P<right>call|put)_(?P<strike>\d{1,12})_(?P<expiry>\d{8}))?\.csv$",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"^(?P<root>[a-z0-9.\-]{1,16})\.csv$", re.IGNORECASE)
_OF_SYMBOLS = frozenset({"tick", "second", "minute"})
_STRIKE_SCALE = 10_000
_EXPECTED = "Lean archives hold files such as 20131007_spy_minute_trade.csv, or spy.csv for days and hours."


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive. ``day`` is None where the rows carry dates; ``month`` is a future's first of month."""

    name: str
    root: str
    kind: Kind
    resolution: Literal["second", "minute", "dated"]
    day: date | None = None
    month: date | None = None
    expiry: date | None = None
    strike: Decimal | None = None
    right: Literal["call", "put"] | None = None
    exercise: Literal["american", "european"] | None = None


def member_of(name: str) -> Member:
    """Read a name; ``FileError`` for one that Lean does not write."""
    bare = PurePosixPath(name).name
    found = _DATED.match(bare)
    if found is None:
        whole = _WHOLE.match(bare)
        if whole is None:
            raise FileError(f'"{name}" is not a file of a Lean archive.', remedy=_EXPECTED)
        return Member(bare, whole["root"].upper(), "trade", "dated")
    month = found["month"]
    return Member(
        name=bare,
        root=found["root"].upper(),
        kind="trade" if found["kind"].lower() == "trade" else "quote",
        resolution="second" if found["resolution"].lower() == "second" else "minute",
        day=_date(found["day"]),
        month=_date(f"{month}01") if month else None,
        expiry=_date(found["expiry"]) if found["expiry"] else None,
        strike=Decimal(found["strike"]) / _STRIKE_SCALE if found["strike"] else None,
        right=None if found["right"] is None else "call" if found["right"].lower() == "call" else "put",
        exercise=None
        if found["exercise"] is None
        else "american"
        if found["exercise"].lower() == "american"
        else "european",
    )


def check_folder(path: Path, root: str) -> None:
    """``FileError`` where Lean's folders, ``<resolution>/<symbol>/<day>_trade.zip``, name another symbol."""
    for above, folder in pairwise(path.parts[:-1]):
        if above.lower() in _OF_SYMBOLS and folder.lower() != root.lower():
            raise FileError(
                f'The archive holds {root.upper()} but lies in the folder "{above}/{folder}".',
                remedy="Move it to the folder of its symbol, or get the file again.",
            )


def asset_of(path: PurePosixPath, members: list[Member], prices: set[bool]) -> Asset:
    """What is traded. The folders say it; without them, options on shares and on futures differ by their prices.

    ``prices``: which of two things occur – True for prices that are no whole number of ten-thousandths × 50.
    """
    folders = {part.lower() for part in path.parts[:-1]}
    if members[0].month is not None:
        return "future"
    if members[0].expiry is None:
        return "equity"
    if "futureoption" in folders or "option" in folders:
        return "futureoption" if "futureoption" in folders else "option"
    return "futureoption" if True in prices else "option"


def _date(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a date has no zone
    except ValueError as error:
        raise FileError(f'"{text}" is not a date.', remedy=_EXPECTED) from error
