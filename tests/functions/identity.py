"""A small OIDC issuer: a key pair, a JWKS document on HTTP, and tokens good and bad."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jose import jwt

AUDIENCE = "flowforge"
KID = "key-1"


@dataclass
class Identity:
    """An issuer of one tenant. ``fetches`` counts how often its keys were asked for."""

    tenant: str
    url: str = ""
    fetches: int = 0
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    @classmethod
    @contextmanager
    def serving(cls, tenant: str) -> Iterator[Self]:
        """The issuer with its JWKS on a free port."""
        identity = cls(tenant)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                identity.fetches += 1
                body = json.dumps({"keys": [identity.public_jwk()]}).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                return

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        identity.url = f"http://127.0.0.1:{server.server_port}/realms/{tenant}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield identity
        finally:
            server.shutdown()
            server.server_close()

    @property
    def registration(self) -> dict[str, Any]:
        """The value of FLOWFORGE_OIDC_ISSUERS."""
        return {self.url: {"tenant": self.tenant, "audience": AUDIENCE}}

    @property
    def pem(self) -> bytes:
        """The private key."""
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def public_jwk(self) -> dict[str, Any]:
        """The public key as a JWK."""
        numbers = self.key.public_key().public_numbers()
        return {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": KID,
            "n": _base64(numbers.n),
            "e": _base64(numbers.e),
        }

    def claims(self, **changed: Any) -> dict[str, Any]:
        """Good claims with some of them changed; a claim set to None is left out."""
        now = int(time.time())
        good = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": "alice",
            "iat": now,
            "exp": now + 300,
            "tenant_id": self.tenant,
            "roles": ["analyst"],
        }
        return {name: value for name, value in (good | changed).items() if value is not None}

    def token(self, headers: dict[str, Any] | None = None, **changed: Any) -> str:
        """A token signed with the issuer's key."""
        return str(
            jwt.encode(
                self.claims(**changed), self.pem.decode(), "RS256", headers={"kid": KID} | (headers or {})
            )
        )


def _base64(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
