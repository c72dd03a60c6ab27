"""Detroit as a station: public calls of 2019, its 131 beats as atoms, and guesses at how its precincts worked.

Only for tests and benchmarks on the public data beside the checkout; nothing of that data is kept in the project.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Literal

import polars as pl
from shapely import Point

from qinwu.duty.system import DutySystem
from qinwu.station.folder import read_station
from qinwu.station.station import Station

DATA = Path(__file__).parents[1].parent / "shared" / "data"
CALLS = DATA / "detroit_priority_calls.parquet"
AGENT_MODEL = DATA / "detroit_abm_reference.parquet"

Reach = Literal["city", "precinct", "precinct_first"]
Waiting = Literal["patrol", "house", "both"]

STATION_TOML = """
name = { zh = "底特律", en = "Detroit" }
time_zone = "America/Detroit"
[files]
calls = ["calls.parquet"]
[atoms]
id = "beat"
[calls]
profile = "detroit_priority"
[travel]
speed_kmh = 30
metric = "manhattan"
[[call_class]]
id = "emergency"
name = { zh = "紧急警情", en = "Emergency" }
kind = "enforcement"
priority = 1
on_scene_min = 38
spread = 1.4
"""
"""On scene 38 ± 54 minutes: calls with a journey in August 2022 (``detroit_time_components_2022_08``); the calls have none."""


def detroit(folder: Path) -> Station:
    """Write the station folder of Detroit to `folder` and read it."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(DATA / "detroit_beats.geojson", folder / "atoms.geojson")
    shutil.copy(CALLS, folder / "calls.parquet")
    officers = "".join(f"P{number:03},sworn,front_line\n" for number in range(300))
    (folder / "officers.csv").write_text("id,kind,post\n" + officers, encoding="utf-8")
    (folder / "station.toml").write_text(STATION_TOML, encoding="utf-8")
    return read_station(folder)


def precincts() -> dict[str, list[str]]:
    """Return the beats of each precinct."""
    found: dict[str, list[str]] = {}
    for feature in json.loads((DATA / "detroit_beats.geojson").read_text(encoding="utf-8"))["features"]:
        found.setdefault(feature["properties"]["precinct"], []).append(feature["properties"]["beat"])
    return found


def crews_by_calls(station: Station, beats: dict[str, list[str]], crews: int) -> dict[str, int]:
    """Return so many crews shared out by calls (Hamilton's method), one at least for each precinct."""
    calls = {name: len(station.calls.table.filter(pl.col("atom").is_in(atoms))) for name, atoms in beats.items()}
    due = {name: crews * count / sum(calls.values()) for name, count in calls.items()}
    count = {name: max(1, int(share)) for name, share in due.items()}
    for name in sorted(due, key=lambda name: int(due[name]) - due[name]):
        count[name] += sum(count.values()) < crews
    return count


def houses(station: Station) -> dict[str, str]:
    """Return the beat in which the station house of each precinct stands, where it is known."""
    rows = pl.read_csv(DATA / "detroit_stations.csv").iter_rows(named=True)
    points = {str(row["Precinct"]): Point(row["Longitude"], row["Latitude"]) for row in rows}
    atoms = list(zip(station.area.atom_ids, station.area.polygons, strict=True))
    return {name: next(atom for atom, polygon in atoms if polygon.contains(point)) for name, point in points.items()}


def crew_rules(precinct: str, crews: int, waiting: Waiting) -> list[dict[str, object]]:
    """Return the rules that make the crews of a precinct; with ``both``, every other crew waits at the house."""
    house = {"patrol": 0, "house": crews, "both": crews // 2}[waiting]
    places = {"house": ("base", house), "street": ("station", crews - house)}
    common: dict[str, object] = {"squad": f"s{precinct}", "form": "single", "pattern": "always"}
    return [{**common, "id": f"{name}{precinct}", "patrol": patrol, "count": n} for name, (patrol, n) in places.items() if n]


def duty_system(station: Station, reach: Reach, crews: int, waiting: Waiting, help_after_s: float = 300.0) -> DutySystem:
    """Return one guess at how Detroit worked: who may be sent, by how many crews, and where these wait.

    Parameters
    ----------
    station
        Detroit.
    reach
        ``city``: the nearest crew of the city; ``precinct``: crews of the precinct only; ``precinct_first``: any crew of the city
        once the call has waited ``help_after_s``.
    crews
        On duty at a time, shared out by calls.
    waiting
        Free crews drive about their precinct, wait at its station house, or some do this and some that.
    """
    beats, house = precincts(), houses(station)
    count = crews_by_calls(station, beats, crews)
    names = {name: {"zh": f"第{name}分局", "en": f"Precinct {name}"} for name in beats}
    officers: dict[str, list[str]] = {}
    for name in beats:
        first = sum(len(members) for members in officers.values())
        officers[name] = [f"P{number:03}" for number in range(first, first + count[name])]
    city = {"id": "city", "name": {"zh": "市局", "en": "City"}, "level": "station"}
    tiers = {
        "city": [{"who": "station"}],
        "precinct": [{"who": "outpost"}],
        "precinct_first": [{"who": "outpost"}, {"who": "station", "after_s": help_after_s}],
    }
    return DutySystem.model_validate(
        {
            "id": f"{reach}-{waiting}-{crews}",
            "name": {"zh": "底特律", "en": "Detroit"},
            "unit": [
                city,
                *(
                    {
                        "id": f"p{name}",
                        "name": names[name],
                        "level": "outpost",
                        "parent": "city",
                        "base_atom": house.get(name, beats[name][0]),
                    }
                    for name in beats
                ),
            ],
            "squad": [
                {"id": f"s{name}", "name": names[name], "function": "patrol", "unit": f"p{name}", "officers": officers[name]}
                for name in beats
            ],
            "beat": [
                {"id": f"b{name}", "atoms": atoms, "unit": f"p{name}", "officer": officers[name][0]}
                for name, atoms in beats.items()
            ],
            "watch": [{"id": "always", "start": "00:00", "hours": 24}],
            "pattern": [{"id": "always", "days": ["always"]}],
            "crews": [rule for name in beats for rule in crew_rules(name, count[name], waiting)],
            "dispatch": {"order": [{"id": "all", "tiers": tiers[reach]}]},
        }
    )
