"""Steps: the vocabulary of reform files. Each step says why it is as it is, and where its figures come from.

Units are chosen by id, or by ``level:station`` (every unit of that level), ``under:ID`` (the unit's children) and ``homes`` (every
station that has beats).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from qinwu.duty.system import CallFilter, Clock
from qinwu.duty.units import Function, Heads, Level, Line, Sphere
from qinwu.station.config import Share, Strict, Text
from qinwu.station.force import Post

Units = Annotated[tuple[str, ...], Field(min_length=1)]
HOMES = "homes"


class Step(Strict):
    """What every step says of itself: why, and the source of its figures (``assumption`` where there is none)."""

    id: str
    why: Text
    source: str = "assumption"


class RemoveLevel(Step):
    """Take a level out of the tree: its units are absorbed by the unit above each (M29)."""

    op: Literal["remove_level"]
    level: Level
    under: tuple[str, ...] = ()


class Merge(Step):
    """Join units into one: all of `units`, or, ``by = "parent"``, those with one parent; in groups of at most ``size``.

    The unit ``into`` which they go is one of them. Without it the largest keeps its id and place. ``name`` is what the merged unit
    is called; ``{name}`` in it stands for the name of the unit that stays.
    """

    op: Literal["merge"]
    units: Units
    into: str = ""
    by: Literal["all", "parent"] = "all"
    size: Annotated[int, Field(ge=2, le=99)] = 99
    name: Text | None = None


class Part(Strict):
    """A unit that a split makes: its beats go along, with the officers who answer for them and a fair share of the others."""

    id: str
    name: Text
    beats: Annotated[tuple[str, ...], Field(min_length=1)]
    base_atom: str = ""


class Split(Step):
    """Divide a unit: the parts are new units of its level beside it; what no part takes stays."""

    op: Literal["split"]
    unit: str
    parts: Annotated[tuple[Part, ...], Field(min_length=1)]


class MoveBeats(Step):
    """Give beats, with the officers who answer for them, to another unit (M74)."""

    op: Literal["move_beats"]
    beats: Annotated[tuple[str, ...], Field(min_length=1)]
    to: str


class Rebalance(Step):
    """Move border beats between stations of unequal work until the busiest has at most ``within`` more than the mean (M74)."""

    op: Literal["rebalance"]
    units: Units = (HOMES,)
    within: Annotated[float, Field(ge=0, le=5)] = 0.25
    most: Annotated[int, Field(ge=1, le=200)] = 20


class MovePosts(Step):
    """Turn posts of one kind into posts of another 警力下沉 (M42): ``count`` of each unit, or a ``share`` of them.

    ``to`` is the unit they go to: the same where empty, ``homes`` for the stations below that have fewest officers for their beats.
    """

    op: Literal["move_posts"]
    units: Units
    post: Post
    becomes: Post = "front_line"
    count: Heads = 0
    share: Share = 0.0
    to: str = ""


class Retrain(Step):
    """Teach officers more 一警多能 (M30): the skills they gain, and the ``pace`` at which calls that fit are then worked on."""

    op: Literal["retrain"]
    units: Units = (HOMES,)
    posts: tuple[Post, ...] = ("front_line",)
    skills: Annotated[tuple[str, ...], Field(min_length=1)]
    share: Share = 1.0
    calls: CallFilter = CallFilter()
    pace: Annotated[float, Field(gt=0, le=5)] = 1.0


class SetRelation(Step):
    """Change who commands whom 条块 (M70, M73): the line of squads (by id or function), or what ``by`` may do in ``units``."""

    op: Literal["set_relation"]
    relation: Line
    squads: tuple[str, ...] = ()
    functions: tuple[Function, ...] = ()
    units: tuple[str, ...] = ()
    by: str = ""


class SetDispatchLevels(Step):
    """Change the way of a call (M72): levels that take it, levels that dispatch it, seconds for each level beyond the first."""

    op: Literal["set_dispatch_levels"]
    taking_levels: Annotated[int, Field(ge=1, le=3)] = 1
    taking_level_s: Annotated[float, Field(ge=0)] = 60.0
    levels: Annotated[int, Field(ge=1, le=4)]
    level_s: Annotated[float, Field(ge=0)] | None = None


class AddOutpost(Step):
    """Open an outpost (M71): its beats, where it stands, and how many officers of the hub go there."""

    op: Literal["add_outpost"]
    outpost: str
    name: Text
    hub: str
    base_atom: str
    beats: Annotated[tuple[str, ...], Field(min_length=1)]
    sworn: Heads = 0
    auxiliary: Heads = 0


class CloseOutpost(Step):
    """Close outposts (M71): beats and officers go back to the hub."""

    op: Literal["close_outpost"]
    units: Units


class SetPatrol(Step):
    """Change where crews are while free: in their beats, about the station, at the house; ``crews`` are ids of crews rules."""

    op: Literal["set_patrol"]
    crews: Annotated[tuple[str, ...], Field(min_length=1)]
    patrol: Literal["own_beat", "sector", "station", "base"]


class Divert(Step):
    """Take officers for a campaign or a secondment 抽调 (M20, M49) in a window of the week; nothing interrupts it."""

    op: Literal["divert"]
    units: Units = (HOMES,)
    post: Post = "front_line"
    officers: Annotated[int, Field(ge=1)]
    kind: Literal["campaign", "secondment"] = "campaign"
    at: Clock = "20:00"
    minutes: Annotated[float, Field(gt=0, le=1440)] = 240.0
    weekdays: Annotated[tuple[Annotated[int, Field(ge=0, le=6)], ...], Field(min_length=1)] = (0, 1, 2, 3, 4, 5, 6)
    ordered_by: str = ""


class ShareNonPolice(Step):
    """Hand a share of calls to a service line (M34)."""

    op: Literal["share_non_police"]
    calls: CallFilter = CallFilter(kind=("non_police",))
    share: Share
    to: Text


class Adopt(Step):
    """Work by another duty system: its squads, crews, rules of dispatch and work, with the units, beats and posts there are."""

    op: Literal["adopt"]
    system: str


AnyStep = Annotated[
    RemoveLevel
    | Merge
    | Split
    | MoveBeats
    | Rebalance
    | MovePosts
    | Retrain
    | SetRelation
    | SetDispatchLevels
    | AddOutpost
    | CloseOutpost
    | SetPatrol
    | Divert
    | ShareNonPolice
    | Adopt,
    Field(discriminator="op"),
]


class Overhead(Strict):
    """Posts a unit of a level cannot do without: command, desks, and a desk more for each so many heads (0: none).

    ``sphere`` limits it to headquarters, specialist or grassroots units. What a unit has beyond this after a reform is freed for
    the front line, what it lacks is taken from there.
    """

    level: Level
    sphere: Sphere | None = None
    command: Heads
    administration: Heads = 0
    heads_per_desk: Heads = 0
    why: Text
    source: str = "assumption"
