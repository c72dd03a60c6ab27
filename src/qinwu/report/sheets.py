"""Sheets: the tables of the workbook, in the words of one language."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from qinwu.language import N_, Language
from qinwu.report.account import assumptions, data_health, explanations, method
from qinwu.report.beat_maps import BeatMaps
from qinwu.report.closed_forms import Check, ClosedForms, mark_of
from qinwu.report.headlines import headline
from qinwu.report.report import Report
from qinwu.report.sheet import Sheet, Value
from qinwu.report.small_cells import is_small
from qinwu.report.table import make_table, shown_measures
from qinwu.report.tidy import difference_table, figure_table
from qinwu.report.words import BREAKDOWNS, DAYS, GROUPS, STATISTIC_NAMES, VERDICTS, Speaker, unit_of
from qinwu.simulate.measures.value import Key

BEAT_KEYS: tuple[Key, ...] = (
    Key("calls_per_week", "beat", "", "mean"),
    Key("response_s", "beat", "", "p50"),
    Key("response_s", "beat", "", "p90"),
    Key("own_beat_share", "beat", "", "share"),
    Key("beat_unattended_min", "beat", "", "mean"),
    Key("patrol_passes", "beat", "", "mean"),
)
NARROW, LONG = 12, 70


def sheets(report: Report, language: Language) -> tuple[Sheet, ...]:
    """Return all sheets of a report."""
    maker = _Sheets(report, Speaker(language))
    return (
        maker.summary(),
        maker.figures(),
        maker.differences(),
        maker.officers(),
        maker.beats(),
        maker.coverage(),
        maker.closed_forms(),
        maker.assumptions(),
        maker.health(),
        maker.method(),
    )


@dataclass(frozen=True)
class _Sheets:
    """Makes the sheets of one report in one language."""

    report: Report
    speaker: Speaker

    def say(self, text: str, **values: object) -> str:
        return self.speaker.say(text, **values)

    @property
    def names(self) -> list[str]:
        return [self.report.name(at, self.speaker.language) for at in range(len(self.report.systems))]

    @cached_property
    def names_of(self) -> dict[str, str]:
        """Name of each system by id."""
        return {outcome.system: name for outcome, name in zip(self.report.outcomes, self.names, strict=True)}

    @cached_property
    def classes(self) -> dict[str, str]:
        """Name of each class of calls by id."""
        return {one.id: one.name.in_language(self.speaker.language) for one in self.report.station.config.call_class}

    def label(self) -> tuple[str, ...]:
        """Return the line that says what station this is, and that it is made up where it is."""
        station = self.report.station.config.name.in_language(self.speaker.language)
        return (f"{station}  [{self.say(N_('synthetic data'))}]" if self.report.synthetic else station,)

    def summary(self) -> Sheet:
        """Return the table of the page in human units: each system's figure, then each system's difference with its verdict."""
        others = self.names[1:]
        header = (
            self.say(N_("measure")),
            self.say(N_("unit")),
            *self.names,
            *(self.say(N_("{name}: difference"), name=name) for name in others),
            *(self.say(N_("{name}: verdict"), name=name) for name in others),
        )
        rows = tuple(self.summary_rows())
        above = (*self.label(), headline(self.report, self.speaker.language), "")
        return Sheet(self.say(N_("Summary")), above, header, rows, (40, NARROW, *[18] * (len(header) - 2)))

    def summary_rows(self) -> Iterator[tuple[Value, ...]]:
        for group in make_table(self.report, self.speaker.language):
            for row in group.rows:
                factor = unit_of(row.key.measure).factor
                others = row.cells[1:]
                means = (cell.mean * factor for cell in row.cells)
                yield row.label, row.unit, *means, *(cell.change * factor for cell in others), *(cell.word for cell in others)

    def figures(self) -> Sheet:
        """Return every figure of every system."""
        header = ("system", "measure", "by", "group", "statistic", "unit", "mean", "low", "high", "replications")
        words = tuple(self.say(_COLUMNS[name]) for name in header)
        rows = tuple(self.tidy(row) for row in figure_table(self.report).iter_rows())
        return Sheet(
            self.say(N_("All figures")), self.label(), words, rows, (26, 26, NARROW, 16, NARROW, NARROW, 14, 14, 14, NARROW)
        )

    def differences(self) -> Sheet:
        """Return every paired difference."""
        table = difference_table(self.report)
        words = tuple(self.say(_COLUMNS[name]) for name in table.columns)
        verdicts = {name: self.say(text) for name, text in VERDICTS.items()}
        rows = tuple((*self.tidy(row[:-1]), verdicts[row[-1]]) for row in table.iter_rows())
        return Sheet(self.say(N_("Differences")), self.label(), words, rows, (26, 26, NARROW, 16, NARROW, NARROW, *[14] * 5, 18))

    def tidy(self, row: Sequence[Any]) -> tuple[Value, ...]:
        """Return a row of a tidy table with its keys in words."""
        system, measure, by, group, statistic, *rest = row
        words = (self.speaker.measure(measure), self.say(BREAKDOWNS.get(by, by)), self.group(by, group))
        return (self.names_of[system], *words, self.say(STATISTIC_NAMES.get(statistic, statistic)), *rest)

    def group(self, by: str, group: str) -> str:
        """Return the name of a group."""
        return self.classes.get(group, group) if by == "class" else self.say(GROUPS.get(group, group))

    def officers(self) -> Sheet:
        """Return hours of each officer a week under each system."""
        header = (
            self.say(N_("system")),
            self.say(N_("officer")),
            *self.bounds("officer_duty_hours"),
            *self.bounds("officer_call_hours"),
        )
        rows = []
        for outcome, name in zip(self.report.outcomes, self.names, strict=True):
            duty = outcome.groups("officer_duty_hours", "officer")
            calls = outcome.groups("officer_call_hours", "officer")
            rows += [(name, officer, *duty[officer], *calls[officer]) for officer in sorted(duty)]
        return Sheet(self.say(N_("Officers")), self.label(), header, tuple(rows), (26, NARROW, *[16] * 6))

    def bounds(self, measure: str) -> tuple[str, str, str]:
        """Return headers of a figure and its interval, with the unit."""
        title = f"{self.speaker.measure(measure)} ({self.speaker.unit(measure)})"
        return title, self.say(N_("{name}, low"), name=title), self.say(N_("{name}, high"), name=title)

    def beats(self) -> Sheet:
        """Return the figures of each beat under each system; those that rest on fewer than five calls stay empty."""
        titles = (f"{self.speaker.key(key._replace(group='all'))} ({self.speaker.unit(key.measure)})" for key in BEAT_KEYS)
        header = (self.say(N_("system")), self.say(N_("beat")), self.say(N_("name")), *titles)
        maps = BeatMaps(self.report, self.speaker.language)
        rows = []
        for at, plan in enumerate(self.report.plans):
            names = maps.names(at)
            rows += [(self.names[at], beat, names[beat], *self.beat_row(at, beat)) for beat in plan.beats]
        above = (*self.label(), self.say(N_("Figures that rest on fewer than five calls are not shown.")))
        return Sheet(self.say(N_("Beats")), above, header, tuple(rows), (26, NARROW, 20, *[18] * len(BEAT_KEYS)))

    def beat_row(self, at: int, beat: str) -> Iterator[Value]:
        for key in (each._replace(group=beat) for each in BEAT_KEYS):
            hidden = is_small(self.report.small, at, key)
            yield None if hidden else self.report.interval(at, key).mean * unit_of(key.measure).factor

    def coverage(self) -> Sheet:
        """Return for each hour of the week the share of time with nobody free, and with fewer than two, under each system."""
        measures = ("nobody_free", "fewer_than_two_free")
        header = (
            self.say(N_("day")),
            self.say(N_("hour")),
            *(f"{self.speaker.measure(measure)} (%): {name}" for measure in measures for name in self.names),
        )
        means = [self.report.means(at, measure, "hour", "share") for measure in measures for at in range(len(self.names))]
        weeks = ([100.0 * each.get(str(hour), math.nan) for each in means] for hour in range(168))
        rows: tuple[tuple[Value, ...], ...] = tuple(
            (self.say(DAYS[hour // 24]), hour % 24, *shares) for hour, shares in enumerate(weeks)
        )
        return Sheet(self.say(N_("Coverage")), self.label(), header, rows, (NARROW, 8, *[16] * (len(header) - 2)))

    def closed_forms(self) -> Sheet:
        """Return every figure told twice, by the simulation and by closed forms, with what may explain a difference too large."""
        told = ClosedForms(self.report, self.speaker.language)
        header = tuple(
            self.say(text)
            for text in (
                N_("system"), N_("measure"), N_("unit"), N_("simulation"), N_("low (95%)"), N_("high (95%)"), N_("closed form"),
                N_("difference"), N_("allowed"), N_("verdict"), N_("reasons"),
            )
        )  # fmt: skip
        rows = [(*self.check_row(check), self.speaker.sentences(told.reasons(check))) for check in told.checks]
        rows += [(self.names[each.at], *[None] * 8, each.count, each.trouble) for each in told.systems() if each.trouble]
        above = (*self.label(), told.title(), *(line for line in told.lead() if line), "")
        return Sheet(self.say(N_("Closed forms")), above, header, tuple(rows), (26, 40, NARROW, *[14] * 6, 18, 90))

    def check_row(self, check: Check) -> tuple[Value, ...]:
        measure, factor = check.key.measure, unit_of(check.key.measure).factor
        figures = (*check.simulated, check.closed, check.difference, check.bound)
        words = (self.names[check.at], self.speaker.key(check.key), self.speaker.unit(measure))
        return (*words, *(figure * factor for figure in figures), self.say(mark_of(check)))

    def assumptions(self) -> Sheet:
        """Return all assumptions, each with the systems that make it."""
        header = tuple(self.say(text) for text in (N_("where"), N_("figure"), N_("why"), N_("source")))
        listed = assumptions(self.report, self.speaker.language, by_name=True)
        rows = tuple((row.who, row.key, row.why, row.source) for row in listed)
        return Sheet(self.say(N_("Assumptions")), self.label(), header, rows, (36, 34, LONG, 40))

    def health(self) -> Sheet:
        """Return the account of the calls."""
        found = data_health(self.report, self.speaker.language)
        header = tuple(self.say(text) for text in (N_("check"), N_("count"), N_("of"), N_("share (%)"), N_("worth a look")))
        rows = tuple(
            (row.text, row.count, row.of, 100.0 * row.share, self.say(N_("yes")) if row.warning else "")
            for row in (*found.rejected, *found.found)
        )
        used = self.say(N_("{used} of {read} rows of the call record were used"), used=f"{found.used:,}", read=f"{found.read:,}")
        return Sheet(self.say(N_("Data health")), (*self.label(), used), header, rows, (LONG, NARROW, NARROW, NARROW, 14))

    def method(self) -> Sheet:
        """Return how everything was computed, and from which files."""
        language = self.speaker.language
        shown = shown_measures(make_table(self.report, language))
        measures = dict.fromkeys((*shown, *(key.measure for key in self.report.outcomes[0].keys)))
        rows = [(each.name, each.unit, each.how, each.better) for each in explanations(language, tuple(measures))]
        rows += [(file, "SHA-256", digest, "") for file, digest in self.report.inputs]
        header = tuple(self.say(text) for text in (N_("measure"), N_("unit"), N_("how it is computed"), N_("which way is good")))
        above = (*self.label(), *method(self.report, language))
        return Sheet(self.say(N_("Method")), above, header, tuple(rows), (32, NARROW, 90, 20))


_COLUMNS: dict[str, str] = {
    "system": N_("system"),
    "measure": N_("measure"),
    "by": N_("broken down by"),
    "group": N_("group"),
    "statistic": N_("statistic"),
    "unit": N_("unit"),
    "mean": N_("mean"),
    "low": N_("low (95%)"),
    "high": N_("high (95%)"),
    "replications": N_("replications"),
    "current": N_("today"),
    "other": N_("this system"),
    "change": N_("difference"),
    "verdict": N_("verdict"),
}
