"""Assumptions: a figure that nobody measured carries its reason, and the reason belongs to the figure in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from qinwu.duty.reading import LoadedSystem, key_path
from qinwu.findings import Finding
from qinwu.language import N_
from qinwu.station.station import Station
from qinwu.station.toml_lines import KeyPath


def assumptions_explain_the_figures_in_force(_: Station, loaded: LoadedSystem) -> Iterator[Finding]:
    """Yield notes for figures overridden by a later file than the assumption that explains them, warnings for keys of nothing."""
    reasons = {loaded.positions(key_path(one.key)): number for number, one in enumerate(loaded.system.assumption)}
    file_of = {file: number for number, file in enumerate(loaded.files)}
    told: set[int] = set()
    for path, _value in figures(loaded.system):
        number = reason_for(path, reasons)
        if number is None or number in told:
            continue
        figure, reason = loaded.source(*path), loaded.source("assumption", number)
        if file_of.get(figure.file, 0) > file_of.get(reason.file, 0):
            told.add(number)
            message = N_("The figure is set here, but the assumption that explains it is in {file}.")
            remedy = N_("Add an [[assumption]] for {key} with the reason for the new figure.")
            values = {"file": reason.file, "key": loaded.system.assumption[number].key}
            yield Finding("figure-without-its-reason", "note", message, remedy, figure.place(), values)
    for path, number in reasons.items():
        if not exists(loaded.system, path):
            message = N_("The assumption explains {key}, which does not exist.")
            values = {"key": loaded.system.assumption[number].key}
            remedy = N_("Correct the key, or remove the assumption.")
            yield Finding("assumption-of-nothing", "warning", message, remedy, loaded.place("assumption", number), values)


def figures(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, float]]:
    """Yield key path and value of every number that was set in a duty system."""
    if isinstance(value, BaseModel):
        for name in value.model_fields_set:
            yield from figures(getattr(value, name), (*path, name))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from figures(item, (*path, str(key)))
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from figures(item, (*path, number))
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield path, value


def reason_for(path: KeyPath, reasons: Mapping[KeyPath, int]) -> int | None:
    """Return the assumption whose key is `path` or the nearest table around it."""
    return next((reasons[path[:end]] for end in range(len(path), 0, -1) if path[:end] in reasons), None)


def exists(system: BaseModel, path: KeyPath) -> bool:
    """Return whether there is anything at `path`."""
    value: Any = system
    for step in path:
        if isinstance(value, tuple):
            if not isinstance(step, int) or step >= len(value):
                return False
            value = value[step]
        elif isinstance(value, Mapping):
            keys = {str(key): item for key, item in value.items()}
            if str(step) not in keys:
                return False
            value = keys[str(step)]
        elif isinstance(value, BaseModel) and str(step) in type(value).model_fields:
            value = getattr(value, str(step))
        else:
            return False
    return True
