"""Robust z-scores: how far a value lies from the median, in units of the median absolute deviation.

    z = 0.6745 · (x − median) / MAD

0.6745 is the third quartile of the normal distribution, which makes it comparable with a standard score.
Iglewicz and Hoaglin (*How to Detect and Handle Outliers*, ASQC 1993, also NIST/SEMATECH e-Handbook
1.3.5.17) call a value an outlier from ``|z| > 3.5`` on. One outlier in the history moves neither median
nor MAD, so that it does not hide the next one.

A history that hardly varies would make every small change an outlier: the deviation is never taken for
less than ``floor``.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

QUARTILE = 0.6745
THRESHOLD = 3.5


def robust_z(value: float, history: Sequence[float], floor: float) -> float:
    """The score of ``value`` against a history that does not contain it."""
    middle, deviation = _spread(history, floor)
    return QUARTILE * (value - middle) / deviation


def limit(history: Sequence[float], floor: float, score: float) -> float:
    """The value that has this score."""
    middle, deviation = _spread(history, floor)
    return middle + score * deviation / QUARTILE


def _spread(history: Sequence[float], floor: float) -> tuple[float, float]:
    middle = median(history)
    return middle, max(median(abs(each - middle) for each in history), floor)
