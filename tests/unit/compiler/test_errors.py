"""What people read when something is wrong: near names, a caret, both types, and what to do."""

from __future__ import annotations

import pytest

from flowforge.compiler import propagate
from flowforge.errors import ErrorCode, FlowForgeError
from samples import CATALOGUE, Step, chain


def problem(*steps: Step) -> FlowForgeError:
    """The only problem of a chain."""
    graph, _ = chain(steps)
    (found,) = propagate(graph, catalog=CATALOGUE).problems
    return found


@pytest.mark.parametrize(
    ("name", "near"),
    [("pricee", "price"), ("Quantity", "quantity"), ("quantty", "quantity"), ("event_tme", "event_time")],
)
@pytest.mark.parametrize("where", ["select", "formula"])
def test_a_misspelt_column_is_told_the_nearest_names(where: str, name: str, near: str) -> None:
    step: Step = ("select", {"columns": ["symbol", name]})
    if where == "formula":
        step = ("formula", {"expression": f"1 + [{name}]", "output_column": "x"})
    found = problem(step)
    assert (found.code, found.node_id, found.column) == (ErrorCode.UNKNOWN_COLUMN, f"{where}_1", name)
    assert found.hint is not None
    assert found.hint.startswith("Did you mean")
    assert near in found.hint
    assert found.field == ("columns.1" if where == "select" else "expression")


@pytest.mark.parametrize(
    ("expression", "code", "under"),
    [
        ("[price] * [quantty]", ErrorCode.UNKNOWN_COLUMN, "[quantty]"),
        ("ROUDN([price], 2)", ErrorCode.UNKNOWN_FUNCTION, "ROUDN"),
        ("[price] + [note]", ErrorCode.TYPE_MISMATCH, "[note]"),
        ("[price] + * 2", ErrorCode.FORMULA_SYNTAX, "* 2"),
        ("ROUND()", ErrorCode.WRONG_ARGUMENTS, "ROUND"),
    ],
)
def test_a_formula_has_a_caret_under_what_is_wrong(expression: str, code: ErrorCode, under: str) -> None:
    found = problem(("formula", {"expression": expression, "output_column": "x"}))
    assert found.code is code
    assert found.position is not None
    _, excerpt, caret = found.detail.rsplit("\n", 2)
    assert excerpt.strip() == expression
    assert excerpt[caret.index("^") :].startswith(under)


def test_a_type_clash_names_both_types_and_the_fix() -> None:
    found = problem(("filter", {"filters": [{"column": "price", "operator": ">", "value": "dear"}]}))
    assert (found.code, found.field, found.column) == (ErrorCode.TYPE_MISMATCH, "filters.0.value", "price")
    assert "decimal(18,6)" in found.detail
    assert "'dear'" in found.detail
    assert found.hint == "Give a number."

    found = problem(("formula", {"expression": "[price] + [note]", "output_column": "x"}))
    assert "decimal(18,6)" in found.detail
    assert "string" in found.detail
    assert "TO_NUMBER" in (found.hint or found.detail)

    found = problem(("group_by", {"aggregations": [{"function": "sum", "column": "note"}]}))
    assert "a number" in found.detail
    assert "string" in found.detail
    assert "convert it in a formula" in (found.hint or "")
