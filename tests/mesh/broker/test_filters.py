"""Filters against a second reading of the specification: all small ones, and deeper ones drawn from a fixed seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import product
from typing import Any

from flowforge_local.mesh.manifests.filters import Filter
from flowforge_local.mesh.manifests.trigger import AttributeFilter, Trigger

NAMES = ("type", "x1")
VALUES = ("a", "b", "ab", "a.b")
EVENTS = [
    {name: value for name, value in zip(NAMES, values, strict=True) if value is not None}
    for values in product((None, "", "a", "b", "ab", "ba", "a.b", "ab.ab"), repeat=len(NAMES))
]
DIALECTS = ("exact", "prefix", "suffix")
Document = dict[str, Any]


def leaves() -> Iterator[Document]:
    """Each dialect on one attribute, and on both."""
    for dialect in DIALECTS:
        for name, value in product(NAMES, VALUES):
            yield {dialect: {name: value}}
        for values in product(VALUES[:2], repeat=len(NAMES)):
            yield {dialect: dict(zip(NAMES, values, strict=True))}


def small() -> Iterator[Document]:
    """All filters of at most two leaves and one dialect around them."""
    single = list(leaves())
    for each in single:
        yield each
        yield from ({"not": each}, {"all": [each]}, {"any": [each]})
    for two in product(single[::3], repeat=2):
        yield from ({"all": list(two)}, {"any": list(two)})


def drawn(source: random.Random, depth: int = 4) -> Document:
    """A filter of at most this depth."""
    kind = source.choice(("leaf", "not", "all", "any")) if depth else "leaf"
    if kind == "leaf":
        names = source.sample(NAMES, source.randint(1, len(NAMES)))
        return {source.choice(DIALECTS): {name: source.choice(VALUES) for name in names}}
    if kind == "not":
        return {kind: drawn(source, depth - 1)}
    return {kind: [drawn(source, depth - 1) for _ in range(source.randint(1, 3))]}


def expected(document: dict[str, Any], event: dict[str, str]) -> bool:
    """CloudEvents Subscriptions API §3.2.4.1, read from the document itself."""
    ((dialect, value),) = document.items()
    match dialect:
        case "all":
            return not [each for each in value if not expected(each, event)]
        case "any":
            return bool([each for each in value if expected(each, event)])
        case "not":
            return expected(value, event) is False
        case "exact":
            return {name: event.get(name) for name in value} == value
        case "prefix":
            return all(event.get(name, "")[: len(wanted)] == wanted for name, wanted in value.items())
    return all(event.get(name, "")[-len(wanted) :] == wanted for name, wanted in value.items())


def test_a_filter_means_what_the_specification_says() -> None:
    source = random.Random(19)
    answers = set()
    for document in [*small(), *(drawn(source) for _ in range(200))]:
        read = Filter.model_validate(document)
        for event in EVENTS:
            assert read.matches(event) == expected(document, event), (document, event)
            answers.add((next(iter(document)), read.matches(event)))
    assert answers == set(product(("exact", "prefix", "suffix", "not", "all", "any"), (True, False)))


def test_all_filters_of_a_trigger_must_hold() -> None:
    source = random.Random(23)
    for number in range(60):
        documents = [drawn(source, 2) for _ in range(number % 4)]
        trigger = Trigger.model_validate(
            {
                "apiVersion": "eventing.knative.dev/v1",
                "kind": "Trigger",
                "metadata": {"name": "t"},
                "spec": {"broker": "b", "subscriber": {"uri": "http://x/"}, "filters": documents},
            }
        )
        for event in EVENTS:
            event = event | {"source": "s", "tenant": "a"}
            assert trigger.wants(event) == all(expected(each, event) for each in documents)
            looked_at = {name: value for name, value in event.items() if name in trigger.mentioned}
            assert trigger.wants(looked_at) == trigger.wants(event)


def test_the_older_filter_wants_every_attribute() -> None:
    assert AttributeFilter(attributes={"type": ""})
    trigger = {
        "apiVersion": "eventing.knative.dev/v1",
        "kind": "Trigger",
        "metadata": {"name": "t"},
        "spec": {
            "broker": "b",
            "subscriber": {"uri": "http://x/"},
            "filter": {"attributes": {"type": "a", "tenant": ""}},
        },
    }
    wants = Trigger.model_validate(trigger).wants
    assert wants({"type": "a", "tenant": "demo"})
    assert not wants({"type": "a"})
    assert not wants({"type": "b", "tenant": "demo"})
