"""State: a duty system with its officers while a reform is under way, and the book of who moved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter

from qinwu.duty.every_station import template_units
from qinwu.duty.reform.steps import HOMES
from qinwu.duty.staffing import posted
from qinwu.duty.stations import Stations
from qinwu.duty.system import DutySystem
from qinwu.duty.units import POSTS, Posting, Posts, Unit
from qinwu.findings import Finding, Place, did_you_mean
from qinwu.language import N_
from qinwu.station.force import Force, Officer, Post

LEVEL, UNDER = "level:", "under:"


@dataclass(frozen=True, slots=True)
class Move:
    """Heads that went from one unit and post to another in one step; `officers` are their ids."""

    step: str
    officers: tuple[str, ...]
    from_unit: str
    from_post: Post
    to_unit: str
    to_post: Post

    @property
    def count(self) -> int:
        """How many."""
        return len(self.officers)


@dataclass(frozen=True)
class State:
    """A duty system and its officers between two steps.

    Parameters
    ----------
    system
        The duty system as its files state it, before beats are joined and squads made for each station.
    officers
        Everybody, as posted now. Where the station has no officers file, one nameless head for every post of the chart.
    nameless
        Whether that is so.
    moves
        Who moved, in order.
    findings
        What was wrong with a step.
    """

    system: DutySystem
    officers: tuple[Officer, ...]
    nameless: bool = False
    moves: tuple[Move, ...] = ()
    findings: tuple[Finding, ...] = ()

    @classmethod
    def of(cls, system: DutySystem, force: Force) -> State:
        """Return the state before a reform; officers without a unit are of the only station where there is only one."""
        homes = [home for home in Stations.of(system).homes if home in {unit.id for unit in system.unit}]
        home = homes[0] if len(homes) == 1 else ""
        people = tuple(one if one.unit else replace(one, unit=home) for one in posted(force, system))
        if people:
            return cls(system, people)
        heads = (_nameless(unit, post, at) for unit in system.unit for post in POSTS for at in range(getattr(unit.posts, post)))
        return cls(system, tuple(heads), nameless=True)

    @property
    def units(self) -> dict[str, Unit]:
        """Units by id."""
        return {unit.id: unit for unit in self.system.unit}

    @property
    def chart(self) -> tuple[Unit, ...]:
        """The units there are, without templates that stand for others."""
        templates = template_units(self.system)
        return tuple(unit for unit in self.system.unit if unit.id not in templates)

    @property
    def stations(self) -> Stations:
        """The stations of the area."""
        return Stations.of(self.system)

    @property
    def accountable(self) -> frozenset[str]:
        """Officers who answer for a beat, today or at any date."""
        return frozenset(one.id for one in self.beat_officers(beat.id for beat in self.system.beat))

    def at(self, unit: str, post: Post | None = None) -> list[Officer]:
        """Return the officers of a unit itself, of one post or of all, in file order."""
        return [one for one in self.officers if one.unit == unit and post in (None, one.post)]

    def chosen(self, words: Iterable[str], key: str) -> tuple[list[str], list[Finding]]:
        """Return the units that words choose, each once, and what is wrong with the words; a level may have no units here."""
        found: list[str] = []
        wrong: list[Finding] = []
        for word in words:
            units = self._meant(word)
            if not units and not word.startswith((LEVEL, UNDER)) and word != HOMES:
                wrong.append(nobody_meant(word, did_you_mean(word, self.units), key))
            found += units
        return list(dict.fromkeys(found)), wrong

    def _meant(self, word: str) -> list[str]:
        if word == HOMES:
            return [home for home in self.stations.homes if home in self.units]
        if word.startswith(LEVEL):
            return [unit.id for unit in self.chart if unit.level == word.removeprefix(LEVEL)]
        if word.startswith(UNDER):
            return [unit.id for unit in self.chart if unit.parent == word.removeprefix(UNDER)]
        return [word] if word in self.units else []

    def wrong(self, findings: Sequence[Finding]) -> State:
        """Return the state with findings noted."""
        return replace(self, findings=(*self.findings, *findings))

    def with_system(self, **tables: object) -> State:
        """Return the state with tables of the system replaced."""
        return replace(self, system=self.system.model_copy(update=tables))

    def moved(self, step: str, who: Iterable[Officer], *, unit: str = "", post: Post | None = None) -> State:
        """Return the state after `who` have gone to a unit, or to a post, or both, and a line for each group in the book."""
        ids = {one.id for one in who}
        return self.changed(step, lambda one: replace(one, unit=unit or one.unit, post=post or one.post) if one.id in ids else one)

    def changed(self, step: str, change: Callable[[Officer], Officer]) -> State:
        """Return the state after a change of every officer, with what it moved in the book."""
        after = tuple(map(change, self.officers))
        lines = [
            (was.unit, was.post, now.unit, now.post, was.id)
            for was, now in zip(self.officers, after, strict=True)
            if (was.unit, was.post) != (now.unit, now.post)
        ]
        grouped = groupby(sorted(lines, key=lambda line: line[:4]), key=lambda line: line[:4])
        moves = [Move(step, tuple(line[4] for line in group), *ends) for ends, group in grouped]
        return replace(self, officers=after, moves=(*self.moves, *moves))

    def finished(self, before: State) -> DutySystem:
        """Return the system with a posting for everybody who is elsewhere, or knows more, than before, and the posts there are."""
        was = {one.id: one for one in before.officers}
        moved = [] if self.nameless else [one for one in self.officers if one != was[one.id]]
        old = {posting.id: posting for posting in self.system.posting}
        why = {officer: move.step for move in self.moves for officer in move.officers}
        new = {one.id: _posting(one, was[one.id], old.get(one.id), why.get(one.id, "")) for one in moved}
        return self.system.model_copy(update={"posting": tuple((old | new).values()), "unit": self.counted()})

    def counted(self) -> tuple[Unit, ...]:
        """Return the units with the posts that officers fill; as they are where the officers have no units."""
        if not any(one.unit for one in self.officers):
            return self.system.unit
        return tuple(unit.model_copy(update={"posts": self.posts(unit.id)}) for unit in self.system.unit)

    def posts(self, unit: str) -> Posts:
        """Return the posts of a unit itself as sworn officers fill them."""
        here = [one.post for one in self.at(unit) if one.kind == "sworn"]
        return Posts(**{post: here.count(post) for post in POSTS})

    def beat_officers(self, beats: Iterable[str]) -> list[Officer]:
        """Return the officers who answer for beats, today or at any date."""
        wanted = set(beats)
        ours = [beat for beat in self.system.beat if beat.id in wanted]
        ids = {who for beat in ours for who in (beat.officer, *(each.officer for each in beat.assignments))}
        return [one for one in self.officers if one.id in ids]


def seniority(officers: Iterable[Officer]) -> list[Officer]:
    """Return sworn officers before auxiliaries, those longest in service first, then in file order."""
    known = sorted(officers, key=lambda one: (one.joined is None, one.joined.toordinal() if one.joined else 0))
    return sorted(known, key=attrgetter("kind"), reverse=True)


def _nameless(unit: Unit, post: Post, number: int) -> Officer:
    return Officer(f"{unit.id}/{post}/{number + 1}", "sworn", post, unit=unit.id)


def _posting(now: Officer, was: Officer, old: Posting | None, why: str) -> Posting:
    gained = now.skills - was.skills
    return Posting(
        id=now.id,
        unit=now.unit if now.unit != was.unit else old.unit if old else "",
        post=now.post if now.post != was.post else old.post if old else None,
        skills=tuple(sorted({*gained, *(old.skills if old else ())})),
        why=why or (old.why if old else ""),
    )


def nobody_meant(word: str, near: str, key: str) -> Finding:
    """Return the finding for a word that chooses no unit."""
    return Finding(
        "unknown-unit",
        "error",
        N_("{unit} chooses no unit of the organisation."),
        N_("Did you mean {near}?") if near else N_("Name a unit, or write level:station, under:UNIT or homes."),
        Place(key=key),
        {"unit": word, "near": near},
    )
