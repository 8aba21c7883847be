"""A ClickHouse and a PostgreSQL of the pipeline's own, migrated once, empty before every test; small
files made here, in the formats of the real ones."""

from __future__ import annotations

import io
import os
import random
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from flowforge_local.engines import Endpoints
from flowforge_local.engines.testing import running_engines
from flowforge_pipeline.clickhouse import ClickHouse

TABLES = (
    "flowforge.raw_trades",
    "flowforge.raw_quotes",
    "flowforge.raw_orders",
    "flowforge.imports",
    "metrics.vwap_5min",
    "metrics.rolling_volatility",
    "metrics.alerts",
    "metrics.trades_5min",
    "metrics.hourly_rollup_state",
    "metrics.daily_rollup_state",
    "metrics.hourly_rollup_revised",
    "metrics.daily_rollup_revised",
    "reference.instruments",
    "reference.daily_bars",
    "reference.adjustment_factors",
    "reference.corporate_actions",
    "flowforge.raw_bars",
    "flowforge.raw_quote_bars",
    "flowforge.raw_book",
    "flowforge.raw_book_orders",
    "flowforge.raw_statistics",
    "flowforge.crypto_trades",
    "flowforge.crypto_quotes",
    "flowforge.crypto_depth",
)

Cli = Callable[..., "subprocess.CompletedProcess[str]"]


def _home() -> Iterator[Path]:
    """A state directory that PostgreSQL can enter as another user, deleted in the end."""
    with tempfile.TemporaryDirectory(prefix="flowforge-pipeline-") as directory:
        Path(directory).chmod(0o711)
        yield Path(directory) / "home"


store_home = pytest.fixture(scope="session", name="store_home")(_home)
pipeline_home = pytest.fixture(name="pipeline_home")(_home)


@pytest.fixture(scope="session")
def store(store_home: Path) -> Iterator[Endpoints]:
    """Engines that only these tests write to."""
    with running_engines(store_home) as addresses:
        yield addresses


@pytest.fixture(scope="session")
def environment(store: Endpoints) -> dict[str, str]:
    """Variables of a pipeline process."""
    return {
        **os.environ,
        "FLOWFORGE_CLICKHOUSE_ADMIN_URL": store.clickhouse_admin_url,
        "FLOWFORGE_LIVE_ADMIN_DSN": store.live_admin_dsn,
    }


@pytest.fixture(scope="session")
def cli(environment: dict[str, str]) -> Cli:
    """Run ``python -m flowforge_pipeline`` to its end."""

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "flowforge_pipeline", *map(str, arguments)]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=300
        )

    return run


@pytest.fixture(scope="session")
def migrated(cli: Cli) -> None:
    """The schema."""
    assert cli("migrate").returncode == 0


@pytest.fixture(scope="session")
def connection(store: Endpoints, migrated: None) -> ClickHouse:
    """The engine with the schema in place."""
    return ClickHouse(store.clickhouse_admin_url)


@pytest.fixture(scope="session")
def empty(connection: ClickHouse) -> Callable[[], None]:
    """Remove every row."""

    def truncate() -> None:
        for table in TABLES:
            connection.execute(f"TRUNCATE TABLE {table}")

    return truncate


@pytest.fixture
def clickhouse(connection: ClickHouse, empty: Callable[[], None]) -> ClickHouse:
    """The engine with empty tables."""
    empty()
    return connection


@pytest.fixture(scope="session")
def trial_data() -> Path:
    """The trial data beside the checkout, or where FLOWFORGE_TRIAL_DATA says."""
    beside = Path(__file__).parents[3] / "shared" / "data"
    folder = Path(os.environ.get("FLOWFORGE_TRIAL_DATA", beside))
    if not (folder / "truth").is_dir():
        pytest.skip(f"no trial data in {folder}: set FLOWFORGE_TRIAL_DATA")
    return folder


def zipped(member: str, text: str) -> bytes:
    """A deflated archive with one member."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, text)
    return packed.getvalue()


@pytest.fixture
def lean_file(tmp_path: Path) -> Callable[..., Path]:
    """Write ``<symbol>/<day>_<kind>.zip`` with these lines."""

    def write(lines: list[str], *, symbol: str = "tst", day: str = "20131007", kind: str = "trade") -> Path:
        path = tmp_path / symbol / f"{day}_{kind}.zip"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(zipped(f"{day}_{symbol}_{kind.title()}_Tick.csv", "\n".join(lines)))
        return path

    return write


@pytest.fixture
def lean_lines() -> Callable[..., list[str]]:
    """Ordered ticks around the regular session; every tenth row repeats the row before."""

    def draw(count: int, seed: int = 1) -> list[str]:
        generator = random.Random(seed)
        times = sorted(generator.randrange(33_600_000, 58_200_000) for _ in range(count))
        lines: list[str] = []
        for position, time in enumerate(times):
            if position % 10 == 9:
                lines.append(lines[-1])
                continue
            conditions = generator.choice(["1", "20002000", "40000000", "200", "1000000"])
            suspicious = int(generator.random() < 0.01)
            price, size = generator.randrange(100_000, 110_000), generator.randrange(0, 900)
            lines.append(f"{time},{price},{size},{generator.choice('PQNDK')},{conditions},{suspicious}")
        return lines

    return draw


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a CSV from its lines."""

    def write(*lines: str, name: str = "trades.csv") -> Path:
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write
