"""Checking: a file of claims, judged as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from qinwu.judge.claims.claim import Claim, span_of
from qinwu.judge.claims.crossing import (
    PartOfWhole,
    RateTold,
    SameThing,
    StationTold,
    part_of_whole,
    rate_told,
    same_things,
    station_told,
)
from qinwu.judge.claims.document import LeagueTable, SeriesTable
from qinwu.judge.claims.figures import change_fits
from qinwu.judge.claims.grading import GRADES, Grade, Verdict, Weakness, grade_of, verdict_of, weaknesses_of
from qinwu.judge.claims.implied import Contrast, Fairness, Span, contrast, fairness, yearly_pace
from qinwu.judge.claims.rates import Point, Ranked, Rate, Segment, ranked, segments
from qinwu.judge.claims.reading import Claims


@dataclass(frozen=True, slots=True)
class Checked:
    """One claim with all that follows from it.

    Parameters
    ----------
    claim
        The claim.
    grade, verdict, weaknesses
        By the rules of :mod:`qinwu.judge.claims.grading`.
    base
        The figure before, None where nothing follows.
    contrast
        Ratio, relative change and points between both figures, None where one is missing.
    pace
        Relative change a year if spread evenly over ``claim.years``; None where that is not asked.
    fairness
        Whether what the source calls the change is true of it; None where it calls it nothing.
    """

    claim: Claim
    grade: Grade
    verdict: Verdict
    weaknesses: tuple[Weakness, ...]
    base: Span | None
    contrast: Contrast | None
    pace: float | None
    fairness: Fairness | None


@dataclass(frozen=True, slots=True)
class SeriesTold:
    """A series cut at its breaks."""

    table: SeriesTable
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class LeagueTold:
    """A league table with what chance leaves of its ranks."""

    table: LeagueTable
    rows: tuple[Ranked, ...]


@dataclass(frozen=True)
class Account:
    """Everything that can be said of a file of claims."""

    claims: Claims
    checked: tuple[Checked, ...]
    parts: tuple[PartOfWhole, ...]
    same: tuple[SameThing, ...]
    rates: tuple[RateTold, ...]
    series: tuple[SeriesTold, ...]
    leagues: tuple[LeagueTold, ...]
    stations: tuple[StationTold, ...]

    @property
    def own(self) -> tuple[Checked, ...]:
        """The claims of the file, without those shown only as a yardstick."""
        return tuple(each for each in self.checked if not each.claim.yardstick)

    def of(self, name: str) -> Checked:
        """Return the claim with an id."""
        return next(each for each in self.checked if each.claim.id == name)

    def grades(self) -> dict[Grade, int]:
        """Return how many of the file's own claims have each grade."""
        return {grade: sum(each.grade == grade for each in self.own) for grade in GRADES}


def check(claims: Claims) -> Account:
    """Judge a file of claims."""
    by_id = {claim.id: claim for claim in claims.claims}
    parts = tuple(part_of_whole(claim, by_id[claim.part_of]) for claim in claims.claims if claim.part_of)
    same = tuple(same_things(claims.claims))
    told_two_ways = {claim.id for group in same if not group.agree for claim in group.claims}
    too_large = {pair.part.id for pair in parts if not pair.fits}
    leagues = tuple(_league(table) for table in claims.leagues)
    with_table = {league.table.claim for league in leagues}
    return Account(
        claims,
        tuple(_checked(claim, claim.id in told_two_ways, claim.id in too_large, claim.id in with_table) for claim in claims.claims),
        parts,
        same,
        tuple(rate_told(table, claims.claims) for table in claims.rates),
        tuple(SeriesTold(table, segments(_points(table))) for table in claims.series),
        leagues,
        tuple(station_told(table, claims.claims) for table in claims.stations),
    )


def _checked(claim: Claim, told_two_ways: bool, too_large: bool, with_table: bool) -> Checked:
    base, value, change = claim.base, claim.value, claim.change
    compared = contrast(base, span_of(value)) if base is not None and value is not None and base.low > 0.0 else None
    relative = claim.relative_change
    pace = yearly_pace(relative.value, claim.years) if relative is not None and claim.years is not None else None
    fair = fairness(claim.wording, compared.ratio) if claim.wording is not None and compared is not None else None
    adds_up = not too_large and (
        claim.before is None or value is None or change is None or change_fits(value, claim.before, change)
    )
    weak = tuple(each for each in weaknesses_of(claim) if not (with_table and each == "rank_without_table"))
    verdict = verdict_of(claim, told_two_ways=told_two_ways, adds_up=adds_up)
    return Checked(claim, grade_of(claim), verdict, weak, base, compared, pace, fair)


def _points(table: SeriesTable) -> list[Point]:
    return [
        Point(Rate(each.numerator, each.denominator, each.period, each.recording_rule, table.per), each.boundary)
        for each in table.point
    ]


def _league(table: LeagueTable) -> LeagueTold:
    rows = [(row.name, Rate(row.numerator, row.denominator, table.period, table.recording_rule, table.per)) for row in table.row]
    return LeagueTold(table, ranked(rows))
