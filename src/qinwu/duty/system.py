"""DutySystem: the whole of a duty system 勤务制度 as one validated value; a file may extend others.

The tables below are the vocabulary of every duty file. Which atoms, officers and hours they mean at a given station is
decided by :func:`qinwu.duty.compile.compile_plan`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from qinwu.duty.units import Accountability, Diversion, Duty, Function, Line, Load, Posting, Unit
from qinwu.station.config import Assumption, Priority, Share, Strict, Text

Seconds = Annotated[float, Field(ge=0)]
Minutes = Annotated[float, Field(ge=0)]
Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Staff(Strict):
    """How many officers a squad draws from the front-line pool.

    An integer is a head count, ``beats`` as many as there are geographic beats, ``rest`` whoever is left; a share between
    0 and 1 is of the whole front-line pool of that kind (in an area of several stations, of the pool and the beats of the squad's
    unit). ``from_administration`` sworn officers (a count, or a share of those
    at desks) are taken from administration posts besides: desk posts that became street posts.
    """

    sworn: int | Share | Literal["beats", "rest"] = 0
    auxiliary: int | Share | Literal["beats", "rest"] = 0
    from_administration: int | Share = 0


class Squad(Strict):
    """Officers under one head with one function.

    ``line`` says whether the dispatching authority commands the squad or must ask it (条, coordination). ``officers`` names
    members; otherwise ``staff`` draws them, those holding ``skills`` first.
    """

    id: str
    name: Text
    function: Function
    unit: str = "station"
    head: str = ""
    line: Line = "command"
    officers: tuple[str, ...] = ()
    staff: Staff = Staff()
    skills: tuple[str, ...] = ()
    diversion: Diversion | None = None


class Assignment(Strict):
    """Who is accountable for a beat between two dates (``until`` is the first day no longer included)."""

    officer: str
    since: date = date.min
    until: date = date.max


class Beat(Strict):
    """A beat 责任区: atoms (geographic) or trades (functional), with one accountable officer on every date.

    A functional beat owns the venues of its ``venue_kinds`` (every kind where it lists none), inside its ``atoms`` where it has
    any, and may leave its officer to be drawn from the squad that makes crews of form ``specialist``.
    """

    id: str
    name: Text | None = None
    kind: Literal["geographic", "functional"] = "geographic"
    atoms: tuple[str, ...] = ()
    venue_kinds: tuple[str, ...] = ()
    call_classes: tuple[str, ...] = ()
    officer: str = ""
    assignments: tuple[Assignment, ...] = ()
    unit: str = "station"


class Sector(Strict):
    """Adjacent beats under one sergeant 警长, who is accountable for one of them."""

    id: str
    name: Text | None = None
    beats: tuple[str, ...]
    sergeant: str


class Pair(Strict):
    """Two beats whose officers 搭档 join when a step needs two."""

    id: str
    beats: tuple[str, str]


class Watch(Strict):
    """A span of duty in one day; one that passes midnight belongs to the day it starts."""

    id: str
    name: Text | None = None
    start: Clock
    hours: Annotated[float, Field(gt=0, le=24)]


class Pattern(Strict):
    """A roster pattern: the watch of each day of a cycle (``off`` for none); group g starts ``g * step`` days into it."""

    id: str
    name: Text | None = None
    days: Annotated[tuple[str, ...], Field(min_length=1, max_length=84)]
    groups: Annotated[int, Field(ge=1, le=28)] = 1
    step: Annotated[int, Field(ge=0)] = 1


class Crews(Strict):
    """How the members of a squad become crews.

    ``form`` is ``beat`` (the accountable officer of each geographic beat, with ``people - 1`` auxiliaries where there are
    any), ``specialist`` (the officer of each functional beat), ``team`` (``people`` members, ``sworn`` of them sworn, as many
    teams as the squad can field, at most ``count``) or ``single`` (every member alone). ``priorities`` limits the calls such
    crews go to; ``patrol`` is where they are while free. Crews of form ``beat`` whose beats are ``together`` in one pair or
    sector share a roster group, so that they are on duty at the same time; otherwise they take turns.
    """

    id: str
    squad: str
    form: Literal["beat", "specialist", "team", "single"]
    people: Annotated[int, Field(ge=1, le=8)] = 1
    sworn: Annotated[int, Field(ge=0, le=8)] = 1
    count: int | None = None
    pattern: str
    patrol: Literal["own_beat", "sector", "station", "base"] = "base"
    together: Literal["none", "pair", "sector"] = "none"
    priorities: tuple[Priority, ...] = (1, 2, 3, 4)
    counts_for_reserve: bool = True


class Tier(Strict):
    """One step of who may be sent.

    ``who`` is one of ``own_beat``, ``partner``, ``sector``, ``sergeant``, ``specialist``, ``outpost``, ``hub``, ``station``,
    ``neighbour``, ``sub_bureau``, ``bureau``, ``squad:ID``, ``function:NAME``, ``unit:ID`` or ``crew:ID``. In an area of several
    stations they mean the call's own: ``station`` its crews and those of its outposts, ``hub`` its own without them, ``neighbour``
    the other stations of the area and those of station.toml, ``sub_bureau`` all below the unit above it, ``bureau`` everybody,
    ``squad:ID`` the squad of its station or of a unit above. The tier opens ``after_s`` seconds after the
    call could first be dispatched. Sending one of its crews costs ``hand_over_s``; a request is refused with probability
    ``refusal`` and may be repeated after ``wait_s``.
    """

    who: str
    after_s: Seconds = 0.0
    hand_over_s: Seconds = 0.0
    refusal: Annotated[float, Field(ge=0, lt=1)] = 0.0
    wait_s: Seconds = 0.0


class CallFilter(Strict):
    """Which calls a rule is for; an empty list means all."""

    priority: tuple[Priority, ...] = ()
    call_class: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()


class Order(Strict):
    """Who goes, in what order: the first rule whose filter fits a call is used; ``support`` names who joins."""

    id: str
    calls: CallFilter = CallFilter()
    tiers: Annotated[tuple[Tier, ...], Field(min_length=1, max_length=16)]
    support: tuple[Tier, ...] = ()


class Complement(Strict):
    """Officers required by class and hour; hours that pass midnight are allowed (``["22:00", "06:00"]``)."""

    id: str = ""
    calls: CallFilter = CallFilter()
    between: tuple[Clock, Clock] = ("00:00", "00:00")
    officers: Annotated[int, Field(ge=1, le=12)]
    sworn: Annotated[int, Field(ge=0, le=12)] = 1


class CallTaking(Strict):
    """From the ring of the phone to the first dispatcher: mean seconds, and takers (0: never busy)."""

    seconds: Seconds = 60.0
    spread: Annotated[float, Field(ge=0, le=3)] = 0.5
    takers: Annotated[int, Field(ge=0)] = 0


class Preemption(Strict):
    """Calls of priority ``by`` may take crews from less urgent work of these kinds."""

    by: tuple[Priority, ...] = (1,)
    en_route: bool = True
    wrap_up: bool = True
    on_scene: bool = False


class ShiftEnd(Strict):
    """What happens to an open job when the shift ends: finish it, or hand over what takes longer than ``limit_min``."""

    policy: Literal["finish", "hand_over"] = "finish"
    limit_min: Minutes = 30.0
    hand_over_s: Seconds = 300.0


class Coordination(Strict):
    """What asking costs where the dispatcher does not command: applied to every tier of a squad on another line."""

    hand_over_s: Seconds = 120.0
    refusal: Annotated[float, Field(ge=0, lt=1)] = 0.2
    wait_s: Seconds = 600.0


class HandOff(Strict):
    """Calls that a service line takes instead of the police: a ``share`` of those that fit goes ``to`` it, no crew (M34)."""

    id: str
    calls: CallFilter = CallFilter()
    share: Share
    to: Text


class Pace(Strict):
    """How long crews of this duty system work on calls that fit: ``factor`` times the usual, on the scene and after.

    More than 1 is what officers lose who do work they were not trained for 一警多能 (M30), less what specialists or training gain.
    """

    id: str
    calls: CallFilter = CallFilter()
    factor: Annotated[float, Field(gt=0, le=5)]


class TrainingEffect(Strict):
    """What officers who hold ``skill`` gain at calls that fit (M21): ``factor`` times the usual time, on the scene and after.

    1 is no effect, 0.9 a tenth less time. ``source`` says where the figure comes from; without one it is refused.
    """

    id: str
    skill: Annotated[str, Field(min_length=1)]
    calls: CallFilter = CallFilter()
    factor: Annotated[float, Field(ge=0.2, le=5)] = 1.0
    source: Annotated[str, Field(min_length=4)]


class Dispatch(Strict):
    """The rules of who goes.

    ``levels`` dispatch levels cost ``level_s`` each beyond the first. ``hold_s`` keeps a call of that priority for its own
    beat's officer for so long before any later tier opens. ``reserve`` keeps at least so many crews free from calls of that
    priority. Crews of a call that needs several start when all are there, or ``patience_s`` after the first arrived. ``hand_off``
    and ``pace`` change the calls themselves: the first of each that fits a call holds; every ``training`` that fits does.
    """

    call_taking: CallTaking = CallTaking()
    levels: Annotated[int, Field(ge=1, le=4)] = 1
    level_s: Seconds = 45.0
    acknowledge_s: Seconds = 15.0
    turnout_s: Seconds = 60.0
    choose: Literal["nearest", "listed"] = "nearest"
    commit: Literal["as_free", "all_at_once"] = "as_free"
    strict_fifo: bool = False
    patience_s: Seconds = 900.0
    release: Literal["independent", "joint"] = "joint"
    hold_s: dict[Priority, Seconds] = {}
    reserve: dict[Priority, Annotated[int, Field(ge=0)]] = {}
    last_minutes: dict[Priority, Minutes] = {}
    preemption: Preemption = Preemption()
    shift_end: ShiftEnd = ShiftEnd()
    coordination: Coordination = Coordination()
    complement: tuple[Complement, ...] = ()
    order: tuple[Order, ...] = ()
    hand_off: tuple[HandOff, ...] = ()
    pace: tuple[Pace, ...] = ()
    training: tuple[TrainingEffect, ...] = ()


class Work(Strict):
    """Non-call duty.

    Either flexible (``hours_per_week`` for each member, done whenever free and left for any call) or fixed (``minutes`` from
    ``at`` on each duty day whose weekday is in ``weekdays``, 0 = Monday). ``yields_to`` is the least urgent priority that may
    interrupt it: 4 every call, 1 only the most urgent, 0 none. ``stagger`` spreads starts so that at most ``max_out`` crews (of a
    station) are out at once. ``who`` is ``all``, ``beats``, ``specialists``, ``sergeants``, ``squad:ID`` or ``officer:ID``.
    """

    id: str
    name: Text
    kind: Literal["beat_visit", "inspection", "desk", "training", "campaign", "secondment", "meal", "meeting", "other"]
    who: str = "all"
    hours_per_week: Annotated[float, Field(ge=0, le=80)] = 0.0
    at: Clock | None = None
    minutes: Minutes = 0.0
    weekdays: Annotated[tuple[Annotated[int, Field(ge=0, le=6)], ...], Field(min_length=1)] = (0, 1, 2, 3, 4, 5, 6)
    yields_to: Annotated[int, Field(ge=0, le=4)] = 4
    where: Literal["beat", "base", "away"] = "beat"
    stagger: bool = False
    max_out: Annotated[int, Field(ge=1)] = 99


class FollowUpRule(Strict):
    """Who does the work a call leaves behind: ``same`` crew, the ``own_beat`` officer, or ``squad:ID``; the first that fits."""

    id: str = ""
    calls: CallFilter = CallFilter()
    who: str = "same"


class DutySystem(Strict):
    """A duty system after its ``extends`` have been merged.

    A ``layer`` is a part that cannot stand alone: it goes after another system in ``extends``. ``beats_per_officer`` joins so
    many beats that belong together (a pair, else neighbours in a sector or in the list) under the officer of the first of them;
    reading has already joined them when it is more than 1.
    """

    id: str
    name: Text
    about: Text | None = None
    extends: tuple[str, ...] = ()
    layer: bool = False
    beats_per_officer: Annotated[int, Field(ge=1, le=12)] = 1
    mechanisms: tuple[Annotated[str, Field(pattern=r"^M\d{1,2}$")], ...] = ()
    quote: str = ""
    unit: tuple[Unit, ...] = ()
    duty: tuple[Duty, ...] = ()
    accountability: tuple[Accountability, ...] = ()
    load: tuple[Load, ...] = ()
    posting: tuple[Posting, ...] = ()
    squad: tuple[Squad, ...] = ()
    beat: tuple[Beat, ...] = ()
    sector: tuple[Sector, ...] = ()
    pair: tuple[Pair, ...] = ()
    watch: tuple[Watch, ...] = ()
    pattern: tuple[Pattern, ...] = ()
    crews: tuple[Crews, ...] = ()
    dispatch: Dispatch = Dispatch()
    work: tuple[Work, ...] = ()
    follow_up: tuple[FollowUpRule, ...] = ()
    assumption: tuple[Assumption, ...] = ()
