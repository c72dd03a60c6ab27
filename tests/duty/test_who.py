"""Who: each word of the vocabulary, at a station small enough to say by hand what it means."""

from __future__ import annotations

from datetime import date

import pytest

from qinwu.duty.crews import form_crews
from qinwu.duty.staffing import staff
from qinwu.duty.system import DutySystem
from qinwu.duty.who import Muster, Zone, crews_for, workers
from qinwu.station.config import Neighbour, Text
from tests.duty.small_systems import named, quarters, squad
from tests.stations import CALL_CLASSES, officers

NEXT_DOOR = Neighbour(id="east", name=Text(zh="东所"), atom="a1")
TRADES = frozenset({"trades", "shops"})


def rich() -> DutySystem:
    """Return four beats in two sectors and two pairs, one beat of an outpost, two functional beats, three squads."""
    beats = [
        {"id": "sw", "atoms": ["a1", "a2"], "officer": "P01"},
        {"id": "se", "atoms": ["a3", "a6"], "officer": "P02"},
        {"id": "nw", "atoms": ["a4", "a5", "a7"], "officer": "P03"},
        {"id": "ne", "atoms": ["a8", "a9"], "officer": "P04", "unit": "hill"},
        {"id": "trades", "kind": "functional", "officer": "P05"},
        {"id": "shops", "kind": "functional", "call_classes": ["theft"], "officer": "P06"},
    ]
    return quarters(
        beat=beats,
        unit=[
            named("bureau", level="sub_bureau"),
            named("station", level="station", parent="bureau"),
            named("hill", level="outpost", parent="station"),
            named("patrol_unit", level="squad", parent="station"),
        ],
        squad=[
            squad("community", "community", staff={"sworn": "beats"}),
            squad("special", "venues"),
            squad("patrol", "patrol", unit="patrol_unit", staff={"sworn": "rest", "auxiliary": "rest"}),
        ],
        crews=[
            {"id": "beat", "squad": "community", "form": "beat", "pattern": "halves"},
            {"id": "special", "squad": "special", "form": "specialist", "pattern": "halves"},
            {"id": "patrol", "squad": "patrol", "form": "team", "people": 2, "pattern": "halves"},
        ],
    )


@pytest.fixture
def muster() -> Muster:
    """Return the crews of :func:`rich` with eight sworn officers and two auxiliaries."""
    system = rich()
    staffing = staff(officers(8, 2), system, date(2024, 1, 1))
    crews, _ = form_crews(system, staffing, [NEXT_DOOR])
    return Muster(system, crews, CALL_CLASSES, staffing.accountable)


BEATS = ["beat-sw", "beat-se", "beat-nw", "beat-ne"]
OWN = [*BEATS, "special-trades", "special-shops", "patrol-A1", "patrol-B1"]


def ids(muster: Muster, who: str, beat: int = 0, call_class: str = "theft", functional: frozenset[str] = TRADES) -> list[str]:
    one = next(each for each in CALL_CLASSES if each.id == call_class)
    mask = crews_for(muster, who, Zone(beat, functional), one)
    return [crew.id for crew, there in zip(muster.crews, mask, strict=True) if there]


@pytest.mark.parametrize(
    ("who", "beat", "crews"),
    [
        ("own_beat", 1, ["beat-se"]),
        ("own_beat", -1, []),
        ("partner", 0, ["beat-se"]),
        ("partner", 3, ["beat-nw"]),
        ("partner", -1, []),
        ("sector", 2, ["beat-nw", "beat-ne"]),
        ("sector", -1, []),
        ("sergeant", 1, ["beat-sw"]),
        ("sergeant", 3, ["beat-nw"]),
        ("sergeant", -1, []),
        ("outpost", 3, ["beat-ne"]),
        ("outpost", 0, ["beat-sw", "beat-se", "beat-nw", "special-trades", "special-shops"]),
        ("outpost", -1, []),
        ("hub", 3, ["beat-sw", "beat-se", "beat-nw", "special-trades", "special-shops"]),
        ("station", 3, OWN),
        ("neighbour", 0, ["neighbour-east-1"]),
        ("squad:patrol", 0, ["patrol-A1", "patrol-B1"]),
        ("function:community", 0, BEATS),
        ("unit:hill", 0, ["beat-ne"]),
        ("unit:patrol_unit", 0, ["patrol-A1", "patrol-B1"]),
        ("unit:station", 0, OWN),
        ("unit:bureau", 0, OWN),
        ("crew:patrol-B1", 0, ["patrol-B1"]),
        ("crew:patrol", 0, ["patrol-A1", "patrol-B1"]),
        ("nonsense", 0, []),
        ("squad:nonsense", 0, []),
    ],
)
def test_words(muster: Muster, who: str, beat: int, crews: list[str]) -> None:
    """Each word names exactly these crews for a call in that beat."""
    assert ids(muster, who, beat) == crews


def test_the_specialist_goes_to_venue_calls_and_to_the_classes_the_beat_names(muster: Muster) -> None:
    """A functional beat that names no class is for venue calls; one that names classes is for these alone."""
    assert ids(muster, "specialist", call_class="hotel") == ["special-trades"]
    assert ids(muster, "specialist", call_class="theft") == ["special-shops"]
    assert ids(muster, "specialist", call_class="dispute") == []


def test_the_specialist_goes_only_where_the_functional_beat_reaches(muster: Muster) -> None:
    """Outside the atoms of the functional beat there is no specialist."""
    assert ids(muster, "specialist", call_class="hotel", functional=frozenset({"shops"})) == []


def test_a_system_without_units_has_its_crews_at_the_hub(muster: Muster) -> None:
    """Squads of the default unit belong to the station even when no unit is defined."""
    bare = Muster(muster.system.model_copy(update={"unit": ()}), muster.crews, muster.classes, muster.accountable)
    assert ids(bare, "hub") == ["beat-sw", "beat-se", "beat-nw", "special-trades", "special-shops"]


@pytest.mark.parametrize(
    ("who", "found"),
    [
        ("all", {"P01", "P02", "P03", "P04", "P05", "P06", "P07", "P08", "A01", "A02"}),
        ("beats", {"P01", "P02", "P03", "P04"}),
        ("specialists", {"P05", "P06"}),
        ("sergeants", {"P01", "P03"}),
        ("squad:patrol", {"P07", "P08", "A01", "A02"}),
        ("officer:P02", {"P02"}),
        ("nonsense", set()),
    ],
)
def test_workers(muster: Muster, who: str, found: set[str]) -> None:
    """Each word for work names exactly these officers."""
    assert workers(muster, who) == found
