"""Predicting: what the closed forms say of a beat plan once it is a duty system: cross-beat share, response, load of officers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qinwu.duty.compile import compile_plan
from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.system import DutySystem
from qinwu.findings import QinwuError
from qinwu.plan.beats.duty_part import SectorRow, proposed
from qinwu.plan.beats.plan import BeatPlan
from qinwu.queueing.analysis import Analysis, analyse
from qinwu.station.demand import CallSource
from qinwu.station.station import Station

F64 = NDArray[np.float64]
WEEKS = 1
"""Weeks of the duty cycle that a prediction looks at: enough to compare plans."""


@dataclass(frozen=True)
class Prediction:
    """What a compiled plan does by closed form.

    Parameters
    ----------
    plan
        Who goes.
    analysis
        Hour by hour and crew by crew.
    """

    plan: ResponsePlan
    analysis: Analysis

    @property
    def cross_beat(self) -> float:
        """Share of calls whose first crew on the scene is not the beat's own; nan where beats have no crews."""
        return 1.0 - self.analysis.figures.get(("own_beat_share", "all", "all", "share"), float("nan"))

    @property
    def response_s(self) -> float:
        """Mean seconds from the ring of the phone to the first arrival."""
        return self.analysis.figures.get(("response_s", "all", "all", "mean"), float("nan"))


def predict(
    station: Station, system: DutySystem, source: CallSource, plan: BeatPlan, sectors: Sequence[SectorRow] = ()
) -> Prediction | None:
    """Return what the closed forms say of a plan, None where the system cannot be compiled with it."""
    try:
        compiled = compile_plan(station, proposed(station, system, plan, sectors))
    except QinwuError:
        return None
    return Prediction(compiled, analyse(station, compiled, source, compiled, WEEKS))
