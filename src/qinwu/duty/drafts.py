"""Drafts: a duty file that somebody hands in, read and named as the station would have it, before it is one of its files."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qinwu.duty.reading import DUTY, PRESET, SUFFIX, LoadedSystem, read_draft
from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.rules import compile_checked
from qinwu.findings import Finding, Place, QinwuError, raise_on_errors
from qinwu.language import N_
from qinwu.station.station import Station
from qinwu.station.text_file import decode
from qinwu.station.toml_file import parse_toml
from qinwu.station.toml_lines import key_lines

MOST_BYTES, MOST_LINES, LONGEST_LINE, MOST_SOURCES, MOST_ENTRIES = 200_000, 5_000, 10_000, 20, 800
"""A duty file larger than this is something else. Reading it takes time by the square of these: within them it soon ends."""

NAME = re.compile(r"[^\W_][\w-]{0,59}")
"""What a duty file may be called: letters, digits, - and _, so that no name leads out of the folder."""

SOURCE = re.compile(r"(?:preset:)?[^\W_][\w-]{0,59}")
"""What a file that is handed in may extend: presets, and files of the station by name."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A duty file handed in: its id, which is its name in the folder, and its text."""

    id: str
    text: str


def draft_of(content: bytes, file: str) -> Draft:
    """Return a file that was handed in.

    Parameters
    ----------
    content
        Its bytes.
    file
        How findings name it.

    Raises
    ------
    QinwuError
        It is too large, no text, no TOML, has no id that can be a name, or extends what is outside the station's folder.
    """
    if len(content) > MOST_BYTES:
        message = N_("The file is too large: {size} bytes, at most {most} are read.")
        values = {"size": f"{len(content):,}", "most": f"{MOST_BYTES:,}"}
        raise QinwuError([_finding("too-large", file, message, N_("Is this a duty file?"), **values)])
    text = decode(content, file)
    raise_on_errors(_too_long(text, file))
    data = _data(text, file)
    raise_on_errors(_wrong(data, text, file))
    return Draft(data["id"], text)


def _too_long(text: str, file: str) -> Iterator[Finding]:
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        message, remedy = N_("The file has too many lines: {count}, at most {most} are read."), N_("Is this a duty file?")
        yield _finding("too-many-lines", file, message, remedy, count=f"{len(lines):,}", most=f"{MOST_LINES:,}")
    row = next((row for row, line in enumerate(lines, start=1) if len(line) > LONGEST_LINE), None)
    if row is not None:
        message, remedy = N_("A line has more than {most} characters."), N_("Write lists over several lines.")
        yield Finding("too-long-line", "error", message, remedy, Place(file, row), {"most": f"{LONGEST_LINE:,}"})


def _data(text: str, file: str) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"draft{SUFFIX}"
        path.write_text(text, encoding="utf-8", newline="")
        return parse_toml(path, file)[0]


def _wrong(data: dict[str, Any], text: str, file: str) -> Iterator[Finding]:
    name, extends, lines = data.get("id"), data.get("extends", []), key_lines(text)
    if not isinstance(name, str) or not NAME.fullmatch(name):
        message, remedy = N_("{value} cannot be the id of a duty system."), N_("Use letters, digits, - and _, at most 60.")
        place = Place(file, lines.get(("id",)), "id")
        yield Finding("bad-id", "error", message, remedy, place, {"value": "" if name is None else str(name)[:80]})
    if isinstance(extends, list) and len(extends) > MOST_SOURCES:
        message, remedy = N_("The file extends {count} others, at most {most} are read."), N_("Name each once.")
        place = Place(file, lines.get(("extends",)), "extends")
        yield Finding("too-many-sources", "error", message, remedy, place, {"count": len(extends), "most": MOST_SOURCES})
    for key, value in data.items():
        if isinstance(value, list) and len(value) > MOST_ENTRIES:
            message, remedy = N_("{key} has {count} entries, at most {most} are read."), N_("Is this a duty file?")
            values = {"key": key[:60], "count": len(value), "most": MOST_ENTRIES}
            yield Finding("too-many-entries", "error", message, remedy, Place(file, lines.get((key,)), key[:60]), values)
    for source in extends if isinstance(extends, list) else []:
        if isinstance(source, str) and not SOURCE.fullmatch(source):
            message, remedy = N_("A file that is handed in cannot extend {value}."), N_("Name a preset, or a file of the station.")
            place = Place(file, lines.get(("extends",)), "extends")
            yield Finding("extends-elsewhere", "error", message, remedy, place, {"value": source[:80]})


def named(draft: Draft, name: str, file: str) -> Draft:
    """Return a draft under another name: the line of its id says so, everything else is as it was.

    Raises
    ------
    QinwuError
        `name` cannot be a name, or the id does not stand on a line of its own.
    """
    if name == draft.id:
        return draft
    if not NAME.fullmatch(name):
        message, remedy = N_("{value} cannot be the id of a duty system."), N_("Use letters, digits, - and _, at most 60.")
        raise QinwuError([_finding("bad-id", file, message, remedy, value=name[:80])])
    row = key_lines(draft.text).get(("id",), 0)
    lines = draft.text.splitlines(keepends=True)
    if row:
        end = lines[row - 1][len(lines[row - 1].rstrip("\r\n")) :]
        lines[row - 1] = f'id = "{name}"{end}'
    text = "".join(lines)
    if not row or _data(text, file) != _data(draft.text, file) | {"id": name}:
        message = N_("The id cannot be changed to {value}: it does not stand on a line of its own.")
        raise QinwuError([_finding("id-not-found", file, message, N_("Change it in the file."), value=name)])
    return Draft(name, text)


def free_name(name: str, taken: Collection[str]) -> str:
    """Return a name that is not taken, whether in small or capital letters: `name`, or its next version.

    >>> free_name("pairs", ["pairs", "Pairs_2"])
    'pairs_3'
    """
    known = {each.casefold() for each in taken}
    if name.casefold() not in known:
        return name
    stem = re.sub(r"_\d+$", "", name)[:55]
    return next(found for number in range(2, len(known) + 3) if (found := f"{stem}_{number}").casefold() not in known)


def compiled(draft: Draft, station: Station) -> tuple[LoadedSystem, ResponsePlan, tuple[Finding, ...]]:
    """Return a draft read with the station's files and compiled, and what is doubtful about it.

    Raises
    ------
    QinwuError
        With everything that ``qinwu check`` would say of the file if it stood in the folder.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / DUTY / f"{draft.id}{SUFFIX}"
        path.parent.mkdir()
        path.write_text(draft.text, encoding="utf-8", newline="")
        try:
            loaded = read_draft(path, station.folder)
            return loaded, *compile_checked(station, loaded)
        except RecursionError:
            message, remedy = N_("Lists or tables stand in each other without end."), N_("Write it anew.")
            raise QinwuError([_finding("too-deep", f"{DUTY}/{path.name}", message, remedy)]) from None


def adopted(preset: str, like: Path, taken: Collection[str]) -> Draft:
    """Return a duty file of a station for a preset: the preset in the place of the one that another of its files extends.

    A preset says how people work together, not where: beats and times come from the station's files, in the order in which
    those are laid over one another in the file that is the pattern.

    Parameters
    ----------
    preset
        Id of a preset.
    like
        A duty file of the station.
    taken
        Names that are taken.
    """
    data, _text = parse_toml(like)
    sources = list(dict.fromkeys(_exchanged(data.get("extends", []), f"{PRESET}{preset}")))
    name = free_name(preset, taken)
    listed = ", ".join(f'"{source}"' for source in sources)
    return Draft(name, f'id = "{name}"\nextends = [{listed}]\n')


def _exchanged(sources: Iterable[str], preset: str) -> Iterator[str]:
    found = False
    for source in sources:
        if not source.startswith(PRESET):
            yield source
        elif not found:
            found = True
            yield preset
    if not found:
        yield preset


def _finding(code: str, file: str, message: str, remedy: str, **values: object) -> Finding:
    return Finding(code, "error", message, remedy, Place(file), values)
