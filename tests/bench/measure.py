"""Contenders in turns, medians over rounds, and what they are held to."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Contender = Callable[[int], float]
"""Does its work once, for the round of that number, and says how many seconds it took."""


@dataclass(frozen=True)
class Target:
    """What a figure is held to: ``ours ÷ against`` at most ``ratio``, or ours at most ``seconds``."""

    text: str
    against: str | None = None
    ratio: float | None = None
    seconds: float | None = None


@dataclass
class Row:
    """One thing measured: the median seconds of each contender, and the targets with their verdicts.

    ``row`` is the row of the table of performance targets.
    """

    row: int
    what: str
    seconds: dict[str, float]
    targets: Sequence[Target] = ()
    notes: dict[str, str] = field(default_factory=dict)
    ratios: dict[str, float] = field(default_factory=dict)

    def verdicts(self) -> list[tuple[Target, bool | None]]:
        """Each target and whether it is met; None where its peer could not be measured."""
        return [(target, self._met(target)) for target in self.targets]

    def _met(self, target: Target) -> bool | None:
        if "ours" not in self.seconds:
            return False
        if target.seconds is not None:
            return self.seconds["ours"] <= target.seconds
        if target.against not in self.seconds:
            return None
        assert target.ratio is not None
        assert target.against is not None
        return self.ratio(target.against) <= target.ratio

    def ratio(self, against: str) -> float:
        """Ours ÷ theirs, each the mean of its faster half: what else the machine does only ever slows down."""
        return self.ratios.get(against, self.seconds["ours"] / self.seconds[against])

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "row": self.row,
            "what": self.what,
            "seconds": self.seconds,
            "ratios": {
                name: self.ratio(name) for name in self.seconds if name != "ours" and "ours" in self.seconds
            },
            "targets": [{"target": target.text, "met": met} for target, met in self.verdicts()],
            "notes": self.notes,
        }


def alternate(
    contenders: Mapping[str, Contender], rounds: int
) -> tuple[dict[str, float], dict[str, str], dict[str, float]]:
    """Each contender once per round, in turns: medians, why one has none, and ratios of ours to each.

    A contender that fails is left out of the following rounds.
    """
    times: dict[str, list[float]] = {name: [] for name in contenders}
    notes: dict[str, str] = {}
    for each in range(-1, rounds):  # the first round only warms up
        for name, contender in contenders.items():
            if name in notes:
                continue
            try:
                taken = contender(each)
            except Exception as error:
                notes[name] = f"{type(error).__name__}: {error}"
                continue
            if each >= 0:
                times[name].append(taken)
    medians = {name: statistics.median(taken) for name, taken in times.items() if taken and name not in notes}
    fast = {name: _faster_half(times[name]) for name in medians}
    ratios = {name: fast["ours"] / fast[name] for name in fast if name != "ours" and "ours" in fast}
    return medians, notes, ratios


def _faster_half(times: list[float]) -> float:
    return statistics.fmean(sorted(times)[: (len(times) + 1) // 2])
