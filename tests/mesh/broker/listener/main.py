"""A function that notes each event it handles in a file, one line at a time."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from flowforge.serve import Function, ReceivedEvent
from flowforge_events import WIRE

function = Function("listener", wire=WIRE)
NOTES = Path(os.environ["FLOWFORGE_TEST_NOTES"])


@function.event("flowforge.workflow.saved.v1")
async def saved(event: ReceivedEvent) -> None:
    await asyncio.sleep(0.01)
    with NOTES.open("a") as notes:  # noqa: ASYNC230 — one short line, whole or not at all
        notes.write(f"{event.id}\n")


listener = function.target()
