"""Charts: the figures of a report, drawn from its outcomes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from qinwu.language import N_, Language
from qinwu.report.choice import Candidate, candidates, extra_hours, focus, needs_more_hours, ranking_key
from qinwu.report.figures.bars import Officer, Part, Whisker, legend, load_bars, size_bar, stacked_bar, swatch, whisker
from qinwu.report.figures.curves import Curve, curve_figure
from qinwu.report.figures.heat import week_figure
from qinwu.report.figures.scale import FROM_SOON_TO_LATE, WAIT, WORK, Shades, shades
from qinwu.report.figures.svg import percent
from qinwu.report.report import Report
from qinwu.report.table import Cell, make_cell
from qinwu.report.words import BUCKETS, DAYS, SHORT_DAYS, Speaking, number
from qinwu.report.words import WORK as WORK_WORDS
from qinwu.simulate.measures.value import Key

CURVE_ENDS = (15.0, 30.0, 60.0)
REACHED = 0.92


@dataclass(frozen=True, slots=True)
class Panel:
    """One small picture of several: the system it is about (None for all), its name, a remark, and the drawing."""

    system: int | None
    name: str
    remark: str
    svg: str


@dataclass(frozen=True, slots=True)
class CurvePanel:
    """The curves of one priority, and the share within the promise, a cell for each system (none where nothing is promised)."""

    name: str
    svg: str
    promise: str
    kept: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Gain:
    """A row of the figure of gains: the difference of the ranking figure, and what it takes in hours on duty."""

    system: int
    cell: Cell
    tone: str
    whisker: str
    hours: str
    hours_bar: str
    more_hours: bool


@dataclass(frozen=True, slots=True)
class Gains:
    """The figure of gains: its rows, where zero lies in per cent of the width, what zero stands for, and room beside its name."""

    rows: tuple[Gain, ...]
    zero: str
    now: str
    room_before: bool
    room_after: bool


@dataclass(frozen=True, slots=True)
class Legend:
    """A legend: colour and word, in order."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Charts(Speaking):
    """Draws the figures of one report in one language."""

    report: Report
    language: Language

    def name(self, at: int) -> str:
        """Return the name of a system."""
        return self.report.name(at, self.language)

    @property
    def systems(self) -> range:
        """Positions of all systems."""
        return range(len(self.report.systems))

    # -- gains -------------------------------------------------------------------------------------------------------

    def gains(self) -> Gains:
        """Return every alternative with the difference it makes and the hours it takes, the largest gain first."""
        ranked = [each for each in candidates(self.report) if math.isfinite(each.change.mean)]
        scale = _around_zero([bound for each in ranked for bound in each.wide if math.isfinite(bound)])
        extra = [extra_hours(self.report, each.at) for each in ranked]
        reach = max((abs(share) for share in extra if math.isfinite(share)), default=0.0) or 1.0
        rows = tuple(self.gain(each, scale, share / reach) for each, share in zip(ranked, extra, strict=True))
        now = make_cell(self.report, self.speaker, 0, ranking_key(self.report)).full
        zero = _within(0.0, *scale)
        return Gains(rows, percent(zero), self.speaker.say(N_("today {value}"), value=now), zero > 0.2, zero < 0.8)

    def gain(self, one: Candidate, scale: tuple[float, float], hours: float) -> Gain:
        """Return one row; `hours` is the extra hours as a share of the longest bar."""
        cell = make_cell(self.report, self.speaker, one.at, ranking_key(self.report))
        at, low, high = (_within(value, *scale) for value in one.wide)
        tone = one.standing if one.standing in ("better", "worse") else "none"
        mark = Whisker(at, *((at, at) if math.isnan(low) else (low, high)), tone)
        bounds = self.speaker.range(cell.key.measure, one.wide, signed=True)
        drawn = whisker(mark, _within(0.0, *scale), f"{cell.change_text} ({bounds})")
        words = self.hours_text(extra_hours(self.report, one.at))
        length = hours if math.isfinite(hours) else 0.0
        bar = size_bar(0.5 + 0.5 * length, 0.5, "more" if length > 0 else "less", words)
        return Gain(one.at, cell, tone, drawn, words, bar, needs_more_hours(self.report, one.at))

    def hours_text(self, share: float) -> str:
        """Return the hours beyond the current system's as a share."""
        if not math.isfinite(share):
            return ""
        return self.speaker.say(N_("the same")) if abs(share) < 0.005 else f"{number(share * 100.0, 0, signed=True)}%"

    # -- curves ------------------------------------------------------------------------------------------------------

    def curves(self) -> tuple[CurvePanel, ...]:
        """Return one panel for each priority that has calls."""
        return tuple(self.curve(priority) for priority in (1, 2, 3, 4) if self.points(0, priority))

    def points(self, at: int, priority: int) -> tuple[tuple[float, float], ...]:
        """Return (minute, share reached) of one system and priority."""
        means = self.report.means(at, "response_curve", f"priority_{priority}", "share")
        return tuple((float(minute), share) for minute, share in means.items() if math.isfinite(share))

    def curve(self, priority: int) -> CurvePanel:
        """Return the panel of one priority."""
        lines = [Curve(at, self.name(at), self.points(at, priority)) for at in self.systems]
        end = _curve_end(lines)
        promise = self.report.station.config.policy.limit_min.get(priority)
        words = (
            self.speaker.say(N_("min")),
            self.speaker.say(N_("promise {minutes} min"), minutes=f"{promise:g}") if promise else "",
        )
        name = self.speaker.priority(priority)
        kept = self.speaker.say(N_("within the promised {minutes} min"), minutes=f"{promise:g}") if promise else ""
        cells = self.kept(priority) if promise else ()
        return CurvePanel(name, curve_figure(lines, promise, words, name, end, focus(self.report)), kept, cells)

    def kept(self, priority: int) -> tuple[Cell, ...]:
        """Return the share within the promise of one priority, a cell for each system."""
        key = Key("within_limit", "priority", str(priority), "share")
        return tuple(make_cell(self.report, self.speaker, at, key) for at in self.systems)

    # -- parts of a whole --------------------------------------------------------------------------------------------

    def clock(self) -> tuple[Panel, ...]:
        """Return the response clock of each system."""
        return tuple(self.bar(at, "response_clock", "bucket", BUCKETS, FROM_SOON_TO_LATE, (0, 4)) for at in self.systems)

    def clock_legend(self) -> Legend:
        """Return what the colours of the clock mean."""
        return self.legend(BUCKETS, FROM_SOON_TO_LATE)

    def work(self) -> tuple[Panel, ...]:
        """Return where duty time goes under each system."""
        return tuple(self.bar(at, "time_share", "all", WORK_WORDS, WORK, (0,)) for at in self.systems)

    def work_legend(self) -> Legend:
        """Return what the colours of duty time mean."""
        return self.legend(WORK_WORDS, WORK)

    def legend(self, words: dict[str, str], colours: Sequence[str]) -> Legend:
        """Return colours with their words."""
        return Legend(tuple((swatch(colour), self.speaker.say(text)) for text, colour in zip(words.values(), colours, strict=True)))

    def bar(self, at: int, measure: str, by: str, words: dict[str, str], colours: Sequence[str], light: Sequence[int]) -> Panel:
        """Return one system's shares as a bar."""
        means = self.report.means(at, measure, by, "share")
        parts = []
        for position, (group, text) in enumerate(words.items()):
            share = means.get(group, math.nan)
            share = share if math.isfinite(share) else 0.0
            said = f"{self.speaker.say(text)}: {self.speaker.amount(measure, share)}"
            parts.append(Part(share, number(share * 100.0, 0), colours[position], position in light, said))
        return Panel(at, self.name(at), "", stacked_bar(parts, f"{self.name(at)}: {self.speaker.measure(measure)}"))

    # -- officers ----------------------------------------------------------------------------------------------------

    def officers(self) -> tuple[Panel, ...]:
        """Return every officer's hours a week under each system, busiest first, all to one scale."""
        people = [self.weeks_of_officers(at) for at in self.systems]
        top = max((officer.duty_h for each in people for officer in each), default=1.0) or 1.0
        return tuple(self.load(at, each, top) for at, each in enumerate(people))

    def weeks_of_officers(self, at: int) -> list[Officer]:
        """Return the officers of one system, most hours on calls first."""
        calls = self.report.means(at, "officer_call_hours", "officer", "mean")
        duty = self.report.means(at, "officer_duty_hours", "officer", "mean")
        text = N_("{officer}: {calls} of {duty} h a week on calls and follow-up")
        return [
            Officer(hours, duty[who], self.speaker.say(text, officer=who, calls=f"{hours:.1f}", duty=f"{duty[who]:.1f}"))
            for who, hours in sorted(calls.items(), key=lambda item: -item[1])
        ]

    def load(self, at: int, people: list[Officer], top: float) -> Panel:
        """Return the panel of one system."""
        hours = [officer.calls_h for officer in people]
        mean = sum(hours) / len(hours) if hours else math.nan
        word = self.speaker.say(N_("mean {hours} h"), hours=number(mean, 1))
        remark = self.speaker.say(
            N_("{count} officers, busiest {most} h"), count=len(people), most=number(max(hours, default=math.nan), 1)
        )
        return Panel(at, self.name(at), remark, load_bars(people, top, f"{self.name(at)}: {remark}", word))

    # -- hours of the week -------------------------------------------------------------------------------------------

    @cached_property
    def gap_weeks(self) -> tuple[tuple[float, ...], ...]:
        """Share of time with fewer than two officers free, by hour of the week, for each system."""
        weeks = (self.report.means(at, "fewer_than_two_free", "hour", "share") for at in self.systems)
        return tuple(tuple(week.get(str(hour), math.nan) for hour in range(168)) for week in weeks)

    @cached_property
    def gap_shades(self) -> Shades:
        """Colours of all weeks."""
        return shades([0.0, *(share for week in self.gap_weeks for share in week)], WAIT)

    def gaps(self) -> tuple[Panel, ...]:
        """Return the hours at which fewer than two officers are free, a panel for each system."""
        return tuple(self.week(at) for at in self.systems)

    def week(self, at: int) -> Panel:
        """Return the panel of one system."""
        tips = [self.hour_text(hour, share) for hour, share in enumerate(self.gap_weeks[at])]
        days = [self.speaker.say(day) for day in SHORT_DAYS]
        whole = self.speaker.amount(
            "fewer_than_two_free", self.report.interval(at, Key("fewer_than_two_free", "all", "all", "share")).mean
        )
        remark = self.speaker.say(N_("{share} of all time"), share=whole)
        label = f"{self.name(at)}: {self.speaker.measure('fewer_than_two_free')}"
        return Panel(at, self.name(at), remark, week_figure(self.gap_weeks[at], self.gap_shades, days, tips, label))

    def hour_text(self, hour: int, share: float) -> str:
        """Return one hour of the week in words."""
        day = self.speaker.say(DAYS[hour // 24])
        return f"{day} {hour % 24}:00–{hour % 24 + 1}:00  {self.speaker.amount('fewer_than_two_free', share)}"

    def gap_legend(self) -> str:
        """Return the scale of the weeks."""
        texts = [f"{edge:.0%}" if self.gap_shades.edges[-1] >= 0.1 else f"{edge:.1%}" for edge in self.gap_shades.edges]
        return legend(self.gap_shades.colours, texts, self.speaker.measure("fewer_than_two_free"))


def _around_zero(bounds: Sequence[float]) -> tuple[float, float]:
    """Return a scale that holds all bounds and zero, with air at both ends."""
    low, high = min([0.0, *bounds]), max([0.0, *bounds])
    air = (high - low or 1.0) * 0.06
    return low - air, high + air


def _within(value: float, low: float, high: float) -> float:
    return (value - low) / (high - low)


def _curve_end(lines: Sequence[Curve]) -> float:
    """Return the shortest axis at whose end every system has reached nearly all calls."""
    for end in CURVE_ENDS:
        if all(max((share for minute, share in line.points if minute <= end), default=1.0) >= REACHED for line in lines):
            return end
    return CURVE_ENDS[-1]
