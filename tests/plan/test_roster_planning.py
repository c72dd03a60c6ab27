"""Planning: against every roster of tiny stations, by the auditor, and the station of thirteen by its arithmetic."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path
from threading import Timer

import numpy as np
import pytest

from qinwu.duty.calendar import DAY_S, make_calendar
from qinwu.duty.compile import compile_plan
from qinwu.duty.crews import form_crews
from qinwu.duty.gaps import minutes_per_week
from qinwu.duty.reading import read_system
from qinwu.duty.roster_rules.packs import read_pack
from qinwu.duty.staffing import staff
from qinwu.findings import QinwuError
from qinwu.plan.duty_file import DutyFile
from qinwu.plan.effort import Effort
from qinwu.plan.roster.arithmetic import hours_of, impossible
from qinwu.plan.roster.asking import Asked
from qinwu.plan.roster.audit import audit
from qinwu.plan.roster.build import build
from qinwu.plan.roster.checking import violations
from qinwu.plan.roster.cost import cost_of
from qinwu.plan.roster.gaps import on_by_minute, roster_gaps
from qinwu.plan.roster.patterns import parse_pattern
from qinwu.plan.roster.people import Absence, Wish
from qinwu.plan.roster.planning import RosterPlan, plan_roster
from qinwu.plan.roster.question import Question
from qinwu.plan.roster.roster import Duty
from qinwu.station.folder import read_station
from qinwu.station.sample import write_sample
from tests.plan.roster_cases import DAY, DUTY, NIGHT, day, lines_of, need, officers, pack, question

QUICK = Effort(seconds=30.0)
FIRST = date(2025, 9, 1)
REST, RUN = {"kind": "rest", "least": 11}, {"kind": "duty_run", "most": 2}
NIGHTS = {"kind": "night_run", "most": 1}


def every_cost(asked: Question) -> list[float]:
    """Return the costs of all rosters that the auditor finds lawful, of those that have each watch filled on each day."""
    built = build(asked)
    count, days, shifts = built.problem.shape
    filled = [each for each in product(range(-1, shifts), repeat=count) if set(range(shifts)) <= set(each)]
    costs = []
    for columns in product(filled, repeat=days):
        at = np.array(columns, dtype=np.int32).T
        if not any(one.hard for one in audit(asked, built.roster(at))):
            costs.append(cost_of(built.problem, at).total)
    return costs


@pytest.mark.parametrize(
    ("rules", "people", "absences", "wishes"),
    [
        ((REST, RUN), officers(3), (), (Wish("S1", day(1)), Wish("S2", day(1)))),
        ((REST, NIGHTS, {"kind": "off_run", "least": 2}), officers(3), (), ()),
        ((REST, {"kind": "week_hours", "most": 42}, {"kind": "protect", "what": ["leave"]}), officers(3), (("S2", 1, 1),), ()),
        ((REST, {"kind": "fair", "what": "nights", "weight": 3}), officers(3), (), (Wish("S3", day(0), "night"),)),
        ((REST, {"kind": "week_days_off", "least": 6}), officers(3), (), ()),
    ],
)
def test_the_plan_is_the_best_of_all_rosters(
    rules: tuple[dict[str, object], ...],
    people: tuple[object, ...],
    absences: tuple[tuple[str, int, int], ...],
    wishes: tuple[Wish, ...],
) -> None:
    """Three officers, three days, a day and a night watch: 12 ways to fill a day, 1,728 rosters, judged by the auditor alone."""
    away = [Absence(name, "leave", day(first), day(last)) for name, first, last in absences]
    asked = question(
        pack(*rules, {"kind": "wishes", "weight": 5}),
        [need(DAY, 1), need(NIGHT, 1)],
        people,  # type: ignore[arg-type]
        3,
        absences=away,
        wishes=wishes,
    )
    costs = every_cost(asked)
    if not costs:
        with pytest.raises(QinwuError):
            plan_roster(asked, QUICK)
        return
    plan = plan_roster(asked, QUICK)
    assert plan.proof is not None
    assert plan.proof.value == pytest.approx(min(costs))
    assert plan.proof.bound == pytest.approx(min(costs))
    assert not [one for one in plan.broken if one.hard]


@pytest.mark.parametrize("seed", range(4))
def test_random_teams_get_rosters_that_auditor_and_referee_accept(seed: int) -> None:
    """Leave, wishes, auxiliaries and a last month at random; the two referees share no code with the search or each other."""
    rng = np.random.default_rng(seed)
    people = officers(int(rng.integers(5, 8)), int(rng.integers(0, 4)))
    names = [one.id for one in people]
    away = [Absence(str(rng.choice(names)), "leave", day(int(start)), day(int(start) + 2)) for start in rng.integers(0, 10, 2)]
    wishes = [Wish(str(rng.choice(names)), day(int(number))) for number in rng.integers(0, 14, 5)]
    rules = pack(
        REST,
        {"kind": "duty_run", "most": 5},
        {"kind": "night_run", "most": 3},
        {"kind": "week_hours", "most": 60},
        {"kind": "sworn"},
        {"kind": "protect", "what": ["leave"]},
        {"kind": "wishes", "weight": 5},
        {"kind": "fair", "what": "nights", "weight": 4},
        {"kind": "off_run", "least": 2, "weight": 3},
    )
    crew = 2 if len(people) > 7 else 1
    before = [Duty(day(-1), name, NIGHT, "post") for name in names[:crew]]
    needs = [need(DAY, crew, 1), need(NIGHT, crew, 1)]
    asked = question(rules, needs, people, 14, crew=crew, absences=away, wishes=wishes, before=before)
    plan = plan_roster(asked, Effort(seconds=1.0, seed=seed + 1))
    assert not [one.finding().text("en") for one in audit(asked, plan.roster) if one.hard]
    kept = [replace(asked, usual=False).without(frozenset(rule.id for rule in plan.dropped))]
    built = build(kept[0])
    assert not violations(built.problem, plan.roster.at)
    assert plan.proof is not None
    assert plan.proof.bound <= plan.proof.value + 1e-6
    assert minutes_per_week(roster_gaps(asked.needs, plan.roster, before), 14 * 1440) == 0


def test_partners_and_the_crew_rule_hold_together() -> None:
    """Partners share every duty; a watch never has more auxiliaries than sworn officers to lead them."""
    rules = pack(REST, {"kind": "pairs"}, {"kind": "sworn"})
    asked = question(rules, [need(DUTY, 2, 1, 3)], officers(4, 4), 7, crew=2, partners=(("S1", "A1"),))
    plan = plan_roster(asked, QUICK)
    lines = lines_of(plan.roster)
    assert lines[0] == lines[4]
    on = np.array([[cell != "." for cell in line] for line in lines])
    assert (on[4:].sum(axis=0) <= on[:4].sum(axis=0)).all()


def test_soft_rules_are_given_up_the_lightest_first_and_named() -> None:
    """Two on 24-hour duty cannot rest two days each; a third of the duties of four can."""
    heavy = {"kind": "rest", "least": 48, "after": 20, "weight": 9, "id": "two-days"}
    light = {"kind": "off_run", "least": 3, "weight": 1, "id": "three-off"}
    asked = question(pack(heavy, light), [need(DUTY, 1)], officers(3), 9)
    plan = plan_roster(asked, QUICK)
    assert [rule.id for rule in plan.dropped] == ["three-off"]
    assert any("three-off" in one.text("en") for one in plan.proof.given_up) if plan.proof else False
    assert not [one for one in plan.broken if one.rule_id == "two-days"]


def test_a_conflict_is_the_smallest_set_with_its_ways_out() -> None:
    """Four officers, leave of two on one day, rest that keeps the others apart: only these are named."""
    away = [Absence("S1", "leave", day(2), day(2)), Absence("S2", "leave", day(2), day(2))]
    rules = pack(REST, {"kind": "night_run", "most": 6}, {"kind": "week_hours", "most": 168})
    asked = question(rules, [need(DAY, 1), need(NIGHT, 1)], officers(3), 5, absences=away)
    with pytest.raises(QinwuError) as refused:
        plan_roster(asked, QUICK)
    found = refused.value.findings
    assert [one.code for one in found if one.severity == "error"] == ["too-few-people"]
    said = " ".join(one.text("en") for one in found)
    assert "2026-01-07" in said
    assert "Move leave of S1" in said


def test_a_conflict_without_arithmetic_is_found_by_leaving_out() -> None:
    """Days off three at a time, and no more than one night in a row, cannot both be with two officers; hours alone allow it."""
    rules = pack({"kind": "off_run", "least": 2}, {"kind": "duty_run", "most": 1}, {"kind": "weekends_off", "least": 1})
    asked = question(rules, [need(DAY, 1)], officers(2), 8)
    assert not impossible(asked)
    with pytest.raises(QinwuError) as refused:
        plan_roster(asked, QUICK)
    text = refused.value.findings[0].text("en")
    assert refused.value.findings[0].code == "no-roster"
    assert "off-run" in text
    assert "duty-run" in text
    assert "weekends-off" not in text


def test_ctrl_c_keeps_the_best_so_far() -> None:
    """A stop set at once still gives a lawful roster, and says that it was stopped."""
    effort = Effort(seconds=60.0)
    rules = pack(REST, {"kind": "fair", "what": "nights", "weight": 3}, {"kind": "week_hours", "most": 42})
    asked = question(rules, [need(DAY, 3), need(NIGHT, 2)], officers(20), 28)
    timer = Timer(1.0, effort.stop.set)
    timer.start()
    plan = plan_roster(asked, effort)
    assert plan.proof is not None
    assert plan.proof.interrupted or plan.proof.status == "optimal"
    assert not [one for one in plan.broken if one.hard]


@pytest.fixture(scope="module")
def thirteen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample station of thirteen."""
    folder = tmp_path_factory.mktemp("rosters") / "station13"
    write_sample(folder, "station13")
    return folder


def asked_of(folder: Path, pack_id: str, pattern: str = "", least: int = 2) -> Question:
    """Return the question of four weeks at a station."""
    station = read_station(folder)
    system = read_system(station.config.current, folder).system
    chosen = parse_pattern(pattern) if pattern else None
    return Asked(station, system, read_pack(pack_id), FIRST, 28, pattern=chosen, least=least).question()[0]


def test_thirteen_cannot_hold_two_around_the_clock_at_48_hours(thirteen: Path) -> None:
    """336 hours are needed, six officers have 288; 24-hour duty by three groups of two closes it at 56 hours each."""
    asked = asked_of(thirteen, "cn_mainland_sample")
    hours = next(each for each in hours_of(asked) if each.posts == ("beat",))
    assert (hours.members, hours.needed, hours.lawful, hours.lacking) == (6, 336.0, 288.0, 48.0)
    with pytest.raises(QinwuError) as refused:
        plan_roster(asked, QUICK)
    said = [one.text("en") for one in refused.value.findings]
    assert "336 officer-hours a week are needed, the 6 may work 288" in said[0]
    assert any("3 groups of 2 in turn, 56 hours a week each" in one for one in said)
    assert any("from 48 to 56 hours a week" in one for one in said)


def test_thirteen_by_eight_hours_lacks_96(thirteen: Path) -> None:
    """Eight hours a day and 40 a week: 240 of 336 hours, and three more officers are the only single way out."""
    asked = asked_of(thirteen, "cn_labour_baseline")
    assert {need.watch.id for need in asked.needs.of("beat")} == {"day8", "evening8", "night8"}
    with pytest.raises(QinwuError) as refused:
        plan_roster(asked, QUICK)
    said = [one.text("en") for one in refused.value.findings]
    assert "the 6 may work 240" in said[0]
    assert "96 are short" in said[0]
    assert any("Add 3 sworn to Beat officers" in one for one in said)


@pytest.fixture(scope="module")
def of_thirteen(thirteen: Path) -> RosterPlan:
    """Four weeks of the station of thirteen on 24-hour duty."""
    return plan_roster(asked_of(thirteen, "cn_mainland_sample", "24/48"), QUICK)


def test_thirteen_on_24_hour_duty_in_three_groups(of_thirteen: RosterPlan) -> None:
    """56 duties of 24 hours by six: nine or ten each, 56 hours a week on average, a leader every day, nobody below two."""
    shares = {share.officer: share for share in of_thirteen.shares if share.posts == ("beat",)}
    assert sorted(share.duties for share in shares.values()) == [9, 9, 9, 9, 10, 10]
    assert sum(share.week_h for share in shares.values()) / 6 == pytest.approx(56.0)
    assert sum(share.duties for share in of_thirteen.shares if share.posts == ("lead",)) == 28
    assert not list(roster_gaps(of_thirteen.asked.needs, of_thirteen.roster))
    owed = {share.officer: share.owed_h for share in shares.values()}
    assert owed == {name: pytest.approx(share.duties * 24 - 160) for name, share in shares.items()}
    assert of_thirteen.proof is not None
    assert of_thirteen.proof.status == "optimal"


def test_what_one_month_leaves_is_made_up_in_the_next(thirteen: Path, of_thirteen: RosterPlan) -> None:
    """Those with ten duties have nine next month, so that over two months all have nineteen or so."""
    asked = asked_of(thirteen, "cn_mainland_sample", "24/48")
    carried = {share.officer: share.next for share in of_thirteen.shares}
    people = replace(asked.people, before=tuple(of_thirteen.roster.duties()), carried=carried)
    later = replace(asked, people=people, first=date(2025, 9, 29))
    plan = plan_roster(later, QUICK)
    first = {share.officer: share.duties for share in of_thirteen.shares if share.posts == ("beat",)}
    both = {share.officer: share.duties + first[share.officer] for share in plan.shares if share.officer in first}
    assert max(both.values()) - min(both.values()) <= 1
    assert not [one for one in plan.broken if one.hard]


@pytest.mark.parametrize("pattern", ["", "24/48"])
def test_the_part_is_a_duty_file_with_the_cover_of_the_roster(thirteen: Path, of_thirteen: RosterPlan, pattern: str) -> None:
    """Written, read again and compiled, as many crews are on duty in each hour as the roster has officers there."""
    plan = of_thirteen if pattern else plan_roster(asked_of(thirteen, "cn_mainland_sample", least=0), Effort(seconds=2.0))
    station = read_station(thirteen)
    duty = DutyFile("tried", {"zh": "试", "en": "Tried"}, {"zh": "试", "en": "Tried"}, station.config.current, plan.part())
    path = thirteen / "duty" / "tried.toml"
    path.write_text(duty.text(), encoding="utf-8")
    try:
        system = read_system("tried", thirteen).system
    finally:
        path.unlink()
    compile_plan(station, system)
    crews, _ = form_crews(system, staff(station.force, system, FIRST), ())
    calendar, found = make_calendar(system, crews)
    assert not [one for one in found if one.severity == "error"]
    hours = np.arange(0.0, 28 * DAY_S, 3600.0)
    on = calendar.on_duty(hours % calendar.cycle_s)[calendar.roster_of]
    own = np.array([crew.rule.startswith("beat") for crew in crews])
    expected = on_by_minute(plan.roster.duties(), plan.roster, "beat")[::60]
    # The pattern begins anew after four weeks, so what runs on from its last night is there on its first morning.
    np.testing.assert_array_equal(on[own].sum(axis=0)[24:], expected[24:])
    assert sum(crew.people for crew, mine in zip(crews, own, strict=True) if mine) == 6
