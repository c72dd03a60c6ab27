"""The duty log out of the board: roster, absences, campaigns and sendings as rows, read back the same and accounted for."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.board.conftest import START, clock
from tests.board.test_calls import proposed, taken
from tests.board.test_today import on_duty, wanted

if TYPE_CHECKING:
    from qinwu.board.in_force import InForce

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def begin(force: InForce) -> None:
    """Let the board's first entry be of the present time."""
    from qinwu.board import trail

    trail.record("system", "test.begin", "")


def hours(entries: Any, officer: str, kind: str) -> float:
    """Return an officer's hours of one kind."""
    return float(sum(one.hours for one in entries if one.officer == officer and one.kind == kind))


def test_the_roster_is_the_log_until_something_else_is_known(force: InForce) -> None:
    """An ordered absence takes its hours of duty from the officer's roster and adds its own; nobody else's hours change."""
    from qinwu.board.roster.absences import order
    from qinwu.board.roster.duty_log import kept

    begin(force)
    officer = on_duty(force)[1]
    now = START + 2 * DAY
    before = kept(force, now).entries
    duty = hours(before, officer, "duty")
    assert duty > 0
    order(force, wanted(force, kind="training", start=START + HOUR, end=START + 3 * HOUR, ordered_by="bureau 7"), "chief")
    after = kept(force, now).entries
    assert hours(after, officer, "duty") == duty - 2
    assert hours(after, officer, "training") == 2
    assert next(one for one in after if one.kind == "training").ordered_by == "bureau 7"
    others = [one for one in before if one.officer != officer]
    assert others == [one for one in after if one.officer != officer]


def test_the_file_reads_back_row_by_row(force: InForce, tmp_path: Path) -> None:
    """What the board writes is read by the officers' room without a finding, with the same officers, kinds, times and orders."""
    from qinwu.board.roster.absences import order
    from qinwu.board.roster.duty_log import as_file, kept
    from qinwu.judge.officers.log_file import read_log

    begin(force)
    order(force, wanted(force, kind="secondment", start=START + HOUR, end=None, ordered_by="bureau 9", to_unit="brigade"), "chief")
    now = START + 5 * DAY
    known = kept(force, now)
    path = tmp_path / "duty-log.csv"
    path.write_text(as_file(force, now), encoding="utf-8")
    read = read_log(path, force.station.force.by_id(), force.station.config.time_zone, now)
    assert [one.code for one in read.findings] == ["no-return-date"]

    def plain(entries: Any) -> list[tuple[Any, ...]]:
        return [(one.officer, one.kind, one.start, one.end, one.ordered_by, one.reason, one.open) for one in entries]

    assert sorted(plain(read.entries)) == sorted(plain(known.entries))
    assert len(known.entries) > 10


def test_a_call_that_outlasts_the_duty_is_overtime(force: InForce) -> None:
    """A crew kept on a call after its duty works overtime until it is free, and the row names the call; within duty it does not."""
    from qinwu.board.dispatch.sendings import send
    from qinwu.board.roster.duty_log import duties, kept

    begin(force)
    call = taken(force)
    sending = send(force, call, [proposed(force, call).going[0].order], "dispatcher")[0]
    officer = force.plan.crews[force.crew(sending.crew)].officers[0]
    ends = next(
        one.end for one in duties(force, START - DAY, START + 3 * DAY) if one.officer == officer and one.start <= START < one.end
    )
    sending.over = START + HOUR
    sending.save()
    assert hours(kept(force, ends + 5 * HOUR).entries, officer, "overtime") == 0
    sending.over = ends + 2 * HOUR
    sending.save()
    log = kept(force, ends + 5 * HOUR).entries
    assert hours(log, officer, "overtime") == 2
    assert next(one for one in log if one.kind == "overtime").reason == call.number


def test_what_people_wrote_holds(force: InForce) -> None:
    """Where the folder's log has a row, the board's time of that officer is left out, and a note says how much."""
    from qinwu.board.roster.duty_log import kept
    from qinwu.judge.officers.joining import joined
    from qinwu.judge.officers.log import DutyLog, Entry

    begin(force)
    officer = on_duty(force)[1]
    known = kept(force, START + DAY)
    row = Entry(officer, "meeting", START + HOUR, START + 2 * HOUR, 2, "bureau")
    both = joined(DutyLog((row,), (), "duty-log.csv"), known)
    assert hours(both.entries, officer, "meeting") == 1
    assert hours(both.entries, officer, "duty") == hours(known.entries, officer, "duty") - 1
    assert [one.code for one in both.findings] == ["said-twice"]


def test_overtime_becomes_time_off(force: InForce) -> None:
    """The officers' room accounts for the board's own month: duty beyond the norm and overtime are owed as time off."""
    from qinwu.board.roster.accounts_of_hours import counted

    begin(force)
    with clock(START + 26 * DAY):
        from qinwu.board.clock import now

        kept = counted(force, now())
    found = kept.account
    assert found.from_log
    assert found.months[-1].isoformat() == "2026-03-01"
    worked = {one.officer: one.worked_h for one in found.closing}
    assert worked[on_duty(force)[1]] > 100
    assert found.balance_h >= 0
    assert "board" in found.source
    assert kept.days(START.date(), START.date() + 26 * DAY) == 27
    assert kept.days(START.date() - 10 * DAY, START.date() - DAY) == 0
    mondays = [week.monday for week in kept.weeks(START.date() + 26 * DAY)]
    assert mondays
    assert min(mondays) > START.date()
