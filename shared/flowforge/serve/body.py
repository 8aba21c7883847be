"""Reading a request body: bounded in size and depth, strictly typed, errors with their place."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive

from flowforge.errors import ErrorCode, FlowForgeError
from flowforge.results.json_values import SUSPECT, refuse_unusable

M = TypeVar("M", bound=BaseModel)

_PLACE = re.compile(r" at line (\d+) column (\d+)$")


async def read_body(receive: Receive, declared: str | None, limit: int) -> bytes:
    """The raw body; ``BODY_TOO_LARGE`` beyond ``limit`` bytes, before the rest is read.

    ``declared`` is the header Content-Length, if any.
    """
    _require_length(declared, limit)
    pieces: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _gone()
        piece = message.get("body", b"")
        size = _grown(size, piece, limit)
        pieces.append(piece)
        more = message.get("more_body", False)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


async def stream_body(request: Request, limit: int) -> AsyncIterator[bytes]:
    """The raw body as it arrives, with the same limit."""
    _require_length(request.headers.get("content-length"), limit)
    size = 0
    try:
        async for chunk in request.stream():
            size = _grown(size, chunk, limit)
            yield chunk
    except ClientDisconnect as gone:
        raise _gone() from gone


def require_json(content_type: str | None) -> None:
    """Refuse a body that says it is something else than JSON."""
    media_type = (content_type or "application/json").split(";", 1)[0].strip().lower()
    # An event is no request: what arrives as one on a public path is refused before it is looked at.
    is_json = media_type == "application/json" or media_type.endswith("+json")
    if not is_json or media_type.startswith("application/cloudevents"):
        raise FlowForgeError(
            ErrorCode.UNSUPPORTED_MEDIA_TYPE,
            f"The body is {media_type!r}; this call takes JSON.",
            hint="Send Content-Type: application/json.",
        )


def parse_json(raw: bytes, model: type[M]) -> M:
    """Validate JSON strictly against a model: 400 with a position, or 422 with the field's path."""
    try:
        value = model.model_validate_json(raw, strict=True)
    except ValidationError as invalid:
        raise _refusal(invalid, raw) from None
    if SUSPECT.search(raw):
        refuse_unusable(value.model_dump())
    return value


def parse_query(query: Mapping[str, str], model: type[M]) -> M:
    """Validate query parameters: texts are converted to the declared types, unknown names refused."""
    given = dict(query)
    refuse_unusable(given)
    try:
        return model.model_validate_strings(given)
    except ValidationError as invalid:
        raise _refusal(invalid, b"") from None


def field_path(location: Iterable[int | str]) -> str:
    """``("graph", "nodes", 0, "id")`` → ``graph.nodes[0].id``."""
    path = ""
    for part in location:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path


def _require_length(declared: str | None, limit: int) -> None:
    if declared is not None and declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)


def _grown(size: int, piece: bytes, limit: int) -> int:
    """The size with one more piece; ``BODY_TOO_LARGE`` beyond the limit."""
    size += len(piece)
    if size > limit:
        raise _too_large(limit)
    return size


def _gone() -> FlowForgeError:
    return FlowForgeError(ErrorCode.QUERY_CANCELLED, "The client went away while sending its body.")


def _too_large(limit: int) -> FlowForgeError:
    return FlowForgeError(ErrorCode.BODY_TOO_LARGE, f"The body is larger than {limit} bytes.")


def _refusal(invalid: ValidationError, raw: bytes) -> FlowForgeError:
    errors = invalid.errors(include_url=False)
    first = errors[0]
    if first["type"] == "json_invalid":
        return _bad_json(str(first.get("ctx", {}).get("error", "not JSON")), raw)
    path = field_path(first["loc"])
    reason = _reason(first)
    more = f" ({len(errors) - 1} more problems.)" if len(errors) > 1 else ""
    where = f"{path}: " if path else ""
    return FlowForgeError(
        ErrorCode.INVALID_REQUEST, f"{where}{reason}{more}", field=path or None, hint=_hint(first["type"])
    )


def _reason(error: Mapping[str, Any]) -> str:
    if error["type"] == "extra_forbidden":
        return "this field is not known here."
    if error["type"] == "missing":
        return "this field is required."
    value = repr(error.get("input"))
    return f"{error['msg']}, not {value if len(value) <= 60 else value[:57] + '…'}."


def _hint(kind: str) -> str | None:
    return "Remove it, or check its spelling." if kind == "extra_forbidden" else None


def _bad_json(reason: str, raw: bytes) -> FlowForgeError:
    place = _PLACE.search(reason)
    if not raw.strip():
        return FlowForgeError(
            ErrorCode.BAD_JSON, "The body is empty; this call takes a JSON object.", position=0
        )
    if place is None:
        return FlowForgeError(ErrorCode.BAD_JSON, f"The body is not JSON: {reason}.")
    line, column = int(place[1]), int(place[2])
    position = sum(len(each) for each in raw.splitlines(keepends=True)[: line - 1]) + max(column - 1, 0)
    return FlowForgeError(ErrorCode.BAD_JSON, f"The body is not JSON: {reason}.", position=position)
