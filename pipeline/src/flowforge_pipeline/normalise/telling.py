"""Tell that records were quarantined: ``flowforge.record.quarantined.v1``, once a second per topic and reason."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Mapping

from flowforge_events.catalog import RecordQuarantined
from flowforge_events.envelope import make
from flowforge_events.sending import RefusedError, Sender, UnreachableError
from flowforge_pipeline.loading.teller import Teller
from flowforge_pipeline.normalise.judged import reasons

log = logging.getLogger(__name__)

Key = tuple[str, str]


class Telling(Teller):
    """Counts of what was refused, until they are told."""

    def __init__(self) -> None:
        super().__init__("telling")
        self._counts: Counter[Key] = Counter()
        self._samples: dict[Key, str] = {}

    def refused(self, topic: str, counts: Mapping[str, int], samples: Mapping[str, str]) -> None:
        """Counts of a batch; those of what was not refused are left out."""
        found = reasons(counts.items())
        if not found:
            return
        with self.lock:
            for reason, count in found.items():
                self._counts[topic, reason] += count
                self._samples.setdefault((topic, reason), samples.get(reason, ""))

    def tell(self, sender: Sender) -> None:
        """An event for each topic and reason."""
        with self.lock:
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
                with self.lock:
                    self._counts[topic, reason] += count
                    self._samples.setdefault((topic, reason), sample or "")
            except RefusedError as error:
                log.error("the broker of events does not take what was refused of %s: %s", topic, error)
