"""The two users: ``admin`` for the pipeline and the operator, ``app`` for the functions."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Mapping
from typing import Literal

from flowforge_local.engines.clickhouse.errors import AUTHENTICATION_FAILED, ClickHouseError
from flowforge_local.engines.credentials import Credentials

User = Literal["admin", "app"]


class Users:
    """Checks names and passwords in constant time."""

    def __init__(self, credentials: Credentials) -> None:
        self._passwords: Mapping[User, bytes] = {
            "admin": credentials.clickhouse_admin.encode(),
            "app": credentials.clickhouse_app.encode(),
        }

    def authenticate(self, headers: Mapping[str, str]) -> User:
        """User of a request: HTTP Basic, or ``X-ClickHouse-User`` and ``X-ClickHouse-Key``.

        Passwords in the URL are not looked at, because URLs end up in logs.

        Raises:
            ClickHouseError: no or wrong credentials; the message is the same for both.

        """
        name, password = _presented(headers)
        known: User | None = None
        for user, expected in self._passwords.items():
            same_name = hmac.compare_digest(user.encode(), name)
            same_password = hmac.compare_digest(expected, password)
            if same_name & same_password:
                known = user
        if known is None:
            raise ClickHouseError(
                AUTHENTICATION_FAILED,
                "Authentication failed: password is incorrect, or there is no such user.",
            )
        return known


def _presented(headers: Mapping[str, str]) -> tuple[bytes, bytes]:
    if "x-clickhouse-user" in headers:
        return headers["x-clickhouse-user"].encode(), headers.get("x-clickhouse-key", "").encode()
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return b"", b""
    try:
        name, _, password = base64.b64decode(token, validate=True).partition(b":")
    except binascii.Error:
        return b"", b""
    return name, password
