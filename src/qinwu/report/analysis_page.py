"""Page of an analysis: the week at a glance, the average day, every crew, and the tables behind them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from qinwu.language import N_
from qinwu.report.analysis import BUSY, QUEUED, URGENT, AnalysisReport, hours_at
from qinwu.report.answer_page import KeyFigure, WeekFigure, coloured, render, week_figure
from qinwu.report.columns import BY_NAME, COLUMNS, SHARES
from qinwu.report.figures.bars import Part, legend, stacked_bar, swatch
from qinwu.report.figures.day import Series, day_figure
from qinwu.report.figures.scale import LOAD, WAIT, shades
from qinwu.report.sheet import Sheet
from qinwu.report.spans import DAY_H
from qinwu.report.words import DAYS, Speaker, number
from qinwu.report.writing import write_whole
from qinwu.simulate.measures.value import Key

CREW_COLOURS = ("#12506f", "#c9c2b4", "#f0ebe1")
LIGHT = 0
"""The colour of a crew's bar on which numbers must be white."""

CREW_HOW = {
    "duty": N_("Hours a week that the roster has the crew on duty."),
    "shares": N_("On calls: way, scene, report and waiting for the partner. Fixed duty: what the duty file binds. Free: the rest."),
}


def write_html(path: Path, report: AnalysisReport) -> None:
    """Write an analysis as one HTML file.

    Raises
    ------
    QinwuError
        Where the file cannot be written.
    """
    write_whole(path, page(report).encode("utf-8"))


def page(report: AnalysisReport) -> str:
    """Return the page as text."""
    drawn, speaker = AnalysisPage(report), report.speaker
    why = {name: speaker.say(column.how) for name, column in BY_NAME.items()}
    why |= {name: speaker.say(text) for name, text in CREW_HOW.items()}
    why |= {key.measure: speaker.how(key.measure) for key in map(Key._make, report.analysis.figures)}
    return render(
        "analyse.html.j2",
        report,
        why,
        kind="analyse",
        kicker=speaker.say(N_("What the duty system does, hour by hour")),
        claim=report.claim(),
        deck=[speaker.sentences(report.evidence()[:2]), report.warning()],
        report=report,
        drawn=drawn,
    )


@dataclass(frozen=True)
class AnalysisPage:
    """Draws one analysis."""

    report: AnalysisReport

    @property
    def speaker(self) -> Speaker:
        """The words."""
        return self.report.speaker

    def say(self, text: str, **values: object) -> str:
        """Return a catalogue entry, filled."""
        return self.speaker.say(text, **values)

    def hourly(self, name: str) -> list[float]:
        """Return a column by hour of the week, as the analysis has it."""
        return [float(value) for value in self.report.analysis.hours[name].to_list()]

    def daily(self, name: str) -> tuple[float, ...]:
        """Return a column over the average day, in the unit of its words."""
        means = (self.report.mean(BY_NAME[name], hours_at(hour)) for hour in range(DAY_H))
        return tuple(float(mean) if isinstance(mean, float) else math.nan for mean in means)

    @cached_property
    def utilisation(self) -> list[float]:
        """Share of the crews that calls would keep busy, by hour of the week."""
        return self.hourly("utilisation")

    @cached_property
    def delayed(self) -> list[float]:
        """Share of calls for which nobody can be sent, by hour of the week."""
        return self.hourly("p_delay")

    # -- key numbers -------------------------------------------------------------------------------------------------

    def keys(self) -> tuple[KeyFigure, ...]:
        """Return the numbers at the top."""
        calls, crews = self.hourly("calls_per_h"), self.hourly("crews")
        return (
            KeyFigure(self.say(N_("calls an hour")), self.mean(calls), self.most(calls, 1), "calls_per_h"),
            KeyFigure(self.say(N_("crews on duty")), self.mean(crews), self.range(crews), "crews"),
            KeyFigure(self.say(N_("time on calls")), self.report.amount(BUSY), self.peak(self.utilisation), BUSY.measure),
            KeyFigure(self.say(N_("nobody to send")), self.report.amount(QUEUED), self.peak(self.delayed), QUEUED.measure),
            KeyFigure(
                self.say(N_("9 in 10 of the most urgent calls within")), self.report.amount(URGENT), self.promise(), URGENT.measure
            ),
        )

    def mean(self, values: Sequence[float]) -> str:
        """Return the mean of the hours of the week."""
        return number(sum(values) / len(values), 1)

    def most(self, values: Sequence[float], digits: int) -> str:
        """Return the largest number, and its hour."""
        hour = highest(values)
        return self.say(N_("most: {value}, {hour}"), value=number(values[hour], digits), hour=self.report.hour_name(hour))

    def range(self, values: Sequence[float]) -> str:
        """Return the smallest and the largest number."""
        return self.say(N_("{low} to {high}"), low=number(min(values), 1), high=number(max(values), 1))

    def peak(self, values: Sequence[float]) -> str:
        """Return the largest share, and its hour."""
        hour = highest(values)
        return self.say(N_("most: {value}, {hour}"), value=f"{values[hour]:.0%}", hour=self.report.hour_name(hour))

    @property
    def promised_min(self) -> float | None:
        """Minutes promised for the most urgent calls."""
        return self.report.station.config.policy.limit_min.get(1)

    def promise(self) -> str:
        """Return what is promised for the most urgent calls, empty where nothing is."""
        return "" if self.promised_min is None else self.say(N_("promise {minutes} min"), minutes=f"{self.promised_min:g}")

    # -- weeks -------------------------------------------------------------------------------------------------------

    def busy_title(self) -> str:
        """Say when crews are busiest."""
        hour = highest(self.utilisation)
        text = N_("Busiest on {day} at {hour} o'clock: calls would take {share} of the crews' time")
        return self.say(text, **when(hour, self.speaker), share=f"{self.utilisation[hour]:.0%}")

    def delay_title(self) -> str:
        """Say when there is most often nobody to send."""
        hour = highest(self.delayed)
        text = N_("On {day} at {hour} o'clock {share} of calls find nobody to send, more than in any other hour")
        return self.say(text, **when(hour, self.speaker), share=f"{self.delayed[hour]:.0%}")

    def busy_week(self) -> WeekFigure:
        """Return how busy crews are in each hour; those with more than they can finish are marked."""
        return self.week(self.utilisation, LOAD, N_("busy"), set(self.report.analysis.unsteady_hours))

    def delay_week(self) -> WeekFigure:
        """Return how often nobody can be sent in each hour."""
        return self.week(self.delayed, WAIT, N_("nobody to send"), set())

    def week(self, values: Sequence[float], ramp: tuple[str, ...], word: str, marked: set[int]) -> WeekFigure:
        """Return shares by hour of the week."""
        colours, name = shades([0.0, *values], ramp), self.say(word)
        hours = [
            coloured(value, colours, f"{self.report.hour_name(hour)}  {share_text(value)}", marked=hour in marked)
            for hour, value in enumerate(values)
        ]
        edges = [f"{edge * 100.0:.0f}" for edge in colours.edges]
        scale = legend(colours.colours, [*edges[:-1], f"{edges[-1]}%"], name)
        return week_figure(hours, scale, name, self.speaker)

    # -- the average day ---------------------------------------------------------------------------------------------

    def day_title(self) -> str:
        """Say how many crews are busy when most are."""
        busy, crews = self.daily("offered"), self.daily("crews")
        hour = highest(busy)
        text = N_("On the average day calls take most at {hour} o'clock: {busy} of {crews} crews")
        return self.say(text, hour=hour, busy=number(busy[hour], 1), crews=number(crews[hour], 1))

    def load_day(self) -> str:
        """Return crews busy with calls against crews on duty."""
        series = [
            Series("busy", self.say(N_("crews busy with calls")), self.daily("offered"), filled=True),
            Series("now", self.say(N_("crews on duty")), self.daily("crews")),
        ]
        return day_figure(series, self.say(N_("crews")), self.say(N_("crews on duty")))

    def wait_day(self) -> str:
        """Return waits of the most urgent and of less urgent calls."""
        series = [
            Series("late", self.say(N_("priority 3")), self.daily("wait_s_3")),
            Series("urgent", self.say(N_("priority 1")), self.daily("wait_s_1")),
        ]
        return day_figure(series, self.say(N_("min")), self.say(N_("wait until a crew is sent")))

    def urgent_day(self) -> str:
        """Return the time within which nine in ten of the most urgent calls are reached, against the promise."""
        series = [Series("urgent", self.say(N_("9 in 10 of the most urgent calls within")), self.daily("response_p90_s_1"))]
        promise = None if self.promised_min is None else (self.promised_min, self.promise())
        return day_figure(series, self.say(N_("min")), self.say(N_("9 in 10 of the most urgent calls within")), promise)

    # -- crews -------------------------------------------------------------------------------------------------------

    def crews_title(self) -> str:
        """Say which crew is busiest."""
        busiest = self.report.analysis.crews.sort("workload", descending=True).row(0, named=True)
        text = N_("Busiest crew: {crew}, on calls for {share} of its duty")
        return self.say(text, crew=busiest["crew"], share=f"{busiest['workload']:.0%}")

    def crews(self) -> list[tuple[str, str, str]]:
        """Return id, remark and bar of each crew, busiest first."""
        rows = self.report.analysis.crews.sort("workload", descending=True, maintain_order=True).iter_rows(named=True)
        return [(row["crew"], self.crew_remark(row["squad"], row["duty_h"]), self.crew_bar(row)) for row in rows]

    def crew_remark(self, squad: str, hours: float) -> str:
        """Return the squad of a crew, and its hours on duty."""
        name = self.report.squad_names.get(squad, squad)
        return self.say(N_("{squad}, {hours} h a week"), squad=name, hours=number(hours, 0))

    def crew_bar(self, row: Mapping[str, Any]) -> str:
        """Return the parts of a crew's time as a bar."""
        parts = [
            Part(row[name], number(row[name] * 100.0, 0), colour, place == LIGHT, f"{self.say(text)}: {row[name]:.1%}")
            for place, ((name, text), colour) in enumerate(zip(SHARES.items(), CREW_COLOURS, strict=True))
        ]
        return stacked_bar(parts, row["crew"])

    def crew_legend(self) -> list[tuple[str, str]]:
        """Return what the colours of the bars mean."""
        return [(swatch(colour), self.say(text)) for text, colour in zip(SHARES.values(), CREW_COLOURS, strict=True)]

    # -- tables ------------------------------------------------------------------------------------------------------

    def tables(self) -> list[tuple[Sheet, list[str]]]:
        """Return the tables to fold away, each with the explanation of every column."""
        brief = ["", *(column.name for column in COLUMNS if column.brief)]
        return [(self.report.day(), brief), (self.report.week(brief=True), brief)]

    def figures(self) -> list[tuple[str, str, str]]:
        """Return every figure of the week: name, value with unit, and which explanation it has."""
        keys = map(Key._make, self.report.analysis.figures)
        return [(self.speaker.key(key), self.report.amount(key), key.measure) for key in keys]

    def method(self) -> list[str]:
        """Return how all this is computed, and what it leaves out."""
        return [self.say(text, weeks=len(self.report.analysis.weeks)) for text in METHOD]


METHOD = (
    N_("Every hour of the week has its own rate of calls, by class, taken from the record; calls come at random (Poisson)."),
    N_(
        "How many crews are asked for is carried from hour to hour: what is left of one hour stands in line in the next, and crews"
        " that go off duty take their calls along. That is exact for calls at random that keep crews for exponential times. Weeks"
        " of the roster looked at: {weeks}."
    ),
    N_(
        "Who of the crews is busy is an approximation: the busier ones more often. Each list of crews is then walked in the order"
        " of the duty system; among equals the nearest goes, from where patrols may be."
    ),
    N_(
        "Waits by priority, calls that interrupt others, partners that wait for each other and help from other stations are"
        " approximations that hold on average, not call by call."
    ),
    N_(
        "Left out: calls that come in rushes, times on a call that are not exponential, and the clock inside an hour. The simulator"
        " (qinwu compare) has them: where the two part, believe the simulator."
    ),
)


def highest(values: Sequence[float]) -> int:
    """Return the place of the largest value, those that are none left out; 0 where there is none."""
    return max(range(len(values)), key=lambda place: values[place] if math.isfinite(values[place]) else -math.inf)


def share_text(value: float) -> str:
    """Return a share as per cent, a dash for none."""
    return f"{value:.0%}" if math.isfinite(value) else number(value, 0)


def when(hour: int, speaker: Speaker) -> dict[str, object]:
    """Return an hour of the week as values for a sentence."""
    return {"day": speaker.say(DAYS[hour // DAY_H]), "hour": hour % DAY_H}
