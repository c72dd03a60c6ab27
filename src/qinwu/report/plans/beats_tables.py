"""Tables of a beat plan: beats, plans to choose from, numbers of beats, sectors, recurring work, atoms that move, hours by atom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qinwu.findings import Finding
from qinwu.language import N_, Language
from qinwu.plan.beats.answer import BeatsAnswer
from qinwu.plan.beats.pareto import Choice
from qinwu.report.sheet import Sheet, Value
from qinwu.report.words import Speaking


@dataclass(frozen=True)
class BeatsTables(Speaking):
    """Tables of one beat plan in one language."""

    answer: BeatsAnswer
    language: Language

    def beats(self) -> Sheet:
        """Return the beats proposed."""
        plan, m = self.answer.plan, self.answer.plan.metrics
        calls = np.maximum(np.bincount(plan.beat_of, plan.problem.workload.calls, plan.problem.beats), 1e-12)
        today, kept = self._today_hours(), self._kept()
        rows: list[tuple[Value, ...]] = []
        for k, name in enumerate(plan.problem.names):
            figures = (today.get(name), _r(m.hours[k], 1), _r(plan.tally.near[k] / calls[k], 0), kept[k], _r(m.compactness[k], 2))
            rows.append((name, self.answer.officers[name], *figures, " ".join(plan.atoms[name])))
        names = (N_("beat"), N_("officer"), N_("h a week today"), N_("h a week"), N_("s to a call"))
        header = self._header(*names, N_("residents who keep, %"), N_("compactness"), N_("atoms"))
        return Sheet(self.say(N_("Beats proposed")), (), header, tuple(rows), (8, 10, 12, 10, 10, 12, 12, 60))

    def choices(self) -> Sheet:
        """Return the plans to choose from, that proposed first, then today's."""
        order = sorted(range(len(self.answer.choices)), key=lambda at: at != self.answer.proposed)
        rows = [(str(at + 1), *self._figures(self.answer.choices[at]), self.trade(self.answer.choices[at])) for at in order]
        if self.answer.before is not None:
            rows.append((self.say(N_("Today")), *self._figures(self.answer.before), ""))
        names = (N_("plan"), N_("s to a call"), N_("largest load off the mean, %"), N_("compactness"), N_("keep their officer, %"))
        header = self._header(*names, N_("s until help arrives"), N_("calls across beats, %"), N_("against the plan proposed"))
        return Sheet(self.say(N_("Plans to choose from")), (), header, tuple(rows), (8, 10, 12, 12, 12, 12, 12, 70))

    def trade(self, choice: Choice) -> str:
        """Return in one sentence what a plan gains and loses against that proposed."""
        if choice is self.answer.choice:
            return self.say(N_("Proposed: the best by the weights asked for."))
        gains, losses = (self._joined(some) for some in (choice.gains, choice.losses))
        if not gains:
            return self.say(N_("Worse by the weights asked for: {losses}."), losses=losses)
        return self.say(N_("Gains {gains}; gives up {losses}."), gains=gains, losses=losses or self.say(N_("nothing noticeable")))

    def counts(self) -> Sheet:
        """Return the numbers of beats looked at."""
        rows = []
        for row in self.answer.counts:
            m = row.plan.metrics
            cross = _r(row.prediction.cross_beat * 100, 1) if row.prediction is not None else None
            rows.append((row.plan.problem.beats, _r(m.travel_s, 1), _r(m.spread * 100, 1), cross, _r(row.lacking, 1)))
        header = self._header(
            N_("beats"), N_("s to a call"), N_("largest load off the mean, %"), N_("calls across beats, %"), N_("h lacking")
        )
        return Sheet(self.say(N_("How many beats")), (), header, tuple(rows), (8, 12, 14, 14, 12))

    def sectors(self) -> Sheet:
        """Return the sectors."""
        sectors = self.answer.sectors
        rows = [] if sectors is None else [
            (row.id, row.sergeant, " ".join(row.beats), _r(sectors.plan.metrics.hours[k], 1)) for k, row in enumerate(sectors.rows)
        ]  # fmt: skip
        header = self._header(N_("sector"), N_("sergeant"), N_("beats"), N_("h a week"))
        return Sheet(self.say(N_("Sectors proposed")), (), header, tuple(rows), (10, 12, 40, 10))

    def functional(self) -> Sheet:
        """Return the functional beats."""
        plan = self.answer.functional
        rows: list[tuple[Value, ...]] = []
        for beat in plan.beats if plan is not None else ():
            due = (_r(beat.inspection_h, 1), _r(beat.call_h, 1), _r(plan.hours, 1) if plan is not None else None)
            rows.append((beat.id, beat.officer, " ".join(beat.kinds), len(beat.venues), *due))
        names = (N_("beat"), N_("specialist"), N_("trades"), N_("venues"), N_("inspections, h"), N_("venue calls, h"), N_("has, h"))
        return Sheet(self.say(N_("Functional beats proposed")), (), self._header(*names), tuple(rows), (8, 12, 40, 8, 14, 14, 8))

    def minimum(self) -> Sheet:
        """Return recurring work against hours for it."""
        rows = [
            (row.beat, _r(row.visits, 1), _r(row.inspections, 1), _r(row.follow_up, 1), _r(row.available, 1), _r(row.lacking, 1))
            for row in self.answer.minimum
        ]
        header = self._header(
            N_("beat"), N_("visits, h"), N_("inspections, h"), N_("follow-up, h"), N_("free for it, h"), N_("h lacking")
        )
        return Sheet(self.say(N_("Recurring work and hours for it")), (), header, tuple(rows), (8, 12, 14, 12, 14, 12))

    def moves(self) -> Sheet:
        """Return the atoms that change their beat."""
        before, plan = self.answer.before, self.answer.plan
        area, rows = self.answer.station.area, []
        if before is not None:
            for j, atom in enumerate(area.atom_ids):
                old, new = before.plan.problem.names[before.plan.beat_of[j]], plan.problem.names[plan.beat_of[j]]
                if old != new:
                    rows.append((atom, old, new, int(area.population[j]), _r(plan.problem.workload.hours[j], 2)))
        header = self._header(N_("atom"), N_("from"), N_("to"), N_("residents"), N_("h a week"))
        return Sheet(self.say(N_("Atoms that change their beat")), (), header, tuple(rows), (10, 8, 8, 10, 10))

    def atoms(self) -> Sheet:
        """Return hours a week of each atom, by what they are for."""
        work, plan = self.answer.plan.problem.workload, self.answer.plan
        ids, names = self.answer.station.area.atom_ids, plan.problem.names
        rows = [
            (atom, names[plan.beat_of[j]], *(_r(hours[j], 3) for hours in work.parts.values()), _r(work.hours[j], 3))
            for j, atom in enumerate(ids)
        ]
        header = (*self._header(N_("atom"), N_("beat")), *(self.say(part) for part in work.parts), self.say(N_("h a week")))
        return Sheet(self.say(N_("Hours by atom")), (), header, tuple(rows), (10, 8, *[12] * (len(header) - 2)))

    def _header(self, *names: str) -> tuple[str, ...]:
        return tuple(self.say(name) for name in names)

    def _today_hours(self) -> dict[str, Value]:
        before = self.answer.before
        if before is None:
            return {}
        return {name: _r(hours, 1) for name, hours in zip(before.plan.problem.names, before.plan.metrics.hours, strict=True)}

    def _kept(self) -> list[Value]:
        """Return the share of each beat's residents who keep their officer, per cent; empty without beats in force."""
        plan = self.answer.plan
        if not plan.problem.today.ids:
            return [None] * plan.problem.beats
        area = self.answer.station.area
        kept = np.zeros(plan.problem.beats)
        np.add.at(kept, plan.label, plan.problem.ground.keep[np.arange(len(plan.label)), plan.label])
        people = area.population if area.population.sum() > 0 else np.ones(len(area))
        there = np.bincount(plan.beat_of, people / people.sum(), plan.problem.beats)
        return [_r(one / all_ * 100, 0) if all_ > 0 else None for one, all_ in zip(kept, there, strict=True)]

    def _figures(self, choice: Choice) -> tuple[Value, ...]:
        m, p = choice.plan.metrics, choice.prediction
        kept = None if np.isnan(m.continuity) else _r(m.continuity * 100, 1)
        predicted = (None, None) if p is None else (_r(p.response_s, 0), _r(p.cross_beat * 100, 1))
        return (_r(m.travel_s, 1), _r(m.spread * 100, 1), _r(float(m.compactness.mean()), 2), kept, *predicted)

    def _joined(self, findings: Sequence[Finding]) -> str:
        return ("；" if self.language == "zh" else "; ").join(finding.text(self.language) for finding in findings)


def _r(value: float, digits: int) -> Value:
    """Return a number rounded for a table, nothing for what is no number."""
    return None if np.isnan(value) else round(float(value), digits)
