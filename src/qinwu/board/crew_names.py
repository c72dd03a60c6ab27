"""Names of crews: what people call a crew, where files, forms and the trail have its id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from qinwu.board.in_force import InForce, in_force
from qinwu.duty.response_plan import CrewLabel
from qinwu.duty.units import Unit
from qinwu.findings import QinwuError
from qinwu.language import N_, Language, translate
from qinwu.station.config import Neighbour


@lru_cache(maxsize=8)
def crew_names(force: InForce, language: Language) -> dict[str, str]:
    """Return the name of every crew: its beat, else its squad and number; the id where two would be called alike."""
    names = {label.id: _name(force, label, language) for label in force.plan.crews}
    alike = Counter(names.values())
    return {crew: name if alike[name] == 1 else crew for crew, name in names.items()}


def unit_name(force: InForce, unit: str, language: Language) -> str:
    """Return the name of a unit of the duty system or of a neighbouring station; the id where neither knows it."""
    known: tuple[Unit | Neighbour, ...] = (*force.loaded.system.unit, *force.station.config.neighbour)
    return next((one.name.in_language(language) for one in known if one.id == unit and one.name), unit)


def _name(force: InForce, label: CrewLabel, language: Language) -> str:
    system, crew = force.loaded.system, label.id
    if label.beat:
        text = next((one.name for one in system.beat if one.id == label.beat), None)
        return text.in_language(language) if text else translate(N_("Beat {beat}"), language).format(beat=label.beat)
    number = crew.removeprefix(f"{label.rule}-")
    text = next((one.name for one in system.squad if one.id == label.squad), None)
    if text is not None and number != crew:
        return translate(N_("{squad} {number}"), language).format(squad=text.in_language(language), number=number)
    lent_by = unit_name(force, label.unit, language)
    if lent_by != label.unit:
        return translate(N_("{squad} {number}"), language).format(squad=lent_by, number=crew.rpartition("-")[2])
    return crew


@dataclass(frozen=True, slots=True)
class NamedCrew:
    """A crew as a finding names it."""

    crew: str

    def in_language(self, language: Language) -> str:
        """Return what people call it."""
        return CrewNames(language)(self.crew)


class CrewNames:
    """Names of crews of a duty system, by default of that in force when the first is asked for; a crew it lacks keeps its id."""

    def __init__(self, language: Language, force: InForce | None = None) -> None:
        self._language: Language = language
        self._force = force
        self._names: Mapping[str, str] | None = None

    def __call__(self, crew: str) -> str:
        """Return what people call a crew."""
        if self._names is None:
            self._names = self._known()
        return self._names.get(crew, crew)

    def _known(self) -> Mapping[str, str]:
        try:
            return crew_names(self._force or in_force(), self._language)
        except QinwuError:
            return {}
