"""Validation against history: how well the model, fitted on one half of the record, reproduces the other.

The current duty system is run on the station's real calls, at their exact times and places. What the files cannot say (how long
dispatching takes, how fast crews really travel, how much other work they have) is fitted on days or weeks drawn at random; how far
simulated waits and journeys are from observed ones is told for the others only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from qinwu.duty.background import Background
from qinwu.duty.compile import compile_plan
from qinwu.duty.response_plan import I64, ResponsePlan
from qinwu.duty.system import DutySystem
from qinwu.findings import Finding, QinwuError
from qinwu.language import N_, Language
from qinwu.simulate.agreement import FEWEST_IN_GROUP, PlaceCheck, PressureCheck, agreement, groups_of, place_check, pressure_check
from qinwu.simulate.calibration import HistoryFit, calibrated, calibrated_source, duty_toml, station_toml
from qinwu.simulate.fitting import LOADS, fit_history
from qinwu.simulate.halves import Halves, halve, inside, spans_of
from qinwu.simulate.pressure import pressed
from qinwu.simulate.replay import Times, observed_times, replay, simulated_times, some_calls
from qinwu.simulate.verdict import Verdict, judge
from qinwu.station.demand import CallSource, read_source
from qinwu.station.station import Station

NO_BACKGROUND = Background(np.zeros(168), 30.0)


@dataclass(frozen=True, eq=False)
class HistoryReport:
    """How far the model is from history, on the half of the record it was not fitted on.

    Parameters
    ----------
    system
        Id of the current duty system.
    fit
        What was fitted, and on how much.
    table
        Columns of :data:`qinwu.simulate.agreement.SCHEMA`. ``model`` is ``fitted``, ``stated`` (as the files say, nothing fitted)
        or ``naive`` (times drawn from the half fitted on, whatever the call: what can be had without any model).
    place
        Whether it knows which places are far; None where too few atoms have enough calls.
    pressure
        Whether it knows how much longer calls wait that come just after others, by rivals (``crews`` or ``nearby``); empty where
        too few do.
    verdict, reasons
        Whether it deserves trust, and why no more.
    station_toml, duty_toml
        Lines for ``station.toml`` and for the duty system's file with what was fitted.
    """

    system: str
    fit: HistoryFit
    table: pl.DataFrame
    place: PlaceCheck | None
    pressure: tuple[PressureCheck, ...]
    verdict: Verdict
    reasons: tuple[Finding, ...]
    station_toml: str
    duty_toml: str

    def figure(self, part: str, column: str, model: str = "fitted", by: str = "all", group: str = "all") -> float:
        """Return one figure of the table, nan where it has none."""
        wanted = (pl.col("part") == part, pl.col("model") == model, pl.col("by") == by, pl.col("group") == group)
        found = self.table.filter(*wanted)[column]
        return float(found[0]) if len(found) else float("nan")

    def text(self, language: Language) -> str:
        """Return the report in plain words."""
        from qinwu.simulate.history_words import words

        return words(self, language)


def validate_history(
    station: Station,
    system: DutySystem,
    *,
    fit_share: float = 0.5,
    seed: int = 1,
    replications: int = 5,
    minutes: float = 30.0,
    loads: tuple[float, ...] = LOADS,
    powers: tuple[float, ...] = (1.0,),
) -> HistoryReport:
    """Fit the model of a station's current duty system on part of its record and judge it on the rest.

    Parameters
    ----------
    station
        A station whose calls have places and at least some of the stamps dispatched and arrived.
    system
        The duty system it worked by while the calls were recorded.
    fit_share
        Share of the days (weeks, in a record of eight and more without gaps) to fit on, drawn at random, in (0, 1).
    seed
        Fixes which, and every other draw.
    replications
        Runs to judge by, >= 1.
    minutes
        Mean length of a job of background work; a statement, since waits hardly tell it.
    loads
        Background loads to try, ascending; ``(0.0,)`` for none.
    powers
        How travel may grow with the way: 1 at a constant speed, 0.5 by the square-root law of short ways. ``station.toml`` has no
        key for others than 1, so they are tried only when asked for.

    Raises
    ------
    QinwuError
        The system does not compile, or the record is too short or without stamps.
    """
    plan, source = compile_plan(station, system), read_source(station)
    observed = observed_times(station.calls)
    halves = halve(source.time_s, fit_share, seed)
    _require_stamps(observed, halves)
    fit = fit_history(plan, source, observed, halves, seed=seed, minutes=minutes, loads=loads, powers=powers)
    table, place, pressure = judge_half(plan, source, observed, halves, fit, replications)
    verdict, reasons = judge(table.filter(pl.col("model") == "fitted", pl.col("by") == "all"), place, pressure, fit)
    lines = station_toml(fit, station.config.travel), duty_toml(fit, plan)
    return HistoryReport(system.id, fit, table, place, pressure, verdict, reasons, *lines)


def _require_stamps(observed: Times, halves: Halves) -> None:
    known = [
        min(int(np.isfinite(part[halves.calls(units)]).sum()) for units in (halves.fitted, halves.judged)) for part in observed
    ]
    if max(known) < FEWEST_IN_GROUP:
        message = N_(
            "Only {count} calls in one half of the record tell when somebody was dispatched or arrived; {least} are needed."
        )
        remedy = N_("Map the columns of dispatch and arrival in the reading profile, or add calls that have them.")
        values = {"count": max(known), "least": FEWEST_IN_GROUP}
        raise QinwuError([Finding("no-stamps-to-validate", "error", message, remedy, values=values)])


def judge_half(
    plan: ResponsePlan, source: CallSource, observed: Times, halves: Halves, fit: HistoryFit, replications: int
) -> tuple[pl.DataFrame, PlaceCheck | None, tuple[PressureCheck, ...]]:
    """Return the table of a report and what else was checked, from runs on the half kept back.

    Calls of the fitted half that fall between those kept back are run too, so that crews are as busy as they were, but never
    compared.
    """
    kept, used = halves.calls(halves.judged), halves.calls(halves.fitted)
    spans = spans_of(source.time_s[kept])
    near = inside(source.time_s, spans)
    ours = some_calls(source, near)
    seen = Times(*(np.where(kept, part, np.nan)[near] for part in observed))
    runs = {
        "fitted": replay(calibrated(plan, fit), calibrated_source(ours, fit), fit.background, spans, fit.seed, replications),
        "stated": replay(plan, ours, NO_BACKGROUND, spans, fit.seed, replications),
    }
    done = {model: simulated_times(run) for model, run in runs.items()}
    past = observed.at(used)
    done["naive"] = drawn_from(past, (replications, len(ours)), fit.seed)
    groups = list(groups_of(ours))
    table = pl.concat([agreement(model, seen, times, groups) for model, times in done.items()])
    place = place_check(seen, done["fitted"], past, ours.atom, source.atom[used])
    checks = (pressure_check(rivals, seen, done["fitted"], marked) for rivals, marked in pressed(plan, ours).items())
    return table, place, tuple(check for check in checks if check is not None)


def drawn_from(past: Times, shape: tuple[int, int], seed: int) -> Times:
    """Return times drawn from those on record for other days, whatever the call: the baseline for every model."""
    rng = np.random.default_rng([seed, 11])
    rows: I64 = rng.integers(0, len(past.wait), shape)
    known = [part[np.isfinite(part)] for part in past]
    drawn = [part[rows % len(part)] if len(part) else np.full(shape, np.nan) for part in known]
    return Times(*drawn)
