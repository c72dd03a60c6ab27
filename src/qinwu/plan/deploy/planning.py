"""Planning moves: chosen by a small program, each checked by the closed forms, all of them by paired simulation."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from qinwu.duty.response_plan import F64, ResponsePlan
from qinwu.duty.roster_rules.packs import read_pack
from qinwu.duty.roster_rules.rules import Pack
from qinwu.duty.roster_rules.watches import is_night
from qinwu.duty.system import DutySystem, Pattern
from qinwu.findings import Finding
from qinwu.language import N_
from qinwu.plan.deploy.answer import Move, Moves, Outlook, largest_first
from qinwu.plan.deploy.changing import who_moves
from qinwu.plan.deploy.checking import Bench, Figures
from qinwu.plan.deploy.choosing import Choice, Chooser, Limits
from qinwu.plan.deploy.scene import Scene
from qinwu.plan.effort import Effort, Running
from qinwu.plan.proof import Proof
from qinwu.queueing.mismatch.cover import LEAST, cover_gaps
from qinwu.queueing.mismatch.demanded import demanded_by
from qinwu.queueing.mismatch.index import Mismatch, mismatch
from qinwu.queueing.mismatch.places import Kind, places_of
from qinwu.queueing.mismatch.staffed import staffed_by
from qinwu.simulate.engine import Engine
from qinwu.simulate.outcome import Interval
from qinwu.station.demand import read_source
from qinwu.station.station import Station

MOST_TRIES = 6
"""Sets of moves that are tried before giving up: each next one leaves out what the closed forms did not confirm."""
NOT_SIMULATED = Interval(math.nan, math.nan, math.nan)


@dataclass(frozen=True)
class Question:
    """What is to be moved.

    Parameters
    ----------
    station, system, plan
        What there is, the duty system in force ready to be compiled, and its plan.
    moves
        Moves a chief accepts at most, >= 1.
    least
        Officers on duty at each station at any time, at least; where there are fewer today, no fewer than today.
    pack
        Rules of rest.
    kind
        Places of the index.
    days
        Use only the last so many days of calls.
    replications
        How often to simulate, 0 for not at all.
    engine, told
        Where, and whom to tell of finished replications.
    """

    station: Station
    system: DutySystem
    plan: ResponsePlan
    moves: int = 3
    least: int = LEAST
    pack: Pack = field(default_factory=read_pack)
    kind: Kind | None = None
    days: int | None = None
    replications: int = 10
    engine: Engine | None = None
    told: Callable[[int], None] = lambda _: None


def plan_moves(question: Question, effort: Effort | None = None) -> Moves:
    """Return the moves of crews that let callers wait less.

    A small program chooses; the duty system that comes out is compiled, must keep the rules it keeps today and leave no more gaps;
    moves without which callers wait no longer by the closed forms are dropped and the program is asked again; what is left is tried
    by paired simulation, all against today and each against the others without it. What shows no gain is dropped.

    Parameters
    ----------
    question
        What is to be moved.
    effort
        Time for choosing, seed, progress and stop.
    """
    effort = effort or Effort()
    source = read_source(question.station, question.days)
    scene = Scene(question.station, question.system, question.plan, source, question.pack)
    return _Planning(question, scene, Bench(scene), Chooser(scene, Limits(question.moves, question.least)), effort.begin()).answer()


@dataclass
class _Planning:
    """One run."""

    question: Question
    scene: Scene
    bench: Bench
    chooser: Chooser
    running: Running
    dropped: dict[Choice, float] = field(default_factory=dict)
    notes: list[Finding] = field(default_factory=list)

    def answer(self) -> Moves:
        started = time.monotonic()
        today = self.bench.closed(self.question.plan)
        choices, gains, value, bound = self.choose(today)
        seconds = time.monotonic() - started
        intervals, change = self.simulated(choices)
        shown = [at for at, one in enumerate(intervals) if math.isnan(one.low) or one.low > 0.0]
        if choices and (len(shown) < len(choices) or (not math.isnan(change.low) and change.high >= 0.0)):
            choices, gains, intervals, change = self.only(choices, gains, shown)
        done = self.bench.plan(choices) if choices else None
        system, plan = done or (self.question.system, self.question.plan)
        then = self.bench.closed(plan) if choices else today
        moves = [self.told(one, choices, gain, simulated) for one, gain, simulated in zip(choices, gains, intervals, strict=True)]
        dropped = [self.told(one, [one], gain, NOT_SIMULATED) for one, gain in self.dropped.items() if one not in choices]
        outlook = Outlook(
            (today.response_min, then.response_min),
            (today.delayed, then.delayed),
            (self.index(self.question.system, self.question.plan), self.index(system, plan)),
            change,
            0 if math.isnan(change.mean) else self.question.replications,
        )
        proof = self.proof(value, bound if bound > 0.0 else math.nan, seconds)
        return Moves(
            self.question.system, self.question.plan, largest_first(moves), tuple(dropped), system, plan, outlook, proof,
            tuple(self.notes),
        )  # fmt: skip

    def choose(self, today: Figures) -> tuple[list[Choice], list[float], float, float]:
        """Return moves that the closed forms confirm, the gain of each in minutes, and value and bound of the first choice."""
        forbidden: list[F64] = []
        first = (self.chooser.waiting(self.chooser.base[0]), 0.0)
        for attempt in range(MOST_TRIES):
            found = self.chooser.solved(self.running, forbidden)
            if found.x is None:
                break
            if attempt == 0:
                first = (found.value, max(found.bound, 0.0))
            kept, gains = self.confirmed(list(self.chooser.choices(found.x)), today)
            if kept or not self.chooser.choices(found.x) or self.running.over:
                return kept, gains, *first
            forbidden.append(found.x)
        return [], [], *first

    def confirmed(self, choices: list[Choice], today: Figures) -> tuple[list[Choice], list[float]]:
        """Return those of some moves that the closed forms confirm, the worst dropped first, and the gain of each."""
        while choices:
            every = self.figure(choices)
            if every is None:
                self.dropped |= dict.fromkeys(choices, math.nan)
                return [], []
            without = [
                self.figure([*choices[:at], *choices[at + 1 :]]) if len(choices) > 1 else today for at in range(len(choices))
            ]
            gains = [one.response_min - every.response_min if one else math.inf for one in without]
            worst = int(np.argmin(gains))
            if gains[worst] > 0.0 and today.response_min > every.response_min:
                return choices, gains
            self.dropped[choices[worst]] = gains[worst]
            choices = [*choices[:worst], *choices[worst + 1 :]]
        return [], []

    def figure(self, choices: Sequence[Choice]) -> Figures | None:
        """Return what the closed forms say of some moves; None where a rule or the cover forbids them."""
        done = self.bench.plan(choices)
        if done is None or not self.covered(*done):
            return None
        return self.bench.closed(done[1])

    def covered(self, system: DutySystem, plan: ResponsePlan) -> bool:
        """Return whether there are no more gaps than today."""
        lacking = [
            sum(gap.officer_hours for gap in cover_gaps(each, of, self.question.least))
            for of, each in ((self.question.system, self.question.plan), (system, plan))
        ]
        return lacking[1] <= lacking[0] + 1e-9

    def simulated(self, choices: Sequence[Choice]) -> tuple[list[Interval], Interval]:
        """Return what the simulation says of each move against all others without it, and of all against today."""
        if choices and self.running.interrupted:
            self._stopped()
        if not choices or not self.question.replications or self.running.interrupted:
            return [NOT_SIMULATED] * len(choices), NOT_SIMULATED
        sets = [list(choices)] + [[*choices[:at], *choices[at + 1 :]] for at in range(len(choices)) if len(choices) > 1]
        plans = [self.question.plan, *(done[1] for one in sets if (done := self.bench.plan(one)) is not None)]
        if len(plans) <= len(sets):
            return [NOT_SIMULATED] * len(choices), NOT_SIMULATED
        q = self.question
        try:
            tried = self.bench.simulated(plans, q.replications, self.running.effort.seed, q.engine, q.told)
        except KeyboardInterrupt:
            self._stopped()
            return [NOT_SIMULATED] * len(choices), NOT_SIMULATED
        change = self.bench.change(tried, 0, 1)
        if len(choices) == 1:
            return [self.bench.change(tried, 1, 0)], change
        return [self.bench.change(tried, 1, 2 + at) for at in range(len(choices))], change

    def _stopped(self) -> None:
        message = N_("Stopped before the simulation: the moves are confirmed by closed forms only.")
        self.notes.append(Finding("not-simulated", "note", message))

    def only(
        self, choices: list[Choice], gains: list[float], shown: list[int]
    ) -> tuple[list[Choice], list[float], list[Interval], Interval]:
        """Drop what the simulation does not show; what is left is simulated again."""
        for at, one in enumerate(choices):
            if at not in shown:
                self.dropped[one] = gains[at]
        left = [choices[at] for at in shown]
        if len(left) == len(choices):
            # Each seems to help, yet not all together: nothing is shown.
            self.dropped |= dict(zip(choices, gains, strict=True))
            return [], [], [], NOT_SIMULATED
        again, all_of_them = self.simulated(left)
        if left and all_of_them.high < 0.0 and all(one.low > 0.0 for one in again):
            return left, [gains[at] for at in shown], again, all_of_them
        self.dropped |= dict(zip(choices, gains, strict=True))
        return [], [], [], NOT_SIMULATED

    def index(self, system: DutySystem, plan: ResponsePlan) -> Mismatch:
        """Return the index of mismatch of a system, against what calls ask for today."""
        places = places_of(self.question.station, self.question.system, self.question.kind)
        asked = demanded_by(self.question.plan, self.scene.source, places).per_week
        return mismatch(staffed_by(plan, system, places).allotted(asked), asked)

    def told(self, choice: Choice, every: Sequence[Choice], gain: float, simulated: Interval) -> Move:
        """Return a move, one of `every`, in full."""
        one = self.scene.movable[choice.rule]
        crews = who_moves(one, [each for each in every if each.rule == choice.rule])[choice]
        before = self.scene.patterns[one.rule.pattern]
        after = choice.option.pattern if choice.option else before
        names = self.scene.places.names
        alone = self.scene.station.config.name if len(names) == 1 else None
        return Move(
            rule=one.rule.id,
            who=next(squad.name for squad in self.scene.system.squad if squad.id == one.rule.squad),
            crews=len(crews),
            officers=tuple(officer.id for crew in crews for officer in crew.officers),
            before=before,
            after=after,
            origin=alone or names[one.home],
            target=alone or names[choice.station],
            moved_h=self.moved_h([choice]),
            nights=(self.nights(before), self.nights(after)),
            closed_min=gain,
            simulated=simulated,
        )

    def moved_h(self, choices: Sequence[Choice]) -> float:
        """Return officer-hours a week that moves put at another hour or station."""
        done = self.bench.plan(choices)
        if done is None:
            return math.nan
        places = self.scene.places
        tables = [staffed_by(plan, system, places) for system, plan in ((self.question.system, self.question.plan), done)]
        even = [one.allotted(np.ones((len(places), 168))) for one in tables]
        return float(np.abs(even[1] - even[0]).sum() / 2.0)

    def nights(self, pattern: Pattern) -> float:
        """Return nights a week of everybody who follows a pattern."""
        watches = self.scene.watches
        return 7.0 * sum(is_night(watches[day]) for day in pattern.days if day in watches) / len(pattern.days)

    def proof(self, value: float, bound: float, seconds: float) -> Proof:
        return Proof(
            objective=N_("callers' waiting in a week, by urgency"),
            unit=N_("h"),
            value=value,
            bound=bound,
            seconds=seconds,
            seed=self.running.effort.seed,
            method=N_("whole-number program (HiGHS) over waiting with impatient callers (Erlang A); checked by closed forms"),
            interrupted=self.running.interrupted,
            binding=tuple(self._binding()),
            given_up=tuple(self.notes),
        )

    def _binding(self) -> Iterator[Finding]:
        if self.question.least:
            message = N_(
                "At least {least} officers on duty at each station at any time, or as many as today where there are fewer."
            )
            yield Finding("least-cover", "note", message, values={"least": self.question.least})
        message = N_("At most {moves} moves.")
        yield Finding("most-moves", "note", message, values={"moves": self.question.moves})
