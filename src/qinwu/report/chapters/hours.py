"""Chapter about calls per hour: the coming weeks with bands, how good such forecasts were, places, and the people they ask for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from qinwu.findings import Place
from qinwu.forecast.hours.backtest import EIGHT_WEEKS, FORETOLD, BackTest
from qinwu.forecast.hours.counting import Counted
from qinwu.forecast.hours.forecasting import Band, HoursForecast
from qinwu.forecast.hours.handling import Handling
from qinwu.forecast.hours.series import DAY_H, WEEK_D
from qinwu.language import N_, Language
from qinwu.report.answer_page import KeyFigure
from qinwu.report.chapters.chapter import Chapter
from qinwu.report.chapters.hours_tables import days_table, hours_table, places_table, score_table, weeks_table
from qinwu.report.chapters.hours_words import WHY
from qinwu.report.figures.foretold import Beginning, Step, foretold_figure
from qinwu.report.figures.heat import week_figure
from qinwu.report.figures.scale import LOAD, shades
from qinwu.report.plans.plan_report import Drawing, Picture
from qinwu.report.spans import spans
from qinwu.report.words import SHORT_DAYS, Speaker, number

BUSIEST = 12
"""Hours of the week named as the busiest."""
WEEKS_DRAWN = 2
"""Weeks drawn hour by hour; more are in the tables."""


def hours_chapter(
    told: HoursForecast,
    counted: Counted,
    language: Language,
    *,
    handling: Handling | None = None,
    names: Mapping[str, str] | None = None,
) -> Chapter:
    """Return the chapter.

    Parameters
    ----------
    told, counted
        What is foretold, and from which calls.
    language
        In which it is told.
    handling
        Officer-minutes of a mean call; None leaves officers out.
    names
        What places are called.
    """
    speaker = Speaker(language)
    tables = [days_table(told, handling, speaker)]
    if told.test is not None:
        tables += [score_table(told.test, speaker), weeks_table(told.test, counted, speaker)]
    if len(counted.series.names) > 1:
        tables.append(places_table(told, counted, names or {}, speaker))
    return Chapter(
        id="hours",
        title=_title(told, speaker),
        lead=tuple(_lead(told, handling, speaker)),
        keys=tuple(_keys(told, handling, speaker)),
        drawings=tuple(_drawings(told, counted, speaker)),
        tables=(*tables, hours_table(told, handling, speaker)),
        why={key: speaker.say(text) for key, text in WHY.items()},
        notes=tuple(_notes(told, counted, handling, speaker)),
        data=_data(told, counted, handling),
    )


def _week(band: Band) -> tuple[float, float, float]:
    """Return mean, fewest and most of the first week."""
    return float(band.mean[0]), float(band.low[0]), float(band.high[0])


def hours_claim(told: HoursForecast, language: Language) -> str:
    """Return what a forecast says of the first week in one sentence."""
    speaker = Speaker(language)
    mean, low, high = _week(told.weeks)
    text = N_("From {first} to {last} residents will call about {calls} times; nine weeks of ten bring {low} to {high}.")
    if np.isnan(told.hours.mean[:WEEK_D]).any():
        text = N_(
            "From {first} to {last} residents will call about {calls} times in the hours that were ever observed; nine weeks of ten"
            " bring {low} to {high}."
        )
    last = told.first + timedelta(days=WEEK_D - 1)
    values = {"calls": number(mean, 0), "low": number(low, 0), "high": number(high, 0)}
    return speaker.say(text, first=_written(told.first, speaker), last=_written(last, speaker), **values)


def _title(told: HoursForecast, speaker: Speaker) -> str:
    """Return the hours that bring half of the calls, or that hours are not told apart."""
    usual = told.usual_week().reshape(WEEK_D, DAY_H).sum(axis=0)
    if told.plain or not usual.any():
        return speaker.say(N_("Too few calls to tell hours apart: the plain mean"))
    start, length = half_of(usual.tolist())
    text = N_("Half of the calls are due between {start} and {end}")
    return speaker.say(text, start=f"{start:02d}:00", end=f"{(start + length) % DAY_H:02d}:00")


def half_of(day: Sequence[float]) -> tuple[int, int]:
    """Return the fewest hours in a row, round the clock, that bring half of the day: the first, and how many; the fullest such.

    >>> half_of([0.0] * 20 + [1.0, 5.0, 4.0, 1.0])
    (21, 2)
    """
    rows = [
        (start, length, sum(day[(start + at) % len(day)] for at in range(length)))
        for length in range(1, len(day) + 1)
        for start in range(len(day))
    ]
    enough = [row for row in rows if row[2] >= 0.5 * sum(day)]
    fewest = min(length for _, length, _ in enough)
    start, length, _ = max((row for row in enough if row[1] == fewest), key=lambda row: row[2])
    return start, length


def _written(day: date, speaker: Speaker) -> str:
    return speaker.say(N_("{year}-{month}-{day}"), year=day.year, **_month_and_day(day, speaker))


def _lead(told: HoursForecast, handling: Handling | None, speaker: Speaker) -> Iterator[str]:
    yield from (replace(one, place=Place()).text(speaker.language) for one in told.findings if one.severity == "warning")
    usual = told.usual_week()
    if not told.plain and usual.sum() >= WEEK_D * DAY_H:
        hours = sorted(np.argsort(-usual, kind="stable")[:BUSIEST].tolist())
        text = N_("The busiest twelve hours: {spans}. They bring {share} of all calls in {part} of the time.")
        share = usual[hours].sum() / usual.sum()
        yield speaker.say(text, spans=spans(hours, speaker), share=f"{share:.0%}", part=f"{BUSIEST / (WEEK_D * DAY_H):.0%}")
    if handling:
        text = N_(
            "They ask for {hours} officer-hours at once and {later} of follow-up that can wait: {minutes} officer-minutes a call."
        )
        mean = _week(told.weeks)[0]
        asked, later = (number(mean * each / 60.0, 0) for each in handling)
        yield speaker.say(text, hours=asked, later=later, minutes=number(sum(handling), 0))
    if not np.isnan(told.came).all():
        known = ~np.isnan(told.came) & ~np.isnan(told.hours.mean)
        text = N_("These days are in the record already: {came} calls came in hours for which {calls} were foretold.")
        came, mean = float(told.came[known].sum()), float(told.hours.mean[known].sum())
        yield speaker.say(text, came=number(came, 0), calls=number(mean, 0))
    if told.test is not None:
        yield _tested(told.test, speaker)
        yield _covered(told.test, speaker)


def _tested(test: BackTest, speaker: Speaker) -> str:
    """Return the verdict on past forecasts beside the eight-week average."""
    scores = {score.method: score for score in test.scores()}
    own, naive = scores[FORETOLD], scores[EIGHT_WEEKS]
    better = N_(
        "Over {count} past weeks it foretold hours better than the mean of the last eight weeks: deviance {own} against {naive}."
    )
    worse = N_(
        "Over {count} past weeks it foretold hours worse than the mean of the last eight weeks: deviance {own} against {naive}."
    )
    neither = N_(
        "Over {count} past weeks no difference to the mean of the last eight weeks is shown: deviance {own} against {naive}."
    )
    text = better if own.less[2] < 0.0 else worse if own.less[1] > 0.0 else neither
    values = {"own": number(own.deviance[0], 2), "naive": number(naive.deviance[0], 2)}
    return speaker.say(text, count=len(test.origins), **values)


def _covered(test: BackTest, speaker: Speaker) -> str:
    inside, due = test.coverage()
    days, of = test.days.inside()
    hours = N_("{inside} of past hours lay in their band ({due} were due: counts are whole numbers).")
    both = N_("{inside} of past hours lay in their band ({due} were due: counts are whole numbers), and {days} of {all} days.")
    return speaker.say(both if of else hours, inside=f"{inside:.1%}", due=f"{due:.1%}", days=days, all=of)


def _keys(told: HoursForecast, handling: Handling | None, speaker: Speaker) -> Iterator[KeyFigure]:
    mean, low, high = _week(told.weeks)
    band = speaker.say(N_("{low} to {high}"), low=number(low, 0), high=number(high, 0))
    yield KeyFigure(speaker.say(N_("Calls in the coming week")), number(mean, 0), band, "hours.told")
    if handling:
        text = speaker.say(N_("{minutes} officer-minutes a call, follow-up apart"), minutes=number(handling.at_once_min, 0))
        yield KeyFigure(
            speaker.say(N_("Officer-hours they ask for")), number(mean * handling.at_once_min / 60.0, 0), text, "hours.officer"
        )


def _drawings(told: HoursForecast, counted: Counted, speaker: Speaker) -> Iterator[Drawing]:
    days = min(len(told.kinds), WEEKS_DRAWN * WEEK_D)
    yield Drawing(
        speaker.say(N_("Calls an hour, foretold")),
        speaker.say(N_("Black: calls foretold. Blue: nine hours of ten should lie in it. Dots: what came, where it is known.")),
        (Picture("", "", _hours_drawn(told, days, speaker)),),
        "hours.told",
        wide=True,
    )
    if told.test is not None:
        yield Drawing(
            speaker.say(N_("Calls a day in past weeks: foretold a week ahead, and come")),
            speaker.say(N_("Dots: what came; brown ones outside their band, of which one in ten is due.")),
            (Picture("", "", _days_drawn(told.test, counted, speaker)),),
            "hours.past",
            wide=True,
        )
    usual = told.usual_week()
    colours = shades(usual.tolist(), LOAD)
    tips = [f"{speaker.say(SHORT_DAYS[h // DAY_H])} {h % DAY_H:02d}:00 · {number(float(usual[h]), 2)}" for h in range(len(usual))]
    names = [speaker.say(day) for day in SHORT_DAYS]
    label = speaker.say(N_("Calls an hour by hour of the week"))
    picture = Picture(label, speaker.say(N_("Darker: more calls.")), week_figure(usual.tolist(), colours, names, tips, label))
    yield Drawing(
        speaker.say(N_("When they come")), speaker.say(N_("Holidays among the days foretold are in it.")), (picture,), "hours.told"
    )


def _hours_drawn(told: HoursForecast, days: int, speaker: Speaker) -> str:
    steps = []
    for day, hour in np.ndindex(days, DAY_H):
        values = tuple(float(each[day, hour]) for each in (told.hours.mean, told.hours.low, told.hours.high, told.came))
        name = f"{_day(told.first + timedelta(days=int(day)), speaker)} {hour:02d}:00"
        steps.append(_step(values, name, 2, speaker))
    beginnings = [Beginning(day * DAY_H, _day(told.first + timedelta(days=day), speaker)) for day in range(days)]
    return foretold_figure(steps, beginnings, speaker.say(N_("calls an hour")), speaker.say(N_("Calls an hour, foretold")))


def _days_drawn(test: BackTest, counted: Counted, speaker: Speaker) -> str:
    steps, beginnings = [], []
    for at, origin in enumerate(test.origins):
        beginnings.append(Beginning(at * WEEK_D, _short(counted.series.date_of(origin), speaker)))
        for day in range(WEEK_D):
            came, mean, low, high = (float(each[at, 0, day]) for each in test.days)
            name = _day(counted.series.date_of(origin + day), speaker)
            steps.append(_step((mean, low, high, came), name, 1, speaker))
    label = speaker.say(N_("Calls a day in past weeks: foretold a week ahead, and come"))
    return foretold_figure(steps, beginnings, speaker.say(N_("calls a day")), label)


def _step(values: tuple[float, ...], name: str, digits: int, speaker: Speaker) -> Step:
    mean, low, high, came = values
    if math.isnan(mean):
        return Step(mean, low, high, came, f"{name}: {speaker.say(N_('not foretold'))}")
    said = speaker.say(
        N_("{calls} foretold, {low} to {high}"), calls=number(mean, digits), low=number(low, 0), high=number(high, 0)
    )
    also = f"; {speaker.say(N_('{calls} came'), calls=number(came, 0))}" if math.isfinite(came) else ""
    return Step(mean, low, high, came, f"{name}: {said}{also}")


def _short(day: date, speaker: Speaker) -> str:
    return speaker.say(N_("{month}-{day}"), **_month_and_day(day, speaker))


def _month_and_day(day: date, speaker: Speaker) -> dict[str, str]:
    """Return month and day of the month, with two digits each in English."""
    digits = 2 if speaker.language == "en" else 1
    return {"month": f"{day.month:0{digits}d}", "day": f"{day.day:0{digits}d}"}


def _day(day: date, speaker: Speaker) -> str:
    return f"{speaker.say(SHORT_DAYS[day.weekday()])} {_short(day, speaker)}"


def _notes(told: HoursForecast, counted: Counted, handling: Handling | None, speaker: Speaker) -> Iterator[str]:
    yield from (one.text(speaker.language) for one in told.findings if one.severity != "warning")
    last = counted.series.date_of(counted.series.days - 1)
    text = N_("{calls} calls of residents from {first} to {last} teach the forecast of hours.")
    yield speaker.say(text, calls=number(counted.taught, 0), first=counted.series.first.isoformat(), last=last.isoformat())
    if not told.plain:
        text = N_("Half-lives learnt from past weeks: {level} weeks for the level of today, {week} weeks for hours of the week.")
        yield speaker.say(text, level=f"{told.half_life_level:g}", week=f"{told.half_life_week:g}")
    if handling is None:
        yield speaker.say(N_("Officer-hours are left out: no duty system in force could be read."))


def _data(told: HoursForecast, counted: Counted, handling: Handling | None) -> dict[str, Any]:
    weeks = [{"calls": m, "low": lo, "high": hi} for m, lo, hi in zip(*(each.tolist() for each in told.weeks), strict=True)]
    days = [
        {"date": (told.first + timedelta(days=at)).isoformat(), "kind": int(told.kinds[at]), "calls": m, "low": lo, "high": hi}
        for at, (m, lo, hi) in enumerate(zip(*(each.tolist() for each in told.days), strict=True))
    ]
    scores = [
        {"method": each.method, "error": each.error, "deviance": each.deviance, "less": each.less}
        for each in (told.test.scores() if told.test else ())
    ]
    coverage = told.test.coverage() if told.test else None
    return {
        "first": told.first.isoformat(),
        "plain": told.plain,
        "weeks": weeks,
        "days": days,
        "hours": told.hours.mean.ravel().tolist(),
        "hours_low": told.hours.low.ravel().tolist(),
        "hours_high": told.hours.high.ravel().tolist(),
        "half_life_level_weeks": told.half_life_level,
        "half_life_week_weeks": told.half_life_week,
        "spread": {name: float(getattr(told.spread, name)[0]) for name in ("hour", "day", "week")},
        "scores": scores,
        "coverage": coverage,
        "handling_min": handling._asdict() if handling else None,
        "taught": counted.taught,
        "left_out": dict(counted.left_out),
        "gaps": [[gap.since.isoformat(), gap.until.isoformat(), gap.hours] for gap in counted.gaps],
    }
