"""Interface for other systems: calls in, once however often they are sent; statuses; the log out. OpenAPI at ``/api/docs``."""

from __future__ import annotations

import uuid
from datetime import datetime
from io import BytesIO
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema, Status
from ninja.errors import HttpError
from ninja.security import HttpBearer

from qinwu.board import calls as keeping
from qinwu.board import trail
from qinwu.board.export import calls_table
from qinwu.board.in_force import in_force
from qinwu.board.models import Call, Token
from qinwu.board.roles import has
from qinwu.findings import QinwuError


class BearerToken(HttpBearer):
    """A token made by the administrator; it acts with the rights of its account."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Return the account of a token, None for a token nobody made or that has ended."""
        found = Token.by_secret(token)
        if found is None:
            return None
        request.user = found.user
        return found.user


class CallIn(Schema):
    """A call from another system; the same `key` again gives the same call."""

    key: uuid.UUID
    call_class: str
    atom: str
    received: datetime
    priority: int | None = None
    people: int | None = None


class CallOut(Schema):
    """A call as the board has it."""

    key: uuid.UUID
    number: str
    call_class: str
    atom: str
    priority: int
    received: datetime
    closed: datetime | None
    crews: list[str]


class Problem(Schema):
    """Something wrong with what was sent."""

    code: str
    key: str
    text: str


api = NinjaAPI(title="Qinwu board", version="1", auth=BearerToken(), urls_namespace="api", docs_url=None)


def _must(request: HttpRequest, right: Any) -> str:
    if not has(request.user, right):
        raise HttpError(403, "This token's account may not do that.")
    return str(request.user.get_username())


def _out(call: Call) -> CallOut:
    crews = [one.crew for one in call.sendings.all() if one.over is None]
    return CallOut(
        key=call.key, number=call.number, call_class=call.call_class, atom=call.atom, priority=call.priority,
        received=call.received, closed=call.closed, crews=crews,
    )  # fmt: skip


@api.post("/calls", response={200: CallOut, 422: list[Problem]})
def take_call(request: HttpRequest, sent: CallIn) -> Any:
    """Take a call."""
    by = _must(request, "take_call")
    if sent.received.tzinfo is None:
        zone = Problem(code="no-time-zone", key="received", text="Give the time with its zone, such as 2025-03-05T22:30+08:00.")
        return Status(422, [zone])
    try:
        call = keeping.take(in_force(), keeping.Taken(**sent.dict()), by)
    except QinwuError as error:
        return Status(422, [Problem(code=one.code, key=one.place.key or "", text=one.text("en")) for one in error.findings])
    return Status(200, _out(call))


@api.get("/calls/{number}", response=CallOut)
def get_call(request: HttpRequest, number: str) -> Any:
    """Look at a call."""
    by = _must(request, "see_board")
    call = Call.objects.filter(number=number).prefetch_related("sendings").first()
    if call is None:
        raise HttpError(404, "There is no call of that number.")
    trail.record(by, "call.view", number)
    return _out(call)


@api.get("/calls", response=list[CallOut])
def open_calls(request: HttpRequest) -> Any:
    """List the open calls."""
    _must(request, "see_board")
    return [_out(call) for call in Call.objects.filter(closed__isnull=True, same_as__isnull=True).prefetch_related("sendings")]


@api.get("/log.parquet")
def log(request: HttpRequest, since: datetime | None = None, until: datetime | None = None) -> HttpResponse:
    """Give closed calls as a call file of a station."""
    by = _must(request, "inspect")
    trail.record(by, "log.export", "", since=since, until=until)
    whole = BytesIO()
    calls_table(since, until).write_parquet(whole)
    return HttpResponse(whole.getvalue(), content_type="application/vnd.apache.parquet")
