"""Steps run once, and again when what they depend on, or the data they made, is another."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from flowforge_local.engines import Endpoints
from flowforge_local.supervisor.preparation import Preparation, PreparationError, Step
from flowforge_local.supervisor.report import Report

NOWHERE = Endpoints(*(["http://127.0.0.1:1"] * len(fields(Endpoints))))
STEP = Step("count", "counting", ("counting",), ("sql", "counting.py"))
COUNTING = (
    "import pathlib, sys; pathlib.Path('count').open('a').write('x'); sys.exit(pathlib.Path('fail').exists())"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / "sql").mkdir(parents=True)
    (root / "sql" / "001.sql").write_text("select 1")
    (root / "counting.py").write_text(COUNTING)
    return root


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    (home / "clickhouse").mkdir(parents=True)
    return home


async def run(home: Path, root: Path) -> int:
    """Runs of the step so far, after doing it if it is pending."""
    preparation = Preparation(home, Report(), root)
    for step in preparation.pending([STEP]):
        await preparation.run(step, NOWHERE)
    return len((root / "count").read_text())


async def test_a_step_is_not_repeated(home: Path, root: Path) -> None:
    assert [await run(home, root) for _ in range(3)] == [1, 1, 1]


@pytest.mark.parametrize("change", ["edit", "add", "remove", "rename", "other data"])
async def test_a_change_repeats_it(home: Path, root: Path, change: str) -> None:
    (root / "sql" / "002.sql").write_text("select 2")
    assert await run(home, root) == 1
    match change:
        case "edit":
            (root / "sql" / "001.sql").write_text("select 3")
        case "add":
            (root / "sql" / "003.sql").write_text("select 3")
        case "remove":
            (root / "sql" / "002.sql").unlink()
        case "rename":
            (root / "sql" / "002.sql").rename(root / "sql" / "004.sql")
        case "other data":
            (home / "clickhouse").rename(home / "old")
            (home / "clickhouse").mkdir()
    assert await run(home, root) == 2


async def test_what_does_not_matter_does_not_repeat_it(home: Path, root: Path) -> None:
    assert await run(home, root) == 1
    (root / "sql" / "notes.md").write_text("x")
    (root / "sql" / "001.sql").touch()
    assert await run(home, root) == 1


async def test_a_failure_is_told_and_not_remembered(home: Path, root: Path) -> None:
    (root / "fail").touch()
    with pytest.raises(PreparationError, match=r"`python -m counting` failed \(exit code 1\)"):
        await run(home, root)
    (root / "fail").unlink()
    assert await run(home, root) == 2
