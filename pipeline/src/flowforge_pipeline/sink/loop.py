"""The sink's process: one thread per topic, one ledger, one announcer."""

from __future__ import annotations

import logging
import threading
from contextlib import ExitStack

from flowforge_pipeline.loading.announcer import Announcer
from flowforge_pipeline.messages import KINDS
from flowforge_pipeline.process import Process, running
from flowforge_pipeline.sink.ledger import Ledger
from flowforge_pipeline.sink.store import Store

log = logging.getLogger(__name__)


def run() -> int:
    """Until SIGTERM; 1 when a thread ended with an error, so that the whole process is started anew."""
    with running("sink") as process, ExitStack() as stack:
        ledger = Ledger(process.place)
        stack.callback(ledger.close)
        announcer = stack.enter_context(Announcer("sink"))
        failed: list[BaseException] = []
        threads = [
            threading.Thread(target=_guarded, args=(store, process, failed), name=kind)
            for kind in KINDS
            for store in [Store(kind, ledger, announcer, process.stopping)]
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return 1 if failed else 0


def _guarded(store: Store, process: Process, failed: list[BaseException]) -> None:
    try:
        store.run()
    except Exception as error:
        log.exception("The sink ends.")
        failed.append(error)
        process.stopping.set()
