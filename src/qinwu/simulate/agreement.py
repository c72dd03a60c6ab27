"""Agreement: how near simulated times come to observed ones, by priority, time of day and place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import ks_2samp, rankdata, spearmanr

from qinwu.duty.calendar import HOUR_S
from qinwu.duty.response_plan import F64, I32
from qinwu.simulate.replay import PARTS, Times
from qinwu.station.demand import CallSource

FEWEST_IN_GROUP = 30
FEWEST_IN_ATOM = 8
FEWEST_ATOMS = 8
DAYPARTS = ("00-06", "06-12", "12-18", "18-24")
STEPS_S = (60.0, 30.0, 15.0, 6.0)
"""Steps in which clocks and exports round times: minutes, parts of them, tenths of a minute."""

SCHEMA: dict[str, pl.DataType] = {
    "model": pl.String(),
    "part": pl.String(),
    "by": pl.String(),
    "group": pl.String(),
    "calls": pl.Int64(),
    "ks": pl.Float64(),
    "observed_mean_s": pl.Float64(),
    "simulated_mean_s": pl.Float64(),
    "observed_p50_s": pl.Float64(),
    "simulated_p50_s": pl.Float64(),
    "observed_p90_s": pl.Float64(),
    "simulated_p90_s": pl.Float64(),
    "unserved": pl.Float64(),
}
"""The table of a history report: one row for each model, part of the response, and group of calls."""


class Group(NamedTuple):
    """Calls looked at together: what they are grouped by, the name of the group, and (n,) which calls."""

    by: str
    name: str
    calls: NDArray[np.bool_]


def groups_of(source: CallSource) -> Iterator[Group]:
    """Yield all calls, each priority, each quarter of the day and each hour of the day."""
    hour = (source.time_s // HOUR_S).astype(np.int64) % 24
    yield Group("all", "all", np.ones(len(source), dtype=bool))
    for p in range(4):
        yield Group("priority", str(p + 1), source.priority == p)
    for number, name in enumerate(DAYPARTS):
        yield Group("daypart", name, hour // 6 == number)
    for h in range(24):
        yield Group("hour", f"{h:02}", hour == h)


def ks_distance(observed: F64, simulated: F64) -> float:
    """Return the Kolmogorov-Smirnov distance of two samples, infinite values allowed.

    It is the largest difference, over every number of minutes, between the shares of calls within so many minutes.

    >>> ks_distance(np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    1.0
    """
    return float(ks_2samp(observed, simulated, method="asymp").statistic)


def step_of(observed: F64) -> float:
    """Return the step in which times were recorded, s: a minute where stamps have no seconds, less or 0 where they are finer.

    >>> step_of(np.array([60.0, 120.0, 300.0]))
    60.0
    """
    known = observed[np.isfinite(observed)]
    whole = (step for step in STEPS_S if len(known) and float(np.mean(np.abs(np.round(known / step) * step - known) < 0.01)) > 0.95)
    return next(whole, 0.0)


def recorded_like(simulated: F64, step_s: float) -> F64:
    """Return simulated times as the station's clock would have recorded them.

    >>> recorded_like(np.array([100.0]), 60.0).tolist()
    [120.0]
    """
    return np.round(simulated / step_s) * step_s if step_s > 0.0 else simulated


def quantile_s(x: F64, share: float) -> float:
    """Return the smallest time within which at least `share` of the calls were, infinite ones counted."""
    return float(np.quantile(x, share, method="inverted_cdf"))


def agreement(model: str, observed: Times, simulated: Times, groups: list[Group]) -> pl.DataFrame:
    """Return the rows of ``SCHEMA`` for one model.

    Parameters
    ----------
    model
        Its name in the table.
    observed
        (n,) times on record.
    simulated
        (R, n) times of the same calls.
    groups
        Groups of the n calls; those with fewer than 30 known times are left out.
    """
    rows = [
        _row(model, part, group, seen[group.calls], done[:, group.calls])
        for part, seen, done in zip(PARTS, observed, simulated, strict=True)
        for group in groups
        if np.isfinite(seen[group.calls]).sum() >= FEWEST_IN_GROUP
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _row(model: str, part: str, group: Group, observed: F64, simulated: F64) -> tuple[object, ...]:
    known = np.isfinite(observed)
    seen = observed[known]
    done = recorded_like(simulated[:, known].ravel(), step_of(seen))
    done = done[~np.isnan(done)]
    if not len(done):
        done = np.array([np.inf])
    served = done[np.isfinite(done)]
    return (
        model,
        part,
        group.by,
        group.name,
        len(seen),
        ks_distance(seen, done),
        float(seen.mean()),
        float(served.mean()) if len(served) else np.inf,
        quantile_s(seen, 0.5),
        quantile_s(done, 0.5),
        quantile_s(seen, 0.9),
        quantile_s(done, 0.9),
        1.0 - len(served) / len(done),
    )


class PlaceCheck(NamedTuple):
    """Whether the model knows which places are far.

    ``model`` is the rank correlation (Spearman 1904), over ``atoms`` atoms with enough calls, of their mean simulated and observed
    ``part`` on the days kept back; ``past`` that of the means on the days fitted on: what the past alone would have told. ``error``
    is the mean square error of the simulated means, less what chance adds to them; that of one figure for all atoms is 1, and more
    means that differences are exaggerated.
    """

    part: str
    atoms: int
    model: float
    past: float
    error: float


def place_check(observed: Times, simulated: Times, past: Times, atom: I32, past_atom: I32) -> PlaceCheck | None:
    """Compare atoms by journey, or by response where journeys are unknown; None where too few atoms have enough calls.

    Parameters
    ----------
    observed, simulated
        (n,) and (R, n) times of the calls kept back, in ``atom`` (n,).
    past
        (m,) observed times of the calls fitted on, in ``past_atom`` (m,).
    """
    part = "travel" if np.isfinite(observed.travel).sum() >= FEWEST_IN_GROUP else "response"
    seen, done, before = (getattr(times, part) for times in (observed, simulated, past))
    known = np.isfinite(seen)
    size = int(max(atom.max(initial=0), past_atom.max(initial=0))) + 1
    now, calls = _mean_by(seen[known], atom[known], size)
    was, calls_before = _mean_by(before[np.isfinite(before)], past_atom[np.isfinite(before)], size)
    finite = np.where(np.isfinite(done), done, np.nan)[:, known]
    at = np.broadcast_to(atom[known], finite.shape)[np.isfinite(finite)]
    model, served = _mean_by(finite[np.isfinite(finite)], at, size)
    noise = _squared_error(finite[np.isfinite(finite)], at, model, served)
    enough = (calls >= FEWEST_IN_ATOM) & (calls_before >= FEWEST_IN_ATOM) & (served > 0)
    if enough.sum() < FEWEST_ATOMS:
        return None
    now, model, was, weight = now[enough], model[enough], was[enough], calls[enough]
    error = float(np.average(np.square(now - model) - noise[enough], weights=weight))
    plain = float(np.average(np.square(now - np.average(now, weights=weight)), weights=weight))
    return PlaceCheck(part, len(now), rank_correlation(now, model), rank_correlation(now, was), error / max(plain, 1e-9))


def place_misfit(observed: F64, simulated: F64, atom: I32) -> float:
    """Return the chi-square of atoms' mean times: squared differences in units of the observed means' standard errors, summed.

    Parameters
    ----------
    observed, simulated
        (n,) and (R, n) seconds; atoms with fewer than 8 known times are left out.
    atom
        (n,) where each call was.
    """
    known = np.isfinite(observed) & np.isfinite(simulated).all(axis=0)
    seen, done, at = observed[known], simulated[:, known].mean(axis=0), atom[known]
    size = int(at.max(initial=0)) + 1
    mean, calls = _mean_by(seen, at, size)
    model, _ = _mean_by(done, at, size)
    square, _ = _mean_by(np.square(seen - mean[at]), at, size)
    enough = calls >= FEWEST_IN_ATOM
    variance = float((square * calls)[enough].sum() / max((calls - 1.0)[enough].sum(), 1.0))
    return float((calls * np.square(mean - model))[enough].sum() / max(variance, 1.0))


def _squared_error(x: F64, atom: I32, mean: F64, calls: F64) -> F64:
    """Return the squared standard error of each atom's mean."""
    square = np.bincount(atom, np.square(x - mean[atom]), minlength=len(mean))
    return np.asarray(square / np.maximum(calls - 1.0, 1.0) / np.maximum(calls, 1.0))


def _mean_by(x: F64, atom: I32, size: int) -> tuple[F64, F64]:
    calls = np.bincount(atom, minlength=size).astype(np.float64)
    return np.bincount(atom, x, minlength=size) / np.maximum(calls, 1.0), calls


def rank_correlation(x: F64, y: F64) -> float:
    """Return Spearman's rank correlation, 0 where one of the two is constant."""
    return 0.0 if np.ptp(x) == 0.0 or np.ptp(y) == 0.0 else float(spearmanr(x, y).statistic)


def chance_longer(x: F64, marked: NDArray[np.bool_]) -> float:
    """Return the chance that a marked call takes longer than an unmarked one (Mann & Whitney 1947), 0.5 where either is missing.

    >>> chance_longer(np.array([1.0, 2.0, 3.0]), np.array([False, False, True]))
    1.0
    """
    return chance_by_rank(rankdata(x), marked)


def chance_by_rank(rank: F64, marked: NDArray[np.bool_]) -> float:
    """Return :func:`chance_longer` from the ranks of times (1 the shortest, ties sharing their mean rank)."""
    n = int(marked.sum())
    others = len(rank) - n
    if n == 0 or others == 0:
        return 0.5
    return float((rank[marked].sum() - n * (n + 1) / 2) / (n * others))


class PressureCheck(NamedTuple):
    """Whether the model knows how much longer calls wait that come just after others.

    The chance that a call with other calls just before it (see :mod:`qinwu.simulate.pressure`) waits longer than one without:
    ``observed`` with standard error ``se``, and ``model``. ``calls`` of them came just after others, of the ``rivals`` named.
    """

    rivals: str
    calls: int
    observed: float
    se: float
    model: float


def pressure_check(rivals: str, observed: Times, simulated: Times, pressed: NDArray[np.bool_]) -> PressureCheck | None:
    """Compare pressed calls with others by wait, or by response where waits are unknown; None where either are too few."""
    part = "wait" if np.isfinite(observed.wait).sum() >= FEWEST_IN_GROUP else "response"
    seen, done = getattr(observed, part), getattr(simulated, part)
    known = np.isfinite(seen)
    marked = pressed[known]
    among, others = int(marked.sum()), int((~marked).sum())
    if min(among, others) < FEWEST_IN_GROUP:
        return None
    model = float(np.mean([chance_longer(one[known], marked) for one in done]))
    return PressureCheck(rivals, among, chance_longer(seen[known], marked), chance_se(among, others), model)


def chance_se(among: int, others: int) -> float:
    """Return the standard error of :func:`chance_longer` for so many marked and unmarked calls of one distribution."""
    return float(np.sqrt((1.0 / among + 1.0 / others) / 12.0))
