"""``station.toml``: what a station says about itself, validated on load."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """A frozen table of a TOML file that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Text(Strict):
    """The same words in both languages; English falls back to Chinese."""

    zh: str
    en: str = ""

    def __str__(self) -> str:
        return self.zh

    def in_language(self, language: str) -> str:
        """Return the words in `language`."""
        return self.en if language == "en" and self.en else self.zh


Priority = Annotated[int, Field(ge=1, le=4)]
Share = Annotated[float, Field(ge=0, le=1)]
Factor = Annotated[float, Field(gt=0, le=20)]


class Files(Strict):
    """File names inside the station folder; globs allowed for calls."""

    atoms: str = "atoms.geojson"
    roads: str = ""
    calls: tuple[str, ...] = ("calls.csv",)
    officers: str = "officers.csv"
    venues: str = ""


class Atoms(Strict):
    """How the atoms file names its properties, and what stands in where it is silent.

    ``name`` is what people call an atom, by which the board finds it. ``gap_m`` is how far apart two borders may be drawn, in
    metres, and still be one border (0 to 200); ``shared_border_m`` is the least common border, in metres, that makes two atoms
    neighbours; ``street_km_per_km2`` estimates street length from area where neither roads nor the file give it (36 Chinese
    cities had 5.96 on average: 《中国主要城市道路网密度监测报告》2019).
    """

    id: str = "id"
    name: str = "name"
    population: str = "population"
    street_m: str = "street_m"
    gap_m: Annotated[float, Field(ge=0, le=200)] = 5.0
    shared_border_m: Annotated[float, Field(gt=0, le=5000)] = 20.0
    street_km_per_km2: Annotated[float, Field(gt=0, le=60)] = 6.0


class Roads(Strict):
    """How the roads file names its columns, and what stands in where it is silent.

    ``name`` is the name of the street, by which the board finds a place. ``oneway`` holds ``yes``/``1``/``true`` (as drawn),
    ``-1`` (against it) or anything else for both ways. ``class_speed_kmh`` gives a speed by road class where ``speed`` is empty.
    ``nodes`` names a file of ``node``, ``lon``, ``lat``; the roads file is then a table of edges with ``start``, ``end`` and
    ``length_m`` in metres.
    """

    name: str = "name"
    speed: str = "speed_kmh"
    speed_unit: Literal["km/h", "mph"] = "km/h"
    road_class: str = "class"
    oneway: str = "oneway"
    class_speed_kmh: dict[str, Annotated[float, Field(gt=0, le=200)]] = {}
    nodes: str = ""
    node: str = "node_id"
    start: str = "from"
    end: str = "to"
    length_m: str = "length_m"


class FollowUp(Strict):
    """Work that a call leaves behind: share of calls, and mean officer-minutes."""

    share: Share = 0.0
    minutes: Annotated[float, Field(ge=0)] = 0.0


class CallClass(Strict):
    """One class of calls 警情类别 and what handling one takes.

    ``officers`` people are required in all, of whom ``sworn`` are sworn. ``on_scene_min`` and ``wrap_up_min`` are mean
    minutes; ``spread`` is the coefficient of variation of on-scene time.
    """

    id: str
    name: Text
    kind: Literal["enforcement", "service", "dispute", "traffic", "venue", "non_police", "other"] = "other"
    priority: Priority = 3
    officers: Annotated[int, Field(ge=1, le=12)] = 1
    sworn: Annotated[int, Field(ge=0, le=12)] = 1
    skills: tuple[str, ...] = ()
    on_scene_min: Annotated[float, Field(gt=0)] = 25.0
    spread: Annotated[float, Field(ge=0, le=5)] = 0.8
    wrap_up_min: Annotated[float, Field(ge=0)] = 5.0
    follow_up: FollowUp = FollowUp()


class Travel(Strict):
    """How long it takes to get there when the road file does not say.

    ``speed_kmh`` and ``metric`` serve stations without roads, and the access from an atom's centre to the network; ``detour``
    multiplies straight-line distance. ``hour_factor`` multiplies travel **time** by hour of day; ``class_factor`` multiplies it by
    road class in the chosen ``season`` (``class_factor.winter.county = 1.6``); ``spread`` is the coefficient of variation of one
    journey around its mean.
    """

    speed_kmh: Annotated[float, Field(gt=0, le=200)] = 30.0
    metric: Literal["manhattan", "euclid"] = "manhattan"
    detour: Annotated[float, Field(ge=1, le=5)] = 1.0
    hour_factor: Annotated[tuple[Factor, ...], Field(min_length=24, max_length=24)] = (1.0,) * 24
    season: str = ""
    class_factor: dict[str, dict[str, Factor]] = {}
    spread: Annotated[float, Field(ge=0, le=3)] = 0.3


class CallsSource(Strict):
    """Which reading profile the call files follow (``qinwu`` is the canonical layout)."""

    profile: str = "qinwu"
    class_map: dict[str, str] = {}
    default_class: str = ""


class ResponsePolicy(Strict):
    """Promised minutes from the call to the first crew's arrival, by priority, and any named ladder such as 1-3-5."""

    limit_min: dict[Priority, Annotated[float, Field(gt=0)]] = {1: 5.0, 2: 10.0, 3: 30.0, 4: 60.0}
    ladder_min: tuple[float, ...] = (1.0, 3.0, 5.0)


class Patrol(Strict):
    """Visibility 见警率: patrol speed, how far an officer is seen, and how long a passer-by stays in the street."""

    speed_kmh: Annotated[float, Field(gt=0, le=60)] = 15.0
    sight_m: Annotated[float, Field(gt=0, le=500)] = 50.0
    stay_min: Annotated[float, Field(gt=0)] = 30.0
    dwell_min: Annotated[float, Field(gt=0)] = 15.0


class BackgroundWork(Strict):
    """Work that takes crews and is not in the call files (escorts, other units' calls); ``qinwu validate`` estimates it.

    ``utilisation`` is its share of the time on duty of the crews of the current system, ``minutes`` the mean length of a job.
    """

    utilisation: Annotated[float, Field(ge=0, le=0.95)] = 0.0
    minutes: Annotated[float, Field(gt=0, le=600)] = 30.0


class Neighbour(Strict):
    """A neighbouring station that may lend crews: how many, from which atom, and how far beyond it."""

    id: str
    name: Text
    crews: Annotated[int, Field(ge=1)] = 1
    people: Annotated[int, Field(ge=1)] = 2
    sworn: Annotated[int, Field(ge=0)] = 1
    atom: str
    extra_travel_min: Annotated[float, Field(ge=0)] = 5.0


class Assumption(Strict):
    """A figure nobody has measured here: which key it stands behind, why it was chosen, and its source if any."""

    key: str
    why: Text
    source: str = "assumption"


class StationConfig(Strict):
    """The whole of ``station.toml``."""

    name: Text
    time_zone: str = "Asia/Shanghai"
    coordinates: str = "WGS84"
    local_crs: str = ""
    base_atom: str = ""
    synthetic: bool = False
    files: Files = Files()
    atoms: Atoms = Atoms()
    roads: Roads = Roads()
    calls: CallsSource = CallsSource()
    call_class: tuple[CallClass, ...] = ()
    travel: Travel = Travel()
    policy: ResponsePolicy = ResponsePolicy()
    patrol: Patrol = Patrol()
    background: BackgroundWork = BackgroundWork()
    neighbour: tuple[Neighbour, ...] = ()
    assumption: tuple[Assumption, ...] = ()
    current: str = "current"
