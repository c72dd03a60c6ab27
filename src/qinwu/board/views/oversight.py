"""Oversight 督察: findings of the integrity screens, the diversion ledger, the load of paper, corrective orders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from math import fsum
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from qinwu.board import trail
from qinwu.board.access.line import Lines
from qinwu.board.access.roles import has, needs
from qinwu.board.clock import now
from qinwu.board.dispatch import partners
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import CorrectiveOrder
from qinwu.board.oversight import correcting, overseeing, screening
from qinwu.board.oversight.correcting import Given
from qinwu.board.pages import language_of, local, problems, render
from qinwu.board.roster import accounts_of_hours, secondments
from qinwu.board.typed import Typed
from qinwu.board.views.task_lines import beat_names
from qinwu.findings import QinwuError
from qinwu.judge.officers.log import NAMES, days_of
from qinwu.language import Language

FIELDS = ("to", "about", "subject", "text", "due", "squad", "hours")
CHANGES, WEEKS = 12, 8
PARTNER_DAYS = timedelta(days=30)


@needs("inspect")
@require_GET
def oversight(request: HttpRequest) -> HttpResponse:
    """Show what the board's own record asks; looking at it is an entry."""
    trail.record(request.user.get_username(), "oversight.view", "")
    return _oversight(request, request.GET.dict(), [])


def _oversight(request: HttpRequest, typed: Mapping[str, Any], wrong: list[str], status: int = 200) -> HttpResponse:
    force, language = in_force(), language_of(request)
    zone = force.station.config.time_zone
    return render(
        request,
        "board/oversight.html.j2",
        status=status,
        wrong=wrong,
        typed=dict.fromkeys(FIELDS, "") | {name: typed.get(name, "") for name in FIELDS},
        when=lambda moment: local(moment, zone, "%m-%d %H:%M"),
        **_listed(request, force, language),
        kinds=NAMES,
        squad_names={squad.id: squad.name.in_language(language) for squad in force.loaded.system.squad},
        not_back=secondments.not_back(now()),
        attempts=overseeing.attempts(force, language),
        paper=overseeing.paper(force),
        partners=partners.ledger(force, now() - PARTNER_DAYS, language),
        partner_days=PARTNER_DAYS.days,
        **_integrity(language),
        **_hours(force, language),
    )


def _integrity(language: Language) -> dict[str, Any]:
    """Return what the screens saw, as far as it is worked out."""
    latest = screening.DESK.latest()
    seen = latest.found
    return {
        "seen": seen,
        "screening": latest.working,
        "signs": overseeing.signs(seen, language) if seen else [],
        "not_asked": overseeing.not_asked(seen, language) if seen else [],
        "asked": overseeing.asked(seen) if seen else 0,
        "changes": seen.changes[:CHANGES] if seen else (),
    }


def _hours(force: InForce, language: Language) -> dict[str, Any]:
    """Return the account of hours and the ledger of diversion, as far as they are worked out."""
    try:
        latest = accounts_of_hours.DESK.latest()
    except QinwuError as error:
        return {"account": None, "counting": False, "squads": [], "unread": problems(error, language)}
    if latest.found is None:
        return {"account": None, "counting": latest.working, "squads": [], "unread": []}
    account = latest.found.account
    today = now().astimezone(force.zone).date()
    first, last = account.months[0], min(today, days_of(account.months[-1])[-1])
    return {
        "account": account,
        "beats": beat_names(force, language),
        "counting": latest.working,
        "squads": overseeing.squads(force, account.taken, language),
        "overdue_h": fsum(one.overdue_h for one in account.closing),
        "weeks": latest.found.weeks(today)[-WEEKS:],
        "kept": (latest.found.days(first, last), (last - first).days + 1),
        "unread": [],
    }


@needs("see_board", object_rule=True)
@require_GET
def orders(request: HttpRequest) -> HttpResponse:
    """Show orders to the station, overdue first: to those who give them and those on the line of command who answer them."""
    lines = Lines(in_force())
    every = has(request.user, "correct") or has(request.user, "answer_orders")
    if not every and not any(lines.takes(request.user, order.to) for order in CorrectiveOrder.objects.all()):
        raise PermissionDenied("orders")
    trail.record(request.user.get_username(), "orders.view", "")
    return _orders(request, {}, [])


def _orders(request: HttpRequest, typed: Mapping[str, Any], wrong: list[str], status: int = 200) -> HttpResponse:
    force, language = in_force(), language_of(request)
    zone = force.station.config.time_zone
    return render(
        request,
        "board/orders.html.j2",
        status=status,
        wrong=wrong,
        **_listed(request, force, language),
        when=lambda moment: local(moment, zone, "%m-%d %H:%M"),
        answered=typed.get("pk", ""),
        answer_typed=typed.get("answer", ""),
    )


def _listed(request: HttpRequest, force: InForce, language: Language) -> dict[str, Any]:
    """Return the orders that an account may read, to whom each goes on the line of command, and which it answers."""
    lines = Lines(force)
    every = has(request.user, "correct") or has(request.user, "answer_orders")
    found = correcting.standing(now())
    takes = {one.order.to for one in found if lines.takes(request.user, one.order.to)}
    return {
        "orders": [one for one in found if every or one.order.to in takes],
        "addressees": correcting.addressees(force, language),
        "about": correcting.ABOUT,
        "goes": lambda order: lines.order_goes_to(order.to, language),
        "takes": takes,
    }


@needs("correct")
@require_POST
def give(request: HttpRequest) -> HttpResponse:
    """Give a corrective order."""
    form, force = request.POST, in_force()
    try:
        typed = Typed(form, force.station.config.time_zone)
        due, hours = typed.moment("due"), typed.whole("hours")
        typed.finish()
        texts = {name: form.get(name, "") for name in ("to", "about", "subject", "text", "squad")}
        given = Given(due=due, hours=None if hours is None else float(hours), **texts)
        correcting.give(force, given, request.user.get_username())
    except QinwuError as error:
        return _oversight(request, form.dict(), problems(error, language_of(request)), status=422)
    return HttpResponseRedirect(reverse("oversight") + "#orders")


@needs("answer_line", object_rule=True)
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what was done about an order: the head of whom it is to, or the chief above."""
    order, text = get_object_or_404(CorrectiveOrder, pk=pk), request.POST.get("answer", "")
    if not Lines(in_force()).takes(request.user, order.to):
        raise PermissionDenied("answer_line")
    try:
        correcting.answer(order, text, request.user.get_username())
    except QinwuError as error:
        return _orders(request, {"pk": pk, "answer": text}, problems(error, language_of(request)), status=409)
    return redirect("orders")


@needs("correct")
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an order that was answered."""
    try:
        correcting.close(get_object_or_404(CorrectiveOrder, pk=pk), request.user.get_username())
    except QinwuError as error:
        return _orders(request, {}, problems(error, language_of(request)), status=409)
    return redirect("orders")


ADDRESSES = [
    path("oversight", oversight, name="oversight"),
    path("oversight/order", give, name="give-order"),
    path("orders", orders, name="orders"),
    path("orders/answer/<int:pk>", answer, name="answer-order"),
    path("orders/close/<int:pk>", close, name="close-order"),
]
