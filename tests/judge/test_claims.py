"""Claims: arithmetic of published figures against figures worked out by hand, grades by rule, and what never may be said."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from qinwu.findings import QinwuError
from qinwu.judge.claims.checking import Account, check
from qinwu.judge.claims.claim import Assignment, Claim, Comparator, Source
from qinwu.judge.claims.figures import parse_figure
from qinwu.judge.claims.grading import Verdict, grade_of, verdict_of, weaknesses_of
from qinwu.judge.claims.headcounts import cover, heads_giving, nearest_heads
from qinwu.judge.claims.implied import WORDINGS, Span, contrast, fairness, implied_before, yearly_pace
from qinwu.judge.claims.rates import Point, Rate, poisson_interval, ranked, rate_ratio, segments
from qinwu.judge.claims.reading import shipped_claims
from qinwu.station.config import Text


@pytest.fixture(scope="module")
def articles() -> Account:
    """The claims of the articles, judged."""
    return check(shipped_claims())


def a_claim(**values: object) -> Claim:
    """Return a dated claim about counts before and after, with `values` changed."""
    source = Source(Text(zh="统计"), "statistics")
    plain = Claim(
        "a", Text(zh="案件"), Text(zh="案件下降"), "count", source,
        value=parse_figure(70), before=parse_figure(100), period="2024", before_period="2023",
        comparator="before", recording_rule=Text(zh="立案"),
    )  # fmt: skip
    return replace(plain, **values)  # type: ignore[arg-type]


# -- figures as written ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value", "step", "kind"),
    [
        (963, 963.0, 1.0, "number"),
        ("15,505", 15505.0, 1.0, "number"),
        ("280万", 2.8e6, 1e4, "number"),
        ("1.3亿", 1.3e8, 1e7, "number"),
        ("48.5%", 0.485, 0.001, "share"),
        ("−69%", -0.69, 0.01, "share"),
        ("提高４１％", 0.41, 0.01, "share"),
        ("+40.5个百分点", 0.405, 0.001, "points"),
        ("-4.7 points", -0.047, 0.001, "points"),
    ],
)
def test_figures_are_read_as_people_write_them(written: object, value: float, step: float, kind: str) -> None:
    """Signs, words, scales, full width and points give value and rounding."""
    figure = parse_figure(written)
    assert figure is not None
    assert [figure.value, figure.step] == pytest.approx([value, step])
    assert figure.written == kind


@pytest.mark.parametrize("written", ["", "many", "1,23", "下降-3%", "12 起", True, "nan", "10%%", "1e5"])
def test_what_is_no_figure_is_none(written: object) -> None:
    """Words, broken thousands and double signs are no figures."""
    assert parse_figure(written) is None


# -- before ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "base", "pace"),
    [
        ("daqing_eight", (3106, 3057, 3157), "-20.9%"),
        ("daqing_homicide", (159, 157, 162), "-18.0%"),
        ("daqing_cleared", (10996, 10958, 11036), "+7.1%"),
    ],
)
def test_figures_before_follow_from_the_articles(articles: Account, name: str, base: tuple[int, ...], pace: str) -> None:
    """963 after -69%, 59 after -63% and 15,505 after +41% have the bases and paces worked out by hand."""
    checked = articles.of(name)
    assert checked.base is not None
    assert checked.pace is not None
    assert tuple(round(bound) for bound in checked.base) == base
    assert f"{checked.pace:+.1%}" == pace


@given(before=st.integers(1, 10**6), after=st.integers(1, 10**6), decimals=st.integers(0, 2))
def test_the_interval_holds_the_true_base(before: int, after: int, decimals: int) -> None:
    """Whoever rounds the change, the figure before lies within the bounds."""
    step = 10.0**-decimals / 100
    change = round((after / before - 1) / step) * step
    if change - step / 2 <= -1 + 1e-9:
        with pytest.raises(QinwuError):
            implied_before(after, min(change, -1.0), step)
        return
    found = implied_before(after, change, step)
    assert found.low <= before * (1 + 1e-9)
    assert before * (1 - 1e-9) <= found.high


@given(change=st.floats(-0.99, 20), years=st.floats(0.5, 50))
def test_the_pace_adds_up(change: float, years: float) -> None:
    """A pace a year, compounded, is the whole change."""
    assert (1 + yearly_pace(change, years)) ** years == pytest.approx(1 + change)


@pytest.mark.parametrize(("after", "change"), [(963, -1.0), (963, -0.996), (0, -0.5)])
def test_nothing_follows_from_a_fall_to_nothing(after: float, change: float) -> None:
    """After a fall by all, or to zero, no figure before can be worked out, and it says so."""
    with pytest.raises(QinwuError, match="Nothing follows"):
        implied_before(after, change)


def test_ratio_per_cent_and_points_are_different_things(articles: Account) -> None:
    """48.5% to 89% is x1.835, +83.5%, +40.5 points; nearly doubled is fair, not exact, and doubled says too much."""
    checked = articles.of("daqing_front")
    compared = checked.contrast
    assert compared is not None
    assert (round(compared.ratio.value, 3), round(compared.relative.value, 3), round(compared.points.value, 3)) == (
        1.835,
        0.835,
        0.405,
    )
    assert checked.fairness == "fair"
    assert fairness("double", compared.ratio) == "too_much"
    press = articles.of("daqing_front_press").contrast
    assert press is not None
    assert round(press.ratio.value, 3) == 1.841


def test_words_are_exact_where_rounding_allows_it() -> None:
    """Every word is exact of its own ratio; nearly is unfair of a change the other way; 翻两番 is fourfold, not threefold."""
    factors = {"double": 2, "nearly_double": 2, "triple": 3, "nearly_triple": 3, "fourfold": 4, "half": 0.5, "nearly_half": 0.5}
    assert set(factors) == set(WORDINGS)
    for wording in WORDINGS:
        factor = float(factors[wording])
        assert fairness(wording, Span(factor, factor, factor)) == "exact"
        assert fairness(wording, Span(1.0, 1.0, 1.0)) == "too_much"
    assert fairness("fourfold", Span(3.0, 3.0, 3.0)) == "too_much"
    assert fairness("nearly_half", Span(0.54, 0.53, 0.55)) == "fair"


# -- head-counts -----------------------------------------------------------------------------------------------------------


def test_no_whole_number_of_thirteen_is_89_per_cent(articles: Account) -> None:
    """Nearest are 12/13 = 92.3% and 11/13 = 84.6%; three, four and six are 23.1, 30.8 and 46.2%."""
    (station,) = articles.stations
    looked = station.looked[-1]
    assert looked.giving == ()
    assert [f"{heads.people}/{heads.of} {heads.share:.1%}" for heads in looked.nearest] == ["12/13 92.3%", "11/13 84.6%"]
    table = station.table
    assert [f"{count / station.total:.1%}" for count in (table.command, table.office, table.front)] == ["23.1%", "30.8%", "46.2%"]


def test_two_around_the_clock_need_336_hours(articles: Account) -> None:
    """Six give 240 gross and 198 net, not enough but for three groups of 56 hours; twelve give 480 and 397, enough."""
    (station,) = articles.stations
    now, then = station.cover, station.cover_then
    assert then is not None
    assert (now.needed, now.gross, round(now.net), now.feasible) == (336.0, 240.0, 198, False)
    assert (now.groups, now.group_hours, now.long_duty_enough) == (3, 56.0, True)
    assert (then.front, then.gross, round(then.net), then.feasible) == (12, 480.0, 397, True)
    assert not cover(3).long_duty_enough


@given(of=st.integers(1, 60), count=st.integers(0, 60), decimals=st.integers(0, 1))
def test_heads_are_found_again(of: int, count: int, decimals: int) -> None:
    """A share written from a head-count is given by that head-count, and nearest ones enclose every share."""
    if count > of:
        return
    share = parse_figure(f"{100 * count / of:.{decimals}f}%")
    assert share is not None
    assert count in {heads.people for heads in heads_giving(share, of)}
    near = nearest_heads(share, of)
    assert min(abs(heads.share - share.value) for heads in near) == pytest.approx(
        min(abs(people / of - share.value) for people in range(of + 1)), abs=1e-9
    )


# -- grades ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("comparator", "assignment"), list(product(get_args(Comparator), get_args(Assignment))))
def test_the_grade_follows_from_the_design(comparator: Comparator, assignment: Assignment) -> None:
    """By lot with a comparison A, both ways B, one way C, nothing D."""
    found = grade_of(a_claim(comparator=comparator, assignment=assignment))
    by_chance = assignment in ("random", "natural")
    expected = {
        "none": "D",
        "before": "C",
        "elsewhere": "A" if by_chance else "C",
        "before_and_elsewhere": "A" if by_chance else "B",
    }
    assert found == expected[comparator]


@pytest.mark.parametrize(
    "values",
    [
        {"before_period": "改革前"},
        {"period": ""},
        {"value": None, "before": None},
        {"value": None, "before": None, "change": parse_figure("-7.7%")},
        {"source": Source(Text(zh="听说"), "hearsay")},
    ],
)
def test_what_cannot_be_checked_is_d(values: dict[str, object]) -> None:
    """An undated before, an undated figure, no figure, no base and hearsay are D whatever they are compared with."""
    for comparator in ("before", "before_and_elsewhere"):
        assert grade_of(a_claim(comparator=comparator, assignment="random", **values)) == "D"


def test_before_and_after_without_comparison_never_worked(articles: Account) -> None:
    """No verdict there is says that something worked, and no claim of the articles is said to be compared without being so."""
    words = " ".join(get_args(Verdict))
    assert not any(word in words for word in ("work", "success", "effect", "proven", "improve"))
    for checked in articles.checked:
        assert checked.verdict in get_args(Verdict)
        if checked.claim.comparator in ("none", "before"):
            assert checked.verdict != "measured_against_comparison"
            assert checked.grade in ("C", "D")


@given(
    comparator=st.sampled_from(get_args(Comparator)), assignment=st.sampled_from(get_args(Assignment)),
    two=st.booleans(), adds=st.booleans(), dated=st.booleans(),
)  # fmt: skip
def test_no_comparison_no_measurement(comparator: Comparator, assignment: Assignment, two: bool, adds: bool, dated: bool) -> None:
    """Whatever else is true, a claim without a comparison elsewhere is never called measured against one."""
    claim = a_claim(comparator=comparator, assignment=assignment, before_period="2023" if dated else "")
    if comparator in ("none", "before"):
        assert verdict_of(claim, told_two_ways=two, adds_up=adds) != "measured_against_comparison"


def test_weaknesses_of_the_articles_are_named(articles: Account) -> None:
    """Undated before, local media, short window, regression to the mean, unknown base, per cent or points, rank without a table."""
    weak = {checked.claim.id: set(checked.weaknesses) for checked in articles.checked}
    assert {"no_comparator", "undated_before", "local_media", "regression_to_the_mean", "recording_rule"} == weak["daqing_eight"]
    assert {"short_window", "regression_to_the_mean"} <= weak["xinxiang_110"]
    assert {"no_base", "short_window"} <= weak["xinxiang_recorded"]
    assert "percent_or_points" in weak["xinxiang_clearance"]
    assert "rank_without_table" in weak["daqing_rank"]
    assert {"no_figure", "own_account"} <= weak["resources_optimised"]
    assert "regression_to_the_mean" not in weak["zhengzhou_units"]


def test_a_year_is_no_short_window() -> None:
    """Eleven months are short, twelve are not."""
    assert "short_window" in weaknesses_of(a_claim(months=11.0))
    assert "short_window" not in weaknesses_of(a_claim(months=12.0))


def test_every_article_has_its_source_and_mechanism(articles: Account) -> None:
    """Every figure says who said it with what trust, and every claim of the articles to which mechanism it belongs."""
    for checked in articles.checked:
        assert checked.claim.source.text.zh
        assert checked.claim.source.text.en
        assert checked.claim.source.mark
        assert checked.claim.yardstick or checked.claim.mechanisms
    named = {mark for checked in articles.own for mark in checked.claim.mechanisms}
    named |= {mark for table in articles.claims.rates for mark in table.mechanisms}
    named |= {mark for table in articles.claims.stations for mark in table.mechanisms}
    assert {f"M{number}" for number in (13, 14, 31, 35, 36, 37, 38, 39, 41, 44, 75)} <= named


# -- crossing --------------------------------------------------------------------------------------------------------------


def test_homicides_fell_less_than_the_eight_crimes(articles: Account) -> None:
    """Their share went from 5.1% to 6.1%, and rounding does not explain it."""
    (pair,) = articles.parts
    assert pair.before is not None
    assert pair.after is not None
    assert (f"{pair.before.value:.1%}", f"{pair.after.value:.1%}") == ("5.1%", "6.1%")
    assert pair.after.low > pair.before.high
    assert pair.fits


def test_a_part_larger_than_its_whole_does_not_add_up() -> None:
    """A part with more cases than its whole is called so; of another year it is not compared."""
    claims = shipped_claims()
    more = replace(claims.claim("daqing_homicide"), value=parse_figure(964))
    other = replace(claims.claim("daqing_homicide"), value=parse_figure(964), period="2008")
    for part, fits, comparable in ((more, False, True), (other, True, False)):
        account = check(replace(claims, claims=(claims.claim("daqing_eight"), part)))
        assert (account.parts[0].fits, account.parts[0].comparable) == (fits, comparable)
        assert (account.of(part.id).verdict == "does_not_add_up") is not fits


def test_conflicting_claims_are_both_kept(articles: Account) -> None:
    """Zhengzhou's 56% and 66% stand side by side; Daqing's 89% and 89.3% agree by rounding."""
    found = {group.about: group for group in articles.same}
    assert [claim.id for claim in found["zhengzhou_front"].claims] == ["zhengzhou_front_56", "zhengzhou_front_66"]
    assert not found["zhengzhou_front"].agree
    assert found["daqing_front"].agree
    assert {articles.of(name).verdict for name in ("zhengzhou_front_56", "zhengzhou_front_66")} == {"told_two_ways"}


def test_no_clearance_rate_from_cases_cleared(articles: Account) -> None:
    """It is refused for want of denominator and rule, and the eight crimes cannot be what 15,505 are a part of."""
    (told,) = articles.rates
    assert told.rate is None
    assert {finding.code for finding in told.refused} == {"rate-without-denominator", "rate-without-recording-rule"}
    assert [claim.id for claim in told.too_small] == ["daqing_eight"]


# -- rates -----------------------------------------------------------------------------------------------------------------


def test_a_rate_needs_all_four() -> None:
    """Every missing part is told at once."""
    with pytest.raises(QinwuError) as caught:
        Rate(-1, 0.0, " ", "")
    assert len(caught.value.findings) == 4
    assert Rate(0, 1.0, "2009", "立案").value == 0.0


@given(count=st.integers(0, 5000), level=st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_the_poisson_interval_is_exact(count: int, level: float) -> None:
    """At its bounds so few, or so many, cases have just half of what the level leaves."""
    low, high = poisson_interval(count, level)
    tail = (1 - level) / 2
    assert stats.poisson.cdf(count, high) == pytest.approx(tail, rel=1e-6)
    if count:
        assert stats.poisson.sf(count - 1, low) == pytest.approx(tail, rel=1e-6)
    else:
        assert low == 0.0


@given(one=st.integers(1, 300), other=st.integers(1, 300))
def test_the_ratio_of_rates_is_that_of_clopper_and_pearson(one: int, other: int) -> None:
    """The interval is that which scipy gives for the binomial share, turned into odds."""
    found = rate_ratio(Rate(one, 2.0, "a", "r"), Rate(other, 5.0, "b", "r"))
    share = stats.binomtest(one, one + other).proportion_ci(0.95, method="exact")
    for bound, odds in zip((found.low, found.high), (share.low, share.high), strict=True):
        assert bound == pytest.approx(odds / (1 - odds) * 2.5, rel=1e-6)
    assert found.value == pytest.approx(one / other * 2.5)


def test_no_cases_leave_an_open_ratio() -> None:
    """Nothing against something is from zero; something against nothing has no upper bound."""
    none, some = Rate(0, 1.0, "a", "r"), Rate(4, 1.0, "b", "r")
    assert rate_ratio(none, some).low == 0.0
    assert math.isinf(rate_ratio(some, none).high)
    assert rate_ratio(none, none).low == 0.0


@given(counts=st.lists(st.integers(0, 400), min_size=2, max_size=8))
def test_ranks_hold_the_observed_order(counts: list[int]) -> None:
    """The observed rank lies within its bounds, and alike places share the first."""
    table = ranked([(f"{at}", Rate(count, 1e5, "2024", "r")) for at, count in enumerate(counts)])
    assert [row.rate.numerator for row in table] == sorted(counts)
    assert all(row.best <= row.rank <= row.worst for row in table)
    if len(set(counts)) == 1:
        assert {(row.best, row.worst) for row in table} == {(1, len(counts))}


def test_a_series_is_cut_where_the_rule_changes() -> None:
    """A new rule or a new boundary starts a new part; the ratio never reaches across."""
    rules = [("旧", "甲"), ("旧", "甲"), ("新", "甲"), ("新", "乙"), ("新", "乙")]
    points = [Point(Rate(100 + at, 1e5, str(2001 + at), rule), boundary) for at, (rule, boundary) in enumerate(rules)]
    parts = segments(points)
    assert [[point.rate.period for point in part.points] for part in parts] == [["2001", "2002"], ["2003"], ["2004", "2005"]]
    assert parts[1].ratio is None
    assert parts[0].ratio is not None
    assert parts[0].ratio.value == pytest.approx(101 / 100)


def test_contrast_of_equal_figures_is_nothing() -> None:
    """A figure compared with itself is x1, 0%, 0 points."""
    same = Span(0.5, 0.5, 0.5)
    assert contrast(same, same).ratio == (1.0, 1.0, 1.0)
    assert contrast(same, same).points == (0.0, 0.0, 0.0)
