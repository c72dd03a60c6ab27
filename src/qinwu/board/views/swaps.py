"""Swaps 换班: duties changed between two officers, agreed by both and approved; a list on the page of the day, a page to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from qinwu.board.access.line import Lines
from qinwu.board.access.reach import own_officer
from qinwu.board.access.roles import has, needs
from qinwu.board.clock import now
from qinwu.board.crew_names import CrewNames
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Swap
from qinwu.board.pages import language_of, problems, render
from qinwu.board.roster import swaps
from qinwu.board.roster.in_crew import Book, Duty
from qinwu.board.roster.rostered import midnight
from qinwu.board.views.line import off_the_line
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_, Language

DAYS_AHEAD = 28
DAYS_BACK = 7
STATES: dict[str, str] = {
    "asked": N_("asked; the other has not answered"),
    "agreed": N_("agreed; to be approved"),
    "approved": N_("approved"),
    "refused": N_("refused"),
    "taken_back": N_("taken back"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that a swap would break: what happens, the text of the rule, where it comes from, and whether it may be bent."""

    told: str
    text: str
    source: str
    hard: bool


@dataclass(frozen=True, slots=True)
class SwapLine:
    """A swap as a page shows it: both duties, how it stands, the rules it would break, and what this account may do with it.

    `wrong` is why it no longer fits the roster, `doubtful` an officer who left the officers file, `goes` who answers it and why.
    """

    swap: Swap
    given: str
    back: str
    state: str
    rules: tuple[Rule, ...]
    wrong: tuple[str, ...]
    doubtful: str
    goes: str
    agrees: bool
    answers: bool
    takes_back: bool

    @property
    def forbidden(self) -> bool:
        """Whether a hard rule keeps it from being approved."""
        return any(rule.hard for rule in self.rules)


def section(request: HttpRequest, force: InForce) -> dict[str, Any]:
    """Return what the part with the swaps shows: those not over, what waits for an answer first."""
    since = now() - timedelta(days=DAYS_BACK)
    found = list(Swap.objects.filter(Q(end__gt=since) | Q(other_end__gt=since)))
    rank = {state: number for number, state in enumerate(("agreed", "asked", "approved", "taken_back", "refused"))}
    found.sort(key=lambda one: (rank.get(one.state, len(rank)), one.start, one.pk))
    names = CrewNames(language_of(request))
    lines = Lines(force)
    return {"swap_lines": [_line(request, lines, swap, names) for swap in found]}


def _line(request: HttpRequest, lines: Lines, swap: Swap, names: CrewNames) -> SwapLine:
    force, own, language = lines.force, own_officer(request.user), language_of(request)
    both = (swap.officer, swap.other)
    above = lines.answers(request.user, both)
    open_one, party = swap.state in swaps.OPEN, own in both and bool(own)
    running = swap.state == "approved" and max(swap.end, swap.other_end or swap.end) > now()
    known = force.sworn
    left = next((name for name in both if name not in known), "")
    rules: tuple[Rule, ...] = ()
    wrong: tuple[str, ...] = ()
    if open_one and (above or party) and not left:
        wrong = tuple(one.text(language) for one in swaps.problems(force, swaps.wanted_of(swap), besides=swap.pk))
        rules = () if wrong else tuple(_rules(force, swap, language))
    return SwapLine(
        swap=swap,
        given=_words(force, Duty(swap.officer, swap.crew, swap.start, swap.end), names),
        back=_words(force, Duty(swap.other, swap.other_crew, swap.other_start, swap.other_end), names)
        if swap.other_start and swap.other_end
        else "",
        state=STATES.get(swap.state, swap.state),
        rules=rules,
        wrong=wrong,
        doubtful=left if left and swap.state in (*swaps.OPEN, "approved") else "",
        goes=lines.goes_to(both, language) if open_one and not left else "",
        agrees=swap.state == "asked" and own == swap.other and bool(own),
        answers=swap.state == "agreed" and above and not left,
        takes_back=(open_one or running) and (above or party),
    )


def _rules(force: InForce, swap: Swap, language: Language) -> list[Rule]:
    return [
        Rule(one.finding().text(language), one.rule.text.in_language(language), one.rule.source, one.rule.hard)
        for one in swaps.breaks(force, swaps.wanted_of(swap))
    ]


def _words(force: InForce, duty: Duty, crew_name: CrewNames) -> str:
    """Return a duty in words: ``03-05 08:00–20:00 Beat 1``; the day of the end is said where it is another."""
    zone = force.zone
    start, end = duty.start.astimezone(zone), duty.end.astimezone(zone)
    until = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%m-%d %H:%M}"
    return f"{start:%m-%d %H:%M}–{until} {crew_name(duty.crew)}"


@needs("see_board")
@require_GET
def swaps_page(request: HttpRequest) -> HttpResponse:
    """Show all swaps, and the form to ask for one."""
    return _page(request, {}, [])


def _page(request: HttpRequest, typed: Mapping[str, Any], wrong: list[str], status: int = 200) -> HttpResponse:
    force, own = in_force(), own_officer(request.user)
    ahead, anybody, names = duties_ahead(force), has(request.user, "answer_away"), CrewNames(language_of(request))
    mine = [one for one in ahead if anybody or one.officer == own]
    others: dict[str, list[tuple[str, str]]] = {name: [] for name in force.sworn if anybody or name != own}
    for one in ahead:
        if one.officer in others:
            others[one.officer].append((key_of(one), _words(force, one, names)))
    return render(
        request,
        "board/swaps.html.j2",
        status=status,
        **section(request, force),
        mine=[(key_of(one), f"{one.officer} {_words(force, one, names)}") for one in mine],
        others=others,
        own=own,
        typed={name: typed.get(name, "") for name in ("given", "taker", "reason")},
        wrong=wrong,
    )


def duties_ahead(force: InForce) -> list[Duty]:
    """Return the duties that may be swapped: those that begin in the next four weeks, by time."""
    at = now()
    first = midnight(force, at.astimezone(force.zone).date())
    last = first + timedelta(days=DAYS_AHEAD)
    found = Book.of(force, first, last).duties(first, last)
    return sorted((one for one in found if at < one.start and one.end < last), key=lambda one: (one.start, one.crew, one.officer))


def key_of(duty: Duty) -> str:
    """Return a duty as one word for a form."""
    return f"{duty.officer}|{duty.crew}|{duty.start:%Y%m%dT%H%M}"


@needs("ask_away")
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a swap: an officer for the own duty, those who approve for anybody's."""
    try:
        swaps.ask(in_force(), _wanted(request, in_force()), request.user.get_username())
    except QinwuError as error:
        return _page(request, request.POST.dict(), problems(error, language_of(request)), status=422)
    return redirect("swaps")


def _wanted(request: HttpRequest, force: InForce) -> swaps.Wanted:
    ahead = {key_of(one): one for one in duties_ahead(force)}
    given, taker = (request.POST.get(name, "") for name in ("given", "taker"))
    found = []
    duty = ahead.get(given)
    if duty is None or (duty.officer != own_officer(request.user) and not has(request.user, "answer_away")):
        found.append(_wrong("no-duty", "given", N_("The duty to be given is missing or not yours."), N_("Choose from the list.")))
    if not taker:
        found.append(_wrong("no-taker", "taker", N_("Who takes the duty is missing."), N_("Choose from the list.")))
    if found or duty is None:
        raise QinwuError(found)
    back = ahead.get(taker)
    return swaps.Wanted(duty.officer, back.officer if back else taker, duty, back, request.POST.get("reason", ""))


def _wrong(code: str, key: str, message: str, remedy: str) -> Finding:
    return Finding(code, "error", message, remedy, Place(key=key))


@needs("ask_away", object_rule=True)
@require_POST
def agree(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the word of the other officer, who alone may give it."""
    swap = get_object_or_404(Swap, pk=pk)
    if not own_officer(request.user) or own_officer(request.user) != swap.other:
        raise PermissionDenied
    return _done(request, lambda: swaps.agree(swap, request.POST.get("answer") == "yes", request.user.get_username()))


@needs("answer_line", object_rule=True)
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve or refuse: whoever stands on the line of command above both; nobody answers a swap of the own."""
    swap, force = get_object_or_404(Swap, pk=pk), in_force()
    if not Lines(force).answers(request.user, (swap.officer, swap.other)):
        return off_the_line(request, force, (swap.officer, swap.other))
    approved, why = request.POST.get("answer") == "yes", request.POST.get("why", "")
    return _done(request, lambda: swaps.answer(force, swap, approved, request.user.get_username(), why))


@needs("ask_away", object_rule=True)
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a swap back: either officer, or whoever may answer it."""
    swap, force = get_object_or_404(Swap, pk=pk), in_force()
    both, own = (swap.officer, swap.other), own_officer(request.user)
    if not ((own and own in both) or Lines(force).answers(request.user, both)):
        return off_the_line(request, force, both)
    return _done(request, lambda: swaps.take_back(swap, request.user.get_username(), request.POST.get("why", "")))


def _done(request: HttpRequest, act: Any) -> HttpResponse:
    try:
        act()
    except QinwuError as error:
        return _page(request, {}, problems(error, language_of(request)), status=409)
    return redirect("swaps" if request.POST.get("from") == "swaps" else "today")


ADDRESSES = [
    path("swaps", swaps_page, name="swaps"),
    path("swaps/ask", ask, name="swap-ask"),
    path("swaps/<int:pk>/agree", agree, name="swap-agree"),
    path("swaps/<int:pk>/answer", answer, name="swap-answer"),
    path("swaps/<int:pk>/take-back", take_back, name="swap-take-back"),
]
