"""Which events a Trigger wants: the Subscriptions API dialects that our manifests use.

CloudEvents Subscriptions 1.0-rc1 §3.2.4.1; Knative ``eventing/v1`` (trigger_validation.go). One dialect per object;
``cesql`` and anything else is refused. An attribute that an event does not have matches nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from flowforge_local.mesh.manifests.attributes import attribute_name
from flowforge_local.mesh.manifests.model import Object


def _wanted(attributes: dict[str, str]) -> dict[str, str]:
    for name, value in attributes.items():
        attribute_name(name)
        if not value:
            raise ValueError(f"{name}: a value to compare with must not be empty")
    return attributes


Wanted = Annotated[dict[str, str], Field(min_length=1), AfterValidator(_wanted)]
_COMPARED: Mapping[str, Callable[[str, str], bool]] = {
    "exact": str.__eq__,
    "prefix": str.startswith,
    "suffix": str.endswith,
}


class Filter(Object):
    """One expression of exactly one dialect; ``all`` and ``any`` hold further ones, ``not`` one."""

    exact: Wanted | None = None
    prefix: Wanted | None = None
    suffix: Wanted | None = None
    all: tuple[Filter, ...] | None = Field(default=None, strict=False, min_length=1)
    any: tuple[Filter, ...] | None = Field(default=None, strict=False, min_length=1)
    not_: Filter | None = Field(default=None, alias="not")

    @model_validator(mode="before")
    @classmethod
    def _one_dialect(cls, value: Any) -> Any:
        if isinstance(value, Mapping) and len(value) != 1:
            given = ", ".join(sorted(str(name) for name in value)) or "none"
            raise ValueError(f"one dialect per filter, not {given}")
        return value

    @model_validator(mode="after")
    def _given(self) -> Self:
        if not any_given(self):
            raise ValueError("a filter must not be null")
        return self

    @property
    def mentioned(self) -> frozenset[str]:
        """The attributes that the expression looks at.

        >>> sorted(Filter(any=({"exact": {"b": "1"}}, {"not": {"suffix": {"a": "2"}}})).mentioned)
        ['a', 'b']
        """
        inner = (*(self.all or ()), *(self.any or ()), *((self.not_,) if self.not_ is not None else ()))
        own = [name for dialect in _COMPARED for name in (getattr(self, dialect) or {})]
        return frozenset(own).union(*(each.mentioned for each in inner))

    def matches(self, attributes: Mapping[str, str]) -> bool:
        """Whether an event with these context attributes is wanted.

        >>> Filter(prefix={"type": "a."}).matches({"type": "a.b"}), Filter(exact={"x": "1"}).matches({})
        (True, False)
        """
        if self.all is not None:
            return all(each.matches(attributes) for each in self.all)
        if self.any is not None:
            return any(each.matches(attributes) for each in self.any)
        if self.not_ is not None:
            return not self.not_.matches(attributes)
        return all(
            name in attributes and compared(attributes[name], value)
            for dialect, compared in _COMPARED.items()
            for name, value in (getattr(self, dialect) or {}).items()
        )


def any_given(filter_: Filter) -> bool:
    """Whether any dialect has a value."""
    return any(getattr(filter_, name) is not None for name in Filter.model_fields)
