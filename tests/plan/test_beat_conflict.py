"""Beats that cannot be: input refused with what to do, and rules in conflict named with what would have to give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from qinwu.findings import QinwuError
from qinwu.plan.beats.aims import BeatAims, Border, unordered
from qinwu.plan.beats.conflict import find_conflict
from qinwu.plan.beats.feasible import arguments_against, verdict
from qinwu.plan.beats.planning import BeatQuestion, plan_beats
from qinwu.plan.beats.problem import BeatProblem, make_problem
from qinwu.plan.beats.refusal import refuse_bad_input
from qinwu.plan.beats.workload import Workload
from qinwu.plan.effort import Effort
from tests.plan.beat_cases import every_plan, hours, nobody, problem, squares
from tests.stations import six_atom_system, six_atoms

TODAY = [0, 0, 0, 1, 1, 1, 2, 2, 2]
EVEN = [1.0] * 9


def told(given: BeatProblem) -> tuple[list[str], list[str], bool]:
    """Return the rules in conflict, the ways out, and whether it is proven."""
    conflict = find_conflict(given, Effort(60.0).begin())
    return [one.text("en") for one in conflict.rules], [one.text("en") for one in conflict.relaxations], conflict.proven


def codes(error: QinwuError) -> list[str]:
    return sorted(finding.code for finding in error.findings if finding.severity == "error")


def refused(aims: BeatAims, work: Workload | None = None) -> list[str]:
    """Return the codes of what is wrong with aims for the six squares with three columns as beats."""
    with pytest.raises(QinwuError) as error:
        refuse_bad_input(six_atoms(), six_atom_system(), work or hours([1] * 6), aims)
    return codes(error.value)


def test_everything_wrong_is_told_at_once() -> None:
    """Four mistakes, four errors."""
    aims = BeatAims(beats=(7, 7), within=-1.0, continuity=2.0, weight={"speed": 1.0})
    assert refused(aims) == ["bad-weights", "more-beats-than-atoms", "out-of-range", "out-of-range"]


def test_no_workload_is_refused() -> None:
    """Nothing to do is nothing to divide."""
    assert refused(BeatAims(), hours([0] * 6)) == ["no-workload"]


def test_unknown_atoms_are_named_with_the_place_that_names_them() -> None:
    """A fixed atom and a river that are not on the map."""
    aims = BeatAims(fixed={"b1": "west"}, borders=(Border("river", unordered([("a1", "q9")])),))
    with pytest.raises(QinwuError, match="q9, named in: river"):
        refuse_bad_input(six_atoms(), six_atom_system(), hours([1] * 6), aims)
    assert refused(aims) == ["unknown-atom", "unknown-atom"]


def test_a_fixed_beat_in_pieces_is_refused_with_its_pieces() -> None:
    """The west column is fixed as it is, with a wall between its two squares."""
    aims = BeatAims(fixed={"a1": "west", "a4": "west"}, borders=(Border("wall", unordered([("a1", "a4")])),))
    with pytest.raises(QinwuError, match=r"a1 \| a4"):
        refuse_bad_input(six_atoms(), six_atom_system(), hours([1] * 6), aims)


def test_islands_are_each_named_and_a_ferry_joins_them() -> None:
    """Two squares without neighbours are named one by one; joined to a1 they are no longer in the way."""
    there = six_atoms()
    kept = [pair for pair in there.area.neighbours.tolist() if 2 not in pair and 5 not in pair]
    apart = replace(there, area=replace(there.area, neighbours=np.array(kept, dtype=np.int32)))
    with pytest.raises(QinwuError, match=r"a3 \| a6"):
        refuse_bad_input(apart, six_atom_system(), hours([1] * 6), BeatAims())
    joined = BeatAims(joins=unordered([("a1", "a3"), ("a1", "a6")]))
    refuse_bad_input(apart, six_atom_system(), hours([1] * 6), joined)


def test_a_community_in_pieces_or_in_two_fixed_beats_is_refused() -> None:
    """Opposite corners are no community that can be kept whole; one cannot be fixed to two beats either."""
    assert refused(BeatAims(whole={"a1": "village", "a6": "village"})) == ["community-in-pieces"]
    aims = BeatAims(whole={"a1": "village", "a2": "village"}, fixed={"a1": "west", "a2": "middle"})
    assert refused(aims) == ["community-in-two-beats"]


def test_beats_joined_under_one_officer_are_refused() -> None:
    """A system in which officers have several beats is not cut anew beat by beat."""
    system = six_atom_system().model_copy(update={"beats_per_officer": 2})
    with pytest.raises(QinwuError, match="joins 2 beats"):
        refuse_bad_input(six_atoms(), system, hours([1] * 6), BeatAims())


def test_without_beats_in_force_their_number_must_be_said() -> None:
    """Nobody knows how many beats, and there is nobody to keep."""
    with pytest.raises(QinwuError) as error:
        refuse_bad_input(squares(3, 3), None, hours(EVEN), BeatAims(continuity=0.5))
    assert codes(error.value) == ["no-number-of-beats", "nothing-to-continue"]


def test_arithmetic_never_speaks_against_a_plan_that_exists() -> None:
    """Where enumeration finds a plan, no argument denies it; and CP-SAT, search and enumeration agree."""
    rng = np.random.default_rng(4)
    agreed = {True: 0, False: 0}
    for _ in range(16):
        work = rng.integers(1, 9, 6).astype(float).tolist()
        given = problem(3, 2, work, 3, BeatAims(within=float(rng.choice([0.05, 0.15, 0.3]))))
        exists = next(every_plan(given), None) is not None
        assert not (exists and arguments_against(given))
        assert verdict(given, Effort(30.0).begin()).possible is exists
        agreed[exists] += 1
    assert min(agreed.values()) >= 2


def test_one_square_too_heavy_is_the_only_rule_in_conflict() -> None:
    """12 of 20 hours in one square: no other rule matters, and 2.6 times the mean is what would have to be allowed."""
    rules, ways, proven = told(problem(3, 3, [12, *[1.0] * 8], 4, BeatAims(within=0.2), None))
    assert rules == ["The workload of every beat is within 20.0% of the mean."]
    assert proven
    wide = next(way for way in ways if "workload" in way)
    assert 140.0 <= float(wide.split("up to ")[1].split("%")[0]) <= 142.0


def test_two_fixed_ends_are_named_together() -> None:
    """One beat fixed to both ends of a row takes all between and leaves nothing for the other; the balance has no part in it."""
    aims = BeatAims(within=0.3, fixed={"a1": "B01", "a5": "B01"})
    rules, ways, proven = told(problem(5, 1, [1, 1, 1, 1, 1], 2, aims, [0, 0, 1, 1, 1]))
    assert rules == ["Atom a1 stays in beat B01.", "Atom a5 stays in beat B01."]
    assert proven
    assert any("Let atom a1 leave beat B01" in way for way in ways)


def test_a_river_against_a_balance_is_named_and_priced() -> None:
    """A river leaves 3 and 6 hours for two beats: it, or the balance, must give."""
    river = Border("river", unordered([("a1", "a4"), ("a2", "a5"), ("a3", "a6")]))
    hill = Border("hill", unordered([("a8", "a9")]))
    rules, ways, proven = told(problem(3, 3, EVEN, 2, BeatAims(within=0.2, borders=(river, hill)), None))
    assert rules == ["The workload of every beat is within 20.0% of the mean.", "No beat crosses the border river."]
    assert proven
    assert "Let beats cross the border river." in ways
    assert "Ask for 3 beats instead of 2." in ways


def test_continuity_is_eased_no_more_than_needed() -> None:
    """Today's row of beats has 1, 4 and 4 hours; even loads move three squares of nine, so two thirds can keep their officer."""
    today = [0, 1, 1, 1, 1, 2, 2, 2, 2]
    given = problem(9, 1, EVEN, 3, BeatAims(within=0.1, continuity=0.95), today)
    rules, ways, _ = told(given)
    assert rules == [
        "The workload of every beat is within 10.0% of the mean.",
        "At least 95.0% of the residents keep their officer.",
    ]
    best = max(float(plan.metrics.continuity) for plan in every_plan(problem(9, 1, EVEN, 3, BeatAims(within=0.1), today)))
    eased = next(float(way.split("Let ")[1].split("%")[0]) / 100 for way in ways if "residents" in way)
    assert best - 0.01 <= eased <= best + 1e-9


def test_one_of_two_conflicts_is_told_with_its_own_way_out() -> None:
    """A heavy square against even loads, and a compactness no row can have: one is told with a way out, and that there is more."""
    rules, ways, _ = told(problem(6, 1, [9, 1, 1, 1, 1, 1], 2, BeatAims(within=0.1, compactness=0.99), None))
    assert len(rules) == 1
    assert ways[-1] == "Other rules are in conflict besides; ask again once this is settled."
    assert len(ways) == 2


def test_a_planner_without_a_plan_raises_the_conflict() -> None:
    """The error of the planner holds the rules and the ways out."""
    there = squares(3, 3)
    question = BeatQuestion(there, hours([12, *[1.0] * 8]), BeatAims(beats=(4, 4), within=0.2))
    with pytest.raises(QinwuError) as error:
        plan_beats(question, Effort(2.0))
    assert [finding.code for finding in error.value.findings][:2] == ["beats-in-conflict", "rule-within"]
    assert any(finding.code == "way-out" for finding in error.value.findings)


def test_relaxed_as_told_a_plan_exists() -> None:
    """What is told to be enough is enough."""
    there, work = squares(3, 3), hours([12, *[1.0] * 8])
    for within, possible in ((1.40, True), (1.39, False)):
        aims = BeatAims(beats=(4, 4), within=within)
        given = make_problem(there, work, aims, nobody(there), 4)
        assert verdict(given, Effort(30.0).begin()).possible is possible
