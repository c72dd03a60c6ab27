"""Roster problems like those of a police station, drawn from a seed: watches, leave, wishes, rest, hours, nights shared fairly."""

from __future__ import annotations

import numpy as np

from qinwu.plan.roster.problem import HARD, Balance, Bool, Cover, RosterProblem

WATCHES = ("early", "late", "night")
MINUTES = 480
SATURDAY = 5


def station(people: int, days: int, seed: int = 1, pairs: int = 0) -> RosterProblem:
    """Return a station's problem.

    Parameters
    ----------
    people, days
        Officers, and days from a Monday on; somewhat more duties are wanted than they can give.
    seed
        Of leave, wishes, and what everybody had before.
    pairs
        So many pairs of officers have the same watches.
    """
    draw = np.random.default_rng(seed)
    allowed = np.ones((people, days, len(WATCHES)), np.bool_)
    for person in np.nonzero(draw.random(people) < 0.4)[0]:
        first = draw.integers(0, days - 4)
        allowed[person, first : first + draw.integers(3, 8)] = False
    trained = draw.random((people, len(WATCHES))) < np.array([1.0, 1.0, 0.85])
    allowed &= trained[:, None, :]
    on_cost = draw.integers(1, 5, allowed.shape) * (draw.random(allowed.shape) < 0.15).astype(float)
    off_cost = draw.integers(1, 4, (people, days)) * (draw.random((people, days)) < 0.1).astype(float)
    saturdays = np.arange(SATURDAY, days, 7, dtype=np.int32)
    weekend = np.isin(np.arange(days) % 7, (SATURDAY, SATURDAY + 1))
    same = np.ones(people, np.int32)
    everybody = np.ones(people, np.bool_)
    night = np.array([False, False, True])
    there = allowed.any(axis=2).sum(axis=1)
    return RosterProblem(
        people=tuple(f"P{number:03d}" for number in range(people)),
        shifts=WATCHES,
        minutes=np.full(len(WATCHES), MINUTES, np.int32),
        allowed=allowed,
        follow=np.array([[1, 1, 1], [2, 1, 1], [2, 2, 1]], np.int32),
        most=np.full((people, len(WATCHES)), days, np.int32),
        minutes_low=(there * MINUTES * 0.45).astype(np.int32),
        minutes_high=np.minimum(there * MINUTES * 0.72, 20 * MINUTES * days / 28).astype(np.int32),
        week_high=np.full((people, -(-days // 7)), 6 * MINUTES, np.int32),
        week_of=(np.arange(days) // 7).astype(np.int32),
        run_low=same.copy(),
        run_high=same * 6,
        off_low=same.copy(),
        weekends_high=same * (days // 7 - 1),
        weekends=np.stack([saturdays, saturdays + 1], axis=1),
        nights=night,
        night_run_high=same * 3,
        before=np.zeros((people, 0), np.int32),
        on_cost=on_cost,
        off_cost=off_cost,
        cover=_covers(people, everybody, weekend),
        together=tuple((2 * pair, 2 * pair + 1) for pair in range(pairs)),
        balance=(Balance("nights", night, np.ones(days, np.bool_), trained[:, 2], draw.integers(0, 3, people).astype(float), 2.0),),
    )


def _covers(people: int, everybody: Bool, weekend: Bool) -> tuple[Cover, ...]:
    """Return a hard need that always has room, and what is wanted beyond it."""
    covers = []
    for place, share in enumerate((0.30, 0.24, 0.19)):
        shifts = np.arange(len(WATCHES)) == place
        wanted = np.where(weekend, 0.85, 1.0) * share * people
        least = np.floor(0.7 * wanted).astype(np.int32)
        covers.append(Cover(f"{WATCHES[place]} least", shifts, everybody, least, under=HARD))
        covers.append(Cover(f"{WATCHES[place]} wanted", shifts, everybody, np.round(wanted).astype(np.int32), under=10.0, over=1.0))
    return tuple(covers)
