"""A roster told: is it lawful, what does it ask of whom, what was given up; the wall sheet, cover by hour, fair shares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np

from qinwu.duty.gaps import Gap, minutes_per_week
from qinwu.duty.roster_rules.rules import CompTime
from qinwu.findings import Finding
from qinwu.language import N_, Language
from qinwu.plan.roster.audit import granted
from qinwu.plan.roster.fairness import Share
from qinwu.plan.roster.gaps import roster_gaps
from qinwu.plan.roster.needs import LEAD
from qinwu.plan.roster.people import hours_lost
from qinwu.plan.roster.planning import RosterPlan
from qinwu.plan.roster.repair import Change
from qinwu.plan.roster.roster import Roster
from qinwu.report.answer_page import KeyFigure
from qinwu.report.plans.plan_report import PlanReport, Shown
from qinwu.report.plans.roster_drawings import RosterDrawings
from qinwu.report.plans.roster_tables import RosterTables
from qinwu.report.words import Speaker, number
from qinwu.station.station import Station

MOST_SECONDED = 0.1
"""Beyond this share of duty hours secondments and ad-hoc tasks are called too many (M50): an assumption."""
WHY: dict[str, str] = {
    "wall": N_("Each square is one officer on one day, coloured by watch; hatched is away; the end of the row is hours a week."),
    "cover": N_("Officers on duty in each hour, mean over all days; wanted is what the system in force has, a file or targets."),
    "hours": N_("Hours on duty in an average week of those on which the officer is there; a leader on call counts in part."),
    "nights": N_("A night is a duty with at least three hours between midnight and six."),
    "owed": N_(
        "Hours beyond the weekly limit of the rule of time off, with what earlier months left, are owed as time off in lieu."
    ),
    "gaps": N_(
        "Minutes in an average week with fewer officers on a post than it must have; each gap costs officer-hours to close."
    ),
    "carried": N_("What an officer had more (or fewer) than the mean of the same post and kind; it counts in the next roster."),
    "rule": N_("The rule pack's own words; times broken are counted by an auditor that does not share code with the planner."),
    "away": N_("Duty hours lost are days away times the post's hours a week."),
    "crew": N_("Each crew has a sworn officer first; auxiliaries ride along."),
}


@dataclass(frozen=True)
class Told:
    """A roster plan and what it is told about.

    Parameters
    ----------
    station, plan
        Whose roster, and the roster.
    language
        In which it is told.
    notes
        What the sheets and the rules said on the way.
    changes
        Of a repair; None for a new roster.
    """

    station: Station
    plan: RosterPlan
    language: Language
    notes: tuple[Finding, ...] = ()
    changes: tuple[Change, ...] | None = None

    @cached_property
    def speaker(self) -> Speaker:
        """Says things in the language."""
        return Speaker(self.language)

    @property
    def roster(self) -> Roster:
        """Who works when."""
        return self.plan.roster

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """Minutes with too few on duty."""
        return tuple(roster_gaps(self.plan.asked.needs, self.roster, self.plan.asked.people.before))

    @property
    def front(self) -> tuple[Share, ...]:
        """Shares of all but leaders."""
        return tuple(share for share in self.plan.shares if share.posts != (LEAD,))

    def claim(self) -> str:
        """Return the answer in one sentence."""
        say, hard = self.speaker.say, sum(one.hard for one in self.plan.broken)
        values = {"days": self.roster.days, "officers": len(self.roster.officers), "first": self.roster.first.isoformat()}
        if self.changes is not None:
            return say(N_("{count} officer-days change; no hard rule is broken."), count=len(self.changes))
        if hard:
            return say(N_("The roster of {days} days from {first} breaks hard rules {times} times."), times=hard, **values)
        return say(N_("{officers} officers, {days} days from {first}: every post filled, no hard rule broken."), **values)

    def deck(self) -> Iterator[str]:
        """Yield what it costs, who carries it, what remains."""
        say, hours = self.speaker.say, [share.week_h for share in self.front if share.present_days]
        if hours:
            text = N_("Everybody on the posts is on duty {low} to {high} hours a week.")
            yield say(text, low=number(min(hours), 1), high=number(max(hours), 1))
        owed, rule = sum(share.owed_h for share in self.plan.shares), next(iter(self.plan.asked.pack.of(CompTime)), None)
        if owed and rule:
            text = N_("{owed} hours beyond {limit} a week are owed as time off.")
            yield say(text, owed=number(owed, 0), limit=f"{rule.beyond:g}")
        lost = sum(self.lost().values())
        if lost:
            share = lost / max(sum(share.actual_h for share in self.plan.shares) + lost, 1.0)
            text = N_("Secondments cost {hours} duty hours, {share} of all.")
            if share > MOST_SECONDED:
                text = N_("Secondments cost {hours} duty hours, {share} of all: more than a tenth.")
            yield say(text, hours=number(lost, 0), share=f"{share:.1%}")
        if self.plan.dropped:
            names = "、" if self.language == "zh" else "; "
            listed = names.join(rule.name.in_language(self.language) for rule in self.plan.dropped)
            yield say(N_("Soft rules that not all could keep: {rules}."), rules=listed)

    def keys(self) -> Iterator[KeyFigure]:
        """Yield the numbers at the top."""
        say, plan = self.speaker.say, self.plan
        hours = [share.week_h for share in self.front if share.present_days] or [0.0]
        unit = say(N_("h a week"))
        span = say(N_("{low} to {high}"), low=number(min(hours), 1), high=number(max(hours), 1))
        yield KeyFigure(say(N_("hours on duty")), f"{number(float(np.mean(hours)), 1)} {unit}", span, "hours")
        minutes = minutes_per_week(self.gaps, self.roster.days * 1440)
        yield KeyFigure(say(N_("below the minimum")), f"{number(minutes, 0)} {say(N_('min a week'))}", say(N_("M56")), "gaps")
        spread = max((_spread(self.front, post) for post in {share.posts for share in self.front}), default=0)
        yield KeyFigure(say(N_("nights, most less least")), str(spread), say(N_("within one post")), "nights")
        wishes, missed = len(plan.asked.people.wishes), sum(one.kind == "wishes" for one in plan.broken)
        if wishes:
            yield KeyFigure(say(N_("wishes granted")), f"{wishes - missed}", say(N_("of {count}"), count=wishes), "rule")
        owed = sum(share.owed_h for share in plan.shares)
        yield KeyFigure(say(N_("time off owed")), f"{number(owed, 0)} {say(N_('h'))}", say(N_("all officers together")), "owed")

    def lost(self) -> dict[str, float]:
        """Return the duty hours that secondments cost, by officer (M49)."""
        posts = self.plan.asked.needs.posts
        usual = max((post.usual_h for post in posts), default=0.0) or 40.0
        return hours_lost(self.plan.asked.people.absences, self.roster.first, self.roster.last, usual)


def _spread(shares: tuple[Share, ...], posts: tuple[str, ...]) -> int:
    """Return the most less the least nights within one post, among those who are there all the time, sworn and not apart."""
    found = 0
    for kind in ("sworn", "auxiliary"):
        nights = [one.nights for one in shares if one.posts == posts and one.kind == kind]
        there = [one.present_days for one in shares if one.posts == posts and one.kind == kind]
        full = [count for count, days in zip(nights, there, strict=True) if days == max(there)]
        found = max(found, max(full, default=0) - min(full, default=0))
    return found


def roster_report(told: Told, made: datetime | None = None) -> PlanReport:
    """Return a roster as a page, a workbook and data."""
    say = told.speaker.say
    drawings, tables = RosterDrawings(told), RosterTables(told)
    changed = [Shown(tables.changes(), ("", "", "", "", ""))] if told.changes else []
    return PlanReport(
        "roster",
        told.station,
        told.language,
        told.claim(),
        tuple(told.deck()),
        tuple(told.keys()),
        (drawings.wall(), drawings.cover(), drawings.shares()),
        (*changed, *tables.shown()),
        told.plan.proof,
        {key: say(text) for key, text in WHY.items()},
        tuple(_notes(told)),
        _data(told),
        made,
    )


def _notes(told: Told) -> Iterator[str]:
    plan, say, language = told.plan, told.speaker.say, told.language
    yield say(N_("Needs: {why}."), why=say(plan.asked.needs.why))
    pack = plan.asked.pack
    yield f"{pack.name.in_language(language)}: {pack.about.in_language(language)}"
    yield from (finding.text(language) for finding in told.notes)
    yield say(N_("The duty file begins its pattern anew after the last day; leaders on duty are in no crew of it."))


def _wishes(told: Told) -> Iterator[dict[str, Any]]:
    """Yield every wish for a day of the roster, and whether it is granted."""
    on = {(duty.officer, duty.day): duty.watch.id for duty in told.roster.duties()}
    for wish in told.plan.asked.people.wishes:
        if told.roster.first <= wish.day <= told.roster.last:
            what = wish.what if wish.wanted else f"-{wish.what}"
            given = granted(wish, on.get((wish.officer, wish.day)))
            yield {"officer": wish.officer, "date": wish.day.isoformat(), "what": what, "granted": given}


def _data(told: Told) -> dict[str, Any]:
    roster = told.roster
    return {
        "first": roster.first.isoformat(),
        "days": roster.days,
        "pack": told.plan.asked.pack.id,
        "duties": [
            {
                "date": duty.day.isoformat(),
                "officer": duty.officer,
                "watch": duty.watch.id,
                "post": duty.post,
                "counts": told.plan.asked.counts(duty.post),
            }
            for duty in roster.duties()
        ],
        "watches": [
            {"id": watch.id, "start": watch.start, "hours": watch.hours}
            for watch in {shift.watch.id: shift.watch for shift in roster.shifts}.values()
        ],
        "wishes": list(_wishes(told)),
        "shares": [
            {
                "officer": share.officer,
                "duties": share.duties,
                "nights": share.nights,
                "weekends": share.weekends,
                "hours": share.hours,
                "owed_h": share.owed_h,
            }
            for share in told.plan.shares
        ],
        "broken": [{"rule": one.rule_id, "hard": one.hard, "text": one.finding().text("en")} for one in told.plan.broken],
        "gap_minutes_per_week": minutes_per_week(told.gaps, roster.days * 1440),
    }
