"""Campaigns and secondments: seen before they are ordered, counted in beat-hours, ended, extended, and asked about when past."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from qinwu.findings import QinwuError
from tests.board.conftest import START, clock
from tests.board.test_today import wanted

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def beat_officer(force: InForce) -> tuple[str, str]:
    """Return an officer who is accountable for a beat and has duty within the next three days, and the beat."""
    from qinwu.board.access.reach import beats_by_officer
    from qinwu.board.roster.duty_log import duties

    on = {one.officer for one in duties(force, START, START + 3 * DAY)}
    return next((officer, beats[0]) for officer, beats in beats_by_officer(force).items() if officer in on)


def planned(force: InForce, **changes: Any) -> Any:
    """Return a campaign of three days of one beat officer, beginning in an hour."""
    from qinwu.board.roster.campaigns import Planned

    fields: dict[str, Any] = {
        "title": "winter",
        "start": START + HOUR,
        "end": START + 3 * DAY,
        "ordered_by": "bureau 17",
        "hours": 30.0,
        "officers": (beat_officer(force)[0],),
    }
    return Planned(**(fields | changes))


def test_a_beat_loses_the_duty_of_its_officer_and_no_more(force: InForce) -> None:
    """The hours a beat loses are those of its officer's own roster within the window, counted once, whoever else is sent."""
    from qinwu.board.roster.campaigns import preview
    from qinwu.board.roster.duty_log import duties

    officer, beat = beat_officer(force)
    plan = planned(force)
    due = sum(one.hours for one in duties(force, plan.start, plan.end) if one.officer == officer)
    found = preview(force, plan)
    assert due > 0
    assert {one.beat: one.hours for one in found.beats}[beat] == pytest.approx(due)
    assert found.hours == pytest.approx(71.0)
    assert all(one.officer == officer for each in found.beats for one in each.pieces)


def test_the_preview_is_what_the_cover_says_afterwards(force: InForce) -> None:
    """Gaps foreseen with the campaign are the gaps of the days once it is ordered; before, nothing is kept."""
    from qinwu.board.models import Absence
    from qinwu.board.roster.campaigns import order, preview
    from qinwu.board.roster.cover import lacks

    everybody = tuple(officer.id for officer in force.station.force)[:8]
    plan = planned(force, officers=everybody)
    found = preview(force, plan)
    assert not Absence.objects.exists()
    assert list(found.before) == lacks(force, found.first)
    order(force, plan, "chief")
    assert list(found.after) == lacks(force, found.first)
    assert found.opened > 0
    assert found.fewest[1] <= found.fewest[0]


def test_the_week_is_held_against_the_limit_of_the_room(force: InForce) -> None:
    """Where everybody is sent for three days, ad-hoc work passes the alarm of a tenth; nobody sent long stays below it."""
    from qinwu.board.roster.campaigns import preview

    everybody = tuple(officer.id for officer in force.station.force)
    much = preview(force, planned(force, officers=everybody))
    assert max(week.share for week in much.weeks) > much.limit
    little = preview(force, planned(force, end=START + 2 * HOUR))
    assert max(week.share for week in little.weeks) < little.limit


def test_hours_of_the_day_make_one_absence_a_day(force: InForce) -> None:
    """Nights from eight to two are one absence a night, also past midnight, cut to the window."""
    from qinwu.board.roster.campaigns import absences_of

    nights = absences_of(force, planned(force, daily=(time(20), time(2))))
    spans = [(one.end - one.start) / HOUR for one in nights if one.end]
    assert spans == [6.0, 6.0, 6.0][: len(spans)]
    assert len(spans) == 3
    evening = absences_of(force, planned(force, daily=(time(9), time(12))))
    assert next((one.end - one.start) / HOUR for one in evening if one.end) == 1.0


def test_everything_wrong_with_a_campaign_is_said(force: InForce) -> None:
    """No title, no order, no hours, nobody, an end before the start; an unknown officer; one who is away already."""
    from qinwu.board.models import Campaign
    from qinwu.board.roster.absences import order as order_away
    from qinwu.board.roster.campaigns import order

    with pytest.raises(QinwuError) as refused:
        order(force, planned(force, title=" ", ordered_by="", hours=0.0, officers=(), end=START), "chief")
    codes = {one.code for one in refused.value.findings}
    assert codes == {"no-title", "no-order", "no-hours", "nobody", "end-before-start", "past"}
    officer = beat_officer(force)[0]
    training = wanted(force, officer=officer, kind="training", start=START + 5 * HOUR, end=START + 6 * HOUR, ordered_by="bureau")
    order_away(force, training, "chief")
    with pytest.raises(QinwuError) as refused:
        order(force, planned(force, officers=(officer, "nobody")), "chief")
    assert {one.code for one in refused.value.findings} == {"away-already", "unknown-officer"}
    assert not Campaign.objects.exists()


def test_planned_ordered_and_taken(force: InForce) -> None:
    """A day into a campaign of three its taken hours are those passed; ended now, what is left is called off."""
    from qinwu.board.roster.absences import absent_at
    from qinwu.board.roster.campaigns import end, order, standing

    officer = beat_officer(force)[0]
    campaign = order(force, planned(force), "chief")
    with clock(START + DAY):
        line = standing(force, START + DAY)[0]
        assert line.state == "running"
        assert (line.taken, line.ordered) == pytest.approx((23.0, 71.0))
        assert line.over_plan
        assert officer in absent_at(START + DAY)
        end(campaign, "chief")
        assert officer not in absent_at(START + DAY + HOUR)
        over = standing(force, START + DAY + HOUR)[0]
        assert over.state == "over"
        assert over.ordered == pytest.approx(23.0, abs=0.01)
        with pytest.raises(QinwuError, match="over already"):
            end(campaign, "chief")


def test_who_is_past_the_return_date_comes_first(force: InForce) -> None:
    """A secondment past its date stays on the page until somebody says the officer is back; extended, it counts as away again."""
    from qinwu.board.roster.absences import absent_at, order
    from qinwu.board.roster.secondments import Later, extend, not_back, returned, secondments

    officer = beat_officer(force)[0]
    other = next(one.id for one in force.station.force if one.id != officer)
    late = order(
        force, wanted(force, officer=officer, kind="secondment", end=START + DAY, ordered_by="bureau 1", to_unit="brigade"), "chief"
    )
    order(force, wanted(force, officer=other, kind="secondment", end=None, ordered_by="bureau 2", to_unit="brigade"), "chief")
    with clock(START + 2 * DAY):
        at = START + 2 * DAY
        assert [(one.absence.officer, one.state) for one in secondments(force, at)] == [(officer, "late"), (other, "open")]
        assert not_back(at) == 1
        with pytest.raises(QinwuError) as refused:
            extend(Later(late, at - HOUR, ""), "chief")
        assert {one.code for one in refused.value.findings} == {"past", "no-order"}
        extend(Later(late, at + DAY, "bureau 3"), "chief")
        assert officer in absent_at(at)
        assert not_back(at) == 0
        returned(late, "chief")
        assert officer not in absent_at(at + HOUR)
        assert [one.absence.officer for one in secondments(force, at)] == [other]


def test_a_later_return_date_is_seen_before_it_is_kept(seat: Callable[..., Client], force: InForce) -> None:
    """The first sending shows what the longer time costs the beat and changes nothing; no later than before is refused."""
    from qinwu.board.roster.absences import order

    officer, beat = beat_officer(force)
    away = order(
        force, wanted(force, officer=officer, kind="secondment", end=START + DAY, ordered_by="bureau 1", to_unit="brigade"), "chief"
    )
    chief, address = seat("chief"), f"/campaigns/extend/{away.pk}"
    form = {"end": f"{START + 9 * DAY:%Y-%m-%dT%H:%M}", "ordered_by": "bureau 2"}
    page = chief.post(address, form).content.decode()
    assert f"Keeping {officer} at brigade until" in page
    assert beat in page
    away.refresh_from_db()
    assert away.end == START + DAY
    key = re.search(r'name="seen" value="(\w+)"', page)
    assert key is not None
    assert chief.post(address, form | {"seen": key[1]}).status_code == 302
    away.refresh_from_db()
    assert (away.end is not None and away.end > START + 8 * DAY, away.ordered_by) == (True, "bureau 2")
    sooner = chief.post(address, form | {"end": f"{START + 2 * DAY:%Y-%m-%dT%H:%M}"})
    assert sooner.status_code == 422
    assert "no later than the old one" in sooner.content.decode()
    assert chief.post(address, {"end": "", "ordered_by": "bureau 3"}).status_code == 422
    assert chief.post(address, form | {"end": "2030-01-01T08:00"}).status_code == 422


def test_on_the_page_it_is_seen_before_it_is_ordered(seat: Callable[..., Client], force: InForce) -> None:
    """The first sending of the form orders nothing and shows the cost; confirming it orders; changing a field shows it again."""
    from qinwu.board.models import Absence, Campaign

    chief = seat("chief")
    officer, beat = beat_officer(force)
    form = {"title": "winter", "start": "2026-03-04T18:00", "end": "2026-03-07T08:00", "ordered_by": "bureau 17", "hours": "40"}
    form |= {"officers": officer, "since": "", "until": ""}
    seen = chief.post("/campaigns/order", form)
    assert seen.status_code == 200
    assert not Campaign.objects.exists()
    page = seen.content.decode()
    assert beat in page
    key = re.search(r'name="seen" value="(\w+)"', page)
    assert key is not None
    changed = chief.post("/campaigns/order", form | {"seen": key[1], "hours": "41"})
    assert changed.status_code == 200
    assert not Campaign.objects.exists()
    assert chief.post("/campaigns/order", form | {"seen": key[1]}).status_code == 302
    assert Campaign.objects.get().hours_planned == 40
    assert Absence.objects.get().campaign == Campaign.objects.get()
    assert "winter" in seat("officer").get("/campaigns").content.decode()
    wrong = chief.post("/campaigns/order", form | {"since": "20:00", "hours": "many", "title": "kept title"})
    assert wrong.status_code == 422
    assert 'value="kept title"' in wrong.content.decode()


def seconded(force: InForce, **changes: Any) -> Any:
    """Return a secondment of a beat officer to the brigade, for two weeks from now."""
    from qinwu.board.roster.absences import Wanted

    fields: dict[str, Any] = {
        "officer": beat_officer(force)[0],
        "kind": "secondment",
        "start": START + HOUR,
        "end": START + 14 * DAY,
        "ordered_by": "bureau 17",
        "to_unit": "patrol brigade",
    }
    return Wanted(**(fields | changes))


def test_the_cost_of_a_secondment_is_that_of_its_hours(force: InForce) -> None:
    """The beat loses its officer's own duty in these two weeks; without a return date four weeks are told; nothing is kept."""
    from qinwu.board.models import Absence
    from qinwu.board.roster.duty_log import duties
    from qinwu.board.roster.secondments import cost

    officer, beat = beat_officer(force)
    for end, until in ((START + 14 * DAY, START + 14 * DAY), (None, START + HOUR + 28 * DAY)):
        found = cost(force, seconded(force, end=end))
        due = sum(one.hours for one in duties(force, START + HOUR, until) if one.officer == officer)
        assert {one.beat: one.hours for one in found.beats}[beat] == pytest.approx(due)
    assert due > 0
    assert not Absence.objects.exists()


def test_the_weeks_of_a_secondment_are_held_against_the_cap(force: InForce) -> None:
    """The share of the week that is ad hoc is larger with the order, by the officer's own hours, and has its limit beside it."""
    from qinwu.board.roster.secondments import cost

    found = cost(force, seconded(force, start=START, end=START + 3 * DAY))
    assert found.limit == pytest.approx(0.1)
    assert found.weeks[0].ad_hoc_h > 0
    assert 0 < found.weeks[0].share < 1


def test_everything_wrong_with_a_secondment_is_said(force: InForce) -> None:
    """No unit, no order, an end before the start, longer than a year."""
    from qinwu.board.roster.secondments import cost

    with pytest.raises(QinwuError) as refused:
        cost(force, seconded(force, to_unit=" ", ordered_by="", end=START))
    assert {one.code for one in refused.value.findings} == {"no-unit", "no-order", "end-before-start"}
    with pytest.raises(QinwuError) as refused:
        cost(force, seconded(force, end=START + 400 * DAY))
    assert {one.code for one in refused.value.findings} == {"too-long"}


@pytest.mark.parametrize("address", ["/campaigns/second", "/today/order"])
def test_a_secondment_is_ordered_only_after_its_cost_was_seen(force: InForce, seat: Callable[..., Client], address: str) -> None:
    """The first press shows unit, period and cost and keeps nothing; changed, it is shown anew; confirmed, it is ordered."""
    from qinwu.board.models import Absence, TrailEntry

    desk, officer = seat("chief"), beat_officer(force)[0]
    form = {
        "officer": officer,
        "kind": "secondment",
        "to_unit": "patrol brigade",
        "start": "2026-03-04T12:00",
        "end": "2026-03-18T12:00",
    }
    form["ordered_by"] = "bureau 17"
    page = desk.post(address, form).content.decode()
    assert f"Sending {officer} to patrol brigade until 03-18 12:00 costs beats" in page
    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen is not None
    assert not Absence.objects.exists()
    assert desk.post(address, form | {"seen": seen[1], "end": "2026-03-25T12:00"}).status_code == 200
    assert not Absence.objects.exists()
    assert desk.post(address, form | {"seen": seen[1]}).status_code == 302
    kept = Absence.objects.get()
    assert (kept.officer, kept.to_unit, kept.state) == (officer, "patrol brigade", "approved")
    assert "patrol brigade" in TrailEntry.objects.get(action="absence.order").content
    assert "patrol brigade" in desk.get("/campaigns").content.decode()
