"""Functional beats 特业专勤: the venues of a station shared out among specialists who have the hours, each venue to exactly one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from qinwu.findings import Finding, QinwuError
from qinwu.language import N_
from qinwu.plan.beats.aims import BeatAims
from qinwu.plan.beats.keeping import kept
from qinwu.plan.beats.problem import Today, make_problem
from qinwu.plan.beats.search import search
from qinwu.plan.beats.workload import HOUR_S, INSPECTION_DAYS, Workload
from qinwu.plan.effort import Running
from qinwu.queueing.supply import AWAY, HOURS_PER_WEEK
from qinwu.station.atoms import named
from qinwu.station.demand import read_source
from qinwu.station.station import Station

F64 = NDArray[np.float64]
Divide = Literal["trade", "area"]

MOST_EXCHANGES = 1000


@dataclass(frozen=True, slots=True)
class FunctionalBeat:
    """One functional beat: its trades (empty: all), its atoms (empty: everywhere), its venues, and hours a week due by what for."""

    id: str
    officer: str
    kinds: tuple[str, ...]
    atoms: tuple[str, ...]
    venues: tuple[str, ...]
    inspection_h: float
    call_h: float

    @property
    def due_h(self) -> float:
        """Hours a week of the specialist."""
        return self.inspection_h + self.call_h

    def row(self) -> dict[str, Any]:
        """Return it as an item of a duty file."""
        row: dict[str, Any] = {
            "id": self.id,
            "name": {"zh": f"特业 {self.id}", "en": f"Venues {self.id}"},
            "kind": "functional",
            "venue_kinds": list(self.kinds),
            "atoms": list(self.atoms),
        }
        return {**row, "officer": self.officer} if self.officer else row


@dataclass(frozen=True)
class FunctionalPlan:
    """Functional beats and the hours a week each specialist has; every one has at least the hours that are due."""

    beats: tuple[FunctionalBeat, ...]
    hours: float
    divide: Divide


def plan_functional(
    station: Station,
    officers: Sequence[str],
    run: Running,
    divide: Divide = "trade",
    hours: float = HOURS_PER_WEEK * (1.0 - AWAY),
    inspection_days: Mapping[str, float] = INSPECTION_DAYS,
) -> FunctionalPlan:
    """Share the venues of a station out among specialists.

    Parameters
    ----------
    station
        With venues.
    officers
        Ids of the specialists; as many functional beats.
    run
        The clock.
    divide
        ``trade``: each specialist has whole trades everywhere; ``area``: all trades in a contiguous part of the area.
    hours
        Hours a week that one specialist has for inspections and venue calls, > 0.
    inspection_days
        Days between inspections by grade, > 0.

    Raises
    ------
    QinwuError
        There are no venues or no specialists, or a specialist would have more due than hours: the trades or parts are named, with
        the number of specialists and the interval that would do.
    """
    wrong = []
    if not station.venues:
        wrong.append(Finding("no-venues", "error", N_("The station has no venues."), N_("Add a venues file.")))
    if not officers:
        wrong.append(Finding("no-specialists", "error", N_("No specialist is named."), N_("Name at least one officer.")))
    if wrong:
        raise QinwuError(wrong)
    inspection, calls = _due(station, inspection_days)
    groups = (
        _by_trade(station, inspection + calls, len(officers))
        if divide == "trade"
        else _by_area(station, inspection + calls, len(officers), run)
    )
    beats = []
    for number, (officer, (kinds, atoms)) in enumerate(zip(officers, groups, strict=True), start=1):
        mine = [at for at, v in enumerate(station.venues) if (not kinds or v.kind in kinds) and (not atoms or v.atom in atoms)]
        name = "F" if len(officers) == 1 else f"F{number}"
        ids = tuple(station.venues[at].id for at in mine)
        beats.append(FunctionalBeat(name, officer, kinds, atoms, ids, float(inspection[mine].sum()), float(calls[mine].sum())))
    too_much = [_overloaded(beat, hours, sum(one.due_h for one in beats)) for beat in beats if beat.due_h > hours]
    if too_much:
        raise QinwuError(too_much)
    return FunctionalPlan(tuple(beats), hours, divide)


def _due(station: Station, days: Mapping[str, float]) -> tuple[F64, F64]:
    """Return (V,) hours a week of inspecting each venue, and of the venue calls of its atom shared among the venues there."""
    inspection = np.array([venue.inspection_min / 60.0 * 7.0 / days[venue.grade] for venue in station.venues])
    calls = np.zeros(len(station.venues))
    if len(station.calls):
        source = read_source(station)
        venue_class = np.array([one.kind == "venue" for one in station.config.call_class])
        mine = venue_class[source.call_class]
        seconds = (source.service.on_scene_s + source.service.wrap_up_s)[source.call_class[mine]]
        by_atom = np.bincount(source.atom[mine], seconds, len(station.area)) / HOUR_S / source.weeks
        at = np.array([station.area.index[venue.atom] for venue in station.venues])
        calls = by_atom[at] / np.bincount(at, minlength=len(station.area))[at]
    return inspection, calls


def _by_trade(station: Station, due: F64, count: int) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return the trades of each specialist: longest first to the least loaded, then exchanges while the largest load falls."""
    trades = sorted({venue.kind for venue in station.venues})
    if count == 1:
        return [((), ())]
    if count > len(trades):
        message = N_("There are {count} specialists for {trades} trades.")
        remedy = N_("Divide by area instead, or name fewer specialists.")
        raise QinwuError(
            [Finding("more-specialists-than-trades", "error", message, remedy, values={"count": count, "trades": len(trades)})]
        )
    hours = {trade: float(sum(h for h, v in zip(due, station.venues, strict=True) if v.kind == trade)) for trade in trades}
    share: list[list[str]] = [[] for _ in range(count)]
    for trade in sorted(trades, key=lambda one: -hours[one]):
        min(share, key=lambda some: (sum(hours[one] for one in some), len(some))).append(trade)
    for _ in range(MOST_EXCHANGES):
        if not _exchanged(share, hours):
            break
    return [(tuple(sorted(some)), ()) for some in share]


def _exchanged(share: list[list[str]], hours: Mapping[str, float]) -> bool:
    """Make the exchange or move that lowers the busiest load most; return whether there was one."""
    load = [sum(hours[one] for one in some) for some in share]
    top = int(np.argmax(load))
    best, change = load[top] - 1e-9, None
    for other in range(len(share)):
        if other == top:
            continue
        for one in share[top]:
            for back in ("", *share[other]):
                step = hours[one] - hours.get(back, 0.0)
                after = max(load[top] - step, load[other] + step)
                if after < best and len(share[top]) > (0 if back else 1):
                    best, change = after, (other, one, back)
    if change is None:
        return False
    other, one, back = change
    share[top].remove(one)
    share[other].append(one)
    if back:
        share[other].remove(back)
        share[top].append(back)
    return True


def _by_area(station: Station, due: F64, count: int, run: Running) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Return contiguous parts of the area with even hours, drawn like beats."""
    if count == 1:
        return [((), ())]
    hours = np.zeros(len(station.area))
    np.add.at(hours, [station.area.index[venue.atom] for venue in station.venues], due)
    work = Workload({"": hours}, hours)
    nobody = Today((), np.full(len(station.area), -1, dtype=np.int32))
    problem = make_problem(station, work, BeatAims(beats=(count, count), within=0.2), nobody, count)
    found = search(problem, lambda _share: run.interrupted, run.effort.seed, most_passes=2)
    if found is None:
        message = N_("The area cannot be divided into {count} connected parts.")
        raise QinwuError([Finding("no-parts", "error", message, N_("Divide by trade instead."), values={"count": count})])
    return [((), atoms) for atoms in kept(found.plan).atoms.values()]


def _overloaded(beat: FunctionalBeat, hours: float, total: float) -> Finding:
    message = N_("Specialist {officer} would have {due} hours a week due ({venues}), but has {hours}.")
    remedy = N_("Name {count} specialists, or inspect {factor} times less often.")
    factor = beat.inspection_h / max(hours - beat.call_h, 1e-9)
    values = {
        "officer": beat.officer,
        "due": f"{beat.due_h:.1f}",
        "hours": f"{hours:.1f}",
        "venues": ", ".join(beat.kinds) or named(list(beat.venues)),
        "count": int(np.ceil(total / hours)),
        "factor": f"{factor:.1f}" if hours > beat.call_h else "∞",
    }
    return Finding("specialist-overloaded", "error", message, remedy, values=values)
