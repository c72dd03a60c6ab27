"""Calibration: what history taught, put into response plans, calls and the station's own files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from qinwu.duty.background import Background
from qinwu.duty.response_plan import F32, F64, ResponsePlan
from qinwu.simulate.background import with_background
from qinwu.simulate.stream import CallsMode, Stream, draw_stream
from qinwu.station.config import Travel
from qinwu.station.demand import CallSource

FIXED_S = 300.0
"""The travel time that bending leaves as it is."""


class Delay(NamedTuple):
    """From the ring of the phone to the first dispatcher's decision: mean seconds, and coefficient of variation (log-normal)."""

    mean_s: float
    spread: float


class Journey(NamedTuple):
    """From dispatch to arrival.

    ``turnout_s`` seconds before anybody moves; ``factor`` multiplies the stated travel times; ``hour_factor`` does so besides, by
    hour of the day (24 of them); ``spread`` is the coefficient of variation of one journey around its mean. ``power`` bends stated
    times about five minutes, so that twice the way takes 2**power times as long: 1 at a constant speed, 0.5 on short ways (the
    square-root law of Kolesar, Walker & Hausner 1975, Operations Research 23(4)).
    """

    turnout_s: float
    factor: float
    hour_factor: tuple[float, ...]
    spread: float
    power: float = 1.0


@dataclass(frozen=True, eq=False)
class HistoryFit:
    """What was fitted on one half of the record.

    Parameters
    ----------
    delay, journey
        None where the record has no stamps to fit them on.
    load
        Share of crew time that work outside the file asks for; nan where waits are unknown.
    load_low, load_high
        Loads between these explain the waits about equally well; nan where only one was tried.
    background
        That work, for the crews on duty under the system fitted.
    profile
        (load, misfit) for every load tried; the misfit is chi-square: about ``terms`` where the model is true.
    travel_misfit, place_misfit
        Chi-square of the journeys at the load chosen, all told and by atom; nan where journeys are unknown.
    terms
        Number of terms in the misfit of waits.
    unit, fitted, judged, calls, seed
        What the record was cut into, how many of them were fitted on and kept back, calls fitted on, and the seed of the cut.
    """

    delay: Delay | None
    journey: Journey | None
    load: float
    load_low: float
    load_high: float
    background: Background
    profile: tuple[tuple[float, float], ...]
    travel_misfit: float
    place_misfit: float
    terms: int
    unit: Literal["day", "week"]
    fitted: int
    judged: int
    calls: int
    seed: int

    @property
    def misfit(self) -> float:
        """Chi-square of waits, journeys and places together, to choose between structures fitted on the same half."""
        wait = min((misfit for _, misfit in self.profile), default=float("nan"))
        return float(np.nansum([wait, self.travel_misfit, self.place_misfit]))


def with_delay(plan: ResponsePlan, delay: Delay) -> ResponsePlan:
    """Return `plan` with this call-taking time; its own dispatch levels and hand-overs stay."""
    taking = plan.dispatching._replace(call_taking_s=delay.mean_s, call_taking_spread=delay.spread)
    return replace(plan, dispatching=taking)


def with_journey(plan: ResponsePlan, journey: Journey) -> ResponsePlan:
    """Return `plan` with these turn-out and travel times; its own hand-overs stay."""
    acknowledge = min(plan.dispatching.acknowledge_s, journey.turnout_s)
    turnout = plan.dispatching._replace(acknowledge_s=acknowledge, turnout_s=journey.turnout_s - acknowledge)
    hours: F64 = np.tile(np.asarray(journey.hour_factor), 7) * journey.factor
    area = plan.area._replace(travel_s=bent(plan.area.travel_s, journey.power), hour_factor=plan.area.hour_factor * hours)
    return replace(plan, dispatching=turnout, area=area)


def bent(travel_s: F32, power: float) -> F32:
    """Return travel times raised to `power`, one of five minutes staying as it is.

    >>> bent(np.array([75.0, 300.0, 1200.0], dtype=np.float32), 0.5).tolist()
    [150.0, 300.0, 600.0]
    """
    return travel_s if power == 1.0 else (FIXED_S * (travel_s / FIXED_S) ** power).astype(np.float32)


def calibrated(plan: ResponsePlan, fit: HistoryFit) -> ResponsePlan:
    """Return `plan` with what history taught of call-taking, turn-out and travel; who goes, in what order, stays its own."""
    if fit.delay is not None:
        plan = with_delay(plan, fit.delay)
    return plan if fit.journey is None else with_journey(plan, fit.journey)


def calibrated_source(source: CallSource, fit: HistoryFit) -> CallSource:
    """Return `source` with the fitted spread of journeys."""
    return source if fit.journey is None else replace(source, travel_spread=fit.journey.spread)


def calibrated_stream(
    source: CallSource, fit: HistoryFit, mode: CallsMode, seed: int, replication: int, weeks: int | None = None
) -> Stream:
    """Return one replication's calls with the fitted spread of journeys and the background work, for any compared system."""
    stream = draw_stream(calibrated_source(source, fit), mode, seed, replication, weeks)
    return stream if fit.background.none else with_background(stream, source, fit.background, seed, replication)


def _toml_text(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _assumption(key: str, zh: str, en: str, source: str) -> str:
    why = f"why = {{ zh = {_toml_text(zh)}, en = {_toml_text(en)} }}"
    return f"[[assumption]]\nkey = {_toml_text(key)}\n{why}\nsource = {_toml_text(source)}\n"


def _source_words(fit: HistoryFit) -> str:
    return f"qinwu validate, {fit.calls} calls of {fit.fitted} {fit.unit}s, seed {fit.seed}"


def station_toml(fit: HistoryFit, travel: Travel) -> str:
    """Return lines for ``station.toml``: travel as fitted, on top of what `travel` states now, and where it comes from.

    Keys already there are to be replaced.
    """
    pieces = []
    if fit.journey is not None:
        fitted = zip(travel.hour_factor, fit.journey.hour_factor, strict=True)
        factor = [round(min(max(stated * hour * fit.journey.factor, 0.01), 20.0), 3) for stated, hour in fitted]
        pieces.append(f"[travel]\nspread = {min(fit.journey.spread, 3.0):.2f}\nhour_factor = {factor}\n")
        zh = f"按本所记录拟合：实际行程是原设定的{fit.journey.factor:.2f}倍"
        en = f"Fitted to the station's record: journeys take {fit.journey.factor:.2f} times what was stated"
        if fit.journey.power != 1.0:
            zh += f"；路程加倍，时间只增加到{2**fit.journey.power:.1f}倍"
            en += f"; twice the way takes only {2**fit.journey.power:.1f} times as long"
        pieces.append(_assumption("travel.hour_factor", zh, en, _source_words(fit)))
    if np.isfinite(fit.load_low):
        low, load, high = (round(100 * x) for x in (fit.load_low, fit.load, fit.load_high))
        zh = f"警情表以外的工作约占在岗时间的{load}%（{low}%到{high}%都说得通），每件平均{fit.background.minutes:g}分钟"
        each = f"{fit.background.minutes:g} min each"
        en = f"Work outside the call file takes about {load}% of duty time ({low} to {high}% fit), {each}"
        pieces.append(f"[background]\nutilisation = {fit.load:.2f}\nminutes = {fit.background.minutes:g}\n")
        pieces.append(_assumption("background.utilisation", zh, en, _source_words(fit)))
    return "\n".join(pieces)


def duty_toml(fit: HistoryFit, plan: ResponsePlan) -> str:
    """Return lines for the ``[dispatch]`` table of a duty system: call-taking and turn-out as fitted."""
    lines = []
    if fit.delay is not None:
        spread, takers = min(fit.delay.spread, 3.0), plan.dispatching.takers
        lines.append(f"call_taking = {{ seconds = {fit.delay.mean_s:.0f}, spread = {spread:.2f}, takers = {takers} }}")
    if fit.journey is not None:
        ready = with_journey(plan, fit.journey).dispatching
        lines.append(f"acknowledge_s = {ready.acknowledge_s:.0f}\nturnout_s = {ready.turnout_s:.0f}")
    return "[dispatch]\n" + "\n".join(lines) + "\n" if lines else ""
