"""Indicators measured: against counts by hand and by loops, with zero cells, periods, own tables, and everything wrong at once."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.duty.calendar import hours_per_week, make_calendar
from qinwu.duty.compile import compile_plan
from qinwu.findings import QinwuError
from qinwu.judge.targets.card import OwnPeriod
from qinwu.judge.targets.duty_hours import duty_hours
from qinwu.judge.targets.measuring import SCHEMA, Ledger, evidence, measure
from qinwu.judge.targets.periods import Span, calendar_periods, overlaps, periods_of
from qinwu.judge.targets.standing import Standing
from tests.judge.target_cases import SYSTEM, card, indicator, spread, station
from tests.stations import nine_atom_system, nine_atoms

BEAT_OF = {"a1": "west", "a4": "west", "a2": "middle", "a5": "middle", "a3": "east", "a6": "east"}
CLASSES = ("robbery", "theft", "dispute", "help", "hotel")
SHARE = {"table": "calls", "of": "priority <= 2", "counted": "call_class = 'robbery'"}


def codes(found: QinwuError | Ledger) -> list[str]:
    """Return the codes of findings."""
    return [one.code for one in (found.findings if isinstance(found, QinwuError) else found.findings())]


def test_the_table_has_exactly_the_stated_columns() -> None:
    """Scores are built on it: names and kinds of columns are a promise."""
    found = measure(card(indicator()), station(spread(31)), SYSTEM)
    assert dict(found.schema) == SCHEMA


def test_every_owner_has_every_period_and_zero_where_nothing_happened() -> None:
    """A beat without calls in a month has a count of 0, not a missing row; a share over nothing has no value."""
    rows = [(float(day), "robbery" if day == 40 else "theft", "a1") for day in range(60)]
    found = measure(card(indicator(), indicator("share", formula=SHARE)), station(rows), SYSTEM)
    counts = found.filter(indicator="calls").sort("owner", "period")
    assert counts.select("owner", "period", "numerator", "value").rows() == [
        *(("east", month, 0.0, 0.0) for month in ("2024-01", "2024-02")),
        *(("middle", month, 0.0, 0.0) for month in ("2024-01", "2024-02")),
        ("west", "2024-01", 31.0, 31.0),
        ("west", "2024-02", 29.0, 29.0),
    ]
    shares = found.filter(indicator="share")
    assert shares.filter(pl.col("value").is_not_null()).select("owner", "period", "value").rows() == [("west", "2024-02", 1.0)]
    assert shares.filter(pl.col("value").is_null())["denominator"].to_list() == [0.0] * 5


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 59), st.sampled_from(CLASSES), st.sampled_from(list(BEAT_OF))), min_size=1, max_size=60))
def test_counts_and_shares_are_those_of_a_loop(rows: list[tuple[int, str, str]]) -> None:
    """For any calls, each cell is what counting row by row gives, and beats add up to their station."""
    whole = [(0.0, "dispute", "a1"), *((day + 0.3, name, atom) for day, name, atom in rows), (59.9, "help", "a1")]
    listed = (
        indicator(),
        indicator("share", formula=SHARE, unit={"zh": "%"}),
        indicator("all", level="station", formula={"table": "calls", "per": "week"}),
    )
    found = measure(card(*listed), station(sorted(whole)), SYSTEM)
    start = date(2024, 1, 1)
    for beat in ("west", "middle", "east"):
        for month, name in ((1, "2024-01"), (2, "2024-02")):
            mine = [row for row in whole if BEAT_OF[row[2]] == beat and (start + timedelta(int(row[0]))).month == month]
            urgent = [row for row in mine if row[1] in ("robbery", "dispute")]
            robbed = sum(row[1] == "robbery" for row in urgent)
            count = found.row(
                by_predicate=(pl.col("indicator") == "calls") & (pl.col("owner") == beat) & (pl.col("period") == name)
            )
            share = found.row(
                by_predicate=(pl.col("indicator") == "share") & (pl.col("owner") == beat) & (pl.col("period") == name)
            )
            assert count[3:] == (len(mine), 1.0, len(mine), len(mine))
            assert share[3:5] == (robbed, len(urgent))
            assert share[5] == pytest.approx(100 * robbed / len(urgent)) if urgent else share[5] is None
    total = found.filter(indicator="all")
    beats = found.filter(indicator="calls")
    assert total["numerator"].sum() == beats["numerator"].sum() == len(whole)
    assert total["value"].to_list() == pytest.approx((total["numerator"] / pl.Series([31 / 7, 29 / 7])).to_list())


def test_quantiles_means_and_ratios_are_those_of_numpy(tmp_path: Path) -> None:
    """p90, p50, mean and a ratio of sums over a table of the station's own, worked out again with numpy."""
    minutes = [3.0, 9.0, 4.5, 20.0, 7.0, 1.0, 12.0]
    lines = [f"2024-01-{at + 1:02},west,{value},{at + 1}" for at, value in enumerate(minutes)]
    (tmp_path / "book.csv").write_text("day,beat,minutes,times\n" + "\n".join(lines), encoding="utf-8")
    forms = {"p90": "p90", "p50": "p50", "mean": "mean"}
    listed = [indicator(name, formula={"table": "book", name: "minutes"}, owners=["west"]) for name in forms]
    listed.append(indicator("ratio", formula={"table": "book", "sum": "minutes", "over": "times"}, owners=["west"]))
    book = {"id": "book", "name": {"zh": "台账"}, "file": "book.csv", "time": "day", "beat": "beat"}
    found = measure(card(*listed, table=[book]), station(spread(31), tmp_path), SYSTEM)
    values = {name: found.filter(indicator=name)["value"][0] for name in (*forms, "ratio")}
    assert values["p90"] == pytest.approx(np.quantile(minutes, 0.9))
    assert values["p50"] == pytest.approx(np.median(minutes))
    assert values["mean"] == pytest.approx(np.mean(minutes))
    assert values["ratio"] == pytest.approx(sum(minutes) / sum(range(1, 8)))


def test_the_rows_behind_a_number_add_up_to_it() -> None:
    """Evidence has as many rows as the number rests on, and as many that count as its numerator."""
    one = card(indicator("share", formula=SHARE))
    place = station(spread(60))
    for row in measure(one, place, SYSTEM).filter(indicator="share").iter_rows(named=True):
        rows = evidence(one, place, SYSTEM, "share", row["owner"], row["period"])
        assert len(rows) == row["events"]
        assert rows["counted"].sum() == row["numerator"]
        assert rows["beat"].unique().to_list() in ([row["owner"]], [])
        assert not set(rows.columns) & {"姓名", "phone", "lon", "lat"}


# ------------------------------------------------------------------------------------------------------------------ periods


@given(st.dates(date(1999, 1, 1), date(2040, 1, 1)), st.integers(0, 900), st.sampled_from(["week", "month", "quarter", "year"]))
def test_calendar_periods_follow_one_another_and_cover_the_span(first: date, days: int, kind: str) -> None:
    """Each begins on the day after the one before; together they hold the first and the last day; names are unique."""
    span = Span(first, first + timedelta(days))
    periods = list(calendar_periods(kind, span))  # type: ignore[arg-type]
    assert periods[0].first <= span.first <= periods[0].last
    assert periods[-1].first <= span.last <= periods[-1].last
    assert all(after.first - before.last == timedelta(1) for before, after in pairwise(periods))
    assert len({one.name for one in periods}) == len(periods)


def test_a_month_that_the_record_only_touches_is_not_told() -> None:
    """Two whole months and two days of a third give two months; a record of ten days gives the month it touches."""
    one = card(indicator())
    assert [each.name for each in periods_of(one, "month", Span(date(2024, 1, 1), date(2024, 3, 2)))] == ["2024-01", "2024-02"]
    assert [each.name for each in periods_of(one, "month", Span(date(2024, 1, 5), date(2024, 1, 14)))] == ["2024-01"]


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)), max_size=7))
def test_overlaps_are_found_exactly_where_days_are_shared(spans: list[tuple[int, int]]) -> None:
    """Some overlap is named if and only if some day is in two periods."""
    start = date(2024, 1, 1)
    ends = [(start + timedelta(first), start + timedelta(first + length)) for first, length in spans]
    own = [OwnPeriod(id=f"p{at}", kind="month", first=first, last=last) for at, (first, last) in enumerate(ends)]
    days = [day for first, length in spans for day in range(first, first + length + 1)]
    assert bool(list(overlaps(own))) == (len(days) > len(set(days)))


# --------------------------------------------------------------------------------------------------------------- duty hours


def test_duty_hours_are_those_of_the_pattern_minute_by_minute() -> None:
    """The broken line agrees with asking every minute who is on duty, and over a whole cycle with the hours a week."""
    place, system = nine_atoms(), nine_atom_system()
    plan, crews = compile_plan(place, system), Standing.of(place, system).crews
    calendar, _ = make_calendar(system, crews)
    days = round(calendar.cycle_s / 86400)
    hours = duty_hours(plan, date(2024, 1, 1), days)
    minutes = (np.arange(days * 24 * 60, dtype=np.float64) + 0.5) * 60.0
    asked = calendar.on_duty(minutes)[calendar.roster_of].reshape(len(crews), days, 24, 60).mean(axis=3)
    assert hours == pytest.approx(asked, abs=1e-9)
    weekly = [hours_per_week(calendar.roster(number), calendar.cycle_s) for number in range(len(crews))]
    own = [number for number, crew in enumerate(crews) if crew.neighbour is None]
    assert hours.sum(axis=(1, 2))[own] * 7 / days == pytest.approx(np.array(weekly)[own])
    later = duty_hours(plan, date(2024, 1, 1) + timedelta(days * 3 + 2), 5)
    assert later == pytest.approx(np.concatenate([hours, hours], axis=1)[:, 2:7])


# ------------------------------------------------------------------------------------------------------------ what is wrong

WRONG = [
    ({"table": "callz"}, "unknown-table", "calls"),
    ({"table": "calls", "where": "priorty = 1"}, "unknown-column", "priority"),
    ({"table": "calls", "where": "priority >"}, "bad-expression", ""),
    ({"table": "calls", "where": "priority"}, "no-condition", ""),
    ({"table": "calls", "sum": "call_class"}, "no-number", ""),
    ({"table": "calls", "counted": "count(*) > 1"}, "aggregate", ""),
    ({"table": "calls", "mean": "sum(priority)"}, "aggregate", ""),
    ({"table": "calls", "mean": "priority / (priority - 3)"}, "divides-by-zero", ""),
    ({"table": "calls", "of": "priority > 9", "counted": "priority > 9"}, "divides-by-zero", ""),
    ({"table": "calls", "sum": "priority - 2"}, "negative-count", ""),
    ({"table": "calls", "sum": "priority", "mean": "priority"}, "several-forms", ""),
    ({"table": "calls", "over": "priority"}, "several-forms", ""),
]


@pytest.mark.parametrize(("formula", "code", "guess"), WRONG)
def test_a_wrong_formula_is_refused_with_place_and_remedy(formula: dict[str, str], code: str, guess: str) -> None:
    """What is wrong has its code, the key where it stands, and a remedy that names what was meant where that is near."""
    with pytest.raises(QinwuError) as raised:
        measure(card(indicator(formula=formula)), station(spread(31)), SYSTEM)
    found = next(one for one in raised.value.findings if one.code == code)
    assert found.place.key.startswith("indicator[0]")
    assert found.remedy
    assert guess in str(found.values.get("guess", ""))


def test_everything_wrong_is_told_at_once() -> None:
    """Three indicators wrong in three ways give three errors, not the first."""
    listed = [
        indicator("one", formula={"table": "calls", "where": "priorty = 1"}),
        indicator("two", level="sector"),
        indicator("three", owners=["wset"]),
        indicator("four", formula={"table": "vists"}),
    ]
    with pytest.raises(QinwuError) as raised:
        measure(card(*listed), station(spread(31)), SYSTEM)
    assert set(codes(raised.value)) >= {"unknown-column", "no-owner", "unknown-owner", "unknown-table"}
    assert "west" in [one.values.get("guess") for one in raised.value.findings]


def test_rows_that_belong_to_nobody_are_told() -> None:
    """Calls of atoms in no beat are counted in a warning, never dropped in silence."""
    beats = [beat.model_dump() for beat in SYSTEM.beat if beat.id != "east"]
    other = SYSTEM.model_validate({**SYSTEM.model_dump(), "beat": beats})
    ledger = Ledger.of(card(indicator()), station(spread(31)), other)
    told = next(one for one in ledger.findings() if one.code == "rows-without-owner")
    assert told.severity == "warning"
    assert told.values["count"] == sum(atom in ("a3", "a6") for _, _, atom in spread(31))


def test_own_tables_are_read_as_people_save_them(tmp_path: Path) -> None:
    """GB18030, Chinese headers and dates, full-width digits and 是/否 are read; names are left out; strangers are told."""
    rows = ("2024年1月3日,west,３０,是,张三", "2024/1/4,west,45,否,李四", "2024-01-05,weest,10,是,王五", "昨天,east,5,是,赵六")
    text = "\n".join(["日期,责任区,分钟,完成,姓名", *rows, ""])
    (tmp_path / "走访.csv").write_bytes(text.encode("gb18030"))
    book = {"id": "visits", "name": {"zh": "走访"}, "file": "走访.csv", "time": "日期", "beat": "责任区"}
    book["columns"] = {"minutes": "分钟", "done": "完成"}
    one = card(
        indicator("minutes", formula={"table": "visits", "sum": "minutes"}),
        indicator("done", formula={"table": "visits", "counted": "done"}, unit={"zh": "%"}, owners=["west"]),
        table=[book],
    )
    ledger = Ledger.of(one, station(spread(31), tmp_path), SYSTEM)
    assert {"forbidden-name", "unknown-owner", "wrong-date"} <= set(codes(ledger))
    assert ledger.measured(one.of("minutes")).filter(owner="west")["value"].to_list() == [75.0]
    assert ledger.measured(one.of("done"))["value"].to_list() == [50.0]
    table = ledger.table("visits")
    assert table is not None
    assert "姓名" not in table.frame.columns
    assert len(table.frame) == 2


def test_a_negative_count_in_a_file_is_refused_with_its_row(tmp_path: Path) -> None:
    """The place is the file and the row as a reader of it counts, the header being row 1."""
    (tmp_path / "book.csv").write_text("day,beat,times\n2024-01-02,west,4\n2024-01-03,east,-2\n", encoding="utf-8")
    book = {"id": "book", "name": {"zh": "台账"}, "file": "book.csv", "time": "day", "beat": "beat"}
    one = card(indicator("times", formula={"table": "book", "sum": "times"}), table=[book])
    with pytest.raises(QinwuError) as raised:
        measure(one, station(spread(31), tmp_path), SYSTEM)
    found = next(one for one in raised.value.findings if one.code == "negative-count")
    assert (found.place.file, found.place.row) == ("book.csv", 3)


def test_a_table_outside_the_folder_is_refused(tmp_path: Path) -> None:
    """A card cannot reach for files that are not the station's."""
    book = {"id": "book", "name": {"zh": "台账"}, "file": "../book.csv"}
    one = card(indicator("times", formula={"table": "book"}), table=[book])
    with pytest.raises(QinwuError) as raised:
        measure(one, station(spread(31), tmp_path), SYSTEM)
    assert "outside-folder" in codes(raised.value)


def test_days_asked_for_limit_what_is_measured() -> None:
    """From and to cut the record; hours of duty follow."""
    found = measure(card(indicator()), station(spread(60)), SYSTEM, date(2024, 2, 1), date(2024, 2, 29))
    assert found["period"].unique().to_list() == ["2024-02"]
