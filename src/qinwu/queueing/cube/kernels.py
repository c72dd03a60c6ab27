"""Compiled loops over the states of a hypercube.

A state is a bit mask: bit n is set while crew n is busy. Every transition flips one bit, so states with an even number of busy
crews depend only on those with an odd number and the other way round. The two halves are kept apart: ``half[parity][t]`` is the
state whose bits above the lowest are t and whose lowest bit makes the number of busy crews even (parity 0) or odd (1). A sweep then
updates one half from the other in any order, with vector instructions, and successive over-relaxation has its classical theory
(Young 1971, Iterative Solution of Large Linear Systems, ch. 5-6: the matrix has property A).

The coefficients of a sweep are laid out once in the order in which it reads them, tile by tile of 2^``tile_bits`` states: those of
crew 0 for every state, those of crews inside the tile for the half of the states in which they are busy, those of other crews for
tiles in which they are busy. Where a crew is free the coefficient is its service rate and is not stored.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qinwu.compiled import entry, inner
from qinwu.duty.response_plan import F64, I64

Coefficients = NDArray[Any]
"""float64, or float32 where memory is short; sums are always taken in float64."""


@inner
def parity_of(mask: int) -> int:
    """Return 1 where an odd number of bits is set, for masks below 2^32."""
    mask ^= mask >> 16
    mask ^= mask >> 8
    mask ^= mask >> 4
    mask ^= mask >> 2
    mask ^= mask >> 1
    return mask & 1


@inner
def count_of(mask: int) -> int:
    """Return how many bits are set."""
    count = 0
    while mask:
        mask &= mask - 1
        count += 1
    return count


@entry
def subset_sums(values: F64, bits: int) -> None:
    """Replace ``values[mask]`` by its sum over all subsets of the mask (Yates 1937, the fast zeta transform)."""
    for b in range(bits):
        bit = 1 << b
        for start in range(0, 1 << bits, bit << 1):
            for i in range(start, start + bit):
                values[i + bit] += values[i]


@entry
def superset_sums(values: F64, bits: int) -> None:
    """Replace ``values[mask]`` by its sum over all supersets of the mask."""
    for b in range(bits):
        bit = 1 << b
        for start in range(0, 1 << bits, bit << 1):
            for i in range(start, start + bit):
                values[i] += values[i + bit]


@entry
def arrivals_to(crew: int, busy: I64, rate: F64, first: int, last: int, table: F64, crews: int) -> None:
    """Fill ``table`` (2^(crews-1),) with the rate of calls to `crew` by who else is busy, its own bit squeezed out."""
    table[:] = 0.0
    low = (1 << crew) - 1
    for m in range(first, last):
        table[(busy[m] & low) | ((busy[m] >> (crew + 1)) << crew)] += rate[m]
    subset_sums(table, crews - 1)


@entry
def tile_starts(crews: int, tile_bits: int) -> I64:
    """Return where the coefficients of each tile begin, and their number last."""
    size = 1 << tile_bits
    tiles = 1 << (crews - 1 - tile_bits)
    starts = np.zeros(tiles + 1, np.int64)
    for tile in range(tiles):
        starts[tile + 1] = starts[tile] + size + tile_bits * (size >> 1) + count_of(tile) * size
    return starts


@entry
def lay_out(crew: int, table: F64, service_rate: float, parity: int, tile_bits: int, starts: I64, stream: Coefficients) -> None:
    """Write the coefficients of one crew, for states of one parity, where the sweep will read them."""
    size = 1 << tile_bits
    half = size >> 1
    for tile in range(len(starts) - 1):
        at = starts[tile]
        odd = parity_of(tile) ^ parity
        b = crew - 1
        if crew == 0:
            for i in range(size):
                busy = parity_of(i) ^ odd
                stream[at + i] = table[tile * size + i] if busy else service_rate
        elif b < tile_bits:
            at += size + b * half
            low = (1 << b) - 1
            for k in range(half):
                i = ((k & ~low) << 1) | (1 << b) | (k & low)
                stream[at + k] = table[((tile * half + k) << 1) | (parity_of(i) ^ odd)]
        elif tile >> (b - tile_bits) & 1:
            low = (1 << (b - tile_bits)) - 1
            at += size + tile_bits * half + count_of(tile & low) * size
            there = (tile & low) | ((tile >> (b - tile_bits + 1)) << (b - tile_bits))
            for i in range(size):
                stream[at + i] = table[((there * size + i) << 1) | (parity_of(i) ^ odd)]


@entry(fastmath=True)
def sweep(
    mine: F64, other: F64, stream: Coefficients, staying: F64, service_rates: F64, tile_bits: int, starts: I64, relaxation: float
) -> float:
    """Update one half of the states from the other; return the sum of what each would change without over-relaxation.

    ``staying`` holds one over the rate of leaving each state. At least four crews; `tile_bits` at least 3.
    """
    size = 1 << tile_bits
    half = size >> 1
    inflow = np.empty(size)
    mu1, mu2, mu3 = service_rates[1], service_rates[2], service_rates[3]
    change = 0.0
    for tile in range(len(starts) - 1):
        here = tile * size
        at = starts[tile]
        there = other[here : here + size]
        c0, c1 = stream[at : at + size], stream[at + size : at + size + half]
        c2, c3 = stream[at + size + half : at + 2 * size], stream[at + 2 * size : at + 2 * size + half]
        for eight in range(size >> 3):
            i, k = eight << 3, eight << 2
            o0, o1, o2, o3 = there[i], there[i + 1], there[i + 2], there[i + 3]
            o4, o5, o6, o7 = there[i + 4], there[i + 5], there[i + 6], there[i + 7]
            inflow[i] = c0[i] * o0 + mu1 * o1 + mu2 * o2 + mu3 * o4
            inflow[i + 1] = c0[i + 1] * o1 + c1[k] * o0 + mu2 * o3 + mu3 * o5
            inflow[i + 2] = c0[i + 2] * o2 + mu1 * o3 + c2[k] * o0 + mu3 * o6
            inflow[i + 3] = c0[i + 3] * o3 + c1[k + 1] * o2 + c2[k + 1] * o1 + mu3 * o7
            inflow[i + 4] = c0[i + 4] * o4 + mu1 * o5 + mu2 * o6 + c3[k] * o0
            inflow[i + 5] = c0[i + 5] * o5 + c1[k + 2] * o4 + mu2 * o7 + c3[k + 1] * o1
            inflow[i + 6] = c0[i + 6] * o6 + mu1 * o7 + c2[k + 2] * o4 + c3[k + 2] * o2
            inflow[i + 7] = c0[i + 7] * o7 + c1[k + 3] * o6 + c2[k + 3] * o5 + c3[k + 3] * o3
        at += 2 * size + half
        for b in range(3, tile_bits):
            bit, mu, k = 1 << b, service_rates[b + 1], at
            for start in range(0, size, bit << 1):
                for i in range(start, start + bit, 8):
                    for z in range(8):
                        inflow[i + z] += mu * there[i + bit + z]
                    for z in range(8):
                        inflow[i + bit + z] += stream[k + i - start + z] * there[i + z]
                k += bit
            at += half
        for b in range(len(service_rates) - 1 - tile_bits):
            if tile >> b & 1:
                across = (tile ^ (1 << b)) * size
                for i in range(size):
                    inflow[i] += stream[at + i] * other[across + i]
                at += size
            else:
                across, mu = (tile | (1 << b)) * size, service_rates[b + tile_bits + 1]
                for i in range(size):
                    inflow[i] += mu * other[across + i]
        for i in range(size):
            difference = inflow[i] * staying[here + i] - mine[here + i]
            change += abs(difference)
            mine[here + i] += relaxation * difference
    return change


@entry
def first_guess(odds: F64, layer: F64, crews: int) -> tuple[F64, F64]:
    """Return both halves of independent crews with these odds of being busy, scaled to the given layer probabilities."""
    halves = np.empty((2, 1 << (crews - 1)))
    halves[0, 0] = 1.0
    for b in range(crews - 1):
        for t in range(1 << b):
            halves[0, t | (1 << b)] = halves[0, t] * odds[b + 1]
    total = np.zeros(crews + 1)
    for t in range(1 << (crews - 1)):
        count, product = count_of(t), halves[0, t]
        odd = count & 1
        halves[0, t] = product * odds[0] if odd else product
        halves[1, t] = product if odd else product * odds[0]
        total[count + odd] += halves[0, t]
        total[count + 1 - odd] += halves[1, t]
    for t in range(1 << (crews - 1)):
        count = count_of(t)
        odd = count & 1
        halves[0, t] *= layer[count + odd] / total[count + odd]
        halves[1, t] *= layer[count + 1 - odd] / total[count + 1 - odd]
    return halves[0], halves[1]


@entry
def staying_times(service_rates: F64, arrivals: float, refused: F64, parity: int) -> F64:
    """Return one over the rate of leaving each state of a half: calls that are not refused there, and service.

    ``refused`` is the rate of calls that find nobody by state, (2^N,), or empty where only a full house refuses.
    """
    crews = len(service_rates)
    full = (1 << crews) - 1
    rate = np.empty(1 << (crews - 1))
    rate[0] = 0.0
    for b in range(crews - 1):
        for t in range(1 << b):
            rate[t | (1 << b)] = rate[t] + service_rates[b + 1]
    for t in range(1 << (crews - 1)):
        low = parity_of(t) ^ parity
        state = (t << 1) | low
        lost = refused[state] if len(refused) else (arrivals if state == full else 0.0)
        rate[t] = 1.0 / (rate[t] + low * service_rates[0] + arrivals - lost)
    return rate


@entry
def joined(even: F64, odd: F64) -> F64:
    """Return the probabilities by state, from both halves."""
    states = np.empty(2 * len(even))
    for t in range(len(even)):
        low = parity_of(t)
        states[(t << 1) | low] = even[t]
        states[(t << 1) | (1 - low)] = odd[t]
    return states


@entry
def sent(busy_all: F64, crew: I64, busy: I64, weight: F64, atom: I64, crews: int, atoms: int) -> F64:
    """Return (N, J) the probability that a call from an atom is given to a crew at once.

    ``busy_all[mask]`` is the probability that all crews of the mask are busy (:func:`superset_sums` of the states).
    """
    share = np.zeros((crews, atoms))
    for m in range(len(crew)):
        share[crew[m], atom[m]] += weight[m] * (busy_all[busy[m]] - busy_all[busy[m] | (1 << crew[m])])
    return share


@entry
def sweep_with_pairs(states: F64, service_rates: F64, start: I64, order: I64, single: F64, double: F64, inflow: F64) -> float:
    """One Gauss-Seidel sweep over all states where some calls take two crews; return the sum of the changes.

    Atom j prefers ``order[start[j]:start[j + 1]]``; ``single`` and ``double`` (J,) are its rates of calls for one and two crews.
    ``inflow`` (2^N,) is scratch. States are visited in numeric order, which is that of the number busy as far as calls go.
    """
    crews, atoms = len(service_rates), len(single)
    inflow[:] = 0.0
    change = total = 0.0
    for state in range(len(states)):
        flow, leaving = inflow[state], 0.0
        for n in range(crews):
            if state >> n & 1:
                leaving += service_rates[n]
            else:
                flow += service_rates[n] * states[state | (1 << n)]
        for j in range(atoms):
            for k in range(start[j], start[j + 1]):
                if not state >> order[k] & 1:
                    leaving += single[j] + double[j]
                    break
        value = flow / leaving
        change += abs(value - states[state])
        states[state] = value
        total += value
        for j in range(atoms):
            first = -1
            for k in range(start[j], start[j + 1]):
                if state >> order[k] & 1:
                    continue
                if first < 0:
                    first = state | (1 << order[k])
                    inflow[first] += single[j] * value
                else:
                    inflow[first | (1 << order[k])] += double[j] * value
                    first = -2
                    break
            if first >= 0:
                inflow[first] += double[j] * value
    states /= total
    return change / total


@entry
def sent_with_pairs(states: F64, crews: int, start: I64, order: I64) -> tuple[F64, F64, F64]:
    """Return who is sent first, (N, J), which pairs go together, (N, N, J) first and second, and (J,) who finds one crew only."""
    atoms = len(start) - 1
    first, pair, alone = np.zeros((crews, atoms)), np.zeros((crews, crews, atoms)), np.zeros(atoms)
    for state in range(len(states)):
        for j in range(atoms):
            one = -1
            for k in range(start[j], start[j + 1]):
                if state >> order[k] & 1:
                    continue
                if one < 0:
                    one = order[k]
                    first[one, j] += states[state]
                else:
                    pair[one, order[k], j] += states[state]
                    one = -2
                    break
            if one >= 0:
                alone[j] += states[state]
    return first, pair, alone
