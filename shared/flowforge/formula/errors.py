"""How a formula's errors look: a code, the place, a caret under the token, and the nearest names."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from flowforge.errors import ErrorCode, GraphError

EXCERPT = 60
"""Characters of the formula that are quoted around the place."""


def formula_error(
    code: ErrorCode,
    detail: str,
    *,
    source: str = "",
    position: int | None = None,
    column: str | None = None,
    hint: str | None = None,
) -> GraphError:
    """A ``GraphError`` on the field ``expression``; the detail ends with the excerpt and its caret."""
    if position is not None and source:
        detail = f"{detail}\n{caret(source, position)}"
    return GraphError(code, detail, field="expression", column=column, position=position, hint=hint)


def caret(source: str, position: int) -> str:
    """The formula around ``position`` and, on a second line, a caret under it."""
    start = max(0, position - EXCERPT // 2)
    excerpt = "".join(
        character if character.isprintable() else " " for character in source[start : start + EXCERPT]
    )
    return f"  {excerpt}\n  {' ' * (position - start)}^"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """A hint that lists the known names closest to a misspelt one, or some of those there are."""
    names = list(known)
    if not names:
        return None
    by_folded = {each.casefold(): each for each in reversed(names)}
    close = get_close_matches(name[:128].casefold(), by_folded, n=3, cutoff=0.6)
    if close:
        return "Did you mean " + " or ".join(by_folded[each] for each in close) + "?"
    shown = ", ".join(names[:12])
    return f"There are: {shown}{', …' if len(names) > 12 else ''}."
