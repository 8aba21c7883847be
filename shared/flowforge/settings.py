"""Settings from the environment, read once; the mesh and the cluster hand them to every function.

Nothing has a default that grants access: ``APP_ENV`` is ``production`` unless it says otherwise.
They are read without a pydantic model: building one of them would be a thirtieth of a cold start.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal, NoReturn, get_args

from pydantic import SecretStr

from flowforge.errors import ErrorCode, FlowForgeError

SHORTEST_SECRET = 32


Environment = Literal["production", "development"]
LiveEngine = Literal["materialize", "postgresql"]

_VARIABLES = {"app_env": "APP_ENV", "broker_url": "K_SINK"}
_BOUNDS = {"engine_threads": (1, 4_096), "execution_keep_hours": (1, 720)}


def _variable(name: str) -> str:
    return _VARIABLES.get(name) or f"FLOWFORGE_{name.upper()}"


class Settings:
    """Where the engines are and how the process must behave. Times are seconds, sizes bytes.

    Each is read from ``FLOWFORGE_<NAME>`` unless ``_VARIABLES`` names another one, or given by its own name;
    ``ValueError`` names the variable whose value cannot be used.
    """

    app_env: Environment = "production"
    clickhouse_url: SecretStr = SecretStr("http://127.0.0.1:8123")
    """HTTP interface with the read-only credentials of the application."""
    meta_dsn: SecretStr = SecretStr("postgresql://127.0.0.1:5432/meta")
    """PostgreSQL with the application's own metadata."""
    live_dsn: SecretStr = SecretStr("postgresql://127.0.0.1:6875/materialize")
    """Materialize, or the PostgreSQL database that stands in for it; read-only credentials."""
    live_engine: LiveEngine = "materialize"
    redis_url: SecretStr = SecretStr("redis://127.0.0.1:6379/0")
    broker_url: str | None = None
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
    engine_threads: int = os.cpu_count() or 1
    """Threads of ClickHouse that one query may use; of a tenant's n-th at the same time, the n-th part."""
    results_dir: str | None = None
    """Directory of kept results, shared by the instances of execute; None: executions are not taken."""
    execution_seconds: float = 240.0
    """Longest run of an execution's queries; below the Service's timeoutSeconds."""
    execution_memory_bytes: int = 1_000_000_000
    """Memory of one execution's query in the engine."""
    execution_max_bytes: int = 2_000_000_000
    """Largest result that is kept, as it comes from the engine."""
    execution_keep_hours: int = 24
    """How long result and status can be read after the end."""
    preview_ttl_seconds: int = 300

    def __init__(self, **given: Any) -> None:
        kinds = type(self).__annotations__
        if unknown := sorted(given.keys() - kinds):
            raise TypeError(f"There is no setting {', '.join(unknown)}.")
        for name, kind in kinds.items():
            variable = _variable(name)
            value = given[name] if name in given else os.environ.get(variable)
            if value is not None:
                self.__dict__[name] = _read(value, kind, variable, _BOUNDS.get(name))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{name} is read once.")

    @property
    def development(self) -> bool:
        """Whether development headers are honoured."""
        return self.app_env == "development"


def _read(value: Any, kind: str, variable: str, bounds: tuple[int, int] | None) -> Any:
    reader = _READERS[kind]
    try:
        found: Any = value if isinstance(value, SecretStr) else reader(value)
    except ValueError as error:
        raise ValueError(f"{variable} is {value!r}: {error}.") from None
    if bounds is not None and not bounds[0] <= found <= bounds[1]:
        raise ValueError(f"{variable} is {found}: it may be {bounds[0]} to {bounds[1]}.")
    return found


def _one_of(known: tuple[str, ...]) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in known:
            raise ValueError(f"it may be {' or '.join(known)}")
        return value

    return read


_READERS: dict[str, Callable[[Any], Any]] = {
    "str": str,
    "str | None": str,
    "int": int,
    "float": float,
    "SecretStr": SecretStr,
    "SecretStr | None": SecretStr,
    "Environment": _one_of(get_args(Environment)),
    "LiveEngine": _one_of(get_args(LiveEngine)),
}
"""What makes a setting of a variable's text, by the text of its annotation."""


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
