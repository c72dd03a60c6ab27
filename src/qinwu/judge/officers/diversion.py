"""Hours taken elsewhere: secondments and campaigns, ad-hoc work by week, specialists off their work (M49, M50, M68, M69)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import fsum

from qinwu.duty.organisation.diversion import Diverted, diversion_findings, diversions
from qinwu.duty.organisation.norms import Norms
from qinwu.duty.staffing import Staffing
from qinwu.duty.system import DutySystem
from qinwu.findings import Finding, Place
from qinwu.judge.officers.groups import Group
from qinwu.judge.officers.hours import Piece
from qinwu.judge.officers.log import WORK, Entry, Kind
from qinwu.language import N_

AD_HOC: tuple[Kind, ...] = ("campaign", "secondment")
TAKEN: tuple[Kind, ...] = (*AD_HOC, "off_specialty")
"""Kinds of work that take an officer from the beat or the squad."""


@dataclass(frozen=True, slots=True)
class Away:
    """One row of work elsewhere: hours of it within the time looked at, the beats left, and the squad."""

    entry: Entry
    hours: float
    beats: tuple[str, ...]
    squad: str

    @property
    def beat_hours(self) -> float:
        """Beat-hours lost: hours for each beat that the officer answers for."""
        return self.hours * len(self.beats)


@dataclass(frozen=True, slots=True)
class Week:
    """Ad-hoc work of one week: its Monday, hours of it, and all hours worked."""

    monday: date
    ad_hoc_h: float
    worked_h: float

    @property
    def share(self) -> float:
        """Ad-hoc hours of all hours; 0 where nobody worked."""
        return self.ad_hoc_h / self.worked_h if self.worked_h else 0.0


@dataclass(frozen=True)
class Taken:
    """The ledger of hours taken elsewhere.

    Parameters
    ----------
    rows
        Every row of such work, by officer and time.
    by_beat, by_squad
        Hours lost by beat and by squad.
    ordered
        Hours by who ordered them, most first; empty for nobody.
    weeks
        Ad-hoc work week by week.
    squads
        Squads of specialists with the share of their hours off their work as the log has it, the limit, and missing controls.
    limit
        Share of a week that may be ad hoc.
    """

    rows: tuple[Away, ...]
    by_beat: Mapping[str, float]
    by_squad: Mapping[str, float]
    ordered: tuple[tuple[str, float], ...]
    weeks: tuple[Week, ...]
    squads: tuple[Diverted, ...]
    limit: float

    @property
    def hours(self) -> float:
        """All hours taken elsewhere."""
        return fsum(row.hours for row in self.rows)


def taken_elsewhere(
    pieces: Sequence[Piece], system: DutySystem, staffing: Staffing, groups: Sequence[Group], norms: Norms | None = None
) -> Taken:
    """Return the ledger of hours taken elsewhere.

    Parameters
    ----------
    pieces
        The parts of rows by day.
    system, staffing
        Who answers for which beat; limits and controls of squads.
    groups
        Whose squad is which.
    norms
        The share of hours from which ad-hoc work is too much.
    """
    limits = norms or Norms()
    squad_of = {name: group.squad for group in groups for name in group.officers}
    beats_of: dict[str, tuple[str, ...]] = {}
    for beat, officer in staffing.accountable.items():
        beats_of[officer.id] = (*beats_of.get(officer.id, ()), beat)
    hours: dict[Entry, float] = {}
    for piece in pieces:
        if piece.kind in TAKEN:
            hours[piece.entry] = hours.get(piece.entry, 0.0) + piece.hours
    rows = tuple(
        Away(entry, total, beats_of.get(entry.officer, ()), squad_of.get(entry.officer, "")) for entry, total in hours.items()
    )
    ordered = _summed((row.entry.ordered_by, row.hours) for row in rows)
    return Taken(
        rows,
        dict(sorted(_summed((beat, row.hours) for row in rows for beat in row.beats).items())),
        dict(sorted(_summed((row.squad, row.hours) for row in rows if row.squad).items())),
        tuple(sorted(ordered.items(), key=lambda pair: (-pair[1], pair[0]))),
        _weeks(pieces),
        tuple(_measured(pieces, system, limits, squad_of)),
        limits.ad_hoc,
    )


def _summed(pairs: Iterator[tuple[str, float]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for key, hours in pairs:
        found[key] = found.get(key, 0.0) + hours
    return found


def _weeks(pieces: Sequence[Piece]) -> tuple[Week, ...]:
    worked: dict[date, float] = {}
    ad_hoc: dict[date, float] = {}
    for piece in pieces:
        if piece.kind in WORK:
            monday = piece.day - timedelta(days=piece.day.weekday())
            worked[monday] = worked.get(monday, 0.0) + piece.hours
            ad_hoc[monday] = ad_hoc.get(monday, 0.0) + (piece.hours if piece.kind in AD_HOC else 0.0)
    return tuple(Week(monday, ad_hoc[monday], worked[monday]) for monday in sorted(worked))


def _measured(pieces: Sequence[Piece], system: DutySystem, norms: Norms, squad_of: Mapping[str, str]) -> Iterator[Diverted]:
    """Yield squads of specialists with what the log says went to other work, in place of what the duty file states."""
    for each in diversions(system, norms):
        own = [piece for piece in pieces if squad_of.get(piece.entry.officer) == each.squad and piece.kind in WORK]
        worked = fsum(piece.hours for piece in own)
        off = fsum(piece.hours for piece in own if piece.kind in TAKEN)
        yield replace(each, share=off / worked if worked else None)


def taken_findings(taken: Taken, file: str) -> Iterator[Finding]:
    """Yield weeks with too much ad-hoc work, specialists beyond their limit, and hours that nobody ordered."""
    for week in taken.weeks:
        if week.share > taken.limit:
            message = N_(
                "In the week of {monday} ad-hoc work and secondments took {share} of all hours; the alarm stands at {limit}."
            )
            remedy = N_("Let orders for them go through one desk that keeps the account, with an end date each.")
            values = {"monday": week.monday.isoformat(), "share": f"{week.share:.0%}", "limit": f"{taken.limit:.0%}"}
            yield Finding("ad-hoc-week", "warning", message, remedy, Place(file), values)
    yield from diversion_findings(taken.squads)
    nameless = [row for row in taken.rows if not row.entry.ordered_by]
    if nameless:
        message = N_("Nobody is named as having ordered {hours} hours of work elsewhere, the first of them in this row.")
        values = {"hours": f"{fsum(row.hours for row in nameless):.3g}"}
        remedy = N_("Write down who ordered it.")
        yield Finding("ordered-by-nobody", "note", message, remedy, Place(file, nameless[0].entry.row or None), values)
