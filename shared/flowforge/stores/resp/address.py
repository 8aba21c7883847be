"""Where a server is, as the URLs say that redis-py, redis-cli and the Redis operators use.

https://www.iana.org/assignments/uri-schemes/prov/redis and prov/rediss; ``unix:`` as redis-py reads it.
"""

from __future__ import annotations

import ssl
from dataclasses import field
from urllib.parse import parse_qsl, unquote, urlsplit

from flowforge.records import dataclass

PORT = 6379
_VERIFY = {"none": ssl.CERT_NONE, "optional": ssl.CERT_OPTIONAL, "required": ssl.CERT_REQUIRED}
_TLS_OPTIONS = {"ssl_ca_certs", "ssl_certfile", "ssl_keyfile", "ssl_cert_reqs", "ssl_check_hostname"}


@dataclass(frozen=True, slots=True)
class Address:
    """``path`` is a Unix socket's; otherwise ``host`` and ``port`` hold. ``tls`` None: in the clear."""

    host: str = "localhost"
    port: int = PORT
    path: str | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    database: int = 0
    tls: ssl.SSLContext | None = field(default=None, repr=False)


def parse(url: str) -> Address:
    """Read a URL; ``ValueError`` for a scheme or an option that is not known."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    if parts.scheme not in ("redis", "rediss", "unix"):
        raise ValueError(f"{parts.scheme!r} is not the scheme of a Redis URL: redis, rediss or unix")
    unknown = options.keys() - {"db"} - (_TLS_OPTIONS if parts.scheme == "rediss" else set())
    if unknown:
        raise ValueError(f"{min(unknown)!r} is not an option of a {parts.scheme} URL that is known here")
    unix = parts.scheme == "unix"
    database = options.get("db") or ("" if unix else parts.path.strip("/")) or "0"
    return Address(
        host=parts.hostname or "localhost",
        port=parts.port or PORT,
        path=unquote(parts.path) if unix else None,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        database=int(database),
        tls=_tls(options) if parts.scheme == "rediss" else None,
    )


def _tls(options: dict[str, str]) -> ssl.SSLContext:
    """The certificate must be one of a known authority and of that host, unless the URL says otherwise."""
    context = ssl.create_default_context(cafile=options.get("ssl_ca_certs"))
    if "ssl_cert_reqs" in options:
        context.check_hostname = False  # it may only stay on where a certificate is required
        context.verify_mode = _VERIFY[options["ssl_cert_reqs"]]
    required = context.verify_mode is ssl.CERT_REQUIRED
    context.check_hostname = required and options.get("ssl_check_hostname", "true").lower() == "true"
    if "ssl_certfile" in options:
        context.load_cert_chain(options["ssl_certfile"], options.get("ssl_keyfile"))
    return context
