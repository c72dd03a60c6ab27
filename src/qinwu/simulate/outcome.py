"""Outcome: one tidy table of measures with intervals; Comparison: paired differences and what may be said of them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal, NamedTuple

import numpy as np
import polars as pl

from qinwu.duty.response_plan import F64
from qinwu.simulate.engine import Engine, Job, OneProcess, Sample, column
from qinwu.simulate.measures.value import Key
from qinwu.simulate.stream import CallsMode

Verdict = Literal["better", "worse", "higher", "lower", "no_difference_shown", "one_run"]


class Interval(NamedTuple):
    """A mean and its 95 % interval; nan bounds where there is only one replication."""

    mean: float
    low: float
    high: float


class Described(NamedTuple):
    """What a measure is, for people: words and explanation in both languages, unit, and which way is good."""

    zh: str
    en: str
    how_zh: str
    how_en: str
    unit: str
    better: Literal["lower", "higher", ""]


@cache
def catalogue() -> dict[str, Described]:
    """Return the description of every measure (``measures/measures.toml``)."""
    text = (files("qinwu.simulate.measures") / "measures.toml").read_text(encoding="utf-8")
    return {name: Described(**entry) for name, entry in tomllib.loads(text).items()}


@cache
def _t_quantile(level: float, freedom: int) -> float:
    from scipy.special import stdtrit  # a fifth of a second, which closed forms need not wait for

    return float(stdtrit(freedom, 0.5 + level / 2))


def interval(samples: F64, level: float = 0.95) -> Interval:
    """Return the mean of replications with its Student t interval, leaving out replications without the figure.

    >>> interval(np.array([1.0, 1.0, 1.0]))
    Interval(mean=1.0, low=1.0, high=1.0)
    """
    known = samples[np.isfinite(samples)]
    if len(known) == 0:
        return Interval(float("nan"), float("nan"), float("nan"))
    middle = float(known.mean())
    if len(known) == 1:
        return Interval(middle, float("nan"), float("nan"))
    half = _t_quantile(level, len(known) - 1) * float(known.std(ddof=1)) / len(known) ** 0.5
    return Interval(middle, middle - half, middle + half)


@dataclass(frozen=True)
class Outcome:
    """What one duty system did: ``samples`` (replications, keys) of every figure."""

    system: str
    keys: tuple[Key, ...]
    samples: F64

    @cached_property
    def index(self) -> dict[Key, int]:
        """Key to column."""
        return {key: position for position, key in enumerate(self.keys)}

    def values(self, key: Key) -> F64:
        """Return the figure of every replication, nan throughout where the system has no such figure."""
        at = self.index.get(key)
        return np.full(len(self.samples), np.nan) if at is None else self.samples[:, at]

    def interval(self, measure: str, by: str = "all", group: str = "all", statistic: str = "mean") -> Interval:
        """Return one figure with its interval."""
        return interval(self.values(Key(measure, by, group, statistic)))

    def groups(self, measure: str, by: str, statistic: str = "mean") -> dict[str, Interval]:
        """Return one figure for every group of a breakdown, in the measure's own order."""
        return {
            key.group: interval(self.samples[:, at])
            for key, at in self.index.items()
            if (key.measure, key.by, key.statistic) == (measure, by, statistic)
        }

    @cached_property
    def table(self) -> pl.DataFrame:
        """The tidy table: system, measure, by, group, statistic, unit, mean, low, high, replications."""
        rows = [interval(self.samples[:, at]) for at in range(len(self.keys))]
        return pl.DataFrame(
            {
                "system": [self.system] * len(rows),
                "measure": [key.measure for key in self.keys],
                "by": [key.by for key in self.keys],
                "group": [key.group for key in self.keys],
                "statistic": [key.statistic for key in self.keys],
                "unit": [catalogue()[key.measure].unit for key in self.keys],
                "mean": [row.mean for row in rows],
                "low": [row.low for row in rows],
                "high": [row.high for row in rows],
                "replications": np.isfinite(self.samples).sum(axis=0).tolist(),
            }
        )


class Difference(NamedTuple):
    """A paired difference (other minus current) with its 95 % interval, and what may be said of it."""

    current: Interval
    other: Interval
    change: Interval
    verdict: Verdict


@dataclass(frozen=True)
class Comparison:
    """Several duty systems on the same calls; the first is the current one.

    ``interrupted`` is set where the run was stopped before all ``asked`` replications were done: what is here is complete for
    the replications that were.
    """

    outcomes: tuple[Outcome, ...]
    mode: CallsMode
    seed: int
    weeks: float
    asked: int
    interrupted: bool = False

    @property
    def current(self) -> Outcome:
        """The system all others are compared with."""
        return self.outcomes[0]

    @property
    def replications(self) -> int:
        """Replications finished."""
        return len(self.current.samples)

    def outcome(self, system: str) -> Outcome:
        """Return the outcome of `system`."""
        return next(outcome for outcome in self.outcomes if outcome.system == system)

    def difference(self, system: str, measure: str, by: str = "all", group: str = "all", statistic: str = "mean") -> Difference:
        """Return the paired difference of one figure between `system` and the current one.

        Replications share their calls and luck, so the interval is that of the differences (Law 2015, ch. 10-11), not of two
        separate means.
        """
        key = Key(measure, by, group, statistic)
        mine, theirs = self.current.values(key), self.outcome(system).values(key)
        change = interval(theirs - mine)
        return Difference(interval(mine), interval(theirs), change, verdict(change, catalogue()[measure].better))

    @cached_property
    def differences(self) -> pl.DataFrame:
        """Every figure that both systems have, a row each, with its paired difference and verdict."""
        rows = []
        for outcome in self.outcomes[1:]:
            for key in outcome.keys:
                if key in self.current.index:
                    d = self.difference(outcome.system, *key)
                    figures = (d.current.mean, d.other.mean, *d.change, d.verdict)
                    rows.append((outcome.system, *key, catalogue()[key.measure].unit, *figures))
        names = ["system", "measure", "by", "group", "statistic", "unit", "current", "other", "change", "low", "high", "verdict"]
        floats = dict.fromkeys(("current", "other", "change", "low", "high"), pl.Float64)
        return pl.DataFrame(rows, schema={name: floats.get(name, pl.String) for name in names}, orient="row")


def verdict(change: Interval, better: str) -> Verdict:
    """Say what an interval of a difference allows to say.

    >>> verdict(Interval(-3.0, -5.0, -1.0), "lower")
    'better'
    >>> verdict(Interval(-3.0, -7.0, 1.0), "lower")
    'no_difference_shown'
    """
    if not np.isfinite(change.low):
        return "one_run"
    if change.low <= 0.0 <= change.high:
        return "no_difference_shown"
    direction = "lower" if change.high < 0.0 else "higher"
    if not better:
        return "lower" if direction == "lower" else "higher"
    return "better" if direction == better else "worse"


def compare(
    job: Job,
    systems: Sequence[str],
    replications: int,
    engine: Engine | None = None,
    on_done: Callable[[int], None] | None = None,
) -> Comparison:
    """Run every plan of `job` on `replications` common streams; the first plan is the current system.

    Parameters
    ----------
    job
        Plans, calls, seed.
    systems
        Ids of the plans, in the same order.
    replications
        How often, >= 1.
    engine
        Where; this process by default.
    on_done
        Called with the number of finished replications.

    Notes
    -----
    Ctrl-C and the stop of `engine` end the run; what was finished is returned with ``interrupted`` set.

    Raises
    ------
    KeyboardInterrupt
        Stopped before anything was finished.
    """
    done: dict[int, Sample] = {}
    with suppress(KeyboardInterrupt):
        for number, sample in (engine or OneProcess()).replications(job, replications):
            done[number] = sample
            if on_done is not None:
                on_done(len(done))
    if not done:
        raise KeyboardInterrupt
    samples = [done[number] for number in sorted(done)]
    outcomes = tuple(Outcome(system, *column(samples, at)) for at, system in enumerate(systems))
    weeks = float(job.source.weeks if job.weeks is None or job.mode == "replay" else job.weeks)
    return Comparison(outcomes, job.mode, job.seed, weeks, replications, interrupted=len(done) < replications)
