"""The dbt project and the environment that it runs in: addresses in variables, dbt in a process of its own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flowforge_pipeline.environment import clickhouse_url
from flowforge_pipeline.problems import PipelineError

DBT = "FLOWFORGE_DBT"
"""Path of the ``dbt`` command, which has an environment of its own."""

STATE = "FLOWFORGE_DBT_STATE"
"""Folder for dbt's artifacts and logs."""


def project_folder() -> Path:
    """Where the project is: in the wheel, else in the checkout."""
    packaged = Path(__file__).parents[1] / "dbt_project"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "dbt"


def command() -> str:
    """The ``dbt`` to run; ``PipelineError`` where there is none."""
    path = os.environ.get(DBT)
    if not path:
        raise PipelineError(
            f"{DBT} is not set.", remedy="Run `flowforge dbt`, which makes dbt's environment."
        )
    return path


def state_folder() -> Path:
    """Where a run leaves its artifacts."""
    return Path(os.environ.get(STATE) or project_folder() / "target").absolute()


def environment() -> Mapping[str, str]:
    """Variables of the dbt process: those of ours, and the address of ClickHouse taken apart."""
    parts = urlsplit(clickhouse_url())
    state = state_folder()
    return {
        **os.environ,
        "FLOWFORGE_DBT_HOST": parts.hostname or "",
        "FLOWFORGE_DBT_PORT": str(parts.port or (8443 if parts.scheme == "https" else 8123)),
        "FLOWFORGE_DBT_USER": unquote(parts.username or "default"),
        # dbt keeps variables of this prefix out of its logs and artifacts.
        "DBT_ENV_SECRET_PASSWORD": unquote(parts.password or ""),
        "FLOWFORGE_DBT_SECURE": str(parts.scheme == "https"),
        "DBT_PROFILES_DIR": str(project_folder()),
        "DBT_PROJECT_DIR": str(project_folder()),
        "DBT_TARGET_PATH": str(state),
        "DBT_LOG_PATH": str(state / "logs"),
    }
