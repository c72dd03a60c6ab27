"""Public records: what a plain ranking claims of neighbourhoods and precincts, and what the counts allow."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.judge.leagues import DETROIT, POPULATION, neighbourhoods, precincts, returned
from benchmarks.judge.public import DATA, ST_LOUIS, st_louis

from qinwu.judge.score.funnel import funnel
from qinwu.judge.score.ranks import dispersion_of, rank_intervals

REASON = f"the public data folder {DATA.name} is not beside the checkout"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not all(path.exists() for path in (ST_LOUIS, DETROIT, POPULATION)), reason=REASON),
]


def test_no_neighbourhood_has_a_sure_place() -> None:
    """Of 79 neighbourhoods with 25,600 crimes in a year not one has a sure place; half may be in any of 44 places or fewer."""
    crimes = st_louis("nhood", part_1=True)
    counts = neighbourhoods(crimes, 2015)
    scatter = dispersion_of(crimes.counts[:, -12:])
    ranks = rank_intervals(counts, high_is_good=False, dispersion=scatter, draws=1000)
    ranked = [one for one in ranks if one.best is not None]
    assert (len(ranks), len(ranked), int(counts.events.sum())) == (79, 78, 25_600)
    assert scatter > 1.5
    assert not any(one.width == 1 for one in ranked)
    assert 35 <= np.median([one.width for one in ranked]) <= 50


def test_funnel_of_neighbourhoods_is_widened() -> None:
    """Chance alone would call 54 of 79 neighbourhoods extraordinary; with the spread between them five are."""
    drawn = funnel(neighbourhoods(st_louis("nhood", part_1=True), 2015))
    assert drawn.spread.over
    assert drawn.spread.phi > 20.0
    assert sum(abs(mark.z) > 3.09 for mark in drawn.marks) > 50
    assert len(drawn.beyond) <= 6


def test_precincts_that_cannot_be_told_apart() -> None:
    """Detroit: the first precinct of a plain ranking may be the tenth of eleven; one precinct is below what chance explains."""
    counts = precincts()
    ranks = rank_intervals(counts, high_is_good=True, draws=1000)
    assert (ranks[0].best, ranks[0].worst) == (1, 10)
    assert [mark.name for mark in funnel(counts).beyond] == [ranks[-1].name] == ["12"]


def test_what_rose_most_falls_back() -> None:
    """The ten neighbourhoods that rose most in a year fall in the next, with nobody doing anything in particular."""
    rise, after, years = returned(st_louis("nhood", part_1=True))
    assert years == 6
    assert rise > 0.1
    assert after < 0.0
