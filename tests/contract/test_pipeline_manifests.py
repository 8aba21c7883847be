"""The pipeline's Deployments run the processes that `flowforge up` runs, with the settings that those read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from flowforge_local.supervisor.pipeline import PROCESSES
from flowforge_pipeline.broker.cluster import BROKERS
from flowforge_pipeline.marts import project
from flowforge_pipeline.process import PLACE

FOLDER = Path(__file__).resolve().parents[2] / "k8s" / "pipeline"
NOT_IN_THE_CLUSTER = {"hot"}
"""Materialize serves the hot lane there."""


def documents() -> list[dict[str, Any]]:
    names = yaml.safe_load((FOLDER / "kustomization.yaml").read_text(encoding="utf-8"))["resources"]
    assert set(names) == {path.name for path in FOLDER.glob("*.yaml")} - {"kustomization.yaml"}
    return [one for name in names for one in yaml.safe_load_all((FOLDER / name).read_text(encoding="utf-8"))]


def deployments() -> dict[str, dict[str, Any]]:
    return {one["metadata"]["name"]: one for one in documents() if one["kind"] == "Deployment"}


def test_every_process_has_a_deployment_of_one() -> None:
    wanted = {f"pipeline-{process.name}" for process in PROCESSES if process.name not in NOT_IN_THE_CLUSTER}
    assert set(deployments()) == wanted
    for name, found in deployments().items():
        (container,) = found["spec"]["template"]["spec"]["containers"]
        assert f"pipeline-{container['args'][0]}" == name
        assert found["spec"]["replicas"] <= 1
        assert found["spec"]["strategy"]["type"] == "Recreate"


def test_the_sink_bindings_find_them() -> None:
    labels = {"app.kubernetes.io/part-of": "flowforge", "app.kubernetes.io/component": "pipeline"}
    for found in documents():
        if found["kind"] in ("Deployment", "Job", "CronJob"):
            bound = found["spec"]["jobTemplate"] if found["kind"] == "CronJob" else found
            assert labels.items() <= bound["metadata"]["labels"].items()


def test_the_settings_are_those_that_the_processes_read() -> None:
    settings = next(one for one in documents() if one["kind"] == "ConfigMap")["data"]
    assert set(settings) == {BROKERS, PLACE}
    for found in deployments().values():
        (container,) = found["spec"]["template"]["spec"]["containers"]
        assert settings[PLACE] in [mount["mountPath"] for mount in container["volumeMounts"]]


def test_the_cold_lane_runs_dbt_where_its_image_has_it() -> None:
    (job,) = [one for one in documents() if one["kind"] == "CronJob"]
    (container,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    variables = {each["name"]: each["value"] for each in container["env"]}
    image, _, _ = container["image"].partition(":")
    dockerfile = (FOLDER.parents[1] / "pipeline" / "Dockerfile").read_text(encoding="utf-8")
    assert f"--target cold -t {image}:" in dockerfile
    assert "FROM pipeline AS cold\n" in dockerfile
    assert f"/opt/dbt {variables[project.DBT].removesuffix('/bin/dbt')}\n" in dockerfile
    mounts = [mount["mountPath"] for mount in container["volumeMounts"]]
    assert any(variables[project.STATE].startswith(f"{mount}/") for mount in mounts)
    assert job["spec"]["concurrencyPolicy"] == "Forbid"
