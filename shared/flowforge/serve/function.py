"""Declaring a function: its routes, their models, roles and statuses, as data.

A ``functions/<name>/main.py`` reads::

    function = Function("preview")

    @function.post("/api/v1/preview", body=PreviewRequest, answer=PreviewResponse, cancellable=True)
    async def preview_node(call: Call, request: PreviewRequest) -> bytes:
        return await run_preview(call.access, request)

    preview = function.target()
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel
from starlette.types import ASGIApp

from flowforge.records import dataclass
from flowforge.serve.events import EventHandler, Subscription, Wire
from flowforge.tenancy import Role

if TYPE_CHECKING:
    from flowforge.serve.sockets import SocketHandler

Handler = Callable[..., Awaitable[Any]]
"""Gives an ``Answer``, or the ``Feed`` of a WebSocket."""
Decorator = Callable[[Handler], Handler]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One route. ``role`` is the least role that may call it (viewer < analyst < admin).

    A ``cancellable`` endpoint is cancelled, down to the engine's query, when its client goes away.
    A ``public`` one needs no caller; its handler gets no access. One that ``takes_file`` gets the raw body
    as it arrives, of at most ``settings.max_upload_bytes``. ``proof`` is how the caller shows who they are:
    a user by bearer token; ``key``: a host's server by ``X-API-Key``; ``embed``: a frame by its embed token or
    that server by its key, for the widget ``{widget_id}`` of the path.
    """

    method: str
    path: str
    handler: Handler
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    status: int = 200
    role: Role = "viewer"
    cancellable: bool = False
    public: bool = False
    proof: Literal["user", "key", "embed"] = "user"
    takes_file: bool = False
    media_types: tuple[str, ...] = ()
    socket: bool = False
    """Taken over a WebSocket; without one it answers 426."""

    @property
    def summary(self) -> str:
        """First line of the handler's docstring."""
        return (self.handler.__doc__ or self.handler.__name__).strip().splitlines()[0]


LOADED: dict[str, Function] = {}
"""The functions of this process by the name of their target."""


class Function:
    """A named set of endpoints and event handlers; ``target()`` is what functions-framework hosts.

    One that hears or tells of events needs ``wire=flowforge_events.WIRE``. ``soon`` are modules that answers need and
    loading does not: a thread imports them while the first request is still asking who it is and what it may.
    ``at_rest`` are such that most first answers do without: they wait until nobody is waiting.
    """

    app: ASGIApp
    """Answers its requests; there is one from ``target()`` on."""
    socket_app: ASGIApp | None = None
    """Answers its WebSockets, if it has any."""

    def __init__(
        self,
        name: str,
        wire: Wire | None = None,
        soon: tuple[str, ...] = (),
        at_rest: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.wire = wire
        self.soon = soon
        self.at_rest = at_rest
        self.endpoints: list[Endpoint] = []
        self.subscriptions: dict[str, Subscription] = {}
        self.beginnings: list[Callable[[], Awaitable[None]]] = []
        self.endings: list[Callable[[], None]] = []

    def socket(self, path: str) -> Callable[[SocketHandler], SocketHandler]:
        """Register who answers WebSockets of a path template; see ``serve.sockets``."""

        def register(handler: SocketHandler) -> SocketHandler:
            self.endpoints.append(Endpoint("GET", path, handler, status=101, public=True, socket=True))
            return handler

        return register

    @property
    def sockets(self) -> list[Endpoint]:
        """The routes that are WebSockets."""
        return [each for each in self.endpoints if each.socket]

    def at_start(self, work: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """Have something done as soon as the process has begun to listen, before anybody asks."""
        self.beginnings.append(work)
        return work

    def at_end(self, work: Callable[[], None]) -> Callable[[], None]:
        """Have something done when the process is told to leave, before it waits for what still runs."""
        self.endings.append(work)
        return work

    def event(self, *kinds: str, once: bool = True) -> Callable[[EventHandler], EventHandler]:
        """Register a handler of events of these types, delivered to ``/_events``.

        Without ``once`` a repeated delivery reaches the handler again, which must then tell by itself.
        """
        if self.wire is None:
            raise ValueError(f"{self.name} needs a wire to read {', '.join(kinds)}")

        def register(handler: EventHandler) -> EventHandler:
            for kind in kinds:
                if kind in self.subscriptions:
                    raise ValueError(f"{self.name} handles {kind} twice")
                self.subscriptions[kind] = Subscription(handler, once)
            return handler

        return register

    def route(self, method: str, path: str, **declared: Any) -> Decorator:
        """Register a handler under a method and a path template (``/api/v1/widgets/{id}``)."""

        def register(handler: Handler) -> Handler:
            self.endpoints.append(Endpoint(method, path, handler, **declared))
            return handler

        return register

    def __getattr__(self, verb: str) -> Callable[..., Decorator]:
        """``get``, ``post``, ``put``, ``patch`` and ``delete`` are ``route`` with that method."""
        if verb not in {"get", "post", "put", "patch", "delete"}:
            raise AttributeError(verb)
        return partial(self.route, verb.upper())

    def target(self) -> Callable[[Any], Awaitable[Any]]:
        """The HTTP function for functions-framework: it answers with this function's router.

        The framework's registry is keyed by ``__name__``, hence a name of its own per function.
        """
        from flowforge.serve import outbox
        from flowforge.serve.router import router

        if self.wire is not None:
            outbox.use(self.wire)
        self.app = router(self.endpoints, self._intake(), None if self.wire is None else self.name)
        self.socket_app = self._socket_app()

        async def target(request: Any) -> ASGIApp:
            return self.app

        target.__name__ = target.__qualname__ = self.name.replace("-", "_")
        target.function = self  # type: ignore[attr-defined]  # read by the OpenAPI generator
        LOADED[target.__name__] = self
        return target

    def _socket_app(self) -> ASGIApp | None:
        """Who answers WebSockets; None for a function that has none."""
        if not self.sockets:
            return None
        from flowforge.serve.sockets import SocketRoute, sockets

        return sockets(SocketRoute(each.path, each.handler) for each in self.sockets)

    def _intake(self) -> Any:
        """Where events come in; None for a function that handles none."""
        if self.wire is None or not self.subscriptions:
            return None
        from flowforge.serve.intake import Intake

        return Intake(self.name, self.wire, self.subscriptions)
