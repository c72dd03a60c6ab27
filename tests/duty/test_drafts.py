"""Duty files handed in: whatever they hold is read or refused, none leads out of the folder, none takes the name of another."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinwu.duty.drafts import (
    LONGEST_LINE,
    MOST_BYTES,
    MOST_ENTRIES,
    MOST_LINES,
    MOST_SOURCES,
    adopted,
    compiled,
    draft_of,
    free_name,
    named,
)
from qinwu.duty.reading import DUTY, list_files, list_systems
from qinwu.duty.reform.difference import changed
from qinwu.findings import Finding, QinwuError
from qinwu.simulate.trial import load_system
from qinwu.station.folder import read_station
from qinwu.station.sample import write_sample
from qinwu.station.station import Station


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Station:
    """Return the 13-person station."""
    folder = tmp_path_factory.mktemp("drafts") / "station13"
    write_sample(folder, "station13", 2024)
    return read_station(folder)


def codes(content: bytes) -> set[str]:
    """Return what is wrong with a file."""
    with pytest.raises(QinwuError) as refused:
        draft_of(content, "in.toml")
    return {finding.code for finding in refused.value.findings}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\x00\x01", "unknown-encoding"),
        (b"a" * (MOST_BYTES + 1), "too-large"),
        (b"\n" * (MOST_LINES + 1), "too-many-lines"),
        (b"a." * LONGEST_LINE + b"b = 1", "too-long-line"),
        (b"id = 'x'\nextends = [" + b"'one_beat'," * (MOST_SOURCES + 1) + b"]", "too-many-sources"),
        (b"id = 'x'\n" + b"[[beat]]\n" * (MOST_ENTRIES + 1), "too-many-entries"),
        (b"PK\x03\x04 spreadsheet", "broken-toml"),
        (b"a = " + b"[" * 9_000, "broken-toml"),
        (b"a = " + b"9" * 5000, "broken-toml"),
        (b"", "bad-id"),
        (b'id = "../../station"', "bad-id"),
        (b'id = "a/b"', "bad-id"),
        (b'id = "C:\\\\x"', "bad-id"),
        (b'id = ".hidden"', "bad-id"),
        (b"id = 7", "bad-id"),
        (b'id = "x"\nextends = ["../../etc/passwd"]', "extends-elsewhere"),
        (b'id = "x"\nextends = ["/etc/passwd.toml"]', "extends-elsewhere"),
        (b'id = "x"\nextends = ["preset:../../station"]', "extends-elsewhere"),
    ],
)
def test_what_is_no_duty_file_is_refused(content: bytes, code: str) -> None:
    """Not text, too large, a spreadsheet, bombs, names and sources that lead elsewhere: each is said."""
    assert code in codes(content)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """No content ends in anything but a draft or findings."""
    told: tuple[Finding, ...] = ()
    try:
        read = draft_of(content, "in.toml").id
    except QinwuError as error:
        read, told = "", error.findings
    assert read or told
    assert all(finding.text("zh") and finding.text("en") for finding in told)


def test_a_draft_is_read_as_if_it_stood_in_the_folder(station: Station) -> None:
    """Every system of the station, handed in, compiles to what it is there; what it extends is found; the folder stays as it is."""
    before = list_files(station.folder)
    for name in list_systems(station.folder):
        draft = draft_of((station.folder / DUTY / f"{name}.toml").read_bytes(), "in.toml")
        loaded, plan, _more = compiled(draft, station)
        there, plan_there, _more = load_system(station, name)
        assert loaded.system == there.system
        assert loaded.files == there.files
        assert [crew.id for crew in plan.crews] == [crew.id for crew in plan_there.crews]
    assert list_files(station.folder) == before


def test_what_is_wrong_is_told_by_row_and_key(station: Station) -> None:
    """A wrong key deep in a file is told with its row in the file handed in."""
    current = (station.folder / DUTY / f"{station.config.current}.toml").read_text()
    text = current + "\n[dispatch]\nturnout_sec = 5\n"
    with pytest.raises(QinwuError) as refused:
        compiled(draft_of(text.encode(), "in.toml"), station)
    (finding,) = refused.value.findings
    assert finding.place.row == len(text.splitlines())
    assert finding.place.key == "dispatch.turnout_sec"


def test_deep_tables_are_told(station: Station) -> None:
    """Lists within lists that the parser still reads do not end the program."""
    deep = b'id = "x"\na = ' + b"[" * 300 + b"]" * 300
    with pytest.raises(QinwuError):
        compiled(draft_of(deep, "in.toml"), station)


@given(st.text(max_size=70))
def test_only_the_id_changes_with_the_name(name: str) -> None:
    """Under another name a file says that name and is otherwise as it was, comments and all; what cannot be a name is refused."""
    draft = draft_of('# 说明\n id = "a" # its name\nname = { zh = "id = 1" }\n[x]\nid = "b"\n'.encode(), "in.toml")
    try:
        found = named(draft, name, "in.toml")
    except QinwuError:
        return
    assert "/" not in found.id
    assert "\\" not in found.id
    assert ".." not in found.id
    assert tomllib.loads(found.text) == tomllib.loads(draft.text) | {"id": name}
    assert found.text.startswith("# 说明\n")


def test_an_id_that_shares_its_line_is_not_guessed_at() -> None:
    """Where the id stands twice over, the file is refused rather than changed elsewhere."""
    draft = draft_of(b'about = """\nid = "no"\n"""\nid = "a"\n', "in.toml")
    assert tomllib.loads(named(draft, "b", "in.toml").text)["id"] == "b"
    assert named(draft, "a", "in.toml") is draft


@given(st.lists(st.sampled_from(["a", "A", "a_2", "a_3", "b", "b_2"])))
def test_a_free_name_is_free(taken: list[str]) -> None:
    """A free name is none of those taken, on a disk that does not tell capitals apart either."""
    for name in ("a", "A", "b_2"):
        assert free_name(name, taken).casefold() not in {each.casefold() for each in taken}


def test_a_preset_takes_the_place_of_another(station: Station) -> None:
    """A preset laid over the files of the station is the station's own file of that preset."""
    own = station.folder / DUTY / "sector.toml"
    draft = adopted("sector", own, ["sector"])
    assert draft.id == "sector_2"
    mine, there = compiled(draft, station)[0].system, load_system(station, "sector")[0].system
    assert changed(mine, there) == ()


def test_every_difference_is_a_line(station: Station) -> None:
    """What differs is told value by value; nothing differs from itself; the other way round the two sides change places."""
    one, two = (load_system(station, name)[0].stated for name in ("one_beat", "pairs"))
    lines = changed(one, two)
    assert lines
    assert changed(one, one) == ()
    assert {(each.key, str(each.before), str(each.after)) for each in changed(two, one)} == {
        (each.key, str(each.after), str(each.before)) for each in lines
    }


def test_the_first_system_can_be_another_than_the_current(station: Station) -> None:
    """What all are compared with is what is obeyed today, whatever the station's file calls current."""
    from qinwu.simulate.trial import prepare

    folder: Path = station.folder
    assert prepare(folder, ("one_beat", "pairs"), "sector").names == ("sector", "one_beat", "pairs")
