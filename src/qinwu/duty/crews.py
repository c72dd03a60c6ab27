"""Crews: what can be sent, made from squads by the rules of a duty system, and the crews neighbours may lend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Literal

from qinwu.duty.staffing import Staffing, listed
from qinwu.duty.stations import STATION, Stations, template_of
from qinwu.duty.system import Beat, Crews, DutySystem, Pattern
from qinwu.findings import Finding, Place
from qinwu.language import N_
from qinwu.station.config import Neighbour
from qinwu.station.force import Officer

Patrolling = Literal["own_beat", "sector", "station", "base"]
NEIGHBOUR = "neighbour"


@dataclass(frozen=True, slots=True)
class Crew:
    """One crew.

    Parameters
    ----------
    id
        Readable and stable: rule and beat (``beat-B03``), or rule, roster group and number (``patrol-A1``).
    rule
        Id of the Crews rule that made it, ``neighbour`` for crews of other stations.
    squad, unit
        Where it belongs; ``unit`` is the neighbour's id for crews of other stations.
    people, sworn
        Members, and how many of them are sworn.
    officers
        The members; empty for crews of other stations.
    beat
        Id of the beat (geographic or functional) it is accountable for, empty where it has none.
    pattern, group
        Its roster: pattern id (empty: always on duty) and roster group.
    patrol, priorities, counts_for_reserve
        As in the Crews rule.
    neighbour
        The neighbouring station it comes from.
    """

    id: str
    rule: str
    squad: str
    unit: str
    people: int
    sworn: int
    officers: tuple[Officer, ...] = ()
    beat: str = ""
    pattern: str = ""
    group: int = 0
    patrol: Patrolling = "base"
    priorities: tuple[int, ...] = (1, 2, 3, 4)
    counts_for_reserve: bool = False
    neighbour: Neighbour | None = None

    @property
    def skills(self) -> frozenset[str]:
        """All skills of its members."""
        return frozenset[str]().union(*(officer.skills for officer in self.officers))


def form_crews(
    system: DutySystem, staffing: Staffing, neighbours: Sequence[Neighbour]
) -> tuple[tuple[Crew, ...], tuple[Finding, ...]]:
    """Return the crews of `system`, the station's own first in the order of its rules, and what did not work out.

    An officer is in one crew only; of two crews, of two squads that both name the officer. Rules that need a certain officer
    (``beat``, ``specialist``) are served before those that take anybody.
    """
    findings: list[Finding] = []
    left = {squad: list(members) for squad, members in staffing.members.items()}
    teams: dict[str, list[Team]] = {}
    for rule in sorted(system.crews, key=lambda rule: rule.form not in BY_BEAT):
        if rule.squad in left:
            teams[rule.id] = FORMS[rule.form](rule, system, staffing, left[rule.squad], findings)
    own = [crew for rule in system.crews for crew in _crews(rule, teams.get(rule.id, []), system)]
    # Several rules may share the beats among them: a beat is without a crew only where none of them has made one.
    served = {crew.beat for crew in own}
    findings = [one for one in findings if one.code != "beat-without-crew" or one.values["beat"] not in served]
    findings.extend(without_crew(squad, left[squad]) for squad in _squads_with_crews(system) if left.get(squad))
    findings.extend(without_sworn(crew) for crew in own if crew.sworn == 0)
    return (*own, *(crew for neighbour in neighbours for crew in _lent(neighbour))), tuple(findings)


Team = tuple[str, list[Officer]]
"""The beat of a crew to be (empty: none) and its members."""


def _by_beat(rule: Crews, system: DutySystem, staffing: Staffing, left: list[Officer], findings: list[Finding]) -> list[Team]:
    """One crew for each beat of the rule's kind where its squad works: the accountable officer first, auxiliaries dealt evenly."""
    kind = "geographic" if rule.form == "beat" else "functional"
    stations, unit = Stations.of(system), _unit_of(rule.squad, system)
    beats = [beat for beat in system.beat if beat.kind == kind and stations.inside(beat, unit)]
    owners = _owners(beats, staffing.accountable, left)
    teams = [(beat.id, [owners[beat.id]]) for beat in beats if beat.id in owners]
    for _, members in teams:
        left.remove(members[0])
    for _ in range(rule.people - 1):
        for _, members in teams:
            _take(left, "auxiliary", members)
    findings.extend(beat_without_crew(rule, beat.id) for beat in beats if beat.id not in owners)
    return teams


def _owners(beats: Sequence[Beat], accountable: Mapping[str, Officer], left: Sequence[Officer]) -> dict[str, Officer]:
    """Return the officer of each beat; one that names nobody gets the next sworn officer of the squad who has no beat."""
    owners: dict[str, Officer] = {}
    for beat in beats:
        named = accountable.get(beat.id)
        if named in left and named is not None and named not in owners.values():
            owners[beat.id] = named
    spare = iter([one for one in left if one.kind == "sworn" and one not in accountable.values()])
    for beat in beats:
        if beat.id not in accountable and (drawn := next(spare, None)) is not None:
            owners[beat.id] = drawn
    return owners


def _take(left: list[Officer], kind: str, members: list[Officer]) -> None:
    """Move the next officer of `kind` from `left` to `members`, if there is one."""
    officer = next((one for one in left if one.kind == kind), None)
    if officer is not None:
        left.remove(officer)
        members.append(officer)


def _teams(rule: Crews, _: DutySystem, __: Staffing, left: list[Officer], findings: list[Finding]) -> list[Team]:
    """As many teams of ``people`` as the squad can field, each with ``sworn`` sworn officers at least."""
    sworn = min(rule.sworn, rule.people)
    count = teams_possible(left, rule.people, sworn)
    if count < (rule.count or 1):
        findings.append(too_few_for_teams(rule, rule.count or 1, count))
    teams: list[Team] = [("", []) for _ in range(count if rule.count is None else min(count, rule.count))]
    for kind, places in (("sworn", sworn), ("auxiliary", rule.people - sworn)):
        for _place in range(places):
            for _beat, members in teams:
                _take(left, kind, members)
    for _beat, members in teams:
        while len(members) < rule.people:
            _take(left, "sworn", members)
    return teams


def teams_possible(members: Sequence[Officer], people: int, sworn: int) -> int:
    """Return how many teams of `people`, at least `sworn` of them sworn, the members can form."""
    officers = sum(one.kind == "sworn" for one in members)
    auxiliaries = len(members) - officers
    count = 0
    while (count + 1) * sworn <= officers and (count + 1) * people <= officers + min(auxiliaries, (count + 1) * (people - sworn)):
        count += 1
    return count


def _alone(rule: Crews, _: DutySystem, __: Staffing, left: list[Officer], findings: list[Finding]) -> list[Team]:
    """Every member alone."""
    alone = left[: rule.count]
    if not alone:
        findings.append(too_few_for_teams(rule, 1, 0))
    del left[: rule.count]
    return [("", [officer]) for officer in alone]


BY_BEAT = ("beat", "specialist")
FORMS = {"beat": _by_beat, "specialist": _by_beat, "team": _teams, "single": _alone}


def _crews(rule: Crews, teams: Sequence[Team], system: DutySystem) -> Iterator[Crew]:
    """Give teams their names, roster groups and units."""
    pattern = next((pattern for pattern in system.pattern if pattern.id == rule.pattern), None)
    squad_unit = _unit_of(rule.squad, system)
    unit_of = {beat.id: beat.unit for beat in system.beat if beat.unit != STATION}
    groups = _groups(rule, teams, system, pattern)
    in_group: dict[int, int] = {}
    for (beat, members), group in zip(teams, groups, strict=True):
        in_group[group] = in_group.get(group, 0) + 1
        yield Crew(
            id=f"{template_of(rule.id)}-{beat}" if beat else f"{rule.id}-{group_letter(group)}{in_group[group]}",
            rule=rule.id,
            squad=rule.squad,
            unit=unit_of.get(beat, squad_unit),
            people=len(members),
            sworn=sum(officer.kind == "sworn" for officer in members),
            officers=tuple(members),
            beat=beat,
            pattern=rule.pattern,
            group=group,
            patrol=rule.patrol,
            priorities=rule.priorities,
            counts_for_reserve=rule.counts_for_reserve,
        )


def group_letter(group: int) -> str:
    """Return the letter of a roster group: A to Z, then AA, AB.

    >>> group_letter(0), group_letter(27)
    ('A', 'AB')
    """
    return ascii_uppercase[group] if group < len(ascii_uppercase) else "A" + ascii_uppercase[group - len(ascii_uppercase)]


def _groups(rule: Crews, teams: Sequence[Team], system: DutySystem, pattern: Pattern | None) -> list[int]:
    """Return the roster group of each team: in turn; beats in the order of their sectors, so that each has somebody on duty."""
    groups = pattern.groups if pattern else 1
    if rule.form != "beat":
        return [number % groups for number in range(len(teams))]
    turns = enumerate(_in_turn([beat for beat, _ in teams], rule.together, system))
    turn = {beat: number for number, beats in turns for beat in beats}
    return [turn[beat] % groups for beat, _ in teams]


def _in_turn(beats: Sequence[str], together: str, system: DutySystem) -> Iterator[tuple[str, ...]]:
    """Yield the beats in the order in which they take roster groups; those that share a turn share a group."""
    by_sector = [beat for sector in system.sector for beat in sector.beats if beat in beats]
    order = list(dict.fromkeys([*by_sector, *beats]))
    sets: dict[str, Iterable[tuple[str, ...]]] = {
        "none": (),
        "pair": (pair.beats for pair in system.pair),
        "sector": (sector.beats for sector in system.sector),
    }
    mates = {beat: group for group in sets[together] for beat in group}
    done: set[str] = set()
    for beat in order:
        if beat not in done:
            turn = tuple(mate for mate in mates.get(beat, (beat,)) if mate in order and mate not in done)
            done.update(turn)
            yield turn


def _lent(neighbour: Neighbour) -> Iterator[Crew]:
    """Crews a neighbouring station may lend: always there, never on patrol here."""
    for number in range(1, neighbour.crews + 1):
        yield Crew(
            id=f"{NEIGHBOUR}-{neighbour.id}-{number}",
            rule=NEIGHBOUR,
            squad="",
            unit=neighbour.id,
            people=neighbour.people,
            sworn=min(neighbour.sworn, neighbour.people),
            neighbour=neighbour,
        )


def _unit_of(squad: str, system: DutySystem) -> str:
    return next((one.unit for one in system.squad if one.id == squad), STATION)


def _squads_with_crews(system: DutySystem) -> list[str]:
    return list(dict.fromkeys(rule.squad for rule in system.crews))


def beat_without_crew(rule: Crews, beat: str) -> Finding:
    """Return the finding for a beat whose officer makes no crew of this rule."""
    return Finding(
        "beat-without-crew",
        "warning",
        N_("Beat {beat} has no crew of its own: squad {squad} has no officer for it."),
        N_("Name its officer, or put that officer into the squad."),
        Place(key=f"crews.{rule.id}"),
        {"beat": beat, "squad": rule.squad},
    )


def too_few_for_teams(rule: Crews, wanted: int, got: int) -> Finding:
    """Return the finding for a squad that cannot make the crews asked for."""
    return Finding(
        "too-few-for-teams",
        "warning",
        N_("Squad {squad} can make {got} of the {wanted} crews of {people} that {rule} asks for."),
        N_("Ask for fewer or smaller crews, or give the squad more officers."),
        Place(key=f"crews.{rule.id}"),
        {"squad": rule.squad, "got": got, "wanted": wanted, "people": rule.people, "rule": rule.id},
    )


def without_crew(squad: str, left: Sequence[Officer]) -> Finding:
    """Return the finding for squad members whom no crew takes."""
    return Finding(
        "officer-without-crew",
        "warning",
        N_("{count} members of squad {squad} are in no crew: {officers}."),
        N_("Change the size of its crews or of the squad."),
        Place(key=f"squad.{squad}"),
        {"count": len(left), "squad": squad, "officers": listed([officer.id for officer in left])},
    )


def without_sworn(crew: Crew) -> Finding:
    """Return the finding for a crew of auxiliaries only, who have no power to act alone."""
    return Finding(
        "crew-without-sworn-officer",
        "error",
        N_("Crew {crew} has no sworn officer, only {officers}."),
        N_("Auxiliaries act under a sworn officer: put one into the crew."),
        Place(key=f"crews.{crew.rule}"),
        {"crew": crew.id, "officers": listed([officer.id for officer in crew.officers])},
    )
