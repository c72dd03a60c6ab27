"""Duplicates: calls about one incident, paired with a probability and tied together, for a human to confirm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qinwu.forecast.leads.aoristic import DAY_S
from qinwu.forecast.leads.cases import F64, I64
from qinwu.forecast.leads.duplicate_model import (
    LEAST_PAIRS,
    REASONS,
    Close,
    DuplicateModel,
    Reason,
    apart,
    close_pairs,
    learn_duplicates,
    observed_and_chance,
    pair_evidence,
)
from qinwu.forecast.leads.grouping import groups
from qinwu.forecast.leads.placed_calls import PlacedCalls
from qinwu.forecast.leads.recall import planted_recall
from qinwu.forecast.leads.scoring import EDGES, LEVEL

SAME_FROM = 0.5
"""Mean probability of its pairs from which calls are shown as one incident."""
LEAST_KEPT = 0.05
EARLIER = 0.6
DRAWS = 400
STEPS = 4


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two calls that may be about one incident: positions, probability, what each reason adds to the log-odds, metres, minutes."""

    first: int
    second: int
    probability: float
    reasons: dict[Reason, float]
    metres: float
    minutes: float


@dataclass(frozen=True, slots=True)
class Incident:
    """Calls that look like one incident: positions in order of time, and the mean probability of their pairs."""

    calls: tuple[int, ...]
    probability: float


@dataclass(frozen=True, slots=True)
class BeyondChance:
    """One class of probability on days that were not learnt from.

    Parameters
    ----------
    pairs, by_chance
        Pairs observed, and how many calls moved by whole days give.
    said
        Mean probability.
    true, low, high
        Share of the pairs that chance does not explain, and its interval.
    """

    pairs: int
    by_chance: float
    said: float
    true: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What is found among calls.

    Parameters
    ----------
    calls, model
        The calls, and how pairs were judged.
    pairs
        The likeliest pairs.
    incidents
        Groups of calls, the largest first.
    repeated
        Calls that would be repeats: all calls of incidents but the first of each.
    close, expected
        Pairs of calls close to each other, and how many of them are duplicates by the sum of their probabilities.
    recall
        Share of repeats planted among these calls that would be tied to their first call.
    check
        Later days judged by a model of the earlier ones, by class of probability; empty where the time is too short.
    """

    calls: PlacedCalls
    model: DuplicateModel
    pairs: tuple[DuplicatePair, ...]
    incidents: tuple[Incident, ...]
    repeated: int
    close: int
    expected: float
    recall: float
    check: tuple[BeyondChance, ...]

    @property
    def base_rate(self) -> float:
        """Share of close pairs that are expected to be duplicates: what a list drawn by lot would hold."""
        return self.expected / max(self.close, 1)


def find_duplicates(calls: PlacedCalls, most: int = 50, on_done: Callable[[int], None] = lambda _: None) -> Duplicates:
    """Find calls about one incident.

    Parameters
    ----------
    calls
        Calls in order of time.
    most
        Pairs to return.
    on_done
        Told after each of `STEPS` steps.

    Raises
    ------
    QinwuError
        Where there are too few calls or days to learn from.
    """
    sides = observed_and_chance(calls)
    model = learn_duplicates(calls, sides)
    on_done(1)
    close = sides[0]
    evidence = pair_evidence(model, calls, close)
    probability = model.probability(evidence)
    on_done(2)
    kept = np.flatnonzero(probability >= LEAST_KEPT)
    tied = groups(close.first[kept], close.second[kept], probability[kept], SAME_FROM)
    incidents = tuple(_incident(members, close, probability) for members in tied)
    on_done(3)
    order = np.lexsort((close.second, close.first, -probability))[:most]
    pairs = _pairs(calls, close, order, probability, model.monotone.contributions(evidence[order]))
    check = held_out(calls)
    on_done(STEPS)
    return Duplicates(
        calls, model, pairs, incidents, sum(len(each.calls) - 1 for each in incidents), close.first.size,
        float(probability.sum()), planted_recall(model, calls, SAME_FROM), check,
    )  # fmt: skip


def pairs_among(calls: PlacedCalls, model: DuplicateModel, least: float = LEAST_KEPT) -> tuple[DuplicatePair, ...]:
    """Return the pairs of a few calls that may be about one incident, likeliest first, judged by what another record taught.

    Parameters
    ----------
    calls
        Calls in order of time, in the plane that the model was learnt in.
    model
        As :func:`learn_duplicates` gives it.
    least
        Probability below which a pair is not named.
    """
    close = close_pairs(calls)
    if not close.first.size:
        return ()
    evidence = pair_evidence(model, calls, close)
    probability = model.probability(evidence)
    order = np.lexsort((close.second, close.first, -probability))
    order = order[probability[order] >= least]
    return _pairs(calls, close, order, probability, model.monotone.contributions(evidence[order]))


def _pairs(calls: PlacedCalls, close: Close, order: I64, probability: F64, reasons: F64) -> tuple[DuplicatePair, ...]:
    metres, minutes = apart(calls, Close(close.first[order], close.second[order], close.weight[order]))
    return tuple(
        DuplicatePair(
            int(close.first[at]),
            int(close.second[at]),
            float(probability[at]),
            dict(zip(REASONS, reasons[row].tolist(), strict=True)),
            float(metres[row]),
            float(minutes[row]),
        )
        for row, at in enumerate(order)
    )


def _incident(members: tuple[int, ...], close: Close, probability: F64) -> Incident:
    """Return a group with the mean probability of its pairs; those too far from each other count as none."""
    low = np.searchsorted(close.first, members[0]), np.searchsorted(close.first, members[-1], "right")
    span = slice(*low)
    inside = np.isin(close.first[span], members) & np.isin(close.second[span], members)
    return Incident(members, float(probability[span][inside].sum() / (len(members) * (len(members) - 1) / 2)))


def held_out(calls: PlacedCalls) -> tuple[BeyondChance, ...]:
    """Return what probabilities learnt on the earlier calls come to on the later ones; empty where either has too few pairs."""
    from qinwu.findings import QinwuError

    cut = calls.received_s[int(EARLIER * len(calls))]
    try:
        model = learn_duplicates(_some(calls, calls.received_s < cut))
        later = _some(calls, calls.received_s >= cut)
        close, chance = observed_and_chance(later)
    except QinwuError:
        return ()
    if close.first.size < LEAST_PAIRS:
        return ()
    usual = model.usual(later.x_m, later.y_m, later.received_s)
    said = [model.probability(pair_evidence(model, later, each, usual)) for each in (close, chance)]
    return _beyond_chance(later, (close, chance), said)


def _some(calls: PlacedCalls, kept: np.ndarray) -> PlacedCalls:
    at = np.flatnonzero(kept)
    return PlacedCalls(
        tuple(calls.ids[one] for one in at),
        tuple(calls.rows[one] for one in at),
        calls.received_s[at],
        calls.x_m[at],
        calls.y_m[at],
        tuple(calls.kinds[one] for one in at),
        calls.by_name,
    )


def _beyond_chance(calls: PlacedCalls, sides: tuple[Close, Close], said: list[F64]) -> tuple[BeyondChance, ...]:
    """Compare observed pairs with chance, by class of probability; intervals draw days (Bayesian bootstrap)."""
    day = np.floor(calls.received_s / DAY_S).astype(np.int64)
    days, day = np.unique(day, return_inverse=True)
    classes = len(EDGES) - 1
    tables = []
    for close, probability in zip(sides, said, strict=True):
        place = np.clip(np.searchsorted(EDGES, probability, "right") - 1, 0, classes - 1)
        cell = day[close.first] * classes + place
        tables.append(np.bincount(cell, close.weight, days.size * classes).reshape(days.size, classes))
    observed, chance = (table.sum(0) for table in tables)
    place = np.clip(np.searchsorted(EDGES, said[0], "right") - 1, 0, classes - 1)
    mean = np.bincount(place, said[0], classes) / np.maximum(observed, 1.0)
    weight = np.random.default_rng(1).exponential(size=(DRAWS, days.size))
    drawn = 1.0 - (weight @ tables[1]) / np.maximum(weight @ tables[0], 1e-9)
    tail = (1.0 - LEVEL) / 2.0
    low, high = np.quantile(drawn, [tail, 1.0 - tail], axis=0)
    return tuple(
        BeyondChance(
            int(observed[at]),
            float(chance[at]),
            float(mean[at]),
            float(1.0 - chance[at] / observed[at]),
            float(low[at]),
            float(high[at]),
        )
        for at in np.flatnonzero(observed)
    )
