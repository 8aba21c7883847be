"""Listening sockets on loopback."""

from __future__ import annotations

import errno
import socket

LOOPBACK = "127.0.0.1"
BACKLOG = 1024


def listen(port: int) -> socket.socket:
    """A listening socket; OSError says in plain words that the port is taken, or why else not."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen(BACKLOG)
    except (OSError, OverflowError) as error:
        listener.close()
        number = error.errno if isinstance(error, OSError) else errno.EINVAL
        raise OSError(number, _reason(port, number)) from None
    return listener


def _reason(port: int, number: int | None) -> str:
    if number == errno.EADDRINUSE:
        return f"port {port} on {LOOPBACK} is taken by another program; choose another one with --port"
    if number == errno.EACCES:
        return f"port {port} on {LOOPBACK} needs more rights; choose one above 1023 with --port"
    return f"port {port} on {LOOPBACK} cannot be listened on"
