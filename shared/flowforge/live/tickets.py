"""Tickets: how a browser's WebSocket, which cannot carry a token, says who it is.

Whoever may watch gets one for exactly one dashboard or execution. It is good for 30 s and once; only its
digest is kept, and it travels as a subprotocol, never in an address.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from typing import Literal
from uuid import UUID

import orjson
from pydantic import BaseModel, Field, model_validator

from flowforge.errors import AccessError, ErrorCode
from flowforge.live.watched import require_dashboard, require_execution
from flowforge.results.shapes import Strict
from flowforge.stores.live import live_store
from flowforge.tenancy import ROLES, Caller

TICKET_SECONDS = 30
PREFIX = "flowforge.ticket."
Kind = Literal["dashboard", "execution"]


class TicketRequest(Strict):
    """What is to be watched: one of the two."""

    dashboard_id: UUID | None = Field(default=None, strict=False)
    execution_id: UUID | None = Field(default=None, strict=False)

    @model_validator(mode="after")
    def _one(self) -> TicketRequest:
        if (self.dashboard_id is None) == (self.execution_id is None):
            raise ValueError("name either a dashboard_id or an execution_id")
        return self


class TicketResponse(BaseModel):
    """``ticket`` goes behind ``flowforge.ticket.`` as a subprotocol; ``expires_in`` is in seconds."""

    ticket: str
    expires_in: int


async def issue(caller: Caller, wanted: TicketRequest) -> TicketResponse:
    """A ticket for a caller; 404 for what is not the tenant's."""
    if wanted.dashboard_id is not None:
        await require_dashboard(caller.tenant_id, wanted.dashboard_id)
    else:
        assert wanted.execution_id is not None
        await require_execution(caller.tenant_id, wanted.execution_id)
    ticket = secrets.token_urlsafe(32)
    content = orjson.dumps(
        {
            "tenant": caller.tenant_id,
            "subject": caller.subject,
            "roles": sorted(caller.roles),
            "expires": caller.expires,
            "dashboard": str(wanted.dashboard_id) if wanted.dashboard_id else None,
            "execution": str(wanted.execution_id) if wanted.execution_id else None,
        }
    )
    await (await live_store()).keep_ticket(_digest(ticket), content, TICKET_SECONDS)
    return TicketResponse(ticket=ticket, expires_in=TICKET_SECONDS)


async def redeem(protocols: Sequence[str], kind: Kind, watched: UUID) -> Caller:
    """The caller whose ticket is among the subprotocols; ``AccessError`` (401) for any other.

    A ticket that was shown is spent, also where it was for something else.
    """
    shown = [each.removeprefix(PREFIX) for each in protocols if each.startswith(PREFIX)]
    if len(shown) != 1:
        raise _refused("A WebSocket needs one ticket.")
    kept = await (await live_store()).take_ticket(_digest(shown[0]))
    if kept is None:
        raise _refused("The ticket is not known, spent or too old.")
    content = orjson.loads(kept)
    if content[kind] != str(watched):
        raise _refused("The ticket is for something else.")
    roles = frozenset(role for role in ROLES if role in content["roles"])
    return Caller(content["tenant"], content["subject"], roles, content["expires"])


def _digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()


def _refused(detail: str) -> AccessError:
    return AccessError(
        ErrorCode.UNAUTHENTICATED,
        detail,
        hint="POST /api/v1/stream/ticket, then open the WebSocket with the subprotocols"
        " flowforge.v1 and flowforge.ticket.<ticket>.",
    )
