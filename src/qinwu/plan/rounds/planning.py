"""Planning a month's rounds: what is due, whether it fits, who inspects; then beat visits, then patrols in what is left."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence

from qinwu.duty.calendar import HOUR_S
from qinwu.findings import Finding, QinwuError, raise_on_errors
from qinwu.language import N_
from qinwu.plan.effort import Effort
from qinwu.plan.rounds.aims import check_aims, seconds_of_day
from qinwu.plan.rounds.answer import Rounds
from qinwu.plan.rounds.beat_visits import stay_task, stays_due
from qinwu.plan.rounds.case import Case, Made
from qinwu.plan.rounds.conflict import refusal
from qinwu.plan.rounds.due import DueVisit
from qinwu.plan.rounds.free import without_visits
from qinwu.plan.rounds.inserting import inserted
from qinwu.plan.rounds.inspecting import drawn_again, fixed_to, inspection_task
from qinwu.plan.rounds.outings import alone, teams
from qinwu.plan.rounds.question import Question
from qinwu.plan.rounds.resuming import resumed
from qinwu.plan.rounds.searching import Ledger, bound_s, searched
from qinwu.plan.rounds.visits import Planned, Tour, busy, tours_of

INSPECTION_TIME = 0.5
"""Part of the time that inspections may take; beat visits have what is left."""
FREE_TIME = 0.15
"""Part of the time spent on what routes would cost without the draw."""


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
    started = time.monotonic()
    raise_on_errors(check_aims(question.aims, question.station))
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
    return case.answer(tours, inspections, visits, running, started)


def inspect(case: Case, ledger: Ledger) -> Made:
    """Return the tours of inspections: teams and, where the aims say so, venues dealt out by lot, then the best routes."""
    rules, visits = case.aims.inspection, case.due
    seed = None if rules.draw == "none" else case.seed
    outings = teams(case.spans, case.people, case.month, rules.officers, rules.sworn, case.budget(case.kept), seed)
    if not visits:
        return Made((), 0.0, 0.0)
    task = inspection_task(visits, outings, case.aims, case.people, case.month)
    first = drawn_again(task, visits, outings, seed)
    if first.left_out:
        first = searched(task, first, case.seed, Ledger(ledger.running, math.inf), ledger.running.left / 4.0, others=True)
    first = resumed(task, outings, [visit.id for visit in visits], case.earlier, first, case.month)
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
    budget = case.budget(tours)
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
        first = resumed(task, outings, [stay.id for stay in stays], case.earlier, first, case.month)
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
