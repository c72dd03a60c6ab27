"""Loads: hours lost to meetings, assessments, papers, ad-hoc operations and secondments, and who ordered them (M46, M48-M50)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Literal, get_args

from qinwu.duty.organisation.norms import Norms
from qinwu.duty.organisation.posts import Establishment
from qinwu.duty.organisation.tree import under
from qinwu.duty.system import DutySystem
from qinwu.duty.units import Load
from qinwu.findings import Finding, Place
from qinwu.language import N_
from qinwu.station.config import Text

Kind = Literal["meeting", "assessment", "paperwork", "ad_hoc", "secondment"]
KINDS: tuple[Kind, ...] = get_args(Kind)
AD_HOC: tuple[Kind, ...] = ("ad_hoc", "secondment")


@dataclass(frozen=True, slots=True)
class Lost:
    """Hours a unit loses each week, all its members and those of the units below it together.

    ``posts`` are their posts, ``hours`` the hours lost by kind, ``available`` the hours they work a week.
    """

    unit: str
    name: Text
    posts: int
    hours: Mapping[Kind, float]
    available: float

    @property
    def total(self) -> float:
        """All hours lost."""
        return fsum(self.hours.values())

    @property
    def ad_hoc(self) -> float:
        """Hours lost to ad-hoc operations and secondments."""
        return fsum(self.hours[kind] for kind in AD_HOC)

    @property
    def each(self) -> float | None:
        """Hours lost by one officer; None where there are no posts."""
        return self.total / self.posts if self.posts else None

    @property
    def share(self) -> float | None:
        """Hours lost of all hours; None where there are no posts."""
        return self.total / self.available if self.available else None

    @property
    def ad_hoc_share(self) -> float | None:
        """Ad-hoc hours of all hours; None where there are no posts."""
        return self.ad_hoc / self.available if self.available else None

    @property
    def operational(self) -> float | None:
        """Share of hours left for police work (M46); None where there are no posts."""
        return None if self.share is None else max(1.0 - self.share, 0.0)


@dataclass(frozen=True, slots=True)
class Loads:
    """The ledger: each unit that loses hours, everybody together, and hours a week by who ordered them, most first."""

    units: tuple[Lost, ...]
    whole: Lost
    ordered: tuple[tuple[str, float], ...]


def loads(system: DutySystem, establishment: Establishment, norms: Norms) -> Loads:
    """Return the ledger of hours lost.

    A unit's ``[[load]]`` is that of all its members and those below it; what the units below have of their own comes on top.
    """
    places = dict.fromkeys(load.unit for load in system.load)
    units = [_lost(system, establishment, place, norms) for place in places]
    everybody = establishment.all.total
    whole = Lost("", system.name, everybody, _hours(system.load), everybody * norms.hours)
    return Loads(tuple(units), whole, _ordered(system.load))


def _lost(system: DutySystem, establishment: Establishment, place: str, norms: Norms) -> Lost:
    below = under(system.unit, place)
    name = next((unit.name for unit in system.unit if unit.id == place), Text(zh=place))
    posts = sum(establishment.of(unit).total for unit in below)
    return Lost(place, name, posts, _hours(load for load in system.load if load.unit in below), posts * norms.hours)


def _hours(rows: Iterable[Load]) -> dict[Kind, float]:
    every = list(rows)
    return {kind: fsum(load.hours_per_week for load in every if load.kind == kind) for kind in KINDS}


def _ordered(rows: Sequence[Load]) -> tuple[tuple[str, float], ...]:
    who = dict.fromkeys(load.ordered_by for load in rows)
    sums = [(one, fsum(load.hours_per_week for load in rows if load.ordered_by == one)) for one in who]
    return tuple(sorted(sums, key=lambda item: -item[1]))


def load_findings(found: Loads, system: DutySystem, norms: Norms) -> Iterator[Finding]:
    """Yield warnings for units that lose too many hours, and notes for hours nobody is said to have ordered."""
    for each in found.units:
        values = {"unit": each.name, "total": f"{each.total:g}", "each": f"{each.each or 0:.1f}", "posts": each.posts}
        place = Place(key=f"unit.{each.unit}")
        if each.share is None:
            message = N_("{unit} loses {total} hours a week; nobody says how many officers it has.")
            yield Finding("load-without-posts", "note", message, N_("Add its posts."), place, values)
            continue
        if each.share > norms.lost:
            message = N_(
                "{unit} loses {total} hours a week to meetings, assessments, papers and ad-hoc work: {each} an officer, {share} of "
                "their hours; the limit is {limit}."
            )
            remedy = N_("Strike what nobody would miss; start with what takes most hours.")
            shares = {"share": f"{each.share:.0%}", "limit": f"{norms.lost:.0%}"}
            yield Finding("hours-lost", "warning", message, remedy, place, {**values, **shares})
        if (each.ad_hoc_share or 0.0) > norms.ad_hoc:
            message = N_("Ad-hoc operations and secondments take {share} of the hours of {unit}; the alarm stands at {limit}.")
            remedy = N_("Let orders for them go through one desk that keeps the account, with an end date each.")
            shares = {"share": f"{each.ad_hoc_share:.0%}", "limit": f"{norms.ad_hoc:.0%}"}
            yield Finding("ad-hoc-alarm", "warning", message, remedy, place, {**values, **shares})
    nameless = [load for load in system.load if not load.ordered_by]
    if nameless:
        message, remedy = N_("Nobody is named as having ordered {hours} hours a week."), N_("Add ordered_by.")
        hours = {"hours": f"{fsum(load.hours_per_week for load in nameless):g}"}
        yield Finding("ordered-by-nobody", "note", message, remedy, Place(key=f"load.{nameless[0].id}"), hours)
