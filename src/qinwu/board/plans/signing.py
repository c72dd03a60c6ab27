"""Signing: which duty system the board obeys from which day, by whose name and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from django.conf import settings
from django.db import transaction

from qinwu.board import trail
from qinwu.board.clock import now
from qinwu.board.in_force import checksum
from qinwu.board.models import Job, SystemInForce
from qinwu.board.plans.duty_files import Standing, standings
from qinwu.board.typed import form_finding
from qinwu.duty.drafts import SOURCE
from qinwu.duty.reading import LoadedSystem
from qinwu.findings import Finding, QinwuError
from qinwu.language import N_, Language
from qinwu.simulate.trial import prepare_one

SKEW = timedelta(minutes=2)
MOST_REASON = 200
When = Literal["obeyed", "coming", "past"]


@dataclass(frozen=True, slots=True)
class Choice:
    """A duty system of the station: its name, what people call it, what it is, how it stands.

    ``since`` is from when it is obeyed, where it is signed and not past; ``findings`` what keeps it from being signed.
    """

    name: str
    title: str
    about: str
    when: When | Literal[""]
    since: datetime | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A signature: which duty system, and whether it is obeyed, will be, or was (until when)."""

    signed: SystemInForce
    title: str
    when: When
    until: datetime | None


def choices(language: Language) -> list[Choice]:
    """Return all duty systems of the station, those with something wrong as well."""
    obeyed, coming = name_in_force(), {each.name: each.valid_from for each in SystemInForce.objects.filter(valid_from__gt=now())}
    since = SystemInForce.objects.filter(valid_from__lte=now()).first()
    found = []
    for each in standings().systems:
        when: When | Literal[""] = "obeyed" if each.name == obeyed else "coming" if each.name in coming else ""
        began = since.valid_from if when == "obeyed" and since else coming.get(each.name)
        found.append(Choice(each.name, title_of(each, language), _about(each, language), when, began, each.findings))
    return found


def title_of(standing: Standing | None, language: Language) -> str:
    """Return what people call a duty system; its name where its file does not tell."""
    if standing is None:
        return ""
    return standing.loaded.system.name.in_language(language) if standing.loaded else standing.name


def _about(standing: Standing, language: Language) -> str:
    about = standing.loaded.system.about if standing.loaded else None
    return about.in_language(language) if about else ""


def name_in_force() -> str:
    """Return the name of the duty system that is to be obeyed now, whether or not its files still fit; empty where nobody knows."""
    signed = SystemInForce.objects.filter(valid_from__lte=now()).first()
    return signed.name if signed else standings().current


def name_before() -> str:
    """Return the name of the system that was obeyed before the present one; empty where there was none."""
    names = [each.name for each in SystemInForce.objects.filter(valid_from__lte=now())]
    older = [*names[1:], standings().current] if names else []
    return next((name for name in older if name and name != names[0]), "")


def lines(language: Language, most: int) -> list[Line]:
    """Return the newest signatures: to come, obeyed, and past with the day that ended them."""
    at, known = now(), standings()
    found: list[Line] = []
    until: datetime | None = None
    obeyed = False
    for signed in SystemInForce.objects.select_related("signed_by")[:most]:
        when: When = "coming" if signed.valid_from > at else "past" if obeyed else "obeyed"
        obeyed = obeyed or when == "obeyed"
        found.append(Line(signed, title_of(known.of(signed.name), language) or signed.name, when, until))
        until = signed.valid_from
    return found


def sign(name: str, valid_from: datetime | None, reason: str, user: Any, comparison: Job | None = None) -> SystemInForce:
    """Sign a duty system into force.

    Parameters
    ----------
    name
        A name in ``duty/`` or ``preset:ID``.
    valid_from
        From when it is obeyed; at once where None.
    reason
        Why; required.
    user
        Who signs.
    comparison
        The comparison that the decision rests on, where there was one; the trail names it.

    Raises
    ------
    QinwuError
        The system does not fit the station's files, the day is past, or the reason is missing: everything that is wrong.
    """
    at = now()
    wrong = (
        [] if reason.strip() else [form_finding("no-reason", "reason", N_("The reason is missing."), N_("Say why in a few words."))]
    )
    if valid_from is not None and valid_from < at - SKEW:
        message = N_("A duty system cannot be in force from {time}, which is past.")
        time = valid_from.strftime("%Y-%m-%d %H:%M")
        wrong.append(
            form_finding("past-day", "valid_from", message, N_("Give a day to come, or leave it empty for now."), time=time)
        )
    loaded: LoadedSystem | None = None
    try:
        if not SOURCE.fullmatch(name):
            raise QinwuError(
                [
                    form_finding(
                        "unknown-system",
                        "name",
                        N_("There is no duty system {value}."),
                        N_("Choose from the list."),
                        value=name[:80],
                    )
                ]
            )
        _station, loaded, _plan = prepare_one(Path(settings.STATION), name, even_without_calls=True)
    except QinwuError as error:
        wrong += [one for one in error.findings if one.severity == "error"]
    if wrong or loaded is None:
        raise QinwuError(wrong)
    with transaction.atomic():
        trail.lock()
        signed = SystemInForce.objects.create(
            name=name,
            checksum=checksum(Path(settings.STATION), loaded.files),
            valid_from=valid_from or at,
            signed_by=user,
            signed_at=at,
            reason=reason.strip()[:MOST_REASON],
        )
        values = {"from": signed.valid_from.isoformat(), "reason": signed.reason, "checksum": signed.checksum}
        rests_on = {"comparison": str(comparison.key)} if comparison else {}
        trail.record(user.get_username(), "system.sign", name, **values, **rests_on)
    return signed


def changed_since_signed() -> bool:
    """Return whether files that decide about the duty system in force were changed after it was signed."""
    signed = SystemInForce.objects.filter(valid_from__lte=now()).first()
    if signed is None:
        return False
    standing = standings().of(signed.name)
    files = standing.loaded.files if standing and standing.loaded else None
    return signed.checksum != checksum(Path(settings.STATION), files)
