"""Pairs of a station: wishes read, refusals in conflict, what each pair is, the duty file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from qinwu.duty.system import DutySystem
from qinwu.findings import QinwuError
from qinwu.language import translate
from qinwu.plan.effort import Effort
from qinwu.plan.pairs.aims import Aims
from qinwu.plan.pairs.planning import plan_pairs
from qinwu.plan.pairs.wishes import Wish, read_wishes
from qinwu.station.force import Force, Officer
from qinwu.station.station import Station
from tests.stations import grid_area, nine_atom_system, nine_atoms, station

FOUR = ("P01", "P02", "P03", "P04")


def sheet(folder: Path, text: str) -> Path:
    """Write a sheet of wishes."""
    path = folder / "wishes.csv"
    path.write_text(text, encoding="utf-8")
    return path


def refused(folder: Path, text: str) -> set[str]:
    """Return the codes with which a sheet is refused."""
    with pytest.raises(QinwuError) as caught:
        read_wishes(sheet(folder, text))
    return {finding.code for finding in caught.value.findings if finding.severity == "error"}


def six_beats() -> tuple[Station, DutySystem]:
    """Return six atoms in a row, each a beat of its own, its officers with dates and skills."""
    people = [
        Officer("P01", "sworn", joined=date(2000, 1, 1), skills=frozenset({"mediation"})),
        Officer("P02", "sworn", joined=date(2020, 1, 1)),
        Officer("P03", "sworn", joined=date(2001, 1, 1)),
        Officer("P04", "sworn", joined=date(2021, 1, 1), skills=frozenset({"driver"})),
        Officer("P05", "sworn", joined=date(2002, 1, 1)),
        Officer("P06", "sworn", joined=date(2022, 1, 1)),
    ]
    place = station(grid_area(6, 1), Force(tuple(people)))
    beats = [{"id": f"B{n}", "atoms": [f"a{n}"], "officer": f"P0{n}"} for n in range(1, 7)]
    return place, DutySystem.model_validate({"id": "six", "name": {"zh": "六区", "en": "Six"}, "beat": beats})


def test_chinese_sheet_is_read(tmp_path: Path) -> None:
    """Chinese headers, choices in columns or in one cell, ties, refusals and shifts."""
    text = "编号,第一志愿,第二志愿,不愿搭档,固定搭档,可值班次\nP01,P02,P03,P04,,白、夜\nP02,P01＝P03,,,P05,夜\n"
    wishes, _ = read_wishes(sheet(tmp_path, text))
    assert wishes[0].named == (("P02",), ("P03",))
    assert wishes[0].refused == {"P04"}
    assert wishes[0].shifts == {"白", "夜"}
    assert wishes[1].named == (("P01", "P03"),)
    assert wishes[1].fixed == "P05"


def test_temperament_is_refused(tmp_path: Path) -> None:
    """A column of temperament refuses the whole sheet, whatever it is called."""
    for header in ("性格", "MBTI", "personality type"):
        assert "temperament" in refused(tmp_path, f"officer,wishes,{header}\nP01,P02,quiet\n")


def test_every_problem_of_a_sheet_is_told_at_once(tmp_path: Path) -> None:
    """Named twice, named oneself, wanted and refused, two rows, no id."""
    text = "officer,wishes,refuses\nP01,P02>P02,\nP02,P02,\nP03,P01,P01\nP03,P01,\n,P01,\n"
    assert refused(tmp_path, text) == {"named-twice", "named-self", "wanted-and-refused", "officer-twice", "missing-id"}


def test_mutual_first_choices_are_paired() -> None:
    """Who asks for each other first is together, and the file pairs their beats."""
    wishes = (Wish("P01", (("P04",),)), Wish("P04", (("P01",),)), Wish("P02", (("P03",),)))
    plan = plan_pairs(nine_atoms(), nine_atom_system(), wishes, effort=Effort(10.0))
    assert [pair["beats"] for pair in plan.part()["pair"]] == [["sw", "ne"], ["se", "nw"]]
    assert plan.proof.status == "optimal"
    assert plan.blocking_before == ((0, 3),)


def test_old_with_new_and_neighbours() -> None:
    """With experience and borders alone, each old officer gets the new one of a neighbouring beat."""
    place, system = six_beats()
    plan = plan_pairs(place, system, aims=Aims(wishes=0.0, skills=0.0, shifts=0.0), effort=Effort(10.0))
    assert [(pair.one, pair.two) for pair in plan.pairs] == [(0, 1), (2, 3), (4, 5)]
    assert all(pair.border and pair.gap_years == pytest.approx(20.0, abs=0.1) for pair in plan.pairs)


def test_skills_complement() -> None:
    """With skills alone, the two who can do something are not wasted on one pair."""
    place, system = six_beats()
    plan = plan_pairs(place, system, aims=Aims(wishes=0.0, experience=0.0, shifts=0.0, border=0.0), effort=Effort(10.0))
    together = next(pair for pair in plan.pairs if pair.one == 0)
    assert together.two == 3 or all(len(pair.skills) <= 1 for pair in plan.pairs)
    assert plan.scene.joint_skills[0, 3] == 1.0


def test_refused_fixed_and_shifts_are_kept() -> None:
    """Nobody gets whom he or she refuses or never meets on a shift; fixed pairs stand."""
    place, system = six_beats()
    wishes = (
        Wish("P01", refused=frozenset({"P02"}), shifts=frozenset({"day"})),
        Wish("P03", shifts=frozenset({"night"})),
        Wish("P05", fixed="P06"),
    )
    plan = plan_pairs(place, system, wishes, effort=Effort(10.0))
    pairs = {(pair.one, pair.two) for pair in plan.pairs}
    assert (4, 5) in pairs
    assert (0, 1) not in pairs
    assert (0, 2) not in pairs


def test_refusals_in_conflict_are_named() -> None:
    """Three who take nobody but the same one: they are named, none of the others, with the fewest refusals to lift."""
    place, system = six_beats()
    others = {"P01": "P03 P04 P05 P06", "P02": "P03 P04 P05 P06", "P03": "P01 P02 P04 P05 P06", "P05": "P04"}
    wishes = [Wish(who, refused=frozenset(names.split())) for who, names in others.items()]
    with pytest.raises(QinwuError) as caught:
        plan_pairs(place, system, wishes, effort=Effort(10.0))
    (finding,) = caught.value.findings
    assert finding.code == "refusals-in-conflict"
    assert finding.values["officers"] == "P03"
    assert str(finding.values["pairs"]).startswith("P03–")


def test_contradictions_of_fixed_pairs_are_refused() -> None:
    """Fixed with two, fixed with somebody who refuses, and unknown officers, all at once."""
    place, system = six_beats()
    wishes = [
        Wish("P01", fixed="P02"),
        Wish("P03", fixed="P02"),
        Wish("P05", fixed="P06"),
        Wish("P06", refused=frozenset({"P05"})),
        Wish("P04", (("P99",),)),
    ]
    with pytest.raises(QinwuError) as caught:
        plan_pairs(place, system, wishes, effort=Effort(5.0))
    assert {finding.code for finding in caught.value.findings} >= {"fixed-twice", "fixed-and-refused", "unknown-officer"}


def test_of_an_odd_number_one_is_left_out_by_name() -> None:
    """Of five one stays alone and is named; as a trio he or she joins the pair that fits best."""
    place, system = six_beats()
    five = system.model_copy(update={"beat": system.beat[:5]})
    plan = plan_pairs(place, five, aims=Aims(odd="trio"), effort=Effort(10.0))
    (left,) = plan.left_out
    third = plan.third(left)
    assert third is not None
    assert left not in (third.one, third.two)
    assert any(finding.code == "left-out" for finding in plan.proof.given_up)


def test_never_leaves_those_alone_who_are_not_named() -> None:
    """Unnamed as refused is the classical problem: only mutual wishes pair."""
    place, system = six_beats()
    wishes = (Wish("P01", (("P02",),)), Wish("P02", (("P01",),)), Wish("P03", (("P04",),)))
    plan = plan_pairs(place, system, wishes, Aims(unnamed="never"), Effort(10.0))
    assert [(pair.one, pair.two) for pair in plan.pairs] == [(0, 1)]
    assert plan.left_out == (2, 3, 4, 5)


def test_wrong_aims_are_refused() -> None:
    """Negative weights, none at all, and a gap of no years."""
    place, system = six_beats()
    for aims, code in ((Aims(wishes=-1.0), "bad-weight"), (Aims(0, 0, 0, 0, 0), "no-aim"), (Aims(full_gap=0.0), "bad-gap")):
        with pytest.raises(QinwuError) as caught:
            plan_pairs(place, system, aims=aims)
        assert code in {finding.code for finding in caught.value.findings}


def test_notes_are_chinese() -> None:
    """What is given up has its Chinese."""
    place, system = six_beats()
    plan = plan_pairs(place, system, (Wish("P01", (("P06",),)), Wish("P06", (("P01",),))), effort=Effort(10.0))
    for finding in (*plan.proof.given_up, *plan.proof.binding, *plan.findings):
        assert translate(finding.message, "zh") != finding.message
