"""Live: which open calls a new one may repeat, in milliseconds; whoever takes the call decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qinwu.forecast.leads.duplicate_model import REACH_M, REASONS, WINDOW_S, DuplicateModel, Reason

LEAST_SAID = 0.05
"""Probability below which an open call is not named."""


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call on the board.

    Parameters
    ----------
    id
        Its number.
    received_s
        Seconds from Monday 1970-01-05 on the station's clock, as in :class:`PlacedCalls`.
    x_m, y_m
        Metres in the plane that the model was learnt in.
    kind
        Class, empty where it is not known yet.
    """

    id: str
    received_s: float
    x_m: float
    y_m: float
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An open call that a new one may repeat: probability, what each reason adds to the log-odds, metres and minutes apart."""

    id: str
    probability: float
    reasons: dict[Reason, float]
    metres: float
    minutes: float


def duplicates_of(
    call: OpenCall, open_calls: Sequence[OpenCall], model: DuplicateModel, least: float = 0.05
) -> tuple[Duplicate, ...]:
    """Return the open calls that a new call may repeat, likeliest first; a human decides.

    Parameters
    ----------
    call, open_calls
        The new call, and those that are open; the call itself among them is passed over.
    model
        As :func:`learn_duplicates` gives it.
    least
        Probability below which a call is not named.
    """
    others = [each for each in open_calls if each.id != call.id]
    if not others:
        return ()
    x, y, at = (np.array([getattr(each, name) for each in others]) for name in ("x_m", "y_m", "received_s"))
    metres = np.hypot(x - call.x_m, y - call.y_m)
    seconds = np.abs(at - call.received_s)
    near = np.flatnonzero((metres <= REACH_M) & (seconds <= WINDOW_S))
    if not near.size:
        return ()
    here = model.usual(np.array([call.x_m]), np.array([call.y_m]), np.array([call.received_s]))
    usual = np.sqrt(model.usual(x[near], y[near], at[near]) * here)
    same = np.array([bool(call.kind) and others[place].kind == call.kind for place in near])
    share = np.full(near.size, model.share.get(call.kind, min(model.share.values(), default=1.0)))
    evidence = model.evidence(metres[near], seconds[near] / 60.0, same, share, usual)
    probability = model.probability(evidence)
    reasons = model.monotone.contributions(evidence)
    found = [
        Duplicate(
            others[place].id,
            float(probability[row]),
            dict(zip(REASONS, reasons[row].tolist(), strict=True)),
            float(metres[place]),
            float(seconds[place] / 60.0),
        )
        for row, place in enumerate(near)
        if probability[row] >= least
    ]
    return tuple(sorted(found, key=lambda each: (-each.probability, each.id)))
