"""``python -m flowforge.serve functions/preview/main.py``: serve one function on ``$PORT``.

uvicorn with uvloop and httptools; SIGTERM stops accepting, finishes what is running and closes the pools.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

CANNOT_START = 3
LOADING_SWITCH_SECONDS = 0.0005
"""A tenth of Python's own: answers of the stores are not to wait for the thread that imports; see serve.app."""


def main(argv: list[str] | None = None) -> int:
    """Serve until told to stop; 2 if there is no such function, 3 if it cannot listen."""
    gc.disable()  # next to nothing of what a start makes is garbage; serve.app turns it on again
    sys.setswitchinterval(LOADING_SWITCH_SECONDS)
    # pydantic would read the metadata of every installed distribution to look for plug-ins; there are none.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    arguments = _parser().parse_args(argv)

    import uvicorn

    from flowforge.serve.app import create_app
    from flowforge.serve.logs import configure_logging
    from flowforge.settings import settings

    configure_logging()
    if not arguments.source.is_file():
        sys.stderr.write(f"There is no function at {arguments.source}.\n")
        return 2
    # Development headers are honoured on loopback only, so development listens there.
    host = os.environ.get("HOST") or ("127.0.0.1" if settings().development else "0.0.0.0")  # noqa: S104
    config = uvicorn.Config(
        create_app(arguments.source, arguments.target),
        host=host,
        port=arguments.port,
        loop="uvloop",
        http="httptools",
        ws=_websocket,  # type: ignore[arg-type]  # called like the class it stands for
        ws_max_size=16_384,
        ws_per_message_deflate=False,
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=20,
    )
    server = uvicorn.Server(config)
    server.handle_exit = partial(_told_to_leave, server.handle_exit)  # type: ignore[method-assign]
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    return 0 if server.started else CANNOT_START


def _told_to_leave(handle: Callable[..., None], number: int, frame: FrameType | None) -> None:
    """What has no end of its own is ended, then uvicorn waits for the rest."""
    from flowforge.serve.function import LOADED

    handle(number, frame)
    for function in LOADED.values():
        for end in function.endings:
            end()


def _websocket(*arguments: Any, **named: Any) -> Any:
    """Uvicorn's WebSocket protocol, loaded with the first one: most functions never see any."""
    from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

    return WebSocketsSansIOProtocol(*arguments, **named)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="flowforge.serve", description="Serve one function over HTTP.")
    parser.add_argument(
        "source",
        type=Path,
        nargs="?",
        default=os.environ.get("FUNCTION_SOURCE"),
        help="functions/<name>/main.py (default: $FUNCTION_SOURCE)",
    )
    parser.add_argument(
        "--target", default=os.environ.get("FUNCTION_TARGET"), help="default: the folder's name"
    )
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8080")))
    return parser


if __name__ == "__main__":
    sys.exit(main())
