"""Why a file is not taken: said by the process that reads it, told to the caller by the one that started it."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - an answer, not a failure
    """``column`` is the one that is wrong, ``hint`` what to do."""

    def __init__(self, detail: str, *, column: str | None = None, hint: str | None = None) -> None:
        super().__init__(detail)
        self.detail, self.column, self.hint = detail, column, hint
