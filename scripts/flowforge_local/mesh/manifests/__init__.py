"""Admission of the mesh's manifests: the rules of a live cluster, applied before there is one."""

from flowforge_local.mesh.manifests.across import Manifests
from flowforge_local.mesh.manifests.annotations import Scaling
from flowforge_local.mesh.manifests.broker import Broker
from flowforge_local.mesh.manifests.load import load
from flowforge_local.mesh.manifests.reading import ManifestError
from flowforge_local.mesh.manifests.service import KnativeService
from flowforge_local.mesh.manifests.trigger import Trigger

__all__ = ["Broker", "KnativeService", "ManifestError", "Manifests", "Scaling", "Trigger", "load"]
