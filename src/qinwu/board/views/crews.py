"""Skills and equipment 技能与装备: what lapses soon, who may crew what, training against its norm, equipment and who has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from qinwu.board.access.reach import own_officer
from qinwu.board.access.roles import has, needs
from qinwu.board.clock import now
from qinwu.board.dispatch.at_hand import at_hand
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Booking, Equipment, EquipmentNeed, Skill
from qinwu.board.pages import language_of, local, problems, render
from qinwu.board.roster import equipment, skills
from qinwu.board.roster.bookings import coming
from qinwu.board.roster.gone import PLACES, Gone, gone
from qinwu.board.roster.in_crew import crews_of
from qinwu.board.typed import Typed
from qinwu.board.views.skill_matrix import matrix
from qinwu.board.views.training_shown import training_shown
from qinwu.duty.equipment import ROOM, State
from qinwu.duty.skills import Certificate, Qualified, lapsing, qualified
from qinwu.findings import QinwuError
from qinwu.language import Language, translate

FIELDS = ("officer", "skill", "since", "until", "certificate", "code", "kind", "unit", "group", "count", "fault", "start", "end")


@dataclass(frozen=True, slots=True)
class PieceLine:
    """A piece in somebody's hands or in repair: whether this account's crew has it, and whether nobody knows that crew."""

    piece: Equipment
    state: str
    since: str
    mine: bool
    unknown_crew: bool


@dataclass(frozen=True, slots=True)
class KindLine:
    """All pieces of a kind: those in repair, those in hands, and those that are free."""

    kind: str
    name: str
    repair: tuple[PieceLine, ...]
    held: tuple[PieceLine, ...]
    free: tuple[PieceLine, ...]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.repair) + len(self.held) + len(self.free)


@needs("see_board")
@require_GET
def crews_page(request: HttpRequest) -> HttpResponse:
    """Show skills, training and equipment."""
    return _page(request, {}, [])


def _page(request: HttpRequest, typed: Mapping[str, Any], wrong: list[str], status: int = 200) -> HttpResponse:
    force, language, at = in_force(), language_of(request), now()
    day, hand, own = skills.day_at(force, at), at_hand(force, at), own_officer(request.user)
    may = skills.held(force, at)
    lines = list(qualified(force.plan.crews, force.station.config.call_class, may))
    names = skills.known_skills(force)
    rows = list(matrix(force, names, may, day))
    lacking = [(crew, equipment.lacking_words(found, language)) for crew, found in hand.lacking.items()]
    soon = lapsing(skills.certificates(), day, skills.SOON_DAYS)
    lapsed = skills.lapsed(day)
    needs_of = EquipmentNeed.objects.all()
    kinds = sorted({*equipment.KINDS, *Equipment.objects.values_list("kind", flat=True)})
    return render(
        request,
        "board/skills_equipment.html.j2",
        status=status,
        day=day,
        first=_first(lines, lacking, soon, lapsed),
        soon=[(one, (one.until - day).days if one.until else 0) for one in soon],
        lapsed=lapsed,
        skills=names,
        rows=[row for row in rows if not row.idle],
        idle=[row.officer for row in rows if row.idle],
        lines=[(line, _class_name(force, line.call_class, language)) for line in lines],
        lacking=lacking,
        stock=_stock(request, force, language),
        bookings=_bookings(request, force),
        needs=[(one, equipment.name_of(one.kind, language)) for one in needs_of],
        kinds=[(kind, equipment.name_of(kind, language)) for kind in kinds],
        needed_kinds=[(kind, equipment.name_of(kind, language)) for kind in kinds if kind != ROOM],
        units=equipment.units(force),
        groups=_groups(force, language),
        crews=[label.id for label in force.plan.crews if label.officers],
        own_crews=sorted(_own_crews(request, force)),
        gone=[(one.officer, _places(one, language)) for one in gone(force)],
        skill_word=lambda name: translate(skills.WORDS[name], language) if name in skills.WORDS else name,
        officers=[officer.id for officer in force.station.force],
        typed=dict.fromkeys(FIELDS, "") | {name: typed.get(name, "") for name in FIELDS},
        wrong=wrong,
        **training_shown(request, force, at, own),
    )


def _places(one: Gone, language: Language) -> str:
    words = (f"{translate(PLACES[place], language)} × {count}" for place, count in one.named_in)
    return ("、" if language == "zh" else ", ").join(words)


def _first(
    lines: list[Qualified], lacking: list[tuple[str, str]], soon: list[Certificate], lapsed: list[Certificate]
) -> tuple[str, int]:
    """Return what matters most: a class nobody can go to first, crews without equipment, what lapsed, what will, or nothing."""
    by_class: dict[str, int] = {}
    for line in lines:
        by_class[line.call_class] = by_class.get(line.call_class, 0) + len(line.crews)
    nobody = [name for name, count in by_class.items() if not count]
    if nobody:
        return "nobody", len(nobody)
    if lacking:
        return "lacking", len(lacking)
    if lapsed:
        return "lapsed", len(lapsed)
    return ("soon", len(soon)) if soon else ("well", 0)


def _class_name(force: InForce, name: str, language: Language) -> str:
    return force.classes[name].name.in_language(language)


def _stock(request: HttpRequest, force: InForce, language: Language) -> list[KindLine]:
    """Return all pieces in use by kind; in hands, the own crew's first, then those of crews that nobody knows."""
    lines: dict[str, list[PieceLine]] = {}
    mine = _own_crews(request, force)
    for piece in Equipment.objects.exclude(state="gone"):
        lines.setdefault(piece.kind, []).append(_piece(piece, force, mine, language))
    return [
        KindLine(
            kind,
            equipment.name_of(kind, language),
            tuple(one for one in found if one.piece.state == "repair"),
            tuple(sorted((one for one in found if one.piece.state == "ready" and one.piece.crew), key=_odd_first)),
            tuple(one for one in found if one.piece.state == "ready" and not one.piece.crew),
        )
        for kind, found in lines.items()
    ]


def _bookings(request: HttpRequest, force: InForce) -> list[tuple[Booking, str, str, bool]]:
    """Return the bookings of rooms that run or are to come, with times, and whether this account may take each back."""
    zone = force.station.config.time_zone
    return [
        (one, local(one.start, zone, "%m-%d %H:%M"), local(one.end, zone, "%m-%d %H:%M"), may_for(request, one.crew))
        for one in coming(now())
    ]


def _odd_first(line: PieceLine) -> tuple[bool, bool, str]:
    return not line.mine, not line.unknown_crew, line.piece.code


def _piece(piece: Equipment, force: InForce, mine: frozenset[str], language: Language) -> PieceLine:
    return PieceLine(
        piece,
        translate(equipment.STATES.get(piece.state, piece.state), language),
        local(piece.since, force.station.config.time_zone, "%m-%d %H:%M"),
        bool(piece.crew) and piece.crew in mine,
        bool(piece.crew) and force.crew(piece.crew) < 0,
    )


def _groups(force: InForce, language: Language) -> dict[str, str]:
    """Return what the groups of crews are called: by their squad, and by id where a squad has several."""
    squads = {one.id: one.name.in_language(language) for one in force.loaded.system.squad}
    rules = force.loaded.system.crews
    several = {one.squad for one in rules if sum(other.squad == one.squad for other in rules) > 1}
    return {one.id: f"{squads.get(one.squad, one.squad)} {one.id if one.squad in several else ''}".strip() for one in rules}


def _own_crews(request: HttpRequest, force: InForce) -> frozenset[str]:
    return crews_of(force, own_officer(request.user), now()) if has(request.user, "stamp_own") else frozenset()


def may_for(request: HttpRequest, *crews: str) -> bool:
    """Return whether an account may give or take for crews: who keeps crews for all, a crew for itself."""
    own = _own_crews(request, in_force())
    return has(request.user, "keep_crews") or (any(crews) and all(crew in own for crew in crews if crew))


def answered(request: HttpRequest, act: Callable[[], object], status: int = 409) -> HttpResponse:
    """Do something, and show the page again: with what was wrong and what was typed where it was refused."""
    try:
        act()
    except QinwuError as error:
        return _page(request, request.POST.dict(), problems(error, language_of(request)), status=status)
    return redirect("crews-page")


@needs("keep_crews")
@require_POST
def keep_skill(request: HttpRequest) -> HttpResponse:
    """Keep a line of the training record."""

    def act() -> None:
        force = in_force()
        typed = Typed(request.POST, force.station.config.time_zone)
        today = skills.day_at(force, now())
        since, until = typed.day("since", today) or today, typed.day("until")
        officer, skill, certificate = typed.text("officer", 60), typed.text("skill", 60), typed.text("certificate", 60)
        typed.finish()
        skills.keep(force, skills.Written(officer, skill, since, until, certificate), request.user.get_username())

    return answered(request, act, status=422)


@needs("keep_crews")
@require_POST
def end_skill(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a skill end with yesterday."""
    line = get_object_or_404(Skill, pk=pk)
    last = now().astimezone(in_force().zone).date() - timedelta(days=1)
    return answered(request, lambda: skills.end(line, last, request.user.get_username()))


@needs("keep_crews")
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Keep a new piece of equipment."""
    form, by = request.POST, request.user.get_username()
    kind = form.get("other_kind", "").strip() or form.get("kind", "")
    return answered(request, lambda: equipment.enter(in_force(), form.get("code", ""), kind, form.get("unit", ""), by), status=422)


@needs("keep_crews")
@require_POST
def need(request: HttpRequest) -> HttpResponse:
    """Say what each crew of a group needs to go out."""

    def act() -> None:
        force = in_force()
        typed = Typed(request.POST, force.station.config.time_zone)
        count, kind, group = typed.need("count", 0, 20), typed.text("kind", 40, required=True), typed.text("group", 60)
        typed.finish()
        equipment.need(force, group, kind, count, request.user.get_username())

    return answered(request, act, status=422)


@needs("see_board", object_rule=True)
@require_POST
def give(request: HttpRequest) -> HttpResponse:
    """Give a piece to a crew, or book a room for it."""
    crew = request.POST.get("crew", "")
    if not may_for(request, crew):
        raise PermissionDenied
    piece = get_object_or_404(Equipment, code=request.POST.get("piece", ""))
    return answered(request, lambda: equipment.give(in_force(), piece, crew, request.user.get_username()))


@needs("see_board", object_rule=True)
@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a piece back from the crew that has it."""
    piece = get_object_or_404(Equipment, pk=pk)
    if not may_for(request, piece.crew):
        raise PermissionDenied
    return answered(request, lambda: equipment.give_back(piece, request.user.get_username()))


@needs("see_board", object_rule=True)
@require_POST
def repair(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a piece to repair: whoever keeps equipment, and the crew that has it."""
    piece = get_object_or_404(Equipment, pk=pk)
    if not may_for(request, piece.crew):
        raise PermissionDenied
    fault = request.POST.get("fault", "")
    return answered(request, lambda: equipment.put(piece, "repair", request.user.get_username(), fault), status=422)


@needs("keep_crews")
@require_POST
def ready(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a piece back from repair."""
    return _put(request, pk, "ready")


@needs("keep_crews")
@require_POST
def take_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a piece out of use."""
    return _put(request, pk, "gone")


def _put(request: HttpRequest, pk: int, state: State) -> HttpResponse:
    piece = get_object_or_404(Equipment, pk=pk)
    return answered(request, lambda: equipment.put(piece, state, request.user.get_username()))


ADDRESSES = [
    path("skills-and-equipment", crews_page, name="crews-page"),
    path("skills/keep", keep_skill, name="skill-keep"),
    path("skills/<int:pk>/end", end_skill, name="skill-end"),
    path("equipment/enter", enter, name="equipment-enter"),
    path("equipment/need", need, name="equipment-need"),
    path("equipment/give", give, name="equipment-give"),
    path("equipment/<int:pk>/return", give_back, name="equipment-return"),
    path("equipment/<int:pk>/repair", repair, name="equipment-repair"),
    path("equipment/<int:pk>/ready", ready, name="equipment-ready"),
    path("equipment/<int:pk>/take-out", take_out, name="equipment-take-out"),
]
