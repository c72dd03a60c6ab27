"""Areas of several stations: squads are made once for each, words mean the call's own station, officers stay where they are."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qinwu.duty.compile import compile_plan
from qinwu.duty.crews import form_crews
from qinwu.duty.every_station import at_every_station
from qinwu.duty.reading import LoadedSystem, preset_ids, read_preset
from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.rules import check_system
from qinwu.duty.staffing import posted, staff
from qinwu.duty.stations import Stations, name_of, plain, template_of, with_place
from qinwu.duty.system import DutySystem
from qinwu.duty.who import Muster, Zone, crews_for
from qinwu.station.config import Text
from qinwu.station.force import Force, Officer
from tests.duty.bureaus import AUXILIARY, STATIONS, SWORN, UNITS, beats, bureau, bureau_force, read
from tests.stations import CALL_CLASSES

DAY = date(2024, 1, 1)
STATION_OF = {"S1": "S1", "S2": "S2", "S3": "S3", "O3": "S3"}
SUB_BUREAU = {"S1": "X", "S2": "X", "S3": "Y"}


def home_of_atom(atom: str) -> str:
    """Return the station an atom is in."""
    return next(STATION_OF[unit] for unit, atoms in beats().values() if atom in atoms)


def muster_of(system: DutySystem, force: Force | None = None) -> Muster:
    """Return the crews of a system in the bureau."""
    staffing = staff(force or bureau_force(), system, DAY)
    crews, _ = form_crews(system, staffing, bureau().config.neighbour)
    owners = {crew.beat: crew.officers[0] for crew in crews if crew.beat}
    return Muster(system, crews, CALL_CLASSES, {**staffing.accountable, **owners})


def meant(muster: Muster, who: str, beat: int) -> set[str]:
    """Return the ids of the crews that a word means in a beat."""
    mask = crews_for(muster, who, Zone(beat), CALL_CLASSES[0])
    return {crew.id for crew, there in zip(muster.crews, mask, strict=True) if there}


def station_of_crew(plan: ResponsePlan, number: int) -> str:
    """Return the station a crew belongs to, empty for one of a sub-bureau or from elsewhere."""
    return STATION_OF.get(plan.crews[number].unit, "")


def errors(loaded: LoadedSystem) -> list[str]:
    return [finding.code for finding in check_system(bureau(), loaded) if finding.severity == "error"]


@pytest.mark.parametrize("preset", preset_ids())
def test_every_preset_runs_on_an_area_of_several_stations(tmp_path: Path, preset: str) -> None:
    """No preset has an error there, and its chart is the base's own with what hangs under a template."""
    loaded = read(tmp_path, preset)
    assert not errors(loaded)
    units = [unit.id for unit in loaded.system.unit]
    assert units[: len(UNITS)] == list(UNITS)
    assert all("brigade" in unit for unit in units[len(UNITS) :])
    assert len(compile_plan(bureau(), loaded.system).crews) > 12


@pytest.mark.parametrize("preset", preset_ids())
def test_officers_serve_at_home(tmp_path: Path, preset: str) -> None:
    """Everybody in a station's squad is of that station, everybody in a sub-bureau's of one of its stations."""
    system = read(tmp_path, preset).system
    stations = Stations.of(system)
    units = {squad.id: squad.unit for squad in system.squad}
    for squad, members in staff(bureau_force(), system, DAY).members.items():
        ground = stations.ground(units[squad])
        assert members
        assert all(ground in stations.above(officer.unit) for officer in members)


def test_station_squads_are_made_for_each_station_and_others_stay(tmp_path: Path) -> None:
    """A squad of the template is made three times, with its crews; one of a unit of its own is not."""
    more = '[[squad]]\nid = "swat"\nname = { zh = "特警" }\nfunction = "patrol"\nunit = "C"\nofficers = ["AS18"]\n'
    system = read(tmp_path, "one_beat", more).system
    made = [f"{squad}@{at}" for squad in ("community", "duty") for at in STATIONS]
    assert [squad.id for squad in system.squad] == [*made, "swat"]
    assert [(rule.id, rule.squad) for rule in system.crews] == [
        (f"{rule}@{at}", f"{squad}@{at}") for rule, squad in (("beat", "community"), ("duty", "duty")) for at in STATIONS
    ]
    assert system.squad[1].name == Text(zh="二所责任区民警", en="Beat officers, S2")


def test_sub_bureau_squads_are_made_for_each_sub_bureau(tmp_path: Path) -> None:
    """Kunming's patrol belongs to the two sub-bureaus, its community squads to the three stations; its own units are gone."""
    system = read(tmp_path, "kunming").system
    assert [(squad.id, squad.unit) for squad in system.squad if template_of(squad.id) == "patrol"] == [
        ("patrol@X", "X"),
        ("patrol@Y", "Y"),
    ]
    assert [squad.unit for squad in system.squad if template_of(squad.id) == "community"] == list(STATIONS)
    assert not {"station", "sub_bureau"} & {unit.id for unit in system.unit}


def test_units_under_a_template_are_made_too(tmp_path: Path) -> None:
    """The brigades of split lines are there once for each sub-bureau, under it, and draw from its officers."""
    system = read(tmp_path, "split_lines").system
    parents = {unit.id: unit.parent for unit in system.unit if template_of(unit.id) != unit.id}
    assert parents == {f"{kind}_brigade@{at}": at for kind in ("patrol", "investigation") for at in ("X", "Y")}
    members = staff(bureau_force(), system, DAY).members
    assert {officer.unit for officer in members["patrol@X"]} <= {"S1", "S2"}


def test_a_template_of_a_higher_level_merges_stations(tmp_path: Path) -> None:
    """Merged sub-bureaus have one pool each; the beats of their stations are theirs, and a call's station is the sub-bureau."""
    system = read(tmp_path, "merged").system
    assert [squad.id for squad in system.squad] == ["pool@X", "pool@Y"]
    assert [beat.unit for beat in system.beat] == ["X"] * 8 + ["Y"] * 4
    muster = muster_of(system)
    assert meant(muster, "station", 0) == {crew.id for crew in muster.crews if crew.unit == "X"}
    assert {officer.id for crew in muster.crews if crew.unit == "X" for officer in crew.officers} >= {"PS15", "PS25"}


def test_merging_all_stations_leaves_one(tmp_path: Path) -> None:
    """Where only one sub-bureau is left, everybody is of one station."""
    loaded = read(tmp_path, "merged", '[[unit]]\nid = "Y"\nremove = true\n[[unit]]\nid = "S3"\nparent = "X"\n')
    assert [squad.id for squad in loaded.system.squad] == ["pool@X"]
    assert not Stations.of(loaded.system).several
    assert not errors(loaded)


@pytest.mark.parametrize("preset", preset_ids())
def test_one_station_is_left_as_it_is(preset: str) -> None:
    """A system without several stations comes back itself, with all its sources."""
    loaded = read_preset(preset)
    system, provenance = at_every_station(loaded.system, loaded.provenance)
    assert system is loaded.system
    assert provenance == dict(loaded.provenance)


def test_what_is_made_knows_its_line(tmp_path: Path) -> None:
    """All squads and crews made of one stand where it stands, and its old name finds the first."""
    loaded = read(tmp_path, "one_beat")
    lines = {loaded.source("squad", f"duty@{at}", "staff").line for at in STATIONS}
    assert len(lines) == 1
    assert loaded.source("squad", "duty", "staff").line in lines
    assert loaded.source("squad", "duty@S3", "staff").file == "preset:one_beat"
    assert loaded.source("crews", "beat@S2", "people") == loaded.source("crews", "beat", "people")
    assert "assumption-of-nothing" not in {finding.code for finding in check_system(bureau(), loaded)}


def test_a_station_may_have_a_squad_of_its_own_making(tmp_path: Path) -> None:
    """A squad that the files call by the name of a made one is kept as they say it."""
    own = '[[squad]]\nid = "duty@S2"\nname = { zh = "二所巡防队" }\nfunction = "patrol"\nunit = "S2"\nstaff = { sworn = 2 }\n'
    system = read(tmp_path, "one_beat", own).system
    assert [squad.name.zh for squad in system.squad if squad.id == "duty@S2"] == ["二所巡防队"]
    assert [rule.squad for rule in system.crews].count("duty@S2") == 1


def test_shares_and_beats_are_those_of_the_unit(tmp_path: Path) -> None:
    """Half of the auxiliaries of each station and one officer for each of its four beats, the rest on duty."""
    system = read(tmp_path, "one_beat").system
    members = staff(bureau_force(), system, DAY).members
    for at in STATIONS:
        kinds = [officer.kind for officer in members[f"community@{at}"]]
        assert (kinds.count("sworn"), kinds.count("auxiliary")) == (4, AUXILIARY // 2)
        kinds = [officer.kind for officer in members[f"duty@{at}"]]
        assert (kinds.count("sworn"), kinds.count("auxiliary")) == (SWORN - 4, AUXILIARY // 2)


def test_a_squad_draws_its_own_unit_first(tmp_path: Path) -> None:
    """A squad of a sub-bureau takes the sub-bureau's officer before those of its stations, and nobody of other sub-bureaus."""
    more = '[[squad]]\nid = "tac"\nname = { zh = "机动队" }\nfunction = "patrol"\nunit = "X"\nstaff = { sworn = 2 }\n'
    system = read(tmp_path, "one_beat", more).system
    reserve = Officer("PX1", "sworn", unit="X")
    members = staff(Force((*bureau_force(), reserve)), system, DAY).members
    assert [officer.id for officer in members["tac"]] == ["PS15", "PX1"]


def test_officers_of_no_unit_may_serve_anywhere(tmp_path: Path) -> None:
    """Somebody without a unit, first in the file, is drawn by the first squad that takes the rest."""
    system = read(tmp_path, "one_beat").system
    force = Force((Officer("PX9", "sworn"), *bureau_force()))
    members = staff(force, system, DAY).members
    assert "PX9" in {officer.id for officer in members["duty@S1"]}


def test_named_officers_join_the_squad_of_their_own_station(tmp_path: Path) -> None:
    """Officers named for a squad that every station has are each in one of them, and that is no contradiction."""
    loaded = read(tmp_path, "one_beat", '[[squad]]\nid = "duty"\nofficers = ["PS19", "PS25"]\nstaff = { sworn = 0 }\n')
    members = staff(bureau_force(), loaded.system, DAY).members
    assert [one.id for one in members["duty@S1"] if one.kind == "sworn"] == ["PS19"]
    assert [one.id for one in members["duty@S2"] if one.kind == "sworn"] == ["PS25"]
    assert "officer-in-two-squads" not in errors(loaded)


def test_words_mean_the_call_s_own_station(tmp_path: Path) -> None:
    """Every word, in every beat, by brute force over the crews."""
    muster = muster_of(read(tmp_path, "one_beat").system)
    for number, (unit, _) in enumerate(beats().values()):
        home = STATION_OF[unit]
        own = {crew.id for crew in muster.crews if STATION_OF.get(crew.unit) == home}
        lent = {crew.id for crew in muster.crews if crew.neighbour}
        everybody = {crew.id for crew in muster.crews} - lent
        together = {crew.id for crew in muster.crews if SUB_BUREAU.get(STATION_OF.get(crew.unit, "")) == SUB_BUREAU[home]}
        assert meant(muster, "station", number) == own
        assert meant(muster, "hub", number) == {crew.id for crew in muster.crews if crew.unit == home}
        assert meant(muster, "outpost", number) == {crew.id for crew in muster.crews if crew.unit == unit}
        assert meant(muster, "neighbour", number) == everybody - own | lent
        assert meant(muster, "sub_bureau", number) == together
        assert meant(muster, "bureau", number) == everybody
        assert meant(muster, "squad:duty", number) == {crew.id for crew in muster.crews if crew.squad == f"duty@{home}"}
        assert meant(muster, "crew:duty", number) == meant(muster, "squad:duty", number)
        assert meant(muster, "function:patrol", number) == meant(muster, "squad:duty", number)
        assert meant(muster, "unit:station", number) == own
        assert meant(muster, "unit:sub_bureau", number) == together
        assert meant(muster, "unit:S1", number) == {crew.id for crew in muster.crews if crew.unit == "S1"}


def test_squads_of_the_unit_above_serve_all_its_stations(tmp_path: Path) -> None:
    """In Kunming the word for the patrol squad means that of the call's sub-bureau."""
    muster = muster_of(read(tmp_path, "kunming").system)
    for number, beat in enumerate(muster.beats):
        above = SUB_BUREAU[STATION_OF[beat.unit]]
        assert meant(muster, "squad:patrol", number) == {crew.id for crew in muster.crews if crew.squad == f"patrol@{above}"}
        assert meant(muster, "function:patrol", number) == meant(muster, "squad:patrol", number)


@pytest.mark.parametrize("preset", ["one_beat", "three_squads", "functional"])
def test_calls_go_to_their_own_station_first(tmp_path: Path, preset: str) -> None:
    """In every row that serves an atom the first tiers are crews of its station, those of others come last."""
    plan = compile_plan(bureau(), read(tmp_path, preset).system)
    homes = np.array([station_of_crew(plan, number) for number in range(len(plan.crews))])
    for j, atom in enumerate(plan.atoms):
        for row in np.unique(plan.dispatching.row[:, :, j]):
            tier = plan.dispatching.tier[row]
            own, others = tier[(homes == home_of_atom(atom)) & (tier >= 0)], tier[(homes != home_of_atom(atom)) & (tier >= 0)]
            assert len(own)
            assert own.max() < others.min()


def test_free_crews_patrol_their_own_area(tmp_path: Path) -> None:
    """Crews that patrol the station are seen in its atoms only, in all of them; those of an outpost in the outpost's."""
    plan = compile_plan(bureau(), read(tmp_path, "one_beat").system)
    for number, crew in enumerate(plan.crews):
        seen = {plan.atoms[slot] for slot in plan.crew.slots[number]}
        if crew.rule.startswith("duty"):
            assert seen == {atom for atom in plan.atoms if home_of_atom(atom) == crew.unit}
        elif crew.beat:
            assert seen == set(beats()[crew.beat][1])


def test_crews_are_based_at_their_unit(tmp_path: Path) -> None:
    """A station's crews wait at its house, an outpost's at the outpost, a brigade's where its sub-bureau is."""
    more = '[[unit]]\nid = "X"\nbase_atom = "a2"\n'
    plan = compile_plan(bureau(), read(tmp_path, "split_lines", more).system)
    base = {crew.unit: plan.atoms[plan.crew.base[number]] for number, crew in enumerate(plan.crews)}
    assert base == {**base, "S1": "a1", "S2": "a3", "S3": "a5", "O3": "a17", "patrol_brigade@X": "a2"}


def test_follow_up_is_the_work_of_the_station_s_own_squad(tmp_path: Path) -> None:
    """What thefts leave behind goes to the detectives of the station they happened in."""
    plan = compile_plan(bureau(), read(tmp_path, "three_squads").system)
    theft = plan.call_classes.index("theft")
    for j, atom in enumerate(plan.atoms):
        group = -2 - int(plan.follow_up.owner[theft, j])
        members = {plan.crews[crew].squad for crew in np.flatnonzero(plan.follow_up.group[group])}
        assert members == {f"investigation@{home_of_atom(atom)}"}


def test_work_of_a_squad_is_that_of_all_its_copies(tmp_path: Path) -> None:
    """Hours set for a squad fall due for its members at every station."""
    more = '[[work]]\nid = "drill"\nname = { zh = "训练" }\nkind = "training"\nwho = "squad:duty"\nhours_per_week = 21\n'
    plan = compile_plan(bureau(), read(tmp_path, "one_beat", more).system)
    busy = {plan.crews[crew].squad for crew in np.flatnonzero(plan.crew.flexible > 0.4)}
    assert busy == {f"duty@{at}" for at in STATIONS}


def test_meals_are_taken_in_turn_at_each_station(tmp_path: Path) -> None:
    """Two crews at most eat at once at a station, not in the whole area, so that nobody eats in the afternoon."""
    more = "".join(f'[[work]]\nid = "{work}"\nremove = true\n' for work in ("meal_evening", "meal_night", "training"))
    plan = compile_plan(bureau(), read(tmp_path, "one_beat", more).system)
    duty = plan.duty
    station = np.array([station_of_crew(plan, crew) for crew in duty.block_crew])
    for start in np.unique(duty.block_s):
        assert np.unique(station[duty.block_s == start], return_counts=True)[1].max() <= 2
    assert (duty.block_s % 86400.0).max() <= 12.5 * 3600.0


def test_functional_beats_are_the_station_s_own(tmp_path: Path) -> None:
    """Each station has its own specialist, for its own atoms."""
    system = read(tmp_path, "functional").system
    found = {beat.unit: set(beat.atoms) for beat in system.beat if beat.kind == "functional"}
    assert found == {at: {atom for unit, atoms in beats().values() if STATION_OF[unit] == at for atom in atoms} for at in STATIONS}


def test_beats_are_joined_within_stations(tmp_path: Path) -> None:
    """Two beats for each officer never cross the border of a station or an outpost."""
    system = read(tmp_path, "three_squads").system
    assert [beat.id for beat in system.beat] == ["B1+B2", "B3+B4", "B5+B6", "B7+B8", "B9+B10", "B11+B12"]


def test_postings_change_unit_post_and_skills() -> None:
    """A posting says what it changes and leaves the rest; without postings the force is the same object."""
    system = DutySystem.model_validate(
        {
            "id": "x",
            "name": {"zh": "x"},
            "posting": [{"id": "DX1", "unit": "S1", "post": "front_line"}, {"id": "PS11", "skills": ["drone"]}],
        }
    )
    after = posted(bureau_force(), system).by_id()
    assert (after["DX1"].unit, after["DX1"].post, after["DX1"].kind) == ("S1", "front_line", "sworn")
    assert (after["PS11"].unit, after["PS11"].post, after["PS11"].skills) == ("S1", "front_line", frozenset({"drone"}))
    assert after["PS12"] == bureau_force().by_id()["PS12"]
    force = bureau_force()
    assert posted(force, system.model_copy(update={"posting": ()})) is force


def test_who_is_posted_elsewhere_serves_there(tmp_path: Path) -> None:
    """A desk officer posted to a station's front line is in its duty squad."""
    system = read(tmp_path, "one_beat", '[[posting]]\nid = "DX1"\nunit = "S2"\npost = "front_line"\n').system
    assert "DX1" in {officer.id for officer in staff(bureau_force(), system, DAY).members["duty@S2"]}


def test_what_the_chart_answers_for_follows_its_squads(tmp_path: Path) -> None:
    """An indicator of the template is one for each station and needs the squad there; that of a sub-bureau needs all its own."""
    more = """
[[accountability]]
id = "response"
name = { zh = "处警" }
unit = "station"
needs = ["duty"]
[[accountability]]
id = "order"
name = { zh = "秩序" }
unit = "X"
needs = ["duty", "S1"]
[[load]]
id = "meeting"
name = { zh = "例会" }
unit = "station"
kind = "meeting"
hours_per_week = 2
"""
    system = read(tmp_path, "one_beat", more).system
    assert [(one.unit, one.needs) for one in system.accountability] == [
        *((at, (f"duty@{at}",)) for at in STATIONS),
        ("X", ("duty@S1", "duty@S2", "S1")),
    ]
    assert [(load.id, load.unit) for load in system.load] == [(f"meeting@{at}", at) for at in STATIONS]


def findings(folder: Path, force: Force, more: str = "") -> dict[str, tuple[str, str]]:
    """Return severity and remedy of each finding about the chart and its officers, by code."""
    one = bureau()
    changed = type(one)(one.folder, one.config, one.area, one.calls, force, one.venues)
    found = check_system(changed, read(folder, "one_beat", more))
    return {each.code: (each.severity, each.remedy.format(**each.values)) for each in found}


def test_units_of_officers_and_postings_are_checked(tmp_path: Path) -> None:
    """A unit or an officer that does not exist is an error that says what may have been meant; no unit at all is a warning."""
    force = bureau_force().officers
    assert findings(tmp_path, Force((*force, Officer("PX1", "sworn", unit="SX1"))))["unknown-unit"][0] == "error"
    assert findings(tmp_path, Force((*force, Officer("PX1", "sworn"))))["officer-without-unit"][0] == "warning"
    wrong = '[[posting]]\nid = "PS111"\nunit = "S3"\n'
    assert findings(tmp_path, Force(force), wrong)["unknown-officer"] == ("error", "Did you mean PS11?")
    wrong = '[[posting]]\nid = "PS11"\nunit = "SS3"\n'
    assert findings(tmp_path, Force(force), wrong)["unknown-unit"] == ("error", "Did you mean S3?")


def test_units_nobody_described_are_warned_of() -> None:
    """Where the system has no units of its own, those of the officers file mean nothing."""
    codes = {finding.code: finding.severity for finding in check_system(bureau(), read_preset("one_beat"))}
    assert codes["units-not-described"] == "warning"


def test_names_lose_and_gain_their_place(tmp_path: Path) -> None:
    """A made squad is called by station and squad; the word for all of them by the squad alone."""
    name, place = Text(zh="值班组", en="Duty squad"), Text(zh="城关派出所", en="Chengguan")
    assert with_place(name, place).zh == "城关派出所值班组"
    assert plain(with_place(name, place), place) == name
    system = read(tmp_path, "one_beat").system
    assert name_of("duty", system.squad, system) == Text(zh="值班组", en="Duty squad")
    assert name_of("duty@S1", system.squad, system) == Text(zh="一所值班组", en="Duty squad, S1")
    assert name_of("nothing", system.squad, system) is None


@given(st.dictionaries(st.sampled_from("abcde"), st.sampled_from("abcdef"), max_size=5), st.sampled_from("abcdef"))
def test_charts_with_circles_end(parents: dict[str, str], unit: str) -> None:
    """Whoever is above whom, going up ends, and a unit is under whatever is above it."""
    units = [{"id": one, "name": {"zh": one}, "level": "station", "parent": parent} for one, parent in parents.items()]
    stations = Stations.of(DutySystem.model_validate({"id": "x", "name": {"zh": "x"}, "unit": units}))
    above = stations.above(unit)
    assert len(set(above)) == len(above)
    assert all(unit in stations.under(one) for one in above)
