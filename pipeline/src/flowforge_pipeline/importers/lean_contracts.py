"""Symbols, calendar and reference data of what a Lean archive holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flowforge_pipeline import instruments as known
from flowforge_pipeline.importers import contracts
from flowforge_pipeline.importers.lean_names import Asset, Member
from flowforge_pipeline.importers.prepared import Prepared
from flowforge_pipeline.importers.reference_rows import instruments
from flowforge_pipeline.problems import FileError

_EQUITIES = "XNYS"
_MONTH = re.compile(r"^\d{6}$")


@dataclass(frozen=True)
class Naming:
    """``symbols`` has one for each member of the archive; ``calendar`` is None where it is not known."""

    symbols: tuple[str, ...]
    calendar: str | None
    instruments: tuple[Prepared, ...]


def naming_of(asset: Asset, members: list[Member], path: Path) -> Naming:
    """How the contracts of an archive are called here."""
    if asset == "equity":
        roots = tuple(member.root for member in members)
        return Naming(roots, _EQUITIES, tuple(instruments(_unknown_shares(roots))))
    found = [_contract(asset, member, path) for member in members]
    rows = [row for _, row in found if row is not None]
    root = contracts.roots().get(members[0].root)
    calendar = _EQUITIES if asset == "option" else root.calendar if root else None
    return Naming(tuple(symbol for symbol, _ in found), calendar, tuple(instruments(rows)))


def _unknown_shares(symbols: tuple[str, ...]) -> list[dict[str, Any]]:
    """Shares that the shipped reference data does not have: all that the folder says about them."""
    have = {row["symbol"] for row in known.known()}
    return [
        {
            "instrument_id": f"US:{symbol}", "symbol": symbol, "name": symbol, "kind": "equity",
            "exchange": "US", "currency": "USD", "calendar": _EQUITIES, "lot_size": 1, "tick_size": "0.01",
        }
        for symbol in dict.fromkeys(symbols)
        if symbol not in have
    ]  # fmt: skip


def _contract(asset: Asset, member: Member, path: Path) -> tuple[str, dict[str, Any] | None]:
    root = contracts.roots().get(member.root)
    if asset == "future":
        assert member.month is not None
        symbol = contracts.future_symbol(member.root, member.month)
        return symbol, contracts.future_row(root, member.month) if root else None
    assert member.expiry is not None
    assert member.strike is not None
    assert member.right is not None
    try:
        symbol = contracts.option_symbol(member.root, member.expiry, member.right, member.strike)
    except ValueError as error:
        raise FileError(f'"{member.name}": {error}.', remedy="OSI symbols have 5 + 3 digits.") from error
    terms = (member.expiry, member.right, member.strike, member.exercise or "")
    if asset == "option":
        return symbol, contracts.option_row(symbol, member.root, *terms)
    month = _folder_month(path) or contracts.underlying_month(member.expiry)
    underlying = contracts.future_symbol(member.root, month)
    return symbol, contracts.future_option_row(symbol, root, underlying, *terms) if root else None


def _folder_month(path: Path) -> date | None:
    """The underlying's month: options on futures lie in a folder ``<yyyymm>``."""
    name = path.parent.name
    if not _MONTH.match(name):
        return None
    return datetime.strptime(f"{name}01", "%Y%m%d").date()  # noqa: DTZ007 - a date has no zone
