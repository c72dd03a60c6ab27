"""Swaps: asked, agreed, checked, approved; who is in the crew then, and who is not any more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qinwu.findings import QinwuError
from tests.board.conftest import PASSWORD, START

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce
    from qinwu.board.models import Swap
    from qinwu.board.roster.in_crew import Duty

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FAIR = "both asked for it"


def duties(force: InForce, officer: str = "", days: int = 14) -> list[Duty]:
    """Return duties to come, of an officer or of all, by time."""
    from qinwu.board.roster.in_crew import Book
    from qinwu.board.roster.rostered import midnight

    first = midnight(force, START.date()) + DAY
    found = Book.of(force, first, first + days * DAY).duties(first, first + days * DAY)
    whole = [one for one in found if first < one.start and one.end < first + days * DAY]
    return sorted((one for one in whole if officer in ("", one.officer)), key=lambda one: (one.start, one.officer))


def fits(force: InForce, given: Duty, back: Duty | None = None) -> bool:
    """Return whether a swap of two duties breaks no hard rule."""
    from qinwu.board.roster.swaps import breaks, problems, wanted_of

    swap = unsaved(given, back)
    return not problems(force, wanted_of(swap)) and not any(one.rule.hard for one in breaks(force, wanted_of(swap)))


def unsaved(given: Duty, back: Duty | None = None, other: str = "") -> Swap:
    """Return a swap that nobody has asked for."""
    from qinwu.board.models import Swap

    values: dict[str, Any] = {"other": other}
    if back:
        values = {"other": back.officer, "other_crew": back.crew, "other_start": back.start, "other_end": back.end}
    return Swap(officer=given.officer, crew=given.crew, start=given.start, end=given.end, **values)


def pair(force: InForce, *, hard: bool = False) -> tuple[Duty, Duty]:
    """Return two duties of two officers whose swap keeps the hard rules, or breaks one."""
    from qinwu.board.roster.swaps import breaks, problems, wanted_of

    for given in duties(force):
        for back in duties(force):
            if back.officer == given.officer or back.start < given.end or problems(force, wanted_of(unsaved(given, back))):
                continue
            if any(one.rule.hard for one in breaks(force, wanted_of(unsaved(given, back)))) == hard:
                return given, back
    raise AssertionError


def asked(force: InForce, given: Duty, back: Duty | None = None, other: str = "") -> Swap:
    """Ask for a swap, and let the other agree."""
    from qinwu.board.roster import swaps

    found = swaps.ask(force, swaps.Wanted(given.officer, back.officer if back else other, given, back, "exam"), given.officer)
    swaps.agree(found, agreed=True, by=found.other)
    return found


def approved(force: InForce) -> tuple[Swap, Duty, Duty]:
    """Return a swap that a chief approved, and its two duties."""
    from qinwu.board.roster import swaps

    given, back = pair(force)
    found = asked(force, given, back)
    swaps.answer(force, found, approved=True, by="chief", why=FAIR)
    return found, given, back


def in_crews(force: InForce, officer: str, at: datetime) -> list[str]:
    """Return the crews on duty in which the board has an officer at a time."""
    from qinwu.board.dispatch.at_hand import at_hand

    hand = at_hand(force, at)
    return [label.id for k, label in enumerate(force.plan.crews) if hand.situation.crews[k].on_duty and officer in hand.officers[k]]


def test_after_approval_the_other_is_in_the_crew(force: InForce) -> None:
    """At hand, the bars of the day, and the rights to the crew follow a swap for its time and no longer."""
    from qinwu.board.roster.cover import day_of
    from qinwu.board.roster.in_crew import crews_of

    _swap, given, back = approved(force)
    for one, taker in ((given, back.officer), (back, given.officer)):
        during, after = one.start + HOUR, one.end + HOUR
        assert one.crew in in_crews(force, taker, during)
        assert one.crew not in in_crews(force, one.officer, during)
        assert one.crew in crews_of(force, taker, during)
        assert one.crew not in crews_of(force, one.officer, during)
        assert one.crew not in crews_of(force, taker, after)
        bar = next(bar for bar in day_of(force, one.start.date()) if bar.crew == one.crew and bar.start <= one.start < bar.end)
        assert (bar.officers, bar.by_swap) == ((taker,), (taker,))


def test_nothing_changes_before_approval(force: InForce) -> None:
    """A swap that is asked and agreed leaves everybody where the roster has them."""
    given, back = pair(force)
    asked(force, given, back)
    assert given.crew in in_crews(force, given.officer, given.start + HOUR)
    assert given.crew not in in_crews(force, back.officer, given.start + HOUR)


def test_skills_and_powers_go_with_the_officer(force: InForce) -> None:
    """The crew may do what the officer who came may do, not what the one who left might."""
    from dataclasses import replace

    from qinwu.board.dispatch.at_hand import at_hand
    from qinwu.board.roster import swaps
    from qinwu.board.roster.skills import held

    may = held(force, START)
    given, back = next(
        (one, two)
        for one in duties(force)
        for two in duties(force)
        if one.officer != two.officer and may[one.officer] != may[two.officer] and fits(force, one, two)
    )
    swaps.answer(force, asked(force, given, back), approved=True, by="chief", why=FAIR)
    crew = at_hand(force, given.start + HOUR).situation.crews[force.crew(given.crew)]
    names = {name for bit, name in enumerate(force.plan.skills) if crew.skills >> bit & 1}
    assert names == may[back.officer]
    auxiliary = tuple(replace(one, kind="auxiliary") if one.id == back.officer else one for one in force.station.force)
    weaker = replace(force, station=replace(force.station, force=replace(force.station.force, officers=auxiliary)))
    assert not at_hand(weaker, given.start + HOUR).situation.crews[force.crew(given.crew)].on_duty
    codes = {one.code for one in swaps.problems(weaker, swaps.wanted_of(unsaved(given, back)))}
    assert "no-sworn" in codes


def test_a_hard_rule_is_never_set_aside(force: InForce) -> None:
    """A swap that leaves too little rest is refused with the text of the rule, whatever reason is given."""
    from qinwu.board.roster import swaps

    given, back = pair(force, hard=True)
    found = asked(force, given, back)
    with pytest.raises(QinwuError) as refused:
        swaps.answer(force, found, approved=True, by="chief", why=FAIR)
    hard = [one for one in swaps.breaks(force, swaps.wanted_of(found)) if one.rule.hard]
    assert {one.code for one in refused.value.findings} == {"hard-rule"}
    assert hard[0].rule.name.en in str(refused.value)
    found.refresh_from_db()
    assert found.state == "agreed"
    swaps.answer(force, found, approved=False, by="chief")
    found.refresh_from_db()
    assert found.state == "refused"


def test_a_soft_rule_asks_for_a_reason(force: InForce) -> None:
    """A swap that bends a rule is approved only by somebody who says why, and the reason is kept."""
    from qinwu.board.roster import swaps

    given, back = next(
        (one, two)
        for one in duties(force)
        for two in duties(force)
        if one.officer != two.officer and fits(force, one, two) and swaps.breaks(force, swaps.wanted_of(unsaved(one, two)))
    )
    found = asked(force, given, back)
    with pytest.raises(QinwuError) as refused:
        swaps.answer(force, found, approved=True, by="chief")
    assert {one.code for one in refused.value.findings} == {"soft-rule"}
    swaps.answer(force, found, approved=True, by="chief", why=FAIR)
    found.refresh_from_db()
    assert (found.state, found.answer) == ("approved", FAIR)


def test_a_duty_given_without_return_adds_to_the_week(force: InForce) -> None:
    """Who takes a duty on without giving one has more hours; who gave it has no new break of a rule."""
    from qinwu.board.roster.swaps import breaks, problems, wanted_of

    given = duties(force)[0]
    for other in force.sworn:
        swap = unsaved(given, other=other)
        if not problems(force, wanted_of(swap)):
            assert given.officer not in {
                one.officer for one in breaks(force, wanted_of(swap)) if one.kind in ("rest", "week_hours")
            }


def test_everything_wrong_with_a_swap_is_said(force: InForce) -> None:
    """Somebody unknown, oneself, a duty that is not one's own, one already running, two duties at once."""
    from qinwu.board.roster import swaps
    from qinwu.board.roster.in_crew import Book

    mine = duties(force)[0]

    def codes(*wanted: Any) -> set[str]:
        return {one.code for one in swaps.problems(force, swaps.Wanted(*wanted))}

    assert codes(mine.officer, "P999", mine) == {"unknown-officer"}
    assert codes(mine.officer, mine.officer, mine) == {"one-officer"}
    other = next(one for one in duties(force) if one.officer != mine.officer)
    assert "no-such-duty" in codes(other.officer, mine.officer, mine._replace(officer=other.officer))
    running = next(Book.of(force, START - DAY, START + DAY).duties(START - DAY, START + DAY))
    assert "begun" in codes(running.officer, other.officer, running._replace(end=running.start + HOUR))
    same = next(
        (one, two)
        for one in duties(force)
        for two in duties(force)
        if one.officer != two.officer and one.start < two.end and two.start < one.end
    )
    assert "two-at-once" in codes(same[0].officer, same[1].officer, same[0])


def test_a_swap_is_taken_back_where_somebody_is_away(force: InForce) -> None:
    """Leave of whoever took a duty over ends the swap: the first officer has the duty again, and the trail says why."""
    from qinwu.board.models import TrailEntry
    from qinwu.board.roster import absences

    swap, given, back = approved(force)
    leave = absences.Wanted(back.officer, "leave", given.start + HOUR, given.start + 2 * HOUR)
    absences.answer(absences.ask(force, leave, back.officer), approved=True, by="chief")
    swap.refresh_from_db()
    assert swap.state == "taken_back"
    assert given.crew in in_crews(force, given.officer, given.start + HOUR)
    assert back.crew in in_crews(force, back.officer, back.start + HOUR)
    assert TrailEntry.objects.filter(action="swap.take_back", subject=given.officer).count() == 1


def test_a_swap_with_a_retired_officer_does_not_hold(force: InForce) -> None:
    """An officer who left the file is in no crew; the other keeps the own duty, and the page tells."""
    from dataclasses import replace

    from qinwu.board.roster.gone import gone

    _swap, given, back = approved(force)
    left = tuple(one for one in force.station.force if one.id != back.officer)
    later = replace(force, station=replace(force.station, force=replace(force.station.force, officers=left)))
    assert given.crew in in_crews(later, given.officer, given.start + HOUR)
    assert [one.officer for one in gone(later)] == [back.officer]
    assert gone(force) == []


def test_a_swap_goes_through_the_pages(seat: Callable[..., Client], force: InForce) -> None:
    """One asks, the other agrees, the chief approves with a reason; strangers may do none of it."""
    from qinwu.board.models import Swap
    from qinwu.board.views.swaps import key_of

    given, back = pair(force)
    third = next(name for name in force.sworn if name not in (given.officer, back.officer))
    one, two, three = (seat_of(name) for name in (given.officer, back.officer, third))
    chief = seat("chief")
    form = {"given": key_of(given), "taker": key_of(back), "reason": "exam"}
    assert three.post("/swaps/ask", form).status_code == 422
    assert one.post("/swaps/ask", form).status_code == 302
    swap = Swap.objects.get()
    assert three.post(f"/swaps/{swap.pk}/agree", {"answer": "yes"}).status_code == 403
    assert chief.post(f"/swaps/{swap.pk}/answer", {"answer": "yes", "why": FAIR}).status_code == 409
    assert two.post(f"/swaps/{swap.pk}/agree", {"answer": "yes"}).status_code == 302
    page = chief.get("/today").content.decode()
    assert given.officer in page
    assert chief.post(f"/swaps/{swap.pk}/answer", {"answer": "yes", "why": FAIR}).status_code == 302
    swap.refresh_from_db()
    assert swap.state == "approved"
    assert three.post(f"/swaps/{swap.pk}/take-back", {"why": "no"}).status_code == 403
    assert one.post(f"/swaps/{swap.pk}/take-back", {"why": "exam moved"}).status_code == 302
    wrong = one.post("/swaps/ask", {"given": "nothing", "taker": back.officer, "reason": "kept as typed"})
    assert wrong.status_code == 422
    assert "kept as typed" in wrong.content.decode()


def seat_of(officer: str) -> Client:
    """Return a logged-in client of an officer."""
    from django.test import Client

    from qinwu.board.views.account import make_account

    user = make_account(f"officer-{officer}", PASSWORD, ["officer"], officer=officer, language="en")
    client = Client()
    client.force_login(user, backend="qinwu.board.access.backend.RoleBackend")
    return client
