"""Calls: taken, looked at with the proposal, sent to, stamped, closed. A form that is refused keeps what was typed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from qinwu.board import calls as keeping
from qinwu.board import sendings, trail
from qinwu.board.at_hand import at_hand
from qinwu.board.calls import Taken
from qinwu.board.clock import now
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Call, Sending
from qinwu.board.pages import language_of, local, problems, render
from qinwu.board.proposing import Line, proposal_for
from qinwu.board.repeated import Repeated, repeated_by
from qinwu.board.roles import has, needs
from qinwu.board.typed import Typed
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_

FIELDS = ("call_class", "atom", "priority", "people", "received")
RESULTS = {
    "handled": N_("handled on the spot"),
    "passed_on": N_("passed on to another unit"),
    "case": N_("filed as a case"),
    "nothing_found": N_("nothing found"),
    "not_police": N_("not a matter for the police"),
}


@needs("take_call")
def new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new call, or keep the call."""
    force = in_force()
    if request.method != "POST":
        return _form(request, force, {}, [])
    try:
        call = keeping.take(force, _taken(request.POST, force), request.user.get_username())
    except QinwuError as error:
        return _form(request, force, request.POST.dict(), problems(error, language_of(request)), status=422)
    return redirect("call", number=call.number)


def _form(request: HttpRequest, force: InForce, typed: Mapping[str, Any], wrong: list[str], status: int = 200) -> HttpResponse:
    language = language_of(request)
    classes = [(one.id, one.name.in_language(language), one.priority) for one in force.station.config.call_class]
    atoms = force.plan.atoms
    kept = {name: typed.get(name, "") for name in FIELDS} | {"key": typed.get("key") or str(uuid.uuid4())}
    return render(request, "board/new_call.html.j2", status=status, typed=kept, wrong=wrong, classes=classes, atoms=atoms)


def _taken(form: Any, force: InForce) -> Taken:
    """Return what was typed.

    Raises
    ------
    QinwuError
        With every field that cannot be read.
    """
    typed = Typed(form, force.station.config.time_zone)
    key, text = uuid.uuid4(), form.get("key", "").strip()
    if text:
        try:
            key = uuid.UUID(text)
        except ValueError:
            typed.wrong("unreadable-key", "key", N_("{word} cannot be read."), N_("Load the page again."), word=text)
    found = Taken(
        key=key,
        call_class=form.get("call_class", ""),
        atom=form.get("atom", "").strip(),
        received=typed.moment("received", now()),
        priority=typed.whole("priority", 1, 4),
        people=typed.whole("people", 1, 99),
    )
    typed.finish()
    return found


@needs("see_board")
@require_GET
def one(request: HttpRequest, number: str) -> HttpResponse:
    """Show a call: its stamps, and what the response plan proposes while anybody is lacking."""
    call = get_object_or_404(Call, number=number)
    trail.record(request.user.get_username(), "call.view", number)
    return _page(request, call, [])


def _page(
    request: HttpRequest, call: Call, wrong: list[str], status: int = 200, typed: Mapping[str, Any] | None = None
) -> HttpResponse:
    force, language = in_force(), language_of(request)
    told = None
    if call.closed is None:
        hand = at_hand(force, now())
        if any(each.pk == call.pk for each in hand.calls):
            told = proposal_for(force, hand, call, language)
    zone = force.station.config.time_zone
    near: list[Repeated] = []
    if call.closed is None and not call.sendings.exists():
        near = repeated_by(force, call, Call.objects.filter(closed__isnull=True, same_as__isnull=True).exclude(pk=call.pk))
    return render(
        request,
        "board/call.html.j2",
        status=status,
        call=call,
        name=force.call_class(call.call_class).name.in_language(language),
        told=told,
        sendings=[
            (each, [local(getattr(each, key), zone) for key in ("dispatched", *sendings.STAMPS)]) for each in call.sendings.all()
        ],
        received=local(call.received, zone, "%Y-%m-%d %H:%M:%S"),
        wrong=wrong,
        typed={"reason": "", "missing": "", "result": ""} | dict(typed or {}),
        near=near,
        results=RESULTS,
        mine=own_crews(request, force),
    )


def own_crews(request: HttpRequest, force: InForce) -> frozenset[str]:
    """Return the crews whose stamps this account may give: its own, or all."""
    labels = force.plan.crews
    if has(request.user, "stamp_any"):
        return frozenset(label.id for label in labels)
    member = getattr(request.user, "member", None)
    officer = member.officer if member and has(request.user, "stamp_own") else ""
    return frozenset(label.id for label in labels if officer and officer in label.officers)


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
        return _page(request, call, problems(error, language_of(request)), status=409, typed=request.POST.dict())
    return redirect("call", number=number)


def _orders(request: HttpRequest, force: InForce, call: Call) -> list[sendings.Order]:
    chosen = request.POST.getlist("crew")
    if not chosen:
        message, remedy = N_("No crew was chosen."), N_("Choose at least one.")
        raise QinwuError([Finding("no-crew", "error", message, remedy, Place(key="crew"))])
    if call.closed is not None:
        message, remedy = N_("Call {number} is closed by now."), N_("Load the page again.")
        raise QinwuError([Finding("call-closed", "error", message, remedy, Place(), {"number": call.number})])
    told = proposal_for(force, at_hand(force, now()), call, "en")
    lines: dict[str, Line] = {line.crew: line for line in (*told.others, *told.going)}
    return [lines[name].order if name in lines else sendings.Order(name, -1, 0.0, proposed=False) for name in chosen]


@needs("see_board", object_rule=True)
@require_POST
def stamp(request: HttpRequest, pk: int) -> HttpResponse:
    """Stamp a sending: the crew itself, or whoever may stamp any."""
    sending = get_object_or_404(Sending.objects.select_related("call"), pk=pk)
    which = request.POST.get("stamp", "")
    if sending.crew not in own_crews(request, in_force()):
        return render(request, "board/forbidden.html.j2", status=403, right="stamp_any")
    try:
        if which not in sendings.STAMPS:
            message = N_("There is no stamp {word}.")
            raise QinwuError([Finding("unknown-stamp", "error", message, "", Place(key="stamp"), {"word": which})])
        sendings.stamp(sending, which, request.user.get_username())
    except QinwuError as error:
        return _page(request, sending.call, problems(error, language_of(request)), status=409)
    return redirect("call", number=sending.call.number)


@needs("dispatch")
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what a crew that was asked has answered."""
    sending = get_object_or_404(Sending.objects.select_related("call"), pk=pk)
    accepted = request.POST.get("answer") == "yes"
    try:
        sendings.answer(sending, accepted, request.user.get_username(), request.POST.get("reason", ""))
    except QinwuError as error:
        return _page(request, sending.call, problems(error, language_of(request)), status=409)
    return redirect("call", number=sending.call.number)


@needs("dispatch")
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a crew off its call, with a reason."""
    sending = get_object_or_404(Sending.objects.select_related("call"), pk=pk)
    try:
        sendings.withdraw(sending, request.user.get_username(), request.POST.get("reason", ""))
    except QinwuError as error:
        return _page(request, sending.call, problems(error, language_of(request)), status=422)
    return redirect("call", number=sending.call.number)


@needs("dispatch")
@require_POST
def close(request: HttpRequest, number: str) -> HttpResponse:
    """Close a call, or say what is still missing."""
    call = get_object_or_404(Call, number=number)
    result, missing = request.POST.get("result", ""), request.POST.get("missing", "")
    try:
        if result not in RESULTS:
            message, remedy = N_("There is no result {word}."), N_("Choose from the list.")
            raise QinwuError([Finding("unknown-result", "error", message, remedy, Place(key="result"), {"word": result})])
        sendings.close(call, result, request.user.get_username(), missing)
    except QinwuError as error:
        return _page(request, call, problems(error, language_of(request)), status=409, typed=request.POST.dict())
    return redirect("board")


@needs("dispatch")
@require_POST
def repeats(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm that a call repeats another."""
    call = get_object_or_404(Call, number=number)
    of = get_object_or_404(Call, number=request.POST.get("of", ""), closed__isnull=True)
    if not call.sendings.exists() and of.pk != call.pk:
        keeping.repeats(call, of, request.user.get_username())
    return redirect("call", number=of.number)


ADDRESSES = [
    path("calls/new", new, name="new-call"),
    path("calls/<str:number>", one, name="call"),
    path("calls/<str:number>/send", send, name="send"),
    path("calls/<str:number>/close", close, name="close"),
    path("calls/<str:number>/repeats", repeats, name="repeats"),
    path("sendings/<int:pk>/stamp", stamp, name="stamp"),
    path("sendings/<int:pk>/answer", answer, name="answer"),
    path("sendings/<int:pk>/withdraw", withdraw, name="withdraw"),
]
