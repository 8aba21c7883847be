"""What the push bench plays on: engines of its own, twenty dashboards, a relay or the whole mesh."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

from bench.served import Served, served
from flowforge.resources import close_all
from flowforge.settings import settings
from flowforge.stores.live import LiveStore, live_store
from flowforge.tenancy import Caller
from flowforge.workspace import dashboards, widgets, workflows
from flowforge.workspace.provision import provision
from flowforge.workspace.shapes import DashboardCreate, WidgetCreate, WorkflowCreate
from flowforge_local.engines.testing import running_engines
from flowforge_local.paths import ROOT
from flowforge_local.supervisor.environments import function_environment, pipeline_environment

T = TypeVar("T")
DASHBOARDS = 20
WIDGETS = 4
SYMBOLS = ("AAPL", "MSFT", "JPM", "IBM")


class Stage:
    """Engines with dashboards: ``dashboards`` are (tenant, id), ``widgets`` found by dashboard and symbol."""

    def __init__(self, environment: dict[str, str], home: Path, runner: asyncio.Runner) -> None:
        self.environment = environment
        self.home = home
        self.dashboards: list[tuple[str, str]] = []
        self.widgets: dict[tuple[str, str], str] = {}
        self._runner = runner

    @property
    def redis(self) -> str:
        """Address of Valkey, with its password."""
        return self.environment["FLOWFORGE_REDIS_URL"]

    @property
    def store(self) -> LiveStore:
        """The live feed's store."""
        return self.run(live_store())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the stage's one loop."""
        return self._runner.run(work)

    async def build(self) -> None:
        """Twenty dashboards of tenant ``demo``, each with a widget per symbol."""
        await provision()
        caller = Caller("demo", "bench", frozenset({"admin"}))
        shown = [
            (await workflows.create_workflow(caller, WorkflowCreate(name=symbol, graph=trades(symbol)))).id
            for symbol in SYMBOLS
        ]
        for number in range(DASHBOARDS):
            made = await dashboards.create_dashboard(caller, DashboardCreate(name=f"bench {number}"))
            for symbol, workflow in zip(SYMBOLS, shown, strict=True):
                pinned = WidgetCreate(workflow_id=workflow, output_node_id="select", widget_type="table")
                widget = await widgets.create_widget(caller, made.id, pinned)
                self.widgets[str(made.id), symbol] = str(widget.id)
            self.dashboards.append(("demo", str(made.id)))

    def function(self, name: str) -> AbstractContextManager[Served]:
        """A function's process, without a gateway in front of it."""
        command = [sys.executable, "-m", "flowforge.serve", str(ROOT / "functions" / name / "main.py")]
        return self.server(command, {**self.environment, "K_SERVICE": name})

    def server(
        self, command: Sequence[str], environment: Mapping[str, str]
    ) -> AbstractContextManager[Served]:
        """Any server's process; all write into one log."""
        return served(command, environment, self.home / "served.log")


@contextmanager
def staged() -> Iterator[Stage]:
    """Engines, schema and dashboards, until the block ends; nothing is left behind."""
    with tempfile.TemporaryDirectory(prefix="flowforge-bench-") as folder, asyncio.Runner() as runner:
        place = Path(folder)
        place.chmod(0o711)  # PostgreSQL runs as a user of its own, who has to pass
        with running_engines(place / "home") as engines:
            migrate = [sys.executable, "-m", "flowforge_pipeline", "migrate"]
            subprocess.run(migrate, env=pipeline_environment(engines), check=True, capture_output=True)
            environment = function_environment(engines, place / "home")
            environment["FLOWFORGE_TENANT_LIMITS"] = _without_limits(settings().tenant_limits)
            os.environ.update({name: value for name, value in environment.items() if name != "HOME"})
            settings.cache_clear()
            stage = Stage(environment, place, runner)
            runner.run(stage.build())
            try:
                yield stage
            finally:
                runner.run(close_all())


def _without_limits(defaults: str) -> str:
    """One tenant may have every stream of the bench."""
    return json.dumps({**json.loads(defaults), "streams": 100_000})


def trades(symbol: str) -> dict[str, Any]:
    """The prices of a symbol's trades; the last node is ``select``."""
    equal = {"filters": [{"column": "symbol", "operator": "=", "value": symbol}], "logic": "AND"}
    source = {"database": "flowforge", "table": "raw_trades"}
    nodes = [
        ("source", "data_source", source),
        ("filter", "filter", equal),
        ("select", "select", {"columns": ["price"]}),
    ]
    return {
        "nodes": [
            {"id": name, "type": kind, "position": {"x": 0, "y": 0}, "data": data}
            for name, kind, data in nodes
        ],
        "edges": [
            {"id": "a", "source": "source", "target": "filter"},
            {"id": "b", "source": "filter", "target": "select"},
        ],
    }
