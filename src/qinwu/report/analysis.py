"""Analysis in words and tables: what the closed forms say of one duty system, for the terminal and for Excel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qinwu.duty.calendar import hour_spans
from qinwu.duty.system import DutySystem
from qinwu.language import LANGUAGES, N_, Language
from qinwu.queueing.analysis import Analysis
from qinwu.queueing.hourly.calls import HOURS
from qinwu.report.plain_json import write_plain_json
from qinwu.report.sheets import Sheet, Value
from qinwu.report.words import SHORT_DAYS, Speaker, number, unit_of
from qinwu.report.workbook import as_workbook
from qinwu.report.writing import write_whole
from qinwu.simulate.measures.value import Key
from qinwu.station.station import Station

MINUTE, SHARE, PLAIN = 1.0 / 60.0, 100.0, 1.0
DAY_H = 24
NARROW = 11


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the hour table: its name in the analysis, its words, the factor to the unit in them, and digits shown.

    P1-P4 are priorities; ``brief`` columns are shown where there is little room.
    """

    name: str
    words: str
    factor: float
    digits: int
    brief: bool = True

    def value(self, raw: Any) -> Value:
        """Return what the cell holds, in the unit of the words."""
        return None if raw is None or not np.isfinite(raw) else float(raw) * self.factor


COLUMNS: tuple[Column, ...] = (
    Column("crews", N_("crews on duty"), PLAIN, 1),
    Column("officers", N_("officers on duty"), PLAIN, 1, brief=False),
    Column("calls_per_h", N_("calls an hour"), PLAIN, 1),
    Column("offered", N_("crews busy with calls"), PLAIN, 2, brief=False),
    Column("utilisation", N_("busy %"), SHARE, 0),
    Column("utilisation_nominal", N_("busy without the way %"), SHARE, 0, brief=False),
    Column("p_delay", N_("nobody to send %"), SHARE, 0),
    Column("wait_s", N_("wait, all calls, min"), MINUTE, 1, brief=False),
    Column("wait_s_1", N_("wait P1 min"), MINUTE, 1),
    Column("wait_s_2", N_("wait P2 min"), MINUTE, 1, brief=False),
    Column("wait_s_3", N_("wait P3 min"), MINUTE, 1),
    Column("wait_s_4", N_("wait P4 min"), MINUTE, 1, brief=False),
    Column("response_s", N_("response, all calls, min"), MINUTE, 1, brief=False),
    Column("response_s_1", N_("response P1 min"), MINUTE, 1, brief=False),
    Column("response_p90_s_1", N_("9 in 10 P1 within min"), MINUTE, 1),
    Column("cross_beat_share", N_("cross-beat %"), SHARE, 0),
    Column("patrol_passes", N_("patrol passes an hour"), PLAIN, 2),
    Column("outside_share", N_("crews from other stations %"), SHARE, 1, brief=False),
)
WEIGHTED = ("p_delay", "wait_s", "response", "cross_beat", "outside")
"""Columns whose names begin so are averaged over calls, the others over hours."""


SHARES = {"workload": N_("on calls %"), "blocked": N_("fixed duty %"), "free": N_("free %")}
"""Shares of a crew's time, and their words."""


@dataclass(frozen=True)
class AnalysisReport:
    """An analysis and what it is about."""

    station: Station
    system: DutySystem
    analysis: Analysis
    language: Language

    @property
    def speaker(self) -> Speaker:
        """Says things in the language of the report."""
        return Speaker(self.language)

    def say(self, text: str, **values: object) -> str:
        """Return a catalogue entry, filled."""
        return self.speaker.say(text, **values)

    def headline(self) -> str:
        """Return what matters most, in a few sentences."""
        figures, hours, speaker = self.analysis.figures, self.analysis.hours, self.speaker
        said = [
            self.say(
                N_("{system}: {calls} calls an hour meet {crews} crews on duty; calls keep them busy for {busy} of their time."),
                system=self.system.name.in_language(self.language),
                calls=number(float(hours["calls_per_h"].to_numpy().mean()), 1),
                crews=number(float(hours["crews"].to_numpy().mean()), 1),
                busy=speaker.amount("time_share", figures.get(("time_share", "all", "call", "share"), float("nan"))),
            ),
            self.say(
                N_("For {share} of calls nobody can be sent at once."),
                share=speaker.amount("queued_share", figures.get(("queued_share", "all", "all", "share"), float("nan"))),
            ),
        ]
        urgent = figures.get(("response_s", "priority", "1", "p90"))
        if urgent is not None:
            within = N_("Nine in ten of the most urgent calls are reached within {time}.")
            said.append(self.say(within, time=speaker.amount("response_s", urgent)))
        return speaker.sentences([*said, self.warning()])

    def warning(self) -> str:
        """Return when calls are more than the crews on duty can finish, empty where they never are."""
        hours = self.analysis.unsteady_hours
        if not hours:
            return ""
        text = N_(
            "No steady state in {count} hours of the week: more comes in than the crews on duty can finish, and the line grows"
            " ({spans}; days 1-7 from Monday)."
        )
        return self.say(text, count=len(hours), spans="; ".join(hour_spans(hours)))

    def day(self) -> Sheet:
        """Return the table by hour of the day, averaged over the week."""
        rows = tuple((f"{hour:02d}:00", *self._mean(range(hour, HOURS, DAY_H), brief=True)) for hour in range(DAY_H))
        return self._sheet(N_("Hour of the day"), N_("hour"), rows, brief=True)

    def week(self, *, brief: bool = False) -> Sheet:
        """Return the table by hour of the week."""
        rows = tuple((self.hour_name(hour), *self._mean([hour], brief=brief)) for hour in range(HOURS))
        return self._sheet(N_("Hour of the week"), N_("hour"), rows, brief=brief)

    def one_hour(self, hour: int) -> Sheet:
        """Return everything about one hour, a row each."""
        raw = self.analysis.hours.row(hour, named=True)
        rows = tuple((self.say(column.words), _round(column.value(raw[column.name]), column.digits)) for column in COLUMNS)
        return Sheet(self.hour_name(hour), (), (self.say(N_("figure")), self.hour_name(hour)), rows, (46, NARROW))

    def crews_of_hour(self, hour: int) -> Sheet:
        """Return how busy each crew is that is on duty in an hour, in any of the weeks looked at."""
        rows: list[tuple[Value, ...]] = []
        seen: set[int] = set()
        for state in self.analysis.at(hour):
            for place, crew in enumerate(state.moment.crews.tolist()):
                if crew not in seen and not state.moment.borrowed:
                    seen.add(crew)
                    shares = (state.workload[place], state.blocked[place], state.idle[place])
                    rows.append((self.analysis.plan.crews[crew].id, *(_round(float(share) * SHARE, 1) for share in shares)))
        words = (N_("crew"), N_("on calls, %"), N_("fixed duty, %"), N_("free, %"))
        return Sheet(
            self.say(N_("Crews")), (), tuple(self.say(word) for word in words), tuple(sorted(rows, key=str)), (26, *[NARROW] * 3)
        )

    def crews(self) -> Sheet:
        """Return how busy each crew is over the week."""
        words = (
            N_("crew"),
            N_("squad"),
            N_("beat"),
            N_("on duty, h a week"),
            N_("on calls, %"),
            N_("fixed duty, %"),
            N_("free, %"),
        )
        rows = tuple(
            (
                row["crew"],
                row["squad"],
                row["beat"],
                _round(row["duty_h"], 1),
                *(_round(row[name] * SHARE, 1) for name in SHARES),
            )
            for row in self.analysis.crews.iter_rows(named=True)
        )
        return Sheet(self.say(N_("Crews")), (), tuple(self.say(word) for word in words), rows, (26, 16, NARROW, *[NARROW] * 4))

    def figures(self) -> Sheet:
        """Return the figures of the whole week, named as the simulator names its own."""
        rows = []
        for name, value in self.analysis.figures.items():
            key = Key(*name)
            rows.append((self.speaker.key(key), self.speaker.unit(key.measure), _round(value * unit_of(key.measure).factor, 3)))
        header = (self.say(N_("measure")), self.say(N_("unit")), self.say(N_("closed form")))
        return Sheet(self.say(N_("Whole week")), (self.headline(), ""), header, tuple(rows), (52, NARROW, NARROW))

    def hour_name(self, hour: int) -> str:
        """Return an hour of the week in words."""
        return f"{self.say(SHORT_DAYS[hour // DAY_H])} {hour % DAY_H:02d}:00"

    def _sheet(self, name: str, first: str, rows: tuple[tuple[Value, ...], ...], *, brief: bool) -> Sheet:
        columns = [column for column in COLUMNS if column.brief or not brief]
        header = (
            self.say(first),
            *(self.say(column.words) for column in columns),
            *([] if brief else [self.say(N_("steady state"))]),
        )
        return Sheet(self.say(name), (), header, rows, (14, *[NARROW] * (len(header) - 1)))

    def _mean(self, hours: Sequence[int], *, brief: bool) -> Iterator[Value]:
        """Yield the columns over some hours: shares and times averaged over calls, the rest over hours."""
        frame = self.analysis.hours[list(hours)]
        calls = frame["calls_per_h"].to_numpy()
        for column in COLUMNS:
            if column.brief or not brief:
                values = frame[column.name].to_numpy().astype(np.float64)
                weight = calls if column.name.startswith(WEIGHTED) else np.ones(len(values))
                known = np.isfinite(values) & (weight > 0.0)
                mean = float(np.average(values[known], weights=weight[known])) if known.any() else float("nan")
                yield _round(column.value(mean), column.digits)
        if not brief:
            yield self.say(N_("yes")) if frame["steady"].all() else self.say(N_("no"))

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


def _round(value: Value, digits: int) -> Value:
    return value if value is None or isinstance(value, str | int) else round(value, digits) + 0.0
