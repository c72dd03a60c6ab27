"""The interface for other systems held against its own description by schemathesis, through the real application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import positive_data_acceptance

from tests.board.conftest import PASSWORD, START
from tests.board.test_calls import proposed, taken

if TYPE_CHECKING:
    from qinwu.board.in_force import InForce

ROLES = ["chief", "inspector"]
"""Together they may use every operation."""


def held_against_its_description(force: InForce, examples: int) -> dict[str, set[int]]:
    """Send to every operation what its description allows and what it does not; return the statuses that came back.

    Every check of schemathesis is made but one: a place that no station has is well-formed and still refused.
    """
    from django.core.wsgi import get_wsgi_application

    from qinwu.board.dispatch import sendings
    from qinwu.board.models import Token
    from qinwu.board.views.account import make_account

    call = taken(force)
    going = sendings.send(force, call, [proposed(force, call).going[0].order], "tester")[0]
    bodies = {
        "POST /api/calls": {"call_class": call.call_class, "atom": call.atom, "received": START.isoformat(), "key": str(call.key)},
        "POST /api/calls/{number}/stamps": {"crew": going.crew, "stamp": "over"},
        "POST /api/calls/{number}/close": {"result": "handled", "missing": "no signal"},
    }
    secret = Token.make(make_account("machine", PASSWORD, ROLES), "schemathesis", START)
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())
    seen: dict[str, set[int]] = {}
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]  # a wrong description raises here
        cases = [operation.as_strategy(mode) for mode in schemathesis.GenerationMode]
        known: dict[str, Any] = {"path_parameters": {"number": call.number}} if "{number}" in operation.path else {}
        if operation.label in bodies:
            known |= {"body": bodies[operation.label], "media_type": "application/json"}
        cases.append(operation.as_strategy(**known))
        _hold(operation.label, st.one_of(cases), secret, examples, seen)
    return seen


def _hold(label: str, cases: Any, secret: str, examples: int, seen: dict[str, set[int]]) -> None:
    @seed(20260304)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
        report_multiple_bugs=False,
    )
    @given(case=cases)
    def hold(case: schemathesis.Case[Any]) -> None:
        answer = case.call_and_validate(headers={"Authorization": f"Bearer {secret}"}, excluded_checks=[positive_data_acceptance])
        seen.setdefault(label, set()).add(answer.status_code)

    hold()


def test_the_interface_keeps_to_its_description(force: InForce) -> None:
    """No fault of the program, no status, type, header or body that the description does not name; every operation is reached."""
    seen = held_against_its_description(force, 8)
    assert len(seen) >= 7
    assert {label for label, statuses in seen.items() if 200 not in statuses} == set()


@pytest.mark.slow
def test_the_interface_keeps_to_its_description_at_length(force: InForce) -> None:
    """The same, with many more examples."""
    held_against_its_description(force, 400)
