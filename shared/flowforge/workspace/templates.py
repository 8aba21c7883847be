"""Workflows to begin with: the workflow files beside this module, each a graph with a dashboard of it.

A file has one more member than other workflow files::

    "template": {
      "description", "tags",
      "dashboard": [ {"output_node_id", "widget_type", "config", "position"} … ],
      "range":  {"source", "column", "days"},     parameters `from` and `to`: the newest days of that table
      "symbol": {"source"}                        parameter `symbol`: the one with most rows in that range
    }
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from pydantic import BaseModel, ConfigDict, Field

from flowforge.catalog import Catalog
from flowforge.metadata.graphs import not_found
from flowforge.results.shapes import NodeId
from flowforge.workspace.shapes import WidgetType

FOLDER = Path(__file__).parent / "template_files"


class TemplateRange(BaseModel):
    """The newest ``days`` days of ``column`` in the table of the node ``source``."""

    model_config = ConfigDict(extra="forbid")

    source: NodeId
    column: str
    days: int = Field(ge=1)


class TemplateSymbol(BaseModel):
    """A symbol of the table of the node ``source``."""

    model_config = ConfigDict(extra="forbid")

    source: NodeId


class TemplateWidget(BaseModel):
    """A widget of the template's dashboard."""

    model_config = ConfigDict(extra="forbid")

    output_node_id: NodeId
    widget_type: WidgetType
    config: dict[str, Any] = {}
    position: dict[str, Any] = {}


class TemplateDetails(BaseModel):
    """What a template is beside its graph."""

    model_config = ConfigDict(extra="forbid")

    description: str
    tags: list[str]
    dashboard: list[TemplateWidget]
    range: TemplateRange | None = None
    symbol: TemplateSymbol | None = None


class Template(BaseModel):
    """A template: ``graph`` is React Flow JSON, each node with its position."""

    id: str
    name: str
    graph: dict[str, Any]
    details: TemplateDetails

    @property
    def tables(self) -> list[str]:
        """The tables that it reads, as ``database.table``."""
        sources = [node["data"] for node in self.graph["nodes"] if node["type"] == "data_source"]
        return sorted({f"{each['database']}.{each['table']}" for each in sources})

    def source(self, node_id: str) -> tuple[str, str]:
        """(database, table) of a data source."""
        data = next(node["data"] for node in self.graph["nodes"] if node["id"] == node_id)
        return data["database"], data["table"]


class TemplateSummary(BaseModel):
    """A template in the list; it is ``available`` to a tenant that sees all of its tables."""

    id: str
    name: str
    description: str
    tags: list[str]
    tables: list[str]
    widgets: int
    available: bool


class TemplatePage(BaseModel):
    """All templates, by name."""

    items: list[TemplateSummary]
    next_cursor: str | None


def list_templates(catalog: Catalog) -> TemplatePage:
    """All of them, as a tenant with this catalogue may use them."""
    return TemplatePage(
        items=[
            TemplateSummary(
                id=each.id,
                name=each.name,
                description=each.details.description,
                tags=each.details.tags,
                tables=each.tables,
                widgets=len(each.details.dashboard),
                available=all(name in catalog.tables for name in each.tables),
            )
            for each in sorted(templates().values(), key=lambda each: each.name)
        ],
        next_cursor=None,
    )


def template(template_id: str) -> Template:
    """The template of that id; 404 if there is none."""
    found = templates().get(template_id)
    if found is None:
        raise not_found("template", template_id)
    return found


@lru_cache(maxsize=1)
def templates() -> dict[str, Template]:
    """Every template by its id, which is its file's name."""
    return {path.stem: _read(path) for path in sorted(FOLDER.glob("*.json"))}


def _read(path: Path) -> Template:
    document = orjson.loads(path.read_bytes())
    layout = document["layout"]
    nodes = [{**node, "position": layout[node["id"]]} for node in document["nodes"]]
    return Template(
        id=path.stem,
        name=document["name"],
        graph={"nodes": nodes, "edges": document["edges"], "parameters": document["parameters"]},
        details=TemplateDetails.model_validate(document["template"]),
    )
