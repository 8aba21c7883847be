"""What the person at the terminal sees: one line per finished step, a spinner for the running ones."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator

from rich.console import Console
from rich.status import Status


class Report:
    """Writes to standard error on a terminal or to a log file alike; the address goes to standard output."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._began = time.monotonic()
        self._running: dict[str, None] = {}
        self._status: Status | None = None

    def line(self, text: str) -> None:
        """Say something now."""
        self._console.print(text, markup=False)

    @contextlib.contextmanager
    def step(self, title: str, *, quiet: bool = False) -> Iterator[None]:
        """A step that is being done; its line with the time it took follows when it is over.

        ``quiet``: the step draws its own progress, so no spinner meanwhile.
        """
        began = time.monotonic()
        if quiet:
            self.line(f"  {title} …")
        else:
            self._running[title] = None
        self._show()
        try:
            yield
        finally:
            self._running.pop(title, None)
            self._show()
        self._console.print(f"[green]✓[/] {title} [dim]{time.monotonic() - began:.1f} s[/]")

    def address(self, url: str) -> None:
        """The one address, when everything is up."""
        seconds = time.monotonic() - self._began
        self.line(f"\nFlowForge is ready after {seconds:.1f} s. Ctrl-C stops it.")
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()

    def _show(self) -> None:
        if not self._console.is_terminal:
            return
        text = ", ".join(self._running)
        if not text:
            if self._status is not None:
                self._status.stop()
                self._status = None
        elif self._status is None:
            self._status = self._console.status(text)
            self._status.start()
        else:
            self._status.update(text)
