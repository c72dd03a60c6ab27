"""Registering: what will be tested, written down with a checksum before anybody looks; and what a later test departs from."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import tomli_w

from qinwu.findings import Finding, Place, QinwuError, Words
from qinwu.judge.evaluate.design import Design
from qinwu.judge.evaluate.estimate import ALPHA
from qinwu.judge.evaluate.panel import Panel, label_of
from qinwu.language import N_
from qinwu.station.text_file import read_text

SCHEMA = 1
TEST = "Poisson difference in differences, drift and error from untreated places, Student t, two-sided"
"""What decides; see :mod:`qinwu.judge.evaluate.ratio`."""
COMPARED = ("treated", "control", "buffer", "start", "test", "alpha", "first", "unit_of_time")
TOLD = {
    "treated": N_("the treated units"),
    "control": N_("the units compared"),
    "buffer": N_("the neighbours"),
    "start": N_("the start"),
    "test": N_("the test that decides"),
    "alpha": N_("the level"),
    "first": N_("the first period"),
    "unit_of_time": N_("the length of a period in months"),
}


@dataclass(frozen=True, slots=True)
class Registration:
    """What was registered, as plain data, and its checksum."""

    plan: dict[str, Any]
    sha256: str

    @property
    def seen(self) -> int:
        """How many periods after the start the data held already when it was registered."""
        return int(self.plan["periods_after_seen"])


def register(
    panel: Panel, treated: tuple[str, ...], control: tuple[str, ...], buffer: tuple[str, ...], start: int, day: date
) -> Registration:
    """Return what will be tested.

    Parameters
    ----------
    panel
        The data there are; those before the start are fixed by a checksum.
    treated, control, buffer
        Names of units.
    start
        First month after the start.
    day
        When it is registered.
    """
    at = panel.place(start)
    plan: dict[str, Any] = {
        "schema": SCHEMA,
        "registered": day.isoformat(),
        "treated": sorted(treated),
        "control": sorted(control),
        "buffer": sorted(buffer),
        "start": label_of(start, panel.step),
        "test": TEST,
        "alpha": ALPHA,
        "first": panel.label(0),
        "unit_of_time": panel.step,
        "periods_after_seen": max(panel.periods - at, 0),
        "before_sha256": before_digest(panel, min(at, panel.periods)),
        "before_until": panel.label(min(at, panel.periods) - 1),
    }
    return Registration(plan, digest(plan))


def digest(plan: dict[str, Any]) -> str:
    """Return the SHA-256 of a plan, the same however its file is laid out.

    >>> digest({"b": 1, "a": [2]}) == digest({"a": [2], "b": 1})
    True
    """
    return hashlib.sha256(json.dumps(plan, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def before_digest(panel: Panel, start: int) -> str:
    """Return the SHA-256 of all counts before a period."""
    rows = [[unit, *(float(count) for count in panel.counts[at, :start])] for at, unit in enumerate(panel.units)]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def as_toml(registration: Registration) -> str:
    """Return a registration as the text of its file."""
    remark = (
        "# 评估前登记：要检验什么。改动任何一项，校验值就对不上。\n"
        "# Registered before evaluating: what will be tested. Changing anything breaks the checksum.\n"
    )
    return f'{remark}sha256 = "{registration.sha256}"\n\n{tomli_w.dumps({"plan": registration.plan})}'


def read_registration(path: Path) -> Registration:
    """Return the registration of a file.

    Raises
    ------
    QinwuError
        Where it is none, or was changed after it was made.
    """
    try:
        held = tomllib.loads(read_text(path))
        found = Registration(dict(held["plan"]), str(held["sha256"]))
        missing = [
            name
            for name in (*COMPARED, "registered", "periods_after_seen", "before_sha256", "before_until")
            if name not in found.plan
        ]
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError):
        missing = ["sha256", "plan"]
    if missing:
        message, remedy = N_("This is no registration: {missing} is missing."), N_("Use the file that --register wrote.")
        values = {"missing": ", ".join(missing)}
        raise QinwuError([Finding("no-registration", "error", message, remedy, Place(path.name), values)])
    if digest(found.plan) != found.sha256:
        message = N_("The registration was changed after it was made: its checksum is {found}, it says {said}.")
        remedy = N_("Use the file as it was written; what was changed cannot be told from the checksum.")
        values = {"found": digest(found.plan)[:12], "said": found.sha256[:12]}
        raise QinwuError([Finding("registration-changed", "error", message, remedy, Place(path.name), values)])
    return found


def departures(registration: Registration, design: Design) -> tuple[Finding, ...]:
    """Return a warning for everything in which a design departs from what was registered, data before the start included."""
    plan, panel = registration.plan, design.panel
    start = panel.first + design.start * panel.step
    now = register(
        panel, design.names(design.treated), design.names(design.control), design.names(design.buffer), start, date.min
    ).plan
    found = [_departed(name, plan[name], now[name]) for name in COMPARED if plan[name] != now[name]]
    until = [at for at in range(panel.periods) if panel.label(at) == plan["before_until"]]
    if not until or before_digest(panel, until[0] + 1) != plan["before_sha256"]:
        message = N_("Counts until {until} are not those that were registered.")
        remedy = N_("Say why they were corrected, and show both results.")
        found.append(Finding("departed-counts", "warning", message, remedy, Place(), {"until": plan["before_until"]}))
    if registration.seen:
        message = N_("When it was registered on {day}, {seen} periods after the start were in the data already.")
        remedy = N_("It fixes what was tested, not that nobody had looked.")
        values = {"day": plan["registered"], "seen": registration.seen}
        found.append(Finding("registered-late", "warning", message, remedy, Place(), values))
    return tuple(found)


def _departed(name: str, registered: object, used: object) -> Finding:
    remedy = N_("Say why, and show the registered test as well.")
    if isinstance(registered, list) and isinstance(used, list):
        message = N_("Not as registered: of {what}, {added} were added and {dropped} left out.")
        added, dropped = (
            ", ".join(unit for unit in one if unit not in other) or "–" for one, other in ((used, registered), (registered, used))
        )
        return _warning(message, remedy, {"what": Words(TOLD[name]), "added": added, "dropped": dropped})
    message = N_("Not as registered: {what} was {registered}, here {used}.")
    return _warning(message, remedy, {"what": Words(TOLD[name]), "registered": registered, "used": used})


def _warning(message: str, remedy: str, values: dict[str, object]) -> Finding:
    return Finding("departed", "warning", message, remedy, Place(), values)
