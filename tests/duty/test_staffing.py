"""Staffing: named officers first, then accountable ones, then those who are drawn."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinwu.duty.staffing import Staffing, accountable_id, head_count, staff
from qinwu.duty.system import Assignment, Beat
from qinwu.station.force import Force, Officer
from tests.duty.small_systems import Table, quarters, squad
from tests.stations import officers

DAY = date(2024, 1, 1)


def members(staffing: Staffing, squad_id: str) -> list[str]:
    return [officer.id for officer in staffing.members[squad_id]]


def codes(staffing: Staffing) -> list[str]:
    return [finding.code for finding in staffing.findings]


def place(force: Force, *squads: Table, **changes: object) -> Staffing:
    return staff(force, quarters(**{"squad": squads, "crews": [], "beat": [], "sector": [], "pair": [], **changes}), DAY)


@pytest.mark.parametrize(("asked", "count"), [(3, 3), (0.25, 3), (0.24, 2), (0.05, 1), (0.04, 0), ("beats", 4), (1.0, 10), (1, 1)])
def test_shares_round_half_up_and_integers_are_heads(asked: float | str, count: int) -> None:
    """A quarter of ten is three, one is one head and 1.0 everybody."""
    assert head_count(asked, 10, 4) == count


def test_named_officers_come_before_any_draw() -> None:
    """A squad that names officers has them even when an earlier squad draws the rest."""
    found = place(officers(4), squad("a", staff={"sworn": "rest"}), squad("b", officers=["P01", "P04"]))
    assert members(found, "a") == ["P02", "P03"]
    assert members(found, "b") == ["P01", "P04"]
    assert not found.findings


def test_accountable_officers_go_to_the_squad_that_makes_beat_crews() -> None:
    """The four beat officers are in the community squad, whoever else is in file order before them."""
    found = staff(officers(8, 6), quarters(), DAY)
    assert members(found, "community") == ["P01", "P02", "P03", "P04"]


def test_specialists_go_to_the_squad_that_makes_specialist_crews() -> None:
    """An officer accountable for a functional beat is placed in the specialists' squad before others draw."""
    found = place(
        officers(4),
        squad("patrol", staff={"sworn": 3}),
        squad("venues", function="venues"),
        crews=[{"id": "special", "squad": "venues", "form": "specialist", "pattern": "halves"}],
        beat=[{"id": "trades", "kind": "functional", "officer": "P02"}],
    )
    assert members(found, "venues") == ["P02"]
    assert members(found, "patrol") == ["P01", "P03", "P04"]


def test_the_skilled_are_drawn_first_then_file_order() -> None:
    """Of four officers the two with more of the squad's skills come first; ties fall back to file order."""
    skills = [frozenset[str](), frozenset({"law"}), frozenset({"law", "case"}), frozenset[str]()]
    force = Force(tuple(Officer(f"P{number}", "sworn", skills=one) for number, one in enumerate(skills)))
    found = place(force, squad("cases", staff={"sworn": 3}, skills=["law", "case"]), squad("rest", staff={"sworn": "rest"}))
    assert members(found, "cases") == ["P0", "P1", "P2"]


def test_rest_comes_last_and_leaves_nobody() -> None:
    """A squad that takes the rest gets what later squads with counts have left."""
    found = place(officers(5, 2), squad("rest", staff={"sworn": "rest", "auxiliary": "rest"}), squad("two", staff={"sworn": 2}))
    assert members(found, "rest") == ["P03", "P04", "P05", "A01", "A02"]
    assert not found.findings


def test_command_and_administration_are_left_alone_unless_named_or_taken() -> None:
    """Only desks asked for become street posts, and a chief only when named."""
    force = officers(2, command=1, administration=4)
    found = place(force, squad("pool", staff={"sworn": "rest", "from_administration": 0.5}), squad("lead", officers=["C01"]))
    assert members(found, "pool") == ["P01", "P02", "D01", "D02"]
    assert members(found, "lead") == ["C01"]


def test_a_squad_that_cannot_be_filled_warns_and_an_empty_one_is_an_error() -> None:
    """Five asked of three officers warn; a squad nobody is in stops the compiler."""
    found = place(officers(3), squad("many", staff={"sworn": 5}), squad("none"))
    assert codes(found) == ["too-few-officers", "empty-squad"]
    assert found.findings[0].values == {"squad": "many", "wanted": 5, "got": 3}
    assert found.findings[1].severity == "error"


def test_officers_nobody_asks_for_are_named() -> None:
    """Front-line officers in no squad are a warning with their ids."""
    found = place(officers(3), squad("one", staff={"sworn": 1}))
    assert codes(found) == ["officer-without-squad"]
    assert found.findings[0].values["officers"] == "P02, P03"


def test_unknown_officers_are_found_in_squads_and_beats() -> None:
    """An id the force does not have is named with the nearest one."""
    found = place(officers(2), squad("a", officers=["P1"], staff={"sworn": "rest"}), beat=[{"id": "west", "officer": "P9"}])
    assert codes(found) == ["unknown-officer", "unknown-officer"]
    assert {finding.place.key for finding in found.findings} == {"squad.a.officers", "beat.west.officer"}


def test_assignments_decide_by_date() -> None:
    """On each date the assignment of that date is accountable; its last day is not included."""
    change = date(2024, 3, 1)
    beat = Beat(
        id="b", officer="P09", assignments=(Assignment(officer="P01", until=change), Assignment(officer="P02", since=change))
    )
    assert accountable_id(beat, date(2024, 2, 29)) == "P01"
    assert accountable_id(beat, change) == "P02"
    assert accountable_id(Beat(id="b", officer="P09"), change) == "P09"


@given(
    sworn=st.integers(0, 12),
    auxiliary=st.integers(0, 12),
    asks=st.lists(
        st.tuples(*(st.one_of(st.integers(0, 6), st.floats(0, 1), st.sampled_from(["beats", "rest"])) for _ in range(2))),
        min_size=1,
        max_size=5,
    ),
)
def test_nobody_is_in_two_squads_and_a_rest_leaves_nobody(
    sworn: int, auxiliary: int, asks: list[tuple[float | str, float | str]]
) -> None:
    """Whatever squads ask for, each officer is drawn once, and somebody asking for the rest leaves nobody."""
    squads = [squad(f"s{number}", staff={"sworn": one, "auxiliary": two}) for number, (one, two) in enumerate(asks)]
    found = place(officers(sworn, auxiliary, command=2), *squads)
    everybody = [officer for each in found.members.values() for officer in each]
    assert len(everybody) == len(set(everybody))
    assert all(officer.post == "front_line" for officer in everybody)
    for kind, asked, there in (("sworn", [a for a, _ in asks], sworn), ("auxiliary", [b for _, b in asks], auxiliary)):
        placed = sum(officer.kind == kind for officer in everybody)
        assert placed == there if "rest" in asked else placed <= there
