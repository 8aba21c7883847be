"""Behaviour common to the engines' processes."""

from __future__ import annotations

import argparse
import ctypes
import signal
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1  # prctl(2)


def arguments(description: str) -> tuple[Path, int]:
    """Parse ``--home`` and ``--port`` from the command line."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--home", type=Path, required=True, help="state directory of the installation")
    parser.add_argument("--port", type=int, required=True, help="port to listen on, on 127.0.0.1")
    parsed = parser.parse_args()
    return parsed.home, parsed.port


def stop_with_parent(stop_signal: signal.Signals) -> None:
    """Have the kernel send ``stop_signal`` to this process when the thread that started it ends.

    A supervisor that is killed outright then leaves no engine behind. Linux only; elsewhere the
    next start finds the directory's lock held and says so. The setting survives ``exec`` but not
    a change of user, so it comes last.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
