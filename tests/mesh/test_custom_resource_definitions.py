"""Our manifests against Knative's own definitions, where a copy of them lies beside the checkout."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from flowforge_local.paths import ROOT

DEFINITIONS = Path(os.environ.get("FLOWFORGE_CRDS", ROOT.parent / "shared" / "crds"))
SERVICES = sorted(
    path for path in (ROOT / "knative" / "base").glob("*.yaml") if path.name != "kustomization.yaml"
)


def strict(schema: Any) -> Any:
    """The structural schema with unknown fields refused, as a server does with strict validation."""
    if not isinstance(schema, dict):
        return schema
    made = {name: strict(value) for name, value in schema.items() if name not in ("properties", "format")}
    if "properties" in schema:
        made["properties"] = {name: strict(value) for name, value in schema["properties"].items()}
        if not schema.get("x-kubernetes-preserve-unknown-fields") and "additionalProperties" not in schema:
            made["additionalProperties"] = False
    return made


@pytest.fixture(scope="module")
def service_schema() -> Any:
    path = DEFINITIONS / "serving-service.yaml"
    if not path.exists():
        pytest.skip(f"no custom resource definitions at {DEFINITIONS} (FLOWFORGE_CRDS)")
    definition = yaml.safe_load(path.read_text())
    version = next(each for each in definition["spec"]["versions"] if each["name"] == "v1")
    schema = strict(version["schema"]["openAPIV3Schema"])
    schema["properties"] |= {"apiVersion": {}, "kind": {}, "metadata": {}}
    return schema


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_a_service_fits_its_definition(path: Path, service_schema: Any) -> None:
    jsonschema.validate(yaml.safe_load(path.read_text()), service_schema)


def test_the_definition_does_refuse(service_schema: Any) -> None:
    document = yaml.safe_load(SERVICES[0].read_text())
    document["spec"]["template"]["spec"]["containers"][0]["imgae"] = "x"
    with pytest.raises(jsonschema.ValidationError, match="imgae"):
        jsonschema.validate(document, service_schema)
