"""Rows of the organisation before and after a reform."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from qinwu.duty.organisation.audit import Audit
from qinwu.duty.organisation.calls import Passed
from qinwu.duty.organisation.posts import Ratio
from qinwu.language import N_
from qinwu.report.reform.telling import Telling
from qinwu.report.words import NONE, number

One = TypeVar("One")


class OrganisationRow(NamedTuple):
    """One line: what it is, before, after."""

    name: str
    before: str
    after: str


def organisation_rows(told: Telling) -> Iterator[OrganisationRow]:
    """Yield the chart in numbers, shares with both counts, the way of a call, counters, and what it costs a week."""
    charts, reach, costs, prices = told.audits, told.tried.reach, told.tried.costs, told.tried.prices
    yield _row(told, N_("Units"), charts, lambda one: str(len(one.system.unit)))
    yield _row(told, N_("Layers"), charts, lambda one: str(one.shape.layers))
    yield _row(told, N_("Widest span of control"), charts, lambda one: str(_widest(one)))
    yield _row(told, N_("Front line, of all"), charts, lambda one: share_words(one.shares.front_line))
    yield _row(told, N_("Headquarters, of all"), charts, lambda one: share_words(one.shares.headquarters))
    yield _row(told, N_("Command posts, of all"), charts, lambda one: share_words(one.shares.command))
    yield _row(told, N_("Officers in crews"), told.in_crews, str)
    yield _row(told, N_("Hand-overs of a call, mean over classes"), charts, lambda one: _hand_overs(one.calls))
    yield _row(told, N_("Counters"), reach, lambda one: str(one.counters))
    yield _row(told, N_("Residents to each counter"), reach, lambda one: number(one.residents_each, 0))
    yield _row(told, N_("Minutes to the nearest counter, mean of residents"), reach, lambda one: number(one.mean_min, 1))
    yield _row(told, N_("Minutes to the nearest counter, farthest atom"), reach, lambda one: number(one.worst_min, 1))
    yield _row(told, N_("Officer-hours on duty a week"), costs, lambda one: number(one.officer_hours, 0))
    yield _row(told, N_("Kilometres to calls a week"), costs, lambda one: number(one.call_km, 0))
    yield _row(told, N_("Kilometres on patrol a week"), costs, lambda one: number(one.patrol_km, 0))
    if prices:
        name = told.say(N_("Cost a week, {currency}"), currency=prices.currency)
        yield OrganisationRow(name, *(number(one.money, 0) for one in costs))


def _row(told: Telling, name: str, both: tuple[One, One], text: Callable[[One], str]) -> OrganisationRow:
    before, after = both
    return OrganisationRow(told.say(name), text(before), text(after))


def share_words(ratio: Ratio) -> str:
    """Return a share with both its counts.

    >>> share_words(Ratio(6, 13))
    '6 / 13 = 46.2%'
    """
    return f"{ratio.part} / {ratio.whole} = {number(100.0 * ratio.part / ratio.whole, 1)}%" if ratio.whole else NONE


def _widest(chart: Audit) -> int:
    return max((span.below for span in chart.shape.spans), default=0)


def _hand_overs(calls: Sequence[Passed]) -> str:
    return number(sum(call.levels + call.asked for call in calls) / len(calls), 2) if calls else NONE
