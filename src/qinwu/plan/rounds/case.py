"""Case: everything that is known of a month before it is planned, and how it is told once it is."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from qinwu.duty.calendar import HOUR_S
from qinwu.findings import Finding
from qinwu.language import N_
from qinwu.plan.effort import Running
from qinwu.plan.proof import Proof
from qinwu.plan.rounds.aims import Aims
from qinwu.plan.rounds.answer import Draw, Rounds
from qinwu.plan.rounds.conflict import Demand
from qinwu.plan.rounds.due import DueVisit, Overdue, drawn_visits, due_visits
from qinwu.plan.rounds.free import Span, free_spans, rostered_spans, without_visits
from qinwu.plan.rounds.hot_places import HotPlaces, hot_places
from qinwu.plan.rounds.month import Month, month_after
from qinwu.plan.rounds.outings import Budget, budget_of
from qinwu.plan.rounds.patrol import PatrolRound, regularity
from qinwu.plan.rounds.patrolling import patrols_of_month
from qinwu.plan.rounds.people import People
from qinwu.plan.rounds.question import Question, earlier_tours, kept_tours
from qinwu.plan.rounds.stop_checks import StopCheck, check_stops, stop_findings
from qinwu.plan.rounds.tallies import contacts_of, loads_of, revisits_of, seen_at
from qinwu.plan.rounds.visits import Tour, Visit, busy
from qinwu.station.demand import read_source


@dataclass(frozen=True)
class Made:
    """Tours of one kind: seconds of travel and delay, what they cannot be below, what was left out, and notes."""

    tours: tuple[Tour, ...]
    cost_s: float
    bound_s: float
    left_out: tuple[DueVisit, ...] = ()
    free_s: float = math.nan
    notes: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Case:
    """Everything that is known before planning begins.

    Parameters
    ----------
    question, month, people, seed
        What is asked, the days, who there is, and the seed of every draw.
    whole
        Free time from the first day that is planned on.
    spans, with_absent
        The same without tours that are kept; and as if nobody were absent.
    due, overdue
        Inspections to be made, and what was overdue when the month began.
    kept
        Tours taken over from an earlier plan.
    """

    question: Question
    month: Month
    people: People
    whole: tuple[Span, ...]
    spans: tuple[Span, ...]
    with_absent: tuple[Span, ...]
    due: tuple[DueVisit, ...]
    overdue: tuple[Overdue, ...]
    kept: tuple[Tour, ...]
    seed: int

    @classmethod
    def of(cls, question: Question, seed: int) -> Case:
        """Work out who is free when, and what is due."""
        month = question.month or month_after(question.station.calls)
        people = People.of(question.station, question.system)
        spans = question.spans or free_spans(question.station, people, question.plan, month)
        if question.roster is not None:
            spans = rostered_spans(spans, question.roster, month)
        first = max(0, (question.today - month.first).days) if question.today else 0
        whole = tuple(span for span in spans if span.day >= first)
        kept = kept_tours(question)
        spans = without_visits(whole, busy(kept, month))
        there = tuple(span for span in spans if not _absent(question.aims, span, month))
        due, overdue = due_visits(question.station.venues, question.aims, month, question.last, seed)
        lots = drawn_visits(question.station.venues, question.aims.grade, due, month, question.last, seed)
        done = {visit.id for tour in kept for visit in tour.visits}
        due = tuple(one for one in (*due, *lots) if one.id not in done)
        return cls(question, month, people, whole, there, spans, due, overdue, kept, seed)

    @property
    def aims(self) -> Aims:
        """The rules."""
        return self.question.aims

    @property
    def earlier(self) -> tuple[Tour, ...]:
        """Tours of an earlier plan that are not kept as they are."""
        return tuple(tour for tour in earlier_tours(self.question) if tour not in self.kept)

    def budget(self, tours: Sequence[Tour]) -> Budget:
        """Return what may still be planned of everybody's days once these tours are."""
        return budget_of(self.whole, self.aims.most_share, busy(tours, self.month))

    def asked_h(self) -> dict[str, float]:
        """Return hours of beat visits in the month, by beat officer: the least there must be, else what the duty system says."""
        least = self.aims.beat_visit.hours_per_week
        per_week = self.people.visit_hours() if least is None else dict.fromkeys(sorted(self.people.beat_officers), least)
        return {officer: hours * self.month.weeks for officer, hours in per_week.items()}

    def own_h(self, made: Sequence[Visit]) -> dict[str, float]:
        """Return hours of inspections at venues of the own beat, by beat officer, whoever makes them."""
        hours: dict[str, float] = {}
        for visit in made:
            officer = self.people.beat_officer(visit.atom)
            if visit.kind == "inspection" and officer:
                hours[officer] = hours.get(officer, 0.0) + (visit.end - visit.start).total_seconds() / HOUR_S
        return hours

    def left_h(self) -> dict[str, float]:
        """Return the same less what kept tours have given."""
        hours = self.asked_h()
        for tour in self.kept:
            for visit in tour.visits:
                if visit.kind == "beat_visit":
                    hours[visit.officers[0]] = hours.get(visit.officers[0], 0.0) - visit.officer_hours
        return {officer: max(0.0, left) for officer, left in hours.items()}

    def demand(self) -> Demand:
        """Return what must be done, and the hours for it."""
        must = [visit for visit in self.due if not visit.drawn]
        stays = self.left_h() if self.aims.beat_visit.hours_per_week is not None else {}
        return Demand(must, stays, self.aims, self.people, self.month, self.spans, self.with_absent)

    def answer(self, tours: tuple[Tour, ...], inspections: Made, visits: Made, running: Running, started: float) -> Rounds:
        """Return everything told; it all began at `started` on the monotonic clock."""
        free = without_visits(self.spans, busy(tours, self.month))
        patrols, hot = self._patrols(free)
        check = check_stops(patrols, self.aims.patrol.every_min)
        made = [visit for tour in tours for visit in tour.visits]
        stay_s = self.question.station.config.patrol.stay_min * 60.0
        proof = self._proof(inspections, visits, running, time.monotonic() - started)
        lots = tuple(visit.venue.id for visit in self.due if visit.drawn)
        pairs = {tour.officers for tour in inspections.tours}
        return Rounds(
            month=self.month,
            aims=self.aims,
            tours=tours,
            left_out=inspections.left_out,
            overdue=self.overdue,
            patrols=patrols,
            hot=hot,
            regularity=regularity(patrols, self.aims.patrol.every_min * 60.0) if patrols else None,
            seen=seen_at(self.people, patrols, stay_s),
            loads=loads_of(self.people, self.with_absent, tours, self.asked_h(), self.own_h(made)),
            contacts=contacts_of(self.people, made),
            revisits=revisits_of(self.people, self.aims, made, self.question.last),
            draw=Draw(self.seed, self.aims.inspection.draw, lots, len(pairs), inspections.free_s),
            beat_of_atom=self.people.beat_of_atom,
            crews=tuple(crew.id for crew in self.people.muster.crews),
            kept=frozenset(visit.id for tour in self.kept for visit in tour.visits),
            proof=proof,
            findings=(*inspections.notes, *visits.notes, *self._patrol_notes(check, patrols)),
            stop_check=check,
            drawn=self.question.hot.drawn if self.question.hot else frozenset(),
        )

    def _patrols(self, free: Sequence[Span]) -> tuple[tuple[PatrolRound, ...], HotPlaces | None]:
        aims, station = self.aims.patrol, self.question.station
        listed = self.question.hot
        if not aims.places or (listed is None and not len(station.calls.table)):
            return (), None
        hot = listed.places if listed else hot_places(read_source(station), len(station.area), aims.places)
        valid = [day for day in range(self.month.days) if listed is None or listed.valid(self.month.date_of(day))]
        days = range(valid[0], valid[-1] + 1) if valid else range(0)
        return patrols_of_month(self.people, self.question.plan, free, hot, aims, self.month, self.seed, days), hot

    def _patrol_notes(self, check: StopCheck | None, patrols: Sequence[PatrolRound]) -> Iterator[Finding]:
        """Yield what of the patrol stops is not as asked for, and where a forecast's list is not used whole."""
        yield from stop_findings(check, self.aims.patrol)
        listed = self.question.hot
        if listed is None:
            return
        left = listed.drawn - {stop.atom for one in patrols for stop in one.stops}
        if left:
            message = N_("No crew keeps up with these places drawn by lot: {places}; nothing will be learnt of them.")
            places = ", ".join(self.question.station.area.atom_ids[at] for at in sorted(left))
            yield Finding("drawn-without-stops", "warning", message, N_("Let more crews patrol."), values={"places": places})
        if listed.last < self.month.date_of(self.month.days - 1):
            message = N_("The list of hot places is valid until {last}: no patrol stops are planned after that day.")
            remedy = N_("Make a new list then: qinwu forecast STATION")
            yield Finding("list-ends", "note", message, remedy, values={"last": listed.last.isoformat()})

    def _proof(self, inspections: Made, visits: Made, running: Running, seconds: float) -> Proof:
        return Proof(
            objective=N_("travel and delay of inspections and beat visits"),
            unit=N_("min"),
            value=(inspections.cost_s + visits.cost_s) / 60.0,
            bound=(inspections.bound_s + visits.bound_s) / 60.0,
            seconds=seconds,
            seed=self.seed,
            method=N_("iterated local search (PyVRP); bound by spanning trees with prices on visits (Held & Karp)"),
            interrupted=running.interrupted,
            binding=tuple(self._binding(inspections)),
            given_up=(*inspections.notes, *visits.notes),
        )

    def _binding(self, inspections: Made) -> list[Finding]:
        """Return the rules that hold the plan back."""
        if not math.isfinite(inspections.free_s) or inspections.cost_s <= inspections.free_s + 60.0:
            return []
        message = N_("The draw decides which team inspects which venue: {minutes} min more travel and delay than free routes.")
        values = {"minutes": f"{(inspections.cost_s - inspections.free_s) / 60.0:.0f}"}
        return [Finding("price-of-the-draw", "note", message, values=values)]


def _absent(aims: Aims, span: Span, month: Month) -> bool:
    day = month.date_of(span.day)
    return any(one.officer == span.officer and one.since <= day < one.until for one in aims.absent)
