"""Reading duty systems: a file and everything it extends become one :class:`DutySystem` that knows where each value stands.

``extends`` names presets (``preset:one_beat``), other files beside it (``base``) or relative paths (``../shared/base.toml``).
All of them are laid over one another in the order in which they are named, each after what it extends itself and each once
only; the file itself comes last. See :mod:`qinwu.duty.merging` for what overrides what.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache, reduce
from pathlib import Path
from types import MappingProxyType
from typing import Any

from qinwu.duty.every_station import at_every_station
from qinwu.duty.joining import join_beats
from qinwu.duty.merging import Leaf, Source, Table, merge, plain, read_tree, sources
from qinwu.duty.stations import template_of
from qinwu.duty.system import DutySystem
from qinwu.findings import Finding, Place, QinwuError, did_you_mean, raise_on_errors
from qinwu.language import N_
from qinwu.station.toml_file import key_text, parse_toml, validate
from qinwu.station.toml_lines import KeyPath

PRESETS = Path(__file__).parent / "presets"
PRESET = "preset:"
DUTY = "duty"
SUFFIX = ".toml"
OWN = ("id", "extends", "layer")
"""Keys that a file does not take from what it extends."""

_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


@dataclass(frozen=True)
class LoadedSystem:
    """A duty system, and where each of its values stands.

    Parameters
    ----------
    system
        The merged, validated duty system, ready to be compiled.
    provenance
        Key path in the merged data, such as ``("crews", 2, "people")``, to the file and line that say so.
    files
        The files it was read from, the first overridden by all later ones.
    merged
        The system as its files state it, where that differs: before beats are joined and squads made for each station.
    """

    system: DutySystem
    provenance: Mapping[KeyPath, Source] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    merged: DutySystem | None = None

    @property
    def stated(self) -> DutySystem:
        """The system as its files state it, before beats are joined and squads made for each station."""
        return self.merged or self.system

    def source(self, *path: str | int) -> Source:
        """Return where the value at `path` stands: its own source, or that of the nearest table around it.

        A step into an array is a position or the id of an item: ``source("crews", "duty", "people")``; where it was made once
        for each station, the first of them.
        """
        return _source_at(self.provenance, self.positions(path))

    def positions(self, path: KeyPath) -> KeyPath:
        """Return `path` with ids of array items, and positions written as words, replaced by positions."""
        value: Any = self.system
        found: KeyPath = ()
        for step in path:
            if isinstance(value, tuple) and isinstance(step, str):
                step = _position(value, step)
            found += (step,)
            value = _inside(value, step)
        return found

    def place(self, *path: str | int) -> Place:
        """Return :meth:`source` as the place of a finding."""
        return self.source(*path).place()

    def located(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """Return findings that name only a key of the system with file and line as well; others as they are."""
        return tuple(self._located(finding) for finding in findings)

    def _located(self, finding: Finding) -> Finding:
        place = finding.place
        path = key_path(place.key)
        if place.file or place.row is not None or not path or path[0] not in DutySystem.model_fields:
            return finding
        return replace(finding, place=self.place(*path))


def read_system(name: str | Path, folder: Path | None = None) -> LoadedSystem:
    """Return a duty system with everything it extends.

    Parameters
    ----------
    name
        Name of a file in the ``duty`` folder of the station, ``preset:ID``, or a path ending in ``.toml``.
    folder
        The station folder.

    Raises
    ------
    QinwuError
        With every problem of every file: missing files, circles of ``extends``, broken TOML, unknown keys, wrong values.
    """
    reader = _Reader(folder / DUTY if folder else Path())
    path = reader.resolve(str(name), Place())
    if path is not None:
        reader.visit(path, Place())
    raise_on_errors(reader.findings)
    return _loaded(reader.trees)


def read_draft(path: Path, folder: Path) -> LoadedSystem:
    """Return a duty system whose file is not in the station's ``duty`` folder yet, as if it stood there.

    Parameters
    ----------
    path
        The file; it may stand anywhere.
    folder
        The station folder; what the file extends is looked for in its ``duty``.

    Raises
    ------
    QinwuError
        As :func:`read_system` does.
    """
    reader = _Reader(folder / DUTY, draft=path)
    reader.visit(path, Place())
    raise_on_errors(reader.findings)
    return _loaded(reader.trees)


def read_preset(preset: str) -> LoadedSystem:
    """Return a preset that comes with Qinwu, by id; raise `QinwuError` where there is none."""
    return read_system(f"{PRESET}{preset}")


def preset_ids() -> tuple[str, ...]:
    """Return the ids of all presets that are whole duty systems, in alphabetical order."""
    return tuple(name for name in _preset_names() if not _is_layer(PRESETS / f"{name}{SUFFIX}"))


def layer_ids() -> tuple[str, ...]:
    """Return the ids of the presets that go on top of another system."""
    return tuple(name for name in _preset_names() if _is_layer(PRESETS / f"{name}{SUFFIX}"))


def list_systems(folder: Path) -> tuple[str, ...]:
    """Return the names of the duty systems of a station folder, in alphabetical order.

    Files that make no crews, such as a ``base.toml`` of beats, and those marked ``layer = true`` are parts of others and left
    out; a file that cannot be read is listed, so that reading it tells why.
    """
    return tuple(path.stem for path in _toml_files(folder / DUTY) if _is_system(path))


def list_files(folder: Path) -> tuple[str, ...]:
    """Return the names of all files of a station's ``duty`` folder, parts of systems included, in alphabetical order."""
    return tuple(path.stem for path in _toml_files(folder / DUTY))


def key_path(key: str) -> KeyPath:
    """Return a written key as a path.

    >>> key_path("dispatch.order[1].tiers")
    ('dispatch', 'order', 1, 'tiers')
    """
    return tuple(int(number) if number else word for number, word in _STEP.findall(key))


def _toml_files(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"*{SUFFIX}"))


def _preset_names() -> list[str]:
    return [path.stem for path in _toml_files(PRESETS)]


def _is_layer(path: Path) -> bool:
    return bool(parse_toml(path)[0].get("layer"))


def _is_system(path: Path) -> bool:
    reader = _Reader(path.parent)
    reader.visit(path, Place())
    trees = reader.trees
    return bool(reader.findings) or (any("crews" in tree.items for tree in trees) and not _flag(trees[-1], "layer"))


def _flag(tree: Table, key: str) -> bool:
    node = tree.items.get(key)
    return isinstance(node, Leaf) and node.value is True


@dataclass
class _Reader:
    """Files read so far, each after those it extends."""

    folder: Path
    draft: Path | None = None
    trees: list[Table] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    done: set[Path] = field(default_factory=set)
    open: list[Path] = field(default_factory=list)

    def resolve(self, name: str, place: Place, beside: Path | None = None) -> Path | None:
        """Return the file that `name` means, seen from the folder `beside`; None, with a finding, where there is none."""
        here = beside or self.folder
        if name.startswith(PRESET):
            path, known = PRESETS / f"{name.removeprefix(PRESET)}{SUFFIX}", [f"{PRESET}{each}" for each in _preset_names()]
        else:
            path = _file_named(name, here, exact=beside is None)
            known = [each.stem for each in _toml_files(here)] + [f"{PRESET}{each}" for each in _preset_names()]
        if path.is_file():
            return path
        self.findings.append(_unknown_system(name, known, place))
        return None

    def visit(self, path: Path, place: Place) -> None:
        """Read a file after everything it extends, once."""
        real = path.resolve()
        if real in self.open:
            self.findings.append(_circle([*self.open[self.open.index(real) :], real], place))
            return
        if real in self.done:
            return
        self.done.add(real)
        tree = self.parse(path)
        if tree is None:
            return
        self.open.append(real)
        for name, at in _extends(tree):
            found = self.resolve(name, at, self.folder if path == self.draft else path.parent)
            if found is not None:
                self.visit(found, at)
        self.open.pop()
        self.trees.append(tree)

    def parse(self, path: Path) -> Table | None:
        label = label_of(path)
        try:
            return _tree(path, label, *_stamp(path))
        except QinwuError as error:
            self.findings.extend(error.findings)
            return None


@lru_cache(maxsize=256)
def _tree(path: Path, label: str, _changed: int, _size: int) -> Table:
    """Return a parsed file; nine systems that extend the same presets read them once."""
    data, text = parse_toml(path, label)
    return read_tree(data, text, label)


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


def _file_named(name: str, folder: Path, *, exact: bool) -> Path:
    """Return the path a name means; a path given by the caller (`exact`) counts from where the caller stands, if it is there."""
    if not name.endswith(SUFFIX):
        return folder / f"{name}{SUFFIX}"
    return Path(name) if exact and Path(name).is_file() else folder / name


def label_of(path: Path) -> str:
    """Return how findings and explanations name a duty file."""
    return f"{PRESET}{path.stem}" if path.parent == PRESETS else f"{path.resolve().parent.name}/{path.name}"


def _extends(tree: Table) -> Iterator[tuple[str, Place]]:
    node = tree.items.get("extends")
    if isinstance(node, Leaf) and isinstance(node.value, list):
        yield from ((name, node.source.place()) for name in node.value if isinstance(name, str))


def _loaded(trees: list[Table]) -> LoadedSystem:
    findings: list[Finding] = []
    merged = reduce(lambda low, high: merge(_inheritable(low), high, findings), trees, Table({}, Source()))
    data, provenance = plain(merged), dict(sources(merged))
    file = trees[-1].source.file
    try:
        system = validate(data, DutySystem, file)
    except QinwuError as error:
        raise QinwuError([*findings, *_at_source(error.findings, provenance)]) from None
    raise_on_errors(findings)
    whole, provenance = at_every_station(*join_beats(system, provenance))
    files = tuple(tree.source.file for tree in trees)
    return LoadedSystem(whole, MappingProxyType(provenance), files, None if whole is system else system)


def _inheritable(tree: Table) -> Table:
    return Table({key: node for key, node in tree.items.items() if key not in OWN}, tree.source)


def _at_source(findings: Iterable[Finding], provenance: Mapping[KeyPath, Source]) -> list[Finding]:
    """Return findings about merged data with the place where the offending value stands."""
    return [replace(one, place=_source_at(provenance, key_path(one.place.key)).place()) for one in findings]


def _source_at(provenance: Mapping[KeyPath, Source], path: KeyPath) -> Source:
    """Return the source of `path`, or that of the nearest table around it, with the rest of the path added to its key."""
    known = next((end for end in range(len(path), 0, -1) if path[:end] in provenance), 0)
    source, rest = provenance.get(path[:known], Source()), key_text(path[known:])
    joint = "." if source.key and rest and not rest.startswith("[") else ""
    return replace(source, key=f"{source.key}{joint}{rest}")


def _position(items: tuple[Any, ...], step: str) -> str | int:
    """Return the position of the item of that id, of the first made of it for a station, or of that number; else the id."""
    asked = int(step) if step.isdigit() else -1
    names = [item.id if hasattr(item, "id") else getattr(item, "key", None) for item in items]
    exact = next((number for number, name in enumerate(names) if name == step or number == asked), None)
    if exact is not None:
        return exact
    return next((number for number, name in enumerate(names) if isinstance(name, str) and template_of(name) == step), step)


def _inside(value: Any, step: str | int) -> Any:
    if isinstance(value, tuple):
        return value[step] if isinstance(step, int) and step < len(value) else None
    return value.get(step) if isinstance(value, Mapping) else getattr(value, str(step), None)


def _unknown_system(name: str, known: list[str], place: Place) -> Finding:
    guess = did_you_mean(name, known) or next((each for each in known if each == f"{PRESET}{name}"), "")
    message = N_("There is no duty system {value}.")
    remedy = N_("Did you mean {guess}?") if guess else N_("Duty systems here: {known}.")
    return Finding("unknown-system", "error", message, remedy, place, {"value": name, "guess": guess, "known": ", ".join(known)})


def _circle(paths: list[Path], place: Place) -> Finding:
    message = N_("These files extend each other in a circle: {chain}.")
    values = {"chain": " → ".join(label_of(path) for path in paths)}
    return Finding("extends-circle", "error", message, N_("Take one of them out of extends."), place, values)
