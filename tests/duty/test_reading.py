"""Reading duty systems: what overrides what, and what is said when a file is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from qinwu.duty.reading import (
    PRESETS,
    LoadedSystem,
    key_path,
    layer_ids,
    list_systems,
    preset_ids,
    read_preset,
    read_system,
)
from qinwu.findings import Finding, Place, QinwuError

NAME = 'name = { zh = "某制度", en = "Some system" }\n'


def write(folder: Path, **files: str) -> Path:
    """Write duty files into a station folder and return it."""
    (folder / "duty").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / "duty" / f"{name}.toml").write_text(f'id = "{name}"\n{text}', encoding="utf-8")
    return folder


def findings(folder: Path, name: str) -> tuple[Finding, ...]:
    """Return the findings that reading a system raises."""
    with pytest.raises(QinwuError) as error:
        read_system(name, folder)
    return error.value.findings


def test_a_preset_is_read_by_its_name() -> None:
    """``preset:ID`` works wherever the name of a system does."""
    assert read_system("preset:one_beat").system == read_preset("one_beat").system


def test_own_keys_override_extended_ones(tmp_path: Path) -> None:
    """A file overrides what it extends, and a later entry an earlier one."""
    folder = write(
        tmp_path,
        one=NAME + "[dispatch]\nlevel_s = 10\nturnout_s = 10\nacknowledge_s = 10\n",
        two="[dispatch]\nlevel_s = 20\nturnout_s = 20\n",
        own='extends = ["one", "two"]\n[dispatch]\nlevel_s = 30\n',
    )
    dispatch = read_system("own", folder).system.dispatch
    assert (dispatch.level_s, dispatch.turnout_s, dispatch.acknowledge_s) == (30, 20, 10)


def test_items_of_one_id_merge(tmp_path: Path) -> None:
    """An item says only what it changes; new items come last; removed ones are gone."""
    low = """
[[watch]]
id = "day"
start = "08:00"
hours = 8
[[watch]]
id = "night"
start = "20:00"
hours = 8
"""
    high = """extends = ["low"]
[[watch]]
id = "day"
hours = 12
[[watch]]
id = "night"
remove = true
[[watch]]
id = "late"
start = "16:00"
hours = 8
"""
    watches = read_system("high", write(tmp_path, low=NAME + low, high=high)).system.watch
    assert [(watch.id, watch.start, watch.hours) for watch in watches] == [("day", "08:00", 12), ("late", "16:00", 8)]


def test_new_order_rules_speak_first(tmp_path: Path) -> None:
    """A rule that a later file adds is tried before those it extends, so that a last rule for all calls stays last."""
    low = '[[dispatch.order]]\nid = "all"\ntiers = [{ who = "station" }]\n'
    high = 'extends = ["low"]\n[[dispatch.order]]\nid = "venues"\ncalls = { kind = ["venue"] }\ntiers = [{ who = "specialist" }]\n'
    order = read_system("high", write(tmp_path, low=NAME + low, high=high)).system.dispatch.order
    assert [rule.id for rule in order] == ["venues", "all"]


def test_tiers_are_replaced_as_a_whole(tmp_path: Path) -> None:
    """Arrays whose items have no id are not mixed."""
    low = '[[dispatch.order]]\nid = "all"\ntiers = [{ who = "own_beat" }, { who = "station" }]\n'
    high = 'extends = ["low"]\n[[dispatch.order]]\nid = "all"\ntiers = [{ who = "neighbour" }]\n'
    (order,) = read_system("high", write(tmp_path, low=NAME + low, high=high)).system.dispatch.order
    assert [tier.who for tier in order.tiers] == ["neighbour"]


def test_an_empty_array_clears(tmp_path: Path) -> None:
    """``pair = []`` takes away all pairs of the extended file."""
    low = '[[pair]]\nid = "d"\nbeats = ["a", "b"]\n'
    assert read_system("high", write(tmp_path, low=NAME + low, high='extends = ["low"]\npair = []\n')).system.pair == ()


def test_mechanisms_and_assumptions_collect(tmp_path: Path) -> None:
    """A mixed system stands for the mechanisms of all its parts and carries all their assumptions."""
    folder = write(tmp_path, mixed='extends = ["preset:sector", "preset:plus_functional"]\n')
    system = read_system("mixed", folder).system
    assert system.mechanisms == ("M1", "M2", "M3", "M4", "M7", "M8")
    keys = [assumption.key for assumption in system.assumption]
    assert "dispatch.call_taking" in keys
    assert "squad.venues.staff" in keys
    assert len(keys) == len(set(keys))


def test_a_file_counts_once(tmp_path: Path) -> None:
    """Two parts with one common base do not lay the base over each other."""
    folder = write(
        tmp_path,
        base=NAME + "[dispatch]\nlevel_s = 1\nturnout_s = 1\n",
        left='extends = ["base"]\n[dispatch]\nlevel_s = 2\n',
        right='extends = ["base"]\n[dispatch]\nturnout_s = 3\n',
        both='extends = ["left", "right"]\n',
    )
    loaded = read_system("both", folder)
    assert (loaded.system.dispatch.level_s, loaded.system.dispatch.turnout_s) == (2, 3)
    assert [Path(file).stem for file in loaded.files] == ["base", "left", "right", "both"]


def test_a_layer_is_not_inherited(tmp_path: Path) -> None:
    """A system made of layers is a system."""
    loaded = read_system("whole", write(tmp_path, whole='extends = ["preset:common"]\n' + NAME))
    assert not loaded.system.layer
    assert loaded.system.extends == ("preset:common",)


def test_relative_paths_count_from_the_file(tmp_path: Path) -> None:
    """A path in extends is relative to the file that names it."""
    write(tmp_path, near='extends = ["../shared/far.toml"]\n')
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "far.toml").write_text(f'id = "far"\n{NAME}extends = ["next"]\n', encoding="utf-8")
    (tmp_path / "shared" / "next.toml").write_text('id = "next"\nquote = "here"\n', encoding="utf-8")
    assert read_system("near", tmp_path).system.quote == "here"


def test_a_path_is_read_as_it_is(tmp_path: Path) -> None:
    """A path ending in .toml needs no station folder."""
    folder = write(tmp_path, mine=NAME)
    assert read_system(folder / "duty" / "mine.toml").system.id == "mine"


def test_a_circle_is_named(tmp_path: Path) -> None:
    """Files that extend each other are told with the whole chain and the line that closes it."""
    folder = write(tmp_path, one=NAME + 'extends = ["two"]\n', two='extends = ["three"]\n', three='\nextends = ["one"]\n')
    (finding,) = findings(folder, "one")
    assert finding.code == "extends-circle"
    assert finding.values["chain"] == "duty/one.toml → duty/two.toml → duty/three.toml → duty/one.toml"
    assert finding.place == Place("duty/three.toml", 3, "extends")


def test_unknown_systems_have_suggestions(tmp_path: Path) -> None:
    """A misspelt name is told where it stands, with the nearest known one."""
    folder = write(tmp_path, base=NAME, own='extends = ["bse", "preset:one_baet"]\n')
    assert [(each.code, each.values["guess"], each.place.row) for each in findings(folder, "own")] == [
        ("unknown-system", "base", 2),
        ("unknown-system", "preset:one_beat", 2),
    ]


def test_a_bare_preset_name_is_explained(tmp_path: Path) -> None:
    """Asking for a preset without its prefix says how to write it."""
    (finding,) = findings(write(tmp_path, other=NAME), "three_squads")
    assert finding.values["guess"] == "preset:three_squads"


def test_wrong_values_are_told_where_they_stand(tmp_path: Path) -> None:
    """Problems of several files come at once, each with its own file, line and key."""
    folder = write(
        tmp_path,
        base=NAME + '\n[[watch]]\nid = "day"\nstart = "8:00"\nhours = 8\n',
        own='extends = ["base"]\n[dispatch]\nlevel_s = -1\n\n[dispatch.call_taking]\nsecond = 4\n',
    )
    found = {(each.code, each.place) for each in findings(folder, "own")}
    assert found == {
        ("wrong-value", Place("duty/base.toml", 6, "watch[0].start")),
        ("wrong-value", Place("duty/own.toml", 4, "dispatch.level_s")),
        ("unknown-key", Place("duty/own.toml", 7, "dispatch.call_taking.second")),
    }


def test_keys_are_those_of_the_file_itself(tmp_path: Path) -> None:
    """The first item of a file is item 0 there, though it is the second after merging."""
    low = '[[squad]]\nid = "a"\nname = { zh = "甲" }\nfunction = "patrol"\n'
    high = 'extends = ["low"]\n[[squad]]\nid = "b"\nname = { zh = "乙" }\nfunction = "patroll"\n'
    (finding,) = findings(write(tmp_path, low=NAME + low, high=high), "high")
    assert finding.place == Place("duty/high.toml", 6, "squad[0].function")
    assert finding.values["guess"] == "patrol"


def test_a_missing_key_points_at_its_table(tmp_path: Path) -> None:
    """What no file of the chain says is missing from the last file that has the table."""
    low = '[[watch]]\nid = "day"\nstart = "08:00"\n'
    high = '[[watch]]\nid = "day"\n'
    (finding,) = findings(write(tmp_path, low=NAME + low, high='extends = ["low"]\n' + high), "high")
    assert (finding.code, finding.place) == ("missing-key", Place("duty/high.toml", 3, "watch[0].hours"))


def test_broken_files_are_all_told(tmp_path: Path) -> None:
    """Two broken files and a missing one are three findings."""
    folder = write(tmp_path, one="name = \n", two="[[squad]\n", own='extends = ["one", "two", "nowhere_at_all"]\n')
    assert sorted(each.code for each in findings(folder, "own")) == ["broken-toml", "broken-toml", "unknown-system"]


def test_an_id_used_twice_in_one_file(tmp_path: Path) -> None:
    """Two items of one id in one file are a mistake, not a merge."""
    twice = '[[watch]]\nid = "day"\nstart = "08:00"\nhours = 8\n' * 2
    (finding,) = findings(write(tmp_path, own=NAME + twice), "own")
    assert (finding.code, finding.place.row, finding.values["value"]) == ("duplicate-id", 7, "day")


def test_nothing_to_remove(tmp_path: Path) -> None:
    """Removing what is not there is told with the nearest name."""
    low = '[[watch]]\nid = "day"\nstart = "08:00"\nhours = 8\n'
    high = 'extends = ["low"]\n[[watch]]\nid = "dya"\nremove = true\n'
    (finding,) = findings(write(tmp_path, low=NAME + low, high=high), "high")
    assert (finding.code, finding.values["guess"]) == ("nothing-to-remove", "day")


def test_systems_of_a_folder(tmp_path: Path) -> None:
    """Parts that make no crews and layers are not listed; whole systems and broken files are."""
    crews = '[[crews]]\nid = "c"\nsquad = "s"\nform = "single"\npattern = "p"\n'
    folder = write(
        tmp_path,
        base=NAME,
        own='extends = ["base", "preset:one_beat"]\n',
        part=NAME + "layer = true\n" + crews,
        plain=NAME + crews,
        wrong="id = \n",
    )
    assert list_systems(folder) == ("own", "plain", "wrong")
    assert list_systems(tmp_path / "nowhere") == ()


def test_presets_are_systems_or_layers() -> None:
    """Every preset file is one or the other."""
    assert sorted([*preset_ids(), *layer_ids()]) == sorted(path.stem for path in PRESETS.glob("*.toml"))
    assert set(layer_ids()) == {"common", "plus_functional", "squads"}


def test_a_source_is_found_by_id() -> None:
    """The line that says so is found by ids as well as positions, and by the nearest table where a key is a default."""
    loaded = read_preset("pairs")
    lines = (PRESETS / "pairs.toml").read_text(encoding="utf-8").splitlines()
    source = loaded.source("dispatch", "order", "all", "tiers", 1, "who")
    assert source.file == "preset:pairs"
    assert source.line is not None
    assert 'who = "partner"' in lines[source.line - 1]
    assert loaded.source("crews", "beat", "people").file == "preset:one_beat"
    assert loaded.source("crews", "beat", "count").key == "crews[0].count"
    assert loaded.source("sector").place() == Place("preset:pairs", None, "sector")


@pytest.mark.parametrize("preset", [*preset_ids(), *layer_ids()])
def test_every_line_says_what_it_is_said_to(preset: str) -> None:
    """Each key of a preset's merged data stands on the line that its provenance names."""
    loaded = read_system(f"preset:{preset}")
    texts = {
        file: (PRESETS / f"{file.removeprefix('preset:')}.toml").read_text(encoding="utf-8").splitlines() for file in loaded.files
    }
    keys = [(path, source) for path, source in loaded.provenance.items() if path and isinstance(path[-1], str)]
    assert keys
    for path, source in keys:
        assert source.line is not None, path
        named = [step for step in key_path(source.key) if isinstance(step, str)]
        assert any(step in texts[source.file][source.line - 1] for step in named), (path, source)


def test_findings_of_others_get_their_place() -> None:
    """A finding that names only a key of the system learns file and line; one with a file of its own keeps it."""
    loaded = read_preset("one_beat")
    bare = Finding("x", "error", "Wrong.", place=Place(key="crews.duty.people"))
    foreign = Finding("x", "error", "Wrong.", place=Place("calls.csv", 3, "crews"))
    other = Finding("x", "error", "Wrong.", place=Place(key="call_class.help"))
    located = loaded.located([bare, foreign, other])
    assert located[0].place.file == "preset:one_beat"
    assert located[0].place.key == "crews[1].people"
    assert located[1:] == (foreign, other)


def test_a_system_without_files_has_keys() -> None:
    """A system built in memory names the key alone."""
    loaded = LoadedSystem(read_preset("one_beat").system)
    assert loaded.place("squad", "duty") == Place(key="squad[1]")
