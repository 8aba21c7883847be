"""Child processes that cannot outlive us: own session, killed with the parent, ended as a group.

Three ways out, none leaves a process behind: a polite stop (signal, grace, kill), a crash of the child
(its group is killed), and ``kill -9`` of the parent, after which the kernel kills the child
(``PR_SET_PDEATHSIG``, prctl(2); Linux only), which takes its own children along in the same way.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

PR_SET_PDEATHSIG = 1
LOG_SIZE = 20 << 20
"""Bytes after which a log is set aside at the next start."""
# Bound before any fork: a freshly forked child must not go looking for libraries.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent() -> Callable[[], None] | None:
    """What a child runs before ``exec`` so that the kernel kills it with us; None where it cannot.

    The signal follows the *thread* that forked, so children are started from the main thread.
    """
    if _libc is None:
        return None
    libc, parent = _libc, os.getpid()

    def before_exec() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # the parent died between fork and prctl
            os._exit(1)

    return before_exec


def open_log(path: Path) -> IO[bytes]:
    """A child's log, to append to; one that has grown large is set aside as ``.1`` first."""
    if path.exists() and path.stat().st_size > LOG_SIZE:
        path.replace(path.with_name(path.name + ".1"))
    return path.open("ab")


async def spawn(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    output: IO[bytes] | int,
    pass_fds: Sequence[int] = (),
) -> asyncio.subprocess.Process:
    """Start a child in a session of its own; standard output and error go to ``output``."""
    return await asyncio.create_subprocess_exec(
        *argv,
        env=dict(env),
        cwd=cwd,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output,
        stderr=asyncio.subprocess.STDOUT,
        pass_fds=tuple(pass_fds),
        start_new_session=True,
        preexec_fn=die_with_parent(),
    )


async def stop(
    process: asyncio.subprocess.Process, *, grace: float, signal_number: int = signal.SIGTERM
) -> int:
    """Ask the child to end, kill its whole group after ``grace`` seconds; returns the exit code."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal_number)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), grace)
    kill_group(process.pid)
    return await process.wait()


def resident(pid: int) -> int:
    """Bytes of memory that a process holds; 0 where that cannot be known (proc(5); Linux only)."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def kill_group(pid: int) -> None:
    """Kill whatever is left of the session that a child led."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
