"""Cities for tests of the hypercube: published ones, random ones, and their steady state by brute force."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from qinwu.queueing.cube import HypercubeResult, hypercube, preference_lists

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
Flags = NDArray[np.bool_]
Rng = np.random.Generator


class City(NamedTuple):
    """What :func:`hypercube` is asked, in its order; ``district`` (J,) is the crew in whose beat each atom lies."""

    rates: F64
    preferences: I64
    service_rates: F64
    ties: Flags
    travel: F64 | None = None
    between: F64 | None = None
    district: I64 | None = None

    def solved(self, **more: Any) -> HypercubeResult:
        """Return what the hypercube answers; `more` are further arguments."""
        given = {"ties": self.ties, "travel": self.travel, "between": self.between} | more
        return hypercube(self.rates, self.preferences, self.service_rates, **given)

    def borrowed(self, result: HypercubeResult) -> float:
        """Return the share of calls that crews answer outside their beats."""
        assert self.district is not None
        return result.inter_beat_share(self.district)


def three_server_city() -> City:
    """Return the city of Larson & Odoni 1981, section 5.4.3; atoms with one list are one."""
    lists = np.array([[0, 1, 2], [0, 2, 1], [1, 0, 2], [2, 0, 1]])
    return City(np.array([0.5, 0.25, 0.35, 0.4]), lists, np.ones(3), np.zeros((4, 3), bool), district=np.array([0, 0, 1, 2]))


def linear_command(load: float) -> City:
    """Return nine units on a line of eighteen atoms, each unit at home in two (the shape of Larson 1974)."""
    place = np.arange(18) + 0.5
    between = np.abs(place[:, None] - place)
    travel = between.reshape(9, 2, 18).mean(axis=1)
    lists, ties = preference_lists(travel)
    return City(np.full(18, load * 9 / 18), lists, np.ones(9), ties, travel, between, np.arange(18) // 2)


def random_city(crews: int, load: float, seed: int, atoms: int = 71) -> City:
    """Return crews and atoms anywhere in a square, the nearest preferred; calls per unit of time that take `load` of all crews."""
    rng = np.random.default_rng(seed)
    atom, crew = rng.random((atoms, 2)), rng.random((crews, 2))
    travel = np.abs(crew[:, None] - atom[None]).sum(axis=-1)
    between = np.abs(atom[:, None] - atom[None]).sum(axis=-1)
    weight = rng.random(atoms)
    lists, ties = preference_lists(travel)
    return City(weight / weight.sum() * load * crews, lists, np.ones(crews), ties, travel, between, travel.argmin(axis=0))


def shortened(city: City, most: int) -> City:
    """Return the city where only the first `most` crews of each list go."""
    places = np.arange(len(city.service_rates)) < most
    return city._replace(preferences=np.where(places, city.preferences, -1), ties=city.ties & places)


def any_city(
    rng: Rng,
    crews: int,
    atoms: int,
    load: float,
    *,
    slowest: float = 1.0,
    tied: float = 0.0,
    partial: bool = False,
    travel: bool = False,
) -> City:
    """Return a city without geography.

    Parameters
    ----------
    load
        Calls over the capacity of all crews.
    slowest
        The least service rate over the greatest.
    tied
        How often a crew is as good as the one before it.
    partial
        Whether lists may leave out crews, and the first atom may have no calls.
    travel
        Whether there are travel times.
    """
    service = slowest ** rng.random(crews)
    lists = np.array([rng.permutation(crews) for _ in range(atoms)])
    length = rng.integers(1, crews + 1, atoms) if partial else np.full(atoms, crews)
    named = np.arange(crews) < length[:, None]
    ties = (rng.random((atoms, crews)) < tied) & named & (np.arange(crews) > 0)
    rates = rng.random(atoms) + 0.01
    if partial and atoms > 1:
        rates[0] = 0.0
    rates *= load * service.sum() / rates.sum()
    times = rng.random((crews, atoms)) if travel else None
    return City(rates, np.where(named, lists, -1), service, ties, times)


@st.composite
def cities(draw: st.DrawFn, most_crews: int = 7, most_load: float = 0.97, *, partial: bool = False, travel: bool = False) -> City:
    """Draw a city of any kind; hypothesis chooses its shape, numpy fills in the figures."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    crews, atoms = draw(st.integers(1, most_crews)), draw(st.integers(1, 8))
    load, slowest = draw(st.floats(0.02, most_load)), draw(st.sampled_from([1.0, 0.5, 0.1]))
    short = partial and draw(st.booleans())
    return any_city(
        rng, crews, atoms, load, slowest=slowest, tied=draw(st.sampled_from([0.0, 0.3, 1.0])), partial=short, travel=travel
    )


class Truth(NamedTuple):
    """The steady state by brute force: (2^N,) states, waiting calls in the last; crews' time; (N, J) shares; lost calls."""

    states: F64
    workload: F64
    undelayed: F64
    p_lost: float


def by_brute_force(city: City, line: str) -> Truth:
    """Walk every list in every state, write all balance equations in one matrix, and solve it by elimination."""
    crews, atoms = len(city.service_rates), len(city.rates)
    sent = np.zeros((crews, atoms, 1 << crews))
    flows = completions(city)
    for state in range(1 << crews):
        for atom in range(atoms):
            free = best_free(city, atom, state)
            for crew in free:
                sent[crew, atom, state] = 1.0 / len(free)
                flows[state, state | 1 << crew] += city.rates[atom] / len(free)
    states = balanced(flows)
    if line == "infinite":
        ratio = city.rates.sum() / city.service_rates.sum()
        states[-1] /= 1.0 - ratio
        found = (sent * states / states.sum())[..., :-1].sum(axis=-1)
        states /= states.sum()
    else:
        found = (sent * states).sum(axis=-1)
    part = city.rates / city.rates.sum()
    lost = 0.0 if line == "infinite" else float(1.0 - (found * part).sum())
    return Truth(states, busy_time(states, crews), found * part / (1.0 - lost), lost)


class PairTruth(NamedTuple):
    """Calls for two crews by brute force; names as in ``HypercubeResult`` and ``PairCalls``."""

    states: F64
    workload: F64
    p_one_only: float
    p_none: float
    first_travel: float
    second_travel: float
    pair_share: F64
    dispatch_share: F64
    p_lost: float


def pairs_by_brute_force(city: City, pair_rates: F64) -> PairTruth:
    """Send the first free crew of each list to single calls and the first two to pair calls, state by state (zero line)."""
    assert city.travel is not None
    crews, atoms = len(city.service_rates), len(city.rates)
    flows = completions(city)
    everywhere = [(state, atom) for state in range(1 << crews) for atom in range(atoms)]
    free = {(state, atom): all_free(city, atom, state)[:2] for state, atom in everywhere}
    for (state, atom), found in free.items():
        flows[state, state | mask(found[:1])] += city.rates[atom]
        flows[state, state | mask(found)] += pair_rates[atom]
    states = balanced(flows)
    one_only = none = soon = late = both = lost = 0.0
    share, pair_share = np.zeros((crews, atoms)), np.zeros((crews, atoms))
    for (state, atom), found in free.items():
        chance, pairs = states[state], states[state] * pair_rates[atom] / max(pair_rates.sum(), 1e-300)
        one_only += pairs * (len(found) == 1)
        none += pairs * (len(found) == 0)
        lost += chance * (city.rates[atom] + pair_rates[atom]) * (len(found) == 0)
        share[found[:1], atom] += chance * city.rates[atom]
        share[found, atom] += chance * pair_rates[atom]
        pair_share[found, atom] += pairs
        if len(found) == 2:
            times = city.travel[found, atom]
            soon, late, both = soon + pairs * times.min(), late + pairs * times.max(), both + pairs
    calls = city.rates.sum() + pair_rates.sum()
    return PairTruth(
        states,
        busy_time(states, crews),
        one_only,
        none,
        soon / both if both else np.nan,
        late / both if both else np.nan,
        pair_share / (1.0 - none),
        share / share.sum(),
        lost / calls,
    )


def all_free(city: City, atom: int, state: int) -> list[int]:
    """Return the free crews of a list in order."""
    return [int(crew) for crew in city.preferences[atom] if crew >= 0 and not state >> crew & 1]


def best_free(city: City, atom: int, state: int) -> list[int]:
    """Return the free crews of the first group of equals in which any is free."""
    best: list[int] = []
    for crew, tied in zip(city.preferences[atom], city.ties[atom], strict=True):
        if crew < 0 or (best and not tied):
            break
        if not state >> crew & 1:
            best.append(int(crew))
    return best


def mask(crews: list[int]) -> int:
    """Return crews as a set of bits."""
    return sum(1 << crew for crew in crews)


def completions(city: City) -> F64:
    """Return (2^N, 2^N) the rates from row to column at which crews finish."""
    crews = len(city.service_rates)
    flows = np.zeros((1 << crews, 1 << crews))
    for state in range(1 << crews):
        for crew in range(crews):
            if state >> crew & 1:
                flows[state, state ^ 1 << crew] = city.service_rates[crew]
    return flows


def balanced(flows: F64) -> F64:
    """Return the steady state of a chain with these flows from row to column; staying where one is does not count."""
    leaving = flows.sum(axis=1) - flows.diagonal()
    equations = flows.T - np.diag(flows.diagonal() + leaving)
    equations[-1] = 1.0
    solution: F64 = np.linalg.solve(equations, np.append(np.zeros(len(flows) - 1), 1.0))
    return solution


def busy_time(states: F64, crews: int) -> F64:
    """Return (N,) the share of time each crew is busy."""
    number = np.arange(len(states))
    return np.array([states[number >> crew & 1 == 1].sum() for crew in range(crews)])


def erlang_loss(servers: int, load: float) -> float:
    """Return the share of calls that find all servers busy and are lost (Erlang 1917)."""
    lost = 1.0
    for n in range(1, servers + 1):
        lost = load * lost / (n + load * lost)
    return lost


def erlang_delay(servers: int, load: float) -> float:
    """Return the share of calls that wait (Erlang 1917)."""
    lost = erlang_loss(servers, load)
    return lost / (1.0 - load / servers * (1.0 - lost))
