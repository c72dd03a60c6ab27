"""Units: the tables of a duty file that describe the organisation 组织架构, and who is posted where.

A chart is a tree of units (one line superior each), the posts they have, the duties they own, the lines that reach into them from
elsewhere 条块, and what they answer for. :mod:`qinwu.duty.organisation` audits it, :mod:`qinwu.duty.reform` changes it.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from qinwu.station.config import Share, Strict, Text
from qinwu.station.force import Post

Line = Literal["command", "coordinate", "guide"]
Level = Literal["bureau", "sub_bureau", "section", "brigade", "station", "outpost", "squad"]
Function = Literal["community", "patrol", "investigation", "desk", "venues", "command"]
Sphere = Literal["headquarters", "specialist", "grassroots"]
POSTS: tuple[Post, ...] = ("command", "administration", "front_line", "specialist")
SPHERE_OF: dict[Level, Sphere] = {
    "bureau": "headquarters",
    "sub_bureau": "headquarters",
    "section": "headquarters",
    "brigade": "specialist",
    "station": "grassroots",
    "outpost": "grassroots",
    "squad": "grassroots",
}
"""Where a unit that does not say belongs 机关、专业警种、基层 (M57)."""

Hours = Annotated[float, Field(ge=0)]
Heads = Annotated[int, Field(ge=0)]


class Posts(Strict):
    """Established posts of a unit itself, without the units below it, by what they are for."""

    command: Heads = 0
    administration: Heads = 0
    front_line: Heads = 0
    specialist: Heads = 0

    @property
    def total(self) -> int:
        """All posts."""
        return sum(getattr(self, kind) for kind in POSTS)


class Tie(Strict):
    """What another unit may do here besides the parent: ``relation`` over ``function`` (all of them where it names none)."""

    unit: str
    relation: Line
    function: Function | None = None


class Unit(Strict):
    """A node of the organisation tree; ``relation`` is what its parent may do with it.

    ``sphere`` is headquarters 机关, specialist 专业警种 or grassroots 基层 (by level where it says nothing); ``function`` what it
    is for, ``head`` an officer, ``ties`` what units other than the parent may do here 条, ``mirrors`` the section of the level
    above that it copies 上下对口, ``budget`` the unit that holds its money (itself where empty), ``duties`` the duties it owns.
    """

    id: str
    name: Text
    level: Level
    parent: str = ""
    relation: Line = "command"
    sphere: Sphere | None = None
    function: Function | None = None
    head: str = ""
    ties: tuple[Tie, ...] = ()
    mirrors: str = ""
    budget: str = ""
    duties: tuple[str, ...] = ()
    base_atom: str = ""
    posts: Posts = Posts()

    @property
    def belongs(self) -> Sphere:
        """Headquarters, specialist or grassroots."""
        return self.sphere or SPHERE_OF[self.level]


class Duty(Strict):
    """A duty somebody has to own: what the chart is held against (M16). ``basis`` is the rule that imposes it (M60)."""

    id: str
    name: Text
    basis: str = ""
    function: Function | None = None


class Accountability(Strict):
    """An indicator a unit is assessed on, and the units or squads that move it (M62)."""

    id: str
    name: Text
    unit: str
    needs: tuple[str, ...] = ()


class Load(Strict):
    """Hours a unit loses each week, all members together, to what is not its work (M48-M50)."""

    id: str
    name: Text
    unit: str
    kind: Literal["meeting", "assessment", "paperwork", "ad_hoc", "secondment"]
    hours_per_week: Hours
    ordered_by: str = ""


class Diversion(Strict):
    """What keeps a squad's specialists at their work: the limit, and the five controls 防挪用五法 (M68, M69).

    ``limit`` is the share of their hours that may go to other work, ``hours_per_week`` what goes there now, per member.
    ``norm``: written; ``target``: in the squad's own targets; ``supervised_by``: the branch that may read the ledger;
    ``chief_indicator``: in the chief's assessment; ``corrective_order``: the order that may end it.
    """

    limit: Share
    hours_per_week: Hours | None = None
    norm: str = ""
    target: str = ""
    supervised_by: str = ""
    chief_indicator: str = ""
    corrective_order: str = ""


class Posting(Strict):
    """An officer who is elsewhere, or something else, under this duty system than the officers file says.

    ``id`` is the officer's. Empty fields leave what the file says; ``skills`` are those gained.
    ``why`` tells which step of a reform did it.
    """

    id: str
    unit: str = ""
    post: Post | None = None
    skills: tuple[str, ...] = ()
    why: str = ""
