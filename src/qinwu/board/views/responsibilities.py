"""Responsibilities 职责矩阵 (M16): who answers for what and what it lets them do; on a page, and as a file to hang on the wall."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import polars as pl
from django.contrib.auth import get_user_model
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET

from qinwu.board.access.responsibilities import DUTIES, ROLE_NAMES, Duty
from qinwu.board.access.rights import RIGHTS
from qinwu.board.access.roles import needs
from qinwu.board.in_force import InForce, in_force
from qinwu.board.oversight.tables import FORMATS
from qinwu.board.pages import language_of, render
from qinwu.duty.organisation.duties import duty_findings, matrix
from qinwu.duty.organisation.names import names_of
from qinwu.language import N_, Language, translate

ANSWERS, TAKES_PART = N_("answers for it"), N_("takes part")
FILE = "responsibilities.csv"


@dataclass(frozen=True, slots=True)
class Part:
    """What one role has to do with one duty: ``answers``, ``takes_part`` or ``none``, and what it may do for it in words."""

    role: str
    state: str
    acts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One duty with the part of every role, in their order; ``vacant`` where no open account holds the role that answers."""

    name: str
    owner: str
    parts: tuple[Part, ...]
    vacant: bool

    @property
    def others(self) -> dict[tuple[str, ...], list[str]]:
        """The roles that take part, by what they may do."""
        found: dict[tuple[str, ...], list[str]] = {}
        for part in self.parts:
            if part.state == "takes_part":
                found.setdefault(part.acts, []).append(part.role)
        return found


@dataclass(frozen=True, slots=True)
class UnitDuty:
    """One duty of the duty system in force: the units that own it, those that guide, and whether that is one owner."""

    name: str
    owners: str
    guides: str
    sound: bool


@needs("read_responsibilities")
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the matrix, who holds the roles, and how the units of the station divide its duties."""
    language, holders = language_of(request), _holders()
    return render(
        request,
        "board/responsibilities.html.j2",
        lines=[_line(duty, holders) for duty in DUTIES],
        roles=ROLE_NAMES,
        holders=holders,
        **_of_units(in_force(), language),
    )


def _holders() -> Counter[str]:
    """Return how many open accounts have each role."""
    found = get_user_model().objects.filter(is_active=True).values_list("groups__name", flat=True)
    return Counter(role for role in found if role)


def _line(duty: Duty, holders: Counter[str]) -> Line:
    owner = next(iter(duty.answers))
    return Line(duty.name, owner, tuple(_part(duty, role) for role in ROLE_NAMES), not holders[owner])


def _part(duty: Duty, role: str) -> Part:
    state = "answers" if role in duty.answers else "takes_part" if role in duty.takes_part else "none"
    return Part(role, state, tuple(RIGHTS[act] for act in duty.of(role)))


def _of_units(force: InForce, language: Language) -> dict[str, Any]:
    """Return the duties of units under the duty system in force, and what its own audit finds about them."""
    system = force.loaded.system
    found = matrix(system)
    wrong = [finding.text(language) for finding in duty_findings(found, system)] if found.complete else []
    lines = [
        UnitDuty(
            each.name.in_language(language),
            names_of(system, each.owners).in_language(language),
            names_of(system, each.guides).in_language(language),
            bool(each.owners) and not each.overlapping,
        )
        for each in found.duties
    ]
    return {"unit_duties": lines, "unit_findings": wrong, "system_name": system.name.in_language(language)}


@needs("read_responsibilities")
@require_GET
def file(request: HttpRequest) -> HttpResponse:
    """Give the matrix as a table: a line for each duty and role, with what the role may do."""
    language = language_of(request)
    header = [translate(word, language) for word in (N_("Duty"), N_("Role"), N_("Part"), N_("May"))]
    memory = BytesIO()
    pl.DataFrame(list(_rows(language)), schema=header, orient="row").write_csv(memory, include_bom=True)
    answer = HttpResponse(memory.getvalue(), content_type=FORMATS["csv"])
    answer["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return answer


def _rows(language: Language) -> Iterator[tuple[str, ...]]:
    for duty in DUTIES:
        for role in (*duty.answers, *duty.takes_part):
            part = ANSWERS if role in duty.answers else TAKES_PART
            acts = translate(N_(", "), language).join(translate(RIGHTS[act], language) for act in duty.of(role))
            yield translate(duty.name, language), translate(ROLE_NAMES[role], language), translate(part, language), acts


ADDRESSES = [
    path("responsibilities", page, name="responsibilities"),
    path(FILE, file, name="responsibilities-file"),
]
