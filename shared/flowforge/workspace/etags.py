"""Versions as entity tags (RFC 9110 §8.8.3, §13.1.1): nobody overwrites what they have not seen."""

from __future__ import annotations

from flowforge.errors import ErrorCode, FlowForgeError


def etag(version: int) -> str:
    """The strong tag of a version: ``"3"``."""
    return f'"{version}"'


def required_version(if_match: str | None) -> int | None:
    """The version that ``If-Match`` demands; None for ``*`` (any). 428 when the header is missing."""
    if if_match is None:
        raise FlowForgeError(
            ErrorCode.PRECONDITION_REQUIRED,
            "This edit needs an If-Match header.",
            field="If-Match",
            hint="Send the ETag that came with the object.",
        )
    return optional_version(if_match)


def optional_version(if_match: str | None) -> int | None:
    """The version that ``If-Match`` demands, if it is sent; a tag that is no version matches nothing (412)."""
    if if_match is None or if_match.strip() == "*":
        return None
    tag = if_match.strip().removeprefix("W/").strip('"')
    if not tag.isdecimal():
        raise _stale(f"No version has the tag {if_match!r}.")
    return int(tag)


def check(current: int, demanded: int | None) -> None:
    """412 unless the object is still at the demanded version."""
    if demanded is not None and demanded != current:
        raise _stale(f"This is version {current}; the edit was made on version {demanded}.")


def _stale(detail: str) -> FlowForgeError:
    return FlowForgeError(
        ErrorCode.PRECONDITION_FAILED,
        detail,
        hint="Load it again and repeat the change; nothing was overwritten.",
    )
