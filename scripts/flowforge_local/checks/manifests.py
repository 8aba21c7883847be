"""``scripts/check manifests [PATH …]``: every manifest against the rules of a live cluster, without one.

A file is checked by its kinds. A folder with a kustomization is checked as what kustomize makes of it, references
across its objects included; any other folder by what lies below it. Kinds of Kubernetes itself are checked against
its published schemas, strictly (kubernetes-validate). Prints file, field and reason of every fault; exit status 1.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flowforge_local.checks.kubernetes_schema import problems_of
from flowforge_local.checks.kustomize import available, render
from flowforge_local.mesh.manifests.across import Manifests
from flowforge_local.mesh.manifests.load import ADMITTED, KUSTOMIZATION, Kustomization, load
from flowforge_local.mesh.manifests.model import Object
from flowforge_local.mesh.manifests.overlay import Overlay
from flowforge_local.mesh.manifests.reading import ManifestError, admit, documents, parse
from flowforge_local.paths import ROOT

OURS = (ROOT / "knative", ROOT / "k8s")
_KUSTOMIZE = "kustomize.config.k8s.io/"
# What a folder holds beside manifests: kustomize's own configuration has neither kind nor API version.
_CONFIGURATION = frozenset({"nameReference", "varReference", "namePrefix", "commonLabels", "images"})


def check(path: Path) -> list[str]:
    """Every fault of what is at ``path``: file, field, reason."""
    if not path.exists():
        return [f"{path}: no such file"]
    if path.is_file():
        return _file(path)
    if (path / KUSTOMIZATION).is_file():
        return _kustomized(path)
    problems: list[str] = []
    for each in sorted(path.iterdir()):
        if each.is_dir() or each.suffix in (".yaml", ".yml", ".json"):
            problems += check(each)
    return problems


def _file(path: Path) -> list[str]:
    try:
        found = list(documents(path))
    except ManifestError as error:
        return error.problems
    if not found:
        return [f"{path}: no manifest in it"]
    return _objects(found, path)[1]


def _objects(found: Sequence[object], name: object) -> tuple[list[Object], list[str]]:
    """The documents that our models admit, and every fault."""
    admitted: list[Object] = []
    problems: list[str] = []
    for document in found:
        try:
            made = _one(document, name)
        except ManifestError as error:
            problems += error.problems
        else:
            admitted += [made] if made is not None else []
    return admitted, problems


def _one(document: object, name: object) -> Object | None:
    if not isinstance(document, dict):
        raise ManifestError([f"{name}: a manifest must be a mapping, not {type(document).__name__}"])
    if document and document.keys() <= _CONFIGURATION:
        return None
    api_version, kind = document.get("apiVersion"), document.get("kind")
    for field, value in (("apiVersion", api_version), ("kind", kind)):
        if not isinstance(value, str) or not value:
            raise ManifestError([f"{name}: {field}: must be a text, not {value!r}"])
    model = ADMITTED.get((str(api_version), str(kind)))
    if model is not None:
        return admit(model, document, _titled(document, name))
    if str(api_version).startswith(_KUSTOMIZE):
        admit(_kustomization_model(document), document, name)
        return None
    problems = problems_of(document)
    if problems:
        raise ManifestError([f"{_titled(document, name)}: {each}" for each in problems])
    return None


def _titled(document: dict[str, Any], name: object) -> str:
    metadata = document.get("metadata")
    title = metadata.get("name") if isinstance(metadata, dict) else None
    return f"{name}: {document.get('kind')} {title}" if title else f"{name}: {document.get('kind')}"


def _kustomization_model(document: dict[str, Any]) -> type[Object]:
    resources = document.get("resources")
    files = isinstance(resources, list) and all(str(each).endswith((".yaml", ".yml")) for each in resources)
    return Kustomization if files and "patches" not in document else Overlay


def _kustomized(folder: Path) -> list[str]:
    problems = _file(folder / KUSTOMIZATION)
    (document,) = list(documents(folder / KUSTOMIZATION)) if not problems else ({},)
    if problems:
        return problems
    if isinstance(document, dict) and _kustomization_model(document) is Kustomization:
        return _base(folder, document)
    if not available():
        return []  # what the overlay is made of is checked where it lies
    try:
        rendered = list(parse(render(folder), folder))
    except ManifestError as error:
        return error.problems
    admitted, problems = _objects(rendered, folder)
    return problems or [f"{folder}: {each}" for each in Manifests(admitted).problems()]


def _base(folder: Path, document: dict[str, Any]) -> list[str]:
    files = [folder / name for name in document["resources"]]
    if any(_is_ours(file) for file in files):
        try:
            load(folder)
        except ManifestError as error:
            return error.problems
        return []
    listed = {*document["resources"], KUSTOMIZATION}
    unlisted = [
        f"{each}: not listed under resources" for each in folder.glob("*.yaml") if each.name not in listed
    ]
    return unlisted + [problem for file in files for problem in check(file)]


def _is_ours(path: Path) -> bool:
    """Whether a Knative object is in the file."""
    try:
        return any(
            isinstance(each, dict) and "knative.dev" in str(each.get("apiVersion"))
            for each in documents(path)
        )
    except ManifestError:
        return False


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the given paths, or ours."""
    paths = [Path(each) for each in (sys.argv[1:] if arguments is None else arguments)] or list(OURS)
    problems = [problem for path in paths for problem in check(path)]
    for problem in problems:
        print(problem, file=sys.stderr)
    if not problems:
        print(f"Every manifest in {', '.join(str(path) for path in paths)} is admitted.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
