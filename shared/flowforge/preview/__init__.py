"""The first rows at any node of a graph, and what is in its columns, quick enough to show while it is being built."""

from flowforge.preview.preview import ROWS, PreviewRequest, PreviewResponse, preview
from flowforge.preview.profile import ProfileRequest, ProfileResponse, profile

__all__ = [
    "ROWS",
    "PreviewRequest",
    "PreviewResponse",
    "ProfileRequest",
    "ProfileResponse",
    "preview",
    "profile",
]
