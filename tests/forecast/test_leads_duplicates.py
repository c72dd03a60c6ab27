"""Duplicate calls: pairs against brute force, planted duplicates found, chance alone finds none, live as in the whole."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.planted_leads import PlantedCalls, plant_calls

from qinwu.findings import QinwuError
from qinwu.forecast.leads.aoristic import DAY_S
from qinwu.forecast.leads.duplicate_model import REACH_M, WINDOW_S, observed_and_chance, pair_evidence
from qinwu.forecast.leads.duplicates import Duplicates, find_duplicates
from qinwu.forecast.leads.live import OpenCall, duplicates_of
from qinwu.forecast.leads.placed_calls import PlacedCalls, calls_of
from tests.forecast.lead_cases import random_calls
from tests.stations import calls, grid_area

PLANTED = plant_calls(incidents=3000, days=30, seed=4)


@pytest.fixture(scope="module")
def found() -> Duplicates:
    """Return what is found among the planted calls."""
    return find_duplicates(PLANTED.calls, 300)


def is_true(planted: PlantedCalls, first: int, second: int) -> bool:
    """Return whether two calls are about one incident."""
    return bool(planted.incident[first] == planted.incident[second])


def test_close_pairs_agree_with_comparing_each_with_each() -> None:
    """The pairs within reach, and those within reach after moving by whole days, are those of comparing each with each."""
    some = random_calls(260, 16, seed=2)
    observed, chance = observed_and_chance(some)
    metres = np.hypot(some.x_m[:, None] - some.x_m, some.y_m[:, None] - some.y_m)
    ahead = some.received_s - some.received_s[:, None]
    near = metres <= REACH_M
    there = {(a, b) for a, b in np.argwhere(near & (np.abs(ahead) <= WINDOW_S)) if a < b}
    assert set(zip(observed.first.tolist(), observed.second.tolist(), strict=True)) == there
    by_hand = 0
    for days in (7, 1, 2, 3):
        by_hand += int((near & (np.abs(ahead - days * DAY_S) <= WINDOW_S)).sum())
    assert chance.first.size == by_hand


def test_chance_alone_is_no_duplicate() -> None:
    """Among calls that have nothing to do with each other, moved calls are as often close, and hardly any pair is said likely."""
    some = random_calls(2500, 30, seed=6)
    observed, chance = observed_and_chance(some)
    assert chance.weight.sum() == pytest.approx(observed.first.size, rel=0.1)
    nothing = find_duplicates(some)
    assert nothing.expected < 0.1 * nothing.close
    assert nothing.repeated <= 0.01 * len(some)


def test_planted_duplicates_are_found(found: Duplicates) -> None:
    """At even odds more than nine of ten named pairs are true, and more than nine of ten true pairs are named."""
    close, _ = observed_and_chance(PLANTED.calls)
    said = found.model.probability(pair_evidence(found.model, PLANTED.calls, close))
    true = PLANTED.incident[close.first] == PLANTED.incident[close.second]
    named = said >= 0.5
    assert true[named].mean() > 0.9
    assert true[named].sum() > 0.9 * true.sum()


def test_probabilities_come_true(found: Duplicates) -> None:
    """The expected number of duplicates is the planted one, and likely pairs are as often true as is said."""
    close, _ = observed_and_chance(PLANTED.calls)
    said = found.model.probability(pair_evidence(found.model, PLANTED.calls, close))
    true = PLANTED.incident[close.first] == PLANTED.incident[close.second]
    assert found.expected == pytest.approx(true.sum(), rel=0.1)
    middle = (said > 0.2) & (said < 0.8)
    assert said[middle].mean() == pytest.approx(true[middle].mean(), abs=0.2)


def test_incidents_tie_calls_together(found: Duplicates) -> None:
    """Groups of calls are nearly all about one incident, and repeats are about as many as were planted."""
    right = [is_true(PLANTED, each.calls[0], other) for each in found.incidents for other in each.calls[1:]]
    assert np.mean(right) > 0.9
    assert found.repeated == pytest.approx(len(PLANTED.calls) - 3000, rel=0.15)


def test_repeats_planted_among_the_calls_are_named_as_often_as_true_ones(found: Duplicates) -> None:
    """The share found of repeats planted by the recall's own assumptions is near that found of those planted here."""
    close, _ = observed_and_chance(PLANTED.calls)
    said = found.model.probability(pair_evidence(found.model, PLANTED.calls, close))
    true = PLANTED.incident[close.first] == PLANTED.incident[close.second]
    assert found.recall == pytest.approx((said[true] >= 0.5).mean(), abs=0.15)


def test_later_days_are_checked_without_their_labels(found: Duplicates) -> None:
    """On days not learnt from, the likeliest class is as far beyond chance as was said, within its interval widened a little."""
    top = found.check[-1]
    assert top.pairs > 50
    assert top.low - 0.05 <= top.said <= top.high + 0.05


def test_nearer_and_sooner_is_never_less_likely(found: Duplicates) -> None:
    """No reason ever counts against being alike."""
    assert (found.model.monotone.weights >= 0.0).all()


def test_a_new_call_is_judged_as_in_the_whole(found: Duplicates) -> None:
    """For each likely pair, the later call asked against the earlier one alone gets the same probability; itself is passed over."""
    made = PLANTED.calls
    board = [OpenCall(*row) for row in zip(made.ids, made.received_s, made.x_m, made.y_m, made.kinds, strict=True)]
    for pair in found.pairs[:25]:
        said = duplicates_of(board[pair.second], [board[pair.second], board[pair.first]], found.model)
        assert [one.id for one in said] == [made.ids[pair.first]]
        assert said[0].probability == pytest.approx(pair.probability)
        assert sum(said[0].reasons.values()) == pytest.approx(sum(pair.reasons.values()))


def test_a_new_call_far_from_everything_repeats_nothing(found: Duplicates) -> None:
    """A call in another town, an hour later, or on an empty board has no open call to repeat."""
    first = PLANTED.calls
    other = OpenCall("x", float(first.received_s[0]), float(first.x_m[0]), float(first.y_m[0]), first.kinds[0])
    far = OpenCall("new", other.received_s, other.x_m + 5000.0, other.y_m, other.kind)
    late = OpenCall("new", other.received_s + 7200.0, other.x_m, other.y_m, other.kind)
    assert duplicates_of(far, [other], found.model) == duplicates_of(late, [other], found.model) == ()
    assert duplicates_of(other, [], found.model) == ()


def test_pairs_do_not_hang_on_names(found: Duplicates) -> None:
    """Calls under other numbers give the same probabilities: a number says nothing."""
    made = PLANTED.calls
    renamed = PlacedCalls(tuple(f"n{at}" for at in range(len(made))), made.rows, made.received_s, made.x_m, made.y_m, made.kinds)
    assert [one.probability for one in find_duplicates(renamed, 300).pairs] == [one.probability for one in found.pairs]


def test_too_few_calls_or_days_are_refused() -> None:
    """A handful of calls, or calls of a single day, teach nothing."""
    for some, code in ((random_calls(50, 9, seed=1), "too-few-calls"), (random_calls(400, 0.9, seed=1), "too-few-days")):
        with pytest.raises(QinwuError) as caught:
            find_duplicates(some)
        assert [finding.code for finding in caught.value.findings] == [code]


def test_calls_of_a_station_stand_at_the_centres_of_their_atoms() -> None:
    """A station's calls keep their local hour and class; those that officers made themselves are left out."""
    area = grid_area(3, 2)
    placed = calls_of(calls([(2.0, "theft", "a1"), (26.5, "help", "a5")]), area)
    assert (placed.received_s / 3600.0 % 24.0).tolist() == [2.0, 2.5]
    assert placed.x_m.tolist() == [300.0, 900.0]
    assert placed.kinds == ("theft", "help")
