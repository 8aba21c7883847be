"""Origins of pages that may embed (RFC 6454 §6.2): ``https://host[:port]``, exact, no wildcards.

They end up in a ``Content-Security-Policy`` header, so nothing but these characters may pass.
"""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_DEFAULT_PORTS = {"https": "443", "http": "80"}
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ORIGIN = re.compile(rf"(https?)://({_LABEL}(?:\.{_LABEL})*|\[[0-9a-f:.]{{2,45}}\])(?::([1-9][0-9]{{0,4}}))?")


def _canonical(text: str) -> str:
    """The origin as a browser writes it: lower case, without the default port or a slash behind it."""
    found = _ORIGIN.fullmatch(text.strip().lower().removesuffix("/"))
    if found is None:
        raise ValueError("must be an origin such as https://portal.example.com: scheme, host, maybe a port")
    scheme, host, port = found.groups()
    if len(host) > 253 or (port is not None and int(port) > 65_535):
        raise ValueError("must be an origin with a real host and port")
    if scheme == "http" and host not in LOOPBACK:
        raise ValueError("must use https (http only on this machine: localhost, 127.0.0.1, [::1])")
    return f"{scheme}://{host}" + ("" if port in (None, _DEFAULT_PORTS[scheme]) else f":{port}")


Origin = Annotated[str, Field(max_length=300), AfterValidator(_canonical)]
