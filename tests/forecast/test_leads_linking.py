"""Linked cases: evidence by hand, scores against another program, probabilities that come true, labels that mean nothing."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from benchmarks.planted_leads import plant_cases

from qinwu.findings import QinwuError
from qinwu.forecast.leads.backtest import back_test
from qinwu.forecast.leads.case_leads import LEAST_CASES, CaseLeads, link_cases
from qinwu.forecast.leads.cases import Labels, all_pairs
from qinwu.forecast.leads.evidence import FEATURES, Evidence
from qinwu.forecast.leads.grouping import groups
from qinwu.forecast.leads.linking import SURPRISE, learn
from qinwu.forecast.leads.scoring import area_under_curve, average_precision, calibration, hits_at
from tests.forecast.lead_cases import reordered, six_cases

CASES, LABELS = plant_cases(singles=220, series=32, length=4, seed=11)


@pytest.fixture(scope="module")
def found() -> CaseLeads:
    """Return the leads among cases of which every third has no outcome yet."""
    hidden = np.arange(len(CASES)) % 3 == 0
    return link_cases(CASES, LABELS.without(hidden), 40)


def test_evidence_by_hand() -> None:
    """Kilometres, days, shared methods and the share of cases that lie as near are what one counts by hand."""
    cases = six_cases()
    x = Evidence.of(cases).between(np.array([0]), np.array([1]))[0]
    said = dict(zip(FEATURES, x, strict=True))
    assert said["distance"] == pytest.approx(-math.log(0.1 + 0.1))
    assert said["days"] == pytest.approx(-math.log(1.0 + 3.0 / 24.0 + 1.0))
    assert said["method"] == pytest.approx(-math.log(2 / 5), rel=1e-5)
    assert said["nearness"] == pytest.approx(-math.log(1 / 4 + 0.005), rel=1e-5)
    assert said["hour"] > 0.0


def test_evidence_agrees_with_a_slow_twin() -> None:
    """Nearness counted one case after the other, for every pair, is the same; a place that is not known is not known."""
    cases = six_cases()
    evidence = Evidence.of(cases)
    for first, second in combinations(range(6), 2):
        x = evidence.between(np.array([first]), np.array([second]))[0]
        if 5 in (first, second):
            assert np.isnan(x[:2]).all()
            continue
        shares = []
        for one, other in ((first, second), (second, first)):
            reach = math.dist((cases.x_m[one], cases.y_m[one]), (cases.x_m[other], cases.y_m[other]))
            away = [math.dist((cases.x_m[one], cases.y_m[one]), (cases.x_m[k], cases.y_m[k])) for k in range(5) if k != one]
            shares.append(sum(metres <= reach + 1e-9 for metres in away) / 4)
        assert x[1] == pytest.approx(-math.log(sum(shares) / 2 + 0.005), rel=1e-5)


def test_evidence_is_the_same_either_way_round_and_in_any_order() -> None:
    """Exchanging the cases of a pair, or the rows of the file, changes nothing."""
    cases = six_cases()
    first, second = all_pairs(np.arange(6))
    there = Evidence.of(cases).between(first, second)
    assert there == pytest.approx(Evidence.of(cases).between(second, first), nan_ok=True)
    order = np.array([3, 5, 0, 4, 1, 2])
    place = np.argsort(order)
    again = Evidence.of(reordered(cases, order)).between(place[first], place[second])
    assert there == pytest.approx(again, nan_ok=True, abs=1e-5)


def test_more_alike_is_never_less_likely() -> None:
    """No weight is negative, whatever was learnt."""
    linking = learn(Evidence.of(CASES), LABELS)
    assert linking.calibrated
    assert (linking.monotone.weights >= 0.0).all()
    assert linking.monotone.weights[FEATURES.index("distance")] > 0.0


def test_probabilities_come_true_on_new_cases() -> None:
    """Learnt on one made-up year, the sum of probabilities on another is the number of linked pairs, also among the likely."""
    linking = learn(Evidence.of(CASES), LABELS)
    said, true = [], []
    for seed in (21, 22, 23):
        cases, labels = plant_cases(singles=220, series=32, length=4, seed=seed)
        first, second = all_pairs(np.arange(len(cases)))
        said.append(linking.probability(Evidence.of(cases).between(first, second)))
        true.append(labels.is_linked(first, second))
    probability, linked = np.concatenate(said), np.concatenate(true)
    assert probability.sum() == pytest.approx(linked.sum(), rel=0.3)
    likely = probability > 0.1
    assert probability[likely].mean() == pytest.approx(linked[likely].mean(), abs=0.12)


def test_labels_that_mean_nothing_rank_nothing() -> None:
    """Where series are dealt out by lot, a confirmed pair ranks above another half the time."""
    generator = np.random.default_rng(5)
    by_lot = Labels.of([LABELS.series[at] for at in generator.permutation(len(CASES))])
    test = back_test(Evidence.of(CASES), by_lot)
    assert test is not None
    assert test.auc == pytest.approx(0.5, abs=0.12)
    assert back_test(Evidence.of(CASES), LABELS).auc > 0.9  # type: ignore[union-attr]


def test_scores_agree_with_another_program() -> None:
    """Area under the curve and average precision are those of scikit-learn, ties included."""
    metrics = pytest.importorskip("sklearn.metrics")
    generator = np.random.default_rng(1)
    score = np.round(generator.normal(size=400), 1)
    linked = generator.uniform(size=400) < 1.0 / (1.0 + np.exp(2.0 - score))
    assert area_under_curve(linked, score) == pytest.approx(metrics.roc_auc_score(linked, score))
    assert average_precision(linked, score) == pytest.approx(metrics.average_precision_score(linked, score))
    assert hits_at(linked, score, 400)[-1] == linked.sum()


def test_calibration_holds_where_probabilities_are_right() -> None:
    """Outcomes drawn with the probabilities themselves lie within the intervals of nearly all classes."""
    generator = np.random.default_rng(8)
    first, second = all_pairs(np.arange(120))
    probability = generator.beta(0.5, 2.0, first.size)
    classes = calibration(probability, generator.uniform(size=first.size) < probability, first, second, 120)
    assert sum(one.pairs for one in classes) == first.size
    assert sum(one.low <= one.said <= one.high for one in classes) >= len(classes) - 1


def test_leads_name_only_what_nobody_decided(found: CaseLeads) -> None:
    """Pairs of the list have a case without an outcome, are in order, and their reasons add up to their log-odds."""
    assert 0 < len(found.leads) <= 40
    for lead in found.leads:
        assert not (found.labels.known[lead.first] and found.labels.known[lead.second])
        assert lead.log_odds == pytest.approx(sum(lead.reasons.values()) + found.linking.monotone.intercept)
    assert [lead.log_odds for lead in found.leads] == sorted((lead.log_odds for lead in found.leads), reverse=True)
    truth = [LABELS.is_linked(np.array([one.first]), np.array([one.second]))[0] for one in found.leads[:20]]
    assert sum(truth) >= 8


def test_series_hold_cases_in_order_of_time_with_something_undecided(found: CaseLeads) -> None:
    """Groups are at least even on average, ordered by time, and not all decided already."""
    for series in found.series:
        assert series.probability >= 0.45
        assert list(found.cases.middle_s[list(series.cases)]) == sorted(found.cases.middle_s[list(series.cases)])
        assert not all(found.labels.known[list(series.cases)])


def test_without_confirmed_series_there_is_a_rank_and_no_probability() -> None:
    """Nothing confirmed: a warning, no probability, no series; and the rank still finds more than lots would."""
    found = link_cases(CASES, Labels.of([frozenset()] * len(CASES)), 50)
    assert [finding.code for finding in found.findings] == ["nothing-confirmed"]
    assert all(math.isnan(lead.probability) for lead in found.leads)
    assert (found.series, found.test) == ((), None)
    first, second = all_pairs(np.arange(len(CASES)))
    assert area_under_curve(LABELS.is_linked(first, second), SURPRISE.log_odds(Evidence.of(CASES).between(first, second))) > 0.85


def test_too_few_cases_are_refused() -> None:
    """Six cases are no ground to compare on."""
    with pytest.raises(QinwuError) as caught:
        link_cases(six_cases(), Labels.of([frozenset()] * 6))
    assert [finding.code for finding in caught.value.findings] == ["too-few-cases"]
    assert LEAST_CASES > 6


def test_labels_say_what_is_known() -> None:
    """A series of its own makes cases without a number unknown; two numbers tie a case to both; a refused pair is apart."""
    labels = Labels.of([frozenset({"1"}), frozenset({"1", "2"}), frozenset({"2"}), frozenset({"3"}), frozenset()])
    assert labels.known.tolist() == [True, True, True, True, False]
    assert labels.linked.tolist() == [[0, 1], [1, 2]]
    assert len(set(labels.groups()[:3].tolist())) == 1
    only_pairs = Labels.of([frozenset({"1"}), frozenset({"1"}), frozenset()], not_together=[(2, 0)])
    assert only_pairs.known.all()
    assert only_pairs.is_decided(np.array([0, 0, 1]), np.array([1, 2, 2])).tolist() == [True, True, False]


def test_groups_need_all_pairs_not_a_chain() -> None:
    """A chain of two likely pairs whose ends have nothing in common is one pair, not three cases; a triangle is three."""
    chain = groups(np.array([0, 1, 0]), np.array([1, 2, 2]), np.array([0.9, 0.7, 0.0]), 0.5)
    triangle = groups(np.array([0, 1, 0, 7]), np.array([1, 2, 2, 9]), np.array([0.9, 0.7, 0.6, 0.8]), 0.5)
    assert chain == ((0, 1),)
    assert triangle == ((0, 1, 2), (7, 9))
    assert groups(np.array([0]), np.array([1]), np.array([0.2]), 0.5) == ()


def test_pairs_decided_one_by_one_teach_too() -> None:
    """Where only some cases have an outcome, a decided pair of two others is learnt from, and is open no more."""
    hidden = np.arange(len(CASES)) % 3 == 0
    some = LABELS.without(hidden)
    open_pairs = [tuple(pair) for pair in LABELS.linked.tolist() if hidden[pair].all()]
    more = Labels.of(some.series, open_pairs)
    evidence = Evidence.of(CASES)
    assert learn(evidence, more).links == learn(evidence, some).links + len(open_pairs) > learn(evidence, some).links
    assert more.is_decided(*np.array(open_pairs).T).all()
