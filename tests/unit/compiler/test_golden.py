"""The SQL of every golden case, store by store, as a reader has judged it."""

from __future__ import annotations

from typing import Any

import pytest

from samples.golden import FILES, answer, cases

ALL = [case for file in FILES for case in cases(file)]


@pytest.mark.parametrize("case", ALL, ids=lambda case: case["title"])
def test_case(case: dict[str, Any]) -> None:
    made = answer(case)
    expected = {name: case[name] for name in made}
    assert made == expected, "if the new statement is right: cd tests && python -m samples.golden"
