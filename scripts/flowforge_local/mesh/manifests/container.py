"""The container of a function: what Knative admits of a pod, narrowed to what ours may use."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from flowforge_local.mesh.manifests.model import DnsLabel, No, Object, Yes, quantity

ENV_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
IMAGE = re.compile(
    r"(?:[a-z0-9.-]+(?::\d+)?/)?[a-z0-9]+(?:[._-][a-z0-9]+)*(?:/[a-z0-9]+(?:[._-][a-z0-9]+)*)*"
    r"(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?"
)
# queue-proxy and its metrics own these ports in the pod.
# serving pkg/apis/serving/k8s_validation.go, reservedPaths.
RESERVED_PATHS = frozenset({"/", "/dev", "/dev/log", "/tmp", "/var", "/var/log"})  # noqa: S108
RESERVED_PORTS = frozenset({8008, 8012, 8013, 8022, 9090, 9091})


def _env_name(name: str) -> str:
    if not ENV_NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not an environment variable's name")
    if name == "PORT" or name.startswith("K_"):
        raise ValueError(f"{name} is reserved: the mesh and Knative set it themselves")
    return name


def _image(image: str) -> str:
    if not IMAGE.fullmatch(image):
        raise ValueError(f"{image!r} is not an image reference")
    return image


class EnvVar(Object):
    """One literal variable; secrets come through ``envFrom``."""

    name: Annotated[str, AfterValidator(_env_name)]
    value: str


class LocalReference(Object):
    """The name of a ConfigMap or Secret in the same namespace."""

    name: DnsLabel
    optional: bool = False


class EnvFrom(Object):
    """All keys of a ConfigMap or a Secret. The local mesh hands over its own environment instead."""

    config_map_ref: LocalReference | None = None
    secret_ref: LocalReference | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.config_map_ref is None) == (self.secret_ref is None):
            raise ValueError("give exactly one of configMapRef and secretRef")
        return self


class Port(Object):
    """The port that the function listens on; ``PORT`` tells it."""

    container_port: int = Field(ge=1, le=65535)
    name: Literal["http1", "h2c"] = "http1"

    @model_validator(mode="after")
    def _free(self) -> Self:
        if self.container_port in RESERVED_PORTS:
            raise ValueError(f"containerPort {self.container_port} belongs to Knative's queue-proxy")
        return self


class HttpGet(Object):
    """A probe by HTTP; the port is the container's own."""

    path: str = Field(pattern=r"^/[\w/.-]*$")
    port: int | None = Field(default=None, ge=0, le=65535)


class Probe(Object):
    """Without ``periodSeconds`` the queue-proxy polls every 50 ms, which is what a cold start needs."""

    http_get: HttpGet
    timeout_seconds: int = Field(default=1, ge=1)
    initial_delay_seconds: int = Field(default=0, ge=0)
    success_threshold: Literal[1] = 1
    failure_threshold: int = Field(default=3, ge=1)
    period_seconds: None = None


def _quantity(text: str) -> str:
    quantity(text)
    return text


Quantity = Annotated[str, AfterValidator(_quantity)]


class Amounts(Object):
    """CPU and memory as Kubernetes quantities."""

    cpu: Quantity | None = None
    memory: Quantity | None = None


class Limits(Object):
    """Both, or one function could take a whole node."""

    cpu: Quantity
    memory: Quantity


class Resources(Object):
    """What the scheduler reserves and what the kernel enforces."""

    requests: Amounts = Amounts()
    limits: Limits

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        for name in ("cpu", "memory"):
            asked, limit = getattr(self.requests, name), getattr(self.limits, name)
            if asked is not None and quantity(asked) > quantity(limit):
                raise ValueError(f"requests.{name} {asked} is more than limits.{name} {limit}")
        return self


class Capabilities(Object):
    """Only dropping: nothing of ours needs an extra capability."""

    drop: tuple[Literal["ALL"], ...] = Field(strict=False, min_length=1)


class SeccompProfile(Object):
    """The container runtime's default system call filter."""

    type: Literal["RuntimeDefault"]


class SecurityContext(Object):
    """The *restricted* pod security standard, required in full."""

    run_as_non_root: Yes
    run_as_user: int | None = Field(default=None, ge=1)
    run_as_group: int | None = Field(default=None, ge=1)
    allow_privilege_escalation: No
    read_only_root_filesystem: Yes
    capabilities: Capabilities
    seccomp_profile: SeccompProfile


def _mount_path(path: str) -> str:
    if not path.startswith("/") or ".." in path.split("/") or ":" in path:
        raise ValueError(f"{path!r} is not an absolute path")
    if (path.rstrip("/") or "/") in RESERVED_PATHS:
        raise ValueError(f"{path} is reserved by Knative")
    return path


class VolumeMount(Object):
    """Where a volume of the revision appears."""

    name: DnsLabel
    mount_path: Annotated[str, AfterValidator(_mount_path)]
    read_only: bool = False


class Container(Object):
    """The one container of a function."""

    image: Annotated[str, AfterValidator(_image)]
    name: DnsLabel | None = None
    image_pull_policy: Literal["Always", "IfNotPresent", "Never"] | None = None
    env: tuple[EnvVar, ...] = Field(default=(), strict=False)
    env_from: tuple[EnvFrom, ...] = Field(default=(), strict=False)
    ports: tuple[Port, ...] = Field(default=(), strict=False, max_length=1)
    readiness_probe: Probe
    resources: Resources
    security_context: SecurityContext
    volume_mounts: tuple[VolumeMount, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _mounted_once(self) -> Self:
        paths = [mount.mount_path.rstrip("/") for mount in self.volume_mounts]
        twice = sorted({path for path in paths if paths.count(path) > 1})
        if twice:
            raise ValueError(f"volumeMounts: {', '.join(twice)} is mounted twice")
        return self

    @model_validator(mode="after")
    def _variables(self) -> Self:
        names = [variable.name for variable in self.env]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"env: {', '.join(twice)} is set twice")
        missing = {"FUNCTION_SOURCE", "FUNCTION_TARGET"} - set(names)
        if missing:
            raise ValueError(f"env: {' and '.join(sorted(missing))} must say which function this is")
        return self

    @model_validator(mode="after")
    def _probed(self) -> Self:
        asked = self.readiness_probe.http_get.port
        if asked and asked not in {port.container_port for port in self.ports}:
            raise ValueError(f"readinessProbe.httpGet.port: {asked} is not the container's port")
        return self
