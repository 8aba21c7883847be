"""Readiness, asked in each engine's own protocol over one short connection.

Plain sockets rather than client libraries: a supervisor probes often and should start fast.
"""

from __future__ import annotations

import asyncio
import base64
import struct
from collections.abc import Awaitable, Callable
from pathlib import Path

from flowforge_local.engines.credentials import credentials
from flowforge_local.engines.ports import LOOPBACK

TIMEOUT = 5.0
POSTGRES_PROTOCOL = 196608  # 3.0
AUTHENTICATION_SASL = 10


async def clickhouse(home: Path, port: int) -> bool:
    """Run ``SELECT 1`` as ``admin`` over HTTP."""
    token = base64.b64encode(f"admin:{credentials(home).clickhouse_admin}".encode()).decode()
    request = (
        f"GET /?query=SELECT%201 HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\n"
        f"Authorization: Basic {token}\r\nConnection: close\r\n\r\n"
    )

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        writer.write(request.encode())
        answer = await reader.read()
        return answer.startswith(b"HTTP/1.1 200") and b"\r\n\r\n" in answer

    return await _converse(port, talk)


async def postgres(home: Path, port: int) -> bool:
    """Send a StartupMessage; the server asks for a password (SASL) once it accepts connections.

    While it starts or recovers it answers with an error of SQLSTATE 57P03 instead.
    """
    del home
    parameters = b"user\0flowforge_app\0database\0meta\0\0"
    startup = struct.pack("!II", 8 + len(parameters), POSTGRES_PROTOCOL) + parameters

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        writer.write(startup)
        kind, _, method = struct.unpack("!cII", await reader.readexactly(9))
        return bool(kind == b"R" and method == AUTHENTICATION_SASL)

    return await _converse(port, talk)


async def valkey(home: Path, port: int) -> bool:
    """Log in and PING; while the append-only file is read back the answer is ``-LOADING``."""
    password = credentials(home).valkey

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        writer.write(f"AUTH {password}\r\nPING\r\n".encode())
        return (await reader.readline(), await reader.readline()) == (b"+OK\r\n", b"+PONG\r\n")

    return await _converse(port, talk)


async def kafka(home: Path, port: int) -> bool:
    """Send an ApiVersions request (key 18, version 0); the answer repeats its correlation id."""
    del home
    request = struct.pack("!hhih", 18, 0, 1, -1)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        writer.write(struct.pack("!i", len(request)) + request)
        _, correlation, error = struct.unpack("!iih", await reader.readexactly(10))
        return (correlation, error) == (1, 0)

    return await _converse(port, talk)


async def _converse(
    port: int, talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bool]]
) -> bool:
    async with asyncio.timeout(TIMEOUT):
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
        try:
            return await talk(reader, writer)
        finally:
            writer.close()
