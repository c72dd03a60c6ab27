"""Taking calls: a form for the keyboard. It tells urgency and repeats while it is typed, and keeps what was typed when refused."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from qinwu.board.access.roles import needs
from qinwu.board.clock import now
from qinwu.board.dispatch import calls as keeping
from qinwu.board.dispatch.calls import Taken
from qinwu.board.dispatch.repeated import Repeated, repeated_by
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Call
from qinwu.board.pages import language_of, local, problems, render
from qinwu.board.typed import Typed
from qinwu.board.views.board import class_words
from qinwu.board.views.calls import call_page
from qinwu.board.views.places import choices_of, class_typed, place_typed, searchable
from qinwu.duty.explain import explain
from qinwu.findings import Finding, Place, QinwuError, raise_on_errors
from qinwu.language import N_, Language
from qinwu.station.lookup import Entry, classes_of, find

FIELDS = ("call_class", "class_word", "atom", "chosen", "priority", "people", "received")
WEEK_S = 7 * 86_400


@needs("take_call")
def new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new call, or keep the call; a script that sends one is answered with its number or with what is wrong."""
    force, scripted = in_force(), request.headers.get("X-Requested-With") == "fetch"
    if request.method != "POST":
        return _form(request, force, {}, [])
    user = request.user.get_username()
    try:
        call = keeping.take(force, _taken(request.POST, force), user)
    except QinwuError as error:
        wrong = problems(error, language_of(request))
        if scripted:
            return JsonResponse({"problems": wrong}, status=422)
        return _form(request, force, request.POST.dict(), wrong, status=422)
    try:
        kept = _confirmed(call, request.POST.get("same_as", ""), user)
    except QinwuError as error:
        if not scripted:
            return call_page(request, call, problems(error, language_of(request)), status=409)
        kept = call
    if scripted:
        return JsonResponse({"number": call.number, "address": reverse("call", args=[kept.number])})
    return redirect("call", number=kept.number)


def _confirmed(call: Call, same_as: str, by: str) -> Call:
    """Count a call as a repeat of another where its taker said so; return the one to look at."""
    if not same_as or (call.same_as is not None and call.same_as.number == same_as):
        return call.same_as or call
    of = Call.objects.filter(number=same_as).first()
    if of is None:
        message = N_("There is no call {word}.")
        raise QinwuError([Finding("unknown-call", "error", message, N_("Look at the queue."), Place(), {"word": same_as})])
    keeping.repeats(call, of, by)
    return of


def _form(request: HttpRequest, force: InForce, typed: Mapping[str, Any], wrong: list[str], status: int = 200) -> HttpResponse:
    language = language_of(request)
    kept = {name: typed.get(name, "") for name in FIELDS} | {"key": typed.get("key") or str(uuid.uuid4())}
    places = find(kept["atom"], force.station.places) if kept["atom"] else None
    return render(
        request,
        "board/new_call.html.j2",
        status=status,
        typed=kept,
        wrong=wrong,
        classes=[(at, one, one.name.in_language(language)) for at, one in enumerate(force.station.config.call_class, 1)],
        places=choices_of(places, language) if places and not places.value else [],
        more=max(0, places.count - len(places.entries)) if places else 0,
        searchable=searchable(force, language),
        weighed=_weighed(kept, force, language) if status != 200 else None,
    )


def _taken(form: Mapping[str, str], force: InForce) -> Taken:
    """Return what was typed.

    Raises
    ------
    QinwuError
        With everything that is wrong with it.
    """
    typed = Typed(form, force.station.config.time_zone)
    key, text = uuid.uuid4(), form.get("key", "").strip()
    if text:
        try:
            key = uuid.UUID(text)
        except ValueError:
            typed.wrong("unreadable-key", "key", N_("{word} cannot be read."), N_("Load the page again."), word=text)
    _must_be_said(typed, form, force)
    found = Taken(
        key=key,
        call_class=class_typed(form, force),
        atom=place_typed(form, force),
        received=typed.moment("received", now(typed.whole("ago_s", 0, WEEK_S) or 0)),
        priority=typed.whole("priority", 1, 4),
        people=typed.whole("people", 1, keeping.MOST_PEOPLE),
    )
    told = {one.place.key for one in typed.problems}
    raise_on_errors([*typed.problems, *(one for one in keeping.problems(force, found, now()) if one.place.key not in told)])
    return found


def _must_be_said(typed: Typed, form: Mapping[str, str], force: InForce) -> None:
    """Tell where class or place are missing, or may be several."""
    word = form.get("class_word", "").strip()
    if not class_typed(form, force):
        typed.wrong("no-call_class", "call_class", N_("What the call is about is missing."), N_("Choose a class."))
    elif not form.get("call_class") and _several(word, classes_of(force.station.config.call_class)):
        message, remedy = N_("{word} may be several classes."), N_("Type more of it, or choose from the list.")
        typed.wrong("several-call_class", "call_class", message, remedy, word=word)
    word = form.get("atom", "").strip()
    if not word:
        typed.wrong("no-atom", "atom", N_("Where it is is missing."), N_("Give an atom, a venue or a street."))
    elif place_typed(form, force) not in force.station.area.index and _several(word, force.station.places):
        message, remedy = N_("{word} may be several places."), N_("Type more of it, or choose from the list.")
        typed.wrong("several-atom", "atom", message, remedy, word=word)


def _several(word: str, entries: Sequence[Entry]) -> bool:
    found = find(word, entries)
    return found.count > 1 and not found.value


@dataclass(frozen=True, slots=True)
class Weighed:
    """What is known of a call before it is kept: its class and place, the priority and why, and what it may repeat."""

    name: str
    place: str
    priority: int
    promise: str
    officers: int
    sworn: int
    rule: str
    near: tuple[tuple[Repeated, str, str], ...]


@needs("take_call")
@require_GET
def weigh(request: HttpRequest) -> HttpResponse:
    """Tell what priority a call in the making has and why, and which open calls it may repeat."""
    force, language = in_force(), language_of(request)
    return render(request, "board/weighed.html.j2", weighed=_weighed(request.GET, force, language))


def _weighed(form: Mapping[str, str], force: InForce, language: Language) -> Weighed | None:
    """Return what is known of a call so far; None while its class is not."""
    name, atom = class_typed(form, force), place_typed(form, force)
    if name not in force.plan.call_classes:
        return None
    one, at, place = force.classes[name], now(), atom if atom in force.plan.atoms else ""
    told = explain(force.station, force.loaded, force.plan, place or force.plan.atoms[0], name, at)
    promise = force.station.config.policy.limit_min.get(one.priority)
    near: list[Repeated] = []
    if place:
        call = Call(number="", received=at, call_class=name, atom=place, priority=one.priority)
        near = repeated_by(force, call, Call.objects.filter(closed__isnull=True, same_as__isnull=True))
    zone = force.station.config.time_zone
    return Weighed(
        name=one.name.in_language(language),
        place=force.station.area.called(place) if place else "",
        priority=one.priority,
        promise=f"{promise:g}" if promise else "",
        officers=told.people,
        sworn=told.sworn,
        rule=told.rule,
        near=tuple((each, class_words(force, each.call, language), local(each.call.received, zone)) for each in near),
    )


ADDRESSES = [
    path("calls/new", new, name="new-call"),
    path("calls/weigh", weigh, name="weigh-call"),
]
