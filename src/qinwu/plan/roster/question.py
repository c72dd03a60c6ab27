"""Question: what a roster is asked to do, before it becomes arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from qinwu.duty.roster_rules.rules import Leader, Pack
from qinwu.duty.roster_rules.watches import is_long, start_of
from qinwu.duty.system import DutySystem, Watch
from qinwu.plan.roster.needs import LEAD, Needs
from qinwu.plan.roster.people import Absence, People
from qinwu.plan.roster.roster import Shift
from qinwu.station.force import Officer


@dataclass(frozen=True)
class Question:
    """What a roster is asked to do.

    Parameters
    ----------
    pack, needs, people
        The rules, the posts and watches to fill, everybody who may.
    first, days
        The span, 1 to 366 days.
    system
        The duty system in force, where there is one.
    partners
        Pairs of officers who belong together.
    usual
        Whether nobody is asked for more hours than in the system in force, except for what must be there.
    """

    pack: Pack
    needs: Needs
    people: People
    first: date
    days: int
    system: DutySystem | None = None
    partners: tuple[tuple[str, str], ...] = ()
    usual: bool = True

    @cached_property
    def officers(self) -> tuple[Officer, ...]:
        """Everybody who is a member of a post that needs somebody, in the order of the force."""
        members = {name for post in self.needs.posts if self.needs.of(post.id) for name in post.members}
        return tuple(one for one in self.people.officers if one.id in members)

    @cached_property
    def shifts(self) -> tuple[Shift, ...]:
        """What may be given on a day: every watch of every post, and last the watches of last month that are no longer used."""
        now = [Shift(need.watch, need.post, self.counts(need.post)) for need in self.needs.needs]
        known = {(shift.post, shift.watch.id) for shift in now}
        past = {(duty.post, duty.watch.id): Shift(duty.watch, duty.post, self.counts(duty.post)) for duty in self.people.before}
        return (*now, *(shift for key, shift in past.items() if key not in known))

    def counts(self, post: str) -> float:
        """Return the share of a post's hours that limits count."""
        return next((rule.counts for rule in self.pack.of(Leader)), 1.0) if post == LEAD else 1.0

    def day(self, number: int) -> date:
        """Return the date of day `number`."""
        return self.first + timedelta(days=number)

    @cached_property
    def last(self) -> date:
        """The last day."""
        return self.day(self.days - 1)

    def of(self, officer: str) -> tuple[Shift, ...]:
        """Return the shifts that an officer may be given."""
        posts = {post.id for post in self.needs.posts if officer in post.members}
        return tuple(shift for shift in self.shifts[: len(self.needs.needs)] if shift.post in posts)

    def only_long(self, officer: str) -> bool:
        """Return whether an officer has no duties but long ones."""
        own = self.of(officer)
        return bool(own) and all(is_long(shift.watch) for shift in own)

    def present_days(self, officer: str) -> int:
        """Return on how many days an officer is there."""
        return sum(self.people.away(officer, self.day(number)) is None for number in range(self.days))

    def only(self, posts: frozenset[str]) -> Question:
        """Return what concerns some posts and their members."""
        needs = replace(
            self.needs,
            posts=tuple(post for post in self.needs.posts if post.id in posts),
            needs=tuple(need for need in self.needs.needs if need.post in posts),
        )
        return replace(self, needs=needs)

    def without(
        self,
        rules: frozenset[str] = frozenset(),
        needs: frozenset[str] = frozenset(),
        absences: frozenset[Absence] = frozenset(),
    ) -> Question:
        """Return it without some rules and needs, by id, and some absences."""
        kept = tuple(need for need in self.needs.needs if need.id not in needs)
        there = tuple(one for one in self.people.absences if one not in absences)
        return replace(
            self,
            pack=self.pack.without(rules),
            needs=replace(self.needs, needs=kept),
            people=replace(self.people, absences=there),
        )


def spills(watch: Watch) -> bool:
    """Return whether a watch runs on past midnight."""
    return start_of(watch) + watch.hours > 24.0
