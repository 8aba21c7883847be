"""``flowforge ps`` and ``flowforge status``: what is running."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from flowforge_local.cli.common import HOME, Home, Json, fail, owner_of


def ps(home: Home = HOME, as_json: Json = False) -> None:
    """Functions of the mesh and how many processes each has; an idle function has none."""
    rows = _ask_mesh(home, "/ps")
    if as_json:
        typer.echo(json.dumps(rows))
        return
    _table(
        ("SERVICE", "REVISION", "INSTANCES", "MIN", "MAX", "IN FLIGHT", "LAST COLD START"),
        [
            (
                row["service"],
                row["revision"],
                row["instances"],
                row["min_scale"],
                row["max_scale"] or "∞",
                row["in_flight"],
                f"{row['cold_start_ms'][-1]:.0f} ms" if row["cold_start_ms"] else "",
            )
            for row in rows
        ],
    )


def status(home: Home = HOME, as_json: Json = False) -> None:
    """Engines, mesh and pipeline with their processes; exits with 1 when nothing runs on the home."""
    from flowforge_local.supervisor import state

    current = state.read(home) if owner_of(home) is not None else None
    if current is None:
        if as_json:
            typer.echo(json.dumps({"running": False, "engines": [], "mesh": None, "pipeline": []}))
            raise typer.Exit(1)
        fail(f"nothing runs on {home}; start it with `flowforge up`")
    rows: list[dict[str, Any]] = [vars(child) for child in current.children]
    if as_json:
        answer = {
            "running": True,
            "pid": current.pid,
            "phase": current.phase,
            "url": current.url,
            "kafka": _brokers(home),
            "engines": [row for row in rows if row["kind"] == "engine"],
            "mesh": next((row for row in rows if row["kind"] == "mesh"), None),
            "pipeline": _with_lag(home, [row for row in rows if row["kind"] == "pipeline"]),
        }
        typer.echo(json.dumps(answer))
        return
    typer.echo(f"{current.url}  {current.phase}  (process {current.pid})")
    if (brokers := _brokers(home)) is not None:
        typer.echo(f"Kafka protocol on {brokers}: raw.*, normalized.*, quarantine.*, analytics.*")
    _table(
        ("NAME", "KIND", "STATE", "PID", "RESTARTS"),
        [(row["name"], row["kind"], row["state"], row["pid"] or "", row["restarts"]) for row in rows],
    )


def _brokers(home: Path) -> str | None:
    """``host:port`` of the Kafka-compatible broker, where messages go and come from."""
    from flowforge_local.engines import endpoints

    return endpoints(home).brokers


def _with_lag(home: Path, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each process with what it is behind per topic; ``lag`` is null where that cannot be told now."""
    if not rows:
        return rows
    import subprocess
    import sys

    from flowforge_local.engines import endpoints
    from flowforge_local.supervisor.environments import live_environment

    place = home.expanduser().absolute() / "pipeline"
    asked = subprocess.run(
        [sys.executable, "-m", "flowforge_pipeline", "lag", "--json"],
        env=live_environment(endpoints(home), place, ""),
        capture_output=True,
        text=True,
        check=False,
    )
    lags: list[dict[str, Any]] | None = json.loads(asked.stdout) if asked.returncode == 0 else None
    return [
        {**row, "lag": None if lags is None else [each for each in lags if each["process"] == row["name"]]}
        for row in rows
    ]


def _ask_mesh(home: Path, path: str) -> Any:
    import http.client
    from urllib.parse import urlsplit

    from flowforge_local.supervisor import state

    current = state.read(home) if owner_of(home) is not None else None
    if current is None:
        fail(f"nothing runs on {home}; start it with `flowforge up`")
    try:
        token = (home / "admin-token").read_text(encoding="utf-8")
        connection = http.client.HTTPConnection(urlsplit(current.admin_url).netloc, timeout=5)
        connection.request("GET", path, headers={"Authorization": f"Bearer {token}"})
        answer = connection.getresponse()
        if answer.status != http.HTTPStatus.OK:
            fail(f"the mesh of {home} answers {answer.status}; another program may have its port")
        return json.load(answer)
    except (OSError, http.client.HTTPException) as error:
        fail(f"the mesh of {home} does not answer yet ({error})")


def _table(header: Sequence[object], rows: Sequence[Sequence[object]]) -> None:
    lines = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    for line in lines:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(ps)
    app.command()(status)
