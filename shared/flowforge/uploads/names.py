"""Names of columns in uploaded files: those that the columns of a graph may have."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flowforge.uploads import limits
from flowforge.uploads.refusal import Refusal

_NAME = re.compile(r'^[^\x00-\x1f\x7f"`\\\[\]]+$')


def checked_names(names: Sequence[str]) -> list[str]:
    """The names without blanks around them; ``Refusal`` at the first that cannot be one."""
    if len(names) > limits.MAX_COLUMNS:
        raise Refusal(
            f"The file has {len(names):,} columns; {limits.MAX_COLUMNS} are taken.",
            hint="Leave out those that are not needed.",
        )
    found: list[str] = []
    for index, given in enumerate(names, start=1):
        name = given.strip()
        if not name:
            raise Refusal(f"Column {index} has no name.", hint="The first line names every column.")
        if len(name) > limits.MAX_NAME or not _NAME.match(name):
            raise Refusal(
                f"Column {index} cannot be named {name[:64]!r}.",
                column=name[:64],
                hint="A name has 1 to 128 characters, none of them a quote, a bracket, a backslash or a control.",
            )
        if name in found:
            raise Refusal(f"Two columns are named {name!r}.", column=name, hint="Rename one of them.")
        found.append(name)
    if not found:
        raise Refusal("The file has no columns.")
    return found
