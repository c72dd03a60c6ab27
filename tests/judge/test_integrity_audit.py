"""Audits: samples that anybody can draw again, intervals that hold, sheets that were tampered with."""

from __future__ import annotations

import hashlib
import math
from itertools import product
from pathlib import Path

import numpy as np
import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from qinwu.cli import main
from qinwu.findings import QinwuError
from qinwu.judge.integrity.audit import CHECKS, Checked, Design, audit, estimated, overall, read_design
from qinwu.judge.integrity.sampling import Drawn, Stratum, draw, exact, none_found, population, size_for, wilson
from qinwu.report.audit_sheet import write_audit_sheet
from qinwu.station.sample import write_sample


def calls_of(sizes: dict[str, int]) -> pl.DataFrame:
    """Return calls in strata of these sizes."""
    names = [(f"{name}-{number}", name) for name, size in sizes.items() for number in range(size)]
    table = pl.DataFrame(names, schema=["call_id", "stratum"], orient="row")
    return table.with_columns(
        unit=pl.col("stratum"),
        call_class=pl.lit("theft"),
        priority=pl.lit(2),
        received=pl.lit("2025-03-01 08:00").str.to_datetime(),
    )


def design_of(drawn: Drawn) -> Design:
    """Return how a sample was drawn."""
    return Design(drawn.seed, drawn.n, drawn.by, "", drawn.digest)


def filled(path: Path, answers: dict[int, str], usual: str = "是") -> None:
    """Answer every question of a sheet with `usual`, the class question of some rows otherwise."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    for row in range(2, sheet.max_row + 1):
        for column in range(8, 11):
            sheet.cell(row, column).value = usual
        if row in answers:
            sheet.cell(row, 8).value = answers[row]
    book.save(path)


@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(1, 300), min_size=1, max_size=8), st.integers(1, 200))
@settings(deadline=None, max_examples=40)
def test_a_sample_is_what_was_asked(sizes: dict[str, int], n: int) -> None:
    """As many as asked, none twice, strata in proportion to within one, at least two from each unless there is only one stratum."""
    calls = calls_of(sizes)
    drawn = draw(calls, n, ("unit",), 1)
    assert drawn.n == min(n, len(calls)) == sum(each.drawn for each in drawn.strata)
    assert drawn.calls == len(calls)
    assert drawn.rows["call_id"].is_unique().all()
    for each in drawn.strata:
        assert abs(each.drawn - each.calls * drawn.n / len(calls)) <= 1.0
        assert each.drawn <= each.calls
        assert len(drawn.strata) == 1 or each.drawn >= 2 or each.calls * drawn.n / len(calls) >= 2


def test_anybody_can_draw_again() -> None:
    """The calls of a stratum with the smallest SHA-256 of seed:id, whatever the order of the file."""
    calls = calls_of({"a": 50, "b": 30})
    drawn = draw(calls, 16, ("unit",), 7)
    by_hand = sorted((f"a-{number}" for number in range(50)), key=lambda name: hashlib.sha256(f"7:{name}".encode()).hexdigest())[
        :10
    ]
    assert set(drawn.rows.filter(pl.col("stratum") == "a")["call_id"]) == set(by_hand)
    again = draw(calls.reverse(), 16, ("unit",), 7)
    assert again.rows["call_id"].to_list() == drawn.rows["call_id"].to_list()
    assert set(draw(calls, 16, ("unit",), 8).rows["call_id"]) != set(drawn.rows["call_id"])


def test_small_strata_join_their_unit_first() -> None:
    """Classes too small for two draws are joined within their unit, units too small with each other."""
    calls = calls_of({"B1 · help": 500, "B1 · theft": 20, "B1 · fire": 200, "B2 · help": 9, "B3 · help": 8, "B4 · help": 300})
    names = {each.name for each in draw(calls, 40, ("unit", "class"), 1).strata}
    assert "B1 · help" in names
    assert "B1 · theft" not in names
    assert "…" in names


def test_size_is_the_smallest_that_does() -> None:
    """One call fewer gives a wider interval than asked."""
    for margin, assumed, calls in product((0.02, 0.05, 0.1), (0.0, 0.1, 0.5), (150, 5000, 100_000)):
        n = size_for(margin, assumed, calls)
        assert wilson(assumed, n, calls).half_width <= margin
        assert n == 1 or wilson(assumed, n - 1, calls).half_width > margin


def test_wilson_is_that_of_statsmodels() -> None:
    """The score interval agrees with another program."""
    from statsmodels.stats.proportion import proportion_confint

    for errors, n in ((0, 50), (3, 40), (20, 40), (40, 40)):
        found = wilson(errors / n, n)
        assert (found.low, found.high) == pytest.approx(proportion_confint(errors, n, method="wilson"), abs=1e-9)


@pytest.mark.parametrize("n", [5, 20, 60])
def test_exact_interval_covers_at_every_truth(n: int) -> None:
    """Among 80 calls with any number of errors the interval holds the truth at least nineteen times in twenty."""
    calls = 80
    intervals = [exact(errors, n, calls) for errors in range(n + 1)]
    for truth in range(calls + 1):
        chance = hypergeom.pmf(np.arange(n + 1), calls, truth, n)
        held = [one.low - 1e-12 <= truth / calls <= one.high + 1e-12 for one in intervals]
        assert chance[np.array(held)].sum() >= 0.90 if truth in (0, calls) else chance[np.array(held)].sum() >= 0.925


def test_none_found_is_the_worst_of_all_ways() -> None:
    """Against every way to hide errors in three small strata."""
    strata = (Stratum("a", 12, 4), Stratum("b", 10, 2), Stratum("c", 6, 3))
    worst = 0
    for hidden in product(*(range(each.calls - each.drawn + 1) for each in strata)):
        missed = math.prod(hypergeom.pmf(0, each.calls, there, each.drawn) for each, there in zip(strata, hidden, strict=True))
        if missed >= 0.05:
            worst = max(worst, int(sum(hidden)))
    assert none_found(strata) == pytest.approx(worst / 28)


def test_stratified_interval_holds_the_truth() -> None:
    """Three strata with 2, 10 and 30 % errors: the 95 % interval holds the truth in at least 92 % of three hundred draws."""
    rng = np.random.default_rng(1)
    calls = calls_of({"a": 600, "b": 300, "c": 100})
    rate = {"a": 0.02, "b": 0.1, "c": 0.3}
    wrong = {name: bool(rng.uniform() < rate[stratum]) for name, stratum in calls.select("call_id", "stratum").iter_rows()}
    truth = np.mean(list(wrong.values()))
    held = 0
    for seed in range(300):
        drawn = draw(calls, 120, ("unit",), seed)
        found = dict.fromkeys("abc", 0)
        for name, stratum in drawn.rows.select("call_id", "stratum").iter_rows():
            found[stratum] += wrong[name]
        share = overall([Checked(each, each.drawn, found[each.name], None) for each in drawn.strata])
        held += int(share.low <= truth <= share.high)
    assert held / 300 >= 0.92


def test_all_checked_is_certain() -> None:
    """A census has no interval."""
    calls = calls_of({"a": 30, "b": 20})
    drawn = draw(calls, 1000, ("unit",), 1)
    share = estimated(drawn, {name: (number < 5, ()) for number, name in enumerate(drawn.rows["call_id"].to_list())}).share
    assert (share.share, share.low, share.high) == pytest.approx((0.1, 0.1, 0.1))


@pytest.fixture
def sheet(tmp_path: Path) -> tuple[Path, pl.DataFrame, Drawn]:
    """Return a work sheet of forty calls, the calls, and the sample."""
    calls = calls_of({"甲": 300, "乙": 100})
    drawn = draw(calls, 40, ("unit",), 3)
    path = tmp_path / "sheet.xlsx"
    write_audit_sheet(path, drawn, "", "zh")
    return path, calls, drawn


def test_a_sheet_comes_back(sheet: tuple[Path, pl.DataFrame, Drawn]) -> None:
    """Two of forty wrong, one not told: share, interval, and what the open one may hide."""
    path, calls, drawn = sheet
    filled(path, {2: "否", 3: "no", 4: "无法核实"})
    assert read_design(path) == design_of(drawn)
    found = audit(path, calls, design_of(drawn))
    assert (found.drawn, found.answered, found.wrong) == (40, 39, 2)
    assert found.by_check == {"class_right": 2, "stamps_right": 0, "outcome_right": 0}
    assert found.share.low < 2 / 39 < found.share.high
    assert found.worst.share > found.share.share


def test_no_error_found(sheet: tuple[Path, pl.DataFrame, Drawn]) -> None:
    """Nought of forty: nought to what the hypergeometric bound leaves."""
    path, calls, drawn = sheet
    filled(path, {})
    found = audit(path, calls, design_of(drawn)).share
    assert (found.share, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(none_found(drawn.strata))


def test_what_is_wrong_with_a_sheet(sheet: tuple[Path, pl.DataFrame, Drawn]) -> None:
    """Words that are no answers, calls exchanged, nothing filled in, calls of the station changed."""
    path, calls, drawn = sheet

    def codes(table: pl.DataFrame) -> set[str]:
        with pytest.raises(QinwuError) as raised:
            audit(path, table, design_of(drawn))
        return {one.code for one in raised.value.findings if one.severity == "error"}

    assert codes(calls) == {"no-answers"}
    filled(path, {2: "vielleicht"})
    assert codes(calls) == {"unknown-answer"}
    assert codes(calls.head(399)) == {"other-calls"}
    book = openpyxl.load_workbook(path)
    book.worksheets[0].cell(2, 2).value = next(name for name in calls["call_id"] if name not in set(drawn.rows["call_id"]))
    book.save(path)
    assert "not-drawn" in codes(calls)


def test_a_call_taken_out_of_the_sheet_is_told(sheet: tuple[Path, pl.DataFrame, Drawn]) -> None:
    """It counts as not checked, and that is said."""
    path, calls, drawn = sheet
    filled(path, {})
    book = openpyxl.load_workbook(path)
    book.worksheets[0].delete_rows(5)
    book.save(path)
    found = audit(path, calls, design_of(drawn))
    assert [one.code for one in found.findings] == ["calls-missing"]
    assert found.answered == 39


def test_a_workbook_of_somebody_else(tmp_path: Path) -> None:
    """Without its second sheet it is refused."""
    path = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(QinwuError) as raised:
        read_design(path)
    assert raised.value.findings[0].code == "no-design"


def test_the_command_draws_and_reads_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From a station to a sheet, from the filled-in sheet to an interval; wrong options are all told at once."""
    folder = tmp_path / "town"
    write_sample(folder, "station13", 1)
    main(["audit-sample", str(folder), "--n", "60", "--seed", "5", "--lang", "en"])
    path = folder / "reports" / "audit-sheet.xlsx"
    filled(path, {2: "no"}, "yes")
    main(["audit-sample", str(folder), "--result", str(path), "--lang", "en", "--xlsx", str(tmp_path / "a.xlsx")])
    said = capsys.readouterr().out
    assert "60 of 60 drawn calls were checked, 1 of them wrong." in " ".join(said.split())
    assert (folder / "reports" / "audit-result.en.html").read_text("utf-8").count("<svg")
    with pytest.raises(SystemExit) as left:
        main(["audit-sample", str(folder), "--strata", "unit,nose", "--margin", "3", "--lang", "en"])
    assert left.value.code == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "“nose”" in told
    assert "--margin" in told
    assert "There is a work sheet already" in told


def test_strata_of_a_station(tmp_path: Path) -> None:
    """Every call has one stratum, made of what was asked."""
    from qinwu.station.folder import read_station

    write_sample(tmp_path / "s", "station13", 1)
    station = read_station(tmp_path / "s")
    calls = population(station, None, ("class", "priority", "month"))
    assert len(calls) == len(station.calls)
    row = calls.row(0, named=True)
    assert row["stratum"] == f"{row['call_class']} · {row['priority']} · {row['received']:%Y-%m}"
    assert set(CHECKS) == {"class_right", "stamps_right", "outcome_right"}
