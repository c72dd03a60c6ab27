"""Proof sheet: what a plan is worth, how far it can be from the best, what held it back, and what it gave up."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from qinwu.findings import Finding

OPTIMAL_GAP = 1e-6
"""A relative gap up to which a plan is called optimal; solvers' own tolerances are of this size."""

Status = Literal["optimal", "bounded", "best_found"]


@dataclass(frozen=True, slots=True)
class Proof:
    """What is known of a plan. Everything is minimised.

    Parameters
    ----------
    objective
        What is minimised: an English catalogue entry, for example ``call-weighted travel``.
    unit
        Its unit: an English catalogue entry; empty for a pure number.
    value
        What the plan reaches.
    bound
        No plan that keeps the rules is below it; nan where nothing is proven.
    seconds
        How long it took.
    seed
        With it, and the same time where time cut it short, the same plan comes again.
    method
        How it was found: an English catalogue entry.
    interrupted
        Whether somebody stopped it; the plan is the best up to then.
    binding
        The rules that hold it back, each a note in the user's words.
    given_up
        Wishes not granted, soft rules bent, each a note in the user's words.
    """

    objective: str
    unit: str
    value: float
    bound: float
    seconds: float
    seed: int
    method: str
    interrupted: bool = False
    binding: tuple[Finding, ...] = ()
    given_up: tuple[Finding, ...] = ()

    @property
    def gap(self) -> float:
        """How far the plan may be above the best there is, as a share of its own value; nan where nothing is proven.

        >>> Proof("travel", "min", 100.0, 98.0, 1.0, 1, "search").gap
        0.02
        """
        if math.isnan(self.bound):
            return math.nan
        return max(0.0, (self.value - self.bound) / max(abs(self.value), 1e-12)) if self.value > self.bound else 0.0

    @property
    def status(self) -> Status:
        """``optimal`` where the bound meets the value, ``bounded`` where there is a gap, ``best_found`` where nothing is proven."""
        if math.isnan(self.gap):
            return "best_found"
        return "optimal" if self.gap <= OPTIMAL_GAP else "bounded"
