"""Planning a month's rounds: what is due, whether it fits, who inspects; then beat visits, then patrols in what is left."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from qinwu.duty.calendar import HOUR_S
from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.system import DutySystem
from qinwu.findings import Finding, QinwuError
from qinwu.language import N_
from qinwu.plan.effort import Effort, Running
from qinwu.plan.proof import Proof
from qinwu.plan.rounds.aims import Aims, check_aims, sample_aims, seconds_of_day
from qinwu.plan.rounds.answer import Draw, Rounds
from qinwu.plan.rounds.beat_visits import stay_task, stays_due
from qinwu.plan.rounds.conflict import Demand, refusal
from qinwu.plan.rounds.due import DueVisit, Overdue, drawn_visits, due_visits
from qinwu.plan.rounds.free import Span, free_spans, rostered_spans, without_visits
from qinwu.plan.rounds.hot_places import HotPlaces, hot_places
from qinwu.plan.rounds.inserting import inserted
from qinwu.plan.rounds.inspecting import drawn_again, fixed_to, inspection_task
from qinwu.plan.rounds.month import Month, month_after
from qinwu.plan.rounds.outings import alone, budget_of, teams
from qinwu.plan.rounds.patrol import PatrolRound, regularity
from qinwu.plan.rounds.patrolling import patrols_of_month
from qinwu.plan.rounds.people import People
from qinwu.plan.rounds.searching import Ledger, bound_s, searched
from qinwu.plan.rounds.tallies import contacts_of, loads_of, revisits_of, seen_at
from qinwu.plan.rounds.visits import Planned, Tour, Visit, busy, tours_of
from qinwu.station.demand import read_source
from qinwu.station.station import Station

INSPECTION_TIME = 0.5
"""Part of the time that inspections may take; beat visits have what is left."""
FREE_TIME = 0.15
"""Part of the time spent on what routes would cost without the draw."""

Roster = Mapping[str, Sequence[tuple[datetime, datetime]]]


@dataclass(frozen=True)
class Question:
    """What month is to be planned, for whom and by which rules.

    Parameters
    ----------
    station, system, plan
        What there is, and the duty system in force, compiled.
    aims
        Rules; the sample where nothing else is said.
    month
        The days; the month after that of the last call by default.
    last
        When venues were last inspected, by id.
    roster
        Duty times by officer where a roster says so; the duty system's pattern for all others.
    spans
        Free time of officers by the duty system's pattern where it has been worked out before (:func:`free_spans`); it takes most
        of a second.
    start
        An earlier plan of the same month, or its tours: what lies before `today`, and what `keep` names, is taken over as it is.
    today
        The first day that is planned anew; the first of the month by default.
    keep
        Ids of visits that stay as they are.
    """

    station: Station
    system: DutySystem
    plan: ResponsePlan
    aims: Aims = field(default_factory=sample_aims)
    month: Month | None = None
    last: Mapping[str, date] = field(default_factory=dict)
    roster: Roster | None = None
    spans: tuple[Span, ...] | None = None
    start: Rounds | tuple[Tour, ...] | None = None
    today: date | None = None
    keep: frozenset[str] = frozenset()


def plan_rounds(question: Question, effort: Effort | None = None) -> Rounds:
    """Return a month's rounds.

    Inspections come first, since they have days by which they are due; then beat visits in the free time that is left to beat
    officers; then patrol rounds in what is left to crews that patrol.

    Parameters
    ----------
    question
        What is to be planned.
    effort
        Time, seed, progress and stop.

    Raises
    ------
    QinwuError
        The aims do not fit the station, or what must be done does not fit into the hours there are: the rows in conflict and the
        cheapest ways out.
    """
    raise_errors(check_aims(question.aims, question.station))
    effort = effort or Effort()
    case = Case.of(question, effort.seed)
    demand = case.demand()
    if not demand.fits():
        raise QinwuError(refusal(demand))
    running = effort.begin()
    ledger = Ledger(running)
    inspections = inspect(case, ledger)
    visits = visit_beats(case, (*case.kept, *inspections.tours), ledger)
    tours = tuple(sorted((*case.kept, *inspections.tours, *visits.tours), key=lambda tour: (tour.leaves, tour.officers)))
    return case.answer(tours, inspections, visits, running)


def raise_errors(findings: Sequence[Finding]) -> None:
    """Raise what of `findings` is an error."""
    errors = [finding for finding in findings if finding.severity == "error"]
    if errors:
        raise QinwuError(errors)


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
    """Everything that is known before planning begins."""

    question: Question
    month: Month
    people: People
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
        kept = kept_tours(question)
        first = max(0, (question.today - month.first).days) if question.today else 0
        spans = tuple(span for span in without_visits(spans, busy(kept, month)) if span.day >= first)
        there = tuple(span for span in spans if not _absent(question.aims, span, month))
        due, overdue = due_visits(question.station.venues, question.aims, month, question.last, seed)
        lots = drawn_visits(question.station.venues, question.aims.grade, due, month, question.last, seed)
        done = {visit.id for tour in kept for visit in tour.visits}
        return cls(
            question, month, people, there, spans, tuple(one for one in (*due, *lots) if one.id not in done), overdue, kept, seed
        )

    @property
    def aims(self) -> Aims:
        """The rules."""
        return self.question.aims

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

    def answer(self, tours: tuple[Tour, ...], inspections: Made, visits: Made, running: Running) -> Rounds:
        """Return everything told."""
        free = without_visits(self.spans, busy(tours, self.month))
        patrols, hot = self._patrols(free)
        made = [visit for tour in tours for visit in tour.visits]
        stay_s = self.question.station.config.patrol.stay_min * 60.0
        proof = self._proof(inspections, visits, running)
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
            findings=(*inspections.notes, *visits.notes),
        )

    def _patrols(self, free: Sequence[Span]) -> tuple[tuple[PatrolRound, ...], HotPlaces | None]:
        aims, station = self.aims.patrol, self.question.station
        if not aims.places or not len(station.calls.table):
            return (), None
        hot = hot_places(read_source(station), len(station.area), aims.places)
        return patrols_of_month(self.people, self.question.plan, free, hot, aims, self.month, self.seed), hot

    def _proof(self, inspections: Made, visits: Made, running: Running) -> Proof:
        return Proof(
            objective=N_("travel and delay of inspections and beat visits"),
            unit=N_("min"),
            value=(inspections.cost_s + visits.cost_s) / 60.0,
            bound=(inspections.bound_s + visits.bound_s) / 60.0,
            seconds=running.seconds,
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


def kept_tours(question: Question) -> tuple[Tour, ...]:
    """Return what of an earlier plan stays: tours before `today`, and those with a visit that is to be kept."""
    if question.start is None:
        return ()
    before = question.today or date.min
    tours = question.start.tours if isinstance(question.start, Rounds) else question.start
    return tuple(tour for tour in tours if tour.day < before or any(visit.id in question.keep for visit in tour.visits))


def inspect(case: Case, ledger: Ledger) -> Made:
    """Return the tours of inspections: teams and, where the aims say so, venues dealt out by lot, then the best routes."""
    rules, visits = case.aims.inspection, case.due
    seed = None if rules.draw == "none" else case.seed
    budget = budget_of(case.spans, case.aims.most_share, busy(case.kept, case.month))
    outings = teams(case.spans, case.people, case.month, rules.officers, rules.sworn, budget, seed)
    if not visits:
        return Made((), 0.0, 0.0)
    task = inspection_task(visits, outings, case.aims, case.people, case.month)
    first = drawn_again(task, visits, outings, seed)
    if first.left_out:
        first = searched(task, first, case.seed, Ledger(ledger.running, math.inf), ledger.running.left / 4.0, others=True)
    seconds, free_s = ledger.running.left * INSPECTION_TIME, math.nan
    if rules.draw == "double":
        free = searched(task, first, case.seed, Ledger(ledger.running, math.inf), seconds * FREE_TIME)
        free_s = free.cost(task) if len(free.left_out) == len(first.left_out) else math.nan
        task = fixed_to(task, first)
    best = searched(task, first, case.seed, ledger, seconds, others=rules.draw != "double")
    planned = [
        Planned(one.id, "inspection", one.venue.id, one.venue.atom, None if one.drawn else case.month.date_of(one.due), one.drawn)
        for one in visits
    ]
    left_out = tuple(visits[at] for at in best.left_out)
    ledger.settle(best.cost(task))
    tours = tours_of(task, best, outings, planned, case.people.station.area.atom_ids, case.month)
    return Made(tours, best.cost(task), bound_s(task, best), left_out, free_s, tuple(_not_placed(left_out)))


def _not_placed(left_out: Sequence[DueVisit]) -> Iterator[Finding]:
    """Yield a note about due visits for which no outing was found."""
    if left_out:
        message = N_("No outing was found for {count} inspections: {venues}.")
        remedy = N_("Plan with more time, let more of the free time be planned, or look at vetoes and opening hours.")
        venues = ", ".join(sorted({visit.venue.id for visit in left_out}))
        yield Finding("inspections-left-out", "warning", message, remedy, values={"count": len(left_out), "venues": venues})


def visit_beats(case: Case, tours: Sequence[Tour], ledger: Ledger) -> Made:
    """Return the tours of beat visits: as many stays as fit into what is left, the most needed first, then the best routes."""
    spans = without_visits(case.spans, busy(tours, case.month))
    budget = budget_of(case.spans, case.aims.most_share, busy(tours, case.month))
    opens, closes = case.aims.beat_visit.between
    between_s = (seconds_of_day(opens), seconds_of_day(closes))
    had = {visit.id for tour in case.kept for visit in tour.visits}
    made: list[Made] = []
    short: dict[str, float] = {}
    asked = {officer: hours for officer, hours in case.left_h().items() if hours > 0.0}
    for place, (officer, hours) in enumerate(asked.items()):
        mine = [span for span in spans if span.officer == officer]
        everything = stays_due(case.people, officer, case.asked_h()[officer], case.aims.beat_visit.minutes)
        stays = [stay for stay in everything if stay.id not in had][: int(hours * 60.0 / case.aims.beat_visit.minutes + 1e-9)]
        if not stays:
            continue
        outings = alone(mine, budget, between_s, case.aims.beat_visit.most_hours_per_day * HOUR_S)
        task = stay_task(stays, outings, case.aims, case.people, case.month)
        first = inserted(task, range(len(stays)), stop_at_first=True)
        best = searched(task, first, case.seed, ledger, ledger.running.left / (len(asked) - place))
        planned = [Planned(stay.id, "beat_visit", "", stay.atom) for stay in stays]
        ledger.settle(best.cost(task))
        atoms = case.people.station.area.atom_ids
        made.append(Made(tours_of(task, best, outings, planned, atoms, case.month), best.cost(task), bound_s(task, best)))
        if best.left_out:
            short[officer] = len(best.left_out) * case.aims.beat_visit.minutes / 60.0
    notes = tuple(_short_of_visits(short, sum(asked.values()), case.aims.beat_visit.hours_per_week is not None))
    every = tuple(tour for one in made for tour in one.tours)
    return Made(every, sum(one.cost_s for one in made), sum(one.bound_s for one in made), notes=notes)


def _short_of_visits(short: Mapping[str, float], asked: float, least: bool) -> Iterator[Finding]:
    """Yield a note about hours of beat visits that found no room."""
    if short:
        message = N_("{hours} of {asked} hours of beat visits found no room: {officers}.")
        remedy = N_("Ask for fewer hours, or let more of the free time be planned.")
        officers = ", ".join(f"{officer} {hours:g} h" for officer, hours in sorted(short.items(), key=lambda one: -one[1]))
        values = {"hours": f"{sum(short.values()):.0f}", "asked": f"{asked:.0f}", "officers": officers}
        yield Finding("beat-visits-left-out", "warning" if least else "note", message, remedy, values=values)
