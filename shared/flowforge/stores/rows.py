"""A page of a result as JSON bytes: one array per row, in column order, ready for the socket."""

from __future__ import annotations

from flowforge.records import dataclass


@dataclass(frozen=True, slots=True)
class Rows:
    """``lines`` holds one JSON array per line; line breaks inside values are always escaped."""

    lines: bytes

    @property
    def count(self) -> int:
        """Number of rows."""
        return self.lines.count(b"\n") + (1 if self.lines and not self.lines.endswith(b"\n") else 0)

    def first(self, limit: int) -> tuple[Rows, bool]:
        """At most ``limit`` rows, and whether there were more."""
        if self.count <= limit:
            return self, False
        return Rows(b"\n".join(self.lines.split(b"\n", limit)[:limit])), True

    def json(self) -> bytes:
        """``[[…],[…]]``."""
        return b"[" + self.lines.rstrip(b"\n").replace(b"\n", b",") + b"]"
