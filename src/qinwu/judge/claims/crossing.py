"""Crossing: whether the figures of one file fit each other: parts and wholes, claims about one thing, rates, small stations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from qinwu.findings import Finding
from qinwu.judge.claims.claim import Claim, span_of
from qinwu.judge.claims.document import RateTable, StationTable
from qinwu.judge.claims.figures import Figure
from qinwu.judge.claims.headcounts import Cover, Heads, cover, heads_giving, nearest_heads
from qinwu.judge.claims.implied import Span
from qinwu.judge.claims.rates import Rate, missing


@dataclass(frozen=True, slots=True)
class PartOfWhole:
    """A claim whose cases are among those of another: its share before and after, None where nothing follows.

    ``comparable`` is unset where unit, place or period differ: nothing is then worked out. ``fits`` is unset where the part is more
    than the whole.
    """

    part: Claim
    whole: Claim
    before: Span | None
    after: Span | None
    comparable: bool
    fits: bool


def part_of_whole(part: Claim, whole: Claim) -> PartOfWhole:
    """Return how a part and its whole go together.

    Bounds of the share before come from the bounds of both figures before.
    """
    alike = (part.unit.zh, part.place.zh, part.period) == (whole.unit.zh, whole.place.zh, whole.period)
    if not alike or part.value is None or whole.value is None:
        return PartOfWhole(part, whole, None, None, alike, fits=True)
    after = _share(span_of(part.value), span_of(whole.value))
    before = _share(part.base, whole.base)
    fits = all(share is None or share.low <= 1.0 + 1e-9 for share in (before, after))
    return PartOfWhole(part, whole, before, after, True, fits)


def _share(part: Span | None, whole: Span | None) -> Span | None:
    if part is None or whole is None or whole.low <= 0.0:
        return None
    return Span(part.value / whole.value, part.low / whole.high, part.high / whole.low)


@dataclass(frozen=True, slots=True)
class SameThing:
    """Claims about one thing, all kept; ``agree`` where all may be one number rounded differently."""

    about: str
    claims: tuple[Claim, ...]
    agree: bool


def same_things(claims: Iterable[Claim]) -> Iterator[SameThing]:
    """Yield every group of claims about one thing that has more than one."""
    groups: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.about:
            groups[claim.about].append(claim)
    for about, group in groups.items():
        if len(group) > 1:
            yield SameThing(about, tuple(group), all(_agree(one, other) for one, other in combinations(group, 2)))


def _agree(one: Claim, other: Claim) -> bool:
    """Return whether two claims may tell the same figures; a figure that only one of them has contradicts nothing."""
    pairs = ((one.value, other.value), (one.before, other.before), (one.change, other.change))
    return all(mine is None or theirs is None or mine.agrees_with(theirs) for mine, theirs in pairs)


@dataclass(frozen=True, slots=True)
class RateTold:
    """A rate of the file: told with its interval, or refused with every reason.

    ``too_small`` are counts of the same place and period that are less than the numerator, and so cannot be what it is a part of.
    """

    table: RateTable
    numerator: int | None
    rate: Rate | None
    refused: tuple[Finding, ...]
    too_small: tuple[Claim, ...]


def rate_told(table: RateTable, claims: Sequence[Claim]) -> RateTold:
    """Return a rate, or why there is none."""
    by_id = {claim.id: claim for claim in claims}
    top, under = by_id.get(table.numerator_of), by_id.get(table.denominator_of)
    numerator = table.numerator if table.numerator is not None else _whole(top)
    denominator = table.denominator if table.denominator is not None else _number(under)
    period = table.period or (top.period if top else "")
    rule = table.recording_rule or (top.recording_rule.zh if top else "")
    found = tuple(missing(numerator, denominator, period, rule))
    small = tuple(claim for claim in claims if top and denominator is None and _too_small(claim, top))
    if found or numerator is None or denominator is None:
        return RateTold(table, numerator, None, found, small)
    return RateTold(table, numerator, Rate(numerator, denominator, period, rule, table.per), (), ())


def _number(claim: Claim | None) -> float | None:
    return claim.value.value if claim and claim.value else None


def _whole(claim: Claim | None) -> int | None:
    number = _number(claim)
    return None if number is None or number != int(number) else int(number)


def _too_small(claim: Claim, top: Claim) -> bool:
    alike = (claim.unit.zh, claim.place.zh, claim.period, claim.kind) == (top.unit.zh, top.place.zh, top.period, top.kind)
    mine, theirs = _number(claim), _number(top)
    return alike and claim.id != top.id and not claim.part_of and mine is not None and theirs is not None and mine < theirs


@dataclass(frozen=True, slots=True)
class ShareLookedFor:
    """A published share looked for among the people of a station: head-counts that give it, else the nearest."""

    claim: Claim
    figure: Figure
    giving: tuple[Heads, ...]
    nearest: tuple[Heads, ...]


@dataclass(frozen=True, slots=True)
class StationTold:
    """A station by its head-counts: the shares looked for, its cover around the clock now, and with the largest of them."""

    table: StationTable
    total: int
    looked: tuple[ShareLookedFor, ...]
    cover: Cover
    cover_then: Cover | None


def station_told(table: StationTable, claims: Sequence[Claim]) -> StationTold:
    """Return what follows from the head-counts of a station.

    The cover "then" is that of the head-count nearest to the largest share looked for.
    """
    by_id = {claim.id: claim for claim in claims}
    total = table.command + table.office + table.front
    named = [by_id[name] for name in table.shares_of if name in by_id]
    figures = [(claim, figure) for claim in named for figure in (claim.before, claim.value) if figure and figure.written == "share"]
    looked = tuple(_looked_for(claim, figure, total) for claim, figure in figures)
    fronts = [(share.giving or share.nearest)[0].people for share in looked]
    most = max(fronts, default=0)
    then = cover(most, table.crew, table.hours) if most > table.front else None
    return StationTold(table, total, looked, cover(table.front, table.crew, table.hours), then)


def _looked_for(claim: Claim, figure: Figure, total: int) -> ShareLookedFor:
    giving = heads_giving(figure, total)
    return ShareLookedFor(claim, figure, giving, () if giving else nearest_heads(figure, total))
