"""Asking: from a station, its duty system, a rule pack and the month's sheets to the question that a roster answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from qinwu.duty.roster_rules.rules import Pack
from qinwu.duty.roster_rules.watches import around_the_clock, end_of
from qinwu.duty.staffing import staff
from qinwu.duty.system import DutySystem, Watch
from qinwu.findings import Finding, Place, QinwuError, did_you_mean
from qinwu.language import N_
from qinwu.plan.roster.adapt import DUTY24, LEAD_WATCH, with_lawful_watches, with_leader
from qinwu.plan.roster.last_month import LastMonth, mid_duty, read_last
from qinwu.plan.roster.months import Absences, read_absences, read_wishes
from qinwu.plan.roster.needs import LEAD, Needs, at_least, with_watches
from qinwu.plan.roster.patterns import Pattern
from qinwu.plan.roster.people import Wish, people_of
from qinwu.plan.roster.question import Question
from qinwu.plan.roster.roster import Roster, roster_of
from qinwu.plan.roster.sources import needs_of_system
from qinwu.station.station import Station

NO_ABSENCES = Absences((), (), {}, ())
NOTHING_BEFORE = LastMonth((), {}, None, ())


@dataclass(frozen=True)
class Asked:
    """What a station's roster is to be.

    Parameters
    ----------
    station, system, pack
        What there is, its duty system, the rules.
    first, days
        The span.
    needs
        Posts and watches to fill; None for what the duty system provides.
    pattern
        A pattern whose watches posts around the clock are served in.
    least
        Officers on duty at any time, leaders not counted; 0 for what the needs say.
    leave, wishes, last
        Sheets of absences, wishes and last month's roster.
    """

    station: Station
    system: DutySystem
    pack: Pack
    first: date
    days: int
    needs: Needs | None = None
    pattern: Pattern | None = None
    least: int = 0
    leave: Path | None = None
    wishes: Path | None = None
    last: Path | None = None

    def question(self) -> tuple[Question, tuple[Finding, ...]]:
        """Return the question, and what is worth knowing about the sheets.

        Raises
        ------
        QinwuError
            With everything that is wrong with the sheets, or between them.
        """
        findings: list[Finding] = []
        absences = read_absences(self.leave, self.station.force) if self.leave else NO_ABSENCES
        needs, told = self.adapted(absences)
        watches = self.known_watches(needs)
        wishes: tuple[Wish, ...] = ()
        if self.wishes:
            wishes, wrong = read_wishes(self.wishes, self.station.force, {watch.id: _names(watch) for watch in watches})
            findings += wrong
        names = [officer.id for officer in (*self.station.force, *absences.guests)]
        before = read_last(self.last, needs, watches, self.first, names) if self.last else NOTHING_BEFORE
        longest = max((end_of(need.watch) - 24.0 for need in needs.needs), default=0.0)
        findings += [*absences.findings, *told, *before.findings, *mid_duty(before.duties, self.first, before.last, longest)]
        if any(one.severity == "error" for one in findings):
            raise QinwuError(findings)
        people = people_of(self.station.force, absences.absences, wishes, before.duties, absences.guests, before.carried)
        partners = tuple(partners_of(self.station, self.system, self.first))
        question = Question(self.pack, needs, people, self.first, self.days, self.system, partners)
        return question, tuple(findings)

    def adapted(self, absences: Absences = NO_ABSENCES) -> tuple[Needs, tuple[Finding, ...]]:
        """Return the needs with leader, guests and lawful watches, and what was changed."""
        needs = self.needs or needs_of_system(self.station, self.system, self.first)
        needs, told = with_leader(needs, self.station.force, self.pack)
        needs = at_least(needs, self.least)
        if self.pattern is not None:
            needs = served_in(needs, self.pattern)
        needs, replaced = with_lawful_watches(needs, self.pack)
        needs, wrong = _with_guests(needs, absences)
        return needs, (*told, *replaced, *wrong)

    def known_watches(self, needs: Needs) -> tuple[Watch, ...]:
        """Return every watch that a sheet may name: those of the needs first, then of the system and the pack."""
        given = [*(need.watch for need in needs.needs), *self.system.watch, *self.pack.watch, DUTY24, LEAD_WATCH]
        return tuple({watch.id: watch for watch in reversed(given)}.values())[::-1]

    def read_roster(self, path: Path, question: Question) -> tuple[Roster, tuple[Finding, ...]]:
        """Return a roster of the same span from a sheet, to be audited or repaired.

        Raises
        ------
        QinwuError
            With everything that is wrong with the sheet.
        """
        names = [officer.id for officer in question.people.officers]
        after = question.last + timedelta(days=1)
        read = read_last(path, question.needs, self.known_watches(question.needs), after, names)
        if any(one.severity == "error" for one in read.findings):
            raise QinwuError(read.findings)
        if not read.duties:
            message, remedy = N_("There is no duty in this roster."), N_("Its cells must name watches.")
            raise QinwuError([Finding("empty-roster", "error", message, remedy, Place(path.name))])
        officers = [one.id for one in question.officers]
        others = [name for name in dict.fromkeys(duty.officer for duty in read.duties) if name not in officers]
        return roster_of(question.first, question.days, [*officers, *others], read.duties), read.findings


def served_in(needs: Needs, pattern: Pattern) -> Needs:
    """Return needs whose posts around the clock are served in the watches of a pattern.

    Raises
    ------
    QinwuError
        The pattern is a bare rhythm without watches by day.
    """
    if not pattern.watches:
        message = N_("{pattern} does not begin at the same hours every day, so no wall sheet can be made of it.")
        remedy = N_("Use a pattern of whole days, such as 24/48 or 两白一夜.")
        raise QinwuError([Finding("bare-rhythm", "error", message, remedy, Place(key="--pattern"), {"pattern": str(pattern.name)})])
    for post in needs.posts:
        if post.id != LEAD and around_the_clock([need.watch for need in needs.of(post.id)]):
            needs = with_watches(needs, post.id, pattern.watches)
            needs = replace(needs, posts=tuple(replace(one, usual_h=0.0) if one.id == post.id else one for one in needs.posts))
    return needs


def partners_of(station: Station, system: DutySystem, on: date) -> Iterator[tuple[str, str]]:
    """Yield the officers of paired beats, where the system puts partners on duty together."""
    if not any(rule.together == "pair" for rule in system.crews):
        return
    accountable = staff(station.force, system, on).accountable
    for pair in system.pair:
        officers = [accountable[beat].id for beat in pair.beats if beat in accountable]
        if len(officers) == 2 and officers[0] != officers[1]:
            yield officers[0], officers[1]


def _with_guests(needs: Needs, absences: Absences) -> tuple[Needs, list[Finding]]:
    """Put officers lent to the station on the post that the sheet names, else on the one with most members."""
    wrong: list[Finding] = []
    front = [post for post in needs.posts if post.id != LEAD and needs.of(post.id)]
    names: Mapping[str, str] = {word: post.id for post in front for word in (post.id, str(post.name), post.name.en) if word}
    for guest in absences.guests:
        named = absences.guest_posts.get(guest.id, "")
        if named and named not in names:
            wrong.append(_unknown_post(guest.id, named, list(names)))
            continue
        chosen = names.get(named) or max(front, key=lambda post: len(post.members)).id
        posts = tuple(replace(one, members=(*one.members, guest.id)) if one.id == chosen else one for one in needs.posts)
        needs = replace(needs, posts=posts)
    return needs, wrong


def _unknown_post(guest: str, named: str, known: Sequence[str]) -> Finding:
    guess = did_you_mean(named, known)
    remedy = N_("Did you mean {guess}?") if guess else N_("Known here: {known}.")
    values = {"officer": guest, "value": named, "guess": guess, "known": ", ".join(known)}
    message = N_("{officer} is lent for post {value}, which is not there.")
    return Finding("unknown-post", "error", message, remedy, Place(key="--leave"), values)


def _names(watch: Watch) -> tuple[str, ...]:
    return (str(watch.name), watch.name.en) if watch.name else ()
