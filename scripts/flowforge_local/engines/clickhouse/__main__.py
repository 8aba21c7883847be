"""Open the data directory of a home and serve it until SIGTERM."""

from __future__ import annotations

import logging
import os
import shutil
import signal
from pathlib import Path

import uvicorn

from flowforge_local.engines.clickhouse.app import ClickHouseHttp
from flowforge_local.engines.clickhouse.engine import Engine
from flowforge_local.engines.clickhouse.respond import BrokenAnswerError
from flowforge_local.engines.clickhouse.users import Users
from flowforge_local.engines.credentials import credentials
from flowforge_local.engines.home import hold, prepare_home
from flowforge_local.engines.ports import LOOPBACK
from flowforge_local.engines.process import arguments, stop_with_parent

DRAIN_SECONDS = 10
"""How long running statements may take to end after SIGTERM."""


class _WithoutBrokenAnswers(logging.Filter):
    """Drops the server's traceback of an answer that was broken off on purpose."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and isinstance(record.exc_info[1], BrokenAnswerError))


def main() -> None:
    """Run the engine and its HTTP interface in this process."""
    home, port = arguments("Run the ClickHouse engine of one FlowForge home.")
    # The HTTP server stops on these signals and raises them once more when it has finished.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    stop_with_parent(signal.SIGTERM)
    directory = prepare_home(home) / "clickhouse"
    os.umask(0o077)
    hold(directory)
    scratch = _empty(directory / "scratch")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("uvicorn.error").addFilter(_WithoutBrokenAnswers())
    engine = Engine(directory / "data")
    try:
        application = ClickHouseHttp(engine, Users(credentials(home)), scratch)
        uvicorn.run(
            application,
            host=LOOPBACK,
            port=port,
            interface="asgi3",
            lifespan="off",
            ws="none",
            access_log=False,
            server_header=False,
            log_config=None,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=DRAIN_SECONDS,
        )
    finally:
        engine.close()


def _leave(number: int, frame: object) -> None:
    raise SystemExit(0)


def _empty(directory: Path) -> Path:
    """A directory for temporary files, without what an earlier process left."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(mode=0o700)
    return directory


if __name__ == "__main__":
    main()
