"""Joined beats: one officer for several beats."""

from __future__ import annotations

from pathlib import Path

import pytest

from qinwu.duty.reading import LoadedSystem, read_system
from tests.stations import town, town_base


def loaded(folder: Path, count: int, more: str = "") -> LoadedSystem:
    """Return the town's base with so many beats for each officer."""
    (folder / "duty").mkdir()
    (folder / "duty" / "base.toml").write_text(town_base(), encoding="utf-8")
    text = f'id = "own"\nextends = ["base"]\nbeats_per_officer = {count}\n{more}'
    (folder / "duty" / "own.toml").write_text(text, encoding="utf-8")
    return read_system("own", folder)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 12])
def test_no_atom_is_lost(tmp_path: Path, count: int) -> None:
    """Joining keeps every atom once and makes as few beats as the count allows within sectors."""
    system = loaded(tmp_path, count).system
    atoms = [atom for beat in system.beat for atom in beat.atoms]
    assert sorted(atoms) == sorted(town().area.atom_ids)
    assert max(len(beat.id.split("+")) for beat in system.beat) == count
    assert -(-12 // count) <= len(system.beat) <= -(-12 // count) + 1


def test_pairs_are_joined_first(tmp_path: Path) -> None:
    """Two beats for each officer are the two of a pair, answered for by the officer of the first."""
    system = loaded(tmp_path, 2).system
    assert [(beat.id, beat.officer) for beat in system.beat[:2]] == [("B01+B02", "P01"), ("B03+B04", "P03")]
    assert system.pair == ()
    assert system.sector[0].beats == ("B01+B02", "B03+B04")
    assert system.beat[0].name is not None
    assert system.beat[0].name.en == "B01, B02"


def test_without_pairs_neighbours_in_the_list_are_joined(tmp_path: Path) -> None:
    """Sectors come first, then the order of the file."""
    system = loaded(tmp_path, 2, "pair = []\nsector = []\n").system
    assert [beat.id for beat in system.beat] == ["B01+B02", "B03+B04", "B05+B06", "B07+B08", "B09+B10", "B11+B12"]


def test_units_stay_apart(tmp_path: Path) -> None:
    """A beat of an outpost is not joined with beats of the station."""
    system = loaded(tmp_path, 2, 'pair = []\nsector = []\n[[beat]]\nid = "B02"\nunit = "post"\n').system
    assert [beat.id for beat in system.beat if beat.unit == "post"] == ["B02"]
    assert sorted(atom for beat in system.beat for atom in beat.atoms) == sorted(town().area.atom_ids)


def test_sources_follow(tmp_path: Path) -> None:
    """A joined beat is said by the lines of its first beat."""
    both = loaded(tmp_path, 2)
    lines = town_base().splitlines()
    for beat in both.system.beat:
        line = both.source("beat", beat.id, "officer").line
        assert line is not None
        assert lines[line - 1] == f'officer = "{beat.officer}"'
