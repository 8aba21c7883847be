"""Filters against a second reading of the specification, on generated filters and events."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from flowforge_local.mesh.manifests.filters import Filter
from flowforge_local.mesh.manifests.trigger import AttributeFilter, Trigger

NAMES = st.sampled_from(["type", "source", "tenant", "x1"])
VALUES = st.text("ab.", min_size=1, max_size=4)
EVENTS = st.dictionaries(NAMES, st.text("ab.", max_size=5))
LEAVES = st.builds(
    lambda dialect, wanted: {dialect: wanted},
    st.sampled_from(["exact", "prefix", "suffix"]),
    st.dictionaries(NAMES, VALUES, min_size=1, max_size=3),
)
FILTERS: Any = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(lambda each: {"not": each}, inner)
        | st.builds(
            lambda name, each: {name: each},
            st.sampled_from(["all", "any"]),
            st.lists(inner, min_size=1, max_size=3),
        )
    ),
    max_leaves=6,
)


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


@given(document=FILTERS, event=EVENTS)
def test_a_filter_means_what_the_specification_says(document: dict[str, Any], event: dict[str, str]) -> None:
    assert Filter.model_validate(document).matches(event) == expected(document, event)


@given(documents=st.lists(FILTERS, max_size=3), event=EVENTS)
def test_all_filters_of_a_trigger_must_hold(documents: list[Any], event: dict[str, str]) -> None:
    trigger = Trigger.model_validate(
        {
            "apiVersion": "eventing.knative.dev/v1",
            "kind": "Trigger",
            "metadata": {"name": "t"},
            "spec": {"broker": "b", "subscriber": {"uri": "http://x/"}, "filters": documents},
        }
    )
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
