"""One message at a time: bytes → a checked envelope with a complete payload, or a reason to refuse it.

Pure: whether a symbol was known at the time and whether an event was seen before is asked in the normaliser,
which knows the instruments and the past. It also says up to which time, and of which symbols at all, messages
may be: of several things that are wrong with a message, the one its sender would name is the reason.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from flowforge_pipeline.messages.envelope import (
    ENVELOPE_FIELDS,
    SCHEMA_VERSION,
    instant_text,
    order_entity,
)
from flowforge_pipeline.messages.fields import FILL_STATUSES, PAYLOADS, Field
from flowforge_pipeline.messages.outcome import Accepted, Reason, Refused, World
from flowforge_pipeline.messages.parsing import UnreadableError, digits, parse
from flowforge_pipeline.messages.times import nanoseconds_of
from flowforge_pipeline.messages.topics import Kind

MAX_BYTES = 64 << 10
MAX_TEXT = 256


class _BrokenError(Exception):
    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


def check(kind: Kind, value: bytes | None, world: World | None = None) -> Accepted | Refused:
    """Judge one message of ``raw.<kind>``; without a ``world``, by itself alone."""
    event_id = ""
    try:
        envelope = _parsed(value)
        event_id = given if isinstance(given := envelope.get("event_id"), str) else ""
        return _checked(kind, envelope, world)
    except _BrokenError as broken:
        return Refused(broken.reason, broken.detail, event_id[:MAX_TEXT])


def _parsed(value: bytes | None) -> dict[str, Any]:
    if value is None:
        raise _BrokenError(Reason.BAD_JSON, "The message is empty.")
    if len(value) > MAX_BYTES:
        raise _BrokenError(
            Reason.TOO_LARGE, f"The message has {len(value):,} bytes; {MAX_BYTES:,} are allowed."
        )
    try:
        envelope = parse(value)
    except UnreadableError as error:
        raise _BrokenError(Reason.BAD_JSON, str(error)) from None
    if not isinstance(envelope, dict):
        raise _BrokenError(Reason.BAD_JSON, f"A JSON object is expected, not {_shown(envelope)}.")
    return envelope


def _checked(kind: Kind, envelope: dict[str, Any], world: World | None) -> Accepted:
    for name in ENVELOPE_FIELDS:
        if envelope.get(name) is None:
            raise _BrokenError(Reason.MISSING_FIELD, f"{name} is missing.")
    if (version := envelope["schema_version"]) is True or version != SCHEMA_VERSION:
        raise _BrokenError(
            Reason.WRONG_SCHEMA_VERSION, f"schema_version is {_shown(version)}; {SCHEMA_VERSION} is read."
        )
    event_id, source, entity_id = (
        _text(name, envelope[name], empty=False) for name in ("event_id", "source", "entity_id")
    )
    nanoseconds, payload = _instant("event_time", envelope["event_time"]), envelope["payload"]
    ingested = _instant("ingest_time", envelope["ingest_time"])
    if not isinstance(payload, dict):
        raise _BrokenError(Reason.WRONG_TYPE, f"payload is {_shown(payload)}; an object is expected.")
    complete = {field.name: _member(field, payload) for field in PAYLOADS[kind].fields}
    inner = _instant("payload.event_time", complete["event_time"])
    if world is not None and (latest := max(nanoseconds, ingested, inner)) > world.latest:
        raise _BrokenError(Reason.FUTURE_TIME, f"{instant_text(latest)} lies in the future.")
    if min(nanoseconds, ingested) < 0:
        raise _BrokenError(Reason.TOO_OLD, f"{instant_text(min(nanoseconds, ingested))} is before 1970.")
    if inner != nanoseconds:
        raise _BrokenError(Reason.TIME_MISMATCH, "event_time of the payload is not that of the envelope.")
    if world is not None and complete["symbol"] not in world.symbols:
        raise _BrokenError(Reason.UNKNOWN_SYMBOL, f"{_shown(complete['symbol'])} is not a known symbol.")
    _RULES[kind](complete)
    _entity(kind, entity_id, complete)
    return Accepted(event_id, nanoseconds, ingested, source, entity_id, complete)


def _member(field: Field, payload: dict[str, Any]) -> Any:
    value = payload.get(field.name)
    if value is None or field.normalised:
        if field.required:
            raise _BrokenError(Reason.MISSING_FIELD, f"payload.{field.name} is missing.")
        return field.default
    if field.type == "decimal":
        return _decimal(field, value)
    if field.type == "text":
        return _text(field.name, value, empty=not field.required)
    if field.type == "choice":
        if value not in field.choices:
            raise _BrokenError(
                Reason.BAD_VALUE, f"{field.name} is {_shown(value)}; one of {', '.join(field.choices)}."
            )
        return value
    if field.type == "flag":
        if not isinstance(value, bool):
            raise _BrokenError(
                Reason.WRONG_TYPE, f"{field.name} is {_shown(value)}; true or false is expected."
            )
        return value
    if field.type == "integer" and (isinstance(value, bool) or not isinstance(value, int)):
        raise _BrokenError(Reason.WRONG_TYPE, f"{field.name} is {_shown(value)}; a whole number is expected.")
    if field.type == "integer" and not 0 <= value < 1 << 63:
        raise _BrokenError(Reason.OUT_OF_RANGE, f"{field.name} is {value}; 0 to 2^63 - 1 is expected.")
    return value


_PLAIN = re.compile(r"-?\d{1,18}(?:\.\d{1,9})?\Z", re.ASCII).match


def _decimal(field: Field, value: Any) -> str:
    """Plain digits. A JSON number is taken by its spelling, which is what the sender wrote."""
    if isinstance(value, str):
        text: str | None = value
    elif isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise _BrokenError(Reason.WRONG_TYPE, f"{field.name} is {_shown(value)}; a decimal is expected.")
    else:
        text = str(value) if isinstance(value, int) else digits(value)
    if text is None or not _PLAIN(text):
        raise _BrokenError(Reason.BAD_VALUE, f"{field.name} is {_shown(value)}; plain digits are expected.")
    whole, _, fraction = text.lstrip("-").partition(".")
    if text[0] == "-" and (whole.strip("0") or fraction.strip("0")):
        negative = Reason.NEGATIVE_QUANTITY if field.scale == 4 else Reason.NEGATIVE_PRICE
        raise _BrokenError(negative, f"{field.name} is {text}.")
    if len(whole.lstrip("0")) > field.digits or len(fraction.rstrip("0")) > field.scale:
        raise _BrokenError(
            Reason.OUT_OF_RANGE,
            f"{field.name} is {text}; {field.digits} digits before and {field.scale} after the point are kept.",
        )
    if field.positive and not (whole.strip("0") or fraction.strip("0")):
        raise _BrokenError(Reason.NEGATIVE_QUANTITY, f"{field.name} is zero.")
    return text.lstrip("-")


def _text(name: str, value: Any, *, empty: bool) -> str:
    if isinstance(value, bool):  # these are read by their spelling in JSON, as a typed column would
        value = "true" if value else "false"
    elif isinstance(value, int):
        value = str(value)
    elif isinstance(value, Decimal):
        value = digits(value) or value
    if not isinstance(value, str):
        raise _BrokenError(Reason.WRONG_TYPE, f"{name} is {_shown(value)}; text is expected.")
    if not value and not empty:
        raise _BrokenError(Reason.MISSING_FIELD, f"{name} is empty.")
    if len(value) > MAX_TEXT or not value.isprintable():
        raise _BrokenError(Reason.BAD_VALUE, f"{name} is not printable text of up to {MAX_TEXT} characters.")
    return value


def _instant(name: str, value: Any) -> int:
    nanoseconds = nanoseconds_of(value) if isinstance(value, str) else None
    if nanoseconds is None:
        raise _BrokenError(
            Reason.BAD_TIME,
            f"{name} is {_shown(value)}; ISO 8601 with an offset is expected, such as 2024-01-31T14:30:00.123Z.",
        )
    return nanoseconds


def _trade(payload: dict[str, Any]) -> None:
    if (payload["status"] == "new") != (payload["corrects_id"] == ""):
        raise _BrokenError(
            Reason.BAD_VALUE, "corrects_id goes with status correct or cancel, and only with them."
        )


def _quote(payload: dict[str, Any]) -> None:
    if payload["bid"] is None and payload["ask"] is None:
        raise _BrokenError(Reason.MISSING_FIELD, "bid and ask are both missing.")


_TENANT = re.compile(r"[a-z0-9-]{1,63}\Z").match


def _order(payload: dict[str, Any]) -> None:
    if not _TENANT(payload["tenant_id"]):
        raise _BrokenError(Reason.BAD_VALUE, f"tenant_id is {_shown(payload['tenant_id'])}.")
    if "/" in payload["account"]:
        raise _BrokenError(
            Reason.BAD_VALUE, f"account is {_shown(payload['account'])}; it must not contain a /."
        )
    if payload["status"] in FILL_STATUSES:
        for name in ("fill_id", "price"):
            if not payload[name]:
                raise _BrokenError(Reason.MISSING_FIELD, f"payload.{name} is missing: a fill has one.")


_RULES: dict[str, Callable[[dict[str, Any]], None]] = {"trades": _trade, "quotes": _quote, "orders": _order}


def _entity(kind: Kind, entity_id: str, payload: dict[str, Any]) -> None:
    symbol = payload["symbol"]
    wanted = order_entity(payload["tenant_id"], payload["account"], symbol) if kind == "orders" else symbol
    if entity_id != wanted:
        raise _BrokenError(Reason.KEY_MISMATCH, f"entity_id is {_shown(entity_id)}; {wanted} is expected.")


def _shown(value: Any) -> str:
    """What stands in a message's place, briefly. Of arrays and objects only that: they may be nested without end."""
    if isinstance(value, list | dict):
        return "an array" if isinstance(value, list) else "an object"
    text = str(value) if isinstance(value, Decimal) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
