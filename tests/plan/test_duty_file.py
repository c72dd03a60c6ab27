"""Plans as duty files: laid over the system in force they read back as planned, and what they replace is gone."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from qinwu.duty.reading import read_system
from qinwu.duty.system import DutySystem
from qinwu.plan.duty_file import DutyFile, Part, plain, replacing
from qinwu.station.sample import write_sample


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample station of thirteen."""
    path = tmp_path_factory.mktemp("plans") / "station"
    write_sample(path, "station13")
    return path


def current(folder: Path) -> DutySystem:
    """Return the system in force."""
    return read_system("one_beat", folder).system


def written(folder: Path, part: Part) -> DutySystem:
    """Write a plan into the duty folder and read it back with everything it extends."""
    file = DutyFile(
        "plan_test", {"zh": "试", "en": "Test"}, {"zh": "试", "en": "Test"}, "one_beat", part, ("建议方案，试", "A proposal")
    )
    (folder / "duty" / "plan_test.toml").write_text(file.text(), encoding="utf-8")
    return read_system("plan_test", folder).system


def test_a_plan_of_all_beats_replaces_the_old_ones(folder: Path) -> None:
    """Two beats that share out all atoms are the only ones afterwards; the rest of the system stays as it is."""
    before = current(folder)
    atoms = [atom for beat in before.beat for atom in beat.atoms]
    first, officer = before.beat[0], before.beat[1].officer
    part: Part = {"beat": [{"id": first.id, "atoms": atoms[:3]}, {"id": "N1", "atoms": atoms[3:], "officer": officer}]}
    after = written(folder, replacing(part, before, ("beat",)))
    assert [beat.id for beat in after.beat] == [first.id, "N1"]
    assert (after.beat[0].officer, after.beat[0].atoms) == (first.officer, tuple(atoms[:3]))
    assert after.crews == before.crews
    assert after.dispatch == before.dispatch


def test_a_table_without_items_is_emptied(folder: Path) -> None:
    """What is to be replaced and is not planned any more goes away altogether."""
    before = current(folder)
    assert before.sector
    assert written(folder, replacing({"sector": []}, before, ("sector",))).sector == ()


def test_tables_not_named_are_added_to(folder: Path) -> None:
    """A table outside those replaced keeps what it has."""
    before = current(folder)
    part = replacing({"watch": [{"id": "late", "start": "16:00", "hours": 8}]}, before, ("beat",))
    assert {watch.id for watch in written(folder, {"watch": part["watch"]}).watch} == {*(w.id for w in before.watch), "late"}


def test_remarks_are_comments_and_none_is_left_out() -> None:
    """Remarks stand above everything as comments; a value that is None is not written."""
    file = DutyFile(
        "p", {"zh": "名", "en": "Name"}, {"zh": "", "en": ""}, "base", {"beat": [{"id": "B", "name": None}]}, ("一", "two")
    )
    text = file.text()
    assert text.startswith("# 一\n# two\n")
    assert tomllib.loads(text)["beat"] == [{"id": "B"}]


def test_plain_values_are_what_toml_holds() -> None:
    """Tuples become lists at every depth."""
    assert plain({"a": ({"b": (1, 2), "c": None},)}) == {"a": [{"b": [1, 2]}]}
