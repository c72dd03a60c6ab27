"""Starting: the rotation that the duty system in force has, as the roster from which the search begins."""

from __future__ import annotations

from collections.abc import Iterator

from qinwu.duty.crews import form_crews
from qinwu.duty.staffing import staff
from qinwu.plan.roster.needs import LEAD
from qinwu.plan.roster.question import Question
from qinwu.plan.roster.roster import Duty, Roster, roster_of
from qinwu.station.force import Force


def rotation(question: Question) -> Roster:
    """Return the roster of a question's days as patterns in force would have it, leaders taking days in turn.

    It knows nothing of leave, wishes or rules; duties in watches that the question no longer has are left out.
    """
    names = [one.id for one in question.officers]
    return roster_of(question.first, question.days, names, [*_by_pattern(question), *_leaders(question)])


def _by_pattern(question: Question) -> Iterator[Duty]:
    system = question.system
    if system is None:
        return
    patterns = {pattern.id: pattern for pattern in system.pattern}
    watches = {(need.post, need.watch.id): need.watch for need in question.needs.needs}
    crews, _ = form_crews(system, staff(Force(question.people.officers), system, question.first), ())
    for crew in crews:
        pattern = patterns.get(crew.pattern)
        for number in range(question.days if pattern else 0):
            day = question.day(number)
            # Patterns count from a Monday, and day 1 of the calendar was one.
            name = pattern.days[(day.toordinal() - 1 + crew.group * pattern.step) % len(pattern.days)] if pattern else ""
            watch = watches.get((crew.rule, name))
            if watch is not None:
                yield from (Duty(day, officer.id, watch, crew.rule) for officer in crew.officers)


def _leaders(question: Question) -> Iterator[Duty]:
    """Yield a leader a day, each of those who are there in turn."""
    needs = question.needs.of(LEAD)
    if len(needs) != 1:
        return
    leaders, turn = question.needs.post(LEAD).members, 0
    for number in range(question.days):
        day = question.day(number)
        there = [name for name in leaders if question.people.away(name, day) is None]
        if there:
            yield Duty(day, there[turn % len(there)], needs[0].watch, LEAD)
            turn += 1
