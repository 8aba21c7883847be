"""Generated files are fresh, staleness is told with its remedy, and schemas become TypeScript."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from flowforge.errors import ErrorCode
from flowforge.formula.functions import OPERATIONS
from flowforge.nodes import NODES
from flowforge_local.codegen.__main__ import main
from flowforge_local.codegen.artifact import ARTIFACTS, COMMAND, stale, write
from flowforge_local.codegen.typescript import expression, interface

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "frontend/src/shared/schema"


def test_the_generated_files_are_fresh() -> None:
    assert stale(ROOT) == [], f"run `{COMMAND}`"


def test_a_stale_file_is_named_with_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert set(write(tmp_path)) == {artifact.path for artifact in ARTIFACTS}
    assert main(["--check"], root=tmp_path) == 0
    changed, missing = ARTIFACTS[0].path, ARTIFACTS[1].path
    (tmp_path / changed).write_text("something else")
    (tmp_path / missing).unlink()
    assert main(["--check"], root=tmp_path) == 1
    told = capsys.readouterr().err
    assert f"{changed} is stale; run `{COMMAND}`" in told
    assert str(missing) in told
    assert main([], root=tmp_path) == 0
    assert stale(tmp_path) == []


@pytest.mark.parametrize("artifact", ARTIFACTS, ids=lambda artifact: artifact.path.name)
def test_a_generated_file_says_so(artifact: Any) -> None:
    head = artifact.text()[:200]
    assert "do not edit" in head
    assert COMMAND in head


def test_nothing_is_left_out() -> None:
    codes = (ROOT / ARTIFACTS[0].path).read_text()
    assert all(f'"{code.value}"' in codes for code in ErrorCode)
    table = json.loads((ROOT / ARTIFACTS[2].path).read_text())
    assert {each["name"] for each in table["functions"] + table["operators"]} == set(OPERATIONS)


def test_every_kind_has_a_twin_and_cases() -> None:
    kinds = {node.kind for node in NODES}
    assert len(kinds) == len(NODES)
    assert {path.stem for path in (ROOT / "tests/cases/nodes").glob("*.json")} == kinds
    modules = {path.stem for path in (ROOT / "shared/flowforge/nodes").glob("*.py")}
    twins = {path.stem for path in (SCHEMA / "nodes").glob("*.ts")}
    assert kinds <= modules
    assert kinds <= twins
    helpers = {
        "base",
        "index",
        "aggregates",
        "charts",
        "joining",
        "operands",
        "values",
        "written",
        "nodes.test",
    }
    assert twins - kinds == helpers, "a file here is a node kind or a known helper"


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ({"type": "string"}, "string"),
        ({"type": "integer"}, "number"),
        ({"const": "AND"}, '"AND"'),
        ({"enum": ["asc", "desc"]}, '"asc" | "desc"'),
        ({"anyOf": [{"type": "integer"}, {"type": "number"}, {"type": "null"}]}, "number | null"),
        ({"type": "array", "items": {"$ref": "#/$defs/Sort"}}, "readonly Sort[]"),
        ({"type": "array", "items": {"enum": [1, "a"]}}, 'readonly (1 | "a")[]'),
        (
            {"type": "array", "prefixItems": [{"type": "string"}, {"type": "number"}]},
            "readonly [string, number]",
        ),
        ({"type": "object", "additionalProperties": {"type": "string"}}, "Readonly<Record<string, string>>"),
        ({"type": "object"}, "Readonly<Record<string, unknown>>"),
        ({"title": "Anything"}, "unknown"),
    ],
)
def test_a_schema_as_typescript(schema: dict[str, Any], text: str) -> None:
    assert expression(schema) == text


@pytest.mark.parametrize(
    "schema", [{"type": "object", "properties": {}}, {"not": {}}, {"type": ["string", "null"]}]
)
def test_a_schema_without_a_rule_is_refused(schema: dict[str, Any]) -> None:
    with pytest.raises(NotImplementedError):
        expression(schema)


def test_an_interface() -> None:
    schema = {
        "description": "One  column\nto sort by.",
        "properties": {
            "column": {"type": "string", "description": "Its name."},
            "null-last": {"type": "boolean", "default": True},
        },
        "required": ["column"],
    }
    assert interface("Sort", schema) == (
        "/** One column to sort by. */\n"
        "export interface Sort {\n"
        "  /** Its name. */\n"
        "  readonly column: string;\n"
        '  readonly "null-last"?: boolean;\n'
        "}\n"
    )
