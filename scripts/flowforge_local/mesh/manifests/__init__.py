"""Admission of the mesh's manifests: the rules of a live cluster, applied before there is one."""

from flowforge_local.mesh.manifests.annotations import Scaling
from flowforge_local.mesh.manifests.load import ManifestError, load
from flowforge_local.mesh.manifests.service import KnativeService

__all__ = ["KnativeService", "ManifestError", "Scaling", "load"]
