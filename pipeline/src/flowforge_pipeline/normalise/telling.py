"""Tell that records were quarantined: ``flowforge.record.quarantined.v1``, once a second per topic and reason."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from flowforge_events.catalog import RecordQuarantined
from flowforge_events.envelope import make
from flowforge_events.sending import RefusedError, Sender, UnreachableError
from flowforge_pipeline.normalise.judged import reasons

EVERY_SECONDS = 1.0

log = logging.getLogger(__name__)

Key = tuple[str, str]


class Telling:
    """A thread sends, so that a slow receiver of events holds up no message."""

    def __init__(self) -> None:
        self._counts: Counter[Key] = Counter()
        self._samples: dict[Key, str] = {}
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="telling", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def refused(self, topic: str, counts: Mapping[str, int], samples: Mapping[str, str]) -> None:
        """Counts of a batch; those of what was not refused are left out."""
        found = reasons(counts.items())
        if not found:
            return
        with self._lock:
            for reason, count in found.items():
                self._counts[topic, reason] += count
                self._samples.setdefault((topic, reason), samples.get(reason, ""))

    def _run(self) -> None:
        sender = Sender.of_environment(patience=EVERY_SECONDS)
        while not self._ended.wait(EVERY_SECONDS):
            self._tell(sender)
        self._tell(sender)
        sender.close()

    def _tell(self, sender: Sender) -> None:
        with self._lock:
            counts, self._counts = self._counts, Counter()
            samples, self._samples = self._samples, {}
        for (topic, reason), count in counts.items():
            sample = samples.get((topic, reason))
            data = RecordQuarantined(topic=topic, reason=reason, count=count, sample_id=sample or None)
            try:
                sender.send(make(data, component="normalise", subject=topic))
            except UnreachableError as error:
                log.warning(
                    "%d records of %s were refused (%s), which nobody could be told yet: %s",
                    count,
                    topic,
                    reason,
                    error,
                )
                with self._lock:
                    self._counts[topic, reason] += count
                    self._samples.setdefault((topic, reason), sample or "")
            except RefusedError as error:
                log.error("the broker of events does not take what was refused of %s: %s", topic, error)
