"""What is wrong, where, with which value, and what to do: the one way Qinwu reports a problem.

Every reader, check and compiler collects :class:`Finding` objects and never stops at the first. A caller that cannot go
on raises :class:`QinwuError` with all of them; the command line prints them and leaves with exit code 2.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal, Protocol, runtime_checkable

from qinwu.language import N_, Language, translate

Severity = Literal["error", "warning", "note"]


@runtime_checkable
class InLanguages(Protocol):
    """A value of a finding that has its own words in each language."""

    def in_language(self, language: str) -> str:
        """Return its words."""


class Words(str):
    """A value of a finding that is a catalogue entry itself and is translated with the message."""

    __slots__ = ()


_REASONS = {
    errno.ENOENT: N_("there is no such file or folder"),
    errno.EACCES: N_("permission is refused"),
    errno.EPERM: N_("permission is refused"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENOTDIR: N_("a part of the path is no folder"),
    errno.EEXIST: N_("it exists already"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EROFS: N_("the disk can only be read"),
    errno.ENAMETOOLONG: N_("the name is too long"),
}


def reason_of(error: OSError) -> Words:
    """Return why the system refused a file, in words of the catalogue where they are common.

    >>> reason_of(PermissionError(errno.EACCES, "Permission denied"))
    'permission is refused'
    """
    return Words(_REASONS.get(error.errno or 0) or error.strerror or str(error))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem stands: a file, and in it a row (1-based, counting the header as row 1) or a key."""

    file: str = ""
    row: int | None = None
    key: str = ""

    def text(self, language: Language) -> str:
        """Return the place in words, for example ``calls.csv, row 7, received``."""
        row = "" if self.row is None else translate("row {row}", language).format(row=self.row)
        return ("，" if language == "zh" else ", ").join(part for part in (self.file, row, self.key) if part)


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem of an input.

    Parameters
    ----------
    code
        Stable kebab-case name, for example ``beat-without-officer``.
    severity
        ``error`` stops the work, ``warning`` is shown, ``note`` is kept for the account.
    message, remedy
        English catalogue entries with ``{name}`` places filled from `values` after translation.
    place
        File, row and key.
    values
        What was received, by name; kept raw so that every language renders them (:class:`Words` in that language).
    """

    code: str
    severity: Severity
    message: str
    remedy: str = ""
    place: Place = Place()
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: Language) -> str:
        """Return place, message and remedy as one line in `language`."""
        values = {name: _in_language(value, language) for name, value in self.values.items()}
        message = translate(self.message, language).format(**values)
        remedy = translate(self.remedy, language).format(**values) if self.remedy else ""
        joint, colon = ("", "：") if language == "zh" else (" ", ": ")
        said = f"{message}{joint}{remedy}" if remedy else message
        where = self.place.text(language)
        return f"{where}{colon}{said}" if where else said


def _in_language(value: object, language: Language) -> object:
    """Return a value of a finding as a language says it; numbers and names as they are."""
    if isinstance(value, Words):
        return translate(value, language)
    return value.in_language(language) if isinstance(value, InLanguages) else value


class QinwuError(Exception):
    """An input cannot be used; carries every finding, not only the first."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(finding.text("en") for finding in self.findings))

    def __reduce__(self) -> tuple[type[QinwuError], tuple[tuple[Finding, ...]]]:
        return type(self), (self.findings,)


def raise_on_errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return `findings` unchanged, or raise :class:`QinwuError` when any of them is an error."""
    found = tuple(findings)
    if any(finding.severity == "error" for finding in found):
        raise QinwuError(found)
    return found


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the nearest of the `known` words, or an empty string when none is near.

    >>> did_you_mean("priorty", ["priority", "officers"])
    'priority'
    """
    return next(iter(get_close_matches(word, list(known), n=1, cutoff=0.6)), "")
