"""Verdict: whether a model that was set beside history deserves trust, and why.

The Kolmogorov-Smirnov distance has a plain meaning: however many minutes are promised, the simulated share of calls within the
promise is off by no more than so much. The limits say how much is borne:

* *trustworthy*: no share off by more than 10 points, and the time within which nine in ten were reached right to a quarter. Levels
  may be quoted.
* *usable with care*: no share of waits off by more than 20 points nor of journeys by more than 15, nine in ten right to a half.
  Levels should not be quoted; paired differences between systems may, since both share the error.
* *not to be trusted* otherwise, or where there are too few calls to tell.

Two tests of understanding go further than times all told, which a few fitted numbers can meet under a wrong structure: a model that
ranks places much worse than their own past does, or that does not know how much longer calls wait just after others, is at best
usable with care; so is one whose fitted figures could not be true.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import polars as pl

from qinwu.findings import Finding
from qinwu.language import N_
from qinwu.simulate.agreement import PlaceCheck, PressureCheck
from qinwu.simulate.calibration import HistoryFit

Verdict = Literal["trustworthy", "usable_with_care", "not_to_be_trusted"]
GRADES: tuple[Verdict, ...] = ("trustworthy", "usable_with_care", "not_to_be_trusted")
WORDS: dict[Verdict, str] = {
    "trustworthy": N_("trustworthy"),
    "usable_with_care": N_("usable with care"),
    "not_to_be_trusted": N_("not to be trusted"),
}
SHARES_OFF = {
    "wait": N_("Waits: simulated shares are off by up to {points} percentage points; more than {limit}."),
    "travel": N_("Journeys: simulated shares are off by up to {points} percentage points; more than {limit}."),
    "response": N_("Responses: simulated shares are off by up to {points} percentage points; more than {limit}."),
}
SLOW_CALLS_OFF = {
    "wait": N_("Waits: the time within which nine in ten were sent somebody is off by {percent} %; more than {limit} %."),
    "travel": N_("Journeys: the time within which nine in ten arrived is off by {percent} %; more than {limit} %."),
    "response": N_("Responses: the time within which nine in ten were reached is off by {percent} %; more than {limit} %."),
}
NOT_JUDGED = {
    "wait": N_("The record does not tell when calls were dispatched, so waits and journeys could not be looked at apart."),
    "travel": N_("The record does not tell journeys, from dispatch to arrival, so they could not be looked at."),
}
PRESSURE_UNKNOWN = {
    "crews": N_(
        "The model does not know how calls wait just after others that want the same crews: of 100 pairs such a call waited longer "
        "than one without in {observed}, in the simulation in {model}."
    ),
    "nearby": N_(
        "The model does not know how calls wait just after others nearby: of 100 pairs such a call waited longer than one without "
        "in {observed}, in the simulation in {model}."
    ),
}

TRUSTED_KS = 0.10
CAREFUL_KS = {"wait": 0.20, "travel": 0.15, "response": 0.15}
TRUSTED_P90 = 0.25
CAREFUL_P90 = 0.50
FEWEST_CALLS = 100
CALLS_FOR_TRUST = 200
"""With 200 calls the distance of a true model stays below 0.096 in 95 of 100 cases (Massart 1990: 1.358 / sqrt(n))."""
PAST_THAT_TELLS = 0.25
PLACE_SHARE = 0.5
PLACE_ERROR_BORNE = 1.25
PRESSURE_BORNE = 0.03
PRESSURE_SE = 2.5
"""A true model is wrongly blamed about once in eighty looks."""
FACTOR_LEAST, FACTOR_MOST = 0.4, 2.5
UNSERVED_BORNE = 0.01


class Reason(NamedTuple):
    """Why a grade is no better: the position of the best grade still possible, and the words."""

    grade: int
    words: Finding


def _reason(grade: int, code: str, message: str, remedy: str = "", **values: object) -> Reason:
    return Reason(grade, Finding(code, "note", message, remedy, values=values))


def judge(
    rows: pl.DataFrame, place: PlaceCheck | None = None, pressure: Sequence[PressureCheck] = (), fit: HistoryFit | None = None
) -> tuple[Verdict, tuple[Finding, ...]]:
    """Return the verdict on a model and every reason why it is no better.

    Parameters
    ----------
    rows
        Rows of :data:`qinwu.simulate.agreement.SCHEMA` for all calls kept back: one for each part of the response.
    place
        How it ranks places, where that could be looked at.
    pressure
        What it makes of calls just after others, where that could be looked at.
    fit
        The fitted figures, which must be such as could be true.
    """
    reasons = list(_coverage(rows))
    for row in rows.iter_rows(named=True):
        reasons += _distance(row)
        reasons += _tail(row)
        if row["unserved"] > UNSERVED_BORNE:
            message = N_("In the simulation nobody was ever sent to {percent} % of the calls.")
            remedy = N_("Check crews on duty and the tiers of the current system.")
            reasons.append(_reason(2, "calls-unserved", message, remedy, percent=round(100 * row["unserved"], 1)))
    reasons += _understanding(place, pressure)
    reasons += _plausible(fit)
    worst = max((reason.grade for reason in reasons), default=0)
    unique = {reason.words.text("en"): reason.words for reason in reasons}
    return GRADES[worst], tuple(unique.values())


def _coverage(rows: pl.DataFrame) -> Iterator[Reason]:
    parts = set(rows["part"])
    calls = max(rows["calls"].to_list(), default=0)
    if calls < CALLS_FOR_TRUST:
        message = N_("Only {calls} calls were kept back to judge by; chance alone may account for a distance of {chance} points.")
        chance = round(100 * 1.358 / np.sqrt(max(calls, 1)))
        grade = 1 if calls >= FEWEST_CALLS else 2
        yield _reason(grade, "few-calls-to-judge", message, N_("Add calls of more days."), calls=calls, chance=chance)
    for part in ("wait", "travel"):
        if part not in parts:
            yield _reason(1, "part-not-judged", NOT_JUDGED[part])


def _distance(row: dict[str, Any]) -> Iterator[Reason]:
    part, ks = row["part"], row["ks"]
    if ks > TRUSTED_KS:
        over = ks > CAREFUL_KS[part]
        limit = CAREFUL_KS[part] if over else TRUSTED_KS
        yield _reason(1 + over, "shares-off", SHARES_OFF[part], points=round(100 * ks), limit=round(100 * limit))


def _tail(row: dict[str, Any]) -> Iterator[Reason]:
    seen, done = row["observed_p90_s"], row["simulated_p90_s"]
    error = abs(done - seen) / seen if seen > 0 else 0.0
    if error > TRUSTED_P90:
        over = error > CAREFUL_P90
        percent = round(100 * error) if np.isfinite(error) else "∞"
        limit = round(100 * (CAREFUL_P90 if over else TRUSTED_P90))
        yield _reason(1 + over, "slow-calls-off", SLOW_CALLS_OFF[row["part"]], percent=percent, limit=limit)


def _understanding(place: PlaceCheck | None, pressure: Sequence[PressureCheck]) -> Iterator[Reason]:
    if place is not None and place.past >= PAST_THAT_TELLS and place.model < PLACE_SHARE * place.past:
        message = N_("The model does not know which places are far: rank correlation {model}, the past of the places alone {past}.")
        remedy = N_("Do not draw beats by it; look at where crews wait and at the roads.")
        yield _reason(1, "places-unknown", message, remedy, model=round(place.model, 2), past=round(place.past, 2))
    if place is not None and place.error > PLACE_ERROR_BORNE:
        message = N_("The model exaggerates how places differ: {error} times the error of one figure for all places.")
        remedy = N_("Do not draw beats by it; look at where crews wait and at the roads.")
        yield _reason(1, "places-exaggerated", message, remedy, error=round(place.error, 1))
    for check in pressure:
        if abs(check.model - check.observed) > max(PRESSURE_BORNE, PRESSURE_SE * check.se):
            values = {"observed": round(100 * check.observed), "model": round(100 * check.model)}
            remedy = N_("Do not set crew numbers by it; look at who may be sent where, and at the crews on duty.")
            yield _reason(1, "pressure-unknown", PRESSURE_UNKNOWN[check.rivals], remedy, **values)


def _plausible(fit: HistoryFit | None) -> Iterator[Reason]:
    if fit is not None and fit.journey is not None and not FACTOR_LEAST <= fit.journey.factor <= FACTOR_MOST:
        message = N_("To fit, journeys had to take {factor} times what was stated: nobody drives like that.")
        remedy = N_("Look at the speeds, at where crews wait and at how many are on duty.")
        yield _reason(1, "speed-implausible", message, remedy, factor=round(fit.journey.factor, 2))
    if fit is not None and len(fit.profile) > 1 and fit.load >= fit.profile[-1][0]:
        message = N_("The best load of work outside the file is the greatest that was tried, {load} %: the crews cannot be right.")
        remedy = N_("Look at how many crews are on duty and who may be sent where.")
        yield _reason(1, "load-at-the-edge", message, remedy, load=round(100 * fit.load))
