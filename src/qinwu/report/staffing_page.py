"""Page of a staffing answer, to take to a meeting: the verdict, hours needed and there, three ways to close a gap, the watches."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from qinwu.language import N_
from qinwu.queueing.hourly.calls import HOURS
from qinwu.queueing.supply import AWAY, HOURS_PER_WEEK, LONGEST_WEEK_H
from qinwu.report.answer_page import WeekFigure, coloured, render, week_figure
from qinwu.report.asked import amount, span
from qinwu.report.closing import Change
from qinwu.report.figures.bars import swatch
from qinwu.report.figures.scale import LOAD, WAIT, Shades, shades
from qinwu.report.figures.supply import closed_bar, hours_bar
from qinwu.report.spans import hour_name
from qinwu.report.staffing import StaffingReport
from qinwu.report.words import Speaker, number
from qinwu.report.writing import write_whole

HOW = {
    "needed": N_("Crews of each watch that keep every target, times officers in a crew, times hours, over the week."),
    "gross": N_("Officers of the front line times hours a week each, nobody ever away."),
    "net": N_("Gross hours less the share of working days lost to leave, holidays, sickness and training."),
    "crews": N_(
        "The fewest crews with which every target is kept over the hours of the watch; those added after simulation count."
    ),
    "officers": N_("Crews times officers in a crew."),
    "rule": N_("Officers in the busiest hour of the watch if calls may take no more than 60% of a crew's time."),
    "added": N_("Where the simulation missed a target, crews were added where the closed form saw the least room."),
    "watch_target": N_("What the closed form says of the target over the hours of the watch, with the crews of this row."),
    "closed": N_("What the closed form says of the target over the whole week."),
    "simulated": N_("Mean over the replications of the simulator, with the same crews and calls."),
    "interval": N_("Holds the mean with 95%: Student's t over the replications."),
    "kept": N_("By the simulation's mean where it measures the target, else by the closed form."),
    "by_hour": N_("The fewest officers that keep every target in this hour alone, never below the least on duty."),
    "today": N_("Officers in the crews on duty by the duty system in force, averaged over the weeks of the roster."),
}

SLACK = 1e-9
ENOUGH, SHORT = Shades((0.0, 1.0), (LOAD[1],)), Shades((0.0, 1.0), (WAIT[2],))
"""Colours of hours with enough officers for the watch, and of hours with fewer."""


class Source(NamedTuple):
    """A figure the answer rests on: what, how much, where from, and whether that is only assumed."""

    what: str
    value: str
    source: str
    assumed: bool


class Bar(NamedTuple):
    """Hours of a week as a bar: name, remark, hours, drawing, and which explanation it has."""

    name: str
    remark: str
    hours: str
    svg: str
    why: str


def write_html(path: Path, report: StaffingReport) -> None:
    """Write a staffing answer as one HTML file.

    Raises
    ------
    QinwuError
        Where the file cannot be written.
    """
    write_whole(path, page(report).encode("utf-8"))


def page(report: StaffingReport) -> str:
    """Return the page as text."""
    drawn, speaker = StaffingPage(report), report.speaker
    why = {name: speaker.say(text) for name, text in HOW.items()}
    why |= {f"change{at}": change.how for at, change in enumerate(drawn.changes)}
    return render(
        "staff.html.j2",
        report,
        why,
        kind="staff",
        kicker=speaker.say(N_("Officers needed, officers there")),
        claim=report.verdict(),
        deck=[report.evidence()],
        report=report,
        drawn=drawn,
    )


@dataclass(frozen=True)
class StaffingPage:
    """Draws one staffing answer."""

    report: StaffingReport

    @property
    def speaker(self) -> Speaker:
        """The words."""
        return self.report.speaker

    def say(self, text: str, **values: object) -> str:
        """Return a catalogue entry, filled."""
        return self.speaker.say(text, **values)

    # -- hours -------------------------------------------------------------------------------------------------------

    def bars(self) -> tuple[Bar, ...]:
        """Return hours needed, and hours there, gross and net, to one scale."""
        answer, supply = self.report.answer, self.report.answer.supply
        front = self.say(N_("{front} officers × {hours} h"), front=supply.front, hours=number(supply.hours, 0))
        away = self.say(N_("{away} away"), away=f"{supply.away:.1%}")
        people = self.say(N_("all targets kept, {people} in a crew"), people=answer.by_watch.people)
        return (
            self.bar(N_("needed"), people, answer.needed, "needed"),
            self.bar(N_("there, gross"), front, supply.gross, "gross"),
            self.bar(N_("there, net"), away, supply.net, "net"),
        )

    def bar(self, name: str, remark: str, hours: float, kind: str) -> Bar:
        """Return one bar."""
        answer = self.report.answer
        top = max(answer.needed, answer.supply.gross) * 1.02 or 1.0
        text = self.say(N_("{hours} h"), hours=number(hours, 0))
        said = self.say(name)
        return Bar(said, remark, text, hours_bar(hours, answer.needed, top, kind, f"{said}: {text}"), kind)

    def gap(self) -> str:
        """Return what is missing, or left."""
        text = N_("{hours} h a week are left") if self.report.answer.feasible else N_("{hours} h a week are missing")
        return self.say(text, hours=number(abs(self.report.answer.gap), 0))

    # -- changes -----------------------------------------------------------------------------------------------------

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The ways to close the gap."""
        return self.report.closing.changes()

    def changes_title(self) -> str:
        """Say how many of the ways are enough by themselves."""
        enough, gap = sum(change.enough for change in self.changes), number(self.report.answer.gap, 0)
        if not enough:
            return self.say(N_("No single change closes the gap of {gap} hours"), gap=gap)
        text = N_("{count} of {all} changes would close the gap of {gap} hours alone")
        return self.say(text, count=enough, all=len(self.changes), gap=gap)

    def closes(self, change: Change) -> str:
        """Return how much of the gap a change closes."""
        text = N_("closes {hours} of {gap} h a week")
        return self.say(text, hours=number(change.closes, 0), gap=number(self.report.answer.gap, 0))

    def closes_bar(self, change: Change) -> str:
        """Return the same as a bar."""
        return closed_bar(change.closes, self.report.answer.gap, self.closes(change))

    # -- weeks -------------------------------------------------------------------------------------------------------

    @cached_property
    def needed(self) -> list[float]:
        """Officers needed in each hour of the week by itself."""
        return [float(count) for count in self.report.needed_by_hour().tolist()]

    @cached_property
    def planned(self) -> list[float]:
        """Officers that the watches need by hour of the week."""
        return [float(count) for count in self.report.planned_by_hour().tolist()]

    @cached_property
    def today(self) -> list[float]:
        """Officers on duty now by hour of the week, empty where nobody looked."""
        return [] if self.report.today is None else [float(count) for count in self.report.today.hours["officers"].to_list()]

    def needed_week(self) -> WeekFigure:
        """Return officers needed by hour, the more the darker."""
        colours = shades([0.0, *self.needed], LOAD[:-1])
        return self.week(self.needed, N_("officers needed"), [colours] * HOURS)

    def today_week(self) -> WeekFigure:
        """Return officers on duty now by hour: blue where they are enough for the watch, brown where they are not."""
        ramps = [SHORT if now + SLACK < planned else ENOUGH for now, planned in zip(self.today, self.planned, strict=True)]
        return self.week(self.today, N_("officers on duty today"), ramps)

    def week(self, values: list[float], word: str, colours: Sequence[Shades]) -> WeekFigure:
        """Return officers by hour of the week, a number in each hour."""
        name = self.say(word)
        hours = [
            coloured(value, colours[hour], f"{hour_name(hour, self.speaker)}  {number(value, 1)}", number(value, 0))
            for hour, value in enumerate(values)
        ]
        return week_figure(hours, "", name, self.speaker)

    def today_legend(self) -> list[tuple[str, str]]:
        """Return what the colours of today's week mean."""
        words = (N_("enough for the watch"), N_("too few"))
        return [(swatch(one.colours[0]), self.say(word)) for one, word in zip((ENOUGH, SHORT), words, strict=True)]

    def weeks_title(self) -> str:
        """Say in how many hours fewer are on duty than the watches need."""
        if not self.today:
            return self.say(N_("Officers needed by hour"))
        short = sum(now + SLACK < planned for now, planned in zip(self.today, self.planned, strict=True))
        if short == HOURS:
            return self.say(N_("At every hour of the week fewer are on duty today than the watch needs"))
        if not short:
            return self.say(N_("Today there are always as many on duty as the watches need"))
        text = N_("In {short} of {hours} hours of the week fewer are on duty today than the watch needs")
        return self.say(text, short=short, hours=HOURS)

    # -- tables ------------------------------------------------------------------------------------------------------

    def watch_keys(self) -> list[str]:
        """Return the explanation of each column of the watches."""
        return ["", "", "crews", "officers", "rule", "added", *["watch_target"] * len(self.report.answer.checked)]

    def check_keys(self) -> list[str]:
        """Return the explanation of each column of the targets."""
        return ["", "closed", "simulated", "interval", "kept"]

    def checks(self) -> list[tuple[str, ...]]:
        """Return the targets with units: words, closed form, simulation, interval, verdict."""
        rows: list[tuple[str, ...]] = []
        for one in self.report.answer.checked:
            closed, found = (amount(one.target, value, self.speaker) for value in (one.closed, one.simulated.mean))
            bounds = span(one.target, one.simulated.low, one.simulated.high, self.speaker)
            rows.append((self.report.target(one.target), closed, found, bounds, self.say(self.report.check_verdict(one))))
        return rows

    def sources(self) -> list[Source]:
        """Return the figures the answer rests on, each with its source, or said to be an assumption."""
        answer, supply = self.report.answer, self.report.answer.supply
        law, given = self.say(N_("Labour Law: 8 hours a day, 40 a week")), self.say(N_("given for this answer"))
        days = self.say(N_("assumption: 45 of 260 working days; use the station's own where it is known"))
        lawful, usual = math.isclose(supply.hours, HOURS_PER_WEEK), math.isclose(supply.away, AWAY)
        hours = self.say(N_("{hours} h a week"), hours=number(supply.hours, 0))
        people = self.say(N_("{count} officers"), count=answer.by_watch.people)
        least = self.say(N_("{count} officers"), count=self.report.least)
        longest = self.say(N_("{hours} h a week"), hours=number(LONGEST_WEEK_H, 0))
        return [
            Source(self.say(N_("Hours of an officer")), hours, law if lawful else given, False),
            Source(self.say(N_("Away on working days")), f"{supply.away:.1%}", days if usual else given, usual),
            Source(self.say(N_("Officers in a crew")), people, self.say(N_("assumption: two or more answer a call")), True),
            Source(self.say(N_("On duty at any time, at least")), least, self.say(N_("assumption")), True),
            Source(self.say(N_("60% rule")), "60%", self.say(N_("ICMA/CPSM (McCabe), guide from 62 agencies in the USA")), False),
            Source(
                self.say(N_("Longest week, three groups on 24-hour duty")),
                longest,
                self.say(N_("assumption: practice reported of Chinese stations")),
                True,
            ),
            Source(self.say(N_("Longer ways after a merger")), "√n", "Kolesar & Blum 1973", False),
        ]
