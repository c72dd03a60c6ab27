"""The duty folder: the station's own facts once, and one small file for each duty system that is to be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qinwu.station.sample.calibration import data_text

TITLES: dict[str, tuple[str, str]] = {
    "one_beat": ("一区一警", "One officer, one beat"),
    "sector": ("警长负责制", "Sector sergeants"),
    "pairs": ("搭档联勤制", "Paired beats"),
    "functional": ("一区一警加特业专勤", "One officer, one beat, with a venue specialist"),
    "split_lines": ("条线分设", "Split lines"),
    "three_squads": ("三队一组", "Three squads, one group"),
    "two_teams": ("两队一室", "Two teams, one room"),
    "kunming": ("一级接警两级处警", "One call-taking level, two dispatch levels"),
    "merged": ("撤所并局、两级管理", "Merged, two levels"),
    "hub_outposts": ("中心所带分驻所", "Hub and outposts"),
}


@dataclass(frozen=True)
class BeatFact:
    """A beat of the base file: atoms or venue kinds, its officer and unit."""

    id: str
    name: tuple[str, str]
    atoms: tuple[str, ...]
    officer: str
    unit: str = "station"
    venue_kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class SectorFact:
    """A sector: beats and the sergeant, officer of one of them."""

    id: str
    name: tuple[str, str]
    beats: tuple[str, ...]
    sergeant: str


@dataclass(frozen=True)
class UnitFact:
    """A unit of the organisation, and its established posts where it has any: command, administration, front line."""

    id: str
    name: tuple[str, str]
    level: str
    parent: str = ""
    base_atom: str = ""
    posts: tuple[int, int, int] | None = None


@dataclass(frozen=True)
class StationFacts:
    """All that the base file says."""

    units: tuple[UnitFact, ...]
    beats: tuple[BeatFact, ...]
    sectors: tuple[SectorFact, ...]
    pairs: tuple[tuple[str, str], ...]


def duty_files(base: str, systems: Sequence[str], layers: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the files of the duty folder by name; the first of `systems` is the one in force, `base` the text of ``base.toml``.

    `layers` names, by system, files to lay over its preset besides ``local.toml``.
    """
    shared = dict.fromkeys(["local", *(layer for each in layers.values() for layer in each)])
    return {
        "base.toml": base,
        **{f"{layer}.toml": data_text(f"{layer}.toml") for layer in shared},
        **{f"{system}.toml": system_text(system, layers.get(system, ())) for system in systems},
    }


def base_text(facts: StationFacts) -> str:
    """Return ``base.toml`` of a single station."""
    head = (
        "# 本所的家底：单位、责任区、警务区、搭档。各项勤务制度共用，只写一次。\n"
        "# What this station is made of; every duty system of this folder extends this file.\n\n"
        f'id = "base"\nname = {both("本所家底", "Facts of this station")}\n'
    )
    parts = [*map(_unit, facts.units), *map(beat_text, facts.beats), *map(_sector, facts.sectors)]
    return "\n".join([head, *parts, *(pair_text(f"D{at}", pair) for at, pair in enumerate(facts.pairs, start=1))])


def system_text(system: str, layers: Sequence[str] = ()) -> str:
    """Return the file of one duty system: its preset laid over the base, the station's own times and `layers` over both."""
    extends = listed(["base", f"preset:{system}", "local", *layers])
    return f'id = "{system}"\nname = {both(*TITLES[system])}\nextends = {extends}\n'


def both(zh: str, en: str) -> str:
    """Return words in both languages as an inline table."""
    return f'{{ zh = "{zh}", en = "{en}" }}'


def listed(words: Sequence[str]) -> str:
    """Return an array of strings.

    >>> listed(["a", "b"])
    '["a", "b"]'
    """
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


def _unit(unit: UnitFact) -> str:
    lines = ["[[unit]]", f'id = "{unit.id}"', f"name = {both(*unit.name)}", f'level = "{unit.level}"']
    lines += [f'parent = "{unit.parent}"'] if unit.parent else []
    lines += [f'base_atom = "{unit.base_atom}"'] if unit.base_atom else []
    if unit.posts:
        lines.append("posts = {{ command = {}, administration = {}, front_line = {} }}".format(*unit.posts))
    return "\n".join(lines) + "\n"


def beat_text(beat: BeatFact) -> str:
    """Return the table of a beat."""
    lines = ["[[beat]]", f'id = "{beat.id}"', f"name = {both(*beat.name)}"]
    lines += ['kind = "functional"', f"venue_kinds = {listed(beat.venue_kinds)}"] if beat.venue_kinds else []
    lines += [f"atoms = {listed(beat.atoms)}"] if beat.atoms else []
    lines += [f'officer = "{beat.officer}"', f'unit = "{beat.unit}"']
    return "\n".join(lines) + "\n"


def _sector(sector: SectorFact) -> str:
    lines = ["[[sector]]", f'id = "{sector.id}"', f"name = {both(*sector.name)}", f"beats = {listed(sector.beats)}"]
    return "\n".join([*lines, f'sergeant = "{sector.sergeant}"']) + "\n"


def pair_text(name: str, beats: tuple[str, str]) -> str:
    """Return the table of a pair."""
    return f'[[pair]]\nid = "{name}"\nbeats = {listed(beats)}\n'
