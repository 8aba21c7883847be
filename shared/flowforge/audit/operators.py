"""What operators are told of: a line in the log for each, which the counter of received events makes an alert.

These events belong to no tenant and to no chain of entries: a source that sends rubbish would fill a log that can
only grow. The records themselves lie in ``quarantine.*``, and ``flowforge pipeline counts`` adds them up.
"""

from __future__ import annotations

import logging

from flowforge.received import ReceivedEvent

log = logging.getLogger("flowforge.operators")

MOST_CHARACTERS = 200


async def records_quarantined(event: ReceivedEvent) -> None:
    """Validation refused records: of which topic, why, and one of them to look for."""
    data = event.data
    log.warning(
        "%d records of %s were refused: %s, for example %s",
        data["count"],
        _short(data["topic"]),
        _short(data["reason"]),
        _short(data["sample_id"] or "one without an id"),
    )


async def pipeline_failed(event: ReceivedEvent) -> None:
    """A scheduled job failed, its retries over."""
    data = event.data
    named = " ".join(filter(None, (_short(data["job"]), _short(data["task"]))))
    log.error("The job %s failed in run %s: %s", named, _short(data["run"]), _short(data["reason"]))


def _short(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…"
