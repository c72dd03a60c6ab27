"""Score sheets: numbers counted by hand, points by the written rule, objections, signatures, roll-up and earlier years."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.findings import QinwuError
from qinwu.judge.claims.rates import Rate
from qinwu.judge.score.baseline import beside, compared
from qinwu.judge.score.numbers import Numbers
from qinwu.judge.score.points import points_between, points_of
from qinwu.judge.score.records import Objection, Records, Signature, read_records
from qinwu.judge.score.roll_up import roll_up
from qinwu.judge.score.scored import Scored, score
from qinwu.judge.score.sheet import ScoredLine
from qinwu.judge.score.survey import Survey
from tests.judge.score_cases import BASE, JANUARY, MARCH_1, calls, ledger, rules
from tests.stations import grid_area, officers, station

SAFE = Survey("west", "safe", 200, 0.9, "入户", date(2024, 1, 20), 2.0)


def _scored(records: Records | None = None, surveys: tuple[Survey, ...] = (), today: date = MARCH_1) -> Scored:
    return score(ledger(), rules(), JANUARY, surveys, records, today)


def _line(scored: Scored, owner: str, line: str) -> ScoredLine:
    sheet = scored.of(owner)
    assert sheet is not None
    return next(one for one in sheet.lines if one.line.id == line)


def test_number_rule_and_points_by_hand() -> None:
    """West: 50 of 80 calls by day are 62.5 points; 30 by night take 15; the beat's officer has the same numbers, times 1.35."""
    scored = _scored()
    day, night = _line(scored, "west", "day"), _line(scored, "west", "night")
    assert day.raw is not None
    assert (day.raw.numerator, day.raw.denominator, day.raw.events) == (50.0, 80.0, 80)
    assert [day.points, night.points] == pytest.approx([62.5, 15.0])
    west, officer = scored.of("west"), scored.of("P01")
    assert west is not None
    assert officer is not None
    assert west.points == pytest.approx(47.5)
    assert officer.points == pytest.approx(47.5)
    assert officer.weighted == pytest.approx(47.5 * 1.35)
    assert west.weighted == west.points


def test_deductions_stop_at_their_cap_and_points_at_nothing() -> None:
    """East: 100 calls by night would take 50 points; the cap takes 20 of the 37.5."""
    east = _scored().of("east")
    assert east is not None
    assert east.summed("deduction") == 20.0
    assert east.points == pytest.approx(100.0 * 60 / 160 - 20.0)


def test_few_events_are_drawn_to_the_others_and_the_raw_number_stays() -> None:
    """Middle: 9 of 10 calls is not 90 points; the rule is applied to a share between its own and the common one."""
    day = _line(_scored(), "middle", "day")
    assert day.raw is not None
    assert day.raw.value == pytest.approx(90.0)
    assert day.raw.drawn
    assert 45.0 < day.raw.used < 90.0
    assert day.raw.low < day.raw.used < day.raw.high
    assert day.points == pytest.approx(day.raw.used)
    others = (_line(_scored(), "east", "day").raw, _line(_scored(), "middle", "night").raw)
    assert all(raw is not None and not raw.drawn for raw in others)


def test_evidence_is_the_rows_behind_the_number() -> None:
    """Ten rows stand behind the ten calls of the middle beat, nine of them counted."""
    scored = _scored()
    sheet = scored.of("middle")
    assert sheet is not None
    rows = scored.evidence(sheet, sheet.lines[0])
    assert rows is not None
    assert (len(rows), int(rows["counted"].sum())) == (10, 9)
    assert scored.evidence(sheet, sheet.lines[3]) is None


def test_an_objection_is_marked_and_its_line_not_counted_until_answered() -> None:
    """Open: neither points nor possible points; rejected: it counts again; upheld: it is struck, on the beat's sheet too."""
    open_ = Objection("1", "P01", "day", "统计口径有误", "open", "", None)
    for state, points, possible, status, stage in (
        ("open", 0.0, 0.0, "open", "objected"),
        ("rejected", 47.5, 100.0, "counts", "to_sign"),
        ("upheld", 0.0, 0.0, "struck", "to_sign"),
    ):
        signed = (Signature("west", JANUARY, "shown", "", "内勤", date(2024, 2, 5)),)
        objection = replace(open_, state=state, answered_by="" if state == "open" else "所长")  # type: ignore[arg-type]
        west = _scored(Records((objection,), signed)).of("west")
        assert west is not None
        assert [west.points, west.possible] == pytest.approx([points, possible])
        assert (west.lines[0].status, west.stage) == (status, stage)


def test_a_sheet_is_final_only_after_it_was_shown_waited_and_signed() -> None:
    """Draft, shown while time to object is left, to be signed, final; signatures before the time is over change nothing."""
    shown = Signature("east", JANUARY, "shown", "", "内勤", date(2024, 2, 5))
    both = tuple(Signature("east", JANUARY, "signed", "", post, date(2024, 2, 6)) for post in ("所长", "教导员"))
    veto = Signature("east", JANUARY, "veto", "too_many", "局长", date(2024, 2, 12))
    stages = []
    for signatures, today in (
        ((), MARCH_1),
        ((shown,), date(2024, 2, 10)),
        ((shown, *both), date(2024, 2, 10)),
        ((shown, both[0]), MARCH_1),
        ((shown, *both), MARCH_1),
        ((shown, *both, veto), MARCH_1),
    ):
        east = _scored(Records((), signatures), today=today).of("east")
        assert east is not None
        stages.append((east.stage, east.missing))
    assert stages == [
        ("draft", ("所长", "教导员")),
        ("shown", ("所长", "教导员")),
        ("shown", ()),
        ("to_sign", ("教导员",)),
        ("to_sign", ()),
        ("final", ()),
    ]


def test_a_veto_is_proposed_and_takes_effect_when_signed() -> None:
    """East has a hundred calls by night: the veto waits for its signature; west has thirty: nothing."""
    east, west = _scored().of("east"), _scored().of("west")
    assert east is not None
    assert west is not None
    assert [one.status for one in (east.of_kind("veto")[0], west.of_kind("veto")[0])] == ["proposed", "quiet"]
    assert not east.vetoed
    signed = Records((), (Signature("east", JANUARY, "veto", "too_many", "局长", MARCH_1),))
    vetoed = _scored(signed).of("east")
    assert vetoed is not None
    assert vetoed.vetoed
    assert vetoed.points == east.points


def test_a_survey_gives_points_with_an_interval_and_to_no_officer() -> None:
    """90 % of 200 with a design effect of 2: as good as 100 people; 8 points, and Wilson's ends for the fewest and the most."""
    from statsmodels.stats.proportion import proportion_confint

    scored = _scored(surveys=(SAFE, replace(SAFE, day=date(2024, 2, 20), share=0.1)))
    safe, west = _line(scored, "west", "safe"), scored.of("west")
    low, high = proportion_confint(90, 100, method="wilson")
    assert safe.points == pytest.approx(8.0)
    assert [safe.fewest, safe.most] == pytest.approx([(low - 0.5) * 20, (high - 0.5) * 20])
    assert west is not None
    assert west.span[0] < west.points < west.span[1]
    assert _line(scored, "east", "safe").status == "no_number"
    officer = scored.of("P01")
    assert officer is not None
    assert all(not one.line.survey for one in officer.lines)


def test_station_is_the_sum_of_its_beats_and_back() -> None:
    """The station's share is what its beats bring, to the last digit; shares add to one; denominators to the whole."""
    scored = _scored()
    found = next(one for one in scored.roll_ups if one.indicator == "by_day")
    assert sum(part.adds for part in found.parts) == pytest.approx(found.value, abs=1e-12)
    assert sum(part.share for part in found.parts) == pytest.approx(1.0, abs=1e-12)
    assert sum(part.denominator for part in found.parts) == found.denominator == 250.0
    assert [part.owner for part in found.parts] == ["west", "middle", "east"]
    assert found.beyond is None


def test_what_belongs_to_no_beat_is_told_and_medians_are_not_taken_apart() -> None:
    """Without the east beat its calls remain, as nobody's; a median has no parts."""
    numbers = Numbers(ledger(), rules())
    found = roll_up(numbers, "by_day", numbers.ledger.standing.home, ["west", "middle"], JANUARY)
    assert found is not None
    assert found.beyond is not None
    assert (found.beyond.numerator, found.beyond.denominator) == (60.0, 160.0)
    assert sum(part.adds for part in found.parts) == pytest.approx(found.value)
    assert roll_up(numbers, "half", numbers.ledger.standing.home, ["west"], JANUARY) is None


def test_beats_counted_twice_are_refused() -> None:
    """Parts that are more than the whole are an error, not a rounding."""
    numbers = Numbers(ledger(), rules())
    table = numbers.table("by_day", "beat")
    numbers._tables["by_day", "beat"] = table.with_columns(pl.col("numerator") * 2.0)
    with pytest.raises(QinwuError, match="more than"):
        roll_up(numbers, "by_day", numbers.ledger.standing.home, ["west", "middle", "east"], JANUARY)


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=6, max_size=6).filter(lambda each: sum(map(sum, each)) > 0)
)
def test_any_station_decomposes_exactly(counts: list[tuple[int, int]]) -> None:
    """Whatever the calls, beats add up to the station and its shares to one."""
    rows = calls({f"a{number + 1}": each for number, each in enumerate(counts)}, 0, 31)
    small = station(grid_area(3, 2), officers(6, 3, command=1), rows=[*rows, (31 * 24.0, "help", "a1")])
    numbers = Numbers(ledger(small), rules())
    home = numbers.ledger.standing.home
    for name in ("by_day", "nightly", "per_head"):
        found = roll_up(numbers, name, home, numbers.ledger.standing.owners("beat"), JANUARY)
        if found is None:
            assert name == "by_day"
            continue
        assert sum(part.adds for part in found.parts) == pytest.approx(found.value, abs=1e-9)
        assert sum(part.share for part in found.parts) == pytest.approx(1.0 if found.numerator else 0.0, abs=1e-9)


def test_units_beside_each_other_get_places_but_no_points() -> None:
    """Three beats by day share: east is below west, and the middle with its ten calls may be anywhere."""
    found = next(one for one in _scored().leagues if (one.indicator, one.level) == ("by_day", "beat"))
    assert {one.name: (one.best, one.worst) for one in found.ranks} == {"middle": (None, None), "west": (1, 2), "east": (2, 3)}
    assert [one.naive for one in found.ranks if one.name == "middle"] == [1]
    assert not any("rank" in name for name in rules().model_dump())


def test_earlier_years_are_compared_together() -> None:
    """Exact ratio for rates, Newcombe's interval for shares (his example: 56/70 against 48/80 is 0.2 with 0.0524 to 0.3339)."""
    shares = compared(Rate(56, 70, "2025", "rule"), Rate(48, 80, "2024", "rule"), "share")
    assert [round(each, 4) for each in shares] == [0.2, 0.0524, 0.3339]
    years = [Rate(number, 1.0, str(year), "rule") for year, number in ((2022, 100), (2023, 104), (2024, 98))]
    steady = beside("B", Rate(101, 1.0, "2025", "rule"), years, "rate")
    assert not steady.shown
    assert steady.returned is None
    assert beside("B", Rate(160, 1.0, "2025", "rule"), years, "rate").shown


def test_a_return_to_the_usual_is_told_as_one() -> None:
    """After a year twice as bad as usual, half of it was to be expected without anyone doing anything."""
    years = [Rate(number, 1.0, str(year), "rule") for year, number in ((2022, 100), (2023, 100), (2024, 200))]
    found = beside("B", Rate(110, 1.0, "2025", "rule"), years, "rate")
    assert found.returned == pytest.approx(0.5)
    assert found.last is not None
    assert found.last.value == pytest.approx(2.0)


def test_a_number_is_told_with_all_it_needs() -> None:
    """Numerator, denominator, period and recording rule (M14)."""
    rate = Numbers(ledger(), rules()).rate("by_day", "beat", "west", JANUARY)
    assert rate is not None
    assert (rate.numerator, rate.denominator, rate.period) == (50, 80.0, JANUARY)
    assert "hour >= 8" in rate.recording_rule
    assert rate.value == pytest.approx(62.5)


def test_objections_and_signatures_are_read(tmp_path: Path) -> None:
    """Chinese headers and words; telephone numbers in a reason are masked."""
    (tmp_path / "objections.csv").write_text(
        "编号,警号,考核项,异议理由,状态,答复人,日期\n1,P01,day,有3起不是本区 13812345678,成立,所长,2024-02-07\n2,P02,day,口径,,,\n",
        encoding="utf-8",
    )
    (tmp_path / "signatures.csv").write_text(
        "考核对象,时期,事项,签字人,日期\nP01,2024-01,已告知,内勤,2024-02-05\n", encoding="utf-8"
    )
    found = read_records(tmp_path)
    assert [(one.officer, one.state, one.reason) for one in found.objections] == [
        ("P01", "upheld", "有3起不是本区 ***"),
        ("P02", "open", "口径"),
    ]
    assert found.signed("P01", "2024-01", "shown")[0].day == date(2024, 2, 5)
    assert read_records(tmp_path / "elsewhere") == Records()


def test_broken_records_are_named_all_at_once(tmp_path: Path) -> None:
    """An answer without a name, an unknown state, a double number, a date that is none."""
    (tmp_path / "objections.csv").write_text(
        "id,officer,line,reason,state,answered by\n1,P01,day,x,upheld,\n1,P02,day,x,maybe,\n", encoding="utf-8"
    )
    (tmp_path / "signatures.csv").write_text("owner,period,act,by,date\nP01,2024-01,shown,clerk,soon\n", encoding="utf-8")
    with pytest.raises(QinwuError) as caught:
        read_records(tmp_path)
    assert {one.code for one in caught.value.findings} == {"answer-without-name", "unknown-word", "double-objection", "bad-date"}


def test_an_objection_that_fits_nothing_is_an_error() -> None:
    """A slip in officer or line must not lose an objection."""
    for officer, line in (("P99", "day"), ("P01", "dya")):
        with pytest.raises(QinwuError) as caught:
            _scored(Records((Objection("7", officer, line, "x", "open", "", None),)))
        assert [one.code for one in caught.value.findings] == ["objection-to-nothing"]


def test_a_period_that_the_record_does_not_cover() -> None:
    """Asked for May, the answer names what there is."""
    with pytest.raises(QinwuError, match="2024-01"):
        score(ledger(), rules(), "2024-05", today=MARCH_1)


@settings(deadline=None)
@given(st.floats(-50, 200), st.floats(-50, 200))
def test_points_of_an_interval_hold_all_points_in_it(one: float, other: float) -> None:
    """Steps that fall and rise: the fewest and the most over an interval hold those of every value inside."""
    line = rules(line=[{**BASE, "linear": [], "steps": [[0, 40], [30, 90], [60, 10], [80, 100]]}]).line[0]
    low, high = min(one, other), max(one, other)
    fewest, most = points_between(line, low, high, 100.0)
    for part in range(21):
        assert fewest <= points_of(line, min(low + (high - low) * part / 20.0, high), 100.0) <= most


def test_tidy_table_has_every_line() -> None:
    """One row for each line of each sheet."""
    table = _scored(surveys=(SAFE,)).table()
    assert len(table) == sum(len(sheet.lines) for sheet in _scored().sheets)
    row = table.filter((pl.col("owner") == "west") & (pl.col("line") == "safe"))
    assert row["fewest"][0] < row["points"][0] < row["most"][0]
