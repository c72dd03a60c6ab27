"""Drawings of leads: what a list is worth, whether probabilities came true, and the strongest series on map and clock."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from qinwu.forecast.leads.aoristic import DAY_S, HOUR_S
from qinwu.forecast.leads.backtest import BackTest
from qinwu.forecast.leads.case_leads import CaseLeads, Series
from qinwu.forecast.leads.cases import Cases
from qinwu.forecast.leads.duplicates import BeyondChance
from qinwu.forecast.leads.scoring import Calibrated
from qinwu.language import N_
from qinwu.report.chapters.leads_words import clock_words, moment, percent
from qinwu.report.figures.leads import Stop, Told, came_true, list_worth, series_clock, series_map
from qinwu.report.plans.plan_report import Drawing, Picture
from qinwu.report.words import Speaker

LONGEST_LIST = 200
DRAWN_SERIES = 2
MOST_STOPS = 30
ROUNDED_M = 100.0


def worth_drawing(speaker: Speaker, test: BackTest | None) -> Iterator[Drawing]:
    """Yield what a list would have been worth, and whether its probabilities came true; nothing without a back-test."""
    if test is None:
        return
    say = speaker.say
    length = min(LONGEST_LIST, test.pairs)
    shares = (test.hits[:length] / np.arange(1, length + 1)).tolist()
    label = say(N_("Share confirmed, by length of the list"))
    texts = (say(N_("length of the list")), say(N_("share confirmed")), say(N_("by lot {rate}"), rate=percent(test.base_rate, 1)))
    pictures = [Picture(label, "", list_worth(shares, test.base_rate, texts, label))]
    if test.calibration:
        pictures.append(said_and_true(speaker, test.calibration))
    lead = say(N_("Learnt from the earlier cases, tested on the later ones, whose outcome was looked at last."))
    yield Drawing(say(N_("What the list is worth")), lead, tuple(pictures), "leads.worth")


def said_and_true(speaker: Speaker, classes: Sequence[Calibrated | BeyondChance]) -> Picture:
    """Return classes of probability against what came true."""
    label = speaker.say(N_("What was said, and what came true"))
    told = [
        Told(
            each.said,
            each.true,
            each.low,
            each.high,
            speaker.say(
                N_("{pairs} pairs: said {said}, true {true}"), pairs=each.pairs, said=percent(each.said), true=percent(each.true)
            ),
        )
        for each in classes
    ]
    return Picture(label, "", came_true(told, speaker.say(N_("probability said")), speaker.say(N_("came true")), label))


def series_drawing(speaker: Speaker, found: CaseLeads) -> Iterator[Drawing]:
    """Yield the strongest series, each on a map without streets and on a clock; a series without places on the clock only."""
    for at, each in enumerate(found.series[:DRAWN_SERIES], start=1):
        stops = _stops(found.cases, each)
        label = speaker.say(N_("Where, rounded to 100 m"))
        clock = speaker.say(N_("Day and hour"))
        placed = [stop for stop in stops if math.isfinite(stop.x_m)]
        pictures = [Picture(label, "", series_map(placed, label))] if placed else []
        pictures.append(Picture(clock, "", series_clock(stops, _days(stops), speaker.say(N_("hour of the day")), clock)))
        text = N_("Series {number}: {count} cases, mean probability of their pairs {probability}")
        title = speaker.say(text, number=at, count=len(each.cases), probability=percent(each.probability))
        lead = speaker.say(N_("Numbered in order of time; bars are the hours in which a case may have happened."))
        yield Drawing(title, lead, tuple(pictures), "leads.series")


def _stops(cases: Cases, series: Series) -> list[Stop]:
    stops = []
    for number, at in enumerate(series.cases[:MOST_STOPS], start=1):
        start, end = float(cases.start_s[at]), float(cases.end_s[at])
        first = start / HOUR_S % 24.0
        whole = end - start >= DAY_S
        last = 24.0 if whole else min(first + (end - start) / HOUR_S, 24.0)
        x, y = (
            round(float(axis[at]) / ROUNDED_M) * ROUNDED_M if math.isfinite(axis[at]) else math.nan
            for axis in (cases.x_m, cases.y_m)
        )
        stops.append(
            Stop(
                x,
                y,
                math.floor(start / DAY_S),
                0.0 if whole else first,
                last,
                str(number),
                f"{cases.ids[at]}, {clock_words(start)}",
            )
        )
    return stops


def _days(stops: Sequence[Stop]) -> list[tuple[float, str]]:
    """Return up to four days of the axis with their names."""
    first, last = min(stop.day for stop in stops), max(stop.day for stop in stops)
    count = int(min(4, last - first + 1))
    days = sorted({round(first + (last - first) * part / max(count - 1, 1)) for part in range(count)})
    return [(float(day), moment(day * DAY_S).strftime("%m-%d")) for day in days]
