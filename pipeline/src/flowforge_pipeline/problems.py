"""What can go wrong, in words for the person at the terminal.

PipelineError    the command cannot go on (exit 1); says what to do
  FileError    one file cannot be imported; names file, line, column and value
"""

from __future__ import annotations

from typing import Any


class PipelineError(Exception):
    """A failure that the user can act on; ``remedy`` says how."""

    def __init__(self, reason: str, *, remedy: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.reason} {self.remedy}" if self.remedy else self.reason


class FileError(PipelineError):
    """A file that was refused whole. ``line`` counts from 1 and includes the header."""

    def __init__(
        self,
        reason: str,
        *,
        file: str = "",
        line: int | None = None,
        column: str | None = None,
        value: str | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(reason, remedy=remedy)
        self.file = file
        self.line = line
        self.column = column
        self.value = value

    def within(self, file: str) -> FileError:
        """Name the file, unless a deeper layer already did. Returns ``self`` for ``raise … from``."""
        self.file = self.file or file
        return self

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                self.file,
                f"line {self.line}" if self.line is not None else "",
                f'column "{self.column}"' if self.column is not None else "",
            )
            if part
        )
        found = f"{_shown(self.value)} " if self.value is not None else ""
        return f"{place}: {found}{super().__str__()}" if place else f"{found}{super().__str__()}"

    def to_json(self) -> dict[str, Any]:
        """Members for machine-readable reports; absent ones are left out."""
        members = {
            "reason": self.reason,
            "line": self.line,
            "column": self.column,
            "value": self.value,
            "remedy": self.remedy,
        }
        return {name: value for name, value in members.items() if value is not None}


def _shown(value: str) -> str:
    """The value quoted, shortened, with control characters escaped: it goes to a terminal."""
    text = value if len(value) <= 60 else f"{value[:57]}…"
    return f'"{text.encode("unicode_escape").decode("ascii")}"' if not text.isprintable() else f'"{text}"'
