"""Workflows between a home and files, at the command line: out and in again they are the same bytes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flowforge_local.engines import Endpoints
from flowforge_local.supervisor.lock import own
from flowforge_local.workflow.document import canonical, read
from flowforge_local.workflow.snapshot import SHIPPED

pytestmark = pytest.mark.engines

Command = Callable[..., "subprocess.CompletedProcess[str]"]

GRAPH = {
    "nodes": [
        {"id": "a", "type": "data_source", "position": {"x": 0.5, "y": 2}, "data": {"database": "flowforge", "table": "raw_trades"}},
        {"id": "b", "type": "filter", "position": {"x": 1, "y": 2}, "data": {"filters": [{"column": "symbol", "operator": "=", "value": "AAPL"}]}},
        {"id": "c", "type": "select", "data": {"columns": ["symbol", "price"]}},
    ],
    "edges": [{"id": "1", "source": "a", "target": "b"}, {"id": "2", "source": "b", "target": "c"}],
    "parameters": [],
}  # fmt: skip


@pytest.fixture
def flowforge(stores: Endpoints, engines_home: Path, tmp_path: Path) -> Iterator[Command]:
    """The command, run beside the engines of the session as it runs beside `flowforge up`."""

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from flowforge_local.cli import main; main()", *arguments]
        return subprocess.run(
            [*command, "--home", str(engines_home)], cwd=tmp_path, capture_output=True, text=True, check=False
        )

    with own(engines_home, "test"):
        yield run


def test_the_shipped_snapshot_is_that_of_the_migrations(flowforge: Command) -> None:
    done = flowforge("schema", "snapshot")
    assert (done.returncode, done.stderr) == (0, "")
    of_nobody = json.loads(done.stdout)
    for name in [each for each in of_nobody["tables"] if each.startswith(("uploads.", "marts."))]:
        del of_nobody["tables"][name]  # what other tests put there
    assert of_nobody == json.loads(SHIPPED.read_text()), (
        "flowforge migrate --home /tmp/fresh && flowforge schema snapshot --home /tmp/fresh -o "
        "scripts/flowforge_local/workflow/shipped.json"
    )


def test_a_workflow_goes_in_and_comes_out_as_it_was(flowforge: Command, tmp_path: Path) -> None:
    text = canonical(read(json.dumps({"name": "Apple", "graph": GRAPH})))
    (tmp_path / "apple.json").write_text(text)
    done = flowforge("workflow", "import", "apple.json")
    assert (done.returncode, done.stderr) == (0, "")
    workflow, rest = done.stdout.split(maxsplit=1)
    assert rest == "Apple  (version 1)\n"
    assert flowforge("workflow", "export", workflow).stdout == text

    changed = text.replace('"AAPL"', '"MSFT"')
    (tmp_path / "apple.json").write_text(changed)
    assert "(version 2)" in flowforge("workflow", "import", "apple.json", "--into", workflow).stdout
    assert flowforge("workflow", "export", workflow, "-o", "out.json").returncode == 0
    assert (tmp_path / "out.json").read_text() == changed

    assert flowforge("workflow", "export", workflow, "--tenant", "firm-alpha").returncode == 1


def test_a_file_is_compiled_and_run_at_its_only_end(flowforge: Command, tmp_path: Path) -> None:
    (tmp_path / "apple.json").write_text(canonical(read(json.dumps(GRAPH))))
    compiled = flowforge("compile", "apple.json")
    assert compiled.returncode == 0, compiled.stderr
    assert compiled.stdout.startswith("-- clickhouse\nSELECT")
    rows = flowforge("run", "apple.json")
    assert rows.returncode == 0, rows.stderr
    header, *lines = rows.stdout.splitlines()
    assert header == '"symbol","price"'
    assert lines
    assert all(line.startswith('"AAPL",') for line in lines)


def test_what_is_wrong_with_the_graph_is_said_with_its_place(flowforge: Command, tmp_path: Path) -> None:
    text = canonical(read(json.dumps(GRAPH))).replace('"price"', '"prise"')
    (tmp_path / "apple.json").write_text(text)
    line = next(at for at, each in enumerate(text.splitlines(), 1) if "prise" in each)
    for command in ("compile", "run"):
        done = flowforge(command, "apple.json")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(f"apple.json:{line}:6: error: node 'c', columns.1: ")
