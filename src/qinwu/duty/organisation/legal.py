"""Legal basis: which duties name the rule that imposes them, and which name one that is no longer in force (M60)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from qinwu.duty.organisation.names import names_of
from qinwu.duty.system import DutySystem
from qinwu.findings import Finding, Place
from qinwu.language import N_
from qinwu.station.config import Text

Status = Literal["stated", "missing", "repealed", "historic"]

DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九十")}
REGULATION = re.compile(r"1954|派出所组织条例")
ITEM = re.compile(r"(?:第\s*(十|[一二三四五六七八九]|\d{1,2})\s*[项款]|power\s*(\d{1,2}))", re.IGNORECASE)
HISTORIC = re.compile(r"反革命|反邪教|收容遣送|收容审查|劳动教养|劳教")
"""Words of powers that are gone and must not come back as a duty."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a duty rests on: the rule it names, whether that rule still holds, and what holds instead where it does not."""

    duty: str
    name: Text
    basis: str
    status: Status
    instead: str = ""


@cache
def present_basis() -> dict[int, str]:
    """Return the present basis of each of the ten powers of 1954 by number; empty for the two that are historic.

    >>> [number for number, basis in present_basis().items() if not basis]
    [2, 4]
    """
    text = (files("qinwu.duty.organisation") / "legal_basis.toml").read_text(encoding="utf-8")
    return {power["number"]: power["now"] for power in tomllib.loads(text)["power"]}


def basis_of(basis: str) -> tuple[Status, str]:
    """Return whether a rule still holds, and what holds instead.

    >>> basis_of("人民警察法第六条"), basis_of("1954年条例第五项"), basis_of("1954年条例第二项")
    (('stated', ''), ('repealed', '人民警察法第六条第九项'), ('historic', ''))
    """
    if not basis:
        return "missing", ""
    if HISTORIC.search(basis):
        return "historic", ""
    if not REGULATION.search(basis):
        return "stated", ""
    item = ITEM.search(basis)
    number = _number(item[1] or item[2]) if item else 0
    now = present_basis().get(number)
    return ("repealed", now or "") if now is None or now else ("historic", "")


def _number(text: str) -> int:
    return int(text) if text.isdigit() else DIGITS[text]


def legal_basis(system: DutySystem) -> tuple[Basis, ...]:
    """Return what every duty of the ``[[duty]]`` table rests on."""
    return tuple(Basis(duty.id, duty.name, duty.basis, *basis_of(duty.basis)) for duty in system.duty)


def legal_findings(found: tuple[Basis, ...], system: DutySystem) -> Iterator[Finding]:
    """Yield one note for all duties without a basis, a warning for each whose basis is gone."""
    missing = [each.duty for each in found if each.status == "missing"]
    if missing:
        message = N_("{count} duties name no rule that imposes them: {named}.")
        remedy = N_("Write the law, regulation or order and its article as basis, or drop the duty.")
        values = {"count": len(missing), "named": names_of(system, missing)}
        yield Finding("duty-without-basis", "note", message, remedy, Place(key=f"duty.{missing[0]}"), values)
    for each in found:
        values = {"duty": each.name, "basis": each.basis, "instead": each.instead}
        place = Place(key=f"duty.{each.duty}.basis")
        if each.status == "historic":
            message = N_("The duty {duty} rests on {basis}, which is history and gives no power today.")
            yield Finding("basis-historic", "warning", message, N_("Take the duty out of the chart."), place, values)
        elif each.status == "repealed":
            message = N_("The duty {duty} rests on {basis}, which was repealed in 2009.")
            remedy = N_("Today's basis: {instead}.") if each.instead else N_("Name the rule that holds today.")
            yield Finding("basis-repealed", "warning", message, remedy, place, values)
