"""The words of a history report, for people who run a station."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from qinwu.language import N_, Language, translate
from qinwu.simulate.agreement import DAYPARTS
from qinwu.simulate.calibration import HistoryFit
from qinwu.simulate.history import HistoryReport
from qinwu.simulate.replay import PARTS
from qinwu.simulate.verdict import WORDS

UNITS = {"day": N_("days"), "week": N_("weeks")}
HALF_AND_NINE = {
    "wait": N_(
        "Wait from the call to dispatch: half within {seen50} min (simulated {done50}), nine in ten within {seen90} (simulated "
        "{done90}). Whatever the limit, the simulated share of calls within it is off by at most {points} percentage points."
    ),
    "travel": N_(
        "Journey from dispatch to arrival: half within {seen50} min (simulated {done50}), nine in ten within {seen90} (simulated "
        "{done90}). Whatever the limit, the simulated share of calls within it is off by at most {points} percentage points."
    ),
    "response": N_(
        "Response from the call to arrival: half within {seen50} min (simulated {done50}), nine in ten within {seen90} (simulated "
        "{done90}). Whatever the limit, the simulated share of calls within it is off by at most {points} percentage points."
    ),
}
HELD_AGAINST = N_(
    "For comparison: as the files state it, nothing fitted, {stated} points; times of the fitted half drawn at random, {naive} "
    "points (which says nothing about another duty system)."
)
BY_DAYPART = {
    "wait": N_("Wait by time of day (points off): {items}."),
    "travel": N_("Journey by time of day (points off): {items}."),
    "response": N_("Response by time of day (points off): {items}."),
}
PLACES = N_(
    "Places: over {atoms} atoms, simulated and observed times rank alike with correlation {model}; the past of each place alone "
    "gives {past}. The error is {error} times that of one figure for all places."
)
PRESSURE = {
    "crews": N_(
        "Just after other calls for the same crews: of 100 pairs such a call waited longer than one without in {observed}, in the "
        "simulation in {model} (50: crews are never short)."
    ),
    "nearby": N_(
        "Just after other calls nearby: of 100 pairs such a call waited longer than one without in {observed}, in the simulation "
        "in {model}."
    ),
}
DELAY = N_("Dispatching takes {minutes} min on average before anybody is looked for, from call to call ± {spread} %.")
JOURNEY = N_("Journeys take {factor} times what was stated, after {turnout} s to turn out, from journey to journey ± {spread} %.")
POWER = N_("Twice the way takes only {times} times as long.")
JOURNEY_HOURS = N_("Travel by time of day, besides: {items}.")
LOAD = N_(
    "Work outside the call file takes about {load} % of crews' time, {crews} crews at a time (jobs of {minutes} min, a statement); "
    "loads from {low} to {high} % would have explained the waits about as well."
)
LOAD_STATED = N_("Work outside the call file was taken to be {load} % of crews' time; no other load was tried.")
LOAD_UNKNOWN = N_("How much work there is outside the call file cannot be told without recorded waits.")
LIMITS = N_(
    "Trustworthy: no share off by more than 10 points, nine in ten right to 25 %. Usable with care: 20 points for waits, 15 for "
    "journeys and responses, nine in ten right to 50 %: then compare systems, but quote no levels."
)


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.1f}" if np.isfinite(seconds) else "∞"


def _points(share: float) -> str:
    return f"{100 * share:.0f}"


def words(report: HistoryReport, language: Language) -> str:
    """Return the whole report, a line for each thing said."""
    return "\n".join(line for block in (_verdict, _parts, _understanding, _fitted) for line in block(report, language))


def _say(language: Language, text: str, **values: object) -> str:
    return translate(text, language).format(**values)


def _verdict(report: HistoryReport, language: Language) -> Iterator[str]:
    verdict = translate(WORDS[report.verdict], language)
    yield _say(language, N_("Does the model of {system} deserve trust? {verdict}."), system=report.system, verdict=verdict)
    fit = report.fit
    split = N_("Fitted on {fitted} of {total} {unit} drawn at random (seed {seed}, {calls} calls), judged on the other {judged}.")
    counts = {"fitted": fit.fitted, "total": fit.fitted + fit.judged, "judged": fit.judged, "calls": fit.calls, "seed": fit.seed}
    yield _say(language, split, unit=translate(UNITS[fit.unit], language), **counts)
    yield from (f"- {reason.text(language)}" for reason in report.reasons)


def _parts(report: HistoryReport, language: Language) -> Iterator[str]:
    for part in PARTS:
        row = report.table.filter(pl.col("part") == part, pl.col("model") == "fitted", pl.col("by") == "all")
        if not len(row):
            continue
        names = {"seen50": "observed_p50_s", "done50": "simulated_p50_s", "seen90": "observed_p90_s", "done90": "simulated_p90_s"}
        values = {name: _minutes(row[column][0]) for name, column in names.items()}
        yield _say(language, HALF_AND_NINE[part], points=_points(row["ks"][0]), **values)
        others = {model: _points(report.figure(part, "ks", model)) for model in ("stated", "naive")}
        yield "  " + _say(language, HELD_AGAINST, **others)
        known = [(name, report.figure(part, "ks", by="daypart", group=name)) for name in DAYPARTS]
        items = ", ".join(f"{name} {_points(ks)}" for name, ks in known if np.isfinite(ks))
        if items:
            yield "  " + _say(language, BY_DAYPART[part], items=items)


def _understanding(report: HistoryReport, language: Language) -> Iterator[str]:
    if report.place is not None:
        model, past = f"{report.place.model:.2f}", f"{report.place.past:.2f}"
        yield _say(language, PLACES, atoms=report.place.atoms, model=model, past=past, error=f"{report.place.error:.2f}")
    for check in report.pressure:
        yield _say(language, PRESSURE[check.rivals], observed=_points(check.observed), model=_points(check.model))


def _fitted(report: HistoryReport, language: Language) -> Iterator[str]:
    fit = report.fit
    if fit.delay is not None:
        yield _say(language, DELAY, minutes=_minutes(fit.delay.mean_s), spread=_points(fit.delay.spread))
    if fit.journey is not None:
        values = {"factor": f"{fit.journey.factor:.2f}", "turnout": f"{fit.journey.turnout_s:.0f}"}
        yield _say(language, JOURNEY, spread=_points(fit.journey.spread), **values)
        if fit.journey.power != 1.0:
            yield _say(language, POWER, times=f"{2**fit.journey.power:.1f}")
        hours = fit.journey.hour_factor[::6]
        items = ", ".join(f"{name} ×{factor:.2f}" for name, factor in zip(DAYPARTS, hours, strict=True) if factor != 1.0)
        if items:
            yield _say(language, JOURNEY_HOURS, items=items)
    yield _load(fit, language)
    yield translate(LIMITS, language)


def _load(fit: HistoryFit, language: Language) -> str:
    if not np.isfinite(fit.load):
        return translate(LOAD_UNKNOWN, language)
    if len(fit.profile) == 1:
        return _say(language, LOAD_STATED, load=_points(fit.load))
    shares = {"load": _points(fit.load), "low": _points(fit.load_low), "high": _points(fit.load_high)}
    crews = f"{fit.background.busy.mean():.1f}"
    return _say(language, LOAD, crews=crews, minutes=f"{fit.background.minutes:g}", **shares)
