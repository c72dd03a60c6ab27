"""The ledger of time off: worked out by hand, conserved, additive over months, the same for all officers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from math import fsum
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.duty.roster_rules.packs import read_pack
from qinwu.findings import QinwuError
from qinwu.judge.officers.accounting import Sources, account_officers
from qinwu.judge.officers.balance_file import read_balance
from qinwu.judge.officers.hours import counted_once
from qinwu.judge.officers.ledger import Lot, MonthAccount, settled
from qinwu.judge.officers.log import WORK, DutyLog, Entry, Kind, midnight
from qinwu.judge.officers.terms import TERMS, Terms, read_terms
from qinwu.judge.targets.denied import rules
from qinwu.station.force import Officer
from qinwu.station.holidays import Holidays
from tests.judge.officers_cases import MARCH, NO_HOLIDAYS, ZONE, account, at, entry, log_file, pieces
from tests.stations import six_atom_system, six_atoms

FEBRUARY, APRIL = date(2026, 2, 1), date(2026, 4, 1)
CHINA = Holidays("CN")
PACK, OWN_TERMS = read_pack(), read_terms()
JANUARY = date(2026, 1, 1)


def by_week(terms: Terms) -> Terms:
    """Return terms that ask for 40 hours a week, as rosters do."""
    return terms.model_copy(update={"norm": terms.norm.model_copy(update={"by": "week", "hours": 40.0})})


def test_a_quiet_month_owes_nothing() -> None:
    """22 working days of March 2026 ask for 176 hours; ten duties of 8 are fewer."""
    one = account([entry("duty", f"{day} 08", f"{day} 16", row=day) for day in range(2, 12)])
    assert (one.worked_h, one.counted_h, one.norm_h, one.present_days) == (80.0, 80.0, 176.0, 31.0)
    assert (one.owed_h, one.balance_h, one.lines) == (0.0, 0.0, ())


def test_hours_beyond_the_norm_are_owed() -> None:
    """Eight duties of 24 hours are 192; 16 more than the norm of the month are owed, and the line says so."""
    one = account([entry("duty", f"{day} 08", f"{day + 1} 08", row=day) for day in range(1, 31, 4)])
    assert one.worked_h == 192.0
    assert one.owed_h == pytest.approx(16.0)
    assert [(line.rule, line.row, line.hours, line.owed) for line in one.lines] == [("beyond", 0, 16.0, 16.0)]
    assert one.lots == (Lot(MARCH, 16.0),)


def test_a_hand_worked_month() -> None:
    """Duty, standby, overtime, a course, leave and time off: every line follows from its row.

    Leave on Thursday and Friday 5-6 March takes 16 hours from the norm of 176, a day off in lieu counts as worked. What counts
    besides overtime: 9 × 16 h of duty, half of 9 × 8 h of standby, 8 h of training: 188; beyond 160 − 8: 36.
    """
    rows = [row for day in range(8, 26, 2) for row in long_duty(day)]
    rows += [
        entry("overtime", "9 08", "9 10:30", row=3),
        entry("training", "28 09", "28 17", row=4),
        entry("leave", "5 00", "7 00", row=5),
        entry("comp", "27 00", "28 00", row=6),
    ]
    one = account(rows, opening=(Lot(FEBRUARY, 5.0),))
    assert one.norm_h == 160.0
    assert one.present_days == 29.0
    assert one.kinds["duty"] == 144.0
    assert one.kinds["standby"] == 72.0
    assert one.counted_h == 144.0 + 36.0 + 2.5 + 8.0
    assert [(line.rule, line.row, line.owed) for line in one.lines] == [
        ("beyond", 0, 36.0),
        ("overtime", 3, 2.5),
        ("taken", 6, -8.0),
    ]
    assert (one.opening_h, one.owed_h, one.taken_h, one.balance_h) == (5.0, 38.5, 8.0, 35.5)
    # The five hours of February go first, three of March after them.
    assert one.lots == (Lot(MARCH, 35.5),)


def long_duty(day: int) -> list[Entry]:
    """Return 24 hours from eight, of which those from ten to six are standby."""
    return [
        entry("duty", f"{day} 08", f"{day} 22", row=100 + day),
        entry("standby", f"{day} 22", f"{day + 1} 06", row=200 + day),
        entry("duty", f"{day + 1} 06", f"{day + 1} 08", row=300 + day),
    ]


def test_work_on_public_holidays_is_owed_whatever_the_month_comes_to() -> None:
    """New Year's Day 2026 is a holiday in China: of a duty from its evening to the next morning both parts are owed in full."""
    start = midnight(JANUARY, ZONE, 20)
    rows = [Entry("P01", "duty", start, start + timedelta(hours=12), 7)]
    one = account(rows, JANUARY, holidays=CHINA)
    assert [(line.rule, line.day.day, line.row, line.owed) for line in one.lines] == [
        ("holiday", 1, 7, 4.0),
        ("holiday", 2, 7, 8.0),
    ]
    doubled = read_terms().model_copy(
        update={"credit": tuple(one.model_copy(update={"share": 2.0}) for one in read_terms().credit)}
    )
    assert account(rows, JANUARY, terms=doubled, holidays=CHINA).owed_h == 24.0


def test_made_up_working_weekends_are_asked_for() -> None:
    """October 2025 has 18 working days: holidays are no working days, worked weekends are."""
    assert account([entry("duty", "2 08", "2 16")], date(2025, 10, 1), holidays=CHINA).norm_h == 18 * 8.0


def test_a_norm_by_the_week_is_that_of_the_roster() -> None:
    """40 hours a week of 31 days, as the planner of rosters counts what it owes; leave takes its days with it."""
    terms = by_week(read_terms())
    rows = [entry("duty", f"{day} 08", f"{day + 1} 08", row=day) for day in range(1, 31, 3)]
    one = account(rows, terms=terms)
    assert one.owed_h == pytest.approx(240.0 - 40.0 * 31 / 7)
    away = account([*rows[:-1], entry("leave", "29 00", "32 00", row=9)], terms=terms)
    assert away.norm_h == pytest.approx(40.0 * 28 / 7)


def test_what_is_too_old_is_overdue_and_never_lapses() -> None:
    """Hours of September are overdue in March, six months later; those of October are due by next month; all stay owed."""
    opening = (Lot(date(2025, 9, 1), 4.0), Lot(date(2025, 10, 1), 3.0), Lot(date(2025, 12, 1), 2.0))
    one = account([entry("comp", "3 08", "3 09", row=2)], opening=opening)
    assert (one.balance_h, one.overdue_h, one.due_h) == (8.0, 3.0, 3.0)


def test_time_off_in_advance_is_paid_back_first() -> None:
    """Who takes eight hours without any owes them; the next three earned leave five to pay."""
    first = settled((), MARCH, 0.0, 8.0)
    assert first == (Lot(MARCH, -8.0),)
    assert settled(first, APRIL, 3.0, 0.0) == (Lot(APRIL, -5.0),)
    assert settled(first, APRIL, 10.0, 0.0) == (Lot(APRIL, 2.0),)


LOTS = st.lists(st.tuples(st.floats(0, 40), st.floats(0, 40)), min_size=1, max_size=8)


@given(LOTS)
def test_balances_add_up_over_months(months: list[tuple[float, float]]) -> None:
    """Whatever is earned and taken when, what is owed at the end is the sum of all, and no more than one lot is a debt."""
    lots: tuple[Lot, ...] = ()
    for number, (owed, taken) in enumerate(months):
        lots = settled(lots, date(2026, number + 1, 1), owed, taken)
    assert fsum(lot.hours for lot in lots) == pytest.approx(fsum(owed - taken for owed, taken in months), abs=1e-6)
    assert [lot.hours < 0.0 for lot in lots].count(True) <= 1
    assert not any(lot.hours < 0.0 for lot in lots) or len(lots) == 1
    assert list(lots) == sorted(lots, key=lambda lot: lot.month)


KINDS: tuple[Kind, ...] = get_args(Kind)


@st.composite
def logs(draw: st.DrawFn) -> tuple[Entry, ...]:
    """Return a log of three officers over March and April, with overlaps, nights and whole days."""
    rows = []
    for row in range(2, 2 + draw(st.integers(1, 25))):
        start = at("1 00") + timedelta(minutes=30 * draw(st.integers(0, 60 * 48)))
        hours = draw(st.sampled_from([0.5, 2.0, 8.0, 12.0, 24.0, 24.0 * 5]))
        kind = draw(st.sampled_from(KINDS))
        if hours > 24.0 and kind not in ("leave", "comp", "secondment", "training"):
            hours = 11.0
        rows.append(Entry(draw(st.sampled_from(["P01", "P02", "P03"])), kind, start, start + timedelta(hours=hours), row))
    return tuple(rows)


def accounted(
    rows: tuple[Entry, ...], months: tuple[date, ...], balance: Mapping[str, tuple[Lot, ...]] | None = None
) -> tuple[MonthAccount, ...]:
    """Return the accounts of a log at the station of six atoms."""
    sources = Sources(DutyLog(rows, (), "log.csv"), None, balance or {}, OWN_TERMS, PACK, NO_HOLIDAYS)
    return account_officers(six_atoms(), six_atom_system(), months, sources).accounts


@settings(deadline=None, max_examples=40)
@given(logs())
def test_hours_are_conserved(rows: tuple[Entry, ...]) -> None:
    """Hours by kind sum to hours worked; by the clock they are as many as minutes of the month somebody was on duty."""
    kept, _ = counted_once(rows, "log.csv")
    for officer in {one.officer for one in rows}:
        own = [one for one in rows if one.officer == officer]
        one = account(own)
        assert fsum(one.kinds.values()) == pytest.approx(one.worked_h)
        assert one.balance_h == pytest.approx(one.owed_h - one.taken_h)
        clock = fsum(piece.hours for piece in pieces(own) if piece.entry.by_the_clock)
        assert clock == pytest.approx(minutes_on_duty(own) / 60.0, abs=1e-6)
    assert all(first.end <= then.start for first, then in pairwise(kept) if both_by_clock(first, then))


def both_by_clock(first: Entry, then: Entry) -> bool:
    """Return whether two rows are of one officer and by the clock."""
    return first.officer == then.officer and not first.whole_days and not then.whole_days


def minutes_on_duty(rows: list[Entry]) -> int:
    """Return in how many minutes of March somebody was on duty by the clock: marked one by one.

    A minute belongs to the row that began first; leave and time off by the clock take it too.
    """
    march, days = at("1 00"), 31
    owner: list[Entry | None] = [None] * (days * 24 * 60)
    for row in sorted((one for one in rows if not one.whole_days), key=lambda one: (one.start, one.row)):
        begin, end = (int((moment - march).total_seconds() // 60) for moment in (row.start, row.end))
        for minute in range(max(begin, 0), min(end, len(owner))):
            owner[minute] = owner[minute] or row
    return sum(row is not None and row.by_the_clock for row in owner)


@settings(deadline=None, max_examples=12)
@given(logs())
def test_two_months_are_one_after_the_other(rows: tuple[Entry, ...]) -> None:
    """Accounting March and April together, and April on the balance of March, come to the same."""
    together = accounted(rows, (MARCH, APRIL))
    first = accounted(rows, (MARCH,))
    carried = {one.officer: one.lots for one in first}
    second = accounted(rows, (APRIL,), carried)
    own = {(one.officer, one.month): one for one in (*first, *second)}
    for one in together:
        other = own.get((one.officer, one.month))
        assert other is None or (one.lots, one.lines, one.worked_h) == (other.lots, other.lines, other.worked_h)
        assert other is not None or (one.owed_h, one.taken_h) == (0.0, 0.0)


@settings(deadline=None, max_examples=15)
@given(logs())
def test_who_is_who_changes_nothing(rows: tuple[Entry, ...]) -> None:
    """Exchanging the names of two officers exchanges their accounts and nothing else."""
    other = {"P01": "P03", "P03": "P01", "P02": "P02"}
    swapped = tuple(replace(one, officer=other[one.officer]) for one in rows)
    one = {each.officer: each for each in accounted(rows, (MARCH,))}
    two = {each.officer: each for each in accounted(swapped, (MARCH,))}
    assert {name: replace(each, officer="") for name, each in one.items()} == {
        other[name]: replace(each, officer="") for name, each in two.items()
    }


def test_months_must_follow_each_other() -> None:
    """A balance goes from month to month: a gap between months is refused, and so is no month at all."""
    for months in ((MARCH, date(2026, 5, 1)), ()):
        with pytest.raises(QinwuError):
            account_officers(six_atoms(), six_atom_system(), months, Sources(DutyLog((), ())))


def test_officers_of_whom_the_log_says_nothing_are_named() -> None:
    """Silence is not leave: the log that holds only P01 is asked for the others."""
    log = DutyLog((entry("duty", "2 08", "2 16"),), (), "log.csv")
    found = account_officers(six_atoms(), six_atom_system(), (MARCH,), Sources(log)).findings
    (silent,) = [one for one in found if one.code == "log-silent"]
    assert silent.values["count"] == 9
    assert "P01" not in str(silent.values["officers"])


def test_a_balance_is_brought_forward(tmp_path: Path) -> None:
    """Hours with the month they are of, several rows for one officer, Chinese headers; what is wrong is told with its row."""
    path = log_file(
        tmp_path / "结余.csv",
        "P01,12.5,2026-01",
        "P01,8小时,",
        "P09,1,2026-01",
        "P02,很多,2026-01",
        "P02,3,2026-03",
        header="人员编号,补休小时,形成月份",
        encoding="gb18030",
    )
    officers = {name: Officer(name, "sworn") for name in ("P01", "P02")}
    lots, findings = read_balance(path, officers, MARCH)
    assert lots == {"P01": (Lot(JANUARY, 12.5), Lot(FEBRUARY, 8.0))}
    assert [(one.code, one.place.row) for one in findings] == [("unknown-officer", 4), ("wrong-hours", 5), ("wrong-month", 6)]


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("arrests", "arrests"),
        ("抓获人数", "arrests"),
        ("fine_amount", "fines"),
        ("破案", "clearance"),
        ("recorded_crime", "recorded_crime"),
    ],
)
def test_no_reward_for_arrests_fines_or_cases(tmp_path: Path, name: str, rule: str) -> None:
    """Terms that give points for what must not be a target are refused with the rule that bans it (M28)."""
    text = (TERMS / "cn_mainland_sample.toml").read_text("utf-8")
    path = tmp_path / "own.toml"
    path.write_text(text + f'"{name}" = 5.0\n', encoding="utf-8")
    with pytest.raises(QinwuError) as raised:
        read_terms(path)
    (finding,) = raised.value.findings
    banned = next(one for one in rules() if one.id == rule)
    assert (finding.code, finding.values["value"]) == ("banned-reward", name)
    assert (finding.values["name"], finding.values["source"]) == (banned.name, banned.source)


def test_terms_of_a_wrong_shape_are_told(tmp_path: Path) -> None:
    """Unknown keys and negative weights of one's own terms are named with their place; unknown terms too."""
    text = (TERMS / "cn_mainland_sample.toml").read_text("utf-8")
    path = tmp_path / "own.toml"
    path.write_text(text.replace("night_hour = 0.5", "night_hour = -1\nsunshine = 2"), encoding="utf-8")
    with pytest.raises(QinwuError) as raised:
        read_terms(path)
    assert len(raised.value.findings) == 2
    with pytest.raises(QinwuError):
        read_terms("nobody")


def test_hours_come_from_the_log_alone() -> None:
    """Once there is a log no hour comes from the pattern; the tidy table has hours by kind and the first day of the month."""
    log = DutyLog((entry("duty", "2 08", "2 16"),), (), "log.csv")
    found = account_officers(six_atoms(), six_atom_system(), (MARCH,), Sources(log))
    frame = found.frame()
    assert found.from_log
    assert frame.select("officer_id", "month", "duty_h", "worked_h").rows() == [("P01", MARCH, 8.0, 8.0)]
    assert {f"{kind}_h" for kind in WORK} <= set(frame.columns)
