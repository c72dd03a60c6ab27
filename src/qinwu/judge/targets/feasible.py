"""Feasible: whether the hours of every group of officers suffice for what is asked, and the largest value that fits (M12, M66).

Work that any officer of a group may do is wanted of the group; groups lie in each other like beat, sector and station. By Hall's
theorem for fluid hours everything fits exactly when for every union of overlapping groups the hours wanted inside it are no more
than the hours its officers have. Each such inequality is a row of the report; a target is linear in its value, so the largest value
that fits follows from the rows exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor, inf

from qinwu.judge.targets.available import OfficerMonth
from qinwu.judge.targets.card import Indicator
from qinwu.judge.targets.demand import Demand

ENOUGH_H = 1e-6
MOST_GROUPS = 4096


@dataclass(frozen=True)
class Row:
    """One inequality: officers of a group in one month.

    Parameters
    ----------
    group
        The officers; nobody where work falls due that nobody is accountable for.
    beats
        Where the work is, in the order in which it was named.
    month
        When.
    fixed_h
        Hours of work that no target asks for.
    per_unit_h
        Hours for each unit of a target's value, by indicator.
    available_h
        Hours the officers have for it.
    """

    group: frozenset[str]
    beats: tuple[str, ...]
    month: str
    fixed_h: float
    per_unit_h: Mapping[str, float]
    available_h: float

    def required_h(self, values: Mapping[str, float]) -> float:
        """Return the hours required when targets have these values."""
        return self.fixed_h + sum(hours * values.get(name, 0.0) for name, hours in self.per_unit_h.items())

    def broken(self, values: Mapping[str, float]) -> bool:
        """Return whether more is required than there is."""
        return self.required_h(values) > self.available_h + ENOUGH_H

    def largest(self, indicator: str, values: Mapping[str, float]) -> float:
        """Return the largest value of one target that this row allows with the others as they are; never below 0."""
        rate = self.per_unit_h.get(indicator, 0.0)
        others = self.required_h({**values, indicator: 0.0})
        return max(0.0, (self.available_h - others) / rate) if rate > 0.0 else inf


@dataclass(frozen=True)
class Verdict:
    """Whether a target can be met by the hours there are.

    Parameters
    ----------
    indicator, asked
        Which, and the value asked for.
    others
        The values of the other targets it was judged beside.
    largest
        The largest value that fits beside the others, 0 or more; a whole number where times are counted in whole
        periods; at most 100 % for shares. Infinite where it takes no hours.
    binding
        The rows that are broken and take hours for it, those that allow least first.
    """

    indicator: str
    asked: float
    others: Mapping[str, float]
    largest: float
    binding: tuple[Row, ...]

    @property
    def feasible(self) -> bool:
        """Whether no row is broken."""
        return not self.binding

    @property
    def values(self) -> Mapping[str, float]:
        """The values of all targets that were judged together, this one as asked."""
        return {**self.others, self.indicator: self.asked}


def rows_of(wanted: Sequence[Demand], hours: Mapping[tuple[str, str], OfficerMonth], plannable: float) -> tuple[Row, ...]:
    """Return every inequality that has to hold, month by month.

    Parameters
    ----------
    wanted
        Hours wanted of groups.
    hours
        What each officer has in each month.
    plannable
        The part of the free hours that may be planned, 0 to 1.
    """
    rows: list[Row] = []
    for month in dict.fromkeys(one.month for one in wanted):
        now = [one for one in wanted if one.month == month]
        for group in unions(dict.fromkeys(one.group for one in now)):
            inside = [one for one in now if one.group <= group and (one.group or not group)]
            available = sum(hours[officer, month].free_h for officer in group if (officer, month) in hours)
            per_unit: dict[str, float] = {}
            for one in inside:
                per_unit[one.indicator] = per_unit.get(one.indicator, 0.0) + one.hours
            fixed = per_unit.pop("", 0.0)
            beats = tuple(dict.fromkeys(one.beat for one in inside if one.beat))
            rows.append(Row(group, beats, month, fixed, per_unit, plannable * available))
    return tuple(rows)


def unions(groups: Sequence[frozenset[str]] | Mapping[frozenset[str], None]) -> tuple[frozenset[str], ...]:
    """Return groups and all unions of groups that overlap, smallest first.

    Groups that lie in each other add nothing; at most ``MOST_GROUPS`` are made.
    """
    found = list(dict.fromkeys(groups))
    known = set(found)
    for at, one in enumerate(found):
        for other in found[:at]:
            both = one | other
            if one & other and both not in known and len(found) < MOST_GROUPS:
                known.add(both)
                found.append(both)
    return tuple(sorted(found, key=len))


def judge_together(indicators: Sequence[Indicator], rows: Sequence[Row]) -> dict[str, Verdict]:
    """Return the verdict on each target that asks for recurring work.

    What cannot be met even alone is judged first, then the others from the end of the card upwards: what stands first on the card
    yields last. A target that is refused counts for those judged after it with the largest value that fits.
    """
    asked = {one.id: one.asked for one in indicators if one.asks is not None and one.asked is not None}
    judged = [one for one in indicators if one.id in asked]
    alone = {one.id: judge_target(one, rows, {one.id: asked[one.id]}) for one in judged}
    values = {name: min(value, alone[name].largest) for name, value in asked.items()}
    verdicts: dict[str, Verdict] = {}
    for _, _, one in sorted(((alone[one.id].feasible, -at, one) for at, one in enumerate(judged)), key=lambda each: each[:2]):
        verdict = judge_target(one, rows, {**values, one.id: asked[one.id]})
        verdicts[one.id] = verdict
        values[one.id] = min(asked[one.id], verdict.largest)
    return {one.id: verdicts[one.id] for one in judged}


def judge_target(indicator: Indicator, rows: Sequence[Row], values: Mapping[str, float]) -> Verdict:
    """Return whether a target fits beside others with these values, and the largest value of it that does."""
    asked = values[indicator.id]
    mine = [row for row in rows if row.per_unit_h.get(indicator.id, 0.0) > 0.0]
    largest = min((row.largest(indicator.id, values) for row in mine), default=inf)
    broken = [row for row in mine if row.broken(values)]
    broken.sort(key=lambda row: (row.largest(indicator.id, values), row.month, sorted(row.group)))
    others = {name: value for name, value in values.items() if name != indicator.id}
    return Verdict(indicator.id, asked, others, _rounded(indicator, largest), tuple(broken))


def _rounded(indicator: Indicator, largest: float) -> float:
    """Return the largest value as it can be issued: whole times where they are counted by the period, shares up to their whole."""
    if largest == inf:
        return largest
    if indicator.asks is not None and indicator.asks.by == "share":
        return min(largest, indicator.scale)
    return float(floor(largest + ENOUGH_H)) if indicator.formula.per == "period" else largest
