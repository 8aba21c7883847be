"""Which headers cross the gateway, and which it sets itself.

From outside nobody may claim to be an event (``ce-*``), a proxy (``Forwarded``, ``X-Forwarded-*``) or,
unless this is a development machine, a developer (``X-Dev-*``).
"""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp.web import BaseRequest
from multidict import CIMultiDict

from flowforge.trace import Trace

HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""RFC 9110 §7.6.1, plus whatever ``Connection`` names."""
FORGEABLE = ("ce-", "x-forwarded-", "knative-", "k-")
FORGEABLE_NAMES = frozenset({"forwarded", "x-real-ip", "x-request-id", "traceparent", "expect"})
DEVELOPMENT = "x-dev-"

CONTENT_SECURITY_POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    # The code editor and the grid write style elements; styles cannot run code.
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self'",
    "worker-src": "'self' blob:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def content_security_policy(connect: str = "", ancestors: str = "'none'") -> str:
    """The app's policy; ``connect`` is one more origin it may call (the identity provider).

    ``ancestors`` are the origins of pages that may frame it.
    """
    policy = {**CONTENT_SECURITY_POLICY, "frame-ancestors": ancestors}
    if connect:
        policy["connect-src"] += f" {connect}"
    return "; ".join(f"{name} {value}" for name, value in policy.items())


def to_function(request: BaseRequest, trace: Trace, *, development: bool) -> CIMultiDict[str]:
    """The request's headers as a function sees them."""
    client, host = request.remote or "", request.host
    hop = HOP_BY_HOP | _named_by_connection(request.headers)
    kept: CIMultiDict[str] = CIMultiDict()
    for name, value in request.headers.items():
        lower = name.lower()
        forged = lower in FORGEABLE_NAMES or lower.startswith(FORGEABLE)
        if lower in hop or forged or (lower.startswith(DEVELOPMENT) and not development):
            continue
        kept.add(name, value)
    kept["X-Forwarded-For"] = client
    kept["X-Forwarded-Proto"] = "http"
    kept["X-Forwarded-Host"] = host
    kept["Forwarded"] = f'for="{client}";host="{host}";proto=http'
    kept["X-Request-Id"] = trace.trace_id
    kept["traceparent"] = trace.traceparent
    return kept


def to_client(headers: Mapping[str, str], trace: Trace) -> CIMultiDict[str]:
    """A function's response headers as the client sees them."""
    hop = HOP_BY_HOP | _named_by_connection(headers)
    kept = CIMultiDict(
        (name, value)
        for name, value in headers.items()
        if name.lower() not in hop and name.lower() != "server"
    )
    kept.setdefault("X-Request-Id", trace.trace_id)
    return kept


def _named_by_connection(headers: Mapping[str, str]) -> frozenset[str]:
    return frozenset(
        name.strip().lower() for name in headers.get("Connection", "").split(",") if name.strip()
    )
