"""A tiny county: a bureau, two sub-bureaus, three stations on nine atoms, forty heads; to be reformed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qinwu.duty.reform.doing import Reformed, reformed
from qinwu.duty.reform.reform import Reform
from qinwu.duty.system import DutySystem
from qinwu.station.force import Force, Officer, Post
from qinwu.station.station import Station
from tests.duty.small_systems import named
from tests.stations import grid_area, station

HEADS: dict[str, dict[Post, int]] = {
    "bureau": {"command": 2, "administration": 4},
    "north": {"command": 2, "administration": 3},
    "south": {"command": 1, "administration": 2},
    "s1": {"command": 2, "administration": 2, "front_line": 4},
    "s2": {"command": 2, "administration": 2, "front_line": 4},
    "s3": {"command": 2, "administration": 2, "front_line": 6},
}
WHY = {"zh": "假设", "en": "assumed"}


def county_force() -> Force:
    """Return sworn officers called by unit, post and number: ``s1-front_line-1``; the first of a beat answers for it."""
    heads = ((unit, post, at) for unit, posts in HEADS.items() for post, many in posts.items() for at in range(1, many + 1))
    return Force(tuple(Officer(f"{unit}-{post}-{at}", "sworn", post, unit=unit) for unit, post, at in heads))


def county() -> Station:
    """Return the nine atoms with the county's officers."""
    return station(grid_area(3, 3), county_force())


def county_system(**changes: Any) -> DutySystem:
    """Return its duty system: each column of atoms is a station's, each atom a beat; every station has a patrol squad."""
    units = [
        named("bureau", level="bureau", duties=["budget"]),
        named("north", level="sub_bureau", parent="bureau", duties=["training"]),
        named("south", level="sub_bureau", parent="bureau"),
        named("s1", level="station", parent="north", base_atom="a1", duties=["patrol"]),
        named("s2", level="station", parent="north", base_atom="a2"),
        named("s3", level="station", parent="south", base_atom="a3"),
    ]
    beats = [_beat(at) for at in range(1, 10)]
    tables: Mapping[str, Any] = {
        "id": "county",
        "name": {"zh": "全县", "en": "County"},
        "unit": units,
        "beat": beats,
        "duty": [named("patrol", function="patrol"), named("training"), named("budget")],
        "load": [named("meetings", unit="s2", kind="meeting", hours_per_week=6, ordered_by="north")],
        "accountability": [named("order", unit="s2", needs=["s2"])],
        "squad": [
            named("community", function="community", staff={"sworn": "beats"}),
            named("patrol", function="patrol", staff={"sworn": "rest"}),
        ],
        "watch": [{"id": "day", "start": "00:00", "hours": 24}],
        "pattern": [{"id": "always", "days": ["day"]}],
        "crews": [
            {"id": "beat", "squad": "community", "form": "beat", "pattern": "always", "patrol": "own_beat"},
            {"id": "patrol", "squad": "patrol", "form": "single", "pattern": "always", "patrol": "station"},
        ],
        "dispatch": {
            "levels": 2,
            "order": [{"id": "all", "tiers": [{"who": "own_beat"}, {"who": "station"}, {"who": "neighbour", "after_s": 600}]}],
        },
    }
    return DutySystem.model_validate({**tables, **changes})


def _beat(number: int) -> dict[str, Any]:
    row, column = divmod(number - 1, 3)
    unit = f"s{column + 1}"
    return {"id": f"b{number}", "atoms": [f"a{number}"], "unit": unit, "officer": f"{unit}-front_line-{row + 1}"}


def a_reform(*steps: Mapping[str, Any], overhead: tuple[Mapping[str, Any], ...] = ()) -> Reform:
    """Return a reform of these steps, whose reasons do not matter."""
    return Reform.model_validate(
        {
            **named("tried"),
            "about": WHY,
            "step": [{"id": f"step{at}", "why": WHY, **step} for at, step in enumerate(steps, start=1)],
            "overhead": [{"why": WHY, **one} for one in overhead],
        }
    )


def try_on_county(*steps: Mapping[str, Any], overhead: tuple[Mapping[str, Any], ...] = (), **changes: Any) -> Reformed:
    """Return the county after these steps."""

    def nothing(name: str) -> DutySystem:
        raise AssertionError(f"no step should read {name}")

    return reformed(county_system(**changes), county_force(), [a_reform(*steps, overhead=overhead)], nothing)
