"""A caller's own files as tables: read in a process of their own, shown with their types, then committed."""

from flowforge.uploads.commit import CommitRequest, CommitResponse, commit
from flowforge.uploads.upload import UploadQuery, UploadResponse, upload

__all__ = ["CommitRequest", "CommitResponse", "UploadQuery", "UploadResponse", "commit", "upload"]
