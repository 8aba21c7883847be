"""Words for the terminal: results on standard output, failures on standard error."""

from __future__ import annotations

import sys


def say(text: str, *, failure: bool = False) -> None:
    """One line, visible at once even through a pipe."""
    print(text, file=sys.stderr if failure else sys.stdout, flush=True)
