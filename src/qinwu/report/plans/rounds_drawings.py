"""Drawings of rounds: the month, each day's routes, officers' loads, and a day of patrol stops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import shapely

from qinwu.duty.calendar import DAY_S, HOUR_S
from qinwu.language import N_, Language
from qinwu.plan.rounds.answer import Load, Rounds
from qinwu.plan.rounds.visits import Tour, Visit
from qinwu.report.figures.bars import Officer, legend, load_bars
from qinwu.report.figures.calendar import Day, calendar
from qinwu.report.figures.maps import Frame, definitions, dissolved, frame_of
from qinwu.report.figures.routes import Stop, Way, route_map
from qinwu.report.figures.scale import LOAD, shades, ticks
from qinwu.report.figures.stops import Mark, Row, stops_of_day
from qinwu.report.plans.plan_report import Drawing, Picture
from qinwu.report.words import SHORT_DAYS, Speaking
from qinwu.station.station import Station

MOST_MAPS = 12
"""So many days are drawn as maps, those with most inspections."""


@dataclass(frozen=True)
class RoundsDrawings(Speaking):
    """Draws one month in one language."""

    station: Station
    rounds: Rounds
    language: Language

    def all(self) -> Iterator[Drawing]:
        """Yield the drawings in order."""
        if self.rounds.tours:
            yield self.month()
        if self.rounds.inspections:
            yield self.routes()
        if self.rounds.loads:
            yield self.loads()
        if self.rounds.patrols:
            yield self.stops()

    def month(self) -> Drawing:
        """Return the calendar of the month."""
        month = self.rounds.month
        tours = [self.rounds.on(month.date_of(day)) for day in range(month.days)]
        hours = [sum(tour.officer_hours for tour in todays) for todays in tours]
        colours = shades([0.0, *hours], LOAD)
        days = [
            self._day(day, todays, colours.colour(spent), colours.dark(spent))
            for day, (todays, spent) in enumerate(zip(tours, hours, strict=True))
        ]
        title = self.say(N_("The month"))
        svg = calendar(days, [self.say(name) for name in SHORT_DAYS], title)
        texts = [f"{edge:g}" for edge in colours.edges]
        lead = self.say(N_("Large: inspections. Small: beat visits and officer-hours. Point at a day for its visits."))
        drawn = legend(colours.colours, texts, self.say(N_("officer-hours")))
        return Drawing(title, lead, (Picture("", "", svg),), "month", drawn, wide=True)

    def _day(self, day: int, tours: tuple[Tour, ...], colour: str, light: bool) -> Day:
        date = self.rounds.month.date_of(day)
        visits = [visit for tour in tours for visit in tour.visits]
        inspections = [visit for visit in visits if visit.kind == "inspection"]
        stays = len(visits) - len(inspections)
        hours = sum(tour.officer_hours for tour in tours)
        lines = [self.say(N_("{count} beat visits"), count=stays)] if stays else []
        lines += [self.say(N_("{hours} officer-hours"), hours=f"{hours:.1f}")] if hours else []
        tip = "\n".join([date.isoformat(), *(self.told(visit) for visit in inspections)])
        return Day(date.day, date.weekday(), str(len(inspections) or ""), tuple(lines), colour, light, tip)

    def told(self, visit: Visit) -> str:
        """Return a visit in one line."""
        return f"{visit.start:%H:%M}–{visit.end:%H:%M} {visit.venue or visit.atom} {' '.join(visit.officers)}"

    @cached_property
    def frame(self) -> Frame:
        """Degrees to drawing units."""
        return frame_of(self.station.area.polygons)

    @cached_property
    def places(self) -> dict[str, tuple[float, float]]:
        """A point in each atom, degrees."""
        points = [shapely.point_on_surface(polygon) for polygon in self.station.area.polygons]
        return {atom: (float(one.x), float(one.y)) for atom, one in zip(self.station.area.atom_ids, points, strict=True)}

    @cached_property
    def beats(self) -> dict[str, list[int]]:
        """Atoms of each beat by position, and those of none together."""
        index = self.station.area.index
        found: dict[str, list[int]] = {}
        for atom in self.station.area.atom_ids:
            found.setdefault(self.rounds.beat_of_atom.get(atom, ""), []).append(index[atom])
        return {f"rounds-{number}": atoms for number, atoms in enumerate(found.values())}

    def routes(self) -> Drawing:
        """Return the inspections of each day as a map."""
        by_day: dict[str, list[Tour]] = {}
        for tour in self.rounds.tours:
            if tour.visits[0].kind == "inspection":
                by_day.setdefault(tour.day.isoformat(), []).append(tour)
        busiest = sorted(by_day, key=lambda day: -sum(len(tour.visits) for tour in by_day[day]))[:MOST_MAPS]
        pictures = tuple(self._map(day, by_day[day]) for day in sorted(busiest))
        shapes = definitions(dissolved(self.station.area.polygons, self.beats, self.frame), self.frame)
        title = self.say(N_("Where inspections lead, day by day"))
        lead = self.say(N_("A colour for each tour, numbers in the order of visits; a ring is where it begins and ends."))
        return Drawing(title, lead, pictures, "route", definitions=shapes)

    def _map(self, day: str, tours: list[Tour]) -> Picture:
        ways = []
        for tour in tours:
            stops = tuple(
                Stop(*self.places[visit.atom], str(number), self.told(visit)) for number, visit in enumerate(tour.visits, start=1)
            )
            said = f"{' '.join(tour.officers)} {tour.leaves:%H:%M}–{tour.back:%H:%M}"
            ways.append(Way(self.places[tour.base], stops, said))
        minutes = sum(tour.travel_s for tour in tours) / 60.0
        visits = sum(len(tour.visits) for tour in tours)
        remark = self.say(N_("{visits} inspections, {minutes} min on the way"), visits=visits, minutes=f"{minutes:.0f}")
        return Picture(day, remark, route_map(self.frame, tuple(self.beats), ways, f"{day}: {remark}"))

    def loads(self) -> Drawing:
        """Return officers' planned hours in front of their free hours."""
        loads = sorted(self.rounds.loads, key=lambda load: -load.planned_h)
        most = max(max(load.free_h, load.planned_h) for load in loads)
        top = ticks(0.0, most, 5)[-1]
        bars = [Officer(load.planned_h, load.free_h, self.load_told(load)) for load in loads]
        title = self.say(N_("What the month asks of each officer"))
        svg = load_bars(bars, top, title, self.say(N_("mean")))
        lead = self.say(N_("Dark: hours planned. Pale: hours that calls and set work leave. Point at a bar for the officer."))
        remark = self.say(N_("the panel is {hours} h high"), hours=f"{top:g}")
        return Drawing(title, lead, (Picture("", remark, svg),), "load")

    def load_told(self, load: Load) -> str:
        """Return an officer's month in one line."""
        return self.say(
            N_("{officer}: {inspection} h inspections, {visits} h beat visits, {free} h free"),
            officer=load.officer,
            inspection=f"{load.inspection_h:.1f}",
            visits=f"{load.beat_visit_h:.1f}",
            free=f"{load.free_h:.1f}",
        )

    def stops(self) -> Drawing:
        """Return the patrol stops of the day with most of them."""
        count: dict[int, int] = {}
        for one in self.rounds.patrols:
            day = int(one.span[0] // DAY_S)
            count[day] = count.get(day, 0) + len(one.stops)
        day = max(count, key=lambda one: count[one])
        todays = [one for one in self.rounds.patrols if int(one.span[0] // DAY_S) == day]
        names = self.station.area.atom_ids
        rows = []
        for place in sorted({place for one in todays for place in one.places}, key=lambda place: names[place]):
            promised = tuple(
                ((one.span[0] / HOUR_S) - day * 24, (one.span[1] / HOUR_S) - day * 24) for one in todays if place in one.places
            )
            marks = tuple(
                Mark(
                    stop.start_s / HOUR_S - day * 24,
                    stop.end_s / HOUR_S - day * 24,
                    f"{self.rounds.month.time(day, stop.start_s - day * DAY_S):%H:%M}",
                )
                for one in todays
                for stop in one.stops
                if stop.atom == place
            )
            rows.append(Row(names[place], promised, marks))
        title = self.say(N_("A day of patrol stops: {day}"), day=self.rounds.month.date_of(day).isoformat())
        lead = self.say(N_("A row for each hot place, a mark for each stop; shaded where a stop is due at least every two hours."))
        return Drawing(title, lead, (Picture("", "", stops_of_day(rows, title)),), "stops", wide=True)
