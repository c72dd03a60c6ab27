"""Work: fixed blocks stand inside duty windows, never two at once, at most so many out; flexible work is a rate."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.duty.compile import compile_with_findings
from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.work import even_blocks
from qinwu.findings import Finding, QinwuError
from tests.duty.small_systems import Table, always, named, quarters, squad
from tests.stations import nine_atoms

HOUR, DAY, WEEK = 3600.0, 86400.0, 604800.0
WORKDAY = {"id": "work", "start": "09:00", "hours": 8}


def weekdays(*work: Table, people: int = 1, count: int | None = None) -> tuple[ResponsePlan, tuple[Finding, ...]]:
    """Compile crews that work Monday to Friday 09:00 to 17:00, and have this work to do."""
    system = quarters(
        squad=[squad("duty", staff={"sworn": "rest", "auxiliary": "rest"})],
        watch=[WORKDAY],
        pattern=[{"id": "week", "days": ["work"] * 5 + ["off"] * 2}],
        crews=[{"id": "duty", "squad": "duty", "form": "team", "people": people, "pattern": "week", "count": count}],
        dispatch={"order": [{"id": "all", "tiers": [{"who": "station"}, {"who": "neighbour"}]}]},
        work=work,
    )
    return compile_with_findings(nine_atoms(), system)


def meal(**values: object) -> Table:
    return named("meal", **{"kind": "meal", "at": "12:00", "minutes": 30, "yields_to": 1, **values})


def blocks(plan: ResponsePlan, crew: int) -> list[tuple[float, float]]:
    duty = plan.duty
    mine = duty.block_crew == crew
    return list(zip(duty.block_s[mine].tolist(), duty.block_len_s[mine].tolist(), strict=True))


def found(findings: Sequence[Finding], code: str) -> list[Finding]:
    return [finding for finding in findings if finding.code == code]


def test_a_meal_is_a_block_on_every_duty_day_that_covers_it() -> None:
    """Five noon blocks of half an hour for each crew, none at the weekend."""
    plan, _ = weekdays(meal(), count=2)
    for crew in (0, 1):
        assert blocks(plan, crew) == [(day * DAY + 12 * HOUR, 1800.0) for day in range(5)]
    assert plan.block_kinds == ("meal",)
    assert set(plan.duty.block_yields.tolist()) == {1}
    assert not blocks(plan, 2)


def test_weekdays_limit_a_block() -> None:
    """Training on Wednesdays is on day 2 alone."""
    plan, _ = weekdays(meal(weekdays=[2, 6]), count=1)
    assert blocks(plan, 0) == [(2 * DAY + 12 * HOUR, 1800.0)]


def test_staggered_meals_leave_at_most_so_many_crews_out() -> None:
    """Five crews, two out at once: starts at 12:00, 12:30 and 13:00."""
    plan, _ = weekdays(meal(stagger=True, max_out=2), count=5)
    monday = sorted(start for crew in range(5) for start, _ in blocks(plan, crew) if start < DAY)
    assert monday == [12 * HOUR, 12 * HOUR, 12.5 * HOUR, 12.5 * HOUR, 13 * HOUR]


def test_a_block_that_cannot_be_shifted_later_goes_earlier() -> None:
    """At 16:30 one crew is out and the window ends at 17:00: the second goes at 16:00."""
    plan, findings = weekdays(meal(at="16:30", stagger=True, max_out=1), count=2)
    assert [blocks(plan, crew)[0][0] for crew in (0, 1)] == [16.5 * HOUR, 16 * HOUR]
    assert not found(findings, "work-does-not-fit")


def test_a_block_is_cut_short_by_the_end_of_the_window() -> None:
    """Two hours from 16:00 in a window until 17:00 are one hour."""
    plan, _ = weekdays(meal(at="16:00", minutes=120), count=1)
    assert blocks(plan, 0)[0] == (16 * HOUR, HOUR)


def test_blocks_that_find_no_room_are_counted() -> None:
    """Eight hours of meeting and a meal do not fit one day: five meals a week are lost."""
    plan, findings = weekdays(meal(at="09:00", minutes=480), named("late", kind="meeting", at="12:00", minutes=30), count=1)
    assert [block[1] for block in blocks(plan, 0)] == [8 * HOUR] * 5
    (lost,) = found(findings, "work-does-not-fit")
    assert (lost.values["count"], lost.values["work"]) == (5, "late")


def test_two_works_of_one_time_follow_each_other() -> None:
    """A meeting at the time of the meal comes after it."""
    plan, _ = weekdays(meal(), named("meeting", kind="meeting", at="12:00", minutes=60), count=1)
    assert blocks(plan, 0)[:2] == [(12 * HOUR, 1800.0), (13 * HOUR, HOUR)]


def test_weekly_hours_that_do_not_yield_to_all_are_spread_over_duty_days() -> None:
    """Ten hours a week become five blocks of two hours, one a day, in the daytime."""
    plan, _ = weekdays(named("case", kind="other", hours_per_week=10, yields_to=2), count=1)
    assert [length for _, length in blocks(plan, 0)] == [2 * HOUR] * 5
    assert [start // DAY for start, _ in blocks(plan, 0)] == [0, 1, 2, 3, 4]
    assert plan.crew.flexible.tolist() == [0, 0]


def test_spread_hours_avoid_the_night() -> None:
    """Of a day-and-night watch, work is put between 08:00 and 20:00 while there is room."""
    system = quarters(work=[named("case", kind="other", hours_per_week=12, yields_to=1, who="squad:duty")])
    plan, _ = compile_with_findings(nine_atoms(), system)
    hours = plan.duty.block_s % DAY / HOUR
    assert len(hours) > 0
    assert (hours >= 8).all()
    assert (hours + plan.duty.block_len_s / HOUR <= 20).all()


def test_secondment_is_away_and_the_beat_is_not() -> None:
    """Blocks of work elsewhere or at the base leave the beat unattended; those in the beat do not."""
    works = [
        named("lent", kind="secondment", hours_per_week=4, yields_to=0, where="away"),
        named("desk", kind="desk", at="10:00", minutes=60, where="base"),
        named("visit", kind="beat_visit", at="14:00", minutes=60),
    ]
    plan, _ = weekdays(*works, count=1)
    away = {plan.block_kinds[kind]: int(away) for kind, away in zip(plan.duty.block_kind, plan.duty.block_away, strict=True)}
    assert away == {"secondment": 1, "desk": 1, "beat_visit": 0}
    assert 0 in plan.duty.block_yields.tolist()


def test_flexible_work_is_a_rate_of_duty_time() -> None:
    """Ten hours of visits in forty hours on duty fall due at a quarter of the time on duty."""
    plan, _ = weekdays(named("visit", kind="beat_visit", hours_per_week=10))
    assert plan.crew.flexible[0] == pytest.approx(0.25)
    assert len(plan.duty.block_s) == 0


def test_members_do_flexible_work_side_by_side() -> None:
    """In a crew of two, ten hours for each are ten hours of the crew; work of one member counts beside it."""
    works = [named("visit", kind="beat_visit", hours_per_week=10), named("own", kind="other", who="officer:P01", hours_per_week=2)]
    plan, _ = weekdays(*works, people=2)
    assert plan.crew.flexible[:2] == pytest.approx([12 / 40, 10 / 40])


def test_more_work_than_duty_hours_names_officer_and_hours() -> None:
    """Thirty flexible hours, eight seconded ones and a daily hour are 43 of 40: the officer is told, the rate stays below one."""
    works = [
        named("visit", kind="beat_visit", hours_per_week=30, who="officer:P01"),
        named("lent", kind="secondment", hours_per_week=8, yields_to=1, who="officer:P01"),
        meal(minutes=60, who="officer:P01"),
    ]
    plan, findings = weekdays(*works)
    (told,) = found(findings, "more-work-than-duty-hours")
    assert told.severity == "warning"
    assert told.values == {"officers": "P01", "required": "43.0", "available": "40.0"}
    plan, findings = weekdays(named("visit", kind="beat_visit", hours_per_week=60, who="officer:P01"))
    assert plan.crew.flexible[0] < 1
    assert len(found(findings, "more-work-than-duty-hours")) == 1


@pytest.mark.parametrize(("who", "near"), [("beat", "beats"), ("squad:dutty", "squad:duty"), ("nobody at all", "")])
def test_work_for_unknown_people_is_an_error(who: str, near: str) -> None:
    """A word that names no officers is told with the nearest."""
    with pytest.raises(QinwuError) as caught:
        weekdays(named("visit", kind="beat_visit", hours_per_week=1, who=who))
    (finding,) = caught.value.findings if len(caught.value.findings) == 1 else found(caught.value.findings, "unknown-worker")
    assert (finding.values["near"], finding.place.key) == (near, "work.visit.who")


def test_always_on_crews_have_their_meals_too() -> None:
    """A crew that never leaves has a meal each of the seven days."""
    system = quarters(
        squad=[squad("duty", staff={"sworn": "rest", "auxiliary": "rest"})],
        **always({"id": "duty", "squad": "duty", "form": "team", "people": 2}),
        dispatch={"order": [{"id": "all", "tiers": [{"who": "station"}]}]},
        work=[meal()],
    )
    plan, _ = compile_with_findings(nine_atoms(), system)
    assert len(blocks(plan, 0)) == 7


@st.composite
def works(draw: st.DrawFn) -> Table:
    """Any work, at a clock time or of some hours a week."""
    kind = draw(st.sampled_from(["meal", "training", "secondment", "desk"]))
    values: Table = {
        "kind": kind,
        "yields_to": draw(st.integers(0, 4)),
        "who": draw(st.sampled_from(["all", "beats", "squad:duty"])),
    }
    if draw(st.booleans()):
        values |= {"at": f"{draw(st.integers(0, 23)):02d}:30", "minutes": draw(st.sampled_from([20, 60, 200]))}
        values |= {"stagger": draw(st.booleans()), "max_out": draw(st.integers(1, 3))}
        return values | {"weekdays": draw(st.lists(st.integers(0, 6), min_size=1, unique=True))}
    return values | {"hours_per_week": draw(st.sampled_from([0.2, 1, 7.5, 30, 80]))}


@settings(max_examples=40, deadline=None)
@given(st.lists(works(), min_size=1, max_size=4))
def test_blocks_stand_in_windows_and_never_two_at_once(drawn: list[Table]) -> None:
    """Each minute of every block is a minute on duty of its crew, used once; staggered work never has too many out."""
    tables = [named(f"w{number}", **one) for number, one in enumerate(drawn)]
    plan, _ = compile_with_findings(nine_atoms(), quarters(work=tables))
    duty = plan.duty
    minutes = round(duty.cycle_s / 60)
    on = np.zeros((len(plan.crews), minutes), dtype=bool)
    for crew, start, end in zip(duty.event_crew, duty.event_s, duty.event_end_s, strict=True):
        on[crew, np.arange(start // 60, end // 60).astype(int) % minutes] = True
    at = np.arange(0, 60 * minutes, 60.0) + 30
    used = np.zeros(on.shape, dtype=int)
    assert (np.diff(duty.block_s) >= 0).all()
    for crew, start, length in zip(duty.block_crew, duty.block_s, duty.block_len_s, strict=True):
        used[crew] += (at - start) % duty.cycle_s < length
    assert used.max(initial=0) <= 1
    assert not (used > on).any()


@given(
    spans=st.lists(st.tuples(st.integers(0, 300), st.integers(1, 60)), min_size=1, max_size=6),
    need=st.floats(600, 400_000),
    offset=st.floats(0, 0.999),
)
def test_even_blocks_meet_the_need_or_take_all(spans: list[tuple[int, int]], need: float, offset: float) -> None:
    """Blocks are inside the free spans, apart, of two hours at most, and sum to the need where the spans are large enough."""
    free: list[tuple[float, float]] = []
    at = 0.0
    for gap, length in spans:
        free.append((at + gap * 60.0, at + gap * 60.0 + length * HOUR / 4))
        at = free[-1][1]
    chosen = even_blocks(free, need, offset)
    assert all(end - start <= 2 * HOUR + 1e-6 for start, end in chosen)
    assert all(any(a - 1e-6 <= start and end <= b + 1e-6 for a, b in free) for start, end in chosen)
    assert all(one[1] <= two[0] + 1e-6 for one, two in pairwise(chosen))
    total, room = sum(end - start for start, end in chosen), sum(end - start for start, end in free)
    assert total == pytest.approx(min(need, room))


def test_a_meal_gives_way_to_a_campaign() -> None:
    """What nothing may interrupt keeps its clock, though a meal stands before it in the file; the meal moves."""
    campaign = named("raid", kind="campaign", at="12:00", minutes=120, yields_to=0, who="all")
    plan, _ = weekdays(meal(), campaign, count=1)
    starts = {
        kind: {begin % DAY for begin, length in blocks(plan, 0) if length == minutes * 60.0}
        for kind, minutes in (("raid", 120), ("meal", 30))
    }
    assert starts["raid"] == {12 * HOUR}
    assert 12 * HOUR not in starts["meal"]
    assert len(starts["meal"]) == 1
