"""Follow-up: who does the work that a call leaves behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from qinwu.duty.order import fits
from qinwu.duty.response_plan import I16, I32, FollowUpArrays
from qinwu.duty.system import FollowUpRule
from qinwu.duty.who import Muster, Zone, by_squad, squad_names
from qinwu.findings import Finding, Place, did_you_mean
from qinwu.language import N_
from qinwu.station.config import CallClass

SAME, OWN_BEAT, SQUAD = "same", "own_beat", "squad:"


def follow_up_arrays(muster: Muster, beat_of: I16) -> FollowUpArrays:
    """Return the owner of the work that calls of each class and atom leave behind, and the groups that share it.

    Work of a beat without a crew stays with the crew that went. In an area of several stations a squad's work is that of the
    squad of the place's own station.
    """
    squads = _squads(muster)
    owner = np.full((len(muster.classes), len(beat_of)), -1, dtype=np.int32)
    for number, one in enumerate(muster.classes):
        who = who_follows_up(muster.system.follow_up, one)
        if who == OWN_BEAT:
            owner[number] = _crew_of_beat(muster)[beat_of]
        elif who.startswith(SQUAD):
            owner[number] = _groups_of_beats(muster, who.removeprefix(SQUAD), squads)[beat_of]
    groups = [by_squad(muster, squad) for squad in squads]
    return FollowUpArrays(owner, np.array(groups, dtype=np.int8).reshape(len(squads), len(muster.crews)))


def who_follows_up(rules: Sequence[FollowUpRule], call_class: CallClass) -> str:
    """Return the word of the first rule that fits a class, with the priority the class usually has."""
    return next((rule.who for rule in rules if fits(rule.calls, call_class, call_class.priority)), SAME)


def _squads(muster: Muster) -> list[str]:
    """Return the squads that take follow-up work, in file order, of all stations where each has one."""
    named = [rule.who.removeprefix(SQUAD) for rule in muster.system.follow_up if rule.who.startswith(SQUAD)]
    return list(dict.fromkeys(squad for name in named for squad in meant(muster, name)))


def meant(muster: Muster, name: str, home: str = "") -> tuple[str, ...]:
    """Return the squads that a name means at a station, anywhere without one."""
    return muster.stations.own(name, [squad.id for squad in muster.system.squad], home)


def _groups_of_beats(muster: Muster, name: str, squads: Sequence[str]) -> I32:
    """Return (B + 1,) the group, as -2 - g, that a name means in each beat; at the end for atoms of no beat.

    Where no station's squad is meant, the work stays with the crew that went.
    """
    homes = [muster.home(Zone(number)) for number in range(len(muster.beats))]
    found = [meant(muster, name, home) for home in (*homes, "")]
    return np.array([-2 - squads.index(one[0]) if len(one) == 1 else -1 for one in found], dtype=np.int32)


def _crew_of_beat(muster: Muster) -> I32:
    """Return (B + 1,) the crew of each beat; -1 for beats without one and, at the end, for atoms of no beat."""
    crew_of = np.full(len(muster.beats) + 1, -1, dtype=np.int32)
    with_beat = np.flatnonzero(muster.own_beat >= 0)
    crew_of[muster.own_beat[with_beat]] = with_beat
    return crew_of


def check_follow_up(muster: Muster) -> Iterator[Finding]:
    """Yield a finding for every rule that names nobody."""
    squads = squad_names(muster.system)
    for number, rule in enumerate(muster.system.follow_up):
        key, squad = f"follow_up[{number}].who", rule.who.removeprefix(SQUAD)
        if rule.who in (SAME, OWN_BEAT):
            continue
        if not rule.who.startswith(SQUAD):
            yield unknown_follow_up(key, rule.who)
        elif squad not in squads:
            yield unknown_squad(key, squad, did_you_mean(squad, squads))
        else:
            lacking = (each for each in meant(muster, squad) if not by_squad(muster, each).any())
            yield from (follow_up_without_crew(key, each) for each in lacking)


def unknown_squad(key: str, squad: str, near: str) -> Finding:
    """Return the finding for a squad that is not defined."""
    return Finding(
        "unknown-squad",
        "error",
        N_("There is no squad {squad}."),
        N_("Did you mean {near}?") if near else N_("Add a [[squad]] with this id."),
        Place(key=key),
        {"squad": squad, "near": near},
    )


def unknown_follow_up(key: str, who: str) -> Finding:
    """Return the finding for a word that names nobody for follow-up work."""
    return Finding(
        "unknown-follow-up",
        "error",
        N_("{who} does not say who does follow-up work."),
        N_("Use same, own_beat or squad:ID."),
        Place(key=key),
        {"who": who},
    )


def follow_up_without_crew(key: str, squad: str) -> Finding:
    """Return the finding for follow-up work of a squad that makes no crews."""
    return Finding(
        "follow-up-without-crew",
        "error",
        N_("Squad {squad} is to do follow-up work but has no crew."),
        N_("Add a [[crews]] rule for it."),
        Place(key=key),
        {"squad": squad},
    )
