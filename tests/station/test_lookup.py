"""Lookup: places and classes found by what was typed in a hurry."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qinwu.station.folder import read_station
from qinwu.station.lookup import Entry, classes_of, find, places_of
from qinwu.station.sample import write_sample
from qinwu.station.station import Station


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Station:
    """Return the sample town with a named atom and two named streets."""
    folder = tmp_path_factory.mktemp("lookup") / "town"
    write_sample(folder, "town", 2024)
    _name(folder / "atoms.geojson", {"A012": "北门新村"}, "id")
    _name(folder / "roads.geojson", {"R0001": "东风路", "R0002": "东风巷"}, "id")
    return read_station(folder)


def _name(path: Path, names: dict[str, str], key: str) -> None:
    content = json.loads(path.read_text("utf-8"))
    for feature in content["features"]:
        if feature["properties"][key] in names:
            feature["properties"]["name"] = names[feature["properties"][key]]
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")


@pytest.mark.parametrize("typed", ["A012", "a12", "12", "１２", "Ａ０１２", " a-012 ", "北门", "新村"])
def test_an_atom_is_found_however_it_is_typed(named: Station, typed: str) -> None:
    """Id, number, full-width digits, a piece of its name: all settle the same atom."""
    assert find(typed, places_of(named)).value == "A012"


def test_a_venue_leads_to_its_atom(named: Station) -> None:
    """The id of a venue settles its atom; a trade lists every venue of it and settles nothing."""
    places, venue = places_of(named), named.venues[0]
    assert find(venue.id.lower(), places).value == venue.atom
    trade = find(venue.kind, places)
    assert trade.value == ""
    assert trade.count == sum(each.kind == venue.kind for each in named.venues)


def test_a_street_lists_the_atoms_it_runs_through(named: Station) -> None:
    """A street's entries are the atoms it crosses, most metres first; their lengths do not exceed the street's."""
    found = find("东风路", places_of(named))
    assert found.entries
    assert {entry.kind for entry in found.entries} == {"street"}
    lengths = [entry.metres for entry in found.entries]
    assert lengths == sorted(lengths, reverse=True)
    assert 100.0 < sum(lengths) < 2000.0
    both = find("东风", places_of(named))
    assert {entry.words[0] for entry in both.entries} == {"东风路", "东风巷"}


def test_nothing_is_found_of_what_is_not_there(named: Station) -> None:
    """Words that nothing bears find nothing."""
    found = find("no such place", places_of(named))
    assert (found.entries, found.count, found.value) == ((), 0, "")


def test_a_class_is_found_by_number_id_or_name(named: Station) -> None:
    """The number in the list, the beginning of the id, a piece of the name in either language."""
    classes = classes_of(named.config.call_class)
    third = named.config.call_class[2]
    for typed in ("3", "３", third.id, third.id[:3], third.name.zh, third.name.en.lower()):
        assert find(typed, classes).entries[0].value == third.id


def test_the_whole_word_goes_before_its_beginning() -> None:
    """``help`` means help, though ``help_urgent`` begins with it."""
    classes = [Entry("call_class", "help_urgent", ("help_urgent",)), Entry("call_class", "help", ("help",))]
    assert find("help", classes).value == "help"
    assert find("hel", classes).value == ""
