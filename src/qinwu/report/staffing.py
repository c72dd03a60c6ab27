"""Staffing in words and tables: officers needed by watch and hour, what the station has, and what would close the gap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qinwu.duty.system import DutySystem
from qinwu.language import LANGUAGES, N_, Language
from qinwu.plan.staffing import Checked, Staffing
from qinwu.queueing.hourly.calls import HOURS
from qinwu.queueing.staffing import SATURATION, Shift
from qinwu.queueing.targets import Target
from qinwu.report.plain_json import write_plain_json
from qinwu.report.sheets import Sheet, Value
from qinwu.report.words import SHORT_DAYS, Speaker, number
from qinwu.report.workbook import as_workbook
from qinwu.report.writing import write_whole
from qinwu.station.station import Station

DAY_H = 24
NARROW = 13
WEEKS_PER_YEAR = 52


@dataclass(frozen=True)
class StaffingReport:
    """A staffing answer and what it is about."""

    station: Station
    system: DutySystem
    answer: Staffing
    language: Language

    def say(self, text: str, **values: object) -> str:
        """Return a catalogue entry, filled."""
        return Speaker(self.language).say(text, **values)

    def headline(self) -> str:
        """Return whether it can be done, and by how much."""
        answer, supply = self.answer, self.answer.supply
        need = self.say(
            N_("{needed} officer-hours a week are needed; the {front} officers of the front line give {gross} gross, {net} net."),
            needed=number(answer.needed, 0),
            front=supply.front,
            gross=number(supply.gross, 0),
            net=number(supply.net, 0),
        )
        if answer.feasible:
            verdict = self.say(N_("Feasible: {spare} hours a week are left."), spare=number(-answer.gap, 0))
        else:
            short = N_("Infeasible: {short} hours a week are lacking, the work of {officers} officers.")
            verdict = self.say(short, short=number(answer.gap, 0), officers=number(answer.gap / supply.each, 1))
        return Speaker(self.language).sentences([verdict, need])

    def arithmetic(self) -> str:
        """Return how two officers around the clock add up."""
        supply = self.answer.supply
        hours = 2.0 * HOURS
        text = N_(
            "Two officers around the clock are {hours} officer-hours a week: {front} officers at {each} hours cover {gross_share},"
            " {net_share} once {away} of working days go to leave, holidays, sickness and training."
        )
        return self.say(
            text,
            hours=number(hours, 0),
            front=supply.front,
            each=number(supply.hours, 0),
            gross_share=f"{supply.gross / hours:.0%}",
            net_share=f"{supply.net / hours:.0%}",
            away=f"{supply.away:.1%}",
        )

    def changes(self) -> list[str]:
        """Return the changes that would close the gap, each with its price."""
        return list(self._changes())

    def _changes(self) -> Iterator[str]:
        answer, supply = self.answer, self.answer.supply
        if (long := answer.long_duty) is not None:
            if long.groups >= 3 or long.enough:
                text = N_("24-hour duty in {groups} groups: {hours} hours a week for each officer, {extra} more than now")
            else:
                text = N_("Longer duty: {hours} hours a week for each officer, {extra} more than now")
            more = N_("; with leave covered, {with_leave}. Price: {year} hours of time off in lieu a year are owed to each.")
            enough = "" if long.enough else self.say(N_(" Beyond known practice: not enough by itself."))
            values = {"groups": long.groups, "hours": number(long.hours, 1), "extra": number(long.extra, 1)}
            price = {"with_leave": number(long.with_leave, 1), "year": number(long.extra * WEEKS_PER_YEAR, 0)}
            yield self.say(text, **values) + self.say(more, **price) + enough
        if (desk := answer.desk_posts) is not None:
            text = N_("Desk posts to the street: {posts} posts. Price: {hours} desk hours a week undone or given to others")
            yield self.say(text, posts=desk.posts, hours=number(desk.desk_hours, 0)) + self._desk_limit(desk.posts, desk.office)
        if (merge := answer.merge) is not None:
            text = N_(
                "Merging {stations} stations like this: {needed} hours a week needed together, {net} there. Price: from dispatch to"
                " arrival {before} min on average become {after}."
            )
            yield self.say(
                text,
                stations=merge.stations,
                needed=number(merge.needed, 0),
                net=number(merge.net, 0),
                before=number(merge.arrival_s / 60.0, 1),
                after=number(merge.arrival_after_s / 60.0, 1),
            )
        elif not answer.feasible:
            yield self.say(N_("Merging: up to six stations like this would not have enough hours together."))
        if not answer.feasible and supply.front == 0:
            yield self.say(N_("Nobody is on the front line."))

    def _desk_limit(self, posts: int, office: int) -> str:
        if posts <= office:
            return self.say(N_("; {office} such posts are there."), office=office)
        left = N_("; only {office} such posts are there, {more} command posts would have to follow: not enough by itself.")
        return self.say(left, office=office, more=posts - office)

    def watches(self) -> Sheet:
        """Return what each watch needs."""
        answer = self.answer
        header = (
            N_("watch"),
            N_("hours"),
            N_("crews"),
            N_("officers"),
            N_("officers, 60 % rule"),
            N_("added after simulation"),
        )
        figures = [self.figure_name(target) for target in answer.by_watch.targets]
        rows = tuple(self._watch(*row) for row in zip(answer.shifts, answer.by_watch.cells, answer.added, strict=True))
        widths = (14, 14, *[NARROW] * 4, *[24] * len(figures))
        return Sheet(self.say(N_("By watch")), (), (*(self.say(word) for word in header), *figures), rows, widths)

    def _watch(self, shift: Shift, cell: np.ndarray[tuple[int], np.dtype[np.int64]], added: int) -> tuple[Value, ...]:
        need = self.answer.by_watch
        crews, saturated = int(need.crews[cell[0]]), int(need.saturation_crews[cell].max())
        span = f"{shift.hours[0]:02d}:00–{(shift.hours[-1] + 1) % DAY_H:02d}:00"
        named = {watch.id: watch.name for watch in self.system.watch if watch.name}
        name = named[shift.id].in_language(self.language) if shift.id in named else shift.id
        values = [shown(target, need.figure(target, cell)) for target in need.targets]
        return (name, span, crews, crews * need.people, saturated * need.people, added * need.people, *values)

    def hours(self) -> Sheet:
        """Return what each hour of the week needs by itself."""
        need = self.answer.by_hour
        header = (N_("hour"), N_("calls an hour"), N_("crews busy with calls"), N_("officers"), N_("officers, 60 % rule"))
        figures = [self.figure_name(target) for target in need.targets]
        rows = []
        for hour, state in enumerate(need.states):
            name = f"{self.say(SHORT_DAYS[hour // DAY_H])} {hour % DAY_H:02d}:00"
            values = [shown(target, need.figure(target, np.array([hour]))) for target in need.targets]
            officers = (int(need.crews[hour]) * need.people, int(need.saturation_crews[hour]) * need.people)
            rows.append((name, round(float(state.calls.sum()) * 3600.0, 2), round(state.offered, 2), *officers, *values))
        widths = (14, *[NARROW] * 4, *[24] * len(figures))
        return Sheet(self.say(N_("By hour")), (), (*(self.say(word) for word in header), *figures), tuple(rows), widths)

    def week_grid(self) -> Sheet:
        """Return officers needed as a grid of days and hours."""
        need = self.answer.by_hour
        officers = (need.crews * need.people).reshape(7, DAY_H)
        rows = tuple((f"{hour:02d}:00", *officers[:, hour].tolist()) for hour in range(DAY_H))
        header = (self.say(N_("hour")), *(self.say(day) for day in SHORT_DAYS))
        return Sheet(self.say(N_("Week")), (self.say(N_("Officers needed by hour of the week")), ""), header, rows, (12, *[8] * 7))

    def checks(self) -> Sheet:
        """Return the targets over the whole week: closed form, simulation, kept or not."""
        header = (N_("target"), N_("closed form"), N_("simulation"), N_("95 % interval"), N_("verdict"))
        rows = tuple(self._check(one) for one in self.answer.checked)
        return Sheet(self.say(N_("Targets")), (), tuple(self.say(word) for word in header), rows, (34, NARROW, NARROW, 20, 22))

    def _check(self, one: Checked) -> tuple[Value, ...]:
        name = f"{one.target.text} ({unit_words(one.target, self)})"
        closed, found = shown(one.target, one.closed), one.simulated
        if np.isnan(found.mean):
            return name, closed, None, "", self.say(N_("closed form only"))
        low, high = shown(one.target, found.low), shown(one.target, found.high)
        verdict = N_("kept") if one.kept else N_("missed")
        span = "" if low is None or high is None else self.say(N_("{low} to {high}"), low=low, high=high)
        return name, closed, shown(one.target, found.mean), span, self.say(verdict)

    def figure_name(self, target: Target) -> str:
        """Return the header of a target's figure, with its unit."""
        return f"{target.text} ({unit_words(target, self)})"

    def notes(self) -> list[str]:
        """Return what the figures rest on."""
        need = self.answer.by_watch
        text = N_(
            "Crews of {people} that patrol the whole station, the nearest goes; call-taking, turnout and officers required are those"
            " of the duty system {system}. Fixed duty, beats and other stations' crews are left out."
        )
        rule = N_("60 % rule: calls should take no more than {share} of a crew's time (ICMA/CPSM guide, 62 agencies).")
        return [
            self.say(text, people=need.people, system=self.system.name.in_language(self.language)),
            self.say(rule, share=f"{SATURATION:.0%}"),
        ]

    def as_sheets(self) -> tuple[Sheet, ...]:
        """Return all tables."""
        above = (self.headline(), "", *self.changes(), "", self.arithmetic(), *self.notes(), "")
        watches = self.watches()
        first = Sheet(watches.name, above, watches.header, watches.rows, watches.widths)
        return (first, self.checks(), self.week_grid(), self.hours())

    def as_data(self) -> dict[str, Any]:
        """Return everything as plain data."""
        answer, supply = self.answer, self.answer.supply
        return {
            "schema": 1,
            "station": {language: self.station.config.name.in_language(language) for language in LANGUAGES},
            "synthetic": self.station.config.synthetic,
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
            "changes": self.changes(),
        }

    def write_xlsx(self, path: Path) -> None:
        """Write all tables as an Excel workbook."""
        write_whole(path, as_workbook(self.as_sheets()))

    def write_json(self, path: Path) -> None:
        """Write everything as JSON."""
        write_plain_json(path, self.as_data())


def shown(target: Target, value: float) -> Value:
    """Return a target's figure in the unit people use: minutes, per cent, officers; None where there is none."""
    if not np.isfinite(value):
        return None
    if target.measure in ("response_s", "queue_s"):
        return round(value / 60.0, 1)
    return round(value * 100.0, 1) if target.measure in ("queued_share", "utilisation") else round(value, 1)


def unit_words(target: Target, report: StaffingReport) -> str:
    """Return the unit of :func:`shown`."""
    if target.measure in ("response_s", "queue_s"):
        return report.say(N_("min"))
    return "%" if target.measure in ("queued_share", "utilisation") else report.say(N_("officers"))
