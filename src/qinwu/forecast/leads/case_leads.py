"""Case leads: the likeliest pairs of open cases with their reasons, and the series they make, for a human to confirm."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from qinwu.findings import Finding, Place, QinwuError
from qinwu.forecast.leads.backtest import BackTest, back_test
from qinwu.forecast.leads.cases import F64, I64, Bools, Cases, Labels, all_pairs
from qinwu.forecast.leads.evidence import FEATURES, NEAR_SHARE, Evidence, Feature, word_shares
from qinwu.forecast.leads.grouping import groups
from qinwu.forecast.leads.linking import LEAST_GROUPS, LEAST_LINKS, Linking, learn
from qinwu.language import N_

LEAST_CASES, MOST_CASES = 10, 8_000
SERIES_FROM = 0.5
"""Mean probability of its pairs from which cases are shown as one series."""
KEPT = 5_000
"""Pairs whose probability is kept, the likeliest; a series is made of these."""
BLOCK = 400_000
STEPS = 4


@dataclass(frozen=True, slots=True)
class Lead:
    """One pair of cases to look at.

    Parameters
    ----------
    first, second
        Positions of the cases.
    log_odds, probability
        How likely they belong together; the probability is nan where nothing was learnt.
    reasons
        What each feature adds to the log-odds of an average pair.
    metres, days
        Distance (nan where a place is not known) and expected days between them.
    near_share
        Share of all cases that lie as near, mean of the two ends; nan where a place is not known.
    hour_ratio
        How many times as often as by chance their hours of the day agree.
    shared
        Words of method both have, with the share of cases that have each, the rarest first.
    """

    first: int
    second: int
    log_odds: float
    probability: float
    reasons: dict[Feature, float]
    metres: float
    days: float
    near_share: float
    hour_ratio: float
    shared: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Series:
    """Cases that look like one series: positions in order of time, mean probability of their pairs, confirmed series among them."""

    cases: tuple[int, ...]
    probability: float
    confirmed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseLeads:
    """What is found in a file of cases.

    Parameters
    ----------
    cases, labels, linking
        The cases, what is confirmed about them, and how pairs were judged.
    test
        The back-test; None where too little is confirmed.
    leads
        Pairs that nobody has decided about, likeliest first.
    undecided
        How many such pairs there are.
    tested
        The list that the back-test would have given, likeliest first.
    series
        Groups of cases with something undecided in them.
    findings
        What is worth saying about the file.
    """

    cases: Cases
    labels: Labels
    linking: Linking
    test: BackTest | None
    leads: tuple[Lead, ...]
    undecided: int
    tested: tuple[Lead, ...]
    series: tuple[Series, ...]
    findings: tuple[Finding, ...]


def link_cases(
    cases: Cases,
    labels: Labels,
    most: int = 50,
    on_done: Callable[[int], None] = lambda _: None,
    among: Bools | None = None,
) -> CaseLeads:
    """Rank the pairs of cases that may belong together.

    Parameters
    ----------
    cases, labels
        The cases and what is confirmed about them.
    most
        Pairs to return.
    on_done
        Told after each of `STEPS` steps.
    among
        Cases that pairs and series are made of, such as those nobody has looked at yet; the others only teach what is rare. None
        for all.

    Raises
    ------
    QinwuError
        Where there are too few cases, or too many to compare each with each.
    """
    if not LEAST_CASES <= len(cases) <= MOST_CASES:
        raise QinwuError([_size(len(cases))])
    evidence = Evidence.of(cases)
    on_done(1)
    test = back_test(evidence, labels)
    on_done(2)
    linking = learn(evidence, labels)
    on_done(3)
    wanted = np.ones(len(cases), dtype=bool) if among is None else among
    first, second, log_odds, undecided = _likeliest(evidence, labels, linking, max(most, KEPT), wanted)
    shares = word_shares(cases)
    leads = tuple(_lead(evidence, linking, shares, *pair) for pair in zip(first[:most], second[:most], strict=True))
    tested = () if test is None else _tested(evidence, test, shares, most)
    series = tuple(_series(evidence, labels, linking, first, second, log_odds)) if linking.calibrated else ()
    on_done(STEPS)
    return CaseLeads(cases, labels, linking, test, leads, undecided, tested, series, tuple(_findings(labels, linking, test)))


def _size(count: int) -> Finding:
    if count < LEAST_CASES:
        message, remedy = N_("{count} cases are too few; at least {least} are needed."), N_("Take a longer time.")
        return Finding("too-few-cases", "error", message, remedy, Place(), {"count": count, "least": LEAST_CASES})
    message = N_("{count} cases are too many to compare each with each; at most {most}.")
    remedy = N_("Take a shorter time, or one kind of case.")
    return Finding("too-many-cases", "error", message, remedy, Place(), {"count": count, "most": MOST_CASES})


def _likeliest(evidence: Evidence, labels: Labels, linking: Linking, most: int, among: Bools) -> tuple[I64, I64, F64, int]:
    """Return the likeliest undecided pairs with their log-odds, and how many are undecided; a block of rows at a time."""
    size = len(evidence.cases)
    best: tuple[I64, I64, F64] = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    undecided, rows = 0, max(1, BLOCK // size)
    for start in range(0, size, rows):
        first, second = _block(start, min(start + rows, size), size)
        open_ = among[first] & among[second] & ~labels.is_decided(first, second)
        first, second = first[open_], second[open_]
        undecided += first.size
        log_odds = linking.log_odds(evidence.between(first, second))
        joined = tuple(np.concatenate(pair) for pair in zip(best, (first, second, log_odds), strict=True))
        kept = np.lexsort((joined[1], joined[0], -joined[2]))[:most]
        best = (joined[0][kept], joined[1][kept], joined[2][kept])
    return *best, undecided


def _block(start: int, end: int, size: int) -> tuple[I64, I64]:
    first = np.repeat(np.arange(start, end), size - 1 - np.arange(start, end))
    second = np.concatenate([np.arange(row + 1, size) for row in range(start, end)])
    return first, second


def _lead(evidence: Evidence, linking: Linking, shares: dict[str, float], first: int, second: int) -> Lead:
    pair = (np.array([first]), np.array([second]))
    x = evidence.between(*pair)
    cases = evidence.cases
    both = sorted(set(cases.methods[first]) & set(cases.methods[second]), key=lambda word: (shares[word], word))
    return Lead(
        int(first),
        int(second),
        float(linking.log_odds(x)[0]),
        float(linking.probability(x)[0]),
        dict(zip(FEATURES, linking.monotone.contributions(x)[0].tolist(), strict=True)),
        float(np.hypot(cases.x_m[first] - cases.x_m[second], cases.y_m[first] - cases.y_m[second])),
        float(evidence.days_apart(*pair)[0]),
        float(max(np.exp(-evidence.nearness[first, second]) - NEAR_SHARE, 0.0)) if np.isfinite(x[0, 1]) else float("nan"),
        float(np.exp(evidence.hour[first, second])),
        tuple((word, shares[word]) for word in both),
    )


def _tested(evidence: Evidence, test: BackTest, shares: dict[str, float], most: int) -> tuple[Lead, ...]:
    pairs = zip(test.first[:most], test.second[:most], strict=True)
    return tuple(_lead(evidence, test.linking, shares, *pair) for pair in pairs)


def _series(evidence: Evidence, labels: Labels, linking: Linking, first: I64, second: I64, log_odds: F64) -> Iterator[Series]:
    """Yield groups of likely pairs, undecided or confirmed, that have something undecided in them; the most certain first."""
    from scipy.special import expit

    a, b = labels.linked.T
    one, other = np.r_[first, a], np.r_[second, b]
    strength = np.r_[expit(log_odds), np.ones(a.size)]
    found = []
    for members in groups(one, other, strength, SERIES_FROM):
        pairs = all_pairs(np.array(members))
        if labels.is_decided(*pairs).all():
            continue
        said = np.where(labels.is_linked(*pairs), 1.0, linking.probability(evidence.between(*pairs)))
        ordered = sorted(members, key=lambda at: (evidence.cases.middle_s[at], at))
        confirmed = sorted({name for at in members for name in labels.series[at]})
        found.append(Series(tuple(ordered), float(said.mean()), tuple(confirmed)))
    yield from sorted(found, key=lambda each: (-len(each.cases) * each.probability, each.cases))


def _findings(labels: Labels, linking: Linking, test: BackTest | None) -> Iterator[Finding]:
    """Yield what is not known, said openly."""
    if not linking.calibrated:
        message = N_(
            "{links} confirmed pairs in {tied} series are too few to learn from; {least} in {groups} are needed. Pairs are ranked "
            "by how rarely chance would bring them together, without a probability."
        )
        remedy = N_("Write the numbers of confirmed series into a column series, or give decided pairs with --confirmed.")
        tied = np.unique(labels.groups()[labels.linked[:, 0]]).size
        values = {"links": len(labels.linked), "tied": tied, "least": LEAST_LINKS, "groups": LEAST_GROUPS}
        yield Finding("nothing-confirmed", "warning", message, remedy, Place(), values)
        return
    if labels.known.all() and not all(labels.series):
        message = N_("Nobody says which cases stand alone: those without a number count so, and probabilities err on the low side.")
        remedy = N_("Give cases that were solved and belong to no series a number of their own.")
        yield Finding("alone-unknown", "note", message, remedy)
    if test is None:
        message = N_("Too few of the later cases are confirmed to belong together: nothing says how good this list is.")
        yield Finding("nothing-tested", "warning", message, N_("Confirm more, also of recent cases."))


def decided(labels: Labels, leads: tuple[Lead, ...]) -> Bools:
    """Return which leads are confirmed to belong together."""
    first = np.array([lead.first for lead in leads], dtype=np.int64)
    second = np.array([lead.second for lead in leads], dtype=np.int64)
    return labels.is_linked(first, second)
