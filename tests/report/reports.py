"""Tiny reports: nine atoms, two or three duty systems, three short replications; and reports with made-up figures."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from qinwu.duty.compile import compile_plan
from qinwu.duty.response_plan import F64
from qinwu.duty.system import DutySystem
from qinwu.report.report import Report, build_report
from qinwu.simulate.engine import Job
from qinwu.simulate.measures.value import Key
from qinwu.simulate.outcome import Comparison, Outcome, compare
from qinwu.station.config import Assumption, Text
from qinwu.station.context import Context
from qinwu.station.demand import read_source
from qinwu.station.station import Station
from tests import stations

URGENT = Key("response_s", "priority", "1", "p90")
HOURS = Key("duty_hours", "all", "all", "mean")
CLASSES = ("robbery", "theft", "dispute", "help", "hotel")


def busy_station() -> Station:
    """Return nine atoms with 600 calls over three weeks."""
    rng = np.random.default_rng(1)
    hours = np.sort(rng.uniform(0.0, 504.0, 600))
    rows = [(float(hour), CLASSES[rng.integers(5)], f"a{rng.integers(1, 10)}") for hour in hours]
    return stations.station(stations.grid_area(3, 3), stations.officers(8, 6, command=1, administration=2), (), rows)


def solo() -> DutySystem:
    """Return the nine-atom system without sectors: own beat, then anyone."""
    base = stations.nine_atom_system().model_dump()
    base |= {
        "id": "solo",
        "name": {"zh": "单干", "en": "Solo"},
        "quote": "“单干”为主",
        "mechanisms": ("M2",),
        "pair": (),
        "sector": (),
    }
    tiers = [{"who": "own_beat"}, {"who": "station", "after_s": 300, "hand_over_s": 120, "refusal": 0.3, "wait_s": 300}]
    base["dispatch"]["order"] = [{"id": "all", "tiers": tiers, "support": [{"who": "station"}]}]
    base["assumption"] = [{"key": "dispatch.order.all", "why": {"zh": "估计五分钟", "en": "Five minutes, estimated"}}]
    return DutySystem.model_validate(base)


def pool() -> DutySystem:
    """Return the nine-atom system with calls to anybody and no officer of a beat on the road."""
    base = stations.nine_atom_system().model_dump()
    base |= {"id": "pool", "name": {"zh": "合成一池", "en": "Pool"}, "pair": (), "sector": ()}
    base["squad"] = [
        {"id": "duty", "name": {"zh": "值班", "en": "Duty"}, "function": "patrol", "staff": {"sworn": "rest", "auxiliary": "rest"}}
    ]
    base["crews"] = [base["crews"][1]]
    base["dispatch"]["order"] = [{"id": "all", "tiers": [{"who": "station"}]}]
    return DutySystem.model_validate(base)


@cache
def small_report(replications: int = 3, systems: int = 3) -> Report:
    """Return the comparison of one to three systems at the busy station."""
    station = busy_station()
    chosen = (solo(), stations.nine_atom_system(), pool())[:systems]
    plans = tuple(compile_plan(station, system) for system in chosen)
    job = Job(plans, read_source(station), Context.of(station), "weeks", 7, 2)
    return build_report(station, chosen, plans, compare(job, [system.id for system in chosen], replications))


def made_up(*columns: dict[Key, F64]) -> Report:
    """Return a report whose systems have exactly these figures: for each system, replications by key."""
    base = small_report()
    systems = tuple(
        base.systems[1].model_copy(update={"id": f"s{at}", "name": Text(zh=f"方案{at}", en=f"System {at}")})
        for at in range(len(columns))
    )
    outcomes = tuple(
        Outcome(f"s{at}", tuple(figures), np.column_stack(list(figures.values()))) for at, figures in enumerate(columns)
    )
    runs = len(outcomes[0].samples)
    comparison = Comparison(outcomes, "weeks", 1, 2.0, runs)
    return replace(base, systems=systems, plans=(base.plans[1],) * len(columns), comparison=comparison)


def with_assumption(report: Report, text: str) -> Report:
    """Return the report with one more assumption of the station, of this text in both languages."""
    more = (*report.station.config.assumption, Assumption(key="travel.speed_kmh", why=Text(zh=text, en=text)))
    return with_words(report, assumption=more)


def with_words(report: Report, **changed: object) -> Report:
    """Return the report with what its station says of itself changed; figures worked out from calls stand, as no call changed."""
    config = report.station.config.model_copy(update=changed)
    told = replace(report, station=replace(report.station, config=config))
    told.__dict__["analyses"] = report.analyses
    return told
