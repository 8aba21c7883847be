"""ClickHouse exceptions: code, name, message, and the HTTP status that ClickHouse gives them.

Codes and statuses follow ``src/Common/ErrorCodes.cpp`` and
``src/Server/HTTP/exceptionCodeToHTTPStatus.cpp`` of ClickHouse.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

BAD_ARGUMENTS = 36
UNKNOWN_FUNCTION = 46
NOT_IMPLEMENTED = 48
SYNTAX_ERROR = 62
UNKNOWN_SETTING = 115
INCORRECT_DATA = 117
READONLY = 164
NETWORK_ERROR = 210
SESSION_IS_LOCKED = 373
ACCESS_DENIED = 497
AUTHENTICATION_FAILED = 516

NAMES: Mapping[int, str] = {
    BAD_ARGUMENTS: "BAD_ARGUMENTS",
    UNKNOWN_FUNCTION: "UNKNOWN_FUNCTION",
    NOT_IMPLEMENTED: "NOT_IMPLEMENTED",
    SYNTAX_ERROR: "SYNTAX_ERROR",
    UNKNOWN_SETTING: "UNKNOWN_SETTING",
    INCORRECT_DATA: "INCORRECT_DATA",
    READONLY: "READONLY",
    NETWORK_ERROR: "NETWORK_ERROR",
    SESSION_IS_LOCKED: "SESSION_IS_LOCKED",
    ACCESS_DENIED: "ACCESS_DENIED",
    AUTHENTICATION_FAILED: "AUTHENTICATION_FAILED",
}
"""Names of the exceptions that this server raises itself; the engine names its own."""

_BAD_REQUEST = {6, 26, 27, 36, 38, 41, 43, 44, 53, 62, 72, 117, 167, 168, 306, 427, 441, 456, 457, 675, 676}
_NOT_FOUND = {46, 47, 50, 56, 60, 63, 73, 81, 106, 115, 336}
_FORBIDDEN = {192, 193, AUTHENTICATION_FAILED}
_STATUS: Mapping[int, int] = {
    **dict.fromkeys(_BAD_REQUEST, 400),
    **dict.fromkeys(_NOT_FOUND, 404),
    **dict.fromkeys(_FORBIDDEN, 403),
    194: 401,
    159: 408,
    NOT_IMPLEMENTED: 501,
    209: 503,
}

_ENGINE_TEXT = re.compile(r"Code: (\d+)\. DB::Exception: ", re.DOTALL)
_NAME_AT_END = re.compile(r"\s*\(([A-Z][A-Z0-9_]+)\)(?: \(version [^)]*\))?\.?\s*$")


class ClickHouseError(Exception):
    """An exception with a ClickHouse code."""

    def __init__(self, code: int, message: str, name: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.name = name or NAMES.get(code, "UNKNOWN_EXCEPTION")

    @property
    def status(self) -> int:
        """HTTP status of an answer that consists of this exception."""
        return _STATUS.get(self.code, 500)

    def text(self, version: str) -> str:
        """Body of the answer, in the form that clients parse."""
        return f"Code: {self.code}. DB::Exception: {self.message} ({self.name}) (version {version})\n"


def from_engine(error: BaseException) -> ClickHouseError:
    """Read an exception of the engine: chDB gives its text, sometimes wrapped twice."""
    text = str(error)
    found = list(_ENGINE_TEXT.finditer(text))
    if not found:
        return ClickHouseError(1002, text or type(error).__name__, "UNKNOWN_EXCEPTION")
    same = len({item[1] for item in found}) == 1
    message = text[(found[-1] if same else found[0]).end() :].strip()
    name = None
    while match := _NAME_AT_END.search(message):
        name, message = match[1], message[: match.start()]
    return ClickHouseError(int(found[0][1]), message, name)
