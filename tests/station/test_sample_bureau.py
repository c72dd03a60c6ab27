"""The sample bureau: posts that add up, stations of very different size, faults left in on purpose, systems to be tried."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from qinwu.duty.compile import compile_plan
from qinwu.duty.reading import LoadedSystem, read_system
from qinwu.duty.stations import Stations
from qinwu.station.folder import read_station
from qinwu.station.sample import write_sample
from qinwu.station.sample.bureau import STATIONS, house_of_atoms, houses
from qinwu.station.sample.land import lay_out
from qinwu.station.sample.recipe import RECIPES
from qinwu.station.sample.regions import connected, neighbour_lists
from qinwu.station.station import Station

SYSTEMS = ("one_beat", "three_squads", "kunming", "merged", "split_lines")
OLD, NEW, COUNTY = ("O1", "O2", "O3", "O4"), ("N1", "N2"), ("C1", "C2", "C3")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bureau's folder."""
    folder = tmp_path_factory.mktemp("sample") / "bureau"
    write_sample(folder, "bureau")
    return folder


@pytest.fixture(scope="module")
def bureau(folder: Path) -> Station:
    """The bureau, read."""
    return read_station(folder)


@pytest.fixture(scope="module")
def current(folder: Path) -> LoadedSystem:
    """The system in force."""
    return read_system("one_beat", folder)


def by_station(bureau: Station, current: LoadedSystem) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """Return calls, square kilometres and front-line officers of each station."""
    stations = Stations.of(current.system)
    home = {atom: stations.home(beat.unit) for beat in stations.beats for atom in beat.atoms}
    calls = Counter(home[atom] for atom in bureau.calls.table["atom"])
    area: Counter[str] = Counter()
    for atom, metres in zip(bureau.area.atom_ids, bureau.area.area_m2.tolist(), strict=True):
        area[home[atom]] += metres / 1e6
    officers = Counter(stations.home(one.unit) for one in bureau.force if one.post == "front_line")
    return calls, area, officers


def test_nine_stations_of_three_sub_bureaus(current: LoadedSystem) -> None:
    """Four stations of the old town, two of the new, three of the county; each mountain station has two outposts."""
    stations = Stations.of(current.system)
    assert set(stations.homes) == {*OLD, *NEW, *COUNTY}
    above = {home: stations.above(home)[1] for home in stations.homes}
    assert Counter(above.values()) == {"OT": 4, "MC": 3, "NT": 2}
    outposts = Counter(unit.parent for unit in current.system.unit if unit.level == "outpost")
    assert outposts == {"C2": 2, "C3": 2}


def test_posts_are_those_of_the_officers(bureau: Station, current: LoadedSystem) -> None:
    """Every unit has as many sworn officers of each kind of post as the chart establishes; 48.5 % are front line (M31)."""
    there = Counter((one.unit, one.post) for one in bureau.force if one.kind == "sworn")
    posts = {(unit.id, kind): count for unit in current.system.unit for kind, count in unit.posts.model_dump().items() if count}
    assert there == posts
    front = sum(count for (_, kind), count in posts.items() if kind in ("front_line", "specialist"))
    assert front / sum(posts.values()) == pytest.approx(0.485, abs=0.0005)


def test_everybody_at_the_front_line_serves_under_every_system(folder: Path, bureau: Station) -> None:
    """All systems put all front-line officers in crews, but for two that no pair is left for."""
    front = {one.id for one in bureau.force if one.post == "front_line"}
    for name in SYSTEMS:
        plan = compile_plan(bureau, read_system(name, folder).system)
        serving = {officer for crew in plan.crews for officer in crew.officers}
        assert len(front - serving) <= 2, name


def test_the_old_town_has_small_stations_and_the_new_town_large_ones(bureau: Station, current: LoadedSystem) -> None:
    """Old-town stations cover a tenth of the area of any other with over half of the officers each has (M74)."""
    calls, area, officers = by_station(bureau, current)
    assert max(area[each] for each in OLD) < min(area[each] for each in (*NEW, *COUNTY)) / 3
    assert sum(area[each] for each in OLD) < sum(area[each] for each in NEW) / 10
    per_officer = {each: calls[each] / officers[each] for each in calls}
    assert max(per_officer.values()) > 3 * min(per_officer.values())
    assert sum(calls.values()) == 80_000


def test_duties_are_left_as_the_articles_complain(current: LoadedSystem) -> None:
    """Nobody owns dogs, two units own events, every other duty has an owner (M16, M47)."""
    owners = Counter(duty for unit in current.system.unit for duty in unit.duties)
    duties = {duty.id for duty in current.system.duty}
    assert set(owners) <= duties
    assert duties - set(owners) == {"dogs"}
    assert [unit.id for unit in current.system.unit if "events" in unit.duties] == ["swat", "order"]
    assert all(duty.basis for duty in current.system.duty)


def test_sub_bureaus_mirror_the_bureau(current: LoadedSystem) -> None:
    """Every section and brigade of a sub-bureau copies one of the bureau (M45)."""
    units = {unit.id: unit for unit in current.system.unit}
    copies = [unit for unit in units.values() if unit.parent in ("OT", "NT", "MC") and unit.level in ("section", "brigade")]
    assert len(copies) == 12
    assert all(units[unit.mirrors].parent == "CB" and units[unit.mirrors].level == unit.level for unit in copies)


def test_meetings_are_those_of_every_station(current: LoadedSystem) -> None:
    """Hours set for the template are lost at each of the nine stations; the secondment of one at that one."""
    lost = Counter(load.unit for load in current.system.load)
    assert lost == {**dict.fromkeys((*OLD, *NEW, *COUNTY), 4), "O1": 5}


def test_the_station_comes_first_then_the_sub_bureau(folder: Path, bureau: Station) -> None:
    """Today a call goes to the station's crews, after five minutes to the sub-bureau's, after fifteen to all others."""
    plan = compile_plan(bureau, read_system("one_beat", folder).system)
    stations = Stations.of(read_system("one_beat", folder).system)
    home = {atom: stations.home(beat.unit) for beat in stations.beats for atom in beat.atoms}
    crews = np.array([stations.home(crew.unit) for crew in plan.crews])
    above = np.array([stations.above(each)[1] for each in crews])
    opens = np.array([0.0, 300.0, 900.0])
    for j, atom in enumerate(plan.atoms):
        here = home[atom]
        level = np.where(crews == here, 0, np.where(above == stations.above(here)[1], 1, 2))
        row = int(plan.dispatching.row[2, 0, j])
        tier = plan.dispatching.tier[row]
        assert (tier >= 0).all()
        assert (plan.dispatching.opens_s[row, tier] == opens[level]).all()


@pytest.mark.parametrize("seed", [2024, 1, 2, 3])
def test_stations_and_outposts_hang_together(seed: int) -> None:
    """With any seed every house has an atom of its own, and the atoms nearest to it are in one piece."""
    rng = np.random.default_rng(np.random.SeedSequence(seed).spawn(6)[0])
    land = lay_out(RECIPES["bureau"].blueprint(rng), rng)
    house, near = house_of_atoms(land), neighbour_lists(len(land.atoms), land.neighbours)
    assert len(set(houses(land).values())) == len(houses(land)) == len(STATIONS) + 4
    for name, atom in houses(land).items():
        inside = set(np.flatnonzero(house == name).tolist())
        assert atom in inside
        assert connected(inside, near)
