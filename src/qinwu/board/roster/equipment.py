"""Equipment: kept, given, returned, repaired; of two crews that want one piece exactly one gets it, and the other is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import cast

from django.db import IntegrityError, transaction

from qinwu.board import trail
from qinwu.board.clock import now
from qinwu.board.in_force import InForce
from qinwu.board.models import Equipment, EquipmentNeed
from qinwu.board.roster.bookings import booked_now
from qinwu.board.typed import form_finding
from qinwu.duty.equipment import ROOM, Lacking, Need, Piece, State, lacking
from qinwu.findings import QinwuError, Words, raise_on_errors
from qinwu.language import N_, Language, translate
from qinwu.station.guards import masked

KINDS: dict[str, str] = {
    "vehicle": N_("vehicle"),
    "radio": N_("radio"),
    "body_camera": N_("body camera"),
    ROOM: N_("interview room"),
}
"""Kinds that Qinwu has words for; a station may have others, which are called as they are written."""
STATES: dict[str, str] = {"ready": N_("ready"), "repair": N_("in repair"), "gone": N_("taken out of use")}


def name_of(kind: str, language: Language) -> str:
    """Return what a kind is called."""
    return translate(KINDS[kind], language) if kind in KINDS else kind


def enter(force: InForce, code: str, kind: str, unit: str, by: str) -> Equipment:
    """Keep a new piece.

    Raises
    ------
    QinwuError
        The code or the kind is missing, the code is in use, or there is no such unit.
    """
    code, kind = masked(code.strip())[:40], kind.strip()[:40]
    found = []
    if not code:
        found.append(form_finding("no-code", "code", N_("The code of the piece is missing."), N_("Write what stands on it.")))
    if not kind:
        found.append(form_finding("no-kind", "kind", N_("The kind is missing."), N_("Choose one, or write a new one.")))
    if unit and unit not in units(force):
        message, remedy = N_("There is no unit {word} with crews."), N_("Choose from the list.")
        found.append(form_finding("unknown-unit", "unit", message, remedy, word=unit))
    raise_on_errors(found)
    try:
        with transaction.atomic():
            trail.lock()
            piece = Equipment.objects.create(code=code, kind=kind, unit=unit, since=now())
            trail.record(by, "equipment.enter", code, kind=kind, unit=unit)
    except IntegrityError:
        message, remedy = N_("There is a piece with the code {word} already."), N_("Give another code.")
        raise QinwuError([form_finding("code-taken", "code", message, remedy, word=code)]) from None
    return piece


def give(force: InForce, piece: Equipment, crew: str, by: str) -> None:
    """Give a piece to a crew, or book a room for it.

    Raises
    ------
    QinwuError
        No such crew, the piece is in repair or gone, or another crew has it or booked it for now.
    """
    position = force.crew(crew)
    if position < 0:
        message, remedy = N_("There is no crew {crew} in the duty system in force."), N_("Load the page again.")
        raise QinwuError([form_finding("unknown-crew", "crew", message, remedy, crew=crew)])
    with transaction.atomic():
        trail.lock()
        piece.refresh_from_db()
        if piece.state != "ready":
            message, remedy = N_("{piece} is {state}."), N_("Choose another piece.")
            raise QinwuError([form_finding("not-ready", "piece", message, remedy, piece=piece.code, state=_word(piece.state))])
        if piece.crew == crew:
            return
        if piece.crew:
            message, remedy = N_("Crew {crew} has {piece} already."), N_("Let it be returned first, or choose another piece.")
            raise QinwuError([form_finding("piece-taken", "piece", message, remedy, piece=piece.code, crew=piece.crew)])
        if (other := booked_now(piece, crew)) is not None:
            message, remedy = N_("{piece} is booked by crew {crew} until {end}."), N_("Choose another piece.")
            values = {"piece": piece.code, "crew": other.crew, "end": f"{other.end.astimezone(force.zone):%H:%M}"}
            raise QinwuError([form_finding("room-booked", "piece", message, remedy, **values)])
        unit = force.plan.crews[position].unit
        if piece.unit and piece.unit != unit:
            message = N_("{piece} is kept at unit {unit}, crew {crew} belongs to {other}.")
            remedy = N_("Choose a piece of the crew's own unit.")
            values = {"piece": piece.code, "unit": piece.unit, "crew": crew, "other": unit}
            raise QinwuError([form_finding("other-unit", "piece", message, remedy, **values)])
        piece.crew, piece.since = crew, now()
        piece.save(update_fields=["crew", "since"])
        trail.record(by, "equipment.give", piece.code, crew=crew)


def give_back(piece: Equipment, by: str) -> None:
    """Take a piece back from the crew that has it; one that nobody has stays as it is."""
    with transaction.atomic():
        trail.lock()
        piece.refresh_from_db()
        if piece.crew:
            crew, piece.crew, piece.since = piece.crew, "", now()
            piece.save(update_fields=["crew", "since"])
            trail.record(by, "equipment.return", piece.code, crew=crew)


def put(piece: Equipment, state: State, by: str, fault: str = "") -> None:
    """Send a piece to repair, take it back from there, or take it out of use; a piece out of use belongs to no crew.

    Raises
    ------
    QinwuError
        The fault is missing, or the piece was taken out of use before.
    """
    fault = masked(fault.strip())[:120]
    if state == "repair" and not fault:
        raise QinwuError([form_finding("no-fault", "fault", N_("What is wrong with it is missing."), N_("Say it in a few words."))])
    with transaction.atomic():
        trail.lock()
        piece.refresh_from_db()
        if piece.state == "gone":
            raise QinwuError(
                [form_finding("gone", "piece", N_("{piece} was taken out of use."), N_("Load the page again."), piece=piece.code)]
            )
        crew = piece.crew
        piece.state, piece.fault, piece.since = state, fault if state == "repair" else "", now()
        if state == "gone":
            piece.crew = ""
        piece.save(update_fields=["state", "fault", "since", "crew"])
        trail.record(by, f"equipment.{state}", piece.code, fault=piece.fault, crew=crew)


def need(force: InForce, group: str, kind: str, count: int, by: str) -> None:
    """Say how many pieces of a kind each crew of a group needs to go out; none takes the need away.

    Raises
    ------
    QinwuError
        No such group of crews, no kind, or rooms, which are nobody's to take along.
    """
    groups = [one.id for one in force.loaded.system.crews]
    found = []
    if group and group not in groups:
        message, remedy = N_("There is no group of crews {word}."), N_("Choose from the list.")
        found.append(form_finding("unknown-group", "group", message, remedy, word=group))
    if not kind.strip():
        found.append(form_finding("no-kind", "kind", N_("The kind is missing."), N_("Choose one, or write a new one.")))
    if kind == ROOM:
        message, remedy = N_("Interview rooms belong to the unit: no crew takes one along."), N_("Book one for a crew instead.")
        found.append(form_finding("room-needed", "kind", message, remedy))
    raise_on_errors(found)
    with transaction.atomic():
        trail.lock()
        if count:
            EquipmentNeed.objects.update_or_create(crews=group, kind=kind.strip()[:40], defaults={"count": count})
        else:
            EquipmentNeed.objects.filter(crews=group, kind=kind.strip()).delete()
        trail.record(by, "equipment.need", group, kind=kind.strip(), count=count)


def _word(state: str) -> Words:
    return Words(STATES.get(state, state))


def units(force: InForce) -> list[str]:
    """Return the units that have crews of the station's own."""
    return sorted({label.unit for label in force.plan.crews if label.officers and label.unit})


@dataclass(frozen=True, slots=True)
class Store:
    """All equipment at a moment, and what crews need of it."""

    needs: tuple[Need, ...] = ()
    pieces: tuple[Piece, ...] = ()

    @classmethod
    def now(cls) -> Store:
        """Return what there is; nothing where no crew needs anything."""
        needs = tuple(Need(one.crews, one.kind, one.count) for one in EquipmentNeed.objects.all())
        rows = Equipment.objects.values_list("kind", "unit", "state", "crew") if needs else ()
        return cls(needs, tuple(Piece(kind, unit, cast("State", state), crew) for kind, unit, state, crew in rows))

    def lacking(self, force: InForce, out: Collection[str]) -> dict[str, tuple[Lacking, ...]]:
        """Return the crews that cannot go out, and what they lack; `out` are those on a call, or about to go."""
        return lacking(force.plan.crews, self.needs, self.pieces, out) if self.needs else {}


def lacking_words(found: Iterable[Lacking], language: Language) -> str:
    """Return in words what a crew lacks: ``lacks vehicle: needs 1, has 0; 0 free, 1 in repair``."""
    message = translate(N_("lacks {kind}: needs {needed}, has {has}; {free} free, {broken} in repair"), language)
    joint = "；" if language == "zh" else "; "
    return joint.join(
        message.format(kind=name_of(one.kind, language), needed=one.needed, has=one.has, free=one.free, broken=one.broken)
        for one in found
    )
