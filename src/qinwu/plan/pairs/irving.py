"""Stable roommates: who pairs with whom so that no two would rather have each other, and what is in the way where nobody can.

A table is held as one number for each person: the place of the worst partner that he or she may still get. Two people are in each
other's table while each is within the other's number, so that everything the algorithms strike out is a number made smaller.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qinwu.compiled import entry, inner

I32 = NDArray[np.int32]


class Partition(NamedTuple):
    """A stable partition.

    Parameters
    ----------
    after
        (n,) who follows each person in the cycle they are in: the partner in a cycle of two, the person itself in one of one.
        In longer cycles each prefers who follows to who comes before.
    worst
        (n,) the table after the proposals: the place of the worst partner in any stable matching, -1 with an empty table.
    """

    after: I32
    worst: I32

    def odd(self) -> list[list[int]]:
        """Return the odd parties of three and more, each in its order; without any there is a stable matching."""
        return [cycle for cycle in cycles(self.after) if len(cycle) % 2 and len(cycle) > 1]


def cycles(after: I32) -> list[list[int]]:
    """Return the cycles of a permutation, each from its smallest member.

    >>> cycles(np.array([1, 0, 2, 4, 5, 3], dtype=np.int32))
    [[0, 1], [2], [3, 4, 5]]
    """
    seen = np.zeros(len(after), dtype=bool)
    found = []
    for first in range(len(after)):
        cycle, here = [], first
        while not seen[here]:
            seen[here] = True
            cycle.append(here)
            here = int(after[here])
        found += [cycle] if cycle else []
    return found


def stable_partition(places: I32) -> Partition:
    """Return a stable partition of people with strict preferences.

    It always exists; all stable partitions have the same odd parties, and there is a stable matching exactly where none of them
    has three or more members (Tan 1991, *A necessary and sufficient condition for the existence of a complete stable matching*,
    Journal of Algorithms 12). Found by the two phases of Irving 1985 (*An efficient algorithm for the stable roommates problem*,
    Journal of Algorithms 6), setting aside each rotation whose elimination would empty a list. O(n²).

    Parameters
    ----------
    places
        (n, n) the place of j on the list of i: 0, 1, 2 … without gaps; -1 where either refuses the other (then both have -1).

    Examples
    --------
    Irving's example without a stable matching: three who go round in a circle, and a fourth whom nobody wants.

    >>> stable_partition(np.array([[-1, 0, 1, 2], [1, -1, 0, 2], [0, 1, -1, 2], [0, 1, 2, -1]], dtype=np.int32)).odd()
    [[0, 1, 2]]
    """
    lists = lists_of(places)
    worst, first = propose(places, lists)
    after = find_cycles(places, lists, worst.copy(), first)
    return Partition(after, worst)


@entry
def lists_of(places: I32) -> I32:
    """Return (n, n) the people on each list, best first, -1 after its end."""
    count = len(places)
    lists = np.full((count, count), -1, dtype=np.int32)
    for person in range(count):
        for other in range(count):
            if places[person, other] >= 0:
                lists[person, places[person, other]] = other
    return lists


@entry
def propose(places: I32, lists: I32) -> tuple[I32, I32]:
    """Return the table after everybody has proposed down the list: the worst place of each, and the place of whom each asked.

    Phase 1 of Irving 1985. Both are -1 for those whom everybody turned down.
    """
    count = len(places)
    worst = np.full(count, count, dtype=np.int32)
    first = np.zeros(count, dtype=np.int32)
    holds = np.full(count, -1, dtype=np.int32)
    for start in range(count):
        who = start
        while who >= 0:
            asked = -1
            while first[who] < count and lists[who, first[who]] >= 0:
                asked = lists[who, first[who]]
                if places[asked, who] < worst[asked] or holds[asked] == who:
                    break
                asked = -1
                first[who] += 1
            if asked < 0:
                first[who] = -1
                break
            turned_down = holds[asked]
            holds[asked] = who
            worst[asked] = places[asked, who]
            who = turned_down
    for person in range(count):
        if holds[person] < 0:
            worst[person] = -1
    return worst, first


@inner
def second_place(person: int, first: int, places: I32, lists: I32, worst: I32) -> int:
    """Return the place of the next one after `first` in the table of a person, -1 where there is none."""
    for place in range(first + 1, worst[person] + 1):
        other = lists[person, place]
        if places[other, person] <= worst[other]:
            return place
    return -1


@entry
def find_cycles(places: I32, lists: I32, worst: I32, first: I32) -> I32:
    """Return who follows whom in a stable partition, from the table after the proposals (phase 2 of Irving, with Tan's parties).

    A rotation is a cycle x₀ y₀ x₁ y₁ … with yᵢ the first and yᵢ₊₁ the second of xᵢ, and xᵢ₊₁ the last of yᵢ₊₁. Eliminating it
    moves everybody in it from the first to the second. Where that would empty a list, the rotation is an odd party.
    """
    count = len(places)
    after = np.full(count, -1, dtype=np.int32)
    seen = np.full(count, -1, dtype=np.int32)
    path = np.empty(count + 1, dtype=np.int32)
    seconds = np.empty(count + 1, dtype=np.int32)
    for start in range(count):
        while after[start] < 0:
            if first[start] < 0 or worst[start] < 0:
                after[start] = start
                break
            length = 0
            who = start
            while seen[who] < 0:
                place = second_place(who, first[who], places, lists, worst)
                if place < 0:
                    break
                seen[who] = length
                path[length] = who
                seconds[length] = place
                length += 1
                other = lists[who, place]
                who = lists[other, worst[other]]
            if seen[who] < 0:  # only the start can have one partner left
                after[start] = lists[start, first[start]]
            else:
                turn(path[seen[who] : length], seconds[seen[who] : length], places, lists, worst, first, after)
            for step in range(length):
                seen[path[step]] = -1
    return after


@inner
def turn(people: I32, seconds: I32, places: I32, lists: I32, worst: I32, first: I32, after: I32) -> None:
    """Eliminate a rotation from the table, or set it aside as an odd party where a list would be empty."""
    old = first[people]
    first[people] = seconds
    for step in range(len(people)):
        other = lists[people[step], seconds[step]]
        if places[other, people[step]] < first[other]:  # nobody would be left: these go round in a circle
            for member in range(len(people)):
                after[people[member]] = lists[people[member], old[member]]
            first[people] = old
            return
    for step in range(len(people)):
        other = lists[people[step], seconds[step]]
        worst[other] = places[other, people[step]]
