"""Derivatives: how a contract is called, and its row of reference data.

Futures: root, month code, two digits of the year (``ESZ13``) – the exchange's own single digit names
another contract every ten years. Options: the OSI symbol of the Options Clearing Corporation, root
padded to six, expiry, right, strike × 1,000 (``AAPL  150117C01000000``).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any

MONTHS = "FGHJKMNQUVXZ"
"""Month codes of futures, January first."""

_QUARTERLY = (3, 6, 9, 12)
_OPTION_TICK = Decimal("0.01")
_OPTION_MULTIPLIER = Decimal(100)


@dataclass(frozen=True, slots=True)
class Root:
    """What all contracts of a future have in common (``data/futures.csv``)."""

    root: str
    name: str
    exchange: str
    currency: str
    calendar: str
    tick_size: Decimal
    multiplier: Decimal
    option_tick: Decimal


@lru_cache(maxsize=1)
def roots() -> dict[str, Root]:
    """Futures by root."""
    text = (files("flowforge_pipeline") / "data" / "futures.csv").read_text(encoding="utf-8")
    return {
        row["root"]: Root(
            row["root"], row["name"], row["exchange"], row["currency"], row["calendar"],
            Decimal(row["tick_size"]), Decimal(row["multiplier"]), Decimal(row["option_tick"]),
        )
        for row in csv.DictReader(text.splitlines())
    }  # fmt: skip


def future_symbol(root: str, month: date) -> str:
    """``ESZ13`` for ES and December 2013."""
    return f"{root}{MONTHS[month.month - 1]}{month.year % 100:02d}"


def option_symbol(root: str, expiry: date, right: str, strike: Decimal) -> str:
    """The OSI symbol; ``ValueError`` for a strike that it cannot express."""
    thousandths = strike * 1000
    if thousandths != int(thousandths) or thousandths >= 10**8:
        raise ValueError(f"strike {strike} has more than 3 decimals or 5 digits")
    return f"{root:<6}{expiry:%y%m%d}{'C' if right == 'call' else 'P'}{int(thousandths):08d}"


def underlying_month(expiry: date) -> date:
    """First of the quarterly month in which, or after which, an option on a quarterly future expires."""
    month = next((each for each in _QUARTERLY if each >= expiry.month), 3)
    return date(expiry.year + (month < expiry.month), month, 1)


def third_friday(month: date) -> date:
    """When index futures of a month end: the third Friday."""
    return month + timedelta(days=(4 - month.weekday()) % 7 + 14)


def future_row(root: Root, month: date) -> dict[str, Any]:
    """Reference data of a future."""
    symbol = future_symbol(root.root, month)
    return {
        "instrument_id": f"{root.exchange}:{root.root}{month:%Y%m}",
        "symbol": symbol,
        "name": f"{root.name} {month:%b %Y}",
        "kind": "future",
        "exchange": root.exchange,
        "currency": root.currency,
        "calendar": root.calendar,
        "tick_size": root.tick_size,
        "multiplier": root.multiplier,
        "underlying": root.root,
        "expiry": third_friday(month),
        "valid_to": third_friday(month),
    }


def option_row(
    symbol: str, root: str, expiry: date, right: str, strike: Decimal, exercise: str
) -> dict[str, Any]:
    """Reference data of an option on a share."""
    return {
        "instrument_id": f"OPRA:{symbol}",
        "symbol": symbol,
        "name": f"{root} {expiry:%d %b %Y} {strike.normalize():f} {right}",
        "kind": "option",
        "exchange": "OPRA",
        "currency": "USD",
        "calendar": "XNYS",
        "tick_size": _OPTION_TICK,
        "multiplier": _OPTION_MULTIPLIER,
        "underlying": root,
        "expiry": expiry,
        "strike": strike,
        "option_type": right,
        "exercise": exercise,
        "valid_to": expiry,
    }


def future_option_row(
    symbol: str, root: Root, underlying: str, expiry: date, right: str, strike: Decimal, exercise: str
) -> dict[str, Any]:
    """Reference data of an option on a future."""
    return {
        **option_row(symbol, root.root, expiry, right, strike, exercise),
        "instrument_id": f"{root.exchange}:{symbol}",
        "name": f"{underlying} {expiry:%d %b %Y} {strike.normalize():f} {right}",
        "kind": "future_option",
        "exchange": root.exchange,
        "currency": root.currency,
        "calendar": root.calendar,
        "tick_size": root.option_tick,
        "multiplier": root.multiplier,
        "underlying": underlying,
    }
