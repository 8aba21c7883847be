"""``flowforge bench pipeline``: performance rows 11 and 12, and the hot lane, on engines of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import hot_lane, importing, streaming
from bench.measure import Row
from flowforge_local.engines import BROKER, ENGINES
from flowforge_local.engines.testing import running_engines


def rows(rounds: int, many: int) -> list[Row]:
    """Everything measured."""
    found = streaming.rows(rounds, many)
    with tempfile.TemporaryDirectory(prefix="flowforge-bench-") as directory:
        place = Path(directory)
        place.chmod(0o711)  # PostgreSQL runs as another user
        with running_engines(place / "home", (*ENGINES, BROKER)) as addresses:
            environment = {
                "FLOWFORGE_CLICKHOUSE_ADMIN_URL": addresses.clickhouse_admin_url,
                "FLOWFORGE_LIVE_ADMIN_DSN": addresses.live_admin_dsn,
                "FLOWFORGE_LIVE_DSN": addresses.live_dsn,
                "FLOWFORGE_REDIS_URL": addresses.redis_url,
                "FLOWFORGE_BROKERS": str(addresses.brokers),
                "FLOWFORGE_PIPELINE_DIR": str(place / "pipeline"),
            }
            command = [sys.executable, "-m", "flowforge_pipeline", "migrate"]
            subprocess.run(command, env={**os.environ, **environment}, check=True, stdout=subprocess.DEVNULL)
            found.extend(importing.rows(environment, place / "files", max(3, rounds // 2)))
            found.append(hot_lane.row(environment))
    return found
