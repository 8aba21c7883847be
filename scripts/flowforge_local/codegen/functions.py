"""``functions.json``: the tables of functions and aggregates as data, for typing, completion and help in the browser."""

from __future__ import annotations

import json
from typing import Any

from flowforge.formula.functions import FUNCTIONS, OPERATIONS
from flowforge.formula.signature import Function, Parameter
from flowforge.nodes.aggregates import TAKES, Takes


def render(notice: str) -> str:
    """The file's text; its key ``//`` carries ``notice``. Operators are functions with odd names."""
    table = {
        "//": notice,
        "functions": [_function(function) for function in FUNCTIONS.values()],
        "aggregates": [_aggregate(name, takes) for name, takes in TAKES.items()],
        "operators": [_function(each) for name, each in OPERATIONS.items() if name not in FUNCTIONS],
    }
    return json.dumps(table, indent=2, ensure_ascii=False) + "\n"


def _function(function: Function) -> dict[str, Any]:
    return {
        "name": function.name,
        "signature": function.signature,
        "doc": function.doc,
        "parameters": [_parameter(parameter) for parameter in function.parameters],
        "repeats": function.repeats,
        "alike": function.alike,
        "returns": function.returns,
        "nullable": function.nullable,
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "accepts": sorted(parameter.accepts),
        "choices": list(parameter.choices),
        "digits": parameter.digits,
        "optional": parameter.optional,
    }


def _aggregate(name: str, takes: Takes) -> dict[str, Any]:
    return {
        "name": name,
        "required": list(takes.required),
        "optional": list(takes.optional),
        "accepts": sorted(takes.accepts),
    }
