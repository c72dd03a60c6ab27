"""Write the reference pages of the TOML files and of the measures from the models themselves; with ``--check`` only compare.

A page lists every table with its docstring and every key with type and default, so that it cannot disagree with what is read.
"""

from __future__ import annotations

import inspect
import sys
import types
import typing
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from qinwu.duty.reform.reform import Reform
from qinwu.duty.system import DutySystem
from qinwu.judge.targets.card import Card
from qinwu.simulate.outcome import catalogue
from qinwu.station.config import StationConfig

DOCS = Path(__file__).parents[1] / "docs" / "reference"
INTRO = {
    "station-folder.md": """# Station folder

    station.toml      what the station says about itself (below)
    atoms.geojson     the smallest areas you count by: id, population, optional street_m
    roads.geojson     optional road lines: class, speed_kmh, oneway
    calls.csv         calls; CSV, Excel or Parquet, one file or many, any layout with a profile
    officers.csv      officer_id, kind, post, skills, unit, joined; ids, never names
    venues.csv        optional: venue_id, kind, atom or lon/lat, grade, inspection_min
    duty-log.csv      optional: who was on duty when and for what; beside it duty-balance.csv, duty-terms.toml, duty-rules.toml
    duty/*.toml       duty systems

A JSON Schema for editors is in [station.schema.json](../schema/station.schema.json).
""",
    "duty-system.md": """# Duty systems

A duty file says what differs and `extends` the rest: `preset:ID` for one that comes with Qinwu, or the name of another file of the
`duty` folder. Later entries override earlier ones and the file itself overrides all; tables merge key by key, lists whose items
have an `id` item by item (`remove = true` takes one out), other lists are replaced.

## An area of several stations

One folder may hold the area of a sub-bureau or a bureau: `[[unit]]` tables for the tree, `unit` on beats and in `officers.csv`.
A beat's station is the nearest unit, from its own upwards, that is neither an outpost nor a squad. With one station nothing below
matters; with several, every duty system runs on them as it is:

- A unit called `station`, `sub_bureau`, `bureau` or `outpost` that no beat is in or under, as presets have them, is a template. It
  stands for every unit of its level in the line above the stations, and is dropped. What belongs to it is made once for each:
  squad `duty` becomes `duty@S1`, `duty@S2` and so on, with its crews, functional beats, loads, indicators and the units under it.
  Squads of a unit of any other name stay single. A squad that a file calls `duty@S1` itself is kept as it says.
- A template `station` of a higher level merges stations: in `preset:merged` it is a sub-bureau, so beats, squads and calls are the
  sub-bureau's, and "the station" means all of it.
- `squad:duty`, `crew:duty` and `unit:sub_bureau` mean those of the call's own station, or of a unit above it. `station`, `hub`,
  `neighbour`, `sub_bureau` and `bureau` are told under [Tier](#tier); what each further level costs is said there too.
- A squad draws from the officers of its unit, then of units below it, then from those without a unit; shares and `beats` are of
  that unit. A unit with no officers at or below it draws like the one above. `[[posting]]` moves officers first.
- Crews wait at the `base_atom` of their unit and patrol the beats of its area; meals and training are staggered station by station.
  `dispatch.reserve` counts crews of the whole area.

A JSON Schema for editors is in [duty.schema.json](../schema/duty.schema.json).
""",
    "reform.md": """# Reforms

A reform is a file of steps, done in order: a preset of Qinwu, a file of the folder `reforms/` of a station, or a path. What
`qinwu reform` does with it is told in [Try a reform](../how-to/try-a-reform.md). Each `[[step]]` has an `op` that says which of the
tables below it is.
""",
    "judging-card.md": """# Judging card

`judge.toml` of a station folder: indicators, the work they take, the station's own tables. Where there is none,
`qinwu judge` uses a sample card, `src/qinwu/judge/targets/cards/default.toml`. How to write one is told in
[Set targets](../how-to/set-targets.md).

Formulas name columns of these tables; a row's owners are `unit`, `squad`, `sector`, `beat` and `officer` everywhere.

| table | columns besides the owners |
| --- | --- |
| `calls` | `call_id`, `received`, `day`, `hour`, `weekday`, `call_class`, `kind`, `priority`, `atom`, `origin`, |
| | `officers_required`, `dispatch_s`, `travel_s`, `response_s`, `on_scene_s`, `total_s`, `in_time`, `stamps`, `alike_7d` |
| `venues` | `venue_id`, `kind`, `grade`, `inspection_min`, `atom` |
| `officers` | `kind`, `post`, `skills` (how many), `joined_year` |
| `duty` | `kind`, `day`, `hours`, `night_hours`, `weekend`: a row for each officer and day on duty by the pattern |

`weekday` is 0 on Monday; `in_time` is null without an arrival; `stamps` counts those of six that are there; `alike_7d` the calls of
that class from that atom in the 7 days before.
""",
}


def models_of(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield `model` and every model its fields hold, each once, in the order of reading."""
    seen: list[type[BaseModel]] = []
    waiting: list[type[BaseModel]] = [model]
    while waiting:
        current = waiting.pop(0)
        if current not in seen:
            seen.append(current)
            for field in current.model_fields.values():
                waiting += [part for part in _parts(field.annotation) if part not in seen]
    yield from seen


def _parts(annotation: object) -> Iterator[type[BaseModel]]:
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for part in typing.get_args(annotation):
        yield from _parts(part)


def words_of(annotation: object) -> str:
    """Return a type in words, for example ``list of number``."""
    simple = {
        str: "text",
        int: "whole number",
        float: "number",
        bool: "true or false",
        type(None): "nothing",
        typing.Any: "anything",
    }
    if annotation in simple:
        return simple[annotation]
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return f"[{annotation.__name__}](#{annotation.__name__.lower()})"
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return words_of(parts[0])
    if origin is typing.Literal:
        return " / ".join(f"`{part}`" for part in parts)
    if origin is tuple:
        return "list of " + words_of(parts[0])
    if origin is dict:
        return f"table: {words_of(parts[0])} to {words_of(parts[1])}"
    if origin in (typing.Union, types.UnionType):
        return " or ".join(words_of(part) for part in parts if part is not type(None))
    return getattr(annotation, "__name__", str(annotation))


def _default(value: object, required: bool) -> str:
    if required:
        return "required"
    if isinstance(value, BaseModel) or value in ((), {}, "", None):
        return ""
    if isinstance(value, tuple) and len(value) > 8:
        return f"{len(value)} × {value[0]}"
    return f"`{list(value) if isinstance(value, tuple) else value}`"


def page_of(model: type[BaseModel], intro: str) -> str:
    """Return the reference page of one file."""
    lines = [intro]
    for part in models_of(model):
        lines += [f"## {part.__name__}", "", inspect.cleandoc(part.__doc__ or "").replace("``", "`"), ""]
        lines += ["| key | type | default |", "| --- | --- | --- |"]
        for name, field in part.model_fields.items():
            default = _default(field.get_default(call_default_factory=True, validated_data={}), field.is_required())
            lines.append(f"| `{field.alias or name}` | {words_of(field.annotation)} | {default} |")
        lines.append("")
    return "\n".join(lines)


def measures_page() -> str:
    """Return the reference page of the measures."""
    lines = ["# Measures", "", "| measure | | unit | how it is computed |", "| --- | --- | --- | --- |"]
    lines += [
        f"| `{name}` | {entry.en} {entry.zh} | {entry.unit} | {entry.how_en} {entry.how_zh} |"
        for name, entry in catalogue().items()
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write or check."""
    pages = {
        "station-folder.md": page_of(StationConfig, INTRO["station-folder.md"]),
        "duty-system.md": page_of(DutySystem, INTRO["duty-system.md"]),
        "reform.md": page_of(Reform, INTRO["reform.md"]),
        "judging-card.md": page_of(Card, INTRO["judging-card.md"]),
        "measures.md": measures_page(),
    }
    stale = [name for name, text in pages.items() if not (DOCS / name).exists() or (DOCS / name).read_text("utf-8") != text]
    if "--check" in sys.argv:
        sys.stdout.write("".join(f"docs/reference/{name} is stale: run python tools/reference.py\n" for name in stale))
        return 1 if stale else 0
    DOCS.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (DOCS / name).write_text(pages[name], encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
