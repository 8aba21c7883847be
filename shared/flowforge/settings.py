"""Settings from the environment, read once; the mesh and the cluster hand them to every function.

Nothing has a default that grants access: ``APP_ENV`` is ``production`` unless it says otherwise.
Plain pydantic reads them, because importing pydantic-settings would be a fifth of a cold start.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from flowforge.errors import ErrorCode, FlowForgeError

SHORTEST_SECRET = 32


def _variable(name: str) -> str:
    return f"FLOWFORGE_{name.upper()}"


class Settings(BaseModel):
    """Where the engines are and how the process must behave. Times are seconds, sizes bytes.

    Each field is read from ``FLOWFORGE_<FIELD>`` unless it names another variable.
    """

    model_config = ConfigDict(alias_generator=_variable, extra="ignore", frozen=True)

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
    events_secret: SecretStr | None = None
    """What the local mesh proves itself with when it delivers an event; None: nobody can that way."""
    events_issuer: str | None = None
    """Issuer of the cluster's service account tokens; None: no dispatcher's token is trusted."""
    events_audience: str = "flowforge-functions"
    """What the Triggers name as ``subscriber.audience``."""
    events_jwks: str = '{"keys": []}'
    """The cluster's public keys (``kubectl get --raw /openid/v1/jwks``)."""
    events_subject_prefix: str = "system:serviceaccount:flowforge:"
    """Service accounts that may deliver: Eventing makes one per Trigger, in the Trigger's namespace."""
    oidc_issuers: str = "{}"
    """JSON object: issuer URL → {tenant, audience, jwks_url?}. Only these issuers are trusted."""
    embed_secret: SecretStr | None = None
    """What embed tokens are signed with, at least 32 random characters; None: none are issued or accepted."""
    audit_dsn: SecretStr | None = None
    """The metadata with a role that may add to the audit log and to nothing else; None: ``meta_dsn``."""
    audit_secret: SecretStr | None = None
    """Key of the audit chain, at least 32 random characters; None: nothing can be recorded or verified."""
    allowed_hosts: str = "localhost,127.0.0.1,[::1]"
    """Host header values that are answered, comma-separated; protects against DNS rebinding."""
    max_body_bytes: int = 2_000_000
    uploads_dir: str | None = None
    """Directory of uploaded tables, shared by all functions; None: uploads are not taken."""
    max_upload_bytes: int = 50_000_000
    tenant_limits: str = (
        '{"requests_per_second": 10000, "burst": 20000, "queries": 6, "streams": 1000,'
        ' "executions": 2, "unfinished_executions": 20}'
    )
    """JSON object: what a tenant may use at a time (``quotas.TenantLimits``) unless its operator says otherwise."""
    engine_threads: int = Field(default=os.cpu_count() or 1, ge=1)
    """Threads of ClickHouse that one query may use; of a tenant's n-th at the same time, the n-th part."""
    results_dir: str | None = None
    """Directory of kept results, shared by the instances of execute; None: executions are not taken."""
    execution_seconds: float = 240.0
    """Longest run of an execution's queries; below the Service's timeoutSeconds."""
    execution_memory_bytes: int = 1_000_000_000
    """Memory of one execution's query in the engine."""
    execution_max_bytes: int = 2_000_000_000
    """Largest result that is kept, as it comes from the engine."""
    execution_keep_hours: int = Field(default=24, ge=1, le=720)
    """How long result and status can be read after the end."""
    preview_ttl_seconds: int = 300

    def __init__(self, **given: Any) -> None:
        fields = type(self).model_fields
        variables = {str(fields[name].validation_alias): value for name, value in given.items()}
        super().__init__(**{**os.environ, **variables})

    @property
    def development(self) -> bool:
        """Whether development headers are honoured."""
        return self.app_env == "development"


def required_secret(field: Literal["embed_secret", "audit_secret"], without: str) -> str:
    """A secret that the operator has to set; 503, which says what is missing ``without`` it."""
    secret: SecretStr | None = getattr(settings(), field)
    if secret is None or len(secret.get_secret_value()) < SHORTEST_SECRET:
        raise FlowForgeError(
            ErrorCode.STORE_UNAVAILABLE,
            without,
            hint=f"The operator sets {_variable(field)} to at least {SHORTEST_SECRET} random characters.",
        )
    return secret.get_secret_value()


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The process's settings."""
    return Settings()
