"""Fixtures shared by every test: the embedded engines, started once per session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flowforge_local.engines import Endpoints
from flowforge_local.engines.testing import running_engines


@pytest.fixture(scope="session")
def engines_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """State directory of the session's engines."""
    return tmp_path_factory.mktemp("engines") / "home"


@pytest.fixture(scope="session")
def engines(engines_home: Path) -> Iterator[Endpoints]:
    """Addresses of a ClickHouse, a PostgreSQL and a Valkey that are empty at first."""
    with running_engines(engines_home) as addresses:
        yield addresses
