"""Tiny stations built in memory: six atoms in two rows, nine in three; officers, calls and a duty system to go with them.

Atoms are squares, numbered row by row from the south-west: ``a1 a2 a3`` is the bottom row. Neighbours share a side. Sworn
officers are ``P01``…, auxiliaries ``A01``….
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import polars as pl
from shapely import box

from qinwu.duty.system import DutySystem
from qinwu.station.area import Area, TravelTimes
from qinwu.station.calls import SCHEMA, Calls
from qinwu.station.config import CallClass, FollowUp, Neighbour, StationConfig, Text
from qinwu.station.force import Force, Officer
from qinwu.station.station import Station
from qinwu.station.venues import Venue

SIDE_M = 600.0
SPEED_M_S = 10.0
METRES_PER_DEGREE = 111_320.0

CALL_CLASSES = (
    CallClass(id="robbery", name=Text(zh="两抢", en="Robbery"), kind="enforcement", priority=1, officers=2, sworn=2),
    CallClass(
        id="theft",
        name=Text(zh="盗窃", en="Theft"),
        kind="enforcement",
        priority=3,
        officers=1,
        follow_up=FollowUp(share=0.5, minutes=60),
    ),
    CallClass(id="dispute", name=Text(zh="纠纷", en="Dispute"), kind="dispute", priority=2, officers=2, sworn=1),
    CallClass(id="help", name=Text(zh="求助", en="Help"), kind="service", priority=4, officers=1, on_scene_min=15),
    CallClass(id="hotel", name=Text(zh="旅馆治安", en="Hotel disorder"), kind="venue", priority=3, officers=2, sworn=1),
)


def grid_area(columns: int, rows: int) -> Area:
    """Return `columns` × `rows` squares of 600 m; Manhattan travel at 10 m/s between centres, 20 s inside an atom."""
    place = [(x, y) for y in range(rows) for x in range(columns)]
    xy = (np.array(place, dtype=np.float64) + 0.5) * SIDE_M
    metres = np.abs(xy[:, None, :] - xy[None, :, :]).sum(axis=2)
    travel = np.where(metres == 0, 20.0, metres / SPEED_M_S).astype(np.float32)
    sides = [(i, j) for i in range(len(place)) for j in range(i + 1, len(place)) if metres[i, j] == SIDE_M]
    size = SIDE_M / METRES_PER_DEGREE
    return Area(
        atom_ids=tuple(f"a{position + 1}" for position in range(len(place))),
        polygons=tuple(box(x * size, y * size, (x + 1) * size, (y + 1) * size) for x, y in place),
        xy_m=xy,
        area_m2=np.full(len(place), SIDE_M**2),
        street_m=np.full(len(place), 4000.0),
        population=np.full(len(place), 500.0),
        neighbours=np.array(sides, dtype=np.int32).reshape(-1, 2),
        crs="EPSG:32631",
        travel=TravelTimes(travel, np.ones(168), 0.0, "manhattan, 36 km/h"),
    )


def officers(sworn: int, auxiliary: int = 0, command: int = 0, administration: int = 0) -> Force:
    """Return front-line `sworn` officers P01…, then `auxiliary` A01…, then chiefs C01… and administrators D01…."""
    return Force(
        (
            *(Officer(f"P{number:02}", "sworn") for number in range(1, sworn + 1)),
            *(Officer(f"A{number:02}", "auxiliary") for number in range(1, auxiliary + 1)),
            *(Officer(f"C{number:02}", "sworn", "command") for number in range(1, command + 1)),
            *(Officer(f"D{number:02}", "sworn", "administration") for number in range(1, administration + 1)),
        )
    )


def calls(rows: Sequence[tuple[float, str, str]] = ()) -> Calls:
    """Return clean calls from (hours after Monday 2024-01-01 00:00 local time, class, atom)."""
    start = datetime(2024, 1, 1, tzinfo=timezone(timedelta(hours=8)))
    priority = {each.id: each.priority for each in CALL_CLASSES}
    data = [
        {
            "call_id": f"c{number}",
            "received": (start + timedelta(hours=hours)).astimezone(UTC),
            "call_class": call_class,
            "priority": priority[call_class],
            "atom": atom,
            "origin": "resident",
        }
        for number, (hours, call_class, atom) in enumerate(rows, start=1)
    ]
    columns = {name: [row.get(name) for row in data] for name in SCHEMA}
    table = pl.DataFrame(columns, schema=SCHEMA)
    rejected = pl.DataFrame(schema={"file": pl.String(), "row": pl.Int64(), "reason": pl.String(), "value": pl.String()})
    return Calls(table, rejected, len(rows), (), "Asia/Shanghai")


def station(area: Area, force: Force, venues: tuple[Venue, ...] = (), rows: Sequence[tuple[float, str, str]] = ()) -> Station:
    """Return a station with these parts, the five call classes above and one neighbour beyond its first atom."""
    neighbour = Neighbour(id="next", name=Text(zh="邻所", en="Next station"), atom=area.atom_ids[0])
    config = StationConfig(
        name=Text(zh="小所", en="Small station"),
        base_atom=area.atom_ids[0],
        synthetic=True,
        call_class=CALL_CLASSES,
        neighbour=(neighbour,),
    )
    return Station(Path("small"), config, area, calls(rows), force, venues)


def six_atoms() -> Station:
    """Return three columns and two rows: 6 sworn, 3 auxiliaries, a chief; two venues."""
    venues = (Venue("v1", "hotel", "a2"), Venue("v2", "scrap", "a6"))
    return station(grid_area(3, 2), officers(6, 3, command=1), venues)


def nine_atoms() -> Station:
    """Return three columns and three rows: 8 sworn, 6 auxiliaries, a chief, two administrators; four venues."""
    venues = (Venue("v1", "hotel", "a1"), Venue("v2", "hotel", "a5"), Venue("v3", "scrap", "a7"), Venue("v4", "pawn", "a9"))
    return station(grid_area(3, 3), officers(8, 6, command=1, administration=2), venues)


def six_atom_system() -> DutySystem:
    """Return one officer one beat for :func:`six_atoms`: the columns are beats, always on duty, whoever is free helps."""
    return DutySystem.model_validate(
        {
            "id": "columns",
            "name": {"zh": "三区", "en": "Three beats"},
            "unit": [{"id": "station", "name": {"zh": "小所", "en": "Small station"}, "level": "station"}],
            "squad": [
                {
                    "id": "community",
                    "name": {"zh": "社区", "en": "Community"},
                    "function": "community",
                    "staff": {"sworn": "beats"},
                },
                {
                    "id": "duty",
                    "name": {"zh": "值班", "en": "Duty"},
                    "function": "patrol",
                    "staff": {"sworn": "rest", "auxiliary": "rest"},
                },
            ],
            "beat": [
                {"id": "west", "atoms": ["a1", "a4"], "officer": "P01"},
                {"id": "middle", "atoms": ["a2", "a5"], "officer": "P02"},
                {"id": "east", "atoms": ["a3", "a6"], "officer": "P03"},
            ],
            "watch": [{"id": "day", "start": "00:00", "hours": 24}],
            "pattern": [{"id": "always", "days": ["day"]}],
            "crews": [
                {"id": "beat", "squad": "community", "form": "beat", "pattern": "always", "patrol": "own_beat"},
                {"id": "duty", "squad": "duty", "form": "team", "people": 2, "sworn": 1, "pattern": "always"},
            ],
            "dispatch": {
                "order": [{"id": "all", "tiers": [{"who": "own_beat"}, {"who": "station"}, {"who": "neighbour", "after_s": 600}]}]
            },
        }
    )


def nine_atom_system() -> DutySystem:
    """Return four beats, two sectors and two pairs for :func:`nine_atoms`; beat officers first, then the sector, then anyone."""
    tiers = [{"who": "own_beat"}, {"who": "sector", "after_s": 30}, {"who": "station", "after_s": 60, "hand_over_s": 60}]
    beats = {
        "sw": ("P01", ["a1", "a2"]),
        "se": ("P02", ["a3", "a6"]),
        "nw": ("P03", ["a4", "a5", "a7"]),
        "ne": ("P04", ["a8", "a9"]),
    }
    return DutySystem.model_validate(
        {
            "id": "quarters",
            "name": {"zh": "四区", "en": "Four beats"},
            "unit": [{"id": "station", "name": {"zh": "小所", "en": "Small station"}, "level": "station"}],
            "squad": [
                {
                    "id": "community",
                    "name": {"zh": "社区", "en": "Community"},
                    "function": "community",
                    "staff": {"sworn": "beats"},
                },
                {
                    "id": "duty",
                    "name": {"zh": "值班", "en": "Duty"},
                    "function": "patrol",
                    "staff": {"sworn": "rest", "auxiliary": "rest"},
                },
            ],
            "beat": [{"id": beat, "atoms": atoms, "officer": officer} for beat, (officer, atoms) in beats.items()],
            "sector": [
                {"id": "south", "beats": ["sw", "se"], "sergeant": "P01"},
                {"id": "north", "beats": ["nw", "ne"], "sergeant": "P03"},
            ],
            "pair": [{"id": "low", "beats": ["sw", "se"]}, {"id": "high", "beats": ["nw", "ne"]}],
            "watch": [{"id": "duty", "start": "08:00", "hours": 24}],
            "pattern": [{"id": "halves", "days": ["duty", "off"], "groups": 2}],
            "crews": [
                {"id": "beat", "squad": "community", "form": "beat", "pattern": "halves", "patrol": "own_beat"},
                {"id": "duty", "squad": "duty", "form": "team", "people": 2, "sworn": 1, "pattern": "halves", "patrol": "station"},
            ],
            "dispatch": {"order": [{"id": "all", "tiers": tiers, "support": [{"who": "partner"}, {"who": "station"}]}]},
        }
    )


def town() -> Station:
    """Return six columns and four rows with the head count of the sample town: 19 + 14 at the front line, 3 chiefs, 2 at desks."""
    trades = ("hotel", "scrap", "pawn")
    venues = tuple(Venue(f"v{number}", trades[number % 3], f"a{number}") for number in range(1, 13))
    return station(grid_area(6, 4), officers(19, 14, command=3, administration=2), venues)


def town_base() -> str:
    """Return the ``base.toml`` of :func:`town`: twelve beats of two atoms side by side, six pairs, three sectors."""
    number = {(x, y): 6 * y + x + 1 for y in range(4) for x in range(6)}
    beats = [(x, y) for half in range(2) for x in range(3) for y in (2 * half, 2 * half + 1)]
    names = [f"B{place:02}" for place in range(1, 13)]
    lines = ['id = "base"', 'name = { zh = "家底", en = "Base" }']
    for name, (x, y) in zip(names, beats, strict=True):
        lines += ["[[beat]]", f'id = "{name}"', f'atoms = ["a{number[2 * x, y]}", "a{number[2 * x + 1, y]}"]']
        lines += [f'officer = "P{name[1:]}"']
    for place in range(6):
        lines += ["[[pair]]", f'id = "D{place + 1}"', f'beats = ["{names[2 * place]}", "{names[2 * place + 1]}"]']
    for letter, chosen in (("S1", (0, 1, 2, 3)), ("S2", (4, 5, 10, 11)), ("S3", (6, 7, 8, 9))):
        members = ", ".join(f'"{names[place]}"' for place in chosen)
        lines += ["[[sector]]", f'id = "{letter}"', f"beats = [{members}]", f'sergeant = "P{names[chosen[0]][1:]}"']
    return "\n".join(lines) + "\n"
