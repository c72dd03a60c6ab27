"""Rules of rest and hours read in a log: by hand, and the same as the auditor of rosters finds where the log is the roster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.duty.roster_rules.packs import read_pack
from qinwu.duty.roster_rules.rules import Pack
from qinwu.duty.roster_rules.watches import start_of
from qinwu.judge.officers.breaks import Break, Worked, breaks_of
from qinwu.judge.officers.days import kinds_of_days
from qinwu.judge.officers.hours import counted_once, pieces_of, stretches_of
from qinwu.judge.officers.ledger import month_account
from qinwu.judge.officers.log import Entry, days_of
from qinwu.plan.roster.audit import audit
from qinwu.plan.roster.roster import Roster
from tests.judge.officers_cases import MARCH, NO_HOLIDAYS, TERMS, ZONE, entry
from tests.plan.roster_cases import DAY, DUTY, MONDAY, NIGHT, drawn, need, officers, pack, question

FEBRUARY = date(2026, 2, 1)


def broken(rules: Pack, rows: Sequence[Entry], days: Sequence[date] = days_of(MARCH), zone: ZoneInfo = ZONE) -> tuple[Break, ...]:
    """Return what the one officer of a log breaks on some days, of one month where they are one."""
    kept, _ = counted_once(rows, "log.csv")
    kinds = kinds_of_days([days[0]], NO_HOLIDAYS)
    found, _ = pieces_of(kept, zone, kinds, 8.0)
    whole = tuple(days) == days_of(days[0])
    months = (month_account(rows[0].officer, days[0], found, kinds, TERMS),) if whole else ()
    return breaks_of(rules, [Worked(rows[0].officer, stretches_of(kept, zone), tuple(days), months)])


@pytest.mark.parametrize(
    ("rule", "rows", "found", "limit", "day"),
    [
        ({"kind": "duty_length", "most": 24}, [("2 08", "3 08"), ("3 08", "3 10")], 26.0, 24.0, 2),
        ({"kind": "duty_length", "most": 8, "nights": True}, [("2 08", "2 20"), ("4 20", "5 06")], 10.0, 8.0, 4),
        ({"kind": "deep_night", "most": 4}, [("2 20", "3 05:30")], 5.5, 4.0, 2),
        ({"kind": "rest", "least": 11}, [("2 08", "2 20"), ("3 06", "3 12")], 10.0, 11.0, 2),
        ({"kind": "rest", "least": 24, "after": 20}, [("2 08", "3 08"), ("3 20", "4 02")], 12.0, 24.0, 2),
        ({"kind": "rest", "least": 24, "nights": True}, [("2 20", "3 08"), ("3 20", "3 23")], 12.0, 24.0, 2),
        ({"kind": "sleep", "least": 8}, [("2 08", "3 03")], 5.0, 8.0, 2),
        ({"kind": "night_run", "most": 2}, [(f"{day} 20", f"{day + 1} 06") for day in (2, 3, 4)], 3.0, 2.0, 2),
        ({"kind": "duty_run", "most": 3}, [(f"{day} 08", f"{day} 12") for day in (2, 3, 4, 5)], 4.0, 3.0, 2),
        ({"kind": "off_run", "least": 2}, [("2 08", "2 12"), ("4 08", "4 12")], 1.0, 2.0, 3),
        ({"kind": "week_days_off", "least": 2}, [(f"{day} 08", f"{day} 12") for day in range(2, 8)], 1.0, 2.0, 2),
        ({"kind": "week_hours", "most": 40, "over": "week"}, [(f"{day} 08", f"{day} 18") for day in range(2, 7)], 50.0, 40.0, 2),
        ({"kind": "weekends_off", "least": 4}, [("7 08", "7 12")], 4.0, 5.0, 1),
    ],
)
def test_each_rule_is_found_broken(rule: dict[str, Any], rows: list[tuple[str, str]], found: float, limit: float, day: int) -> None:
    """One break of each kind: what was found, what is asked, and the day it begins."""
    log = [entry("duty", start, end, row=number) for number, (start, end) in enumerate(rows, start=2)]
    (one,) = broken(pack(rule), log)
    assert (one.found, one.limit, one.days[0].day, one.officer) == (found, limit, day, "P01")
    assert one.rule.hard
    assert one.finding("log.csv").severity == "error"


def test_a_month_of_24_hour_duties_every_third_day_keeps_its_week() -> None:
    """Eleven duties of 24 hours in March are 264, where 56 a week of 31 days are 248: the last may go over by part of itself."""
    rules = pack({"kind": "week_hours", "most": 56, "of": "long"}, {"id": "short", "kind": "week_hours", "most": 48, "of": "short"})
    rows = [entry("duty", f"{day} 08", f"{day + 1} 08", row=day) for day in range(1, 32, 3)]
    assert not broken(rules, rows)
    (one,) = broken(rules, [*rows, entry("duty", "3 08", "4 07", row=9)])
    assert (one.found, one.limit) == (24 * 12 - 1.0, 264.0)


def test_soft_rules_are_told_as_such() -> None:
    """A rule with a weight is bent, not broken: it is a note."""
    (one,) = broken(
        pack({"kind": "rest", "least": 11, "weight": 3}), [entry("duty", "2 08", "2 20"), entry("duty", "3 06", "3 12")]
    )
    assert not one.rule.hard
    assert one.finding().severity == "note"


def test_work_that_ends_before_the_month_counts_for_its_rest() -> None:
    """A night that began on the last of February leaves too little rest on the first of March; breaks before it are not told."""
    rows = [entry("duty", "-1 08", "-1 20", row=2), entry("duty", "0 02", "1 02", row=3), entry("duty", "1 08", "1 12", row=4)]
    (one,) = broken(pack({"kind": "rest", "least": 11}), rows)
    assert (one.found, one.rows) == (6.0, (3, 4))


LINE = st.lists(st.sampled_from("DNT..."), min_size=28, max_size=28)
BY_WEEK = pack(
    {"kind": "duty_length", "most": 12},
    {"id": "nights", "kind": "duty_length", "most": 11, "nights": True},
    {"kind": "deep_night", "most": 4},
    {"kind": "rest", "least": 11},
    {"id": "rest-long", "kind": "rest", "least": 24, "after": 20},
    {"id": "rest-night", "kind": "rest", "least": 24, "nights": True},
    {"kind": "sleep", "least": 8},
    {"kind": "night_run", "most": 2},
    {"kind": "duty_run", "most": 3},
    {"kind": "off_run", "least": 2},
    {"kind": "week_days_off", "least": 3},
    {"kind": "week_hours", "most": 60, "over": "week"},
)
BY_MONTH = pack({"kind": "weekends_off", "least": 2}, {"kind": "rest", "least": 11})


def as_log(roster: Roster) -> list[Entry]:
    """Return a roster as the log of somebody who worked it to the minute."""
    rows = []
    for duty in roster.duties():
        start = datetime(duty.day.year, duty.day.month, duty.day.day, tzinfo=ZONE) + timedelta(hours=start_of(duty.watch))
        rows.append(Entry(duty.officer, "duty", start.astimezone(UTC), (start + timedelta(hours=duty.watch.hours)).astimezone(UTC)))
    return rows


def apart(line: Sequence[str]) -> str:
    """Return a line in which no duty begins as another ends: what the roster calls two duties a log calls one stretch."""
    kept = ["."]
    for letter in line[1:]:
        kept.append("." if kept[-1] in "NT" and letter in "DT" else letter)
    return "".join(kept)


@settings(deadline=None, max_examples=60)
@given(LINE)
def test_a_roster_worked_to_the_minute_breaks_what_its_auditor_finds(line: list[str]) -> None:
    """Two readers of the same rules that share no code find the same, by week and over a month."""
    own = apart(line)
    if not own.strip("."):
        return
    for rules, first in ((BY_WEEK, MONDAY), (BY_MONTH, FEBRUARY)):
        asked = replace(question(rules, [need(watch, 1) for watch in (DAY, NIGHT, DUTY)], officers(1), 28), first=first)
        roster = drawn(asked, own)
        days = [roster.day(number) for number in range(28)]
        found = [one for one in audit(asked, roster) if one.rule is not None and one.officer]
        planned = {(one.rule_id, one.days[0], round(one.found, 6)) for one in found}
        worked = {(one.rule.id, one.days[0], round(one.found, 6)) for one in broken(rules, as_log(roster), days)}
        assert worked == planned


def test_every_rule_pack_can_be_read_in_a_log() -> None:
    """The packs that come with Qinwu have rules of rest that a log can break; those about posts are left to the roster."""
    rows = [entry("duty", f"{day} 08", f"{day + 1} 06", row=day) for day in range(2, 20)]
    for name in ("cn_mainland_sample", "rest_minimum", "tw_police_duty_act_2008"):
        kinds = {one.kind for one in broken(read_pack(name), rows)}
        assert {"rest", "duty_run"} & kinds or {"sleep"} & kinds
        assert not kinds & {"no_gaps", "leader", "sworn", "pairs", "protect", "wishes", "fair", "comp_time"}
