"""Analysis in words and tables: what the closed forms say of one duty system, for the terminal and for Excel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.system import DutySystem
from qinwu.language import LANGUAGES, N_, Language
from qinwu.queueing.analysis import Analysis
from qinwu.queueing.hourly.calls import HOURS
from qinwu.report.columns import COLUMNS, SHARE, SHARES, WEIGHTED, Column
from qinwu.report.plain_json import write_plain_json
from qinwu.report.rendering import labelled
from qinwu.report.sheet import Sheet, Value
from qinwu.report.spans import DAY_H, hour_name, spans
from qinwu.report.words import NONE, Speaking, number, unit_of
from qinwu.report.workbook import as_workbook
from qinwu.report.writing import write_whole
from qinwu.simulate.measures.value import Key
from qinwu.station.station import Station

NARROW = 11
QUEUED = Key("queued_share", "all", "all", "share")
BUSY = Key("time_share", "all", "call", "share")
URGENT = Key("response_s", "priority", "1", "p90")


@dataclass(frozen=True)
class AnalysisReport(Speaking):
    """An analysis and what it is about."""

    station: Station
    system: DutySystem
    analysis: Analysis
    language: Language
    made: datetime | None = None

    @property
    def synthetic(self) -> bool:
        """Whether the station is made up."""
        return self.station.config.synthetic

    @property
    def label(self) -> tuple[str, ...]:
        """The line above every sheet: what station this is, and that it is made up where it is."""
        return (labelled(self.station, self.speaker), self.system.name.in_language(self.language))

    def headline(self) -> str:
        """Return what matters most, in a few sentences."""
        return self.speaker.sentences([self.claim(), *self.evidence()])

    def claim(self) -> str:
        """Return the finding in one sentence: how often nobody can be sent."""
        text = N_("{system}: for {share} of calls nobody can be sent at once.")
        return self.say(text, system=self.system.name.in_language(self.language), share=self.amount(QUEUED))

    def evidence(self) -> list[str]:
        """Return what stands behind it: calls against crews, the most urgent calls, hours that never settle."""
        hours = self.analysis.hours
        load = self.say(
            N_("{calls} calls an hour meet {crews} crews on duty and take {busy} of their time."),
            calls=number(float(hours["calls_per_h"].to_numpy().mean()), 1),
            crews=number(float(hours["crews"].to_numpy().mean()), 1),
            busy=self.amount(BUSY),
        )
        within = N_("Nine in ten of the most urgent calls are reached within {time}.")
        urgent = self.say(within, time=self.amount(URGENT)) if URGENT in self.analysis.figures else ""
        return [load, urgent, self.warning()]

    def amount(self, key: Key) -> str:
        """Return a figure of the whole week with its unit, a dash where there is none."""
        return self.speaker.amount(key.measure, self.analysis.figures.get(key, float("nan")))

    def warning(self) -> str:
        """Return when calls are more than the crews on duty can finish, empty where they never are."""
        hours = self.analysis.unsteady_hours
        text = N_("In {count} hours of the week more comes in than the crews on duty can finish, and the line grows: {spans}.")
        return self.say(text, count=len(hours), spans=spans(hours, self.speaker)) if hours else ""

    def day(self) -> Sheet:
        """Return the table by hour of the day, averaged over the week."""
        rows = tuple((f"{hour:02d}:00", *self._cells(hours_at(hour), brief=True)) for hour in range(DAY_H))
        return self._sheet(N_("Average day"), rows, brief=True)

    def week(self, *, brief: bool = False) -> Sheet:
        """Return the table by hour of the week."""
        rows = tuple((self.hour_name(hour), *self._cells([hour], brief=brief)) for hour in range(HOURS))
        return self._sheet(N_("Hours of the week"), rows, brief=brief)

    def one_hour(self, hour: int) -> Sheet:
        """Return everything about one hour, a row each."""
        rows = tuple((self.say(column.words), _said(self.mean(column, [hour]), column.digits)) for column in COLUMNS)
        return Sheet(self.hour_name(hour), self.label, (self.say(N_("figure")), self.hour_name(hour)), rows, (46, NARROW))

    def crews_of_hour(self, hour: int) -> Sheet:
        """Return how busy each crew is that is on duty in an hour, in any of the weeks looked at."""
        shares: dict[str, tuple[float, float, float]] = {}
        for state in self.analysis.at(hour):
            parts = zip(state.moment.crews.tolist(), state.workload, state.blocked, state.idle, strict=True)
            for crew, *of_it in () if state.moment.borrowed else parts:
                shares.setdefault(self.analysis.plan.crews[crew].id, (float(of_it[0]), float(of_it[1]), float(of_it[2])))
        rows = tuple((crew, *(_round(share * SHARE, 1) for share in of_it)) for crew, of_it in sorted(shares.items()))
        header = (self.say(N_("crew")), *(self.say(word) for word in SHARES.values()))
        return Sheet(self.say(N_("Crews")), self.label, header, rows, (26, *[NARROW] * 3))

    def crews(self) -> Sheet:
        """Return how busy each crew is over the week."""
        words = (N_("crew"), N_("squad"), N_("beat"), N_("on duty, h a week"), *SHARES.values())
        rows = tuple(
            (
                row["crew"],
                self.squad_names.get(row["squad"], row["squad"]),
                row["beat"],
                _round(row["duty_h"], 1),
                *(_round(row[name] * SHARE, 1) for name in SHARES),
            )
            for row in self.analysis.crews.iter_rows(named=True)
        )
        header = tuple(self.say(word) for word in words)
        return Sheet(self.say(N_("Crews")), self.label, header, rows, (26, 16, NARROW, *[NARROW] * 4))

    @property
    def squad_names(self) -> dict[str, str]:
        """Names of squads by id."""
        return {squad.id: squad.name.in_language(self.language) for squad in self.system.squad}

    def figures(self) -> Sheet:
        """Return the figures of the whole week, named as the simulator names its own."""
        rows = []
        for name, value in self.analysis.figures.items():
            key = Key(*name)
            rows.append((self.speaker.key(key), self.speaker.unit(key.measure), _round(value * unit_of(key.measure).factor, 3)))
        header = (self.say(N_("measure")), self.say(N_("unit")), self.say(N_("closed form")))
        return Sheet(self.say(N_("Whole week")), (*self.label, self.headline(), ""), header, tuple(rows), (52, NARROW, NARROW))

    def hour_name(self, hour: int) -> str:
        """Return an hour of the week in words."""
        return hour_name(hour, self.speaker)

    def mean(self, column: Column, hours: Sequence[int]) -> Value:
        """Return a column over some hours, in the unit of its words: shares and times averaged over calls, the rest over hours."""
        some = list(hours)
        values = self._columns[column.name][some]
        weight = self._columns["calls_per_h"][some] if column.name.startswith(WEIGHTED) else np.ones(len(values))
        known = np.isfinite(values) & (weight > 0.0)
        return column.value(np.average(values[known], weights=weight[known])) if known.any() else None

    @cached_property
    def _columns(self) -> dict[str, NDArray[np.float64]]:
        """The hour table by column."""
        return {column.name: column.to_numpy().astype(np.float64) for column in self.analysis.hours.iter_columns()}

    def _cells(self, hours: Sequence[int], *, brief: bool) -> Iterator[Value]:
        """Yield the columns of a row."""
        for column in COLUMNS:
            if column.brief or not brief:
                yield _round(self.mean(column, hours), column.digits)
        if not brief:
            yield self.say(N_("yes")) if self._columns["steady"][list(hours)].all() else self.say(N_("no"))

    def _sheet(self, name: str, rows: tuple[tuple[Value, ...], ...], *, brief: bool) -> Sheet:
        columns = [column.words for column in COLUMNS if column.brief or not brief]
        words = (N_("hour"), *columns, *([] if brief else [N_("steady state")]))
        header = tuple(self.say(word) for word in words)
        return Sheet(self.say(name), self.label, header, rows, (14, *[NARROW] * (len(header) - 1)))

    def as_sheets(self) -> tuple[Sheet, ...]:
        """Return all tables."""
        return (self.figures(), self.day(), self.week(), self.crews())

    def as_data(self) -> dict[str, Any]:
        """Return everything as plain data."""
        names = ("measure", "by", "group", "statistic")
        return {
            "schema": 1,
            "station": {language: self.station.config.name.in_language(language) for language in LANGUAGES},
            "system": self.system.id,
            "synthetic": self.station.config.synthetic,
            "figures": [dict(zip(names, key, strict=True)) | {"value": value} for key, value in self.analysis.figures.items()],
            "hours": self.analysis.hours.to_dicts(),
            "crews": self.analysis.crews.to_dicts(),
            "unsteady_hours": self.analysis.unsteady_hours,
        }

    def write_xlsx(self, path: Path) -> None:
        """Write all tables as an Excel workbook."""
        write_whole(path, as_workbook(self.as_sheets()))

    def write_json(self, path: Path) -> None:
        """Write everything as JSON."""
        write_plain_json(path, self.as_data())


def hours_at(hour: int) -> range:
    """Return the hours of the week at one hour of the day."""
    return range(hour, HOURS, DAY_H)


def _said(value: Value, digits: int) -> str:
    return number(value, digits) if isinstance(value, float) else NONE


def _round(value: Value, digits: int) -> Value:
    return value if value is None or isinstance(value, str | int) else round(value, digits) + 0.0
