"""Rounds told: what is inspected when and by whom, what comes late, what it asks of officers, why patrols cannot be foreseen."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from qinwu.language import N_, Language
from qinwu.plan.rounds.answer import Rounds
from qinwu.report.answer_page import KeyFigure
from qinwu.report.plans.plan_report import PlanReport
from qinwu.report.plans.rounds_drawings import RoundsDrawings
from qinwu.report.plans.rounds_tables import RoundsTables
from qinwu.report.words import Speaking, number
from qinwu.station.station import Station

HOT = N_("Hot places are those residents call from most; what officers found themselves does not count. No person is looked at.")
WHY = {
    "month": N_("Officer-hours on tours of each day, the way included; the number is inspections, below it beat visits."),
    "route": N_("Lines are straight between places; travel times are those of the roads, by hour of the day."),
    "late": N_("Days after the day on which the interval of its grade ends; what was overdue before counts from its own day."),
    "load": N_(
        "Free hours are duty hours less set work, less what the closed form expects calls to take, less the work calls leave "
        "behind. At most the stated share of each day is planned."
    ),
    "contact": N_("Officer-hours at venues and with residents in the beat; the way is left out."),
    "abroad": N_("Hours at venues outside the officer's own beat; and those of the own beat, whoever inspects them."),
    "stops": N_(
        "Each place gets a stop at least every so often while a crew that reaches it is on patrol; the next place is drawn, the "
        "longer without a stop the likelier."
    ),
    "variation": N_("Standard deviation of the times between stops of one place over their mean: 0 is clockwork, 1 pure chance."),
    "surprise": N_("Entropy of which place a crew takes next, over its most: 0 always the same order, 1 any other place alike."),
    "seen": N_("Chance that somebody who comes at any time of a patrol round, and stays as station.toml says, sees a stop there."),
    "draw": N_("Every lot comes from the seed and the name of venue, officer and day, so that anybody can draw it again."),
    "revisit": N_("Days between inspections of one venue, those recorded before included."),
}


def rounds_report(station: Station, rounds: Rounds, language: Language, made: datetime | None = None) -> PlanReport:
    """Return a month's rounds as a report.

    Parameters
    ----------
    station, rounds
        Whose rounds, and the answer of the planner.
    language
        In which it is told.
    made
        When; None leaves it out.
    """
    told = _Telling(station, rounds, language)
    drawings, tables = RoundsDrawings(station, rounds, language), RoundsTables(station, rounds, language)
    return PlanReport(
        kind="rounds",
        station=station,
        language=language,
        claim=told.claim(),
        deck=tuple(told.deck()),
        keys=tuple(told.keys()),
        drawings=tuple(drawings.all()),
        tables=tuple(tables.all()),
        proof=rounds.proof,
        why={key: told.say(text) for key, text in WHY.items()},
        notes=tuple(told.notes()),
        data=tables.data(),
        made=made,
    )


@dataclass(frozen=True)
class _Telling(Speaking):
    """Tells one month in one language."""

    station: Station
    rounds: Rounds
    language: Language

    @property
    def late(self) -> int:
        return sum(visit.late_days > 0 for visit in self.rounds.inspections)

    def claim(self) -> str:
        """Return the answer in one sentence."""
        rounds = self.rounds
        month = rounds.month.first.strftime("%Y-%m")
        count, visits = len(rounds.inspections), len(rounds.beat_visits)
        if rounds.left_out:
            text = N_("{month}: {count} inspections and {visits} beat visits; {left} due inspections find no time.")
            return self.say(text, month=month, count=count, visits=visits, left=len(rounds.left_out))
        if self.late:
            text = N_("{month}: {count} inspections and {visits} beat visits; {late} inspections come after their day.")
            return self.say(text, month=month, count=count, visits=visits, late=self.late)
        text = N_("{month}: {count} inspections, each in time, and {visits} beat visits.")
        return self.say(text, month=month, count=count, visits=visits)

    def deck(self) -> Iterator[str]:
        """Yield the price, who pays it, what remains to decide."""
        rounds = self.rounds
        hours = {kind: sum(getattr(load, f"{kind}_h") for load in rounds.loads) for kind in ("inspection", "beat_visit")}
        yield self.say(
            N_("They take {inspection} officer-hours at venues and {visits} with residents, the way included."),
            inspection=f"{hours['inspection']:.0f}",
            visits=f"{hours['beat_visit']:.0f}",
        )
        specialists = [load for load in rounds.loads if load.role == "specialist"]
        if specialists:
            beat_h = sum(load.inspection_h for load in rounds.loads if load.role == "beat")
            yield self.say(
                N_(
                    "Specialists give {special} of the hours at venues, beat officers {beats}; with {officers} of their own at "
                    "each venue it would be {own}."
                ),
                special=f"{sum(load.inspection_h for load in specialists):.0f}",
                beats=f"{beat_h:.0f}",
                officers=rounds.aims.inspection.officers,
                own=f"{rounds.aims.inspection.officers * sum(load.own_h for load in rounds.loads):.0f}",
            )
        abroad = sum(load.abroad_h for load in rounds.loads if load.role == "beat")
        if abroad > 0.0:
            yield self.say(N_("Beat officers spend {hours} hours at venues of other beats."), hours=f"{abroad:.0f}")
        if math.isfinite(rounds.draw.free_s) and rounds.proof.binding:
            yield rounds.proof.binding[0].text(self.language)
        for finding in rounds.findings:
            if finding.code == "beat-visits-left-out":
                text = N_("{hours} of {asked} hours of beat visits that the duty system asks for find no room.")
                yield self.say(text, hours=finding.values["hours"], asked=finding.values["asked"])
            else:
                yield finding.text(self.language)

    def keys(self) -> Iterator[KeyFigure]:
        """Yield the numbers at the top."""
        rounds = self.rounds
        late = max((visit.late_days for visit in rounds.inspections), default=0)
        remark = self.say(N_("{days} days at most"), days=late) if late else self.say(N_("all in time"))
        yield KeyFigure(self.say(N_("inspections after their day")), str(self.late), remark, "late")
        most = max((one.days for one in rounds.overdue), default=0)
        remark = self.say(N_("{days} days at most"), days=most) if most else ""
        yield KeyFigure(self.say(N_("overdue when the month began")), str(len(rounds.overdue)), remark, "late")
        residents = sum(one.residents for one in rounds.contacts)
        contact = sum(one.inspection_h + one.beat_visit_h for one in rounds.contacts)
        if residents > 0.0:
            yield KeyFigure(
                self.say(N_("contact hours per 1,000 residents")), number(1000.0 * contact / residents, 2), "", "contact"
            )
        free, planned = (sum(getattr(load, name) for load in rounds.loads) for name in ("free_h", "planned_h"))
        if free > 0.0:
            yield KeyFigure(self.say(N_("of the free hours planned")), f"{planned / free:.0%}", "", "load")
        if rounds.regularity is not None and math.isfinite(rounds.regularity.kept):
            varies = self.say(N_("variation {value}"), value=number(rounds.regularity.variation, 2))
            yield KeyFigure(self.say(N_("patrol stops in time")), f"{rounds.regularity.kept:.1%}", varies, "stops")

    def notes(self) -> Iterator[str]:
        """Yield what the figures rest on."""
        rounds = self.rounds
        if rounds.aims.sample:
            yield self.say(
                N_("Intervals, opening hours and limits are the shipped sample, not local rules: no national frequency exists.")
            )
        for one in rounds.aims.assumption:
            yield f"{one.key}: {one.why.in_language(self.language)} ({one.source})"
        modes = {
            "double": N_("Double draw: teams and the venues of each team are drawn by lot, seed {seed}; {teams} teams."),
            "officers": N_("Teams are drawn by lot, seed {seed}, routes decide the rest; {teams} teams."),
            "none": N_("Nothing is drawn but when venues without a record are due, seed {seed}; {teams} teams."),
        }
        yield self.say(modes[rounds.draw.mode], seed=rounds.draw.seed, teams=rounds.draw.teams)
        if rounds.draw.venues:
            yield self.say(N_("Only the lot chose: {venues}."), venues=self.speaker.listed(list(rounds.draw.venues)))
        if rounds.hot is not None:
            yield self.say(HOT)
