"""``POST /api/v1/preview``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flowforge.graph import parse_graph
from flowforge.results import Question, answer_asked, ask, plan
from flowforge.results.shapes import GraphDocument, NodeId, Parameters, RowsResponse, Strict, UseRollups
from flowforge.stores import PREVIEW
from flowforge.tenancy import Access

if TYPE_CHECKING:
    from flowforge.compiler import Plan

ROWS = 100


class PreviewRequest(Strict):
    """A graph and the node to look at."""

    graph: GraphDocument
    target_node_id: NodeId
    params: Parameters | None = None
    use_rollups: UseRollups = True


class PreviewResponse(RowsResponse):
    """At most 100 rows; ``truncated`` says that there are more."""


async def preview(access: Access, request: PreviewRequest) -> bytes:
    """The JSON of a ``PreviewResponse``. One row more than shown is read, to know whether there are more."""
    graph, target, params = parse_graph(request.graph), request.target_node_id, request.params

    async def compiling() -> tuple[Plan, bytes]:
        compiled = await plan(
            graph, target, access=access, params=params, limit=ROWS + 1, use_rollups=request.use_rollups
        )
        return compiled, b""

    question = Question(access, "preview", graph, target, params, (request.use_rollups,))
    found, _ = await answer_asked(await ask(question, compiling), limits=PREVIEW, rows=ROWS)
    return found.json()
