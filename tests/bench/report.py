"""The table for people, and the same as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence

from bench.measure import Row


def show(rows: Sequence[Row], *, as_json: bool) -> int:
    """Print the rows; 1 if a target is missed."""
    missed = [row for row in rows if any(met is False for _, met in row.verdicts())]
    if as_json:
        sys.stdout.write(
            json.dumps({"rows": [row.to_json() for row in rows], "met": not missed}, indent=1) + "\n"
        )
    else:
        sys.stdout.write("\n".join(_lines(rows)) + "\n")
    return 1 if missed else 0


def _lines(rows: Sequence[Row]) -> list[str]:
    cells = [("row", "what", "contender", "median", "ours ÷ it", "target", "")]
    for row in rows:
        cells.append((str(row.row), row.what, "ours", _time(row.seconds.get("ours")), "", "", ""))
        verdicts = row.verdicts()
        own = [(target, met) for target, met in verdicts if target.against is None]
        for name, seconds in row.seconds.items():
            if name != "ours":
                ratio = f"{row.ratio(name):.3g}" if "ours" in row.seconds else ""
                held = next(((target, met) for target, met in verdicts if target.against == name), None)
                words = (held[0].text, _verdict(held[1])) if held else ("", "")
                cells.append(("", "", name, _time(seconds), ratio, *words))
        cells += [("", "", name, "–", "", reason, "") for name, reason in row.notes.items()]
        cells += [("", "", "", "", "", target.text, _verdict(met)) for target, met in own]
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]) - 1)]
    return [
        "  ".join(
            [*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[-1]]
        ).rstrip()
        for line in cells
    ]


def _verdict(met: bool | None) -> str:
    return "not measured" if met is None else "met" if met else "NOT MET"


def _time(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    return f"{seconds * 1e3:.3g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.3g} µs"
