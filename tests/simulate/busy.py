"""A busy small station, its plan, and a job of two systems: what the tests of the simulate room share."""

from __future__ import annotations

import dataclasses
from functools import cache

import numpy as np

from qinwu.duty.compile import compile_plan
from qinwu.duty.response_plan import ResponsePlan
from qinwu.simulate.engine import Job
from qinwu.simulate.stream import CallsMode
from qinwu.station.context import Context
from qinwu.station.demand import CallSource, read_source
from qinwu.station.station import Station
from tests.stations import CALL_CLASSES, calls, six_atom_system, six_atoms

WEEKS = 10


@cache
def busy_station() -> Station:
    """Return the six atoms with 1,500 random calls in ten weeks."""
    rng = np.random.default_rng(7)
    rows = zip(
        rng.uniform(0, 168 * WEEKS, 1500), rng.choice([c.id for c in CALL_CLASSES], 1500), rng.integers(1, 7, 1500), strict=True
    )
    return dataclasses.replace(six_atoms(), calls=calls([(float(h), str(c), f"a{a}") for h, c, a in sorted(rows)]))


@cache
def busy_plan() -> ResponsePlan:
    """Return one officer one beat at the busy station."""
    return compile_plan(busy_station(), six_atom_system())


@cache
def slow_plan() -> ResponsePlan:
    """Return the same with ten minutes lost on a second dispatch level: slower in every measure of response."""
    system = six_atom_system()
    dispatch = system.dispatch.model_copy(update={"levels": 2, "level_s": 600.0})
    return compile_plan(busy_station(), system.model_copy(update={"dispatch": dispatch}))


def busy_source() -> CallSource:
    """Return the calls of the busy station as the simulator draws them."""
    return read_source(busy_station())


def busy_job(mode: CallsMode = "weeks", seed: int = 3) -> Job:
    """Return a job that compares the two plans."""
    return Job((busy_plan(), slow_plan()), busy_source(), Context.of(busy_station()), mode, seed)
