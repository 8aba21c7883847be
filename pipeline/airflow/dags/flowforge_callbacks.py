"""What FlowForge is told when a run failed: a ``flowforge.pipeline.failed.v1`` event to the broker.

Sent by ``python -m flowforge_pipeline failed`` in FlowForge's environment, which knows the event: Airflow's own has
no FlowForge in it. A broker that is away does not fail a run twice: it is logged, and Airflow's record stays.
"""

from __future__ import annotations

import logging
import os
import subprocess
from typing import Any

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 30.0


def failed(context: dict[str, Any]) -> None:
    """A task failed for good (its retries are over), or a run did, or either took longer than it may."""
    task = context.get("task_instance") or context.get("ti")
    dag = context.get("dag")
    reason = context.get("exception") or context.get("reason") or "it failed"
    command = [
        os.environ.get("FLOWFORGE_PYTHON", "python"), "-m", "flowforge_pipeline", "failed",
        "--job", getattr(dag, "dag_id", None) or getattr(task, "dag_id", "") or "unknown",
        "--run", str(context.get("run_id") or getattr(task, "run_id", "") or "unknown"),
        "--task", getattr(task, "task_id", "") or "",
        "--reason", str(reason)[:500],
    ]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 — the command is this file's own
            command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.warning("FlowForge could not be told of the failure: %s", error)
        return
    if done.returncode:
        log.warning("FlowForge could not be told of the failure: %s", done.stderr[-500:])
