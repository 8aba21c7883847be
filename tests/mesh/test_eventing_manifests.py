"""Eventing's objects: ours are admitted, and each of these edits is refused with its file and field."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import yaml

from flowforge.serve.openapi import load_functions
from flowforge_local.checks.manifests import check, main
from flowforge_local.mesh.manifests import Trigger, load
from flowforge_local.mesh.manifests.duration import iso_duration
from flowforge_local.paths import ROOT

BASE = ROOT / "knative" / "base"
ORDER = "kafka.eventing.knative.dev/delivery.order"
CLASS = "eventing.knative.dev/broker.class"
SERVICE = {"apiVersion": "serving.knative.dev/v1", "kind": "Service", "name": "preview"}
BROKER = {"apiVersion": "eventing.knative.dev/v1", "kind": "Broker", "name": "default"}
SINK = {"apiVersion": "eventing.knative.dev/v1alpha1", "kind": "KafkaSink", "name": "dead-letters"}
DELIVERY = {
    "retry": 3,
    "backoffPolicy": "linear",
    "backoffDelay": "PT0.5S",
    "deadLetterSink": {"ref": SINK},
    "timeout": "PT10S",
}
GOOD: dict[str, Any] = {
    "Trigger": {
        "apiVersion": "eventing.knative.dev/v1",
        "kind": "Trigger",
        "metadata": {"name": "t", "annotations": {ORDER: "ordered"}},
        "spec": {
            "broker": "default",
            "filters": [{"any": [{"exact": {"type": "a"}}, {"not": {"prefix": {"subject": "b"}}}]}],
            "subscriber": {"ref": SERVICE, "uri": "/_events", "audience": "flowforge-functions"},
            "delivery": DELIVERY,
        },
    },
    "Broker": {
        "apiVersion": "eventing.knative.dev/v1",
        "kind": "Broker",
        "metadata": {"name": "other", "annotations": {CLASS: "Kafka"}},
        "spec": {"config": {"apiVersion": "v1", "kind": "ConfigMap", "name": "c"}, "delivery": DELIVERY},
    },
    "ConfigMap": {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "c"},
        "data": {
            "default.topic.partitions": "6",
            "default.topic.replication.factor": "3",
            "bootstrap.servers": "a:9092,b.c:9092",
        },
    },
    "SinkBinding": {
        "apiVersion": "sources.knative.dev/v1",
        "kind": "SinkBinding",
        "metadata": {"name": "s"},
        "spec": {
            "subject": {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "selector": {"matchLabels": {"a": "b"}},
            },
            "sink": {"ref": BROKER},
            "ceOverrides": {"extensions": {"cluster": "east"}},
        },
    },
    "KafkaSource": {
        "apiVersion": "sources.knative.dev/v1",
        "kind": "KafkaSource",
        "metadata": {"name": "k"},
        "spec": {
            "bootstrapServers": ["redpanda:9092"],
            "topics": ["analytics.alerts"],
            "ordering": "ordered",
            "initialOffset": "earliest",
            "sink": {"ref": BROKER},
        },
    },
    "KafkaSink": {
        "apiVersion": "eventing.knative.dev/v1alpha1",
        "kind": "KafkaSink",
        "metadata": {"name": "dead"},
        "spec": {"topic": "dead.letters", "bootstrapServers": ["redpanda:9092"], "contentMode": "binary"},
    },
    "Deployment": {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "generator"},
        "spec": {
            "selector": {"matchLabels": {"a": "b"}},
            "template": {
                "metadata": {"labels": {"a": "b"}},
                "spec": {"containers": [{"name": "c", "image": "i"}]},
            },
        },
    },
    "Kustomization": {
        "apiVersion": "kustomize.config.k8s.io/v1beta1",
        "kind": "Kustomization",
        "resources": ["../base"],
        "patches": [
            {
                "target": {"kind": "Service"},
                "patch": '- {op: replace, path: /spec/x, value: "1"}\n- {op: remove, path: /y}',
            }
        ],
    },
}


class Nothing(Enum):
    """In place of a value that is left out; an enum, so that every process calls the case the same."""

    HERE = "nothing"


NOTHING = Nothing.HERE


def edited(kind: str, path: str, value: Any) -> Any:
    """``GOOD[kind]`` with the value at a dotted path (`/` inside a name is kept) set, or removed for NOTHING."""
    document = copy.deepcopy(GOOD[kind])
    *parents, last = path.split("→")
    place = document
    for part in parents:
        place = place[int(part)] if isinstance(place, list) else place.setdefault(part, {})
    if value is NOTHING:
        del place[last]
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return document


FILTER = "spec→filters→0"
BROKEN: list[tuple[str, str, Any, str]] = [
    ("Trigger", "spec→broker", NOTHING, "spec.broker"),
    ("Trigger", "spec→broker", "", "spec.broker"),
    ("Trigger", "spec→subscriber", NOTHING, "spec.subscriber"),
    ("Trigger", "spec→subscriber", {}, "spec.subscriber"),
    ("Trigger", "spec→subscriber", {"uri": "/_events"}, "spec.subscriber"),
    ("Trigger", "spec→subscriber", {"uri": "ftp://x/"}, "spec.subscriber.uri"),
    ("Trigger", "spec→subscriber", {"ref": SERVICE, "uri": "http://x/"}, "spec.subscriber"),
    ("Trigger", "spec→subscriber→ref→kind", NOTHING, "spec.subscriber.ref.kind"),
    ("Trigger", "spec→subscriber→ref→apiVersion", "serving", "spec.subscriber.ref.apiVersion"),
    ("Trigger", "spec→subscriber→ref→group", "x", "spec.subscriber.ref.group"),
    ("Trigger", FILTER, {"exact": {"type": "a"}, "prefix": {"type": "b"}}, "spec.filters[0]: one dialect"),
    ("Trigger", FILTER, {}, "spec.filters[0]: one dialect"),
    ("Trigger", FILTER, {"exact": None}, "spec.filters[0]"),
    ("Trigger", FILTER, {"cesql": "type = 'a'"}, "spec.filters[0].cesql"),
    ("Trigger", FILTER, {"exact": {}}, "spec.filters[0].exact"),
    ("Trigger", FILTER, {"exact": {"Type": "a"}}, "spec.filters[0].exact"),
    ("Trigger", FILTER, {"exact": {"my_type": "a"}}, "my_type"),
    ("Trigger", FILTER, {"exact": {"ce-type": "a"}}, "ce-type"),
    ("Trigger", FILTER, {"suffix": {"type": ""}}, "spec.filters[0].suffix"),
    ("Trigger", FILTER, {"exact": {"count": 1}}, "spec.filters[0].exact.count"),
    ("Trigger", FILTER, {"any": []}, "spec.filters[0].any"),
    ("Trigger", FILTER, {"all": [{"exact": {"a": "b"}, "suffix": {"a": "b"}}]}, "spec.filters[0].all[0]"),
    ("Trigger", FILTER, {"not": {"exact": {"A": "b"}}}, "spec.filters[0].not.exact"),
    ("Trigger", "spec→filter", {"attributes": {"type": "a"}}, "spec: filter"),
    ("Trigger", "spec→filtres", [], "spec.filtres"),
    ("Trigger", "spec→delivery→retry", -1, "spec.delivery.retry"),
    ("Trigger", "spec→delivery→retry", "3", "spec.delivery.retry"),
    ("Trigger", "spec→delivery→backoffPolicy", "fibonacci", "spec.delivery.backoffPolicy"),
    ("Trigger", "spec→delivery→backoffDelay", "500ms", "spec.delivery.backoffDelay"),
    ("Trigger", "spec→delivery→backoffDelay", "PT", "spec.delivery.backoffDelay"),
    ("Trigger", "spec→delivery→backoffDelay", 5, "spec.delivery.backoffDelay"),
    ("Trigger", "spec→delivery→timeout", "PT0S", "spec.delivery.timeout"),
    ("Trigger", "spec→delivery→deadLetterSink", NOTHING, "spec.delivery.deadLetterSink"),
    ("Trigger", "spec→delivery→retries", 3, "spec.delivery.retries"),
    ("Trigger", f"metadata→annotations→{ORDER}", "orderd", ORDER),
    (
        "Trigger",
        "metadata→annotations→kafka.eventing.knative.dev/order",
        "ordered",
        "kafka.eventing.knative.dev/order",
    ),
    (
        "Trigger",
        "metadata→annotations→autoscaling.knative.dev/min-scale",
        "1",
        "autoscaling.knative.dev/min-scale",
    ),
    ("Trigger", "metadata→name", "T_1", "metadata.name"),
    ("Trigger", "apiVersion", "eventing.knative.dev/v1beta1", "kind: eventing.knative.dev/v1beta1 Trigger"),
    ("Trigger", "status", {}, "status"),
    ("Broker", "metadata→annotations", NOTHING, "metadata.annotations"),
    ("Broker", "metadata→annotations", {}, CLASS),
    ("Broker", f"metadata→annotations→{CLASS}", "MTChannelBasedBroker", CLASS),
    ("Broker", "metadata→annotations→eventing.knative.dev/broker.klass", "Kafka", "broker.klass"),
    ("Broker", "spec→config", NOTHING, "spec.config"),
    ("Broker", "spec→config→kind", "Secret", "spec.config"),
    ("Broker", "spec→config→apiVersion", "v2", "spec.config"),
    ("Broker", "spec→config→name", "", "spec.config.name"),
    ("Broker", "spec→delivery→backoffDelay", "P1Y", "spec.delivery.backoffDelay"),
    ("Broker", "spec→delivery→deadLetterSink→uri", "relative", "spec.delivery.deadLetterSink.uri"),
    ("Broker", "spec→deliveries", {}, "spec.deliveries"),
    ("ConfigMap", "data→default.topic.partitions", 6, "data.default.topic.partitions"),
    ("ConfigMap", "data→a b", "x", "data"),
    ("ConfigMap", "data→default.topic.partitions", "many", "data.default.topic.partitions"),
    ("ConfigMap", "data→bootstrap.servers", "nowhere", "data.bootstrap.servers"),
    ("ConfigMap", "data→default.topic.partition", "6", "data.default.topic.partition"),
    ("ConfigMap", "Data", {}, "Data"),
    ("SinkBinding", "spec→sink", NOTHING, "spec.sink"),
    ("SinkBinding", "spec→subject", NOTHING, "spec.subject"),
    ("SinkBinding", "spec→subject→name", "both", "spec.subject"),
    ("SinkBinding", "spec→subject→selector", NOTHING, "spec.subject"),
    ("SinkBinding", "spec→subject→selector", {}, "spec.subject.selector"),
    (
        "SinkBinding",
        "spec→subject→selector→matchExpressions",
        [{"key": "a", "operator": "In"}],
        "matchExpressions[0]",
    ),
    ("SinkBinding", "spec→subject→selector→matchLabel", {}, "matchLabel"),
    ("SinkBinding", "spec→ceOverrides→extensions→my-name", "x", "spec.ceOverrides.extensions"),
    ("SinkBinding", "apiVersion", "sources.knative.dev/v2", "sources.knative.dev/v2"),
    ("KafkaSource", "spec→topics", [], "spec.topics"),
    ("KafkaSource", "spec→topics", ["a b"], "spec.topics"),
    ("KafkaSource", "spec→topics", NOTHING, "spec.topics"),
    ("KafkaSource", "spec→bootstrapServers", ["redpanda"], "spec.bootstrapServers"),
    ("KafkaSource", "spec→bootstrapServers", ["redpanda:99999"], "spec.bootstrapServers"),
    ("KafkaSource", "spec→ordering", "sorted", "spec.ordering"),
    ("KafkaSource", "spec→initialOffset", "newest", "spec.initialOffset"),
    ("KafkaSource", "spec→consumers", -1, "spec.consumers"),
    ("KafkaSource", "spec→sink", NOTHING, "spec.sink"),
    ("KafkaSource", "spec→topic", "x", "spec.topic"),
    ("KafkaSource", "spec→net", {"tls": {"enabled": True}}, "spec.net.tls.enabled"),
    ("KafkaSink", "spec→topic", "", "spec.topic"),
    ("KafkaSink", "spec→numPartitions", 0, "spec.numPartitions"),
    ("KafkaSink", "spec→contentMode", "batch", "spec.contentMode"),
    ("Deployment", "spec→replica", 2, "replica"),
    ("Deployment", "spec→replicas", "two", "spec.replicas"),
    ("Deployment", "spec→template→spec→containers→0→imgae", "i", "imgae"),
    ("Deployment", "metadata→name", NOTHING, "metadata.name"),
    ("Deployment", "kind", "Deploiment", "Deploiment"),
    ("Deployment", "kind", "../x", "kind"),
    ("Deployment", "apiVersion", "apps/v1\0", "apiVersion"),
    ("Kustomization", "patches→0→patch", "spec: {x: 1}", "patches[0].patch: a strategic-merge patch"),
    ("Kustomization", "patches→0→patch", "- {op: replace, path: spec/x, value: 1}", "patches[0].patch"),
    ("Kustomization", "patches→0→patch", "- {op: replace, path: /x}", "patches[0].patch"),
    ("Kustomization", "patchesStrategicMerge", ["x.yaml"], "patchesStrategicMerge"),
    ("Kustomization", "resources", [], "resources"),
]


def written(folder: Path, document: Any) -> Path:
    path = folder / "it.yaml"
    path.write_text(yaml.safe_dump(document))
    return path


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_manifest_is_admitted(tmp_path: Path, kind: str) -> None:
    assert check(written(tmp_path, GOOD[kind])) == []


@pytest.mark.parametrize(("kind", "path", "value", "field"), BROKEN, ids=lambda value: str(value)[:40])
def test_a_broken_manifest_is_refused(tmp_path: Path, kind: str, path: str, value: Any, field: str) -> None:
    file = written(tmp_path, edited(kind, path, value))
    problems = check(file)
    assert any(str(file) in problem and field in problem for problem in problems), problems


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "1", "a: [", "kind: X", "apiVersion: v1", "x: !!python/name:os.system"]
)
def test_what_is_no_manifest_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "it.yaml").write_text(text)
    assert check(tmp_path / "it.yaml")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BASE, tmp_path / "base"))


def rewrite(path: Path, edit: Callable[[list[Any]], None]) -> None:
    documents = list(yaml.safe_load_all(path.read_text()))
    edit(documents)
    path.write_text(yaml.safe_dump_all(documents))


@pytest.mark.parametrize(
    ("file", "edit", "field"),
    [
        ("relay.yaml", lambda d: d[1]["spec"].update(broker="elsewhere"), "spec.broker: there is no Broker"),
        (
            "relay.yaml",
            lambda d: d[1]["spec"]["subscriber"].update(uri="/events"),
            "spec.subscriber.uri: functions take events at /_events",
        ),
        (
            "relay.yaml",
            lambda d: d[1]["spec"]["filters"][0]["exact"].update(type="flowforge.data.chanegd.v1"),
            "spec.filters: type 'flowforge.data.chanegd.v1'",
        ),
        (
            "relay.yaml",
            lambda d: d[1]["spec"]["subscriber"]["ref"].update(name="rely"),
            "spec.subscriber.ref: there is no Service rely",
        ),
        (
            "relay.yaml",
            lambda d: d[1]["spec"]["delivery"]["deadLetterSink"]["ref"].update(name="x"),
            "spec.delivery.deadLetterSink.ref: there is no KafkaSink x",
        ),
        (
            "relay.yaml",
            lambda d: d[1]["spec"]["subscriber"]["ref"].update(kind="Deployment", apiVersion="apps/v1"),
            "spec.subscriber.ref: apps/v1 Deployment",
        ),
        (
            "relay.yaml",
            lambda d: d[1]["spec"]["subscriber"].update(ref=BROKER),
            "spec.subscriber.ref: Broker default is no function",
        ),
        (
            "broker.yaml",
            lambda d: d[1]["spec"]["config"].update(name="x"),
            "spec.config.name: there is no ConfigMap x",
        ),
        ("broker.yaml", lambda d: d[0]["data"].pop("bootstrap.servers"), "data.bootstrap.servers"),
        (
            "broker.yaml",
            lambda d: d[0]["data"].update({"default.topic.partitions": "many"}),
            "default.topic.partitions",
        ),
        (
            "broker.yaml",
            lambda d: d[0]["data"].update({"default.topic.partition": "6"}),
            "default.topic.partition",
        ),
        (
            "sink-bindings.yaml",
            lambda d: d[0]["spec"]["sink"]["ref"].update(name="x"),
            "spec.sink.ref: there is no Broker x",
        ),
        (
            "sink-bindings.yaml",
            lambda d: d[1]["metadata"].update(name="functions"),
            "two SinkBindings are named functions",
        ),
    ],
)
def test_what_leads_nowhere_is_refused(
    base: Path, file: str, edit: Callable[[list[Any]], None], field: str
) -> None:
    rewrite(base / file, edit)
    assert any(field in problem for problem in check(base)), check(base)


def test_ours_are_admitted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "is admitted" in capsys.readouterr().out


def test_the_command_names_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, edited("Trigger", "spec→broker", NOTHING))
    assert main([str(path)]) == 1
    assert f"{path}: Trigger t: spec.broker: " in capsys.readouterr().err
    assert main([str(tmp_path / "nowhere")]) == 1


@pytest.mark.parametrize("overlay", ["k3d", "prod"])
def test_an_overlay_keeps_what_the_base_says(overlay: str) -> None:
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl, which renders overlays, is not on this machine")
    from flowforge_local.checks.kustomize import render

    rendered = [each for each in yaml.safe_load_all(render(ROOT / "knative" / "overlays" / overlay)) if each]
    services = {
        each["metadata"]["name"]: each for each in rendered if each["apiVersion"].startswith("serving")
    }
    for service in load(BASE).services:
        container = services[service.name]["spec"]["template"]["spec"]["containers"][0]
        assert container["image"].startswith("flowforge-functions:")
        assert {variable["name"] for variable in container["env"]} == service.environment.keys()
        labels = services[service.name]["metadata"]["labels"]
        assert labels["networking.knative.dev/visibility"] == "cluster-local"
        assert services[service.name]["metadata"]["namespace"] == "flowforge"


def test_a_prefix_reaches_every_reference(base: Path, tmp_path: Path) -> None:
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl, which renders overlays, is not on this machine")
    overlay = {**GOOD["Kustomization"], "resources": ["base"], "namePrefix": "try-"}
    del overlay["patches"]
    (tmp_path / "kustomization.yaml").write_text(yaml.safe_dump(overlay))
    assert check(tmp_path) == []


def wanted(trigger: Trigger) -> Iterator[str]:
    """The types a Trigger names."""

    def exact(filters: Any) -> Iterator[str]:
        for each in filters or ():
            yield from (each.exact["type"],) if each.exact else exact(each.any or each.all)

    yield from exact(trigger.spec.filters)


def test_triggers_and_handlers_agree() -> None:
    handled = {
        (function.name.replace("_", "-"), kind)
        for function in load_functions(ROOT / "functions")
        for kind in function.subscriptions
    }
    triggered = {
        (trigger.spec.subscriber.ref.name if trigger.spec.subscriber.ref else "", kind)
        for trigger in load(BASE).of(Trigger)
        for kind in wanted(trigger)
    }
    assert triggered == handled


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("PT0.2S", 0.2), ("PT1M30S", 90), ("P1D", 86400), ("P1W", 604800), ("P1DT2H", 93600), ("PT0S", 0)],
)
def test_durations(text: str, seconds: float) -> None:
    assert iso_duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "1S", "P1Y", "P1M", "PT1.5M", "PT-1S", "pt1s", "P1S", " PT1S", "PT1S\n"]
)
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="ISO 8601"):
        iso_duration(text)
