"""preview: the first rows at any node of a graph and what is in its columns, cached by content."""

from __future__ import annotations

from flowforge.preview import PreviewRequest, PreviewResponse, ProfileRequest, ProfileResponse, profile
from flowforge.preview import preview as first_rows
from flowforge.serve import Call, Function
from flowforge_events import WIRE

function = Function("preview", wire=WIRE, at_rest=("flowforge.compiler",))


@function.post("/api/v1/preview", body=PreviewRequest, answer=PreviewResponse, cancellable=True)
async def preview_node(call: Call, request: PreviewRequest) -> bytes:
    """The first 100 rows at a node."""
    return await first_rows(call.access, request)


@function.post("/api/v1/preview/profile", body=ProfileRequest, answer=ProfileResponse, cancellable=True)
async def profile_node(call: Call, request: ProfileRequest) -> bytes:
    """What is in each column at a node: NULLs, distinct values, least, greatest, distribution."""
    return await profile(call.access, request)


preview = function.target()
