"""Report: everything one comparison has to say, gathered; the writers turn it into a page, a workbook or data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.system import DutySystem
from qinwu.findings import QinwuError
from qinwu.language import N_, Language, translate
from qinwu.queueing.analysis import Analysis, analyse
from qinwu.report.inputs import checksums
from qinwu.report.rendering import program_version
from qinwu.report.small_cells import is_small, small_cells
from qinwu.simulate.measures.value import Key
from qinwu.simulate.outcome import Comparison, Difference, Interval, Outcome
from qinwu.station.demand import CallSource, read_source
from qinwu.station.health import DataHealth, health
from qinwu.station.station import Station


@dataclass(frozen=True)
class Report:
    """A comparison with everything needed to explain it.

    Parameters
    ----------
    station
        What there is.
    systems, plans
        Duty systems and their plans, in the order of the comparison: the current one first.
    comparison
        What the systems did.
    inputs
        Files read, relative to the station folder, with their SHA-256.
    elapsed_s
        Seconds the comparison took; None where nobody measured.
    made
        When; None leaves it out, so that equal comparisons give equal pages.
    """

    station: Station
    systems: tuple[DutySystem, ...]
    plans: tuple[ResponsePlan, ...]
    comparison: Comparison
    inputs: tuple[tuple[str, str], ...] = ()
    elapsed_s: float | None = None
    made: datetime | None = None

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The outcome of each system, the current one first."""
        return self.comparison.outcomes

    @property
    def others(self) -> range:
        """Positions of the systems that are compared with the current one."""
        return range(1, len(self.systems))

    @property
    def synthetic(self) -> bool:
        """Whether the station is made up."""
        return self.station.config.synthetic

    @property
    def version(self) -> str:
        """The version of Qinwu."""
        return program_version()

    def name(self, at: int, language: Language) -> str:
        """Return the name of a system, with its id where another is called the same; the current one says that it is."""
        names = [system.name.in_language(language) for system in self.systems]
        name = f"{names[at]} ({self.outcomes[at].system})" if names.count(names[at]) > 1 else names[at]
        if at > 0 or translate(N_("today"), language) in name.lower():
            return name
        return translate(N_("{name} (today)"), language).format(name=name)

    def interval(self, at: int, key: Key) -> Interval:
        """Return one figure of one system."""
        return self.outcomes[at].interval(*key)

    def difference(self, at: int, key: Key) -> Difference:
        """Return the paired difference of one figure from the current system."""
        return self.comparison.difference(self.outcomes[at].system, *key)

    def has(self, key: Key) -> bool:
        """Return whether any system has this figure."""
        return any(np.isfinite(outcome.values(key)).any() for outcome in self.outcomes)

    def means(self, at: int, measure: str, by: str, statistic: str) -> dict[str, float]:
        """Return the mean of one figure for every group of a breakdown, cells too small to show left out."""
        outcome, asked = self.outcomes[at], (measure, by, statistic)
        where = [(key, column) for key, column in outcome.index.items() if (key.measure, key.by, key.statistic) == asked]
        means = _means(outcome.samples[:, [column for _, column in where]])
        return {key.group: mean for (key, _), mean in zip(where, means, strict=True) if not is_small(self.small, at, key)}

    @cached_property
    def small(self) -> frozenset[tuple[int, str, str]]:
        """Cells (system, breakdown, group) with so few calls that nothing about their calls is told."""
        return small_cells(self.station, self.plans, self.comparison)

    @cached_property
    def health(self) -> DataHealth:
        """The health of the station's calls."""
        return health(self.station.calls, self.station.config.policy.limit_min)

    @cached_property
    def source(self) -> CallSource:
        """All calls of the record; those who have none raise as :func:`qinwu.station.demand.read_source` does."""
        return read_source(self.station)

    @cached_property
    def analyses(self) -> tuple[Analysis | QinwuError, ...]:
        """What the closed forms say of each system on the whole record, or why they say nothing."""
        return tuple(self._analysed(plan) for plan in self.plans)

    def _analysed(self, plan: ResponsePlan) -> Analysis | QinwuError:
        try:
            return analyse(self.station, plan, self.source, current=self.plans[0], most_weeks=1)
        except QinwuError as error:
            return error


def _means(samples: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> list[float]:
    """Return the mean of each column over the replications that have it, nan where none has."""
    known = np.isfinite(samples)
    count = known.sum(axis=0)
    total = np.where(known, samples, 0.0).sum(axis=0)
    return [float(t / n) if n else float("nan") for t, n in zip(total, count, strict=True)]


def build_report(
    station: Station,
    systems: Sequence[DutySystem],
    plans: Sequence[ResponsePlan],
    comparison: Comparison,
    elapsed_s: float | None = None,
    made: datetime | None = None,
) -> Report:
    """Gather a report, checksums of the station's files included.

    Raises
    ------
    ValueError
        Where systems, plans and outcomes are not equally many.
    """
    if not len(systems) == len(plans) == len(comparison.outcomes):
        raise ValueError(
            f"Expected one duty system and one plan for each of {len(comparison.outcomes)} outcomes, "
            f"got {len(systems)} systems and {len(plans)} plans."
        )
    return Report(station, tuple(systems), tuple(plans), comparison, checksums(station), elapsed_s, made)
