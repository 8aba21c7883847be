"""Telling the broker of events what happened, once a second, by a thread: a slow broker holds up nothing else."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from types import TracebackType
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from flowforge_events.sending import Sender

EVERY_SECONDS = 1.0


class Teller(ABC):
    """A context manager; what is still to be told is told at its end. ``lock`` guards what gathers meanwhile."""

    def __init__(self, name: str) -> None:
        self.lock = threading.Lock()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def __enter__(self) -> Self:
        """Begin to tell."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Tell the rest."""
        self._ended.set()
        self._thread.join()

    @abstractmethod
    def tell(self, sender: Sender) -> None:
        """Send what has gathered; what the broker does not take now is to be gathered again."""

    def _run(self) -> None:
        from flowforge_events.sending import Sender

        sender = Sender.of_environment(patience=EVERY_SECONDS)
        while not self._ended.wait(EVERY_SECONDS):
            self.tell(sender)
        self.tell(sender)
        sender.close()
