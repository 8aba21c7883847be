"""Ten million generated trades in an embedded ClickHouse of the bench's own, in the real schema."""

from __future__ import annotations

import asyncio
import http.client
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psutil

from flowforge.catalog import Catalog
from flowforge_local.engines import endpoints
from flowforge_local.engines.testing import RunningEngine, start
from flowforge_local.supervisor.environments import function_environment, pipeline_environment

SYMBOLS = tuple(f"SYM{index:02d}" for index in range(20))
DAYS = 20
"""Sessions of six and a half hours from 2 January 2024 on."""
BATCH = 1_000_000
LIMITS = {"max_memory_usage": 2_000_000_000, "max_execution_time": 120, "max_threads": 2}
"""Of every statement, ours and by hand alike."""

_INSERT = """
INSERT INTO flowforge.raw_trades
    (trade_id, event_time, symbol, side, quantity, price, trade_date, session, venue, sequence, conditions,
     corrects_id, source, source_file, row_no)
SELECT
    toString(number),
    toDateTime64('2024-01-02 14:30:00', 9, 'UTC') + toIntervalDay(day)
        + toIntervalMillisecond(intDiv((number % per_day) * 23400000, per_day)) AS at,
    concat('SYM', leftPad(toString(number % 20), 2, '0')),
    toInt8(1 + number % 2),
    toDecimal64(1 + cityHash64(number, 1) % 100000, 4) / 10,
    toDecimal64(100000000 + cityHash64(number, 2) % 400000000, 6) / 1000000,
    toDate(at), 'regular', concat('V', toString(number % 7)), number, '', '', 'bench', 'bench', number
FROM numbers({start}, {count})
SETTINGS max_partitions_per_insert_block = 0, max_insert_threads = 1
"""


class EngineError(Exception):
    """The engine refused a statement; its own words."""


@dataclass(frozen=True)
class Market:
    """The running server, and the catalogue that was discovered in it."""

    catalog: Catalog
    url: str
    process: psutil.Process

    def cpu(self) -> float:
        """Seconds of CPU that the server has used so far."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def seconds(self, sql: str, settings: Mapping[str, str | int]) -> float:
        """Seconds of the server's CPU that a statement takes; its rows are read and dropped."""
        before = self.cpu()
        _post(self.url, sql, {**settings, **LIMITS})
        return self.cpu() - before


@contextmanager
def market(home: Path, rows: int) -> Iterator[Market]:
    """The server with the rows in it; they are made once and kept in the home."""
    running: dict[str, RunningEngine] = start(home)
    try:
        addresses = endpoints(home)
        _fill(addresses.clickhouse_admin_url, pipeline_environment(addresses), rows)
        os.environ.update(function_environment(addresses))
        catalog = asyncio.run(_discovered())
        yield Market(catalog, addresses.clickhouse_app_url, psutil.Process(running["clickhouse"].process.pid))
    finally:
        for engine in running.values():
            engine.stop()


def _fill(url: str, environment: dict[str, str], rows: int) -> None:
    migrate = [sys.executable, "-m", "flowforge_pipeline", "migrate"]
    subprocess.run(migrate, env=environment, check=True, stdout=subprocess.DEVNULL)
    known = int(_post(url, "SELECT count() FROM flowforge.raw_trades", {}))
    if known == rows:
        return
    if known:
        raise EngineError(f"the home holds {known} rows and not {rows}: take another one")
    for start_ in range(0, rows, BATCH):
        sys.stderr.write(f"· rows {start_:,} of {rows:,}\n")
        text = _INSERT.replace("per_day", str(rows // DAYS)).replace(
            "toIntervalDay(day)", f"toIntervalDay(intDiv(number, {rows // DAYS}))"
        )
        _post(url, text.format(start=start_, count=min(BATCH, rows - start_)), {})


async def _discovered() -> Catalog:
    from flowforge.resources import close_all
    from flowforge.schema import snapshot

    try:
        return (await snapshot()).catalog
    finally:
        await close_all()


def _post(url: str, sql: str, settings: Mapping[str, str | int]) -> str:
    parts = urlsplit(url)
    assert parts.hostname is not None
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=300)
    secret = b64encode(f"{parts.username}:{parts.password}".encode()).decode()
    try:
        connection.request(
            "POST", f"/?{urlencode(settings)}", sql.encode(), {"Authorization": f"Basic {secret}"}
        )
        answer = connection.getresponse()
        body = answer.read().decode()
    finally:
        connection.close()
    if answer.status != http.HTTPStatus.OK:
        raise EngineError(body.strip()[:200])
    return body
