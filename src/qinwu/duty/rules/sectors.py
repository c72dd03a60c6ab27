"""Sectors 警务区: adjacent beats under one sergeant who is one of their officers."""

from __future__ import annotations

from collections.abc import Iterator

from qinwu.duty.reading import LoadedSystem
from qinwu.duty.rules.atoms import geographic
from qinwu.duty.rules.shape import beat_borders, clusters
from qinwu.duty.system import Beat, Sector
from qinwu.findings import Finding, did_you_mean
from qinwu.language import N_
from qinwu.station.station import Station

MOST_UNDER_ONE = 10
"""Span of control: texts put it at 6 to 10 (facts on spans of control in police)."""


def beats_in_one_sector(_: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield findings for sectors that name unknown beats, for beats of several sectors, and of none (M3)."""
    known = [beat.id for beat in geographic(loaded.system)]
    sector_of: dict[str, str] = {}
    for sector in loaded.system.sector:
        for beat in sector.beats:
            if beat not in known:
                yield unknown_beat(beat, known, ("sector", sector.id, "beats"), loaded)
            elif beat in sector_of:
                yield _in_two(beat, sector_of[beat], sector, loaded)
            sector_of.setdefault(beat, sector.id)
    missing = [beat for beat in known if beat not in sector_of]
    if loaded.system.sector and missing:
        message, remedy = N_("Beats in no sector: {beats}."), N_("Add each to a neighbouring sector.")
        yield Finding("beat-without-sector", "warning", message, remedy, loaded.place("sector"), {"beats": ", ".join(missing)})


def sectors_of_adjacent_beats(station: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield an error for every sector whose beats are not next to each other (M3: 邻近的数个责任区)."""
    if not loaded.system.sector:
        return
    borders = beat_borders(loaded.system, station.area)
    known = {beat.id for beat in geographic(loaded.system) if beat.atoms}
    message = N_("The beats of sector {sector} are not next to each other: {groups}.")
    for sector in loaded.system.sector:
        groups = clusters([beat for beat in sector.beats if beat in known], borders)
        if len(groups) > 1:
            values = {"sector": sector.id, "groups": " | ".join(", ".join(group) for group in groups)}
            place = loaded.place("sector", sector.id, "beats")
            yield Finding("sector-in-pieces", "error", message, N_("Exchange beats with a neighbouring sector."), place, values)


def sergeants_are_members(_: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield errors for sergeants who answer for no beat of their sector, or lead two sectors (M3, M4)."""
    beats = {beat.id: beat for beat in loaded.system.beat}
    leads: dict[str, str] = {}
    for sector in loaded.system.sector:
        inside = {officer for beat in sector.beats if beat in beats for officer in officers_of(beats[beat])}
        if sector.sergeant not in inside:
            yield _outsider(sector, sorted(inside), loaded)
        if sector.sergeant in leads:
            yield _two_sectors(sector, leads[sector.sergeant], loaded)
        leads.setdefault(sector.sergeant, sector.id)


def spans_of_sergeants(_: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield a warning for every sergeant over more officers than one can lead (M3: span of control)."""
    message, remedy = (
        N_("The sergeant of sector {sector} leads {count} officers; more than {most} are hard to lead."),
        N_("Divide it."),
    )
    for sector in loaded.system.sector:
        under = len(set(sector.beats)) - 1
        if under > MOST_UNDER_ONE:
            values = {"sector": sector.id, "count": under, "most": MOST_UNDER_ONE}
            yield Finding("span-too-wide", "warning", message, remedy, loaded.place("sector", sector.id, "beats"), values)


def officers_of(beat: Beat) -> set[str]:
    """Return everybody who answers for a beat on some date."""
    return {officer for officer in (beat.officer, *(span.officer for span in beat.assignments)) if officer}


def unknown_beat(beat: str, known: list[str], path: tuple[str, ...], loaded: LoadedSystem) -> Finding:
    """Return the finding for a beat that is not a geographic beat of the system."""
    guess = did_you_mean(beat, known)
    remedy = N_("Did you mean {guess}?") if guess else N_("Name a geographic beat of this system.")
    return Finding(
        "unknown-beat", "error", N_("There is no beat {beat}."), remedy, loaded.place(*path), {"beat": beat, "guess": guess}
    )


def _in_two(beat: str, first: str, sector: Sector, loaded: LoadedSystem) -> Finding:
    message = (
        N_("Beat {beat} is in sector {first} and in sector {second}.")
        if first != sector.id
        else N_("Sector {first} lists {beat} twice.")
    )
    values = {"beat": beat, "first": first, "second": sector.id}
    return Finding("beat-in-two-sectors", "error", message, N_("Keep it once."), loaded.place("sector", sector.id, "beats"), values)


def _outsider(sector: Sector, inside: list[str], loaded: LoadedSystem) -> Finding:
    guess = did_you_mean(sector.sergeant, inside)
    message = N_("Sergeant {sergeant} of sector {sector} answers for none of its beats.")
    remedy = N_("Did you mean {guess}?") if guess else N_("Choose one of: {officers}.")
    values = {"sergeant": sector.sergeant, "sector": sector.id, "guess": guess, "officers": ", ".join(inside)}
    return Finding("sergeant-not-a-member", "error", message, remedy, loaded.place("sector", sector.id, "sergeant"), values)


def _two_sectors(sector: Sector, first: str, loaded: LoadedSystem) -> Finding:
    message = N_("{sergeant} is sergeant of sector {first} and of sector {second}.")
    values = {"sergeant": sector.sergeant, "first": first, "second": sector.id}
    place = loaded.place("sector", sector.id, "sergeant")
    return Finding("sergeant-of-two-sectors", "error", message, N_("Give each sector its own sergeant."), place, values)
