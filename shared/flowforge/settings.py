"""Settings from the environment, read once; the mesh and the cluster hand them to every function.

Nothing has a default that grants access: ``APP_ENV`` is ``production`` unless it says otherwise.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where the engines are and how the process must behave. Times are seconds, sizes bytes."""

    model_config = SettingsConfigDict(env_prefix="FLOWFORGE_", extra="ignore", frozen=True)

    app_env: Literal["production", "development"] = Field(default="production", validation_alias="APP_ENV")
    clickhouse_url: SecretStr = SecretStr("http://127.0.0.1:8123")
    """HTTP interface with the read-only credentials of the application."""
    meta_dsn: SecretStr = SecretStr("postgresql://127.0.0.1:5432/meta")
    """PostgreSQL with the application's own metadata."""
    live_dsn: SecretStr = SecretStr("postgresql://127.0.0.1:6875/materialize")
    """Materialize, or the PostgreSQL database that stands in for it; read-only credentials."""
    live_engine: Literal["materialize", "postgresql"] = "materialize"
    redis_url: SecretStr = SecretStr("redis://127.0.0.1:6379/0")
    broker_url: str | None = Field(default=None, validation_alias="K_SINK")
    """Broker ingress for CloudEvents; None where no broker runs."""
    oidc_issuers: str = "{}"
    """JSON object: issuer URL → {tenant, audience, jwks_url?}. Only these issuers are trusted."""
    allowed_hosts: str = "localhost,127.0.0.1,[::1]"
    """Host header values that are answered, comma-separated; protects against DNS rebinding."""
    max_body_bytes: int = 2_000_000
    preview_ttl_seconds: int = 300

    @property
    def development(self) -> bool:
        """Whether development headers are honoured."""
        return self.app_env == "development"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The process's settings."""
    return Settings()
