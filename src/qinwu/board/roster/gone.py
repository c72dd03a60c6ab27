"""Gone: officers whom the board names and the officers file does not: retired, moved, or written otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q

from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import Absence, Member, Skill, Swap
from qinwu.language import N_

PLACES: dict[str, str] = {
    "account": N_("an account"),
    "absence": N_("an absence"),
    "swap": N_("a swap"),
    "skill": N_("a skill"),
}


@dataclass(frozen=True, slots=True)
class Gone:
    """An officer who is not in the officers file, and what names the officer all the same: how often, by place."""

    officer: str
    named_in: tuple[tuple[str, int], ...]


def gone(force: InForce) -> list[Gone]:
    """Return officers who left the officers file and whom accounts, skills, absences or swaps not yet over still name."""
    at, counted = now(), dict[tuple[str, str], int]()
    open_absence = Q(end__isnull=True) | Q(end__gt=at)
    running = Q(end__gt=at) | Q(other_end__gt=at)
    swaps = Swap.objects.filter(running, state__in=("asked", "agreed", "approved"))
    found = {
        "account": Member.objects.exclude(officer="").filter(user__is_active=True).values_list("officer", flat=True),
        "absence": Absence.objects.filter(open_absence, state__in=("asked", "approved")).values_list("officer", flat=True),
        "swap": [*swaps.values_list("officer", flat=True), *swaps.exclude(other=F("officer")).values_list("other", flat=True)],
        "skill": Skill.objects.values_list("officer", flat=True),
    }
    known = force.sworn
    for place, names in found.items():
        for name in names:
            if name not in known:
                counted[name, place] = counted.get((name, place), 0) + 1
    officers = dict.fromkeys(sorted(name for name, _place in counted))
    return [Gone(name, tuple((place, counted[name, place]) for place in PLACES if (name, place) in counted)) for name in officers]
