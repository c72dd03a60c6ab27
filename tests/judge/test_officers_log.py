"""What a log of duty may look like, how each fault in it is told, and what never gets in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from qinwu.judge.officers.days import kinds_of_days
from qinwu.judge.officers.hours import counted_once, long_stretches, pieces_of, stretches_of
from qinwu.judge.officers.log import DutyLog, Entry
from qinwu.judge.officers.log_file import find_log, read_log
from qinwu.station.force import Officer
from tests.judge.officers_cases import HEADER, MARCH, NO_HOLIDAYS, ZONE, at, entry, log_file

OFFICERS = {name: Officer(name, "sworn") for name in ("P01", "P02", "P03")}
NOW = datetime(2026, 4, 1, tzinfo=UTC)


def read(path: Path) -> DutyLog:
    """Read a log of P01 to P03 as of 1 April 2026."""
    return read_log(path, OFFICERS, "Asia/Shanghai", NOW)


def spans(log: DutyLog) -> list[tuple[str, str, str, str]]:
    """Return officer, kind, start and end (local) of every row."""

    def local(moment: datetime) -> str:
        return moment.astimezone(ZONE).strftime("%m-%d %H:%M")

    return [(one.officer, one.kind, local(one.start), local(one.end)) for one in log.entries]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_log_is_read_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    """Chinese headers and words, full-width digits and Chinese clocks mean what they say."""
    path = log_file(
        tmp_path / "日志.csv",
        "P01,2026-03-02 08:00,2026-03-03 08:00,值班,,",
        "Ｐ０２,２０２６年３月２日 上午8时30分,2026/3/2 下午6时,备勤,所长,",
        "P03,2026-03-05,2026-03-06,年休假,,",
        encoding=encoding,
    )
    log = read(path)
    assert not log.findings
    assert spans(log) == [
        ("P01", "duty", "03-02 08:00", "03-03 08:00"),
        ("P02", "standby", "03-02 08:30", "03-02 18:00"),
        ("P03", "leave", "03-05 00:00", "03-07 00:00"),
    ]
    assert log.entries[1].ordered_by == "所长"


def test_clocks_alone_take_the_date_of_the_row(tmp_path: Path) -> None:
    """An end that is not after its start, 次日 and 24:00 are the next day's; 12-hour clocks count."""
    path = log_file(
        tmp_path / "log.csv",
        "P01,2026-03-02,20:00,8:00,值班",
        "P02,2026-03-02,下午8点,次日 上午8点,值班",
        "P03,2026-03-02,08:00 PM,24:00,值班",
        "P03,2026-03-03,08:00,12:30,会议",
        header="编号,日期,上班时间,下班时间,类别",
    )
    log = read(path)
    assert not log.findings
    assert spans(log) == [
        ("P01", "duty", "03-02 20:00", "03-03 08:00"),
        ("P02", "duty", "03-02 20:00", "03-03 08:00"),
        ("P03", "duty", "03-02 20:00", "03-03 00:00"),
        ("P03", "meeting", "03-03 08:00", "03-03 12:30"),
    ]


def test_an_end_without_its_date_takes_that_of_the_start(tmp_path: Path) -> None:
    """Where only the start has a date the end is on that day, or the next."""
    log = read(log_file(tmp_path / "log.csv", "P01,2026-03-02 08:00,18:00,值班,,", "P01,2026-03-03 18:00,02:00,加班,,"))
    assert [(start, end) for *_, start, end in spans(log)] == [("03-02 08:00", "03-02 18:00"), ("03-03 18:00", "03-04 02:00")]


def test_excel_and_parquet_say_the_same(tmp_path: Path) -> None:
    """Real date cells, midnight among them, give the same rows as text."""
    rows = {
        "officer_id": ["P01", "P02"],
        "start": [datetime(2026, 3, 2, 0, 0), datetime(2026, 3, 2, 16, 30)],
        "end": [datetime(2026, 3, 2, 8, 0), datetime(2026, 3, 3, 0, 0)],
        "kind": ["duty", "duty"],
    }
    frame = pl.DataFrame(rows)
    frame.write_excel(tmp_path / "a.xlsx")
    frame.write_parquet(tmp_path / "a.parquet")
    expected = [("P01", "duty", "03-02 00:00", "03-02 08:00"), ("P02", "duty", "03-02 16:30", "03-03 00:00")]
    for kind in ("xlsx", "parquet"):
        log = read(tmp_path / f"a.{kind}")
        assert not log.findings
        assert spans(log) == expected


@pytest.mark.parametrize(
    ("row", "code", "key"),
    [
        ("P09,2026-03-02 08:00,2026-03-02 18:00,值班,,", "unknown-officer", "officer_id"),
        ("P01,2026-03-02 08:00,2026-03-02 18:00,睡觉,,", "unknown-word", "kind"),
        ("P01,2026-03-02 08:00,2026-03-01 18:00,值班,,", "ends-before-start", "end"),
        ("P01,2026-03-02 08:00,2026-03-02 08:00,值班,,", "ends-before-start", "end"),
        ("P01,2026-05-02 08:00,2026-05-02 18:00,值班,,", "in-the-future", "start"),
        ("P01,2026-05-02,2026-05-09,抽调,县公安局,", "in-the-future", "start"),
        ("P01,2026-05-02,,抽调,县公安局,", "wrong-time", "end"),
        ("P01,2026-03-02 08:00,2026-03-09 18:00,值班,,", "row-too-long", "end"),
        ("P01,2026-03-32 08:00,2026-03-03 18:00,值班,,", "wrong-time", "start"),
        ("P01,2026-03-02,2026-03-03,值班,,", "wrong-time", "start"),
        ("P01,2026-03-02 08:00,,值班,,", "wrong-time", "end"),
        ("P01,,2026-03-03 18:00,值班,,", "wrong-time", "start"),
    ],
)
def test_a_wrong_row_is_left_out_and_told(tmp_path: Path, row: str, code: str, key: str) -> None:
    """Each fault is told with its row and column, and the good rows stay."""
    log = read(log_file(tmp_path / "log.csv", "P02,2026-03-02 08:00,2026-03-02 18:00,值班,,", row))
    errors = [one for one in log.findings if one.severity == "error"]
    assert errors[0].code == code
    assert (errors[0].place.row, errors[0].place.key) == (3, key)
    assert [one.officer for one in log.entries] == ["P02"]


def test_a_secondment_without_a_return_date_is_told_and_runs_on(tmp_path: Path) -> None:
    """Nobody wrote when the officer is back: a finding, and days away until now (M49)."""
    log = read(log_file(tmp_path / "log.csv", "P01,2026-03-20,,抽调,县公安局,专班"))
    assert [one.code for one in log.findings] == ["no-return-date"]
    (row,) = log.entries
    assert row.open
    assert row.whole_days
    assert row.end == NOW


def test_hours_to_come_are_not_counted(tmp_path: Path) -> None:
    """A secondment that goes on counts until now, and is told; leave of next month may stand in the log already."""
    log = read(log_file(tmp_path / "log.csv", "P01,2026-03-30,2026-04-10,抽调,县公安局,", "P02,2026-04-20,2026-04-21,年休假,,"))
    assert [(one.code, one.severity) for one in log.findings] == [("under-way", "note")]
    assert [one.end for one in log.entries] == [NOW, datetime(2026, 4, 21, 16, tzinfo=UTC)]


def test_names_and_tracks_do_not_get_in(tmp_path: Path) -> None:
    """Columns about persons are refused at the door; long numbers in a reason are masked."""
    path = log_file(
        tmp_path / "log.csv",
        "P01,张三,13800138000,2026-03-02 08:00,2026-03-02 18:00,值班,联系13800138000,巡逻轨迹一",
        header="人员编号,姓名,联系电话,开始时间,结束时间,类别,事由,轨迹",
    )
    log = read(path)
    assert {one.code for one in log.findings} == {"forbidden-name", "forbidden-phone", "forbidden-track"}
    assert log.entries[0].reason == "联系***"
    assert "张三" not in repr(log)


def test_a_missing_column_is_told(tmp_path: Path) -> None:
    """Without kinds no hour can be counted."""
    log = read(log_file(tmp_path / "log.csv", "P01,2026-03-02 08:00,2026-03-02 18:00", header="人员编号,开始时间,结束时间"))
    assert not log.entries
    assert [one.code for one in log.findings] == ["missing-column"]


def test_a_station_folder_is_searched(tmp_path: Path) -> None:
    """The log of a folder is duty-log with any ending that can be read."""
    assert find_log(tmp_path) is None
    path = log_file(tmp_path / "duty-log.csv", header=HEADER)
    assert find_log(tmp_path) == path


def test_overlapping_rows_count_once() -> None:
    """Of two rows that claim the same hours the one that began first has them; what is told adds up."""
    rows = [
        entry("duty", "2 08", "2 20", row=2),
        entry("overtime", "2 18", "2 22", row=3),
        entry("meeting", "2 09", "2 10", row=4),
        entry("duty", "2 12", "2 20", officer="P02", row=5),
    ]
    kept, findings = counted_once(rows, "log.csv")
    assert [(one.row, one.hours) for one in kept] == [(2, 12.0), (3, 2.0), (5, 8.0)]
    assert [(one.code, one.place.row, one.values["hours"], one.values["other"]) for one in findings] == [
        ("rows-overlap", 4, "1", 2),
        ("rows-overlap", 3, "2", 2),
    ]


def test_rows_are_cut_at_midnight_with_their_deep_night() -> None:
    """A duty from eight to eight has 4 h before midnight, 8 after, 6 of them deep night."""
    found, _ = pieces_of([entry("duty", "2 20", "3 08")], ZONE, kinds_of_days([MARCH], NO_HOLIDAYS), 8.0)
    assert [(one.day.day, one.hours, one.night_h) for one in found] == [(2, 4.0, 0.0), (3, 8.0, 6.0)]


def test_days_of_other_months_are_left_to_their_accounts() -> None:
    """A duty of the last night of February has its morning in March."""
    found, _ = pieces_of([entry("duty", "0 20", "1 08")], ZONE, kinds_of_days([MARCH], NO_HOLIDAYS), 8.0)
    assert [(one.day.isoformat(), one.hours) for one in found] == [("2026-03-01", 8.0)]


def test_whole_days_count_working_days_less_what_was_worked() -> None:
    """Monday to Sunday of a course are five days of 8 h; who was on duty for 3 h on one of them had 5 of the course."""
    rows = [entry("training", "2 00", "9 00", row=2), entry("duty", "4 18", "4 21", row=3)]
    found, findings = pieces_of(rows, ZONE, kinds_of_days([MARCH], NO_HOLIDAYS), 8.0)
    hours = {one.day.day: one.hours for one in found if one.kind == "training"}
    assert hours == {2: 8.0, 3: 8.0, 4: 5.0, 5: 8.0, 6: 8.0, 7: 0.0, 8: 0.0}
    assert [one.code for one in findings] == ["on-duty-while-away"]


def test_days_in_two_rows_count_once() -> None:
    """Leave and a course on the same two days: the first row keeps them, and both are named."""
    rows = [entry("leave", "2 00", "7 00", row=2), entry("training", "5 00", "9 00", row=3)]
    found, findings = pieces_of(rows, ZONE, kinds_of_days([MARCH], NO_HOLIDAYS), 8.0)
    assert [(one.kind, one.day.day) for one in found] == [
        *(("leave", day) for day in range(2, 7)),
        ("training", 7),
        ("training", 8),
    ]
    (told,) = findings
    assert (told.code, told.place.row, told.values["other"], told.values["count"]) == ("days-overlap", 3, 2, 2)


def test_rows_with_half_an_hour_between_them_are_one_stretch() -> None:
    """Nobody rests in half an hour; more than a day and a half on end is told with the row it ends with."""
    rows: list[Entry] = [
        entry("duty", "2 08", "3 08", row=2),
        entry("overtime", "3 08:30", "3 21", row=3),
        entry("duty", "4 08", "4 20", row=4),
    ]
    found = stretches_of(rows, ZONE)
    assert [(one.day.day, one.hours, one.night, one.rows) for one in found] == [(2, 37.0, True, (2, 3)), (4, 12.0, False, (4,))]
    (told,) = long_stretches(found, "log.csv")
    assert (told.code, told.place.row, told.values["hours"]) == ("long-stretch", 3, "37")


def test_hours_are_those_that_pass_when_clocks_change() -> None:
    """On the night on which summer time ends a duty from 20:00 to 08:00 lasts 13 hours."""
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 10, 24, 20, tzinfo=berlin).astimezone(UTC)
    end = datetime(2026, 10, 25, 8, tzinfo=berlin).astimezone(UTC)
    row = Entry("P01", "duty", start, end)
    days = kinds_of_days([MARCH.replace(month=10)], NO_HOLIDAYS)
    found, _ = pieces_of([row], berlin, days, 8.0)
    assert row.hours == 13.0
    assert [(one.hours, one.night_h) for one in found] == [(4.0, 0.0), (9.0, 7.0)]


def test_moments_of_the_cases_are_local() -> None:
    """The helper of these tests writes moments of China in UTC."""
    assert at("2 08") == datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
