"""Inspection: the trail for those who inspect, searched, verified and taken out; looking at it is an entry of its own."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from qinwu.board import trail as trails
from qinwu.board.access.roles import needs
from qinwu.board.crew_names import CrewNames
from qinwu.board.in_force import in_force
from qinwu.board.models import TrailEntry
from qinwu.board.oversight import trail_search
from qinwu.board.oversight.trail_search import Asked
from qinwu.board.oversight.trail_words import action_words, content_words
from qinwu.board.pages import language_of, local, problems, render
from qinwu.board.trail import Verified
from qinwu.board.typed import Typed
from qinwu.findings import QinwuError
from qinwu.language import N_

FIELDS = ("subject", "actor", "action", "since", "until")
FORMATS = {"jsonl": "application/jsonl", "csv": "text/csv"}


@needs("inspect")
@require_GET
def trail(request: HttpRequest) -> HttpResponse:
    """Show entries, the newest first: of a subject, an actor, an action, a span."""
    try:
        asked, (below, above) = _asked(request), _numbers(request)
    except QinwuError as error:
        return _page(request, Asked(), wrong=problems(error, language_of(request)), status=422)
    trails.record(request.user.get_username(), "trail.view", "", asked=asked.words)
    return _page(request, asked, below, above)


@needs("inspect")
@require_POST
def verify(request: HttpRequest) -> HttpResponse:
    """Check the whole chain and say what was found."""
    found = trails.verify()
    trails.record(request.user.get_username(), "trail.verify", "", entries=found.entries, broken_at=found.broken_at)
    return _page(request, Asked(), verified=found)


@needs("inspect")
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Give the entries asked for as a file; that it was taken is an entry, with the last number and hash that were in it."""
    try:
        typed = Typed(request.GET, in_force().station.config.time_zone)
        form = typed.choice("format", FORMATS)
        asked = _asked(request, typed)
    except QinwuError as error:
        return _page(request, Asked(), wrong=problems(error, language_of(request)), status=422)
    found = trail_search.find(asked)
    last = found.last()
    write = trail_search.as_json_lines if form == "jsonl" else trail_search.as_csv
    text = "".join(write(found.filter(number__lte=last.number if last else 0).iterator()))
    values = {"format": form, "entries": found.count(), "last": last.number if last else 0, "last_hash": last.hash if last else ""}
    trails.record(request.user.get_username(), "trail.export", "", asked=asked.words, **values)
    answer = HttpResponse(text.encode(), content_type=f"{FORMATS[form]}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="trail-{values["last"]}.{form}"'
    return answer


def _asked(request: HttpRequest, read: Typed | None = None) -> Asked:
    """Read what is looked for.

    Raises
    ------
    QinwuError
        A time cannot be read, or the span ends before it begins.
    """
    typed = read or Typed(request.GET, in_force().station.config.time_zone)
    since, until = typed.moment("since"), typed.moment("until")
    if since and until and until <= since:
        typed.wrong("end-before-start", "until", N_("The span ends before it begins."), N_("Give a later end."))
    typed.finish()
    subject, actor, action = (request.GET.get(name, "").strip()[: trail_search.LONGEST] for name in ("subject", "actor", "action"))
    return Asked(subject, actor, action, since, until)


def _numbers(request: HttpRequest) -> tuple[int, int]:
    """Read which page is asked for: entries below a number, or above one."""
    typed = Typed(request.GET, "UTC")
    below, above = (typed.whole(name, 1, 10**15) or 0 for name in ("below", "above"))
    typed.finish()
    return below, above


def _page(
    request: HttpRequest,
    asked: Asked,
    below: int = 0,
    above: int = 0,
    *,
    verified: Verified | None = None,
    wrong: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    force, language = in_force(), language_of(request)
    zone, names = force.station.config.time_zone, CrewNames(language, force)
    classes = {one.id: one.name.in_language(language) for one in force.station.config.call_class}
    found = trail_search.page(asked, below, above)
    typed = {name: request.GET.get(name, "") for name in FIELDS}
    return render(
        request,
        "board/trail.html.j2",
        status=status,
        page=found,
        lines=[
            (
                entry,
                local(entry.at, zone, "%Y-%m-%d %H:%M:%S"),
                action_words(entry.action, language),
                [(word, _moment(text, zone)) for word, text in content_words(entry, names, classes, language)],
            )
            for entry in found.entries
        ],
        typed=typed,
        asked=asked,
        query=urlencode({name: text for name, text in typed.items() if text}),
        actions=[(action, action_words(action, language)) for action in trail_search.actions()],
        actors=sorted(TrailEntry.objects.order_by().values_list("actor", flat=True).distinct()),
        program=trail_search.VERIFY,
        verified=verified,
        wrong=wrong or [],
    )


def _moment(text: str, zone: str) -> str:
    try:
        return local(datetime.fromisoformat(text), zone, "%Y-%m-%d %H:%M:%S") if "T" in text else text
    except ValueError:
        return text


ADDRESSES = [
    path("trail", trail, name="trail"),
    path("trail/verify", verify, name="verify"),
    path("trail/export", export, name="export-trail"),
]
