"""A day of the demonstration: skills that lapse soon, courses held and lost, equipment given out, swaps waiting for an answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from qinwu.board.clock import now
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Member, Swap
from qinwu.board.roster import absences, bookings, equipment, skills, swaps
from qinwu.board.roster.in_crew import Book, Duty
from qinwu.board.roster.rostered import midnight
from qinwu.language import N_, said

BY = "demo"
ORDERED_BY = N_("County bureau, command order 2-117 (sample)")
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LICENCE_DAYS = (900, 21, 400, 720, 48, -6, 300, 1100)
"""For how many days the driver's skill of one officer after the other still holds."""
TRIED = 12
COURSE_WEEKS = (-9, -7, -6, -4, -3, -2, -1, 1, 2, 3)
STOCK = (("vehicle", 5), ("radio", 24), ("body_camera", 12), ("interview_room", 2))
CODES = {"vehicle": "V", "radio": "R", "body_camera": "C", "interview_room": "ROOM"}


def seed(_force: InForce) -> None:
    """Put it in, for the duty system in force by now: another part of the demonstration may have signed one."""
    force, at = in_force(), now()
    officers = [name for label in force.plan.crews for name in label.officers]
    if officers:
        _skills(force, officers, skills.day_at(force, at))
        _training(force, officers, midnight(force, skills.day_at(force, at)))
        _equipment(force)
        account = Member.objects.filter(user__username="officer").exclude(officer="").first()
        _swaps(force, account.officer if account else officers[0])


def _skills(force: InForce, officers: list[str], day: date) -> None:
    drivers = [name for name in officers if "driver" in force.station.force.by_id()[name].skills]
    for name, left in zip(drivers, LICENCE_DAYS * len(drivers), strict=False):
        until = day + left * DAY
        since = min(until - 1095 * DAY, day - 30 * DAY)
        skills.keep(force, skills.Written(name, "driver", since, until, f"D-{name}"), BY)
    for number, name in enumerate(officers[::4]):
        until = day + (35 + 70 * number) * DAY
        skills.keep(force, skills.Written(name, "first_aid", until - 730 * DAY, until, f"A-{name}"), BY)


def _training(force: InForce, officers: list[str], today: datetime) -> None:
    for number, weeks in enumerate(COURSE_WEEKS):
        start = today + weeks * 7 * DAY + 9 * HOUR
        course = absences.Wanted(officers[number % len(officers)], "training", start, start + 6 * HOUR)
        absences.answer(absences.ask(force, course, BY), approved=True, by=BY)
    start = today + COURSE_WEEKS[-1] * 7 * DAY + 9 * HOUR
    officer = officers[(len(COURSE_WEEKS) - 1) % len(officers)]
    meeting = absences.Wanted(
        officer, "meeting", start, start + 3 * HOUR, said(ORDERED_BY), said(N_("witness in court")), start + 7 * DAY
    )
    absences.order(force, meeting, BY)


def _equipment(force: InForce) -> None:
    pieces = {
        kind: [equipment.enter(force, f"{CODES[kind]}{number:02d}", kind, "", BY) for number in range(1, count + 1)]
        for kind, count in STOCK
    }
    equipment.put(pieces["vehicle"][-1], "repair", BY, said(N_("brakes")))
    equipment.need(force, "", "radio", 1, BY)
    groups = [one.id for one in force.loaded.system.crews if one.form == "team"]
    for group in groups:
        equipment.need(force, group, "vehicle", 1, BY)
    crews = [label.id for label in force.plan.crews if label.officers]
    for radio, crew in zip(pieces["radio"], crews, strict=False):
        equipment.give(force, radio, crew, BY)
    equipment.give(force, pieces["interview_room"][0], crews[0], BY)
    later = bookings.Wanted(crews[-1], now() + 3 * HOUR, now() + 5 * HOUR)
    bookings.book(force, pieces["interview_room"][1], later, BY)


def _swaps(force: InForce, officer: str) -> None:
    """Ask for two swaps: one of the officer who has a demonstration account, agreed; one that waits for that officer's word."""
    first = midnight(force, skills.day_at(force, now())) + DAY
    last = first + 14 * DAY
    whole = [one for one in Book.of(force, first, last).duties(first, last) if first < one.start and one.end < last]
    ahead = sorted(whole, key=lambda one: (one.start, one.officer))
    own = [one for one in ahead if one.officer == officer]
    others = [one for one in ahead if one.officer != officer]
    if own and (agreed := _possible(force, own[0], others, hard=False)):
        swaps.agree(agreed, agreed=True, by=BY)
    if len(own) > 1 and others:
        _possible(force, others[0], own[1:], hard=True)


def _possible(force: InForce, given: Duty, others: list[Duty], *, hard: bool) -> Swap | None:
    """Keep the first swap of a duty that fits the roster and breaks a hard rule, or none; None where there is no such."""
    for back in others[:TRIED]:
        wanted = swaps.Wanted(given.officer, back.officer, given, back, said(N_("an examination")))
        if not swaps.problems(force, wanted) and any(one.rule.hard for one in swaps.breaks(force, wanted)) == hard:
            return swaps.ask(force, wanted, BY)
    return None
