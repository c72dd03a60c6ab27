"""Joining beats: one officer for several beats 一人多区, where a duty system keeps fewer beat officers than there are beats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from qinwu.duty.merging import Source
from qinwu.duty.system import Beat, DutySystem, Pair, Sector
from qinwu.station.config import Text
from qinwu.station.toml_lines import KeyPath

JOINT = "+"


def join_beats(system: DutySystem, provenance: Mapping[KeyPath, Source]) -> tuple[DutySystem, dict[KeyPath, Source]]:
    """Return `system` with its geographic beats joined as ``beats_per_officer`` asks, and the provenance that goes with it.

    The officer of a joined beat is that of its first beat. Beats of different units stay apart; sectors and pairs follow, and a
    pair that became one beat is gone.
    """
    if system.beats_per_officer == 1:
        return system, dict(provenance)
    groups = list(beat_groups(system))
    new_id = {beat.id: JOINT.join(each.id for each in group) for group in groups for beat in group}
    first = {group[0].id: group for group in groups}
    kept = [(number, beat) for number, beat in enumerate(system.beat) if beat.kind == "functional" or beat.id in first]
    beats = tuple(_joined(first[beat.id]) if beat.id in first else beat for _, beat in kept)
    kept_at = {old: [new] for new, (old, _) in enumerate(kept)}
    pairs = [(number, pair) for number, pair in enumerate(_renamed_pairs(system.pair, new_id)) if pair.beats[0] != pair.beats[1]]
    sectors = tuple(_renamed_sector(sector, new_id) for sector in system.sector)
    changed = system.model_copy(update={"beat": beats, "sector": sectors, "pair": tuple(pair for _, pair in pairs)})
    pairs_at = {old: [new] for new, (old, _) in enumerate(pairs)}
    return changed, dict(moved(provenance, {"beat": kept_at, "pair": pairs_at}))


def beat_groups(system: DutySystem) -> Iterator[tuple[Beat, ...]]:
    """Yield the geographic beats in groups of at most ``beats_per_officer``, first in file order first.

    Beats of a pair stand next to each other, then beats of a sector, then those that follow each other in the file.
    """
    beats = {beat.id: beat for beat in system.beat if beat.kind == "geographic"}
    together = [*(pair.beats for pair in system.pair), *(sector.beats for sector in system.sector), tuple(beats)]
    left = dict(beats)
    size = system.beats_per_officer
    for names in together:
        fitting = [left[name] for name in dict.fromkeys(names) if name in left]
        if len(names) > size or len(fitting) == len(set(names)):
            for group in _cut(fitting, size, whole=names != tuple(beats)):
                for beat in group:
                    del left[beat.id]
                yield group


def _cut(beats: Sequence[Beat], size: int, *, whole: bool) -> Iterator[tuple[Beat, ...]]:
    """Cut beats into groups of `size` within a unit; with `whole`, what does not fill a group is left for later."""
    for unit in dict.fromkeys(beat.unit for beat in beats):
        inside = [beat for beat in beats if beat.unit == unit]
        groups = [tuple(inside[start : start + size]) for start in range(0, len(inside), size)]
        yield from (group for group in groups if len(group) == size or not whole)


def _joined(group: Sequence[Beat]) -> Beat:
    names = [beat.name or Text(zh=beat.id, en=beat.id) for beat in group]
    return group[0].model_copy(
        update={
            "id": JOINT.join(beat.id for beat in group),
            "name": Text(zh="、".join(name.zh for name in names), en=", ".join(name.in_language("en") for name in names)),
            "atoms": tuple(atom for beat in group for atom in beat.atoms),
        }
    )


def _renamed_sector(sector: Sector, new_id: Mapping[str, str]) -> Sector:
    return sector.model_copy(update={"beats": tuple(dict.fromkeys(new_id.get(beat, beat) for beat in sector.beats))})


def _renamed_pairs(pairs: Iterable[Pair], new_id: Mapping[str, str]) -> Iterator[Pair]:
    for pair in pairs:
        one, two = pair.beats
        yield pair.model_copy(update={"beats": (new_id.get(one, one), new_id.get(two, two))})


def moved(
    provenance: Mapping[KeyPath, Source], moves: Mapping[str, Mapping[int, Sequence[int]]]
) -> Iterator[tuple[KeyPath, Source]]:
    """Yield the provenance with the new positions of items that moved or multiplied, without those that are gone."""
    for path, source in provenance.items():
        move = moves.get(str(path[0])) if len(path) > 1 else None
        if move is None:
            yield path, source
        else:
            yield from (((path[0], new, *path[2:]), source) for new in move.get(int(path[1]), ()))
