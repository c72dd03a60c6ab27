"""Sample stations: written whole, loadable, labelled synthetic, and like the published figures they are calibrated to."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, cast, get_args

import polars as pl
import pytest

from qinwu.findings import QinwuError
from qinwu.simulate.trial import prepare
from qinwu.station import Station, read_station
from qinwu.station.sample import SampleKind, write_sample
from qinwu.station.sample.calibration import calibration, data_text

KINDS: tuple[SampleKind, ...] = get_args(SampleKind)

PUBLISHED_SHARE = {"crime": 8.8, "help": 48.5, "dispute": 12.6, "traffic": 20.3}
"""Percent of effective calls, 徐州 2017 (design/facts.md, 2.4)."""

GROUPS = {
    "crime": ("criminal", "criminal_urgent"),
    "help": ("help", "help_urgent"),
    "dispute": ("dispute", "domestic"),
    "traffic": ("traffic", "traffic_injury"),
}

ARRIVAL_PERCENT = {"<=5": (61.8, 70.7), "5-10": (11.1, 12.7), "10-15": (4.6, 5.5), "15-30": (5.4, 7.6), ">30": (8.2, 12.4)}
"""Two weeks of 安康 (design/facts.md, 2.4)."""


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Mapping[SampleKind, Path]:
    """One folder of each kind."""
    root = tmp_path_factory.mktemp("samples")
    for kind in KINDS:
        write_sample(root / kind, kind)
    return {kind: root / kind for kind in KINDS}


@pytest.fixture(scope="module")
def town(folders: Mapping[SampleKind, Path]) -> Station:
    """The sample town, read."""
    return read_station(folders["town"])


@pytest.fixture(scope="module")
def answered(town: Station) -> pl.DataFrame:
    """Calls that people made and somebody arrived at, with minutes to arrival and to the end."""
    made = town.calls.table.filter((pl.col("origin") != "officer") & pl.col("arrived").is_not_null())
    minutes = {name: (pl.col(name) - pl.col("received")).dt.total_seconds() / 60 for name in ("arrived", "cleared")}
    return made.with_columns(minutes["arrived"].alias("to_arrival"), minutes["cleared"].alias("to_end"))


def read_toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


# ------------------------------------------------------------------------------------------------------------------ writing


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path, folders: Mapping[SampleKind, Path]) -> None:
    """Two folders of one seed are equal byte by byte, and another seed makes another place."""
    write_sample(tmp_path / "again", "station13")
    write_sample(tmp_path / "other", "station13", seed=7)
    first, again, other = (files_of(path) for path in (folders["station13"], tmp_path / "again", tmp_path / "other"))
    assert first == again
    assert first["atoms.geojson"] != other["atoms.geojson"]
    assert first["calls.csv"] != other["calls.csv"]


def test_a_folder_with_anything_in_it_is_refused_untouched(tmp_path: Path) -> None:
    """A folder that is not empty stays as it was, and the error says so."""
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(QinwuError) as caught:
        write_sample(tmp_path, "station13")
    assert [finding.code for finding in caught.value.findings] == ["folder-not-empty"]
    assert files_of(tmp_path) == {"mine.txt": b"keep"}


def test_an_empty_folder_is_filled_and_stays_the_same_folder(tmp_path: Path) -> None:
    """An empty folder, such as the one a person stands in, is filled in place and no draft is left beside it."""
    target = tmp_path / "empty"
    target.mkdir()
    before = target.stat().st_ino
    write_sample(target, "station13")
    assert target.stat().st_ino == before
    assert (target / "station.toml").is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]


def test_everything_wrong_with_a_request_is_told_at_once(tmp_path: Path) -> None:
    """An unknown kind, a negative seed and a file in the way are three findings of one error."""
    (tmp_path / "file").write_text("")
    with pytest.raises(QinwuError) as caught:
        write_sample(tmp_path / "file", cast("SampleKind", "city"), seed=-1)
    assert {finding.code for finding in caught.value.findings} == {"unknown-sample", "not-a-folder", "negative-seed"}


def test_a_place_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    """Where the parent is a file the error is a finding, without a draft left over."""
    (tmp_path / "file").write_text("")
    with pytest.raises(QinwuError) as caught:
        write_sample(tmp_path / "file" / "station", "station13")
    assert [finding.code for finding in caught.value.findings] == ["cannot-write"]
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_sample_says_that_it_is_synthetic(folders: Mapping[SampleKind, Path], kind: SampleKind) -> None:
    """The description, its names and the read-me say so in both languages."""
    config = read_toml(folders[kind] / "station.toml")
    readme = (folders[kind] / "README.md").read_text(encoding="utf-8")
    assert config["synthetic"] is True
    assert "示例" in config["name"]["zh"]
    assert "invented" in config["name"]["en"]
    assert "虚构" in readme
    assert "synthetic" in readme


@pytest.mark.parametrize("kind", KINDS)
def test_no_sample_has_a_column_about_people(folders: Mapping[SampleKind, Path], kind: SampleKind) -> None:
    """Calls carry class, place, times and numbers; officers a code, kind, post, skills and year of joining; nothing else."""
    columns = {
        name: set(pl.read_csv(folders[kind] / name, n_rows=5).columns) for name in ("calls.csv", "officers.csv", "venues.csv")
    }
    assert columns["calls.csv"] == {
        *("call_id", "received", "call_class", "priority", "lon", "lat", "officers_required", "origin"),
        *("dispatched", "acknowledged", "en_route", "arrived", "cleared"),
    }
    assert columns["officers.csv"] - {"unit"} == {"officer_id", "kind", "post", "skills", "joined"}
    assert ("unit" in columns["officers.csv"]) == (kind == "bureau")
    assert columns["venues.csv"] == {"venue_id", "kind", "atom", "grade", "inspection_min"}


def test_every_figure_of_the_calibration_has_a_source() -> None:
    """Each paragraph of the calibration file says in a comment where it comes from, or that it is an assumption."""
    text = data_text("calibration.toml")
    tables = [part for part in text.split("\n\n") if "=" in part]
    unsourced = [part for part in tables if not any(word in part.lower() for word in ("assumption", "安康", "徐州"))]
    followers = ("[weekday", "[place", "[[busy]]")
    assert len(tables) > 15
    assert not [part for part in unsourced if not part.startswith(followers)]


@pytest.mark.parametrize("kind", KINDS)
def test_assumptions_stand_behind_keys_that_exist(folders: Mapping[SampleKind, Path], kind: SampleKind) -> None:
    """Every assumption names a key of the station file and gives its reason in both languages."""
    config = read_toml(folders[kind] / "station.toml")
    for assumption in config["assumption"]:
        first, *rest = assumption["key"].split(".")
        found = config[first][0] if isinstance(config[first], list) else config[first]
        assert not rest or rest[0] in found, assumption["key"]
        assert assumption["why"]["zh"]
        assert assumption["why"]["en"]


# ------------------------------------------------------------------------------------------------------------------ loading


@pytest.mark.parametrize(
    ("kind", "valid", "people"), [("town", 14_000, 40), ("rural", 3_500, 22), ("station13", 2_500, 13), ("bureau", 80_000, 406)]
)
def test_every_sample_loads(folders: Mapping[SampleKind, Path], kind: SampleKind, valid: int, people: int) -> None:
    """A sample is read without errors, has the stated calls and force, and lies in one piece."""
    station = read_station(folders[kind])
    assert len(station.calls) == valid
    assert len(station.force) == people
    assert station.area.contiguous(range(len(station.area)))
    assert station.area.travel.source.startswith("roads")


def test_the_town_has_the_stated_size(town: Station) -> None:
    """Sixty thousand people, about 120 atoms, 24 sworn officers and 16 auxiliaries, about 60 venues."""
    posts = [officer.post for officer in town.force]
    assert town.area.population.sum() == 60_000
    assert 110 <= len(town.area) <= 130
    assert sum(officer.kind == "sworn" for officer in town.force) == 24
    assert (posts.count("command"), posts.count("administration"), posts.count("front_line")) == (3, 4, 33)
    assert 55 <= len(town.venues) <= 65
    assert {venue.grade for venue in town.venues} == {"A", "B", "C"}


def test_the_station_of_thirteen_is_that_of_the_source(folders: Mapping[SampleKind, Path]) -> None:
    """Three command, four administer, six are on the front line (M44)."""
    posts = [officer.post for officer in read_station(folders["station13"]).force]
    assert (posts.count("command"), posts.count("administration"), posts.count("front_line")) == (3, 4, 6)


def test_every_bad_row_is_there_and_is_rejected(town: Station) -> None:
    """The reader rejects exactly the rows that were spoilt beyond use, and gives each kind its own reason."""
    dirt = calibration().dirt
    spoilt = sorted([dirt.duplicates, dirt.outside, dirt.no_place, dirt.unknown_class, dirt.broken_time])
    assert town.calls.rows_read == 14_000 + sum(spoilt)
    assert sorted(town.calls.rejected["reason"].value_counts()["count"].to_list()) == spoilt


def test_stamps_follow_one_another(town: Station) -> None:
    """Apart from the rows spoilt on purpose every call is sent, taken on, driven to, arrived at and cleared in that order."""
    table = town.calls.table
    steps = ["dispatched", "acknowledged", "en_route", "arrived", "cleared"]
    wrong = table.filter(pl.any_horizontal(pl.col(late) < pl.col(early) for early, late in pairwise(steps)))
    assert 0 < len(wrong) / len(table) < 2 * calibration().dirt.wrong_order


# ------------------------------------------------------------------------------------------------------------------ marginals


def test_calls_have_the_published_mix(town: Station) -> None:
    """Shares of crime, help, dispute and traffic calls are within one percentage point of those of 徐州 2017."""
    counts = dict(town.calls.table["call_class"].value_counts().iter_rows())
    for group, classes in GROUPS.items():
        percent = 100 * sum(counts[each] for each in classes) / len(town.calls)
        assert percent == pytest.approx(PUBLISHED_SHARE[group], abs=1.0), group


def test_people_per_call_are_those_published(town: Station) -> None:
    """The classes of the calls ask for 2.45 people on average (徐州 2017), within 0.05."""
    people = {each.id: each.officers for each in town.config.call_class}
    asked = town.calls.table["call_class"].replace_strict(people, return_dtype=pl.Float64).mean()
    assert asked == pytest.approx(2.45, abs=0.05)


def test_arrivals_lie_between_the_published_weeks(answered: pl.DataFrame) -> None:
    """The share of calls in each band of minutes to arrival is that of one of the two 安康 weeks or between, within 4 points."""
    percent = bands(answered["to_arrival"], [5, 10, 15, 30])
    for got, (low, high) in zip(percent, ARRIVAL_PERCENT.values(), strict=True):
        assert min(low, high) - 4 <= got <= max(low, high) + 4, percent


def bands(minutes: pl.Series, edges: list[float]) -> list[float]:
    """Return percent of values in each band; a value on an edge counts in the lower band."""
    values = minutes.to_numpy()
    upper = [100.0 * float((values <= edge).mean()) for edge in edges] + [100.0]
    return [high - low for low, high in pairwise([0.0, *upper])]


def test_orders_are_acknowledged_as_published(town: Station) -> None:
    """Between 97 and 99 % of orders are acknowledged within 30 seconds (安康: 97.6 and 98.9 %)."""
    waited = (town.calls.table["acknowledged"] - town.calls.table["dispatched"]).dt.total_seconds()
    assert 97.0 <= 100 * float((waited.to_numpy() <= 30).mean()) <= 99.0


def test_urgent_calls_are_reached_first(answered: pl.DataFrame) -> None:
    """The mean time to arrival rises from priority 1 to priority 3."""
    mean = dict(answered.group_by("priority").agg(pl.col("to_arrival").mean()).iter_rows())
    assert mean[1] < mean[2] < mean[3]


def test_calls_follow_the_day(town: Station) -> None:
    """Fewest people call between three and six in the morning, most in the evening."""
    hours = town.calls.table["received"].dt.convert_time_zone(town.config.time_zone).dt.hour()
    counts = dict(hours.value_counts().iter_rows())
    quiet, busy = sorted(counts, key=lambda hour: counts[hour])[:3], max(counts, key=lambda hour: counts[hour])
    assert set(quiet) <= {2, 3, 4, 5, 6}
    assert 17 <= busy <= 21
    assert counts[busy] > 4 * counts[quiet[0]]


def test_a_few_places_call_most(town: Station) -> None:
    """The busiest twelfth of the atoms has over a fifth of the calls, and every atom has some."""
    counts = town.calls.table["atom"].value_counts(sort=True)["count"]
    assert counts.head(len(town.area) // 12).sum() > len(town.calls) / 5
    assert len(counts) == len(town.area)


@pytest.mark.parametrize(
    ("what", "share"),
    [
        (pl.col("arrived").is_null(), calibration().dirt.missing_arrival),
        (pl.col("origin") == "officer", calibration().dirt.officer_initiated),
        (pl.col("origin") == "local_government", calibration().dirt.local_government),
        (pl.col("cleared") < pl.col("arrived"), calibration().dirt.wrong_order),
        (pl.col("officers_required").is_not_null(), calibration().dirt.officers_known),
    ],
)
def test_dirt_comes_at_its_stated_rate(town: Station, what: pl.Expr, share: float) -> None:
    """Each kind of spoilt row is as frequent as stated, within a third or 0.3 points."""
    rate = town.calls.table.select(what.fill_null(value=False).mean()).item()
    assert rate == pytest.approx(share, rel=0.34, abs=0.003)


def test_a_year_is_a_year(town: Station) -> None:
    """All calls are received in 2025, local time."""
    received = town.calls.table["received"].dt.convert_time_zone("Asia/Shanghai").dt.replace_time_zone(None)
    first, last = received.min(), received.max()
    assert isinstance(first, datetime)
    assert isinstance(last, datetime)
    assert datetime(2025, 1, 1) <= first < datetime(2025, 1, 3)
    assert datetime(2026, 1, 1) - timedelta(days=2) < last < datetime(2026, 1, 1)


# ------------------------------------------------------------------------------------------------------------------ duty


@pytest.mark.parametrize("kind", KINDS)
def test_beats_cover_the_area_once_in_one_piece_each(folders: Mapping[SampleKind, Path], kind: SampleKind) -> None:
    """Every atom is in exactly one beat, every beat hangs together and has an officer of its own."""
    station = read_station(folders[kind])
    beats = [beat for beat in read_toml(folders[kind] / "duty" / "base.toml")["beat"] if beat.get("atoms")]
    atoms = [atom for beat in beats for atom in beat["atoms"]]
    assert sorted(atoms) == sorted(station.area.atom_ids)
    assert all(station.area.contiguous([station.area.index[atom] for atom in beat["atoms"]]) for beat in beats)
    assert len({beat["officer"] for beat in beats}) == len(beats)


def test_the_town_has_even_beats_in_sectors_and_pairs(town: Station) -> None:
    """Twelve beats within 15 % of the mean load; three sectors of four and six pairs, each of adjacent beats."""
    base = read_toml(town.folder / "duty" / "base.toml")
    atoms = {beat["id"]: beat["atoms"] for beat in base["beat"] if beat.get("atoms")}
    minutes = {each.id: each.officers * (each.on_scene_min + each.wrap_up_min) for each in town.config.call_class}
    beat_of = {atom: beat for beat, members in atoms.items() for atom in members}
    work = pl.col("call_class").replace_strict(minutes, return_dtype=pl.Float64)
    load = town.calls.table.group_by(pl.col("atom").replace_strict(beat_of)).agg(work.sum().alias("minutes"))["minutes"].to_numpy()
    groups = [sector["beats"] for sector in base["sector"]] + [pair["beats"] for pair in base["pair"]]
    assert len(atoms) == 12
    assert load.max() / load.mean() < 1.15
    assert sorted(len(group) for group in groups) == [2] * 6 + [4] * 3
    assert all(town.area.contiguous([town.area.index[atom] for beat in group for atom in atoms[beat]]) for group in groups)


@pytest.mark.parametrize(("kind", "count"), [("town", 9), ("rural", 2), ("station13", 4), ("bureau", 5)])
def test_every_duty_system_of_a_sample_is_ready_to_be_tried(
    folders: Mapping[SampleKind, Path], kind: SampleKind, count: int
) -> None:
    """All files of the duty folder read, pass the rules and compile; the one in force comes first."""
    trial = prepare(folders[kind])
    assert trial.names[0] == trial.station.config.current
    assert len(trial.names) == count
    assert not [finding for finding in trial.findings if finding.severity == "error"]


def test_outposts_keep_the_beats_around_them(folders: Mapping[SampleKind, Path]) -> None:
    """Each of the four outposts has its base in a mountain beat that belongs to it; the other beats are the hub's."""
    base = read_toml(folders["rural"] / "duty" / "base.toml")
    outposts = {unit["id"]: unit["base_atom"] for unit in base["unit"] if unit["level"] == "outpost"}
    kept = {beat["unit"]: beat["atoms"] for beat in base["beat"] if beat["unit"] in outposts}
    assert len(outposts) == 4
    assert all(atom in kept[outpost] for outpost, atom in outposts.items())
    assert sum(beat["unit"] == "station" and bool(beat.get("atoms")) for beat in base["beat"]) == 2


def test_winter_makes_mountain_ways_longer(tmp_path: Path) -> None:
    """With the season set to winter no way gets shorter and ways up the mountains take over half as long again."""
    write_sample(tmp_path / "rural", "rural")
    file = tmp_path / "rural" / "station.toml"
    usual = read_station(tmp_path / "rural").area.travel.base_s
    file.write_text(file.read_text(encoding="utf-8").replace('season = ""', 'season = "winter"'), encoding="utf-8")
    winter = read_station(tmp_path / "rural").area.travel.base_s
    assert (winter >= usual - 1e-3).all()
    assert (winter / usual).max() > 1.5
