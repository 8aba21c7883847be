"""``kubectl kustomize``: what an overlay makes of its base. Needs no cluster."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from flowforge_local.mesh.manifests.reading import ManifestError

WITHIN = 60.0


def available() -> bool:
    """Whether this machine has kubectl."""
    return shutil.which("kubectl") is not None


def render(folder: Path) -> str:
    """The manifests as YAML; raises ManifestError with what kustomize says."""
    finished = subprocess.run(
        ["kubectl", "kustomize", str(folder)], capture_output=True, text=True, timeout=WITHIN, check=False
    )
    if finished.returncode:
        raise ManifestError([f"{folder}: {' '.join(finished.stderr.split())}"])
    return finished.stdout
