"""Closing: what would close the gap between officers needed and officers there, each way with its price."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from qinwu.language import N_
from qinwu.plan.staffing import Staffing
from qinwu.queueing.supply import FEWEST_GROUPS, LONGEST_WEEK_H, DeskPosts, LongDuty, Merge, Supply
from qinwu.report.words import Speaker, number

WEEKS_PER_YEAR = 52


@dataclass(frozen=True, slots=True)
class Change:
    """One way to close the gap, in words.

    Parameters
    ----------
    name, what, price, verdict
        What it is called, what is done, what it costs, and whether it is enough by itself.
    closes
        Officer-hours a week that it closes, at most the gap.
    enough
        Whether that is all of it.
    how
        How its figures are computed.
    """

    name: str
    what: str
    price: str
    verdict: str
    closes: float
    enough: bool
    how: str


@dataclass(frozen=True, slots=True)
class Closing:
    """Tells the ways to close the gap of one answer in one language."""

    answer: Staffing
    speaker: Speaker

    @property
    def supply(self) -> Supply:
        """What the officers can give."""
        return self.answer.supply

    def say(self, text: str, **values: object) -> str:
        """Return a catalogue entry, filled."""
        return self.speaker.say(text, **values)

    def text(self, change: Change) -> str:
        """Return a change in a line."""
        price = self.say(N_("Price: {price}"), price=change.price) if change.price else ""
        what = self.speaker.sentences([change.what, price, change.verdict if change.price and not change.enough else ""])
        return self.say(N_("{name}: {what}"), name=change.name, what=what)

    def changes(self) -> tuple[Change, ...]:
        """Return all ways, none where there is no gap."""
        return tuple(self._changes())

    def _changes(self) -> Iterator[Change]:
        answer = self.answer
        if answer.long_duty is not None:
            yield self.longer(answer.long_duty)
        if answer.desk_posts is not None:
            yield self.posts(answer.desk_posts)
        if not answer.feasible:
            yield self.merged(answer.merge) if answer.merge is not None else self.not_merged()

    def longer(self, long: LongDuty) -> Change:
        """Tell longer hours."""
        name = N_("24-hour duty in {groups} groups") if long.groups >= FEWEST_GROUPS else N_("Longer duty")
        what, price = self.long_words(long)
        within = max(LONGEST_WEEK_H - self.supply.hours, 0.0)
        values = {
            "hours": number(long.hours, 1),
            "extra": number(long.extra, 1),
            "with_leave": number(long.with_leave, 1),
            "year": number((long.extra if long.enough else within) * WEEKS_PER_YEAR, 0),
            "now": number(self.supply.hours, 0),
            "most": number(LONGEST_WEEK_H, 0),
        }
        how = N_(
            "Hours needed over the officers of the front line; with leave covered, over those of them who are there. Enough"
            " where at least three groups take turns and nobody has more than {most} hours a week."
        )
        closes = self.answer.gap if long.enough else min(self.supply.front * within, self.answer.gap)
        said = (self.say(name, groups=long.groups), self.say(what, **values), self.say(price, **values), self.verdict(long.enough))
        return Change(*said, closes, long.enough, self.say(how, **values))

    def long_words(self, long: LongDuty) -> tuple[str, str]:
        """Return the catalogue entries for what longer hours are, and for their price."""
        if not long.enough:
            what = N_("{hours} hours a week of each officer would be needed; known practice is {most} at most, in three groups.")
            return what, N_("at {most} hours, {year} hours of time off in lieu a year are owed to each, leave not counted.")
        if long.extra <= 0.0:
            what = N_("{with_leave} hours a week for each officer who is there while others are away.")
            return what, N_("hours beyond {now} a week are owed back as time off in lieu.")
        what = N_("{hours} hours a week for each officer, {extra} more than now; {with_leave} where those on leave are covered.")
        return what, N_("{year} hours of time off in lieu a year are owed to each, leave not counted.")

    def posts(self, desk: DeskPosts) -> Change:
        """Tell desk posts that go on patrol; where not even those in command would do, the price is that of the desk posts."""
        hours = desk.desk_hours
        if desk.posts <= desk.office:
            what = N_("{posts} of {office} desk posts go on patrol.")
        elif desk.posts <= desk.office + self.supply.command:
            what = N_("{posts} posts are needed: all {office} at desks, and {more} of {command} in command.")
        else:
            what = N_("{posts} posts are needed; only {office} at desks and {command} in command are there.")
            hours = desk.office * self.supply.each
        values = {
            "posts": desk.posts,
            "office": desk.office,
            "more": desk.posts - desk.office,
            "command": self.supply.command,
            "hours": number(hours, 0),
        }
        price = N_("{hours} desk hours a week undone or given to others.")
        how = N_(
            "The gap over the {each} hours a week that one officer is there, rounded up. Enough where so many posts are at desks."
        )
        closes = min(desk.office * self.supply.each, self.answer.gap)
        name = self.say(N_("Desk posts to the street"))
        said = (name, self.say(what, **values), self.say(price, **values), self.verdict(desk.enough))
        return Change(*said, closes, desk.enough, self.say(how, each=number(self.supply.each, 1)))

    def merged(self, merge: Merge) -> Change:
        """Tell stations that become one."""
        what = N_("{needed} officer-hours a week are needed together, {net} are there.")
        if merge.arrival_after_s > merge.arrival_s:
            price = N_("{after} min on average until somebody is there instead of {before}, call-taking not counted.")
        else:
            price = N_(
                "people have farther to go to their station; somebody is there no later, {after} min on average instead of"
                " {before}, call-taking not counted."
            )
        values = {
            "needed": number(merge.needed, 0),
            "net": number(merge.net, 0),
            "before": number(merge.arrival_s / 60.0, 1),
            "after": number(merge.arrival_after_s / 60.0, 1),
        }
        name = self.say(N_("Merging {stations} stations like this"), stations=merge.stations)
        said = (name, self.say(what, **values), self.say(price, **values), self.verdict(merge.enough))
        return Change(*said, self.answer.gap, merge.enough, self.how_merged())

    def not_merged(self) -> Change:
        """Tell that no number of stations closes the gap."""
        what = self.say(N_("up to six stations like this would not have enough hours together."))
        return Change(self.say(N_("Merging stations")), what, "", self.verdict(enough=False), 0.0, False, self.how_merged())

    def how_merged(self) -> str:
        """Return how merging is computed."""
        return self.say(
            N_(
                "The same closed form once more, with the calls of all stations, ways longer by the square root of their number"
                " (Kolesar & Blum 1973), and officers on duty once for all instead of at each."
            )
        )

    def verdict(self, enough: bool) -> str:
        """Return whether a change is enough by itself."""
        return self.say(N_("Enough by itself.")) if enough else self.say(N_("Not enough by itself."))
