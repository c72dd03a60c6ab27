"""The figures behind the sample: ``data/calibration.toml``, each with its source or the word assumption."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Annotated

from pydantic import Field

from qinwu.station.config import Priority, Share, Strict

Rate = Annotated[float, Field(ge=0)]
Rates = tuple[Rate, ...]


class Busy(Strict):
    """An atom with a share of all calls of a kind of its own: a market, a station square."""

    id: str
    land_use: str
    service: Share = 0.0
    dispute: Share = 0.0
    traffic: Share = 0.0
    enforcement: Share = 0.0
    venue: Share = 0.0
    non_police: Share = 0.0


class Answer(Strict):
    """How a call is answered; seconds, minutes, km/h and shares as the names say."""

    call_taking_s: Rate
    call_taking_spread: Rate
    acknowledge_s: Rate
    turnout_s: Rate
    turnout_spread: Rate
    travel_spread: Rate
    street_detour: Rate
    door_s: Rate
    town_kmh: Rate
    country_kmh: Rate
    mountain_kmh: Rate
    night_turnout: Rate
    later_share: Share
    later_least_min: Rate
    later_min: Rate
    patience_min: dict[Priority, Rate]
    lend_after_min: Rate
    lend_s: Rate


class Dirt(Strict):
    """What is wrong with the rows on purpose: shares of valid calls, or numbers of rows."""

    officer_initiated: Share
    superior: Share
    local_government: Share
    missing_arrival: Share
    heaped_arrival: Share
    heaped_received: Share
    zero_travel: Share
    wrong_order: Share
    officers_known: Share
    duplicates: int
    outside: int
    no_place: int
    unknown_class: int
    broken_time: int


class Calibration(Strict):
    """All of it; ``hour``, ``weekday`` and ``place`` are relative rates by kind of call class."""

    share: dict[str, Share]
    hour: dict[str, Annotated[Rates, Field(min_length=24, max_length=24)]]
    weekday: dict[str, Annotated[Rates, Field(min_length=7, max_length=7)]]
    month: dict[str, Annotated[Rates, Field(min_length=12, max_length=12)]]
    place: dict[str, dict[str, Rate]]
    busy: tuple[Busy, ...]
    spread: dict[str, Rate]
    answer: Answer
    dirt: Dirt


@cache
def calibration() -> Calibration:
    """Return the figures of the sample."""
    return Calibration.model_validate(tomllib.loads(data_text("calibration.toml")))


def data_text(name: str) -> str:
    """Return one of the text files beside this module."""
    return (resources.files("qinwu.station.sample") / "data" / name).read_text(encoding="utf-8")
