"""Measures: pure functions of one run. To add one, write a function and name it in ``MEASURES`` and ``measures.toml``."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from qinwu.simulate.measures import curve, load, presence, response, teamwork
from qinwu.simulate.measures.value import Key, Value
from qinwu.simulate.run import Run
from qinwu.station.context import Context

Measure = Callable[[Run, Context], Iterator[Value]]

MEASURES: tuple[Measure, ...] = (
    response.response_times,
    response.places_and_hours,
    response.promises,
    response.response_clock,
    curve.response_curve,
    response.queueing,
    teamwork.full_crew,
    teamwork.own_beat,
    teamwork.effort,
    load.utilisation,
    load.hours,
    load.officers,
    presence.unattended,
    presence.coverage,
    presence.visibility,
)


def measure_run(run: Run, context: Context) -> dict[Key, float]:
    """Return every figure of one run."""
    return {key: value for measure in MEASURES for key, value in measure(run, context)}


__all__ = ["MEASURES", "Key", "Measure", "Value", "measure_run"]
