"""Admission: our base is admitted, and each of these edits to it is refused with its file and field."""

from __future__ import annotations

import copy
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from flowforge_local.mesh.environment import environment_of
from flowforge_local.mesh.manifests import ManifestError, Scaling, load
from flowforge_local.mesh.manifests.annotations import duration, scaling
from flowforge_local.paths import ROOT

BASE = ROOT / "knative" / "base"
FUNCTIONS = sorted(path.parent.name.replace("_", "-") for path in (ROOT / "functions").glob("*/main.py"))
GOOD: dict[str, Any] = yaml.safe_load((BASE / "preview.yaml").read_text())
AUTOSCALING = "autoscaling.knative.dev/"


def annotations(document: Any) -> Any:
    return document["spec"]["template"]["metadata"]["annotations"]


def revision(document: Any) -> Any:
    return document["spec"]["template"]["spec"]


def container(document: Any) -> Any:
    return revision(document)["containers"][0]


def mount(document: Any) -> Any:
    return container(document)["volumeMounts"][0]


def put(place: Callable[[Any], Any], name: str, value: Any) -> Callable[[Any], None]:
    return lambda document: place(document).__setitem__(name, value)


def drop(place: Callable[[Any], Any], name: str) -> Callable[[Any], None]:
    return lambda document: place(document).__delitem__(name)


def top(document: Any) -> Any:
    return document


BROKEN: list[tuple[str, Callable[[Any], None], str]] = [
    ("an unknown top-level field", put(top, "status", {}), "status"),
    ("another API version", put(top, "apiVersion", "serving.knative.dev/v1beta1"), "kind"),
    ("another kind", put(top, "kind", "Deployment"), "kind"),
    ("no name", drop(lambda d: d["metadata"], "name"), "metadata.name"),
    ("a name that is no DNS label", put(lambda d: d["metadata"], "name", "Preview_1"), "metadata.name"),
    ("no routes", put(lambda d: d["metadata"], "annotations", {}), "flowforge.dev/routes"),
    (
        "a malformed route",
        put(lambda d: d["metadata"]["annotations"], "flowforge.dev/routes", "GO /x"),
        "GO /x",
    ),
    (
        "a mistyped route annotation",
        put(lambda d: d["metadata"]["annotations"], "flowforge.dev/route", "GET /x"),
        "flowforge.dev/route",
    ),
    (
        "scaling on the Service",
        put(lambda d: d["metadata"]["annotations"], AUTOSCALING + "min-scale", "1"),
        "spec.template.metadata",
    ),
    (
        "an unknown networking label",
        put(lambda d: d["metadata"], "labels", {"networking.knative.dev/visible": "x"}),
        "networking.knative.dev/visible",
    ),
    (
        "a mistyped scaling annotation",
        put(annotations, AUTOSCALING + "minScale", "1"),
        "autoscaling.knative.dev/minScale",
    ),
    (
        "a scaling annotation that we do not honour",
        put(annotations, AUTOSCALING + "panic-window-percentage", "10.0"),
        "panic-window-percentage",
    ),
    ("another annotation on the template", put(annotations, "example.com/x", "1"), "example.com/x"),
    ("a scale that is a number", put(annotations, AUTOSCALING + "min-scale", 1), "min-scale"),
    ("a negative scale", put(annotations, AUTOSCALING + "min-scale", "-1"), "min-scale"),
    ("a fractional scale", put(annotations, AUTOSCALING + "max-scale", "1.5"), "max-scale"),
    (
        "max below min",
        lambda d: annotations(d).update({AUTOSCALING + "min-scale": "5", AUTOSCALING + "max-scale": "2"}),
        "below min-scale 5",
    ),
    ("a window that is too short", put(annotations, AUTOSCALING + "window", "5s"), "window"),
    ("a window that is too long", put(annotations, AUTOSCALING + "window", "61m"), "window"),
    ("a window without a unit", put(annotations, AUTOSCALING + "window", "60"), "window"),
    ("a target of nothing", put(annotations, AUTOSCALING + "target", "0"), "target"),
    ("a target that is no number", put(annotations, AUTOSCALING + "target", "many"), "target"),
    (
        "a utilization above 100",
        put(annotations, AUTOSCALING + "target-utilization-percentage", "120"),
        "target-utilization-percentage",
    ),
    ("another metric", put(annotations, AUTOSCALING + "metric", "rps"), "metric"),
    ("another autoscaler", put(annotations, AUTOSCALING + "class", "hpa.autoscaling.knative.dev"), "class"),
    (
        "a retention that is too long",
        put(annotations, AUTOSCALING + "scale-to-zero-pod-retention-period", "2h"),
        "retention",
    ),
    ("a timeout over 600 s", put(revision, "timeoutSeconds", 601), "timeoutSeconds"),
    ("a timeout of 0", put(revision, "timeoutSeconds", 0), "timeoutSeconds"),
    ("a timeout that is text", put(revision, "timeoutSeconds", "60"), "timeoutSeconds"),
    (
        "a response start after the timeout",
        put(revision, "responseStartTimeoutSeconds", 500),
        "responseStartTimeoutSeconds",
    ),
    ("a negative concurrency", put(revision, "containerConcurrency", -1), "containerConcurrency"),
    ("a concurrency over 1000", put(revision, "containerConcurrency", 1001), "containerConcurrency"),
    ("no container", put(revision, "containers", []), "containers"),
    ("two containers", lambda d: revision(d)["containers"].append(container(d)), "containers"),
    ("an init container", put(revision, "initContainers", []), "initContainers"),
    ("the host's network", put(revision, "hostNetwork", True), "hostNetwork"),
    ("a mount of no volume", put(revision, "volumes", []), "there is no volume uploads"),
    ("a volume that is not mounted", drop(container, "volumeMounts"), "uploads is mounted nowhere"),
    (
        "a volume of the node",
        put(revision, "volumes", [{"name": "uploads", "hostPath": {"path": "/"}}]),
        "volumes[0].hostPath",
    ),
    (
        "two volumes of one name",
        lambda d: revision(d)["volumes"].append(revision(d)["volumes"][0]),
        "two of them have one name",
    ),
    ("a mount that may write", drop(mount, "readOnly"), "uploads must be readOnly"),
    ("a mount over the system", put(mount, "mountPath", "/tmp/"), "reserved by Knative"),
    ("a mount at a relative path", put(mount, "mountPath", "data"), "volumeMounts[0].mountPath"),
    (
        "two mounts at one path",
        lambda d: container(d)["volumeMounts"].append(container(d)["volumeMounts"][0]),
        "mounted twice",
    ),
    ("a pod that runs as root", put(revision, "securityContext", {"runAsUser": 0}), "securityContext"),
    ("a mounted token", put(revision, "automountServiceAccountToken", True), "automountServiceAccountToken"),
    ("a number for false", put(revision, "enableServiceLinks", 0), "enableServiceLinks"),
    ("no image", drop(container, "image"), "image"),
    ("an image with a space", put(container, "image", "flow forge"), "image"),
    ("an image in capitals", put(container, "image", "FlowForge:1"), "image"),
    (
        "PORT in env",
        lambda d: container(d)["env"].append({"name": "PORT", "value": "1"}),
        "env[3].name: PORT is reserved",
    ),
    (
        "K_SERVICE in env",
        lambda d: container(d)["env"].append({"name": "K_SERVICE", "value": "x"}),
        "K_SERVICE is reserved",
    ),
    (
        "K_SINK in env",
        lambda d: container(d)["env"].append({"name": "K_SINK", "value": "x"}),
        "K_SINK is reserved",
    ),
    (
        "a variable set twice",
        lambda d: container(d)["env"].append({"name": "FUNCTION_TARGET", "value": "x"}),
        "FUNCTION_TARGET is set twice",
    ),
    (
        "a variable that is a number",
        lambda d: container(d)["env"].append({"name": "A", "value": 1}),
        "env[3].value",
    ),
    (
        "a variable with a bad name",
        lambda d: container(d)["env"].append({"name": "a-b", "value": "1"}),
        "env[3].name",
    ),
    (
        "a variable from elsewhere",
        lambda d: container(d)["env"].append({"name": "A", "valueFrom": {}}),
        "env[3].value",
    ),
    ("no function", put(container, "env", []), "FUNCTION_SOURCE and FUNCTION_TARGET"),
    (
        "envFrom of both kinds",
        lambda d: container(d)["envFrom"][0].update(secretRef={"name": "x"}),
        "envFrom[0]",
    ),
    ("two ports", lambda d: container(d)["ports"].append({"containerPort": 8081}), "ports"),
    ("a port of queue-proxy", put(container, "ports", [{"containerPort": 9090}]), "queue-proxy"),
    ("a port that is none", put(container, "ports", [{"containerPort": 70000}]), "containerPort"),
    (
        "a port with another protocol",
        put(container, "ports", [{"containerPort": 80, "name": "grpc"}]),
        "name",
    ),
    ("no readiness probe", drop(container, "readinessProbe"), "readinessProbe"),
    (
        "a probe with a period",
        put(lambda d: container(d)["readinessProbe"], "periodSeconds", 10),
        "polled every 50 ms",
    ),
    (
        "a probe by command",
        put(container, "readinessProbe", {"exec": {"command": ["true"]}}),
        "readinessProbe.exec",
    ),
    (
        "a probe on a relative path",
        put(lambda d: container(d)["readinessProbe"]["httpGet"], "path", "readyz"),
        "httpGet.path",
    ),
    ("a liveness probe", put(container, "livenessProbe", {}), "livenessProbe"),
    ("no resources", drop(container, "resources"), "resources"),
    (
        "a request over its limit",
        put(lambda d: container(d)["resources"]["requests"], "memory", "2Gi"),
        "requests.memory 2Gi",
    ),
    (
        "a quantity that is none",
        put(lambda d: container(d)["resources"]["limits"], "cpu", "one"),
        "resources.limits.cpu",
    ),
    ("no limits", drop(lambda d: container(d)["resources"], "limits"), "resources.limits"),
    (
        "a limit of memory alone",
        drop(lambda d: container(d)["resources"]["limits"], "cpu"),
        "resources.limits.cpu",
    ),
    (
        "a probe of another port",
        put(lambda d: container(d)["readinessProbe"]["httpGet"], "port", 9999),
        "readinessProbe.httpGet.port",
    ),
    ("no security context", drop(container, "securityContext"), "securityContext"),
    ("root", put(lambda d: container(d)["securityContext"], "runAsUser", 0), "runAsUser"),
    (
        "a privileged container",
        put(lambda d: container(d)["securityContext"], "privileged", True),
        "privileged",
    ),
    (
        "escalation",
        put(lambda d: container(d)["securityContext"], "allowPrivilegeEscalation", True),
        "allowPrivilegeEscalation",
    ),
    (
        "an added capability",
        put(lambda d: container(d)["securityContext"]["capabilities"], "add", ["NET_ADMIN"]),
        "capabilities.add",
    ),
    ("a lifecycle hook", put(container, "lifecycle", {}), "lifecycle"),
    ("traffic rules", put(lambda d: d["spec"], "traffic", []), "spec.traffic"),
    (
        "a revision name",
        put(lambda d: d["spec"]["template"]["metadata"], "name", "preview-1"),
        "metadata.name",
    ),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BASE, tmp_path / "base"))


def refusal(folder: Path) -> list[str]:
    with pytest.raises(ManifestError) as refused:
        load(folder)
    return refused.value.problems


def test_our_base_is_admitted_and_names_every_function() -> None:
    services = load(BASE).services
    assert sorted(service.name for service in services) == FUNCTIONS
    for service in services:
        assert service.environment["FUNCTION_SOURCE"] == f"functions/{service.name.replace('-', '_')}/main.py"
        assert service.environment["FUNCTION_TARGET"] == service.name.replace("-", "_")
        # Open streams keep the relay; everything else scales to zero, unless an overlay keeps instances.
        assert service.scaling.min_scale == (service.name == "relay")


def test_where_a_volume_is_mounted_is_nothing_to_the_local_mesh(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("FLOWFORGE_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("FLOWFORGE_UPLOADS_DIR", "/home/of/uploads")
    for service in load(BASE).services:
        mounts = {mount.mount_path for mount in service.container.volume_mounts}
        environment = environment_of(service, {"K_SINK": "here"})
        assert not mounts & set(environment.values())
        assert environment["FLOWFORGE_UPLOADS_DIR"] == "/home/of/uploads"
        assert "FLOWFORGE_RESULTS_DIR" not in environment
        assert environment["FUNCTION_SOURCE"] == service.environment["FUNCTION_SOURCE"]
        assert environment["K_SINK"] == "here"


def test_a_fault_in_a_container_is_said_once(folder: Path) -> None:
    document = copy.deepcopy(GOOD)
    container(document)["lifecycle"] = {}
    (folder / "preview.yaml").write_text(yaml.safe_dump(document))
    (problem,) = refusal(folder)
    assert "spec.template.spec.containers[0].lifecycle: no such field" in problem
    revision(document)["containers"] = []
    (folder / "preview.yaml").write_text(yaml.safe_dump(document))
    (problem,) = refusal(folder)
    assert "spec.template.spec.containers: " in problem


def test_a_claim_that_is_not_there_is_named(folder: Path) -> None:
    document = copy.deepcopy(GOOD)
    revision(document)["volumes"][0]["persistentVolumeClaim"]["claimName"] = "x"
    (folder / "preview.yaml").write_text(yaml.safe_dump(document))
    (problem,) = refusal(folder)
    assert problem.endswith(
        "Service preview: spec.template.spec.volumes[0].persistentVolumeClaim.claimName: "
        "there is no PersistentVolumeClaim x"
    )


@pytest.mark.parametrize(("title", "edit", "field"), BROKEN, ids=[title for title, *_ in BROKEN])
def test_a_broken_service_is_refused(
    folder: Path, title: str, edit: Callable[[Any], None], field: str
) -> None:
    document = copy.deepcopy(GOOD)
    edit(document)
    (folder / "preview.yaml").write_text(yaml.safe_dump(document))
    problems = refusal(folder)
    assert any(str(folder / "preview.yaml") in problem and field in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("- a list", "must be a mapping"),
        ("a: [", "while parsing"),
        ("apiVersion: v1\napiVersion: v2\n", "there twice"),
        ("!!python/object/apply:os.system [id]", "could not determine a constructor"),
    ],
)
def test_a_broken_file_is_refused(folder: Path, text: str, reason: str) -> None:
    (folder / "preview.yaml").write_text(text)
    assert any("preview.yaml" in problem and reason in problem for problem in refusal(folder))


def test_every_fault_is_listed_at_once(folder: Path) -> None:
    for name, edit in (("preview", put(revision, "timeoutSeconds", 601)), ("compile", put(top, "x", 1))):
        document = yaml.safe_load((folder / f"{name}.yaml").read_text())
        edit(document)
        (folder / f"{name}.yaml").write_text(yaml.safe_dump(document))
    assert len(refusal(folder)) == 2


def test_the_kustomization_lists_what_is_there(folder: Path) -> None:
    (folder / "stray.yaml").write_text(yaml.safe_dump(GOOD))
    assert any("stray.yaml: not listed" in problem for problem in refusal(folder))
    (folder / "stray.yaml").unlink()
    (folder / "preview.yaml").unlink()
    assert any("preview.yaml: no such file" in problem for problem in refusal(folder))


def test_the_kustomization_is_admitted_too(folder: Path) -> None:
    path = folder / "kustomization.yaml"
    path.write_text(path.read_text() + "resouces: []\n")
    assert "resouces: no such field" in refusal(folder)[0]


def test_two_services_may_not_share_a_name_or_a_call(folder: Path) -> None:
    (folder / "compile.yaml").write_text((folder / "preview.yaml").read_text())
    problems = refusal(folder)
    assert any("two Services are named preview" in problem for problem in problems)
    assert any("POST /api/v1/preview is claimed by preview" in problem for problem in problems)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30s", 30), ("1m30s", 90), ("1h", 3600), ("500ms", 0.5), ("1h1m1s", 3661), ("1.5s", 1.5)],
)
def test_durations(text: str, seconds: float) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize("text", ["", "30", "s", "1d", "-1s", "1s1m", " 1s"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        duration(text)


def test_scaling_reads_every_annotation() -> None:
    values = {
        "min-scale": "1",
        "max-scale": "4",
        "window": "1m",
        "target": "12.5",
        "target-utilization-percentage": "80",
        "scale-to-zero-pod-retention-period": "90s",
        "metric": "concurrency",
        "class": "kpa.autoscaling.knative.dev",
    }
    assert scaling({AUTOSCALING + name: value for name, value in values.items()}) == Scaling(
        1, 4, 60, 12.5, 0.8, 90
    )
