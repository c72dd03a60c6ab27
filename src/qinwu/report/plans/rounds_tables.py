"""Tables of rounds: visits by date, what was overdue, officers, beats, grades, and the timetable of patrol stops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from qinwu.duty.calendar import DAY_S
from qinwu.language import N_, Language
from qinwu.plan.rounds.answer import Rounds
from qinwu.plan.rounds.asking import tours_as_data
from qinwu.plan.rounds.patrol import PatrolStop
from qinwu.plan.rounds.stop_checks import StopCheck
from qinwu.report.plans.plan_report import Shown
from qinwu.report.sheet import Sheet, Value
from qinwu.report.words import Speaking
from qinwu.station.station import Station

KINDS = {"inspection": N_("inspection"), "beat_visit": N_("beat visit")}
ROLES = {"specialist": N_("specialist"), "beat": N_("beat officer"), "other": N_("other")}


@dataclass(frozen=True)
class RoundsTables(Speaking):
    """Tells one month as tables, in one language."""

    station: Station
    rounds: Rounds
    language: Language

    def all(self) -> Iterator[Shown]:
        """Yield the tables in order."""
        if self.rounds.inspections:
            yield self.visits("inspection", N_("Inspections"))
        if self.rounds.overdue or self.rounds.left_out:
            yield self.overdue()
        yield self.loads()
        if self.rounds.contacts:
            yield self.contacts()
        yield self.revisits()
        if self.rounds.beat_visits:
            yield self.visits("beat_visit", N_("Beat visits"), folded=True)
        if self.rounds.stop_check is not None:
            yield self.checked(self.rounds.stop_check)
        if self.rounds.patrols:
            yield self.stops()
            yield self.seen()

    def sheet(self, name: str, header: tuple[str, ...], rows: list[tuple[Value, ...]], widths: tuple[int, ...]) -> Sheet:
        """Return a table with translated name and header."""
        return Sheet(self.say(name), (), tuple(self.say(one) for one in header), tuple(rows), widths)

    def visits(self, kind: str, name: str, *, folded: bool = False) -> Shown:
        """Return the visits of one kind by date."""
        due = kind == "inspection"
        header: tuple[str, ...] = (
            N_("date"),
            N_("begins"),
            N_("ends"),
            N_("venue or beat"),
            N_("atom"),
            N_("officers"),
            N_("way, min"),
        )
        header = (*header, N_("due by"), N_("days late")) if due else header
        rows: list[tuple[Value, ...]] = []
        for visit in self.rounds.visits:
            if visit.kind != kind:
                continue
            row: tuple[Value, ...] = (
                visit.start.date().isoformat(),
                f"{visit.start:%H:%M}",
                f"{visit.end:%H:%M}",
                visit.venue or self.rounds.beat_of_atom.get(visit.atom, ""),
                visit.atom,
                " ".join(visit.officers),
                round(visit.travel_s / 60.0, 1),
            )
            by = visit.due.isoformat() if visit.due else self.say(N_("by lot"))
            rows.append((*row, by, visit.late_days) if due else row)
        keys = ("", "", "", "", "", "draw", "route", "late", "late")[: len(header)]
        return Shown(self.sheet(name, header, rows, (12, 8, 8, 12, 10, 16, 10, 12, 10)[: len(header)]), keys, folded=folded)

    def overdue(self) -> Shown:
        """Return what was overdue, and what found no time."""
        when = {visit.venue: visit.start.date().isoformat() for visit in reversed(self.rounds.inspections)}
        header = (N_("venue"), N_("trade"), N_("grade"), N_("last inspected"), N_("due by"), N_("days overdue"), N_("planned for"))
        no_time = self.say(N_("no time found"))
        rows: list[tuple[Value, ...]] = [
            (
                one.venue.id,
                one.venue.kind,
                one.venue.grade,
                one.last.isoformat(),
                one.due.isoformat(),
                one.days,
                when.get(one.venue.id, no_time),
            )
            for one in self.rounds.overdue
        ]
        told = {one.venue.id for one in self.rounds.overdue}
        for visit in self.rounds.left_out:
            if visit.venue.id not in told:
                venue, by = visit.venue, self.rounds.month.date_of(visit.due).isoformat()
                rows.append((venue.id, venue.kind, venue.grade, visit.last.isoformat() if visit.last else "", by, 0, no_time))
        sheet = self.sheet(N_("Overdue when the month began"), header, rows, (12, 18, 8, 14, 12, 14, 14))
        return Shown(sheet, ("", "", "", "", "late", "late", ""))

    def loads(self) -> Shown:
        """Return officers' months."""
        header = (
            N_("officer"),
            N_("role"),
            N_("free, h"),
            N_("inspections, h"),
            N_("outside own beat, h"),
            N_("due in own beat, h"),
            N_("beat visits, h"),
            N_("asked for, h"),
            N_("share planned"),
        )
        rows: list[tuple[Value, ...]] = [
            (
                load.officer,
                self.say(ROLES[load.role]),
                round(load.free_h, 1),
                round(load.inspection_h, 1),
                round(load.abroad_h, 1),
                round(load.own_h, 1),
                round(load.beat_visit_h, 1),
                round(load.asked_h, 1),
                f"{load.planned_h / load.free_h:.0%}" if load.free_h > 0.0 else "",
            )
            for load in self.rounds.loads
        ]
        sheet = self.sheet(N_("Officers"), header, rows, (12, 14, 10, 14, 18, 18, 14, 14, 14))
        return Shown(sheet, ("", "", "load", "load", "abroad", "abroad", "load", "load", "load"))

    def contacts(self) -> Shown:
        """Return beats' contact."""
        header = (
            N_("beat"),
            N_("officer"),
            N_("residents"),
            N_("beat visits, h"),
            N_("at venues, h"),
            N_("h per 1,000 residents"),
            N_("venues in it"),
            N_("inspections"),
            N_("atoms visited"),
        )
        rows: list[tuple[Value, ...]] = [
            (
                one.beat,
                one.officer,
                round(one.residents),
                round(one.beat_visit_h, 1),
                round(one.inspection_h, 1),
                round(one.hours_per_1000, 2) if one.residents > 0.0 else None,
                one.venues,
                one.inspections,
                self.say(N_("{got} of {all} atoms"), got=one.atoms_visited, all=one.atoms),
            )
            for one in self.rounds.contacts
        ]
        sheet = self.sheet(N_("Contact by beat"), header, rows, (10, 12, 12, 14, 14, 20, 10, 12, 14))
        return Shown(sheet, ("", "", "", "contact", "contact", "contact", "", "", ""))

    def revisits(self) -> Shown:
        """Return how often venues are seen."""
        header = (N_("grade"), N_("every, days"), N_("venues in it"), N_("inspections"), N_("mean days between"), N_("longest"))
        rows: list[tuple[Value, ...]] = [
            (one.grade, one.interval_days, one.venues, one.visits, round(one.mean_days, 1), one.longest_days)
            for one in self.rounds.revisits
        ]
        return Shown(self.sheet(N_("Grades"), header, rows, (8, 12, 10, 12, 18, 10)), ("", "", "", "", "revisit", "revisit"))

    def checked(self, found: StopCheck) -> Shown:
        """Return what was asked of patrol stops, and what they are."""
        aims = self.rounds.aims.patrol
        least, most = aims.stop_min
        rows: list[tuple[Value, ...]] = [
            (self.say(N_("length of a stop, min")), f"{least:g}–{most:g}", f"{found.shortest_min:.1f}–{found.longest_min:.1f}"),
            (self.say(N_("longest time without a stop, min")), f"≤ {aims.every_min:g}", f"{found.longest_gap_min:.0f}"),
            (self.say(N_("share of these times that are short enough")), "100%", f"{found.in_time:.1%}"),
            (self.say(N_("stops that begin as the day before, to the minute")), "–", f"{found.repeated:.1%}"),
            (self.say(N_("most minutes at one place in six hours")), f"≤ {aims.most_min:g}", f"{found.dose_min:.0f}"),
        ]
        header = (N_("patrol stops"), N_("asked"), N_("found"))
        return Shown(self.sheet(N_("Patrol stops looked at afresh"), header, rows, (44, 12, 16)), ("", "stops", "stops"))

    def stops(self) -> Shown:
        """Return the timetable of patrol stops: a row for each six hours and place."""
        header = (N_("date"), N_("begins"), N_("ends"), N_("place"), N_("crews"), N_("stops"))
        by_lot = self.say(N_("by lot"))
        rows: list[tuple[Value, ...]] = []
        for one in self.rounds.patrols:
            day = int(one.span[0] // DAY_S)
            begin, end = (self.rounds.month.time(day, at - day * DAY_S) for at in one.span)
            for place in one.places:
                mine = [stop for stop in one.stops if stop.atom == place]
                times = ", ".join(self.clock(stop) for stop in mine)
                crews = " ".join(dict.fromkeys(self.rounds.crews[stop.crew] for stop in mine))
                clock = (f"{begin:%H:%M}", f"{end:%H:%M}")
                atom = self.station.area.atom_ids[place]
                name = f"{atom} ({by_lot})" if place in self.rounds.drawn else atom
                rows.append((begin.date().isoformat(), *clock, name, crews, times))
        sheet = self.sheet(N_("Patrol stops"), header, rows, (12, 8, 8, 10, 22, 60))
        return Shown(sheet, ("", "", "", "", "", "stops"), folded=True)

    def clock(self, stop: PatrolStop) -> str:
        """Return from when to when a stop is, on the clock."""
        begin, end = (self.rounds.month.time(0, at) for at in (stop.start_s, stop.end_s))
        return f"{begin:%H:%M}–{end:%H:%M}"

    def seen(self) -> Shown:
        """Return how likely a patrol is seen at each hot place."""
        header = (N_("place"), N_("chance of seeing a stop"))
        rows: list[tuple[Value, ...]] = [(atom, f"{chance:.0%}") for atom, chance in self.rounds.seen.items()]
        return Shown(self.sheet(N_("Seen at hot places"), header, rows, (12, 24)), ("", "seen"), folded=True)

    def data(self) -> dict[str, Any]:
        """Return the answer as plain data."""
        rounds = self.rounds
        regular = rounds.regularity
        return {
            "month": {"first": rounds.month.first.isoformat(), "days": rounds.month.days},
            "seed": rounds.draw.seed,
            "draw": rounds.draw.mode,
            "tours": tours_as_data(rounds.tours),
            "overdue": [{"venue": one.venue.id, "due": one.due.isoformat(), "days": one.days} for one in rounds.overdue],
            "left_out": [visit.id for visit in rounds.left_out],
            "patrol": None
            if regular is None
            else {"stops": regular.stops, "kept": regular.kept, "variation": regular.variation, "surprise": regular.surprise},
        }
