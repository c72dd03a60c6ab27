"""Surveys: totals only, with the interval of their size; nobody's data comes in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qinwu.findings import QinwuError
from qinwu.judge.score.survey import Survey, latest, read_surveys, wilson

HEADER = "area,question,n,yes,method,date,design_effect\n"


def _written(folder: Path, text: str) -> Path:
    path = folder / "surveys.csv"
    path.write_text(text, encoding="utf-8")
    return path


@settings(deadline=None)
@given(st.integers(1, 3000), st.data())
def test_wilson_is_that_of_statsmodels(n: int, data: st.DataObject) -> None:
    """Any count of any sample: the closed form agrees with statsmodels."""
    from statsmodels.stats.proportion import proportion_confint

    yes = data.draw(st.integers(0, n))
    low, high = proportion_confint(yes, n, method="wilson")
    assert list(wilson(yes / n, n)) == pytest.approx([max(low, 0.0), min(high, 1.0)], abs=1e-12)


def test_a_survey_is_read_with_its_interval(tmp_path: Path) -> None:
    """180 of 200 in clusters (design effect 2) is as exact as 100 people."""
    surveys, found = read_surveys(_written(tmp_path, HEADER + "B01,satisfied,200,180,入户,2025-06-30,2\n"))
    assert found == ()
    assert surveys == (Survey("B01", "satisfied", 200, 0.9, "入户", date(2025, 6, 30), 2.0),)
    assert surveys[0].span[1:] == wilson(0.9, 100)


def test_chinese_headers_and_percent(tmp_path: Path) -> None:
    """满意率 written 93.5% is a share; without a design effect a note says what the interval is."""
    surveys, found = read_surveys(
        _written(tmp_path, "辖区,问题,样本量,满意率,调查方式,调查日期\n城中,satisfied,400,93.5%,电话,2025年6月1日\n")
    )
    assert surveys[0].share == pytest.approx(0.935)
    assert [one.code for one in found] == ["no-design-effect"]


def test_lists_of_people_are_refused(tmp_path: Path) -> None:
    """A file with names or telephones is no survey, whatever else it holds."""
    with pytest.raises(QinwuError) as caught:
        read_surveys(_written(tmp_path, "area,question,n,yes,method,date,姓名,联系电话\nB01,safe,20,18,入户,2025-01-01,某,1\n"))
    assert [one.code for one in caught.value.findings] == ["survey-with-people"]


@pytest.mark.parametrize(
    ("row", "key"),
    [
        ("B01,safe,,18,入户,2025-01-01,1", "n"),
        ("B01,safe,1,1,入户,2025-01-01,1", "n"),
        ("B01,safe,20,25,入户,2025-01-01,1", "share"),
        ("B01,safe,20,18,,2025-01-01,1", "method"),
        ("B01,safe,20,18,入户,soon,1", "date"),
        ("B01,safe,20,18,入户,2025-01-01,0.5", "design_effect"),
        (",safe,20,18,入户,2025-01-01,1", "area"),
    ],
)
def test_rows_without_what_an_interval_needs_are_refused(tmp_path: Path, row: str, key: str) -> None:
    """No sample size, more than all, no method, no date, an impossible design effect: refused with row and column."""
    with pytest.raises(QinwuError) as caught:
        read_surveys(_written(tmp_path, HEADER + row + "\n"))
    assert (caught.value.findings[0].place.row, caught.value.findings[0].place.key) == (2, key)


def test_the_same_question_twice_on_one_day(tmp_path: Path) -> None:
    """Which of the two is true nobody knows: refused."""
    row = "B01,safe,20,18,入户,2025-01-01,1.5\n"
    with pytest.raises(QinwuError) as caught:
        read_surveys(_written(tmp_path, HEADER + row + row))
    assert [one.code for one in caught.value.findings] == ["double-survey"]


def test_the_latest_is_told() -> None:
    """Of several surveys of an area the last counts; none elsewhere."""
    one = Survey("B01", "safe", 100, 0.8, "入户", date(2024, 6, 1))
    later = Survey("B01", "safe", 100, 0.7, "入户", date(2025, 6, 1))
    assert latest((later, one), "B01", "safe") is later
    assert latest((later, one), "B02", "safe") is None
