"""Origin: what taught the forecast. Residents' reports count in full; what officers found says where officers were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

F64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Origin:
    """What taught.

    Parameters
    ----------
    reported
        Events that residents reported.
    discovered, other
        Events that officers found, and of any other or unknown origin.
    counted
        What the events that officers found count together, by the dose of patrol; 0 where none is known.
    """

    reported: int
    discovered: int
    other: int
    counted: float

    @property
    def passed(self) -> bool:
        """Whether what officers found is out, or counts for less than it numbers."""
        return self.discovered == 0 or self.counted < self.discovered


def weigh_by_origin(origin: Sequence[str | None], dose: F64 | None = None) -> tuple[F64, Origin]:
    """Return (n,) what each event counts, and an account.

    Parameters
    ----------
    origin
        ``resident``, ``officer`` or any other word of each event.
    dose
        (n,) patrol at the place of each event, in any unit, > 0. What officers found is divided by it, the least dose counting in
        full: an event found twice as likely because patrol was there twice as long counts half. Left out where None.
    """
    names = np.array([each or "unknown" for each in origin], dtype=object)
    resident, officer = names == "resident", names == "officer"
    weight = resident.astype(np.float64)
    if dose is not None and officer.any():
        known = np.isfinite(dose) & (dose > 0.0)
        used = officer & known
        weight[used] = dose[known].min() / dose[used]
    counted = float(weight[officer].sum())
    return weight, Origin(int(resident.sum()), int(officer.sum()), int((~resident & ~officer).sum()), counted)
