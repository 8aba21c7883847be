"""The first rows at any node of a graph, quick enough to show while it is being built."""

from flowforge.preview.preview import ROWS, PreviewRequest, PreviewResponse, preview

__all__ = ["ROWS", "PreviewRequest", "PreviewResponse", "preview"]
