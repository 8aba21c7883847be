"""Every refusal says what to do: the nearest choice, the missing wire, the sign that was meant."""

from __future__ import annotations

from typing import Any

import pytest

from flowforge.compiler import propagate
from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.graph import parse_graph
from samples import CATALOGUE, Step, chain

SOURCE = {"id": "s", "type": "data_source", "data": {"database": "flowforge", "table": "trades"}}


def problem(step: Step) -> FlowForgeError:
    """The only problem of a node behind a source."""
    graph, _ = chain([step])
    (found,) = propagate(graph, catalog=CATALOGUE).problems
    return found


def wired(kind: str, data: dict[str, Any], *handles: str | None) -> FlowForgeError:
    """The only problem of a node that a source is wired to once for each handle."""
    edges = [{"source": "s", "target": "n", "targetHandle": handle} for handle in handles]
    document = {"nodes": [SOURCE, {"id": "n", "type": kind, "data": data}], "edges": edges}
    (found,) = propagate(parse_graph(document), catalog=CATALOGUE).problems
    return found


@pytest.mark.parametrize(
    ("step", "field", "hint"),
    [
        (("limit", {"rows": 1, "offst": 3}), "offst", "Did you mean offset?"),
        (("limit", {"rows": "10"}), "rows", "Give a whole number, without quotes."),
        (("limit", {"rows": 1.5}), "rows", "Give a whole number, without quotes."),
        (("limit", {"rows": -1}), "rows", "Give a larger one."),
        (("limit", {}), "rows", "Give it a value."),
        (("sort", {"sorts": []}), "sorts", "Choose at least one."),
        (("select", {"columns": "price"}), "columns", "Give a list, also of one: [ … ]."),
        (
            ("sort", {"sorts": [{"column": "price", "direction": "des"}]}),
            "sorts.0.direction",
            "Did you mean desc?",
        ),
        (
            ("group_by", {"aggregations": [{"function": "average", "column": "price"}]}),
            "aggregations.0.function",
            "Did you mean avg?",
        ),
        (
            ("filter", {"filters": [{"column": "symbol", "operator": "like", "value": "A%"}]}),
            "filters.0.operator",
            "Did you mean LIKE or NOT LIKE?",
        ),
        (
            ("filter", {"filters": [{"column": "price", "operator": "="}]}),
            "filters.0.value",
            "Use IS NULL or IS NOT NULL to find missing values.",
        ),
        (
            ("filter", {"filters": [{"column": "price", "operator": "IN", "value": 1}]}),
            "filters.0.value",
            "Put the values into a list: […].",
        ),
    ],
)
def test_a_setting(step: Step, field: str, hint: str) -> None:
    found = problem(step)
    assert (found.code, found.field, found.hint) == (ErrorCode.INVALID_CONFIG, field, hint)


@pytest.mark.parametrize(
    ("expression", "at", "hint"),
    [
        ("[price] − 1", 8, "Write - as on the keyboard; − (U+2212) only looks like it."),
        ("CONCAT([symbol], ‘x’)", 17, "Write ' as on the keyboard; ‘ (U+2018) only looks like it."),
        ("[price] > 1 && [price] < 4", 12, "Write AND between conditions."),
        ("[symbol] || 'x'", 9, "Write OR between conditions, CONCAT(…) to join texts."),
        ("[price]::text", 7, "Convert with TO_NUMBER, TO_TEXT or TO_DATE."),
        ("{price} * 2", 0, "Columns are written in brackets: [price]."),
        (
            "[symbol] LIKE 'A%'",
            9,
            "Write CONTAINS([text], 'part') or STARTS_WITH([text], 'start'), or use a filter node.",
        ),
        ("LAG([price])", 0, "A window node looks at other rows."),
        ("1e999999", 0, "Write it with fewer digits, or as a float: 1e30."),
    ],
)
def test_a_formula(expression: str, at: int, hint: str) -> None:
    found = problem(("formula", {"expression": expression, "output_column": "x"}))
    assert (found.field, found.position, found.hint) == ("expression", at, hint)
    quoted, caret = found.detail.splitlines()[-2:]
    assert quoted[len(caret) - 1] == expression[at]


def test_a_unit_that_is_none() -> None:
    found = problem(("formula", {"expression": "DATE_TRUNC('hours', [event_time])", "output_column": "x"}))
    assert found.detail.startswith("DATE_TRUNC needs its unit as a literal text; 'hours' is none.")
    assert found.hint is not None
    assert "'hour'" in found.hint


@pytest.mark.parametrize(
    ("kind", "data", "handles", "code", "detail", "hint"),
    [
        (
            "join",
            {"left_key": "symbol", "right_key": "symbol"},
            ["lft", "right"],
            ErrorCode.MISSING_INPUT,
            "The input 'left' of this join node is not connected.",
            "A wire leads to 'lft', but the inputs are 'left' and 'right'.",
        ),
        (
            "union",
            {},
            [None],
            ErrorCode.MISSING_INPUT,
            "This union node needs 2 inputs, and 1 is connected.",
            "Draw a wire to it.",
        ),
        (
            "data_source",
            SOURCE["data"],
            [None],
            ErrorCode.TOO_MANY_INPUTS,
            "A data_source node takes no input.",
            "Remove the wires that lead to it.",
        ),
    ],
)
def test_wires(
    kind: str, data: dict[str, Any], handles: list[str | None], code: ErrorCode, detail: str, hint: str
) -> None:
    found = wired(kind, data, *handles)
    assert (found.code, found.node_id, found.detail, found.hint) == (code, "n", detail, hint)
