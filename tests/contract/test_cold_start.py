"""What a function's process may not import before it listens, and before it can answer; both are most of a cold start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from functions_framework.aio import create_asgi_app

from flowforge_local.paths import ROOT

SOURCES = sorted((ROOT / "functions").glob("*/main.py"))
BEFORE_LISTENING = """
import uvicorn
import flowforge.serve.__main__, flowforge.serve.app, flowforge.serve.logs, flowforge.settings
"""
BEFORE_ANSWERING = """
import sys
from pathlib import Path
from flowforge.serve.hosting import load_target
load_target(Path(sys.argv[1]), Path(sys.argv[1]).parent.name)
import flowforge.serve.outbox
"""
WITH_THE_COMPILER = "import flowforge.compiler"
NOT_WITH_THE_COMPILER = {
    "flowforge.formula.parser",
    "flowforge.nodes.pivot",
    "flowforge.nodes.window",
    "flowforge.preview.distribution",
    "polars",
    "pyarrow",
    "sqlglot.dialects.postgres",
    "sqlglot.executor",
    "sqlglot.optimizer.optimizer",
}
"""What only some graphs need is loaded with the first one that does."""
NOT_BEFORE_LISTENING = {
    "asyncpg",
    "flowforge.auth",
    "flowforge.metadata",
    "flowforge.serve.function",
    "flowforge.serve.router",
    "flowforge_events",
    "redis",
    "starlette.routing",
}
NEVER_TO_LOAD = {
    "aiohttp",
    "chdb",
    "clickhouse_connect",
    "cloudevents",
    "flask",
    "flowforge.compiler",
    "flowforge.formula",
    "flowforge.relation",
    "functions_framework",
    "jinja2",
    "numpy",
    "opentelemetry",
    "pandas",
    "polars",
    "prometheus_client",
    "pyarrow",
    "redis",
    "sqlglot",
    "werkzeug",
    "yaml",
}
"""What is loaded with the first use – the compiler and what it loads, what rows in memory take – or by nobody at all."""


def _imported(code: str, *arguments: str) -> set[str]:
    listing = f"{code}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", listing, *arguments], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_little_is_imported_before_listening() -> None:
    assert not _imported(BEFORE_LISTENING) & (NOT_BEFORE_LISTENING | NEVER_TO_LOAD)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.parent.name)
def test_a_function_is_loaded_without_the_heavy_libraries(source: Path) -> None:
    assert not _imported(BEFORE_ANSWERING, str(source)) & NEVER_TO_LOAD


def test_the_compiler_comes_without_what_few_graphs_need() -> None:
    assert not _imported(WITH_THE_COMPILER) & NOT_WITH_THE_COMPILER


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.parent.name)
async def test_functions_framework_hosts_every_function(source: Path) -> None:
    transport = httpx.ASGITransport(create_asgi_app(target=source.parent.name, source=str(source)))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        answer = await client.get("/api/v1/nothing")
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
