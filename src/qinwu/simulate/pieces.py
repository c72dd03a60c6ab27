"""Pieces: what simulated waits and journeys are made of, so that they can be had under other figures without running again."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from qinwu.duty.response_plan import F64, ResponsePlan
from qinwu.simulate.calibration import Delay, Journey
from qinwu.simulate.replay import Replay
from qinwu.simulate.stream import unit_lognormal


class Guess(NamedTuple):
    """Delay and journeys on the way to the fit."""

    delay: Delay
    journey: Journey


class Pieces(NamedTuple):
    """What waits and journeys are made of, each (R, n): draws of call-taking, the wait besides it, hand-overs, and the road."""

    taking: F64
    queue: F64
    hand_over: F64
    road: F64

    def wait(self, delay: Delay) -> F64:
        """Return waits under another delay, as long as nobody would have been sent elsewhere for it."""
        return self.queue + delay.mean_s * unit_lognormal(self.taking, delay.spread)

    def travel(self, turnout_s: float, factor: float, spread: float, noise: F64) -> F64:
        """Return journeys under other turn-out, speed and spread."""
        return self.hand_over + turnout_s + factor * self.road * unit_lognormal(noise, spread)


def take_apart(plan: ResponsePlan, guess: Guess, replays: tuple[Replay, ...]) -> Pieces:
    """Return the pieces of what runs of `plan` with `guess` gave; calls nobody went to have waited for ever."""
    d, extra = plan.dispatching, plan.crew.extra_travel_s
    pieces = []
    for each in replays:
        c, taking = each.calls, each.stream.taking
        row = d.row[c["priority"], c["call_class"], c["atom"]]
        hand_over = d.hand_over_s[row, np.maximum(c["tier"], 0)] + extra[np.maximum(c["crew"], 0)]
        journey = np.nan_to_num(each.times.travel, nan=np.inf)
        rest = np.maximum(journey - guess.journey.turnout_s, 0.0)
        hand_over = np.minimum(hand_over, rest)
        taken = guess.delay.mean_s * unit_lognormal(taking, guess.delay.spread)
        pieces.append((taking, each.times.wait - taken, hand_over, (rest - hand_over) / guess.journey.factor))
    return Pieces(*(np.stack(piece) for piece in zip(*pieces, strict=True)))
