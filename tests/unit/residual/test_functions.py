"""Everything that a tree can say can be worked out in memory."""

from __future__ import annotations

import subprocess
import sys

import pytest

from flowforge.formula.functions import SQL
from flowforge.residual.aggregates import AGGREGATES
from flowforge.residual.functions import COMPUTE
from flowforge.residual.functions.text import _matches
from flowforge.residual.scope import FILTER, OVER
from flowforge.residual.windows import WINDOW_FUNCTIONS

STRUCTURE = {"IF", "CASE", "NOW", FILTER, OVER, "ASC", "DESC", "ROWS"}
"""What is not a function of its arguments' values alone; ``scope`` and ``windows`` take these apart."""


def test_every_name_of_the_function_table_is_there() -> None:
    assert set(SQL) == set(COMPUTE) | AGGREGATES | (WINDOW_FUNCTIONS & set(SQL)) | STRUCTURE


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("", "", True),
        ("", "a", False),
        ("%", "", True),
        ("a%", "abc", True),
        ("%c", "abc", True),
        ("%b%", "abc", True),
        ("a_c", "abc", True),
        ("a_c", "ac", False),
        ("a\\%", "a%", True),
        ("a\\%", "ab", False),
        ("\\_", "_", True),
        ("%a%b%", "xaxbx", True),
        ("%a%b%", "xbxax", False),
        ("_", "📈", True),
        ("%\n%", "a\nb", True),
        (".", "a", False),
    ],
)
def test_like(pattern: str, text: str, matches: bool) -> None:
    assert _matches(pattern, text) is matches


def test_like_of_many_wildcards_does_not_explode() -> None:
    assert not _matches("%a" * 500 + "b", "a" * 5_000)


def test_polars_is_only_loaded_when_something_is_worked_out() -> None:
    program = (
        "import sys, flowforge.residual.run, flowforge.residual.select, flowforge.residual.fetch, "
        "flowforge.uploads; sys.exit({'polars', 'pyarrow'} & set(sys.modules) != set())"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
