"""The base of every admitted object: camelCase names, nothing unknown, nothing converted."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

DNS_LABEL = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
DNS_SUBDOMAIN = re.compile(r"[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?")
QUANTITY = re.compile(r"(\d+(?:\.\d+)?)(m|Ki|Mi|Gi|k|M|G)?")
_FACTOR = {
    "m": 1e-3,
    "": 1.0,
    "k": 1e3,
    "M": 1e6,
    "G": 1e9,
    "Ki": 1024.0,
    "Mi": 1024.0**2,
    "Gi": 1024.0**3,
}


class Object(BaseModel):
    """A YAML mapping. ``strict``: the text ``"3"`` is no number and the number 3 is no text."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, alias_generator=to_camel)


def dns_label(value: str) -> str:
    """RFC 1035 label, as Kubernetes requires of Services; raises ValueError."""
    if not DNS_LABEL.fullmatch(value):
        raise ValueError(f"{value!r} is not a DNS label: lower-case letters, digits and '-', at most 63")
    return value


def dns_subdomain(value: str) -> str:
    """RFC 1123 subdomain, as Kubernetes requires of most names; raises ValueError."""
    if not DNS_SUBDOMAIN.fullmatch(value):
        raise ValueError(f"{value!r} is not a DNS subdomain: lower-case letters, digits, '-' and '.'")
    return value


def quantity(value: str) -> float:
    """Kubernetes quantity (``250m``, ``512Mi``) in its base unit; raises ValueError."""
    match = QUANTITY.fullmatch(value)
    if match is None:
        raise ValueError(f"{value!r} is not a quantity such as 250m, 1 or 512Mi")
    return float(match[1]) * _FACTOR[match[2] or ""]


def _no(value: bool) -> bool:
    if value:
        raise ValueError("must be false")
    return value


def _yes(value: bool) -> bool:
    if not value:
        raise ValueError("must be true")
    return value


No = Annotated[bool, AfterValidator(_no)]
"""False, and not the number 0, which equals it."""
Yes = Annotated[bool, AfterValidator(_yes)]
DnsLabel = Annotated[str, AfterValidator(dns_label)]
DnsSubdomain = Annotated[str, AfterValidator(dns_subdomain)]


class PlainMetadata(Object):
    """Metadata of an object on which this project uses no annotation."""

    name: DnsSubdomain
    namespace: DnsLabel | None = None
    labels: dict[str, str] = Field(default_factory=dict)
