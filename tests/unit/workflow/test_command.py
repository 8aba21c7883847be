"""``flowforge check`` and ``format`` as a user runs them: exit codes, output, and nothing is started."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from flowforge_local.workflow.snapshot import FILE_NAME

GOOD = {
    "nodes": [
        {"id": "a", "type": "data_source", "position": {"x": 1, "y": 2}, "data": {"database": "flowforge", "table": "raw_trades"}},
        {"id": "b", "type": "formula", "data": {"expression": "[price] * 2", "output_column": "twice"}},
    ],
    "edges": [{"source": "a", "target": "b"}],
}  # fmt: skip
SNAPSHOT = """{"flowforge_schema": 1, "tables": {"flowforge.raw_trades": {
  "columns": [{"name": "cost", "type": "int64"}], "store": "clickhouse"}}}"""


def flowforge(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from flowforge_local.cli import main; main()", *arguments]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "good.json").write_text(json.dumps(GOOD))
    (tmp_path / "bad.json").write_text(json.dumps(GOOD).replace("[price]", "[prise]"))
    return tmp_path


def test_files_without_problems_exit_with_0(directory: Path) -> None:
    done = flowforge(directory, "check", "good.json", "--home", str(directory / "home"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "good.json: 2 nodes, no problems (schema: shipped)\n"
    assert not (directory / "home").exists()


def test_a_problem_exits_with_1_and_has_place_caret_and_hint(directory: Path) -> None:
    done = flowforge(directory, "check", "good.json", "bad.json")
    column = (directory / "bad.json").read_text().index("[prise]") + 1
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[1:] == [
        f"bad.json:1:{column}: error: node 'b', expression: There is no column 'prise'. [unknown_column]",
        "  [prise] * 2",
        "  ^",
        "  Did you mean price?",
    ]


def test_problems_in_json(directory: Path) -> None:
    (directory / "broken.json").write_text("{")
    done = flowforge(directory, "check", "--json", "good.json", "bad.json", "broken.json")
    good, bad, broken = json.loads(done.stdout)
    assert done.returncode == 1
    assert (good["valid"], good["problems"]) == (True, [])
    assert good["nodes"]["b"][-1] == {"name": "twice", "type": "decimal(38,6)", "nullable": False}
    assert [
        (each["code"], each["node_id"], each["position"], each["place"]["line"]) for each in bad["problems"]
    ] == [("unknown_column", "b", 0, 1)]
    assert [(each["code"], each["place"]) for each in broken["problems"]] == [
        ("bad_json", {"line": 1, "column": 2})
    ]


def test_a_command_line_that_is_wrong_exits_with_2(directory: Path) -> None:
    for arguments in (
        ["absent.json"],
        [],
        ["good.json", "--schema", "absent"],
        ["good.json", "--param", "x"],
        ["."],
    ):
        assert flowforge(directory, "check", *arguments).returncode == 2, arguments


@pytest.mark.parametrize("where", ["beside", "home", "option"])
def test_types_come_from_the_nearest_snapshot(directory: Path, where: str) -> None:
    home = directory / "home"
    home.mkdir()
    place = {"beside": directory / FILE_NAME, "home": home / FILE_NAME, "option": directory / "other"}[where]
    place.write_text(SNAPSHOT)
    option = ["--schema", str(place)] if where == "option" else []
    done = flowforge(directory, "check", "good.json", "--home", str(home), *option)
    assert done.returncode == 1
    assert "There is no column 'price'" in done.stdout


def test_formatting_rewrites_once(directory: Path) -> None:
    file = directory / "good.json"
    before = file.read_bytes()
    assert flowforge(directory, "format", "--check", "good.json").returncode == 1
    assert file.read_bytes() == before
    assert flowforge(directory, "format", "good.json").returncode == 0
    formatted = file.read_bytes()
    assert formatted != before
    again = flowforge(directory, "format", "good.json", "--check")
    assert (again.returncode, again.stdout, file.read_bytes()) == (0, "", formatted)


def test_what_is_no_graph_is_not_rewritten(directory: Path) -> None:
    file = directory / "loop.json"
    file.write_text('{"nodes": [{"id": "a", "type": "x"}], "edges": [{"source": "a", "target": "a"}]}')
    before = file.read_bytes()
    done = flowforge(directory, "format", "loop.json", "good.json")
    assert done.returncode == 1
    assert "loop.json:1:19: error: node 'a'" in done.stderr
    assert file.read_bytes() == before
    assert b'"flowforge": 1' in (directory / "good.json").read_bytes()
