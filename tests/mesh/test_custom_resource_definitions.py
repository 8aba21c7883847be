"""Our manifests against Knative's own definitions, where a copy of them lies beside the checkout."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from flowforge_local.checks.kustomize import available, render
from flowforge_local.paths import ROOT

DEFINITIONS = Path(os.environ.get("FLOWFORGE_CRDS", ROOT.parent / "shared" / "crds"))
KNATIVE = [
    pytest.param(document, id=f"{document['kind']}-{document['metadata']['name']}")
    for path in sorted((ROOT / "knative" / "base").glob("*.yaml"))
    for document in yaml.safe_load_all(path.read_text())
    if ".knative.dev/" in document.get("apiVersion", "")
]
OVERLAYS = sorted(path.parent for path in (ROOT / "knative" / "overlays").glob("*/kustomization.yaml"))
Schemas = dict[tuple[str, str], Any]


def strict(schema: Any) -> Any:
    """The structural schema with unknown fields refused, as a server does with strict validation."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: strict(value) for name, value in schema.items() if name not in ("properties", "format")}
    if "properties" in schema:
        made["properties"] = {name: strict(value) for name, value in schema["properties"].items()}
        if not schema.get("x-kubernetes-preserve-unknown-fields") and "additionalProperties" not in schema:
            made["additionalProperties"] = False
    return made


@pytest.fixture(scope="module")
def schemas() -> Schemas:
    """The strict schema of each served version of each kind."""
    if not DEFINITIONS.is_dir():
        pytest.skip(f"no custom resource definitions at {DEFINITIONS} (FLOWFORGE_CRDS)")
    found: Schemas = {}
    for path in DEFINITIONS.glob("*.yaml"):
        spec = yaml.safe_load(path.read_text())["spec"]
        for version in spec["versions"]:
            schema = strict(version["schema"]["openAPIV3Schema"])
            schema["properties"] |= {"apiVersion": {}, "kind": {}, "metadata": {}}
            found[f"{spec['group']}/{version['name']}", spec["names"]["kind"]] = schema
    return found


@pytest.mark.parametrize("document", KNATIVE)
def test_a_manifest_fits_its_definition(document: Any, schemas: Schemas) -> None:
    jsonschema.validate(document, schemas[document["apiVersion"], document["kind"]])


@pytest.mark.parametrize("overlay", OVERLAYS, ids=[path.name for path in OVERLAYS])
def test_what_an_overlay_makes_fits_the_definitions(overlay: Path, schemas: Schemas) -> None:
    if not available():
        pytest.skip("kustomize is part of kubectl, which this machine does not have")
    made = [each for each in yaml.safe_load_all(render(overlay)) if ".knative.dev/" in each["apiVersion"]]
    assert sorted((each["kind"], each["metadata"]["name"]) for each in made) == sorted(
        (each.values[0]["kind"], each.values[0]["metadata"]["name"]) for each in KNATIVE
    )
    for document in made:
        jsonschema.validate(document, schemas[document["apiVersion"], document["kind"]])


def test_the_definition_does_refuse(schemas: Schemas) -> None:
    service = next(each.values[0] for each in KNATIVE if each.values[0]["kind"] == "Service")
    broken = yaml.safe_load(yaml.safe_dump(service))
    broken["spec"]["template"]["spec"]["containers"][0]["imgae"] = "x"
    with pytest.raises(jsonschema.ValidationError, match="imgae"):
        jsonschema.validate(broken, schemas[broken["apiVersion"], broken["kind"]])
