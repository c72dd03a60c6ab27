"""Partners 社会协同 (M23): a call handed to an organisation that may take it; auxiliaries kept from what they may not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qinwu.board import trail
from qinwu.board.clock import now
from qinwu.board.crew_names import NamedCrew
from qinwu.board.in_force import InForce
from qinwu.board.models import Call, Sending, TrailEntry
from qinwu.board.roster.in_crew import Book
from qinwu.duty.capability import LIMITS, Limit, auxiliary_limit, partner_limit, partners_for
from qinwu.findings import Finding, Place, raise_on_errors
from qinwu.language import N_, Language, default_language
from qinwu.station.config import CallClass
from qinwu.station.guards import masked

HANDED = "call.hand_over"
"""Entry of the trail: a call went to a partner; the ledger is made of these."""
RESULT = "partner"
MOST = 120


@dataclass(frozen=True, slots=True)
class Open:
    """Which partners may take a call, by id and name; where none may, the limit that keeps it with the police."""

    partners: tuple[tuple[str, str], ...]
    limit: str


def open_to(force: InForce, call: Call, language: Language) -> Open:
    """Return which partners may take a call; none for one whose class the station no longer has."""
    known = force.classes.get(call.call_class)
    if known is None:
        return Open((), "")
    found = tuple((one.id, one.to.in_language(language)) for one in partners_for(force.loaded.system, known, call.priority))
    limit = partner_limit(known, call.priority)
    return Open(found, LIMITS[limit] if limit and force.loaded.system.dispatch.hand_off else "")


def hand_over(force: InForce, call: Call, partner: str, reason: str, by: str) -> None:
    """Hand an open call to a partner: it is closed here, and the ledger keeps to whom it went.

    Raises
    ------
    QinwuError
        With everything that is wrong: closed, a crew on it, no such partner or one that may not take it, no reason.
    """
    with transaction.atomic():
        trail.lock()
        call.refresh_from_db()
        raise_on_errors(_problems(force, call, partner, reason))
        call.closed, call.result = now(), RESULT
        call.save(update_fields=["closed", "result"])
        to = next(one.to.in_language(default_language()) for one in force.loaded.system.dispatch.hand_off if one.id == partner)
        trail.record(by, HANDED, call.number, partner=to, reason=masked(reason.strip())[:MOST], **{"class": call.call_class})


def _problems(force: InForce, call: Call, partner: str, reason: str) -> list[Finding]:
    found = []
    if call.closed is not None:
        message, remedy = N_("Call {number} is closed by now."), N_("Load the page again.")
        found.append(_wrong("call-closed", message, remedy, number=call.number))
    if call.sendings.filter(over__isnull=True).exists():
        found.append(_wrong("crew-on-call", N_("A crew is still on this call."), N_("Stamp it free first.")))
    known = force.classes.get(call.call_class)
    limit = partner_limit(known, call.priority) if known is not None else None
    if limit is not None:
        found.append(_wrong("not-for-partners", LIMITS[limit], N_("Send a crew.")))
    elif known is None or partner not in {one.id for one in partners_for(force.loaded.system, known, call.priority)}:
        message = N_("No partner {word} of the duty system in force takes such calls.")
        found.append(_wrong("unknown-partner", message, N_("Choose from the list."), word=partner))
    if not reason.strip():
        found.append(_wrong("no-reason", N_("The reason is missing."), N_("Say why in a few words.")))
    return found


def check_sworn(force: InForce, call: Call, crews: Sequence[str]) -> None:
    """Let no crew of auxiliaries only go where it may not; no reason sets this aside.

    Raises
    ------
    QinwuError
        With every crew that may not go, and the limit.
    """
    known = force.classes.get(call.call_class)
    if known is None:
        return
    book, at = Book.of(force, now()), now()
    going = {crew: book.strength(force.crew(crew), at) for crew in crews if force.crew(crew) >= 0}
    there = Sending.objects.filter(call=call, over__isnull=True, dispatched__isnull=False).values_list("crew", flat=True)
    on_call = [book.strength(force.crew(crew), at) for crew in there if force.crew(crew) >= 0]
    with_sworn = any(one.sworn for one in (*going.values(), *on_call))
    alone = [crew for crew, one in going.items() if one.people and not one.sworn]
    raise_on_errors([_kept_back(crew, limit) for crew in alone if (limit := auxiliary_limit(known, with_sworn=with_sworn))])


def _kept_back(crew: str, limit: Limit) -> Finding:
    message = {
        "enforcement": N_("Crew {crew} has only auxiliaries: it may not go to a call of enforcement."),
        "without_sworn": N_("Crew {crew} has only auxiliaries: it goes only where a sworn officer is or goes along."),
    }[limit]
    return _wrong(
        "auxiliaries-only", message, N_("Send a crew with a sworn officer; no reason sets this aside."), crew=NamedCrew(crew)
    )


@dataclass(frozen=True, slots=True)
class Ledger:
    """Calls that partners took and those that they might have taken, since a moment.

    Parameters
    ----------
    handed
        How many each partner took, by the name it had then, most first.
    classes
        The same by class of calls, in words.
    possible
        Calls closed by the police that a partner of the duty system in force may take.
    """

    handed: tuple[tuple[str, int], ...]
    classes: tuple[tuple[str, int], ...]
    possible: int

    @property
    def count(self) -> int:
        """How many calls partners took."""
        return sum(count for _name, count in self.handed)


def ledger(force: InForce, since: datetime, language: Language) -> Ledger:
    """Return the ledger of calls handed to partners since a moment."""
    told = [json.loads(each) for each in TrailEntry.objects.filter(action=HANDED, at__gte=since).values_list("content", flat=True)]
    by_partner = Counter(one["partner"] for one in told)
    by_class = Counter(_class_name(force.classes.get(one["class"]), one["class"], language) for one in told)
    kept = Call.objects.filter(closed__gte=since, same_as__isnull=True).exclude(result=RESULT).values_list("call_class", "priority")
    possible = sum(any(partners_for(force.loaded.system, force.classes[name], p)) for name, p in kept if name in force.classes)
    return Ledger(tuple(by_partner.most_common()), tuple(by_class.most_common()), possible)


def _class_name(known: CallClass | None, name: str, language: Language) -> str:
    return known.name.in_language(language) if known is not None else name


def _wrong(code: str, message: str, remedy: str, **values: object) -> Finding:
    return Finding(code, "error", message, remedy, Place(), values)
