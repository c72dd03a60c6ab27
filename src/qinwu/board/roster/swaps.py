"""Swaps 换班: asked, agreed, checked by the rules of rest, approved by a named chief, taken back where somebody is away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.db import transaction
from django.db.models import Q

from qinwu.board import trail
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import Absence, Swap
from qinwu.board.roster.absences import between
from qinwu.board.roster.in_crew import Book, Duty, Leg, legs_of
from qinwu.board.roster.rostered import midnight
from qinwu.findings import Finding, Place, QinwuError, did_you_mean, raise_on_errors
from qinwu.judge.officers.breaks import Break
from qinwu.judge.officers.changed import newly_broken
from qinwu.judge.officers.joining import without
from qinwu.judge.officers.log import Entry, Kind, first_of, month_after
from qinwu.language import N_
from qinwu.station.guards import masked

WEEK = timedelta(days=7)
OPEN = ("asked", "agreed")
TOLERANCE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A swap asked for: `officer` gives a duty to `other`, and takes `in_return` where there is one."""

    officer: str
    other: str
    given: Duty
    in_return: Duty | None = None
    reason: str = ""


def ask(force: InForce, wanted: Wanted, by: str) -> Swap:
    """Keep a swap asked for; the other officer is to agree.

    Raises
    ------
    QinwuError
        With everything that is wrong; nothing is kept then.
    """
    raise_on_errors(problems(force, wanted))
    back = wanted.in_return
    with transaction.atomic():
        trail.lock()
        swap = Swap.objects.create(
            officer=wanted.officer,
            crew=wanted.given.crew,
            start=wanted.given.start,
            end=wanted.given.end,
            other=wanted.other,
            other_crew=back.crew if back else "",
            other_start=back.start if back else None,
            other_end=back.end if back else None,
            reason=masked(wanted.reason)[:80],
            asked_by=by,
            asked_at=now(),
        )
        trail.record(by, "swap.ask", swap.officer, **_values(swap))
    return swap


def agree(swap: Swap, agreed: bool, by: str) -> None:
    """Keep the word of the other officer.

    Raises
    ------
    QinwuError
        It is not asked any more.
    """
    with transaction.atomic():
        trail.lock()
        swap.refresh_from_db()
        if swap.state != "asked":
            raise _refused("answered", N_("This swap has been answered already."), N_("Load the page again."))
        swap.state = "agreed" if agreed else "refused"
        if not agreed:
            swap.answered_by = by
        swap.save(update_fields=["state", "answered_by"])
        trail.record(by, "swap.agree" if agreed else "swap.decline", swap.officer, **_values(swap))


def answer(force: InForce, swap: Swap, approved: bool, by: str, why: str = "") -> None:
    """Approve or refuse a swap that both agree on.

    Parameters
    ----------
    force
        The duty system in force.
    swap
        One that is ``agreed``.
    approved, by
        What was decided, and by whom.
    why
        Why it is approved though it breaks rules that may be bent.

    Raises
    ------
    QinwuError
        Nobody agreed, it no longer fits the roster, it breaks a hard rule, or it breaks others and nobody says why.
    """
    with transaction.atomic():
        trail.lock()
        swap.refresh_from_db()
        if swap.state not in OPEN:
            raise _refused("answered", N_("This swap has been answered already."), N_("Load the page again."))
        if approved:
            if swap.state != "agreed":
                raise _refused("not-agreed", N_("{other} has not agreed yet."), N_("Wait for the answer."), other=swap.other)
            raise_on_errors([*problems(force, wanted_of(swap), besides=swap.pk), *_forbidden(breaks(force, wanted_of(swap)), why)])
        swap.state, swap.answered_by, swap.answer = "approved" if approved else "refused", by, masked(why)[:200]
        swap.save(update_fields=["state", "answered_by", "answer"])
        trail.record(by, "swap.approve" if approved else "swap.refuse", swap.officer, why=swap.answer, **_values(swap))


def _forbidden(found: Iterable[Break], why: str) -> Iterator[Finding]:
    """Yield the rules that keep a swap from being approved: hard ones always, others where nobody says why."""
    for one in found:
        told = one.finding()
        if one.rule.hard:
            yield Finding("hard-rule", "error", told.message, N_("No reason sets this rule aside."), Place(), told.values)
        elif not why.strip():
            yield Finding("soft-rule", "error", told.message, N_("Say why it is approved all the same."), Place(), told.values)


def take_back(swap: Swap, by: str, why: str = "") -> None:
    """Take a swap back before its duties are over: everybody has the own duty again.

    Raises
    ------
    QinwuError
        It was refused or taken back, or is over.
    """
    with transaction.atomic():
        trail.lock()
        swap.refresh_from_db()
        last = max(swap.end, swap.other_end or swap.end)
        if swap.state not in (*OPEN, "approved") or (swap.state == "approved" and last <= now()):
            raise _refused("over", N_("This swap is over or was answered already."), N_("Load the page again."))
        swap.state, swap.answer = "taken_back", masked(why)[:200] or swap.answer
        swap.save(update_fields=["state", "answer"])
        trail.record(by, "swap.take_back", swap.officer, why=swap.answer, **_values(swap))


def _values(swap: Swap) -> dict[str, object]:
    back = {"in_return": swap.other_crew, "from": swap.other_start} if swap.other_crew else {}
    return {"other": swap.other, "crew": swap.crew, "start": swap.start, "end": swap.end, **back}


def wanted_of(swap: Swap) -> Wanted:
    """Return what a swap asks for."""
    given, *back = legs_of(swap)
    duties = [Duty(leg.giver, leg.crew, leg.start, leg.end) for leg in (given, *back)]
    return Wanted(swap.officer, swap.other, duties[0], duties[1] if back else None, swap.reason)


def problems(force: InForce, wanted: Wanted, besides: int | None = None) -> list[Finding]:
    """Return everything that keeps a swap from being carried out, rules of rest apart.

    Parameters
    ----------
    force
        The duty system in force.
    wanted
        What is asked.
    besides
        Number of the swap itself where it is kept already.
    """
    strangers = [*_strangers(force, wanted)]
    if strangers:
        return strangers
    found = [] if wanted.given.start > now() else [_wrong("begun", N_("The duty has begun already."), N_("Choose one to come."))]
    duties = [one for one in (wanted.given, wanted.in_return) if one is not None]
    book = _book(force, duties)
    for one in duties:
        taker = wanted.other if one.officer == wanted.officer else wanted.officer
        found += [*_not_theirs(force, book, one), *_away(force, one, taker), *_alone(force, book, one, taker)]
    legs = _legs(wanted)
    for leg in legs:
        found += _twice(force, book.having(legs), leg)
    return [*found, *_asked_twice(force, duties, besides)]


def _strangers(force: InForce, wanted: Wanted) -> Iterator[Finding]:
    known = list(force.sworn)
    for officer in (wanted.officer, wanted.other):
        if officer not in known:
            near = did_you_mean(officer, known)
            remedy = N_("Did you mean {near}?") if near else N_("Choose from the list.")
            yield _wrong("unknown-officer", N_("There is no officer {word} at this station."), remedy, word=officer, near=near)
    if wanted.officer == wanted.other:
        yield _wrong("one-officer", N_("A swap needs two officers."), N_("Choose another officer."))


def _book(force: InForce, duties: Iterable[Duty]) -> Book:
    spans = list(duties)
    return Book.of(force, min(one.start for one in spans) - WEEK, max(one.end for one in spans) + WEEK)


def _not_theirs(force: InForce, book: Book, one: Duty) -> Iterator[Finding]:
    """Yield an error where the roster does not have an officer in a crew for the whole of a duty."""
    start = midnight(force, one.start.astimezone(force.zone).date()) - timedelta(days=1)
    own = book.duties_of(one.officer, start, one.end + timedelta(days=2))
    if not any(each.crew == one.crew and each.start - TOLERANCE <= one.start < one.end <= each.end + TOLERANCE for each in own):
        message = N_("{officer} has no duty in crew {crew} from {start} to {end}.")
        values = {"officer": one.officer, "crew": one.crew, "start": told(force, one.start), "end": told(force, one.end)}
        yield _wrong("no-such-duty", message, N_("Load the page again and choose a duty."), **values)


def _away(force: InForce, one: Duty, taker: str) -> Iterator[Finding]:
    for each in between(one.start, one.end).filter(officer=taker)[:1]:
        message = N_("{officer} is away from {start} on.")
        yield _wrong("away", message, N_("Choose somebody who is there."), officer=taker, start=told(force, each.start))


def _alone(force: InForce, book: Book, one: Duty, taker: str) -> Iterator[Finding]:
    """Yield an error where a swap leaves a crew without a sworn officer: auxiliaries never act alone."""
    crew = force.crew(one.crew)
    if crew >= 0 and force.plan.crew.sworn[crew] and not force.sworn[taker]:
        others = [name for name in book.assigned(crew, one.start) if name not in (one.officer, taker)]
        if not any(force.sworn.get(name, False) for name in others):
            message = N_("Crew {crew} would have no sworn officer: {officer} is an auxiliary.")
            yield _wrong("no-sworn", message, N_("Choose a sworn officer."), crew=one.crew, officer=taker)


def _legs(wanted: Wanted) -> list[Leg]:
    given, back = wanted.given, wanted.in_return
    found = [Leg(given.crew, wanted.officer, wanted.other, given.start, given.end)]
    return found + ([Leg(back.crew, wanted.other, wanted.officer, back.start, back.end)] if back else [])


def _twice(force: InForce, book: Book, leg: Leg) -> Iterator[Finding]:
    """Yield an error where whoever takes a duty over has another at the same time."""
    for each in book.duties_of(leg.taker, leg.start - timedelta(days=1), leg.end + timedelta(days=1)):
        if each.crew != leg.crew and each.start < leg.end - TOLERANCE and each.end > leg.start + TOLERANCE:
            message = N_("{officer} would have two duties at once: crew {crew} from {start} to {end}.")
            values = {"officer": leg.taker, "crew": each.crew, "start": told(force, each.start), "end": told(force, each.end)}
            yield _wrong("two-at-once", message, N_("Choose another duty, or another officer."), **values)


def _asked_twice(force: InForce, duties: Iterable[Duty], besides: int | None) -> Iterator[Finding]:
    """Yield an error where a duty is in another swap that is open."""
    for one in duties:
        same = Q(officer=one.officer, crew=one.crew, start__lt=one.end, end__gt=one.start)
        back = Q(other=one.officer, other_crew=one.crew, other_start__lt=one.end, other_end__gt=one.start)
        if Swap.objects.filter(same | back, state__in=OPEN).exclude(pk=besides or 0).exists():
            message = N_("The duty of {officer} on {start} is in another swap that nobody has answered.")
            values = {"officer": one.officer, "start": told(force, one.start)}
            yield _wrong("asked-twice", message, N_("Take the other one back first."), **values)


def breaks(force: InForce, wanted: Wanted) -> tuple[Break, ...]:
    """Return the rules that the two officers would break with a swap and do not break without it, hard ones first."""
    duties = [one for one in (wanted.given, wanted.in_return) if one is not None]
    zone = force.zone
    first = first_of(min(one.start for one in duties).astimezone(zone).date() - WEEK)
    last = month_after(max(one.end for one in duties).astimezone(zone).date() + WEEK)
    start, end = midnight(force, first), midnight(force, last)
    book = Book.of(force, start, end)
    both = (wanted.officer, wanted.other)
    before, after = (list(_entries(each, both, start, end)) for each in (book, book.having(_legs(wanted))))
    return newly_broken(force.station, force.loaded.system, before, after)


def _entries(book: Book, officers: tuple[str, ...], start: datetime, end: datetime) -> Iterator[Entry]:
    """Yield duties and absences of some officers as the log of duty has them."""
    away = [_absence(each, start, end) for each in book.absences if each.officer in officers]
    yield from away
    for duty in book.duties(start, end):
        if duty.officer in officers:
            own = [each for each in away if each.officer == duty.officer]
            yield from without(Entry(duty.officer, "duty", duty.start, duty.end), own)


def _absence(each: Absence, start: datetime, end: datetime) -> Entry:
    kind = cast("Kind", each.kind)
    return Entry(each.officer, kind, max(each.start, start), min(each.end or end, end), open=each.end is None)


def told(force: InForce, at: datetime) -> str:
    """Return a time as the station's calendar and clock say it."""
    return f"{at.astimezone(force.zone):%m-%d %H:%M}"


def _wrong(code: str, message: str, remedy: str, **values: object) -> Finding:
    return Finding(code, "error", message, remedy, Place(), values)


def _refused(code: str, message: str, remedy: str, **values: object) -> QinwuError:
    return QinwuError([_wrong(code, message, remedy, **values)])
