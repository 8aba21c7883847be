"""Fixtures shared by every test: the embedded engines, started once per session."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from flowforge_local.engines import Endpoints
from flowforge_local.engines.testing import running_engines


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--all", action="store_true", help="run the long property tests as well")


def pytest_configure(config: pytest.Config) -> None:
    """The same examples in every run, so that a run fails for a change; --all draws new ones."""
    settings.register_profile("repeatable", derandomize=True)
    if not config.getoption("--all"):
        settings.load_profile("repeatable")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--all"):
        left_out = pytest.mark.skip(reason="long: runs with --all")
        for item in items:
            if "slow" in item.keywords:
                item.add_marker(left_out)


@pytest.fixture(scope="session")
def engines_home() -> Iterator[Path]:
    """State directory of the session's engines, deleted at its end.

    Not under pytest's own directory, which no other user may enter: PostgreSQL, which root must
    run as another user, would have to keep its data elsewhere.
    """
    with tempfile.TemporaryDirectory(prefix="flowforge-tests-") as directory:
        Path(directory).chmod(0o711)
        yield Path(directory) / "home"


@pytest.fixture(scope="session")
def engines(engines_home: Path) -> Iterator[Endpoints]:
    """Addresses of a ClickHouse, a PostgreSQL and a Valkey that are empty at first."""
    with running_engines(engines_home) as addresses:
        yield addresses
