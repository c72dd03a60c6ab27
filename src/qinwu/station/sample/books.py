"""Books: what a station writes down of its own work 台账: beat visits, inspections, disputes followed up, and surveys.

All of it is invented. How often each is done are assumptions of the sample, chosen so that some targets are met and some are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from qinwu.station.config import CallClass
from qinwu.station.sample.demand import DAY_S, YEAR, Demand
from qinwu.station.sample.land import Land

I64 = NDArray[np.int64]

PEOPLE_PER_VISIT = 290.0
"""Residents behind one visit a month: about seventeen visits a month in a beat of 5,000."""
INSPECTED, FOLLOWED, PLEASED = 0.93, 0.78, 0.88
"""Shares of inspections done when due, of disputes followed up, and of residents asked who are satisfied."""
FEWER_IN_WINTER = (0.75, 0.7, 1.0, 1.05, 1.05, 1.0, 0.95, 0.95, 1.05, 1.0, 1.1, 1.1)
"""Visits by month: fewer around the Spring Festival."""
ASKED = 200
SURVEY_DAYS = ((3, 20), (6, 20), (9, 20), (12, 10))
DUE_MONTHS = {"A": (6,), "B": (3, 6, 9, 12), "C": tuple(range(1, 13))}
"""Months in which a venue of each grade is due: yearly, quarterly, monthly, as the sample card says."""
YES, NO = "是", "否"


def book_sheets(
    land: Land, calls: Demand, classes: Sequence[CallClass], venues: pl.DataFrame, rng: np.random.Generator
) -> dict[str, pl.DataFrame]:
    """Return the books of a year by file name, rows in order of days."""
    return {
        "visits.csv": _visits(land, rng),
        "inspections.csv": _inspections(venues, rng),
        "disputes.csv": _disputes(land, calls, classes, rng),
        "surveys.csv": _surveys(rng),
    }


def _visits(land: Land, rng: np.random.Generator) -> pl.DataFrame:
    """One row for each visit: the day, and where."""
    rate = np.array([atom.population for atom in land.atoms]) / PEOPLE_PER_VISIT
    days, places = list[date](), list[int]()
    for month, factor in enumerate(FEWER_IN_WINTER, start=1):
        for at, count in enumerate(rng.poisson(rate * factor).tolist()):
            days += [_day(month, rng) for _ in range(count)]
            places += [at] * count
    return _ordered({"日期": [day.isoformat() for day in days], "网格": [land.atoms[at].id for at in places]})


def _inspections(venues: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """One row for each inspection of a grade C venue that fell due, done or not; the others only where they were done."""
    rows = [
        (_day(month, rng).isoformat(), venue, YES if rng.random() < INSPECTED else NO)
        for venue, grade in venues.select("venue_id", "grade").iter_rows()
        for month in DUE_MONTHS[grade]
    ]
    return _ordered({"日期": [row[0] for row in rows], "场所编号": [row[1] for row in rows], "完成": [row[2] for row in rows]})


def _disputes(land: Land, calls: Demand, classes: Sequence[CallClass], rng: np.random.Generator) -> pl.DataFrame:
    """One row for each dispute of the call file: the day, where, and whether somebody came back within a week."""
    disputes = np.array([each.kind == "dispute" for each in classes])[calls.call_class]
    days = (calls.received_s[disputes] // DAY_S).astype(np.int64)
    places: I64 = calls.atom[disputes]
    done = rng.random(len(days)) < FOLLOWED
    return pl.DataFrame(
        {
            "日期": [(date(YEAR, 1, 1) + timedelta(days=day)).isoformat() for day in days.tolist()],
            "网格": [land.atoms[at].id for at in places.tolist()],
            "已回访": [YES if each else NO for each in done],
        }
    )


def _surveys(rng: np.random.Generator) -> pl.DataFrame:
    """One row for each quarter: how many were asked by telephone, and how many of them are satisfied."""
    days = [date(YEAR, month, day).isoformat() for month, day in SURVEY_DAYS]
    pleased = rng.binomial(ASKED, PLEASED, len(days))
    return pl.DataFrame(
        {
            "日期": days,
            "范围": ["station"] * len(days),
            "问题": ["satisfied"] * len(days),
            "样本量": [ASKED] * len(days),
            "满意数": pleased,
            "方法": ["随机拨号"] * len(days),
        }
    )


def _day(month: int, rng: np.random.Generator) -> date:
    """Return a day of a month, the 29th to 31st never."""
    return date(YEAR, month, int(rng.integers(1, 29)))


def _ordered(columns: dict[str, list[str]]) -> pl.DataFrame:
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)).sort("日期", maintain_order=True)
