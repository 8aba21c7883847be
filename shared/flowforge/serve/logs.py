"""Logs as one JSON object per line, each with its trace, tenant and service."""

from __future__ import annotations

import logging
import os
import sys
from datetime import UTC, datetime

import orjson

from flowforge.trace import current_tenant, current_trace

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {
    "message",
    "asctime",
    "taskName",
    "color_message",
}


class JsonFormatter(logging.Formatter):
    """A log record as JSON; whatever was passed as ``extra`` becomes members of the object."""

    def __init__(self) -> None:
        super().__init__()
        self._service = os.environ.get("K_SERVICE", "flowforge")

    def format(self, record: logging.LogRecord) -> str:
        """One line without line breaks."""
        entry: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "service": self._service,
            "message": record.getMessage(),
        }
        trace, tenant = current_trace.get(), current_tenant.get()
        if trace is not None:
            entry["trace_id"], entry["span_id"] = trace.trace_id, trace.span_id
        if tenant is not None:
            entry["tenant"] = tenant
        entry |= {name: value for name, value in record.__dict__.items() if name not in _STANDARD}
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(entry, default=str).decode()


def configure_logging() -> None:
    """Send every logger to stderr as JSON; ``FLOWFORGE_LOG_LEVEL`` chooses the level (info)."""
    # What no line shows is not looked up: https://docs.python.org/3/howto/logging.html#optimization
    logging._srcfile = None
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(os.environ.get("FLOWFORGE_LOG_LEVEL", "info").upper())
    for noisy in ("uvicorn", "uvicorn.error", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
