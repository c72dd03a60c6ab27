"""Names: what units, squads and duties are called in findings, in the language of the reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qinwu.duty import stations
from qinwu.duty.system import DutySystem
from qinwu.duty.units import Function
from qinwu.language import N_
from qinwu.station.config import Text

MOST_NAMED = 12
FUNCTIONS: dict[Function, str] = {
    "community": N_("community work"),
    "patrol": N_("patrol"),
    "investigation": N_("investigation"),
    "desk": N_("desk work"),
    "venues": N_("venues"),
    "command": N_("command and control"),
}
"""What functions are called."""


@dataclass(frozen=True, slots=True)
class Names:
    """Several names as a list in words; of many the first dozen and how many there are.

    >>> Names((Text(zh="甲", en="A"), Text(zh="乙", en="B"))).in_language("zh")
    '甲、乙'
    """

    names: tuple[Text, ...]

    def in_language(self, language: str) -> str:
        """Return the list."""
        said = [name.in_language(language) for name in self.names[:MOST_NAMED]]
        more = f" … ({len(self.names)})" if len(self.names) > MOST_NAMED else ""
        return ("、" if language == "zh" else ", ").join(said) + more

    def __str__(self) -> str:
        return self.in_language("zh")


def name_of(system: DutySystem, identity: str) -> Text:
    """Return the name of a unit, a squad (also of one that every station has) or a duty; the id itself where there is none."""
    named = [stations.name_of(identity, table, system) for table in (system.unit, system.squad)]
    duties = [duty.name for duty in system.duty if duty.id == identity]
    return next((name for name in (*named, *duties) if name is not None), Text(zh=identity))


def names_of(system: DutySystem, identities: Iterable[str]) -> Names:
    """Return the names of several units, squads or duties, in their order."""
    return Names(tuple(name_of(system, identity) for identity in identities))
