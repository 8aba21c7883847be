"""Rules of the source tree that import-linter and the type checker cannot see."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from flowforge_local.checks.size_budget import over_budget

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = sorted((ROOT / "functions").glob("*/main.py"))
OWN = {"flowforge", "flowforge_events"}


def imported_roots(tree: ast.AST) -> set[str]:
    roots: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            roots |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            roots.add("." * node.level + (node.module or "").split(".")[0])
    return roots


@pytest.mark.parametrize("path", FUNCTIONS, ids=lambda path: path.parent.name)
def test_a_function_imports_only_the_library_and_the_standard_library(path: Path) -> None:
    import sys

    foreign = imported_roots(ast.parse(path.read_text())) - OWN - set(sys.stdlib_module_names)
    assert not foreign, f"{path.parent.name} imports {sorted(foreign)}"


@pytest.mark.parametrize("path", FUNCTIONS, ids=lambda path: path.parent.name)
def test_a_function_only_parses_calls_and_answers(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 120
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            statements = len(node.body) - (ast.get_docstring(node) is not None)
            assert statements <= 4, f"{node.name} has {statements} statements: move logic into the library"


def test_the_functions_were_found() -> None:
    assert {path.parent.name for path in FUNCTIONS} >= {
        "schema",
        "compile",
        "preview",
        "execute",
        "widget",
        "workspace",
    }


PUBLIC = [
    path
    for package in ("shared/flowforge", "events/flowforge_events")
    for path in sorted((ROOT / package).rglob("*.py"))
    if "migrations" not in path.parts
]


@pytest.mark.parametrize("path", PUBLIC, ids=lambda path: str(path.relative_to(ROOT)))
def test_everything_public_is_documented(path: Path) -> None:
    module = ast.parse(path.read_text())
    missing = [] if ast.get_docstring(module) else ["the module"]
    for node in module.body:
        declares = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if declares and not node.name.startswith("_") and not ast.get_docstring(node):
            missing.append(node.name)
    assert not missing, f"without a docstring: {missing}"


@pytest.mark.parametrize(
    ("sizes", "problems"),
    [
        ({"a": 100, "b": 120}, 0),
        ({"a": 501}, 3),
        ({f"f{n}": 10 for n in range(20)} | {"big": 400}, 0),
        ({f"f{n}": 10 for n in range(9)} | {"big": 400}, 1),
        ({}, 1),
    ],
)
def test_the_size_budget(sizes: dict[str, int], problems: int) -> None:
    assert len(over_budget(sizes)) == problems
