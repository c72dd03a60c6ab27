"""Partners for the demonstration: two calls of the shift before that went to the service line, where the duty system has one."""

from __future__ import annotations

import uuid
from datetime import timedelta
from itertools import islice

from qinwu.board.clock import now
from qinwu.board.demo.players import PLAYER
from qinwu.board.dispatch import calls, partners
from qinwu.board.in_force import InForce
from qinwu.duty.capability import partners_for
from qinwu.language import N_, default_language, translate

COUNT = 2


def seed(force: InForce) -> None:
    """Take calls that need no police, and hand each to the first partner that may take it."""
    reason = translate(N_("no police needed: noise of works, for the service line"), default_language())
    taken_by = [
        (one, line) for one in force.classes.values() for line in islice(partners_for(force.loaded.system, one, one.priority), 1)
    ]
    for at, (one, line) in enumerate(taken_by[:COUNT]):
        atom, received = force.plan.atoms[7 * at % len(force.plan.atoms)], now() - timedelta(minutes=20 + 5 * at)
        call = calls.take(force, calls.Taken(uuid.uuid4(), one.id, atom, received), PLAYER)
        partners.hand_over(force, call, line.id, reason, PLAYER)
