"""Calls: looked at with the proposal, sent to, stamped, corrected, closed. A form that is refused keeps what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from qinwu.board import trail
from qinwu.board.access.roles import has, needs
from qinwu.board.clock import now, speed
from qinwu.board.dispatch import calls as keeping
from qinwu.board.dispatch import partners, sendings
from qinwu.board.dispatch.at_hand import at_hand
from qinwu.board.dispatch.proposing import Line, proposal_for
from qinwu.board.dispatch.repeated import Repeated, repeated_by
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Call, Sending
from qinwu.board.oversight.export import row_of
from qinwu.board.pages import language_of, local, problems, render
from qinwu.board.roster.in_crew import crews_of
from qinwu.board.views.board import class_words, minutes, queue_line
from qinwu.board.views.bulletins import around
from qinwu.board.views.places import place_typed
from qinwu.board.words import CALL_RESULTS, CALL_WORDS, STAMP_WORDS
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_
from qinwu.station.time_chain import time_chain

ENDINGS = {
    "refused": N_("refused"),
    "timed_out": N_("no answer in time"),
    "withdrawn": N_("taken off"),
    "taken": N_("taken for a more urgent call"),
}
"""How a sending may have ended but by being done."""


@needs("see_board")
@require_GET
def one(request: HttpRequest, number: str) -> HttpResponse:
    """Show a call: its stamps, and what the response plan proposes while anybody is lacking."""
    call = get_object_or_404(Call.objects.prefetch_related("sendings"), number=number)
    trail.record(request.user.get_username(), "call.view", number)
    return call_page(request, call, [])


def call_page(
    request: HttpRequest, call: Call, wrong: list[str], status: int = 200, typed: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Return the page of a call, with what was wrong with a form on it and what was typed there."""
    force, language = in_force(), language_of(request)
    told, strange, sent = None, False, list(call.sendings.all())
    near: list[Repeated] = []
    if call.closed is None:
        hand = at_hand(force, now())
        strange = any(each.pk == call.pk for each in hand.strange)
        if any(each.pk == call.pk for each in hand.calls):
            told = proposal_for(force, hand, call, language)
        if not strange and not sent:
            near = repeated_by(force, call, (each for each in hand.calls if each.pk != call.pk))
    zone = force.station.config.time_zone
    return render(
        request,
        "board/call.html.j2",
        status=status,
        force=force,
        call=call,
        name=class_words(force, call, language),
        told=told,
        line=queue_line(force, call, sent, now(), language),
        strange=strange,
        classes=[(one.id, one.name.in_language(language)) for one in force.station.config.call_class],
        sendings=[_sent(each, zone) for each in sent],
        received=local(call.received, zone, "%Y-%m-%d %H:%M:%S"),
        closed=local(call.closed, zone, "%Y-%m-%d %H:%M:%S"),
        wrong=wrong,
        typed=dict.fromkeys(("reason", "missing", "result", "call_class", "atom", "crews", "partner"), "") | dict(typed or {}),
        near=near,
        results=CALL_RESULTS,
        result_words=CALL_WORDS,
        partners=partners.open_to(force, call, language) if _may_go_on(call, sent) else None,
        endings=ENDINGS,
        mine=may_stamp(request, force, (each.crew for each in sent)),
        around=around(request, force, call),
        chain=chain_of(force, call),
        conflicts=[each for each in sendings.conflicts_since(call.received) if call.number in (each.call, each.held_for)],
        speed=speed(),
    )


def _may_go_on(call: Call, sent: list[Sending]) -> bool:
    """Return whether a call may still go to a partner: open, and no crew on it."""
    return call.closed is None and all(each.over is not None for each in sent)


def _sent(sending: Sending, zone: str) -> tuple[Sending, list[str], str, tuple[sendings.Stamp, ...]]:
    """Return a sending, its stamps as times, until when it is to answer, and the stamps that may be given now."""
    times = [local(getattr(sending, key), zone) for key in ("dispatched", *sendings.STAMPS)]
    return sending, times, local(sending.answer_by, zone), sendings.to_come(sending)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stamp on the line of time: what it is, when, how long after the one before, and where on a line of 1000 it stands.

    One that is not there is `to_come` while the call is open and no later one was given; else it is missing.
    """

    word: str
    at: str
    delay: str
    x: float | None
    to_come: bool


def chain_of(force: InForce, call: Call) -> list[Stage]:
    """Return the six stamps of a call as a line of time; nothing before a crew was sent."""
    links = time_chain(row_of(call))
    if links[1].at is None:
        return []
    whole = max(link.since_received_s or 0.0 for link in links) or 1.0
    last = max(at for at, link in enumerate(links) if link.at)
    zone = force.station.config.time_zone
    return [
        Stage(
            word=STAMP_WORDS[link.stamp],
            at=local(link.at, zone),
            delay=minutes(link.delay_s) if link.delay_s is not None else "",
            x=None if link.since_received_s is None else 1000.0 * max(0.0, link.since_received_s) / whole,
            to_come=call.closed is None and at > last,
        )
        for at, link in enumerate(links)
    ]


def may_stamp(request: HttpRequest, force: InForce, crews: Iterable[str]) -> frozenset[str]:
    """Return those of some crews whose stamps this account may give: any, also of a system no longer in force, or its own."""
    if has(request.user, "stamp_any"):
        return frozenset(crews)
    member = getattr(request.user, "member", None)
    own = crews_of(force, member.officer, now()) if member and has(request.user, "stamp_own") else frozenset()
    return own.intersection(crews)


@needs("dispatch")
@require_POST
def send(request: HttpRequest, number: str) -> HttpResponse:
    """Send the crews chosen; the proposal is made again, so that what was not proposed is known as such."""
    call = get_object_or_404(Call, number=number)
    force = in_force()
    try:
        orders = _orders(request, force, call)
        sendings.send(force, call, orders, request.user.get_username(), request.POST.get("reason", ""))
    except QinwuError as error:
        typed = {**request.POST.dict(), "crews": request.POST.getlist("crew")}
        return call_page(request, call, problems(error, language_of(request)), status=409, typed=typed)
    return redirect("call", number=number)


def _orders(request: HttpRequest, force: InForce, call: Call) -> list[sendings.Order]:
    chosen = request.POST.getlist("crew")
    if not chosen:
        message, remedy = N_("No crew was chosen."), N_("Choose at least one.")
        raise QinwuError([Finding("no-crew", "error", message, remedy, Place(key="crew"))])
    hand = at_hand(force, now())
    if any(each.pk == call.pk for each in hand.strange):
        message, remedy = N_("The station's files no longer have this class or this place."), N_("Give the call another first.")
        raise QinwuError([Finding("strange-call", "error", message, remedy, Place())])
    if all(each.pk != call.pk for each in hand.calls):
        message, remedy = N_("Call {number} is closed by now."), N_("Load the page again.")
        raise QinwuError([Finding("call-closed", "error", message, remedy, Place(), {"number": call.number})])
    told = proposal_for(force, hand, call, "en")
    lines: dict[str, Line] = {line.crew: line for line in (*told.others, *told.going)}
    return [lines[name].order if name in lines else sendings.Order(name, -1, 0.0, proposed=False) for name in chosen]


@needs("see_board", object_rule=True)
@require_POST
def stamp(request: HttpRequest, pk: int) -> HttpResponse:
    """Stamp a sending: the crew itself, or whoever may stamp any."""
    sending = get_object_or_404(Sending.objects.select_related("call"), pk=pk)
    which = request.POST.get("stamp", "")
    force = in_force()
    if not may_stamp(request, force, [sending.crew]):
        member = getattr(request.user, "member", None)
        if member and member.officer and member.officer not in force.sworn:
            return call_page(request, sending.call, problems(_retired(member.officer), language_of(request)), status=403)
        raise PermissionDenied
    try:
        if which not in sendings.STAMPS:
            message = N_("There is no stamp {word}.")
            raise QinwuError([Finding("unknown-stamp", "error", message, "", Place(key="stamp"), {"word": which})])
        sendings.stamp(sending, which, request.user.get_username())
    except QinwuError as error:
        return call_page(request, sending.call, problems(error, language_of(request)), status=409)
    return redirect("call", number=sending.call.number)


def _retired(officer: str) -> QinwuError:
    message = N_("Officer {officer} of this account is no longer in the station's officers file.")
    remedy = N_("The administrator gives the account another officer, or closes it.")
    return QinwuError([Finding("retired-officer", "error", message, remedy, Place(), {"officer": officer})])


@needs("dispatch")
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what a crew that was asked has answered."""
    sending = get_object_or_404(Sending.objects.select_related("call"), pk=pk)
    accepted = request.POST.get("answer") == "yes"
    try:
        sendings.answer(sending, accepted, request.user.get_username(), request.POST.get("reason", ""))
    except QinwuError as error:
        return call_page(request, sending.call, problems(error, language_of(request)), status=409)
    return redirect("call", number=sending.call.number)


@needs("dispatch")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a crew off its call, with a reason."""
    sending = get_object_or_404(Sending.objects.select_related("call"), pk=pk)
    try:
        sendings.withdraw(sending, request.user.get_username(), request.POST.get("reason", ""))
    except QinwuError as error:
        return call_page(request, sending.call, problems(error, language_of(request)), status=422)
    return redirect("call", number=sending.call.number)


@needs("dispatch")
@require_POST
def close(request: HttpRequest, number: str) -> HttpResponse:
    """Close a call, or say what is still missing."""
    call = get_object_or_404(Call, number=number)
    result, missing = request.POST.get("result", ""), request.POST.get("missing", "")
    try:
        if result not in CALL_RESULTS:
            message, remedy = N_("There is no result {word}."), N_("Choose from the list.")
            raise QinwuError([Finding("unknown-result", "error", message, remedy, Place(key="result"), {"word": result})])
        sendings.close(call, result, request.user.get_username(), missing)
    except QinwuError as error:
        return call_page(request, call, problems(error, language_of(request)), status=409, typed=request.POST.dict())
    return redirect("board")


@needs("dispatch")
@require_POST
def repeats(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm that a call repeats another."""
    call = get_object_or_404(Call, number=number)
    of = get_object_or_404(Call, number=request.POST.get("of", ""))
    try:
        keeping.repeats(call, of, request.user.get_username())
    except QinwuError as error:
        return call_page(request, call, problems(error, language_of(request)), status=409)
    return redirect("call", number=of.number)


@needs("dispatch")
@require_POST
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """Give a call another class or place."""
    call = get_object_or_404(Call, number=number)
    form, force = request.POST, in_force()
    try:
        keeping.correct(force, call, form.get("call_class", ""), place_typed(form, force), request.user.get_username())
    except QinwuError as error:
        call.refresh_from_db()
        return call_page(request, call, problems(error, language_of(request)), status=422, typed=form.dict())
    return redirect("call", number=number)


ADDRESSES = [
    path("calls/<str:number>", one, name="call"),
    path("calls/<str:number>/send", send, name="send"),
    path("calls/<str:number>/close", close, name="close"),
    path("calls/<str:number>/repeats", repeats, name="repeats"),
    path("calls/<str:number>/correct", correct, name="correct-call"),
    path("sendings/<int:pk>/stamp", stamp, name="stamp"),
    path("sendings/<int:pk>/answer", answer, name="answer"),
    path("sendings/<int:pk>/withdraw", withdraw, name="withdraw"),
]
