"""Capability 能力类别 (M23): what sworn officers, auxiliaries and partner organisations may lawfully do at a call; hard limits.

Auxiliaries have no power of enforcement and act under a sworn officer who is there (国办发〔2016〕114号). Partners, such as a
service line or a mediation committee, take what needs no police at all: nothing urgent, no enforcement, no traffic, no regulated
trade. A duty file names its partners as ``[[dispatch.hand_off]]``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from qinwu.duty.order import fits
from qinwu.duty.system import DutySystem, HandOff
from qinwu.language import N_
from qinwu.station.config import CallClass, Priority

Limit = Literal["enforcement", "without_sworn", "urgent", "for_police"]
LIMITS: dict[Limit, str] = {
    "enforcement": N_("Enforcement is for sworn officers: neither auxiliaries nor partners may take it."),
    "without_sworn": N_("Auxiliaries act under a sworn officer: one must be on the call or go along."),
    "urgent": N_("Urgent calls are answered by the police."),
    "for_police": N_("Calls of this kind are for the police by law."),
}
"""What each limit says."""
PARTNER_KINDS = ("non_police", "service", "dispute", "other")
"""Kinds of calls that need no police: everything but enforcement, traffic and regulated trades."""
URGENT: Priority = 2
"""The least urgent priority that still counts as urgent 紧急警情."""


def auxiliary_limit(call_class: CallClass, *, with_sworn: bool) -> Limit | None:
    """Return what keeps a crew of auxiliaries only from a call, None for nothing.

    >>> from qinwu.station.config import Text
    >>> fight = CallClass(id="fight", name=Text(zh="打架"), kind="enforcement")
    >>> auxiliary_limit(fight, with_sworn=True)
    'enforcement'
    """
    if call_class.kind == "enforcement":
        return "enforcement"
    return None if with_sworn else "without_sworn"


def partner_limit(call_class: CallClass, priority: int) -> Limit | None:
    """Return what keeps a partner organisation from a call of a priority, None for nothing."""
    if call_class.kind == "enforcement":
        return "enforcement"
    if call_class.kind not in PARTNER_KINDS:
        return "for_police"
    return "urgent" if priority <= URGENT else None


def partners_for(system: DutySystem, call_class: CallClass, priority: int) -> Iterator[HandOff]:
    """Yield the partners of a duty system that may take a call."""
    if partner_limit(call_class, priority) is None:
        yield from (one for one in system.dispatch.hand_off if fits(one.calls, call_class, priority))
