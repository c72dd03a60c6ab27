"""Line of command 一级抓一级 (M4): to whom a request of an officer goes, and who may answer it.

It goes to the direct superior; whoever stands higher on the same line may answer it as well, nobody else, and nobody the own. What
concerns several officers goes to the nearest who stands above all of them. The line is that of the duty system in force.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from qinwu.board.access.reach import beats_by_officer, own_officer
from qinwu.board.access.roles import has
from qinwu.board.in_force import InForce
from qinwu.duty.organisation.line import Rung, Stands, common, line_of
from qinwu.duty.organisation.tree import chain_of
from qinwu.duty.staffing import posted
from qinwu.language import N_, Language, translate
from qinwu.station.config import Text


class Lines:
    """The lines of command of a station as they are today."""

    def __init__(self, force: InForce) -> None:
        self.force = force
        self._beats = {name: set(beats) for name, beats in beats_by_officer(force).items()}
        for label in force.plan.crews:
            for name in label.officers if label.beat else ():
                self._beats.setdefault(name, set()).add(label.beat)
        self._units = {one.id: one.unit for one in posted(force.station.force, force.loaded.system)}

    def stands(self, officer: str) -> Stands:
        """Return where an officer stands: beats, also those of the crew, squad and unit."""
        standing, unit = self.force.standing, self._units.get(officer, "")
        known = {one.id for one in self.force.loaded.system.unit}
        own = unit if unit in known else standing.unit_of_officer(officer)
        return Stands(frozenset(self._beats.get(officer, ())), standing.squad_of_officer.get(officer, ""), own)

    def above(self, officer: str) -> tuple[Rung, ...]:
        """Return those above an officer, the direct superior first."""
        return line_of(self.force.loaded.system, officer, self.stands(officer))

    def above_all(self, officers: Iterable[str]) -> tuple[Rung, ...]:
        """Return those above all of several officers, the nearest first."""
        return common(self.above(officer) for officer in officers)

    def everybody(self) -> dict[str, tuple[Rung, ...]]:
        """Return the line of every officer of the station.

        Where a unit names no head, any of those on its command posts may be it: they are left out.
        """
        leads = {one.id for one in posted(self.force.station.force, self.force.loaded.system) if one.post == "command"}
        found = {officer: self.above(officer) for officer in self.force.sworn}
        return {officer: line for officer, line in found.items() if officer not in leads or (line and line[0].head)}

    def answers(self, user: Any, officers: Collection[str]) -> bool:
        """Return whether an account may answer what concerns some officers: it stands above them, and is none of them."""
        own = own_officer(user)
        if not has(user, "answer_line") or (own and own in officers):
            return False
        if own and any(rung.head == own for rung in self.above_all(officers)):
            return True
        return has(user, "answer_away") and all(self._commands(own, officer) for officer in officers)

    def addressed(self, place: str) -> tuple[Rung, ...]:
        """Return those who take an order to a unit or squad, whose head first."""
        return line_of(self.force.loaded.system, "", Stands((), place, place))

    def takes(self, user: Any, place: str) -> bool:
        """Return whether an account takes orders to a unit or squad: its head, or a chief above."""
        own, rungs = own_officer(user), self.addressed(place)
        if own and has(user, "answer_line") and any(rung.head == own for rung in rungs):
            return True
        unit = self.stands(own).unit if own else ""
        return has(user, "answer_orders") and (not unit or unit in {rung.id for rung in rungs if rung.kind == "unit"})

    def order_goes_to(self, place: str, language: Language) -> str:
        """Return in a sentence who takes an order to a unit or squad."""
        superior = self.superior(self.addressed(place)[0], language)
        return translate(N_("Goes to {superior}, who answers for it."), language).format(superior=superior)

    def _commands(self, chief: str, officer: str) -> bool:
        """Return whether a chief is of a unit above an officer, or of the officer's own; one of no unit is the station's."""
        if not chief:
            return True
        units = self.force.loaded.system.unit
        return self.stands(chief).unit in chain_of(units, self.stands(officer).unit)

    def goes_to(self, officers: Collection[str], language: Language) -> str:
        """Return in a sentence to whom a request goes, and why there."""
        above = self.above_all(officers)
        if not above:
            return translate(N_("Nobody in this duty system stands above: another chief answers."), language)
        return translate(self._why(officers), language).format(
            superior=self.superior(above[0], language), officers=("、" if language == "zh" else ", ").join(officers)
        )

    def superior(self, rung: Rung, language: Language) -> str:
        """Return a superior in words; the station is called by its own name, not by that of its preset."""
        standing = self.force.standing
        own = rung.kind == "unit" and rung.id == standing.home and not standing.muster.stations.several
        return _words(rung, self.force.station.config.name if own else rung.name, language)

    def _why(self, officers: Collection[str]) -> str:
        if len(officers) > 1:
            return N_("Goes to {superior}: the nearest who stands above both {officers}.")
        return N_("Goes to {superior}: next above {officers} on the line of command.")


def _words(rung: Rung, place: Text, language: Language) -> str:
    """Return a superior in words: by code and office where the duty system names somebody, else by the office."""
    text = {
        ("sector", True): N_("{officer}, sergeant of {place}"),
        ("sector", False): N_("the sergeant of {place}"),
        ("squad", True): N_("{officer}, head of {place}"),
        ("squad", False): N_("the head of {place}"),
        ("unit", True): N_("{officer}, chief of {place}"),
        ("unit", False): N_("the chief of {place}"),
    }[rung.kind, bool(rung.head)]
    return translate(text, language).format(officer=rung.head, place=place.in_language(language))
