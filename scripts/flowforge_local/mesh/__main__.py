"""``python -m flowforge_local.mesh --home DIR [--port N]``: gateway, autoscaler and admin interface.

The stores' addresses come from the environment, as for any function. A supervisor that already
holds the two listening sockets passes their descriptors, so that a restart loses no connection.
"""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from flowforge_local.mesh.manifests import ManifestError
from flowforge_local.paths import DEFAULT_HOME, DEFAULT_PORT, ROOT


def main(argv: list[str] | None = None) -> int:
    """Serve until SIGTERM; 1 when the manifests are not admitted or a port is taken."""
    parser = argparse.ArgumentParser(prog="flowforge_local.mesh", description="Run the local function mesh.")
    parser.add_argument("--home", type=Path, default=DEFAULT_HOME, help="state directory")
    parser.add_argument(
        "--port", type=int, default=DEFAULT_PORT, help="public port; the admin port is the next one"
    )
    parser.add_argument(
        "--fds", type=int, nargs=2, metavar=("PUBLIC", "ADMIN"), help="sockets already listening"
    )
    parser.add_argument("--manifests", type=Path, default=ROOT / "knative" / "base")
    parser.add_argument("--static", type=Path, default=ROOT / "frontend" / "dist")
    arguments = parser.parse_args(argv)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO, stream=sys.stderr)

    import uvloop

    from flowforge_local.mesh.server import serve

    try:
        uvloop.run(
            serve(
                home=arguments.home,
                port=arguments.port,
                descriptors=arguments.fds,
                manifests=arguments.manifests,
                static=arguments.static,
            )
        )
    except ManifestError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{error.strerror}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
