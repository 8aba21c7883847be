"""What a dbt run did, by its own artifacts (``run_results.json``, ``manifest.json``)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_WRITTEN = frozenset({"table", "incremental", "seed"})
_WELL = frozenset({"success", "pass"})


@dataclass(frozen=True, slots=True)
class Built:
    """A table that was written, and how it went."""

    table: str
    well: bool


def built_tables(state: Path, since: float, schemas: Iterable[str]) -> list[Built]:
    """Tables of these schemas that the last run wrote; none where it left no results since then (Unix time)."""
    results = state / "run_results.json"
    if not results.exists() or results.stat().st_mtime < since:
        return []
    nodes: dict[str, Any] = json.loads((state / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    wanted = frozenset(schemas)
    found = []
    for result in json.loads(results.read_text(encoding="utf-8"))["results"]:
        node = nodes.get(result["unique_id"])
        if node is None or node["schema"] not in wanted or node["resource_type"] not in ("model", "seed"):
            continue
        kind = "seed" if node["resource_type"] == "seed" else node["config"]["materialized"]
        if kind in _WRITTEN:
            name = f"{node['schema']}.{node.get('alias') or node['name']}"
            found.append(Built(name, result["status"] in _WELL))
    return found
