"""What a function's process finds in its environment: ours, and what its manifest says of it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from flowforge_local.mesh.manifests import KnativeService

_NAMES = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "VIRTUAL_ENV", "APP_ENV", "K_SINK")
_PREFIXES = ("FLOWFORGE_", "SSL_CERT_", "PYTHONPATH")


def inherited_environment() -> dict[str, str]:
    """The part of our environment that a function gets: its settings and what Python needs to run."""
    return {name: value for name, value in os.environ.items() if name in _NAMES or name.startswith(_PREFIXES)}


def environment_of(service: KnativeService, eventing: Mapping[str, str]) -> dict[str, str]:
    """Of a function's process: the manifest's variables before ours, ``eventing`` before both.

    A variable that says where a volume is mounted is true in a container only. No volume is mounted here: what
    ours says of it holds, and where that is silent it is not set – never a folder at the machine's root, which
    every installation would share.
    """
    mounted = {mount.mount_path for mount in service.container.volume_mounts}
    said = {name: value for name, value in service.environment.items() if value not in mounted}
    return {**inherited_environment(), **said, **eventing}
