"""Responsibilities: one role answers for every duty, rights come from the matrix, and a page says it in words."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from qinwu.board.in_force import InForce

Seat = Callable[..., "Client"]


def codes(duties: tuple[object, ...]) -> set[str]:
    """Return the codes of what is wrong with a matrix."""
    from qinwu.board.access.responsibilities import findings

    return {finding.code for finding in findings(duties)}  # type: ignore[arg-type]  # duties are imported once Django stands


def test_the_matrix_is_sound(force: InForce) -> None:
    """Nothing is wrong with the matrix as it is, and every right belongs to exactly one duty."""
    from qinwu.board.access.responsibilities import DUTIES
    from qinwu.board.access.rights import RIGHTS

    assert codes(DUTIES) == set()
    assert sorted(act for duty in DUTIES for act in duty.acts) == sorted(RIGHTS)


def test_everything_wrong_is_told_at_once(force: InForce) -> None:
    """No owner, two owners, a strange role, a strange act, one in two duties, one in none, a role left over, a duty twice."""
    from qinwu.board.access.responsibilities import DUTIES, Duty

    picture, *others = DUTIES
    two = replace(others[0], answers={**others[0].answers, "chief": ("take_call",)}, takes_part={})
    strange = Duty("strange", "strange", {"cheif": ("inspekt", "see_board")}, {"officer": ()})  # type: ignore[dict-item]
    without_design = tuple(duty for duty in others[1:] if duty.id != "design")
    wrong = (replace(picture, answers={}), two, strange, strange, *without_design)
    assert codes(wrong) == {
        "role-duty-without-owner",
        "role-duty-with-two-owners",
        "unknown-role",
        "unknown-act",
        "part-without-act",
        "act-in-two-duties",
        "act-without-duty",
        "duty-twice",
    }
    machine = tuple(duty for duty in DUTIES if duty.id == "machine")
    assert "role-without-duty" in codes(machine)


def test_a_role_does_not_answer_and_take_part_in_one_duty(force: InForce) -> None:
    """The same role in both places is told, with its name."""
    from qinwu.board.access.responsibilities import Duty, findings

    both = Duty("machine", "machine", {"chief": ("measure",)}, {"chief": ("measure",)})
    found = next(finding for finding in findings([both], ["chief"]) if finding.code == "role-twice-in-duty")
    assert found.text("en").count("chief") == 1


def test_groups_hold_what_the_matrix_says(force: InForce) -> None:
    """The permissions of every group in the database are those of its role in the matrix, no more and no fewer."""
    from django.contrib.auth.models import Group

    from qinwu.board.access.responsibilities import ROLE_NAMES, rights_of

    for role in ROLE_NAMES:
        held = Group.objects.get(name=role).permissions.values_list("codename", flat=True)
        assert set(held) == rights_of(role)


@pytest.mark.parametrize(("role", "status"), [("chief", 200), ("administrator", 200), ("inspector", 200), ("sergeant", 403)])
def test_who_reads_the_matrix(force: InForce, seat: Seat, role: str, status: int) -> None:
    """Chief, inspector and administrator read it and take it out; others do not."""
    client = seat(role)
    assert client.get("/responsibilities").status_code == status
    assert client.get("/responsibilities.csv").status_code == status


def test_a_duty_nobody_holds_is_the_headline(force: InForce, seat: Seat) -> None:
    """With the chief's account alone the dispatcher's duty is vacant; once somebody is a dispatcher it is not."""
    chief = seat("chief")
    vacant = "Taking calls: no open account is a call-taker."
    assert vacant in chief.get("/responsibilities").content.decode()
    seat("call_taker")
    page = chief.get("/responsibilities").content.decode()
    assert vacant not in page
    assert "Nobody holds the role that answers for" in page


def test_the_file_says_what_the_page_says(force: InForce, seat: Seat) -> None:
    """A line for each duty and role, with one that answers in each duty, in words and without a name of the program."""
    from qinwu.board.access.responsibilities import DUTIES

    text = seat("chief").get("/responsibilities.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    answering = [row["Duty"] for row in rows if row["Part"] == "answers for it"]
    assert sorted(answering) == sorted(duty.name for duty in DUTIES)
    assert {"Duty": "Taking calls", "Role": "chief", "Part": "takes part", "May": "take calls"} in rows
    assert "take_call" not in text
