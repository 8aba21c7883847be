"""What once went wrong, first."""

from __future__ import annotations

import pytest

from oracle.strategies import Case
from parity.checking import check
from parity.counterexamples import kept
from parity.engine import ParityEngine

pytestmark = pytest.mark.engines


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in kept().items()])
def test_counterexample(case: Case, parity_engines: tuple[ParityEngine, ...]) -> None:
    check(case, parity_engines)
