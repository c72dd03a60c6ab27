"""Beats told: how near officers come to their calls, who gets another officer, what the other plans would trade."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np

from qinwu.findings import Finding
from qinwu.language import N_, Language
from qinwu.plan.beats.answer import BeatsAnswer
from qinwu.plan.beats.pareto import Choice
from qinwu.plan.beats.workload import INSPECTION_DAYS, INSPECTORS
from qinwu.report.answer_page import KeyFigure
from qinwu.report.plans.beats_drawings import BeatsDrawings
from qinwu.report.plans.beats_tables import BeatsTables
from qinwu.report.plans.plan_report import PlanReport, Shown
from qinwu.report.words import Speaker, number
from qinwu.station.station import Station

WHY: dict[str, str] = {
    "travel": N_("Mean seconds to a call from the atom of its beat from which the beat's calls are nearest on average, free flow."),
    "hours": N_(
        "Officer-hours a week: calls (travel, on scene, writing up, follow-up work), inspections that are due, beat visits."
    ),
    "spread": N_("The largest difference of a beat's hours from the mean of all beats, as a share of that mean."),
    "continuity": N_(
        "Residents whose atom stays with the officer it has today, as a share of all; beats are named so that most do."
    ),
    "compactness": N_(
        "A² / 2πI, with I the polar moment of area: 1 is a circle, 0.95 a square, 0.76 a rectangle twice as long as wide."
    ),
    "cross": N_(
        "Calls whose first crew on the scene is not the beat's own, by closed form, hour by hour, with everything else as today."
    ),
    "response": N_(
        "From the ring of the phone to the first arrival, by closed form, with the rosters and dispatch rules in force."
    ),
    "minimum": N_(
        "Visits, inspections and follow-up work against hours of the beat's crew that calls, meals and training leave free (M12)."
    ),
    "mismatch": N_("Share of officer-hours that are on duty at another hour or in another beat than the calls are (M52), 0 to 1."),
    "choices": N_("No plan of the set is better than another in everything; each is told by what it gains and loses."),
    "specialist": N_(
        "Hours a week of the specialist: inspections by grade and interval, venue calls, against the hours he has (M7)."
    ),
    "sectors": N_("Sectors of neighbouring beats with even hours; the sergeant has one of the beats (M3)."),
}


@dataclass(frozen=True)
class Told:
    """A beat plan and the language it is told in."""

    answer: BeatsAnswer
    language: Language

    @cached_property
    def speaker(self) -> Speaker:
        """Says things in the language."""
        return Speaker(self.language)

    @property
    def station(self) -> Station:
        """Whose beats."""
        return self.answer.station

    def claim(self) -> str:
        """Return the answer in one sentence."""
        now = self.answer.plan.metrics
        values = {"beats": self.answer.plan.problem.beats, "now": number(now.travel_s, 0), "spread": number(now.spread * 100, 0)}
        if self.answer.before is None:
            text = N_(
                "{beats} beats: {now} seconds to a call from the best place in its beat, loads within {spread}% of their mean."
            )
            return self.speaker.say(text, **values)
        then = self.answer.before.plan.metrics
        values |= {"then": number(then.travel_s, 0), "before": number(then.spread * 100, 0)}
        text = N_(
            "{beats} beats: {now} seconds to a call instead of {then}, loads within {spread}% of their mean instead of {before}%."
        )
        return self.speaker.say(text, **values)

    def deck(self) -> Iterator[str]:
        """Yield the price, what the closed forms make of it, and what is left open."""
        say, now = self.speaker.say, self.answer.plan.metrics
        if np.isfinite(now.continuity):
            yield say(N_("{share}% of the residents get another officer."), share=number((1.0 - now.continuity) * 100, 1))
        yield from self._predicted()
        short = [row.beat for row in self.answer.minimum if row.lacking > 0.0]
        if short:
            yield say(N_("Officers of {count} beats lack hours for the least there is to do."), count=len(short))

    def _predicted(self) -> Iterator[str]:
        before, after = self.answer.before, self.answer.choice.prediction
        if before is None or before.prediction is None or after is None:
            return
        then, now = before.prediction.response_s, after.response_s
        if not (np.isfinite(then) and np.isfinite(now)):
            return
        values = {"then": number(then, 0), "now": number(now, 0)}
        if abs(now - then) < 0.01 * then:
            yield self.speaker.say(N_("By closed form help arrives after {now} seconds on average, as today ({then})."), **values)
        else:
            yield self.speaker.say(N_("By closed form help arrives after {now} seconds on average instead of {then}."), **values)

    def keys(self) -> Iterator[KeyFigure]:
        """Yield the numbers at the top."""
        say, now = self.speaker.say, self.answer.plan.metrics
        then = self.answer.before.plan.metrics if self.answer.before is not None else None
        yield KeyFigure(
            say(N_("to a call in its beat")),
            f"{number(now.travel_s, 0)} s",
            self._was(then.travel_s if then else None, " s", 1.0),
            "travel",
        )
        yield KeyFigure(
            say(N_("largest load off the mean")),
            f"{number(now.spread * 100, 0)}%",
            self._was(then.spread if then else None, "%"),
            "spread",
        )
        if np.isfinite(now.continuity):
            yield KeyFigure(
                say(N_("keep their officer")), f"{number(now.continuity * 100, 0)}%", say(N_("of residents")), "continuity"
            )
        mean = float(now.compactness.mean())
        yield KeyFigure(
            say(N_("compactness")),
            number(mean, 2),
            self._was(float(then.compactness.mean()) if then else None, "", 1.0, 2),
            "compactness",
        )
        crossing = self._cross(self.answer.choice)
        if np.isfinite(crossing):
            yield KeyFigure(
                say(N_("calls across beats")),
                f"{number(crossing * 100, 0)}%",
                self._was(self._cross(self.answer.before), "%"),
                "cross",
            )

    def _was(self, value: float | None, unit: str, factor: float = 100.0, digits: int = 0) -> str:
        if value is None or not np.isfinite(value):
            return ""
        return self.speaker.say(N_("today {value}"), value=f"{number(value * factor, digits)}{unit}")

    @staticmethod
    def _cross(choice: Choice | None) -> float:
        return choice.prediction.cross_beat if choice is not None and choice.prediction is not None else float("nan")

    def notes(self) -> Iterator[str]:
        """Yield what the figures rest on."""
        say = self.speaker.say
        days = ", ".join(f"{grade} {number(value, 0)}" for grade, value in INSPECTION_DAYS.items())
        yield say(
            N_("Inspections: {people} officers, every so many days by grade: {days} (assumption)."), people=INSPECTORS, days=days
        )
        yield say(N_("Beat visits are those of the duty system in force, shared out by residents."))
        yield say(N_("The plan is laid over the duty system in force; rosters, squads and dispatch rules stay as they are."))
        mismatch = [self.answer.mismatch(choice) for choice in (self.answer.before, self.answer.choice)]
        then, now = (number(one.by_beat, 3) if one is not None else "" for one in mismatch)
        if then and now:
            yield say(
                N_("Hours on duty against hours of calls by beat, 0 as alike as can be: {now}, today {then} (M52)."),
                now=now,
                then=then,
            )
        yield from (finding.text(self.language) for finding in self.answer.warnings)


def beats_report(answer: BeatsAnswer, language: Language, made: datetime | None = None) -> PlanReport:
    """Return a beat plan as a page, a workbook and data."""
    told = Told(answer, language)
    drawings, tables = BeatsDrawings(answer, language), BeatsTables(answer, language)
    return PlanReport(
        kind="beats",
        station=answer.station,
        language=language,
        claim=told.claim(),
        deck=tuple(told.deck()),
        keys=tuple(told.keys()),
        drawings=tuple(drawings.all()),
        tables=tuple(shown(tables)),
        proof=answer.proof,
        why={key: told.speaker.say(text) for key, text in WHY.items()},
        notes=tuple(told.notes()),
        data=data_of(answer),
        made=made,
    )


def shown(tables: BeatsTables) -> Iterator[Shown]:
    """Yield the tables of the page, in order."""
    say, answer = tables.speaker.say, tables.answer
    yield Shown(tables.beats(), ("", "", "hours", "hours", "travel", "continuity", "compactness", ""))
    lead = say(N_("Numbers are those of the drawing; the first line is the plan proposed."))
    yield Shown(
        tables.choices(), ("choices", "travel", "spread", "compactness", "continuity", "response", "cross", "choices"), lead
    )
    if len(answer.counts) > 1:
        yield Shown(tables.counts(), ("", "travel", "spread", "cross", "minimum"))
    if answer.sectors is not None:
        yield Shown(tables.sectors(), ("sectors", "sectors", "sectors", "hours"))
    if answer.functional is not None:
        yield Shown(tables.functional(), ("", "", "", "", "specialist", "specialist", "specialist"))
    if answer.minimum:
        yield Shown(tables.minimum(), ("", "minimum", "minimum", "minimum", "minimum", "minimum"), folded=True)
    if answer.before is not None:
        yield Shown(tables.moves(), ("", "", "", "continuity", "hours"), folded=True)
    yield Shown(tables.atoms(), ("", "", *["hours"] * (len(tables.atoms().header) - 2)), folded=True)


def data_of(answer: BeatsAnswer) -> dict[str, Any]:
    """Return the answer as plain data."""

    def told(choice: Choice) -> dict[str, Any]:
        m, p = choice.plan.metrics, choice.prediction
        return {
            "beats": {name: list(atoms) for name, atoms in choice.plan.atoms.items()},
            "value": choice.value,
            "travel_s": m.travel_s,
            "hours": m.hours.tolist(),
            "spread": m.spread,
            "compactness": m.compactness.tolist(),
            "continuity": None if np.isnan(m.continuity) else m.continuity,
            "cut_edges": m.cut_edges,
            "response_s": p.response_s if p is not None else None,
            "cross_beat_share": p.cross_beat if p is not None else None,
            "gains": _texts(choice.gains),
            "losses": _texts(choice.losses),
        }

    return {
        "proposed": answer.proposed,
        "choices": [told(choice) for choice in answer.choices],
        "today": told(answer.before) if answer.before is not None else None,
        "officers": answer.officers,
        "sectors": [
            {"id": row.id, "beats": list(row.beats), "sergeant": row.sergeant}
            for row in (answer.sectors.rows if answer.sectors else ())
        ],
    }


def _texts(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.text("en") for finding in findings]
