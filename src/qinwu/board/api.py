"""Interface for other systems: calls in, once however often they are sent; statuses; the log out. ``/api/openapi.json`` says how.

Whatever goes wrong is told in one form: a list of problems, each with a code for programs, the field, and words for people.
"""

from __future__ import annotations

from collections.abc import Collection
from io import BytesIO
from typing import Annotated, Any

from django.db import InterfaceError, InternalError, OperationalError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Path, Query
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import HttpBearer

from qinwu.board import trail
from qinwu.board.access.limits import TooOften, count
from qinwu.board.access.rights import Right
from qinwu.board.access.roles import has
from qinwu.board.api_schemas import CallIn, CallOut, CloseIn, CrewOut, Day, Moment, Number, Problem, SendingOut, StampIn
from qinwu.board.clock import now
from qinwu.board.dispatch import calls as keeping
from qinwu.board.dispatch import sendings
from qinwu.board.dispatch.at_hand import at_hand
from qinwu.board.in_force import in_force
from qinwu.board.models import Call, Token
from qinwu.board.oversight import tables
from qinwu.board.oversight.export import calls_table
from qinwu.board.troubles import AGAIN_S, no_database
from qinwu.board.views.board import crew_line
from qinwu.board.views.calls import may_stamp
from qinwu.findings import QinwuError

PARQUET = "application/vnd.apache.parquet"


class BearerToken(HttpBearer):
    """A token made by the administrator; it acts with the rights of its account."""

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        """Return the account of a token, None for a token nobody made or that has ended."""
        found = Token.by_secret(token)
        if found is None:
            return None
        count(request, "api", str(found.pk))
        request.user = found.user
        return found.user


WRONG = {
    400: "nul-character",
    401: "no-token",
    403: "no-right",
    404: "not-found",
    409: "not-now",
    422: "unreadable",
    429: "too-often",
    503: "trouble",
}
"""Every status that is not well, and the code of its problem where no better one is known."""

api = NinjaAPI(title="Qinwu board", version="2", auth=BearerToken(), urls_namespace="api", docs_url=None)


def errors(*also: int) -> dict[int, Any]:
    """Return what an operation may answer when it is not well: those that any may, and `also`."""
    return dict.fromkeys(sorted({400, 401, 403, 422, 429, 503, *also}), list[Problem])


class Refused(Exception):  # noqa: N818  # it is no fault
    """What was asked cannot be done; the status says of which kind the problems are."""

    def __init__(self, status: int, problems: list[Problem]) -> None:
        super().__init__(status)
        self.status, self.problems = status, problems


def refused(status: int, text: str, *, code: str = "", key: str = "") -> Refused:
    """Return a refusal with one problem."""
    return Refused(status, [Problem(code=code or WRONG[status], key=key, text=text)])


def of_findings(status: int, error: QinwuError) -> Refused:
    """Return the refusal that tells what the board found wrong."""
    return Refused(status, [Problem(code=one.code, key=one.place.key or "", text=one.text("en")) for one in error.findings])


def _answer(request: HttpRequest, refusal: Refused) -> HttpResponse:
    return api.create_response(request, [problem.dict() for problem in refusal.problems], status=refusal.status)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return _answer(request, error)


@api.exception_handler(QinwuError)
def _trouble(request: HttpRequest, error: QinwuError) -> HttpResponse:
    """Tell that the station's files do not fit: whatever the sender got wrong has been caught before."""
    return _answer(request, of_findings(503, error))


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
@api.exception_handler(InternalError)
def _no_database(request: HttpRequest, error: Exception) -> HttpResponse:
    if not no_database(error):
        raise error
    answer = _answer(request, refused(503, "The database does not answer: nothing was kept. Send it again.", code="no-database"))
    answer["Retry-After"] = str(AGAIN_S)
    return answer


@api.exception_handler(AuthenticationError)
def _no_token(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    answer = _answer(request, refused(401, "Send a token of the board: Authorization: Bearer …"))
    answer["WWW-Authenticate"] = "Bearer"
    return answer


@api.exception_handler(TooOften)
def _too_often(request: HttpRequest, error: TooOften) -> HttpResponse:
    answer = _answer(request, refused(429, f"This token has asked too often: wait {error.seconds} seconds."))
    answer["Retry-After"] = str(error.seconds)
    return answer


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return _answer(request, refused(404, str(error)))


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Tell what could not be read at all, such as a body that is no JSON."""
    return _answer(request, refused(error.status_code if error.status_code in WRONG else 422, str(error)))


@api.exception_handler(ValidationError)
def _wrong_fields(request: HttpRequest, error: ValidationError) -> HttpResponse:
    problems = [Problem(code=_code(one["type"]), key=str(one["loc"][-1]), text=str(one["msg"])) for one in error.errors]
    return _answer(request, Refused(422, problems))


def _code(kind: str) -> str:
    return {"timezone_aware": "no-time-zone"}.get(kind, kind.replace("_", "-"))


def must(request: HttpRequest, *rights: Right, query: Collection[str] = ()) -> str:
    """Return the name of the account of a token.

    Parameters
    ----------
    request, rights
        What was asked, and the rights of which one is enough.
    query
        Names of parameters after the question mark that this operation knows.

    Raises
    ------
    Refused
        It has none of the rights, or the address has a parameter that nobody would read.
    """
    if not any(has(request.user, right) for right in rights):
        raise refused(403, "This token's account may not do that.")
    for name in request.GET:
        if name not in query:
            raise refused(422, "There is no such parameter.", code="unknown-parameter", key=name)
    return str(request.user.get_username())


def _out(call: Call) -> CallOut:
    going = list(call.sendings.all())
    return CallOut(
        key=call.key,
        number=call.number,
        call_class=call.call_class,
        atom=call.atom,
        priority=call.priority,
        received=call.received,
        closed=call.closed,
        result=call.result,
        crews=[one.crew for one in going if one.over is None],
        sendings=[SendingOut.from_orm(one) for one in going],
    )


def _call(number: str) -> Call:
    call = Call.objects.filter(number=number).prefetch_related("sendings").first()
    if call is None:
        raise refused(404, "There is no call of that number.", code="unknown-call", key="number")
    return call


@api.post("/calls", response={200: CallOut, **errors()})
def take_call(request: HttpRequest, sent: CallIn) -> Any:
    """Take a call."""
    by = must(request, "take_call")
    force = in_force()
    try:
        return _out(keeping.take(force, keeping.Taken(**sent.dict()), by))
    except QinwuError as error:
        raise of_findings(422, error) from None


@api.get("/calls", response={200: list[CallOut], **errors(404)})
def open_calls(request: HttpRequest, since: Annotated[Number | None, Query()] = None) -> Any:
    """List the open calls, the most urgent first; only those entered after the call of number `since` where it is given."""
    must(request, "see_board", query=("since",))
    calls: QuerySet[Call] = Call.objects.filter(closed__isnull=True, same_as__isnull=True).prefetch_related("sendings")
    if since is not None:
        calls = calls.filter(pk__gt=_call(since).pk)
    return [_out(call) for call in calls]


@api.get("/calls/{number}", response={200: CallOut, **errors(404)})
def get_call(request: HttpRequest, number: Annotated[Number, Path()]) -> Any:
    """Look at a call."""
    by = must(request, "see_board")
    call = _call(number)
    trail.record(by, "call.view", number)
    return _out(call)


@api.post("/calls/{number}/stamps", response={200: CallOut, **errors(404, 409)})
def give_stamp(request: HttpRequest, number: Annotated[Number, Path()], sent: StampIn) -> Any:
    """Stamp a crew on a call: any crew, or the own one of the token's account. A stamp given before is left as it is."""
    by = must(request, "stamp_own", "stamp_any")
    force = in_force()
    if not may_stamp(request, force, [sent.crew]):
        raise refused(403, "This token's account may stamp its own crew only.", key="crew")
    call = _call(number)
    sending = call.sendings.filter(crew=sent.crew).order_by("-pk").first()
    if sending is None:
        raise refused(404, "This crew was not sent to that call.", code="unknown-sending", key="crew")
    if sent.at is not None and sent.at > now() + keeping.SKEW:
        raise refused(422, "The stamp is said to come in the future.", code="future-time", key="at")
    if sending.ended in ("refused", "withdrawn", "timed_out"):
        raise refused(409, "This crew has been taken off that call.", code="off-call", key="crew")
    try:
        sendings.stamp(sending, sent.stamp, by, at=sent.at)
    except QinwuError as error:
        raise of_findings(409, error) from None
    return _out(_call(number))


@api.post("/calls/{number}/close", response={200: CallOut, **errors(404, 409)})
def close_call(request: HttpRequest, number: Annotated[Number, Path()], sent: CloseIn) -> Any:
    """Close a call; closing it again in the same way changes nothing."""
    by = must(request, "dispatch")
    call = _call(number)
    if call.closed is not None:
        if call.result == sent.result:
            return _out(call)
        raise refused(409, f"This call was closed as {call.result}.", code="closed-otherwise", key="result")
    try:
        sendings.close(call, sent.result, by, sent.missing)
    except QinwuError as error:
        raise of_findings(409, error) from None
    return _out(call)


@api.get("/crews", response={200: list[CrewOut], **errors()})
def crews_now(request: HttpRequest) -> Any:
    """Tell where the crews of the station stand now."""
    must(request, "see_board")
    force, at = in_force(), now()
    hand = at_hand(force, at)
    lines = [crew_line(force, hand, k, "en") for k in range(len(force.plan.crews)) if force.plan.crew.external[k] == 0]
    return [
        CrewOut(id=one.id, state=one.state, officers=one.officers.split(), beat=one.beat, call=one.call, until=one.until)
        for one in lines
    ]


_PARQUET = {"responses": {200: {"description": "OK", "content": {PARQUET: {"schema": {"type": "string", "format": "binary"}}}}}}


_FILE = {
    "responses": {
        200: {
            "description": "OK",
            "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in tables.FORMATS.values()},
        }
    }
}


@api.get("/log.parquet", response=errors(), openapi_extra=_PARQUET)
def log(
    request: HttpRequest, since: Annotated[Moment | None, Query()] = None, until: Annotated[Moment | None, Query()] = None
) -> HttpResponse:
    """Give closed calls as a call file of a station."""
    by = must(request, "inspect", query=("since", "until"))
    trail.record(by, "log.export", "", since=since, until=until)
    whole = BytesIO()
    calls_table(since, until).write_parquet(whole)
    return HttpResponse(whole.getvalue(), content_type=PARQUET)


@api.get("/tables/{name}.{format}", response=errors(404), openapi_extra=_FILE)
def table(
    request: HttpRequest,
    name: Annotated[str, Path(pattern=r"^[a-z_]{1,40}$", examples=["calls"])],
    format: Annotated[tables.Format, Path()],  # noqa: A002  # the word in the address
    since: Annotated[Day | None, Query()] = None,
    until: Annotated[Day | None, Query()] = None,
) -> HttpResponse:
    """Give a table of the board as a file, its rows from the day `since` up to the day `until`."""
    must(request, "export", query=("since", "until"))
    try:
        file = tables.take_out(in_force(), request.user, name, format, tables.span_of_days(since, until), "en")
    except tables.NoTableError as error:
        raise of_findings(404, error) from None
    except tables.TableError as error:
        raise of_findings(422, error) from None
    return HttpResponse(file, content_type=tables.FORMATS[format])
