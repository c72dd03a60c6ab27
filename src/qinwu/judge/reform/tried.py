"""Tried: a reform with everything that was found out about it, before it is put into words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qinwu.duty.reform.doing import Read, Reformed, reformed, reverse
from qinwu.duty.reform.reform import Cost, Reform
from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.system import DutySystem
from qinwu.findings import raise_on_errors
from qinwu.judge.reform.bench import Bench, whole
from qinwu.judge.reform.boundaries import ground_of
from qinwu.judge.reform.by_step import SoFar, by_step
from qinwu.judge.reform.costs import Costs, costs
from qinwu.judge.reform.losers import Affected, affected
from qinwu.judge.reform.reach import Reach, reach
from qinwu.judge.reform.sensitivity import Question, Swing
from qinwu.judge.reform.varying import vary_findings
from qinwu.simulate.engine import Engine
from qinwu.simulate.outcome import Comparison
from qinwu.station.station import Station

BEFORE, AFTER = "before", "after"


@dataclass(frozen=True)
class TriedReform:
    """A reform tried on a station's own calls.

    Parameters
    ----------
    station
        Whose calls.
    reforms
        What was done, in order.
    done
        The system before and after as files state it, and the book of moves.
    before, after
        Both systems as compiled.
    plans
        Their response plans, before first.
    comparison
        What both did to the same calls; systems are called ``before`` and ``after``.
    places, hours
        Every place and hour of the day, those that lose most first.
    reach, costs
        Counters and weekly costs, before and after.
    swings, so_far
        What each assumption does to the change of the mean response, widest first, and the change after each step; empty where not
        asked for.
    back, detailed
        Whether it is the way back that was tried, and whether steps and assumptions were asked for.
    """

    station: Station
    reforms: tuple[Reform, ...]
    done: Reformed
    before: DutySystem
    after: DutySystem
    plans: tuple[ResponsePlan, ResponsePlan]
    comparison: Comparison
    places: tuple[Affected, ...]
    hours: tuple[Affected, ...]
    reach: tuple[Reach, Reach]
    costs: tuple[Costs, Costs]
    swings: tuple[Swing, ...] = ()
    so_far: tuple[SoFar, ...] = ()
    back: bool = False
    detailed: bool = False

    @property
    def stopped(self) -> bool:
        """Whether it was interrupted: replications, steps or assumptions are missing."""
        steps = sum(len(reform.step) for reform in self.reforms)
        varied = {vary.key for reform in self.reforms for vary in reform.vary}
        missing = self.detailed and (len(self.so_far) < steps or len(self.swings) < len(varied))
        return self.comparison.interrupted or missing

    @property
    def prices(self) -> Cost | None:
        """The prices of the last reform that has any."""
        return next((reform.cost for reform in reversed(self.reforms) if reform.cost), None)


@dataclass(frozen=True)
class Asked:
    """How to try a reform: replications, those for each end of an assumption (0: none), seed, weeks, whether backwards, where."""

    replications: int = 10
    swings: int = 3
    seed: int = 1
    weeks: int | None = None
    days: int | None = None
    back: bool = False
    engine: Engine | None = None


def try_reform(
    station: Station,
    stated: DutySystem,
    reforms: Sequence[Reform],
    read: Read,
    asked: Asked = Asked(),
    told: Callable[[float], None] = lambda _: None,
) -> TriedReform:
    """Return a reform tried on the station's own calls.

    Parameters
    ----------
    station
        What there is.
    stated
        The duty system in force, as its files state it.
    reforms
        One or more, done one after the other.
    read
        How duty systems that a step adopts are found.
    asked
        How to try.
    told
        Called with the share of the work that is done, 0-1.

    Raises
    ------
    QinwuError
        The reform cannot be done, or what comes out cannot be compiled.

    Notes
    -----
    Ctrl-C stops; what is done by then is told, as long as one replication of both systems is.
    """
    ground = ground_of(station, stated)
    done = reformed(stated, station.force, reforms, read, ground)
    raise_on_errors(vary_findings(reforms, done.system))
    done = reverse(done) if asked.back else done
    before, after = whole(done.before.finished(done.before)), whole(done.system)
    bench = Bench(station, whole(stated), asked.replications, asked.seed, asked.days, asked.weeks, engine=asked.engine)
    plans = bench.plan(before), bench.plan(after)
    question = Question(bench, stated, tuple(reforms), read, ground, asked.swings)
    wanted = detailed = asked.swings > 0 and not asked.back
    steps = sum(len(reform.step) for reform in reforms)
    work = 2 * asked.replications + asked.swings * (3 * len(question.varied) + steps) * detailed
    tally = _Tally(told, work)
    comparison = bench.compared(dict(zip((BEFORE, AFTER), plans, strict=True)), 0, lambda count: tally.at(2 * count))
    detailed = detailed and not comparison.interrupted
    so_far = by_step(question, lambda: tally.more(asked.swings)) if detailed else ()
    detailed = detailed and len(so_far) == steps
    swings = question.swings(lambda: tally.more(3 * asked.swings)) if detailed else ()
    return TriedReform(
        station, tuple(reforms), done, before, after, plans, comparison,
        affected(comparison, AFTER, "place"), affected(comparison, AFTER, "day_hour"),
        (reach(station, done.before), reach(station, done.after)),
        _costs(station, reforms, comparison), swings, so_far, asked.back, wanted,
    )  # fmt: skip


@dataclass
class _Tally:
    """How much of the work is done, in runs."""

    told: Callable[[float], None]
    work: int
    done: int = 0

    def at(self, done: int) -> None:
        self.done = done
        self.told(done / self.work)

    def more(self, runs: int) -> None:
        self.at(self.done + runs)


def _costs(station: Station, reforms: Sequence[Reform], comparison: Comparison) -> tuple[Costs, Costs]:
    prices = next((reform.cost for reform in reversed(reforms) if reform.cost), None)
    kmh = station.config.patrol.speed_kmh
    before, after = (costs(comparison.outcome(name), station.area, kmh, prices) for name in (BEFORE, AFTER))
    return before, after
