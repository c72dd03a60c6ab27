"""Markov chains by brute force: every state within bounds is written down, and the balance equations are solved."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.linalg import spsolve

State = TypeVar("State")
Moves = Callable[[State], Iterable[tuple[State, float]]]


def steady_state(start: State, moves: Moves[State]) -> dict[State, float]:
    """Return the probability of each state that can be reached from `start`, to which the chain must return."""
    number, states = {start: 0}, [start]
    source, target, rate = [], [], []
    for here, state in enumerate(states):
        for reached, often in moves(state):
            if reached not in number:
                number[reached] = len(states)
                states.append(reached)
            source += [here, here]
            target += [number[reached], here]
            rate += [often, -often]
    flow = coo_array((rate, (target, source)), shape=(len(states), len(states))).tocsc()
    weight = np.concatenate([[1.0], spsolve(flow[1:, 1:], -flow[1:, [0]].toarray().ravel())])
    return dict(zip(states, (weight / weight.sum()).tolist(), strict=True))


def mean(chain: dict[State, float], value: Callable[[State], float]) -> float:
    """Return the mean of `value` over the states."""
    return sum(chance * value(state) for state, chance in chain.items())
