"""BeatPlan: one division of an area into beats that never changes; a move gives another plan with every figure at hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from qinwu.findings import Finding, QinwuError, did_you_mean
from qinwu.language import N_
from qinwu.plan.beats.moves import Tally, copied, counted, figures, flip
from qinwu.plan.beats.problem import BeatProblem
from qinwu.plan.beats.recombine import merge_split
from qinwu.plan.beats.shapes import compactness

I32 = NDArray[np.int32]
F64 = NDArray[np.float64]

PENALTY = 4.0
"""Value of breaking the rules by 1, where a plan that breaks none has a value near 2."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """The figures of a plan.

    Parameters
    ----------
    hours
        (K,) officer-hours a week of each beat.
    travel_s
        Mean seconds to a call from the atom of its beat from which the beat's calls are nearest.
    spread
        The largest difference of a beat's hours from their mean, as a share of the mean.
    deviation
        Standard deviation of the hours over their mean.
    compactness
        (K,) of each beat, 1 for a circle.
    continuity
        Share of the residents who keep their officer, nan where there are no beats in force.
    cut_edges
        Pairs of neighbouring lots in different beats.
    """

    hours: F64
    travel_s: float
    spread: float
    deviation: float
    compactness: F64
    continuity: float
    cut_edges: int


@dataclass(frozen=True)
class BeatPlan:
    """A division of the lots of a problem into its beats.

    Parameters
    ----------
    problem
        What is divided.
    tally
        The labelling and its sums by beat; treat it as read-only.

    Notes
    -----
    A move copies the sums (K by J numbers) and changes two rows of them, so that it takes microseconds where counting anew takes
    milliseconds.
    """

    problem: BeatProblem
    tally: Tally

    @classmethod
    def of(cls, problem: BeatProblem, label: NDArray[np.integer]) -> BeatPlan:
        """Return the plan of (L,) beats of lots, counted from nothing."""
        return cls(problem, counted(problem.ground, label, problem.beats))

    @classmethod
    def of_atoms(cls, problem: BeatProblem, beats: Mapping[str, Sequence[str]]) -> BeatPlan:
        """Return the plan of beats given as ids of atoms, such as a plan written earlier.

        Raises
        ------
        QinwuError
            A beat or an atom is not known, or an atom has no beat.
        """
        area, names = problem.station.area, list(problem.names)
        label = np.full(len(problem.lots), -1, dtype=np.int32)
        wrong = [_unknown(one, names) for one in beats if one not in names]
        wrong += [_unknown(atom, area.atom_ids) for atoms in beats.values() for atom in atoms if atom not in area.index]
        if not wrong:
            for beat, atoms in beats.items():
                label[problem.lot_of[[area.index[atom] for atom in atoms]]] = names.index(beat)
            wrong = [_without_beat(area.atom_ids[problem.lots[lot][0]]) for lot in np.flatnonzero(label < 0).tolist()]
        if wrong:
            raise QinwuError(wrong)
        return cls.of(problem, label)

    @property
    def label(self) -> I32:
        """(L,) the beat of each lot."""
        return self.tally.label

    @property
    def beat_of(self) -> I32:
        """(J,) the beat of each atom."""
        return self.tally.label[self.problem.lot_of]

    @cached_property
    def atoms(self) -> dict[str, tuple[str, ...]]:
        """Ids of the atoms of each beat, in file order."""
        ids, beat_of = self.problem.station.area.atom_ids, self.beat_of
        return {name: tuple(ids[j] for j in np.flatnonzero(beat_of == k)) for k, name in enumerate(self.problem.names)}

    @cached_property
    def judged(self) -> tuple[float, float]:
        """What is minimised, and by how much the rules are broken."""
        value, broken = figures(self.problem.ground, self.tally)
        return float(value), float(broken)

    @cached_property
    def metrics(self) -> Metrics:
        """The figures of the plan."""
        tally, problem = self.tally, self.problem
        share = tally.work / max(float(tally.work.mean()), 1e-300) - 1.0
        calls = float(problem.workload.calls.sum())
        pairs = problem.graph.pairs
        return Metrics(
            hours=tally.work.copy(),
            travel_s=float(tally.near.sum()) / calls if calls > 0.0 else float("nan"),
            spread=float(np.abs(share).max()),
            deviation=float(np.sqrt((share * share).mean())),
            compactness=compactness(tally.moment),
            continuity=float(tally.kept[0]) if problem.today.ids else float("nan"),
            cut_edges=int((tally.label[pairs[:, 0]] != tally.label[pairs[:, 1]]).sum()),
        )

    @cached_property
    def contiguous(self) -> bool:
        """Whether every beat has lots and is one piece."""
        return bool((self.tally.size > 0).all()) and self.problem.graph.pieces(self.label)[1] == self.problem.beats

    def flip(self, atom: str, beat: str) -> BeatPlan:
        """Return the plan with an atom, and the community it belongs to, in another beat.

        Raises
        ------
        QinwuError
            There is no such atom or beat.
        """
        lot, to = self._lot(atom), self._beat(beat)
        tally = copied(self.tally)
        if tally.label[lot] != to:
            flip(self.problem.ground, tally, lot, to)
        return BeatPlan(self.problem, tally)

    def swap(self, one: str, two: str) -> BeatPlan:
        """Return the plan in which two atoms, and the communities they belong to, have exchanged their beats.

        Raises
        ------
        QinwuError
            There is no such atom.
        """
        first, second = self._lot(one), self._lot(two)
        tally = copied(self.tally)
        here, there = int(tally.label[first]), int(tally.label[second])
        if here != there:
            flip(self.problem.ground, tally, first, there)
            flip(self.problem.ground, tally, second, here)
        return BeatPlan(self.problem, tally)

    def merge_split(self, one: str, two: str, seed: int) -> BeatPlan:
        """Return the plan in which two neighbouring beats were joined and cut anew along a random spanning tree.

        Parameters
        ----------
        one, two
            Beats that border each other; where they do not, or no cut keeps fixed lots apart, the plan is unchanged.
        seed
            Of the tree.

        Raises
        ------
        QinwuError
            There is no such beat.
        """
        first, second = self._beat(one), self._beat(two)
        tally = copied(self.tally)
        merge_split(self.problem.ground, tally, first, second, PENALTY, np.random.default_rng(seed))
        return BeatPlan(self.problem, tally)

    def _lot(self, atom: str) -> int:
        if atom not in self.problem.station.area.index:
            raise QinwuError([_unknown(atom, self.problem.station.area.atom_ids)])
        return int(self.problem.lot_of[self.problem.station.area.index[atom]])

    def _beat(self, beat: str) -> int:
        if beat not in self.problem.names:
            raise QinwuError([_unknown(beat, self.problem.names)])
        return self.problem.names.index(beat)


def _unknown(name: str, known: Sequence[str]) -> Finding:
    guess = did_you_mean(name, known)
    message = N_("There is nothing called {name} here.")
    remedy = N_("Did you mean {guess}?") if guess else N_("Use an id of the atoms file, or of a beat of this plan.")
    return Finding("unknown-name", "error", message, remedy, values={"name": name, "guess": guess})


def _without_beat(atom: str) -> Finding:
    message, remedy = (
        N_("Atom {atom} is in no beat of the plan to start from."),
        N_("Leave that plan out, or add the atom to a beat."),
    )
    return Finding("atom-without-beat", "error", message, remedy, values={"atom": atom})
