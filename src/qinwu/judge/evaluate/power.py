"""Power: what a pilot could show, before it begins, and what an evaluation could have shown.

Pilots are played on the places' own past: a start and treated places are drawn, counts after it are thinned by a stated share
(each event stays with the rest of the probability), and the test that decides is made. Spread between places, season, and months
that resemble their neighbours stay as they were.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from qinwu.findings import Finding, Place, QinwuError
from qinwu.judge.evaluate.choosing import membership
from qinwu.judge.evaluate.design import LEAST_BEFORE, LEAST_UNTREATED, Totals
from qinwu.judge.evaluate.estimate import ALPHA
from qinwu.judge.evaluate.panel import F64, I64, Panel
from qinwu.judge.evaluate.ratio import calibration, p_values, quantile, ratios
from qinwu.language import N_

POWER = 0.8
"""Chance of showing a difference that is there, at which a smallest difference is quoted."""
LONGEST_BEFORE = 3
"""Most years before a start that are used."""


def smallest_fall(error: float, freedom: float, power: float = POWER) -> float:
    """Return the smallest fall, as a share, that a test with this error (in logarithms) shows with probability `power`.

    >>> round(smallest_fall(0.1, 80.0), 3)
    0.247
    """
    return -math.expm1(-(quantile(freedom) + quantile(freedom, power)) * error)


@dataclass(frozen=True, slots=True)
class Pilot:
    """A pilot: how many treated places, how many periods after, and what it can show.

    Parameters
    ----------
    places, periods
        Treated places, periods after the start.
    chances
        Chance of showing each fall of the plan; the first is that of no fall at all, a false alarm.
    smallest
        Smallest fall shown with a chance of 80 %, by the formula from the mean error.
    """

    places: int
    periods: int
    chances: tuple[float, ...]
    smallest: float


@dataclass(frozen=True, slots=True)
class PilotPlan:
    """What pilots of several sizes could show: falls as shares, no fall first; pilots; plays of each; periods before; places."""

    falls: tuple[float, ...]
    pilots: tuple[Pilot, ...]
    draws: int
    before: int
    named: tuple[str, ...]


def plan_pilot(
    panel: Panel,
    falls: Sequence[float],
    lengths: Sequence[int],
    sizes: Sequence[int],
    named: Sequence[str] = (),
    draws: int = 500,
    seed: int = 1,
    on_done: Callable[[int], None] = lambda _: None,
) -> PilotPlan:
    """Return what pilots could show.

    Parameters
    ----------
    panel
        The past, without a reform in it.
    falls
        Falls to be shown, as shares, 0–1.
    lengths
        Periods after the start.
    sizes
        Numbers of treated places; ignored where places are `named`.
    named
        The places of the pilot; drawn each time where there are none.
    draws, seed
        How often each is played, with which luck.
    on_done
        Told how many pilots are done.

    Raises
    ------
    QinwuError
        Where the past is too short, or too few places are left untreated.
    """
    before = min(LONGEST_BEFORE * panel.season, panel.periods - max(lengths))
    sizes = (len(named),) if named else tuple(sizes)
    _check(panel, before, lengths, sizes)
    shares = (0.0, *falls)
    pilots = []
    streams = np.random.SeedSequence(seed).spawn(len(sizes) * len(lengths))
    for number, (size, length) in enumerate((size, length) for size in sizes for length in lengths):
        rng = np.random.default_rng(streams[number])
        fixed = panel.rows(tuple(named)) if named else None
        played = [_play(panel, before, length, size, fixed, shares, rng) for _ in range(draws)]
        chances = np.array([shown for shown, _ in played]).mean(0)
        error = float(np.mean([error for _, error in played]))
        smallest = smallest_fall(error, float(len(panel.units) - size - 1))
        pilots.append(Pilot(size, length, tuple(float(each) for each in chances), smallest))
        on_done(number + 1)
    return PilotPlan(shares, tuple(pilots), draws, before, tuple(named))


def _check(panel: Panel, before: int, lengths: Sequence[int], sizes: Sequence[int]) -> None:
    """Raise what makes a plan impossible."""
    wrong = []
    if before < max(LEAST_BEFORE, panel.season):
        message = N_("The file has {have} periods: too few to play a pilot of {longest} periods after a year before.")
        remedy = N_("Take a longer past, or a shorter pilot with --months.")
        wrong.append(Finding("too-short-past", "error", message, remedy, Place(), {"have": panel.periods, "longest": max(lengths)}))
    most = len(panel.units) - LEAST_UNTREATED
    if max(sizes) > most:
        message = N_("{treated} of {units} units treated leave too few to compare with.")
        remedy = N_("Treat at most {most}, or add places of the same kind.")
        values = {"treated": max(sizes), "units": len(panel.units), "most": most}
        wrong.append(Finding("too-few-untreated", "error", message, remedy, Place(), values))
    if wrong:
        raise QinwuError(wrong)


def _play(
    panel: Panel, before: int, length: int, size: int, fixed: I64 | None, shares: Sequence[float], rng: np.random.Generator
) -> tuple[list[bool], float]:
    """Return for each fall whether it was shown, and the error where there was none."""
    start = int(rng.integers(before, panel.periods - length + 1))
    treated = rng.choice(len(panel.units), size, replace=False) if fixed is None else fixed
    counts, base = panel.counts, panel.base
    old, new = slice(start - before, start), slice(start, start + length)
    totals = Totals(counts[:, old].sum(1), counts[:, new].sum(1), base[:, old].sum(1), base[:, new].sum(1))
    members = membership(np.asarray(treated, dtype=np.int64)[None, :], len(panel.units))
    scale = calibration(totals.of(np.flatnonzero(members[0] == 0.0)), size)
    found = [ratios(thinned(totals, treated, share, rng), members) for share in shares]
    judged = [each._replace(error=each.error * scale) for each in found]
    return [bool(p_values(each)[0] <= ALPHA) for each in judged], float(judged[0].error[0])


def thinned(totals: Totals, treated: I64, fall: float, rng: np.random.Generator) -> Totals:
    """Return totals in which each event of treated places after the start stays with probability 1 - `fall`."""
    after: F64 = totals.after.copy()
    if fall > 0.0:
        after[treated] = rng.binomial(np.rint(after[treated]).astype(np.int64), 1.0 - fall)
    return totals._replace(after=after)
