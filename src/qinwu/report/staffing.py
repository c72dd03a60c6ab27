"""Staffing in words and tables: officers needed by watch and hour, what the station has, and what would close the gap."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from qinwu.duty.system import DutySystem
from qinwu.language import LANGUAGES, N_, Language
from qinwu.plan.staffing import Checked, Staffing
from qinwu.queueing.analysis import Analysis
from qinwu.queueing.hourly.calls import HOURS
from qinwu.queueing.staffing import Shift
from qinwu.queueing.targets import Target
from qinwu.report.asked import shown, target_words
from qinwu.report.closing import Closing
from qinwu.report.plain_json import write_plain_json
from qinwu.report.rendering import labelled
from qinwu.report.sheet import Sheet, Value
from qinwu.report.spans import DAY_H, hour_name
from qinwu.report.words import SHORT_DAYS, Speaking, number
from qinwu.report.workbook import as_workbook
from qinwu.report.writing import write_whole
from qinwu.station.station import Station

NARROW, TARGET = 13, 24
TWO_AROUND_THE_CLOCK = 2.0 * HOURS


@dataclass(frozen=True)
class StaffingReport(Speaking):
    """A staffing answer and what it is about.

    Parameters
    ----------
    station, system, answer
        What was asked about, and the answer.
    least
        Officers asked for at any time.
    language
        In which it is told.
    today
        The analysis of the system in force, for who is on duty now; None leaves that out.
    made
        When; None leaves it out.
    """

    station: Station
    system: DutySystem
    answer: Staffing
    least: int
    language: Language
    today: Analysis | None = None
    made: datetime | None = None

    @property
    def synthetic(self) -> bool:
        """Whether the station is made up."""
        return self.station.config.synthetic

    @property
    def closing(self) -> Closing:
        """Tells what would close the gap."""
        return Closing(self.answer, self.speaker)

    @property
    def label(self) -> tuple[str, ...]:
        """The line above every sheet: what station this is, and that it is made up where it is."""
        return (labelled(self.station, self.speaker),)

    def headline(self) -> str:
        """Return whether it can be done, and by how much."""
        return self.speaker.sentences([self.verdict(), self.evidence()])

    def verdict(self) -> str:
        """Return the answer in one sentence."""
        answer = self.answer
        if answer.feasible:
            return self.say(N_("Feasible: {spare} officer-hours a week are left."), spare=number(-answer.gap, 0))
        text = N_("Infeasible: {short} officer-hours a week are missing, the work of {officers} officers.")
        return self.say(text, short=number(answer.gap, 0), officers=number(answer.gap / answer.supply.each, 1))

    def evidence(self) -> str:
        """Return what is needed and what is there."""
        supply = self.answer.supply
        text = N_("{needed} officer-hours a week are needed; the {front} officers of the front line give {gross} gross, {net} net.")
        values = {"needed": self.answer.needed, "gross": supply.gross, "net": supply.net}
        said = self.say(text, front=supply.front, **{name: number(value, 0) for name, value in values.items()})
        return said if supply.front else self.speaker.sentences([said, self.say(N_("Nobody is on the front line."))])

    def arithmetic(self) -> str:
        """Return how posts around the clock add up."""
        supply = self.answer.supply
        away = f"{supply.away:.1%}"
        if supply.net >= TWO_AROUND_THE_CLOCK:
            text = N_(
                "One post around the clock is {hours} officer-hours a week and takes {officers} officers, as each is there {each}"
                " hours once {away} of working days go to leave, holidays, sickness and training: the front line fills {posts}"
                " such posts."
            )
            values = {"officers": HOURS / supply.each, "each": supply.each, "posts": supply.net / HOURS}
            return self.say(text, hours=HOURS, away=away, **{name: number(value, 1) for name, value in values.items()})
        text = N_(
            "Two officers around the clock are {hours} officer-hours a week: {front} officers at {each} hours cover {gross_share},"
            " {net_share} once {away} of working days go to leave, holidays, sickness and training."
        )
        return self.say(
            text,
            hours=number(TWO_AROUND_THE_CLOCK, 0),
            front=supply.front,
            each=number(supply.hours, 0),
            gross_share=f"{supply.gross / TWO_AROUND_THE_CLOCK:.0%}",
            net_share=f"{supply.net / TWO_AROUND_THE_CLOCK:.0%}",
            away=away,
        )

    def changes(self) -> list[str]:
        """Return the changes that would close the gap, each with its price, a line each."""
        return [self.closing.text(change) for change in self.closing.changes()]

    def watches(self) -> Sheet:
        """Return what each watch needs."""
        answer = self.answer
        words = (
            N_("watch"),
            N_("from–to"),
            N_("crews"),
            N_("officers needed"),
            N_("officers, 60% rule"),
            N_("added after simulation"),
        )
        figures = [self.target(one.target) for one in answer.checked]
        rows = tuple(self._watch(*row) for row in zip(answer.shifts, answer.by_watch.cells, answer.added, strict=True))
        widths = (14, 14, *[NARROW] * 4, *[TARGET] * len(figures))
        return Sheet(self.say(N_("By watch")), self.label, (*(self.say(word) for word in words), *figures), rows, widths)

    def _watch(self, shift: Shift, cell: np.ndarray[tuple[int], np.dtype[np.int64]], added: int) -> tuple[Value, ...]:
        need = self.answer.by_watch
        crews, saturated = int(need.crews[cell[0]]), int(need.saturation_crews[cell].max())
        span = f"{shift.hours[0]:02d}:00–{(shift.hours[-1] + 1) % DAY_H:02d}:00"
        values = [shown(target, need.figure(target, cell)) for target in need.targets]
        officers = (crews * need.people, saturated * need.people, added * need.people)
        return (self.watch_name(shift), span, crews, *officers, *values)

    def watch_name(self, shift: Shift) -> str:
        """Return the name of a watch."""
        named = {watch.id: watch.name.in_language(self.language) for watch in self.system.watch if watch.name}
        return named.get(shift.id, shift.id)

    def hours(self) -> Sheet:
        """Return what each hour of the week needs by itself."""
        need = self.answer.by_hour
        words = (N_("hour"), N_("calls an hour"), N_("crews busy with calls"), N_("officers needed"), N_("officers, 60% rule"))
        rows = []
        for hour, state in enumerate(need.states):
            values = [shown(target, need.figure(target, np.array([hour]))) for target in need.targets]
            officers = (int(need.crews[hour]) * need.people, int(need.saturation_crews[hour]) * need.people)
            calls, busy = round(float(state.calls.sum()) * 3600.0, 2), round(state.offered, 2)
            rows.append((hour_name(hour, self.speaker), calls, busy, *officers, *values))
        header = (*(self.say(word) for word in words), *(self.target(target) for target in need.targets))
        widths = (14, *[NARROW] * 4, *[TARGET] * len(need.targets))
        return Sheet(self.say(N_("By hour")), self.label, header, tuple(rows), widths)

    def week_grid(self) -> Sheet:
        """Return officers needed as a grid of days and hours."""
        officers = self.needed_by_hour().reshape(7, DAY_H)
        rows = tuple((f"{hour:02d}:00", *officers[:, hour].tolist()) for hour in range(DAY_H))
        header = (self.say(N_("hour")), *(self.say(day) for day in SHORT_DAYS))
        return Sheet(self.say(N_("Officers needed by hour")), self.label, header, rows, (12, *[8] * 7))

    def needed_by_hour(self) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        """Return (168,) officers that each hour of the week needs by itself."""
        return self.answer.by_hour.crews * self.answer.by_hour.people

    def planned_by_hour(self) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        """Return (168,) officers that the watches need."""
        return self.answer.by_watch.crews * self.answer.by_watch.people

    def checks(self) -> Sheet:
        """Return the targets over the whole week: closed form, simulation, kept or not."""
        words = (N_("target"), N_("closed form"), N_("simulation"), N_("95% interval"), N_("verdict"))
        rows = tuple(self._check(one) for one in self.answer.checked)
        header = tuple(self.say(word) for word in words)
        return Sheet(self.say(N_("Targets")), self.label, header, rows, (34, NARROW, NARROW, 20, 22))

    def _check(self, one: Checked) -> tuple[Value, ...]:
        closed, found = shown(one.target, one.closed), one.simulated
        low, high = shown(one.target, found.low), shown(one.target, found.high)
        span = "" if low is None or high is None else self.say(N_("{low} to {high}"), low=low, high=high)
        return self.target(one.target), closed, shown(one.target, found.mean), span, self.say(self.check_verdict(one))

    def check_verdict(self, one: Checked) -> str:
        """Return the catalogue entry that says whether a target is kept, and by what."""
        if np.isnan(one.simulated.mean):
            return N_("kept (closed form)") if one.target.met_by(one.closed) else N_("missed (closed form)")
        return N_("kept") if one.kept else N_("missed")

    def target(self, target: Target) -> str:
        """Return a target in words."""
        return target_words(target, self.speaker)

    def notes(self) -> list[str]:
        """Return what the figures rest on."""
        text = N_(
            "Crews of {people} patrol the whole station and the nearest goes; call-taking, turnout and officers required are those"
            " of the duty system “{system}”. Fixed duty, beats and other stations' crews are left out."
        )
        values = {"people": self.answer.by_watch.people, "system": self.system.name.in_language(self.language)}
        rule = N_("60% rule: calls should take no more than 60% of a crew's time (ICMA/CPSM, McCabe: guide from 62 agencies).")
        return [self.say(text, **values), self.say(rule)]

    def as_sheets(self) -> tuple[Sheet, ...]:
        """Return all tables."""
        watches = self.watches()
        above = (*self.label, self.headline(), "", *self.changes(), "", self.arithmetic(), *self.notes(), "")
        first = Sheet(watches.name, above, watches.header, watches.rows, watches.widths)
        return (first, self.checks(), self.week_grid(), self.hours())

    def as_data(self) -> dict[str, Any]:
        """Return everything as plain data."""
        answer, supply = self.answer, self.answer.supply
        ways = {"long_duty": answer.long_duty, "desk_posts": answer.desk_posts, "merge": answer.merge}
        return {
            "schema": 1,
            "station": {language: self.station.config.name.in_language(language) for language in LANGUAGES},
            "system": self.system.id,
            "synthetic": self.synthetic,
            "feasible": answer.feasible,
            "needed_officer_hours": answer.needed,
            "gross_officer_hours": supply.gross,
            "net_officer_hours": supply.net,
            "gap_officer_hours": answer.gap,
            "people_per_crew": answer.by_watch.people,
            "watches": [
                {"id": shift.id, "hours": list(shift.hours), "crews": int(answer.by_watch.crews[cell[0]])}
                for shift, cell in zip(answer.shifts, answer.by_watch.cells, strict=True)
            ],
            "crews_by_hour": answer.by_hour.crews.tolist(),
            "targets": [
                {"text": one.target.text, "closed_form": one.closed, "simulated": one.simulated.mean, "kept": one.kept}
                for one in answer.checked
            ],
            "changes": {name: None if way is None else asdict(way) for name, way in ways.items()},
        }

    def write_xlsx(self, path: Path) -> None:
        """Write all tables as an Excel workbook."""
        write_whole(path, as_workbook(self.as_sheets()))

    def write_json(self, path: Path) -> None:
        """Write everything as JSON."""
        write_plain_json(path, self.as_data())
