"""``POST /api/v1/preview``."""

from __future__ import annotations

from flowforge.graph import parse_graph
from flowforge.results import answer, plan
from flowforge.results.shapes import GraphDocument, NodeId, Parameters, RowsResponse, Strict, UseRollups
from flowforge.stores import PREVIEW
from flowforge.tenancy import Access

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
    graph = parse_graph(request.graph)
    compiled = await plan(
        graph,
        request.target_node_id,
        access=access,
        params=request.params,
        limit=ROWS + 1,
        use_rollups=request.use_rollups,
    )
    found = await answer(compiled, access, limits=PREVIEW, rows=ROWS, kind="preview")
    return found.json()
