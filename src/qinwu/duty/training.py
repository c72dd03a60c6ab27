"""Training effect (M21): what officers who hold a skill gain in time at calls, as a parameter whose source somebody states.

A trained officer's time is multiplied by the effect's factor. Trials do not know beforehand who goes, so a plan multiplies the time
of all such calls by the mean over the officers in its crews: with a share *s* of them trained, by 1 + *s* (factor - 1). Train more
of them, and the mean follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from qinwu.duty.crews import Crew
from qinwu.duty.order import PRIORITIES, fits
from qinwu.duty.response_plan import F64
from qinwu.duty.system import DutySystem, TrainingEffect
from qinwu.station.config import CallClass


def trained_share(crews: Sequence[Crew], skill: str) -> tuple[int, int]:
    """Return how many of the officers in crews hold a skill, and how many officers there are; each officer once."""
    officers = {one.id: skill in one.skills for crew in crews for one in crew.officers}
    return sum(officers.values()), len(officers)


def mean_factor(effect: TrainingEffect, crews: Sequence[Crew]) -> float:
    """Return what an effect multiplies the time of its calls by, over all crews; 1 where nobody is trained."""
    trained, everybody = trained_share(crews, effect.skill)
    return 1.0 + (trained / everybody if everybody else 0.0) * (effect.factor - 1.0)


def training_pace(effects: Sequence[TrainingEffect], classes: Sequence[CallClass], crews: Sequence[Crew]) -> F64:
    """Return (4, C) what training multiplies the time of each priority and class by: all effects that fit, together."""
    found = np.ones((len(PRIORITIES), len(classes)))
    for effect in effects:
        factor = mean_factor(effect, crews)
        for p, number in np.ndindex(*found.shape):
            if fits(effect.calls, classes[number], PRIORITIES[p]):
                found[p, number] *= factor
    return found


def effects_in(system: DutySystem, crews: Sequence[Crew]) -> Iterator[tuple[TrainingEffect, int, int, float]]:
    """Yield each effect of a duty system with how many officers in its crews are trained, of how many, and the mean factor."""
    for effect in system.dispatch.training:
        yield effect, *trained_share(crews, effect.skill), mean_factor(effect, crews)
