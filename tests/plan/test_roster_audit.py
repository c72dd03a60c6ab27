"""The auditor: each rule broken by a roster drawn by hand, with the number it finds and the number it asks for."""

from __future__ import annotations

from typing import Any

import pytest

from qinwu.plan.roster.audit import audit, granted
from qinwu.plan.roster.people import Absence, Wish
from qinwu.plan.roster.roster import Duty
from tests.plan.roster_cases import DAY, DUTY, MONDAY, NIGHT, day, drawn, need, officers, pack, question


@pytest.mark.parametrize(
    ("rule", "line", "found", "limit", "times"),
    [
        ({"kind": "duty_length", "most": 12}, "D.T....", 24, 12, 1),
        ({"kind": "duty_length", "most": 8, "nights": True}, "DDN....", 12, 8, 1),
        ({"kind": "sleep", "least": 8}, "T......", 0, 8, 1),
        ({"kind": "deep_night", "most": 4}, "DN.....", 6, 4, 1),
        ({"kind": "rest", "least": 11}, "N.ND...", 0, 11, 1),
        ({"kind": "rest", "least": 13}, "DD.....", 12, 13, 1),
        ({"kind": "rest", "least": 48, "after": 20}, "T.T.D..", 24, 48, 2),
        ({"kind": "rest", "least": 24, "nights": True}, "N.D.NN.", 12, 24, 1),
        ({"kind": "night_run", "most": 2}, "NNN.NN.", 3, 2, 1),
        ({"kind": "duty_run", "most": 3}, "DDNN...", 4, 3, 1),
        ({"kind": "off_run", "least": 2}, "D.DDD..", 1, 2, 1),
        ({"kind": "week_days_off", "least": 3}, "DDDD.D.", 2, 3, 1),
        ({"kind": "week_hours", "most": 40}, "DDDDD..", 60, 48, 1),
        ({"kind": "week_hours", "most": 40, "over": "week"}, "DDDD...", 48, 40, 1),
        ({"kind": "weekends_off", "least": 4}, "....D.D", 0, 1, 1),
    ],
)
def test_every_rule_is_found_broken(rule: dict[str, Any], line: str, found: float, limit: float, times: int) -> None:
    """A line that breaks one rule is told with what it has and what is asked."""
    asked = question(pack(rule), [need(DAY, 0)], officers(1))
    broken = [one for one in audit(asked, drawn(asked, line)) if one.kind == rule["kind"]]
    assert [(one.found, one.limit) for one in broken] == [(found, limit)] * times
    assert all(one.hard and one.officer == "S1" for one in broken)


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ({"kind": "duty_length", "most": 8, "nights": True}, "DD....."),
        ({"kind": "rest", "least": 12}, "DDN...."),
        ({"kind": "rest", "least": 48, "after": 20}, "T..T..D"),
        ({"kind": "night_run", "most": 2}, "NN.NN.N"),
        ({"kind": "off_run", "least": 2}, ".DD..D."),
        ({"kind": "week_days_off", "least": 2}, "DDDDD.."),
        ({"kind": "week_hours", "most": 40}, "DDDD..."),
        ({"kind": "week_hours", "most": 20, "of": "long"}, "DDDD..."),
    ],
)
def test_lines_that_keep_a_rule_are_not_told(rule: dict[str, Any], line: str) -> None:
    """Whole duties: 40 hours in one week of 12-hour watches may become 48, and days off at the edges may go on outside."""
    asked = question(pack(rule), [need(DAY, 0), need(NIGHT, 0)], officers(1))
    assert not [one for one in audit(asked, drawn(asked, line)) if one.kind == rule["kind"]]


def test_last_month_counts() -> None:
    """A duty of the last night leaves no rest on the first day, and runs go on across the month."""
    before = [Duty(day(-number), "S1", NIGHT, "post") for number in (1, 2)]
    rules = pack({"kind": "rest", "least": 11}, {"kind": "night_run", "most": 3}, {"kind": "duty_run", "most": 9})
    asked = question(rules, [need(DAY, 0)], officers(1), before=before)
    told = {one.kind: one for one in audit(asked, drawn(asked, "D......"))}
    assert (told["rest"].found, told["rest"].days) == (0, (day(-1), day(0)))
    told = {one.kind: one for one in audit(asked, drawn(asked, "NN....."))}
    assert (told["night_run"].found, told["night_run"].days) == (4, (day(-2), day(1)))


def test_needs_sworn_officers_skills_and_gaps() -> None:
    """Too few, too few sworn, nobody with a skill, auxiliaries alone, and a minute with nobody."""
    rules = pack({"kind": "sworn"}, {"kind": "no_gaps"})
    asked = question(rules, [need(DUTY, 2, 1)], officers(1, 2), 3, crew=2, skills=frozenset({"mediation"}))
    broken = audit(asked, drawn(asked, "T..", "T.T", "..T"))
    told = [(one.kind, one.days[0], one.found, one.limit) for one in broken if one.kind in ("need", "sworn", "no_gaps")]
    assert told == [
        ("need", day(1), 0, 2),
        ("need", day(1), 0, 1),
        ("need", day(2), 0, 1),
        ("no_gaps", day(1), 0, 1),
        ("sworn", day(2), 0, 1),
    ]
    assert sum(one.kind == "skill" for one in broken) == 3


def test_absences_are_never_worked_and_never_reached_into() -> None:
    """Leave on Wednesday: no duty on it, and none on Tuesday that runs past midnight."""
    away = Absence("S1", "leave", day(2), day(3), order="7")
    asked = question(pack({"kind": "protect", "what": ["leave"]}), [need(DAY, 0)], officers(1), absences=[away])
    kinds = [(one.kind, one.days) for one in audit(asked, drawn(asked, ".NDD..."))]
    assert kinds == [("away", (day(2),)), ("away", (day(3),)), ("protect", (day(1),))]
    assert away.back == day(4)


def test_wishes_and_partners_are_soft_or_hard_as_the_pack_says() -> None:
    """A wish missed is bent, a partner with another duty is broken."""
    rules = pack({"kind": "wishes", "weight": 5}, {"kind": "pairs"})
    wishes = [Wish("S1", day(0)), Wish("S1", day(1), "night", wanted=False), Wish("S2", day(0), "day")]
    asked = question(rules, [need(DAY, 0)], officers(2), wishes=wishes, partners=(("S1", "S2"),))
    broken = audit(asked, drawn(asked, "DD.....", "DN....."))
    assert [(one.kind, one.hard, one.officer, one.days) for one in broken] == [
        ("pairs", True, "S1", (day(1),)),
        ("wishes", False, "S1", (day(0),)),
    ]
    assert granted(wishes[1], "day")
    assert not granted(wishes[1], "night")


def test_two_duties_at_once_and_posts_of_others() -> None:
    """A 24-hour duty and a watch on the next morning overlap by nothing; a night and a morning watch of six do."""
    asked = question(pack(), [need(DUTY, 0)], officers(1))
    assert not audit(asked, drawn(asked, "TT....."))
    late = question(
        pack(), [need(DAY, 0)], officers(1), before=[Duty(day(-1), "S1", NIGHT.model_copy(update={"hours": 14}), "post")]
    )
    assert [one.kind for one in audit(late, drawn(late, "D......"))] == ["overlap"]
    assert MONDAY.weekday() == 0
