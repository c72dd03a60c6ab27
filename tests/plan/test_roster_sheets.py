"""What a station writes down: absences, wishes and last month's roster in Excel or CSV, read back with every problem at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from qinwu.findings import Finding, QinwuError
from qinwu.plan.effort import Effort
from qinwu.plan.roster.last_month import mid_duty, read_last
from qinwu.plan.roster.months import read_absences, read_wishes
from qinwu.plan.roster.people import Absence, Wish, hours_lost
from qinwu.plan.roster.planning import plan_roster
from qinwu.plan.roster.roster import Duty
from qinwu.report.plans.roster import Told, roster_report
from qinwu.station.force import Force
from tests.plan.roster_cases import DAY, DUTY, NIGHT, day, lines_of, need, officers, pack, question
from tests.stations import grid_area, station

FORCE = Force(officers(3, 1))
NAMES = [one.id for one in FORCE]
ASKED = question(pack(), [need(DAY, 1), need(NIGHT, 1)], FORCE.officers)


def written(folder: Path, text: str, encoding: str = "utf-8-sig") -> Path:
    """Write a sheet."""
    path = folder / "表.csv"
    path.write_text(text, encoding=encoding)
    return path


def places(findings: tuple[Finding, ...]) -> list[tuple[str, int | None, str]]:
    """Return code, row and column of every error."""
    return [(one.code, one.place.row, one.place.key) for one in findings if one.severity == "error"]


def test_absences_as_people_write_them(tmp_path: Path) -> None:
    """GB18030, Chinese headers and dates, full-width digits; a guest is nobody of the force."""
    text = (
        "警号,类型,开始日期,结束日期,文号,事由,岗位\nS1,年休假,2026年1月8日,2026年1月9日,,探亲,\n"
        "S2,抽调,２０２６/1/5,2026-01-18,市局7号,专项,\nX9,借入,2026.1.6,20260110,,支援,巡逻\n"
    )
    read = read_absences(written(tmp_path, text, "gb18030"), FORCE)
    assert not places(read.findings)
    assert read.absences == (
        Absence("S1", "leave", date(2026, 1, 8), date(2026, 1, 9), "", "探亲"),
        Absence("S2", "secondment", date(2026, 1, 5), date(2026, 1, 18), "市局7号", "专项"),
        Absence("X9", "secondment_in", date(2026, 1, 6), date(2026, 1, 10), "", "支援"),
    )
    assert [(one.id, one.kind) for one in read.guests] == [("X9", "sworn")]
    assert read.guest_posts == {"X9": "巡逻"}
    assert hours_lost(read.absences, day(0), day(13), 42.0) == {"S2": 84.0}


def test_every_problem_of_a_sheet_is_told_at_once(tmp_path: Path) -> None:
    """Wrong officer, type, date and order of dates, each with row and column; names are refused by the guards."""
    text = (
        "officer,kind,from,to,姓名\nS7,leave,2026-01-05,,张三\nS1,跑步,2026-01-05,,x\nS1,leave,五号,,x\n"
        "S1,leave,2026-01-09,2026-01-07,x\n"
    )
    read = read_absences(written(tmp_path, text), FORCE)
    assert places(read.findings) == [
        ("unknown-officer", 2, "officer_id"),
        ("unknown-word", 3, "kind"),
        ("wrong-date", 4, "since"),
        ("ends-before-start", 5, "until"),
    ]
    assert "forbidden-name" in [one.code for one in read.findings]
    assert not read.absences


def test_two_absences_at_once_are_doubted(tmp_path: Path) -> None:
    """The same officer on leave and in training on one day."""
    text = "officer,kind,from,to\nS1,leave,2026-01-05,2026-01-08\nS1,training,2026-01-08,2026-01-09\n"
    assert [one.code for one in read_absences(written(tmp_path, text), FORCE).findings] == ["absences-overlap"]


def test_wishes_for_and_against(tmp_path: Path) -> None:
    """Days off by default, watches by name, and both with not."""
    text = "编号,日期,至,意愿\nS1,2026-01-05,2026-01-06,\nS2,2026-01-07,,夜班\nS3,2026-01-07,,不上夜班\nS3,2026-01-08,,not off\n"
    wishes, found = read_wishes(written(tmp_path, text), FORCE, {"day": ("白班",), "night": ("夜班", "Night")})
    assert not found
    assert wishes == (
        Wish("S1", day(0)),
        Wish("S1", day(1)),
        Wish("S2", day(2), "night"),
        Wish("S3", day(2), "night", wanted=False),
        Wish("S3", day(3), "off", wanted=False),
    )
    _, found = read_wishes(written(tmp_path, "编号,日期,意愿\nS1,2026-01-05,早班\n"), FORCE, {"day": ("白班",)})
    assert places(found) == [("unknown-word", 2, "wish")]


def test_a_list_and_a_wall_sheet_say_the_same(tmp_path: Path) -> None:
    """One duty a row, or officers by days; days without a year lie before the roster, cells for leave are no duty."""
    rows = "日期,人员,班次\n2025-12-31,S1,夜班\n2026-01-04,S2,day\n"
    wall = "人员,12月31日,1月4日,待补休小时\nS1,夜班,休,8\nS2,,白班,0\nS3,假,,\n"
    duties = (Duty(date(2025, 12, 31), "S1", NIGHT, "post"), Duty(date(2026, 1, 4), "S2", DAY, "post"))
    for text in (rows, wall):
        read = read_last(written(tmp_path, text), ASKED.needs, (DAY, NIGHT), day(0), NAMES)
        assert (read.duties, places(read.findings)) == (duties, [])
        assert read.last == date(2026, 1, 4)
    assert read.carried["S1"].owed_h == 8


def test_wrong_cells_are_told_with_row_and_column(tmp_path: Path) -> None:
    """A watch nobody knows, an officer who is not here, a day that is none."""
    wall = "人员,2026-01-03,2026-01-04\nS1,晚班,白班\nS8,白班,\n"
    read = read_last(written(tmp_path, wall), ASKED.needs, (DAY, NIGHT), day(0), NAMES)
    assert places(read.findings) == [("unknown-watch", 2, "2026-01-03")]
    assert [one.code for one in read.findings if one.severity == "warning"] == ["officer-not-here"]
    read = read_last(written(tmp_path, "date,officer,watch\n2026-13-01,S1,day\n"), ASKED.needs, (DAY,), day(0), NAMES)
    assert places(read.findings) == [("wrong-date", 2, "date")]


@pytest.mark.parametrize(
    ("last", "first", "codes"),
    [
        (None, day(0), ["no-last-month"]),
        (day(-1), day(0), []),
        (day(0), day(0), ["roster-overlaps"]),
        (day(-3), day(0), ["roster-gap"]),
    ],
)
def test_rosters_begin_where_the_last_one_ended(last: date | None, first: date, codes: list[str]) -> None:
    """A gap in the middle of a duty, days planned twice, and nothing known at all."""
    duties = [Duty(last, "S1", DUTY, "post")] if last else []
    found = list(mid_duty(duties, first, last, 8.0))
    assert [one.code for one in found] == codes
    if codes == ["roster-gap"]:
        assert "in the middle of a duty" in found[0].text("en")


def test_the_wall_sheet_of_the_workbook_is_read_again(tmp_path: Path) -> None:
    """A roster written to Excel is last month's roster of the next one, duty by duty, with what is carried over."""
    rules = pack({"kind": "rest", "least": 11}, {"kind": "comp_time", "beyond": 40})
    asked = question(rules, [need(DAY, 1), need(NIGHT, 1)], FORCE.officers[:3], 7)
    plan = plan_roster(asked, Effort(seconds=2.0))
    report = roster_report(Told(station(grid_area(2, 2), Force(FORCE.officers[:3])), plan, "zh"))
    report.write_xlsx(tmp_path / "上墙.xlsx")
    read = read_last(tmp_path / "上墙.xlsx", asked.needs, (DAY, NIGHT), day(7), NAMES)
    assert read.duties == tuple(sorted(plan.roster.duties(), key=lambda duty: (duty.officer, duty.day)))
    assert {name: carried.owed_h for name, carried in read.carried.items()} == {
        share.officer: pytest.approx(share.owed_h, abs=0.06) for share in plan.shares
    }
    assert len(lines_of(plan.roster)) == 3


def test_a_missing_sheet_is_refused() -> None:
    """No file, no roster."""
    with pytest.raises(QinwuError):
        read_absences(Path("nowhere.csv"), FORCE)
