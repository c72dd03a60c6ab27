"""Signing: which duty system the board obeys from which day, by whose name and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from qinwu.board import trail
from qinwu.board.clock import now
from qinwu.board.in_force import checksum, in_force
from qinwu.board.models import SystemInForce
from qinwu.duty.reading import list_systems, preset_ids, read_system
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_, Language
from qinwu.simulate.trial import prepare_one

SKEW = timedelta(minutes=2)
MOST_REASON = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """A duty system that could be signed: its name, what people call it, what it is, and whether it is in force."""

    name: str
    title: str
    about: str
    in_force: bool


def choices(language: Language) -> list[Choice]:
    """Return the duty systems of the station and those that come with Qinwu; files that cannot be read are left out here."""
    folder, found = Path(settings.STATION), []
    obeyed = in_force().loaded.system.id
    for name in (*list_systems(folder), *(f"preset:{preset}" for preset in preset_ids())):
        try:
            system = read_system(name, folder).system
        except QinwuError:
            continue
        about = system.about.in_language(language) if system.about else ""
        found.append(Choice(name, system.name.in_language(language), about, system.id == obeyed))
    return found


def sign(name: str, valid_from: datetime | None, reason: str, user: Any) -> SystemInForce:
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

    Raises
    ------
    QinwuError
        The system does not fit the station's files, the day is past, or the reason is missing: everything that is wrong.
    """
    at = now()
    wrong = [] if reason.strip() else [_wrong("no-reason", "reason", N_("The reason is missing."), N_("Say why in a few words."))]
    if valid_from is not None and valid_from < at - SKEW:
        message = N_("A duty system cannot be in force from {time}, which is past.")
        time = valid_from.strftime("%Y-%m-%d %H:%M")
        wrong.append(_wrong("past-day", "valid_from", message, N_("Give a day to come, or leave it empty for now."), time=time))
    try:
        prepare_one(Path(settings.STATION), name, even_without_calls=True)
    except QinwuError as error:
        wrong += error.findings
    if wrong:
        raise QinwuError(wrong)
    with transaction.atomic():
        trail.lock()
        signed = SystemInForce.objects.create(
            name=name,
            checksum=checksum(Path(settings.STATION)),
            valid_from=valid_from or at,
            signed_by=user,
            signed_at=at,
            reason=reason.strip()[:MOST_REASON],
        )
        values = {"from": signed.valid_from.isoformat(), "reason": signed.reason, "checksum": signed.checksum}
        trail.record(user.get_username(), "system.sign", name, **values)
    return signed


def changed_since_signed() -> bool:
    """Return whether files of the station were changed after the duty system in force was signed."""
    signed = SystemInForce.objects.filter(valid_from__lte=now()).first()
    return signed is not None and signed.checksum != checksum(Path(settings.STATION))


def _wrong(code: str, key: str, message: str, remedy: str, **values: Any) -> Finding:
    return Finding(code, "error", message, remedy, Place(key=key), values)
