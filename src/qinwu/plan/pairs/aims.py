"""What a good pair is: how much wishes, experience, skills, shifts and a common border weigh, and the rules that hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal

from qinwu.findings import Finding, Place
from qinwu.language import N_

HEAVIEST = 100.0


@dataclass(frozen=True, slots=True)
class Aims:
    """What the planner of pairs aims at.

    Parameters
    ----------
    wishes, experience, skills, shifts, border
        Weights, 0 to 100: how far each got whom he or she asked for; one old with one new 新老搭配; what both together can do
        强弱搭配; how many shifts both can work; beats that border each other.
    full_gap
        Years of service between two officers beyond which a greater gap adds nothing, > 0.
    unnamed
        Colleagues whom an officer does not name: ``last`` come after those named, all alike; ``never`` are refused.
    odd
        Of an odd number, one stays ``alone``, or joins a pair as a third (``trio``).
    """

    wishes: float = 2.0
    experience: float = 1.0
    skills: float = 1.0
    shifts: float = 1.0
    border: float = 1.0
    full_gap: float = 10.0
    unnamed: Literal["last", "never"] = "last"
    odd: Literal["alone", "trio"] = "alone"

    @property
    def weights(self) -> dict[str, float]:
        """The weights by name."""
        return {each.name: getattr(self, each.name) for each in fields(self)[:5]}

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong with the aims."""
        for name, weight in self.weights.items():
            if not 0.0 <= weight <= HEAVIEST:
                message, remedy = N_("The weight of {name} is {value}."), N_("Use a number from 0 to {most}.")
                yield Finding("bad-weight", "error", message, remedy, Place(), {"name": name, "value": weight, "most": HEAVIEST})
        if not any(self.weights.values()):
            yield Finding(
                "no-aim", "error", N_("Every weight is 0: any pairing is as good."), N_("Give at least one aim a weight.")
            )
        if not self.full_gap > 0.0:
            message, remedy = N_("A full gap of {value} years is none."), N_("Use a number of years above 0.")
            yield Finding("bad-gap", "error", message, remedy, Place(), {"value": self.full_gap})


AIMS = Aims()
