"""Proof sheet in words: what was minimised, how near the best it is, what held it back, what was given up."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from qinwu.language import N_, Language
from qinwu.plan.proof import OPTIMAL_GAP, Proof
from qinwu.report.sheet import Sheet
from qinwu.report.words import Speaking, number

TENTHS = 100.0
"""Below it figures are told with two digits after the point."""


@dataclass(frozen=True)
class ProofSheet(Speaking):
    """Tells a proof in one language."""

    proof: Proof
    language: Language

    def verdict(self) -> str:
        """Return how good the plan is, in one sentence."""
        proof = self.proof
        if proof.status == "optimal":
            said = self.say(N_("Proven: no plan under these rules is better."))
        elif proof.status == "bounded":
            said = self.say(N_("Proven: no plan under these rules is more than {gap} better."), gap=self.percent(proof.gap))
        else:
            said = self.say(N_("The best found; how much better a plan could be is not proven."))
        stopped = self.say(N_("It was stopped before it was done.")) if proof.interrupted else ""
        return self.speaker.sentences([said, stopped])

    def percent(self, share: float) -> str:
        """Return a small share as per cent, with the digits it needs.

        >>> ProofSheet(Proof("", "", 1, 1, 1, 1, ""), "en").percent(0.0004)
        '0.04%'
        """
        if share <= OPTIMAL_GAP:
            return "0%"
        return f"{share:.1%}" if share >= 0.01 else f"{share:.2%}" if share >= 0.0001 else f"{share:.4%}"

    def amount(self, value: float) -> str:
        """Return a value of the objective with its unit."""
        digits = 2 if abs(value) < TENTHS else 1
        return self.speaker.with_unit(number(value, digits), self.say(self.proof.unit))

    def lines(self) -> tuple[tuple[str, str], ...]:
        """Return what is known, name and value."""
        proof = self.proof
        bound = self.say(N_("not proven")) if math.isnan(proof.bound) else self.amount(proof.bound)
        gap = self.say(N_("unknown")) if math.isnan(proof.gap) else self.percent(proof.gap)
        return (
            (self.say(N_("minimised")), self.say(proof.objective)),
            (self.say(N_("reached")), self.amount(proof.value)),
            (self.say(N_("cannot be below")), bound),
            (self.say(N_("gap")), gap),
            (self.say(N_("how")), self.say(proof.method)),
            (self.say(N_("time")), self.say(N_("{seconds} s"), seconds=number(proof.seconds, 1))),
            (self.say(N_("seed")), str(proof.seed)),
        )

    def binding(self) -> tuple[str, ...]:
        """Return the rules that hold the plan back."""
        return tuple(each.text(self.language) for each in self.proof.binding)

    def given_up(self) -> tuple[str, ...]:
        """Return what the plan gave up."""
        return tuple(each.text(self.language) for each in self.proof.given_up)

    def sheet(self) -> Sheet:
        """Return everything as a table."""
        held, lost = self.say(N_("holds it back")), self.say(N_("given up"))
        rows = [(self.say(N_("verdict")), self.verdict()), *self.lines()]
        rows += [(held, each) for each in self.binding()] + [(lost, each) for each in self.given_up()]
        return Sheet(self.say(N_("Proof sheet")), (), (self.say(N_("what")), self.say(N_("value"))), tuple(rows), (22, 90))

    def as_data(self) -> dict[str, Any]:
        """Return everything as plain data."""
        proof = self.proof
        return {
            "objective": proof.objective,
            "unit": proof.unit,
            "value": proof.value,
            "bound": proof.bound,
            "gap": proof.gap,
            "status": proof.status,
            "method": proof.method,
            "seconds": round(proof.seconds, 3),
            "seed": proof.seed,
            "interrupted": proof.interrupted,
            "binding": [each.code for each in proof.binding],
            "given_up": [each.code for each in proof.given_up],
        }
