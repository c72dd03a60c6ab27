"""Refusal: what is wrong with the input of a beat plan, every problem at once, each with what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from qinwu.duty.system import DutySystem
from qinwu.findings import Finding, Place, QinwuError, Words, did_you_mean, raise_on_errors
from qinwu.language import N_
from qinwu.plan.beats.aims import AIMS, BeatAims
from qinwu.plan.beats.graph import Graph
from qinwu.plan.beats.problem import Today, allowed_pairs, lots_of
from qinwu.plan.beats.workload import Workload
from qinwu.station.area import Area
from qinwu.station.atoms import named
from qinwu.station.station import Station


def refuse_bad_input(station: Station, system: DutySystem | None, work: Workload, aims: BeatAims) -> tuple[Finding, ...]:
    """Return the warnings about an input that can be planned with.

    Raises
    ------
    QinwuError
        With everything that is wrong with it.
    """
    area, today = station.area, Today.of(station.area, system)
    unknown = list(_unknown_atoms(area, aims))
    findings = [*unknown, *_numbers(aims, today), *_workload(work), *_joined_beats(system)]
    if unknown:
        raise QinwuError(findings)
    findings += [*_fixed(area, today, aims), *_islands(area, aims), *_communities(area, aims), *_counts(area, aims, today)]
    return raise_on_errors([*findings, *_residents(area), *_empty_atoms(area, work)])


def _numbers(aims: BeatAims, today: Today) -> Iterator[Finding]:
    limits: Mapping[str, tuple[float, float, float]] = {
        "within": (aims.within, 0.001, 10.0),
        "continuity": (aims.continuity, 0.0, 1.0),
        "compactness": (aims.compactness, 0.0, 1.0),
    }
    for name, (value, least, most) in limits.items():
        if not least <= value <= most:
            message, remedy = N_("{name} must be from {least} to {most}, not {value}."), N_("Give another number.")
            values = {"name": name, "least": f"{least:g}", "most": f"{most:g}", "value": f"{value:g}"}
            yield Finding("out-of-range", "error", message, remedy, values=values)
    wrong = [name for name in aims.weight if name not in AIMS]
    negative = not np.isfinite(aims.weights).all() or (aims.weights < 0).any() or not aims.weights.any()
    if wrong or negative:
        message = N_("The weights are not numbers of 0 or more, one at least above 0, for {aims}.")
        yield Finding("bad-weights", "error", message, N_("Correct them."), values={"aims": ", ".join(AIMS)})
    if aims.beats is None and not today.ids:
        message, remedy = (
            N_("There are no beats in force, and nobody says how many there are to be."),
            N_("Say how many: --beats 12."),
        )
        yield Finding("no-number-of-beats", "error", message, remedy)
    if aims.beats is not None and not 1 <= aims.beats[0] <= aims.beats[1]:
        message, remedy = N_("There cannot be from {least} to {most} beats."), N_("Give a number of 1 or more, or a range.")
        yield Finding("bad-number-of-beats", "error", message, remedy, values={"least": aims.beats[0], "most": aims.beats[1]})
    if aims.continuity > 0.0 and not today.ids:
        message = N_("No resident has a beat officer to keep: there are no beats in force.")
        yield Finding("nothing-to-continue", "error", message, N_("Leave continuity out."))


def _workload(work: Workload) -> Iterator[Finding]:
    if not work.hours.sum() > 0.0:
        message = N_("There is no workload at all: no calls, no venues, no visits.")
        yield Finding("no-workload", "error", message, N_("Add calls to the station, or hours of beat visits."))


def _joined_beats(system: DutySystem | None) -> Iterator[Finding]:
    if system is not None and system.beats_per_officer > 1:
        message = N_("The duty system joins {count} beats under one officer.")
        remedy = N_("Plan on a system with one officer for each beat, and ask for fewer beats.")
        yield Finding("joined-beats", "error", message, remedy, values={"count": system.beats_per_officer})


def _unknown_atoms(area: Area, aims: BeatAims) -> Iterator[Finding]:
    told: list[tuple[str, Iterable[str]]] = [
        (Words(N_("fixed atoms")), aims.fixed),
        (Words(N_("communities")), aims.whole),
        (Words(N_("joins")), [atom for pair in sorted(aims.joins) for atom in pair]),
    ]
    told += [(border.name, [atom for pair in sorted(border.pairs) for atom in pair]) for border in aims.borders]
    for where, atoms in told:
        for atom in dict.fromkeys(atoms):
            if atom not in area.index:
                guess = did_you_mean(atom, area.atom_ids)
                message = N_("There is no atom {atom}, named in: {where}.")
                remedy = N_("Did you mean {guess}?") if guess else N_("Use an id of the atoms file.")
                yield Finding("unknown-atom", "error", message, remedy, values={"atom": atom, "where": where, "guess": guess})


def _fixed(area: Area, today: Today, aims: BeatAims) -> Iterator[Finding]:
    for atom, beat in aims.fixed.items():
        if beat not in today.ids:
            message, remedy = (
                N_("Atom {atom} is fixed to beat {beat}, which is not in force."),
                N_("Use the id of a beat in force."),
            )
            yield Finding("unknown-beat", "error", message, remedy, values={"atom": atom, "beat": beat})
    by_community: dict[str, set[str]] = {}
    for atom, beat in aims.fixed.items():
        if aims.whole.get(atom):
            by_community.setdefault(aims.whole[atom], set()).add(beat)
    for community, beats in by_community.items():
        if len(beats) > 1:
            message = N_("Atoms of community {community}, which is kept whole, are fixed to several beats: {beats}.")
            values = {"community": community, "beats": ", ".join(sorted(beats))}
            yield Finding(
                "community-in-two-beats", "error", message, N_("Fix them to one beat, or do not keep it whole."), values=values
            )
    yield from _fixed_beats_whole(area, today, aims)


def _fixed_beats_whole(area: Area, today: Today, aims: BeatAims) -> Iterator[Finding]:
    """Yield an error for every beat all of whose atoms are fixed and which is not in one piece."""
    graph = Graph.of(len(area), allowed_pairs(area, aims))
    for number, beat in enumerate(today.ids):
        atoms = np.flatnonzero(today.beat_of == number)
        whole = len(atoms) > 0 and all(aims.fixed.get(area.atom_ids[atom]) == beat for atom in atoms)
        if whole and not graph.connected(atoms):
            labels = np.where(today.beat_of == number, 0, -1)
            piece, count = graph.pieces(labels)
            parts = " | ".join(named([area.atom_ids[j] for j in np.flatnonzero(piece == one)]) for one in range(count))
            message = N_("Beat {beat} is fixed as it is, but it is not in one piece: {parts}.")
            remedy = N_("Leave one of the pieces free, or open a border between them.")
            yield Finding("fixed-beat-in-pieces", "error", message, remedy, values={"beat": beat, "parts": parts})


def _islands(area: Area, aims: BeatAims) -> Iterator[Finding]:
    """Yield an error where the area itself, before any border is closed, falls apart: every island named."""
    open_ = BeatAims(joins=aims.joins)
    piece, count = Graph.of(len(area), allowed_pairs(area, open_)).pieces()
    if count > 1:
        main = int(np.bincount(piece).argmax())
        islands = [[area.atom_ids[j] for j in np.flatnonzero(piece == one)] for one in range(count) if one != main]
        message = N_("The area is not connected. Apart from the rest: {islands}.")
        remedy = N_(
            "Join each to a neighbour where there is a bridge or ferry (--join A1:B7), or raise atoms.gap_m in station.toml."
        )
        values = {"islands": " | ".join(named(island) for island in islands)}
        yield Finding("area-not-connected", "error", message, remedy, Place("atoms.geojson"), values)


def _communities(area: Area, aims: BeatAims) -> Iterator[Finding]:
    """Yield an error for every community that is to be kept whole and does not hang together."""
    _, lots = lots_of(area, aims.whole)
    graph = Graph.of(len(area), allowed_pairs(area, aims))
    for atoms in lots:
        if len(atoms) > 1 and not graph.connected(atoms):
            community = aims.whole[area.atom_ids[atoms[0]]]
            message = N_("Community {community} is to be kept whole, but its atoms are not neighbours of each other: {atoms}.")
            values = {"community": community, "atoms": named([area.atom_ids[j] for j in atoms])}
            remedy = N_("Correct its atoms, join them, or do not keep it whole.")
            yield Finding("community-in-pieces", "error", message, remedy, values=values)


def _counts(area: Area, aims: BeatAims, today: Today) -> Iterator[Finding]:
    beats = aims.beats[1] if aims.beats else len(today.ids)
    lots = len(lots_of(area, aims.whole)[1])
    if beats > lots:
        message = N_("There cannot be {beats} beats: there are only {lots} atoms and communities that may be divided.")
        yield Finding("more-beats-than-atoms", "error", message, N_("Ask for fewer beats."), values={"beats": beats, "lots": lots})
    fixed = len(set(aims.fixed.values()))
    if aims.beats is not None and aims.beats[0] < fixed:
        message = N_("Atoms are fixed to {fixed} beats, but there may be as few as {beats}.")
        yield Finding(
            "too-few-beats", "error", message, N_("Ask for at least as many."), values={"fixed": fixed, "beats": aims.beats[0]}
        )


def _residents(area: Area) -> Iterator[Finding]:
    if not area.population.sum() > 0.0:
        message = N_("Nobody counts residents here; every atom counts alike for continuity and visits.")
        yield Finding("no-residents", "warning", message, N_("Add population to the atoms file."), Place("atoms.geojson"))


def _empty_atoms(area: Area, work: Workload) -> Iterator[Finding]:
    idle = [area.atom_ids[j] for j in np.flatnonzero(work.hours <= 0.0)]
    if idle:
        message = N_("{count} atoms ask for no work at all: {atoms}. They go where the outline is best.")
        yield Finding("idle-atoms", "note", message, values={"count": len(idle), "atoms": named(idle)})
