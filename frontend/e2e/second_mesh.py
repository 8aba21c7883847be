"""A mesh with an OpenID provider on the engines of a running stack: ``second_mesh.py STACK_HOME HOME PORT ISSUERS``.

Its Valkey database is its own, so that the two brokers do not take each other's events.
"""

import os
import sys
from pathlib import Path

from flowforge_local.engines.endpoints import endpoints
from flowforge_local.supervisor.environments import function_environment

stack, home, port, issuers = sys.argv[1:]
addresses = endpoints(Path(stack))
environment = function_environment(addresses, Path(stack)) | {
    "FLOWFORGE_REDIS_URL": addresses.redis_url.rstrip("/").removesuffix("/0") + "/1",
    "FLOWFORGE_OIDC_ISSUERS": issuers,
}
command = [sys.executable, "-m", "flowforge_local.mesh", "--home", home, "--port", port]
os.execve(sys.executable, command, environment)  # noqa: S606
