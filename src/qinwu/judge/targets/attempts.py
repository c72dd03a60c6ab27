"""Attempts: every refused attempt to set a forbidden target, one line each in ``judge-log.jsonl``, chained by hashes (guard 9)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from qinwu.findings import Finding, Place, QinwuError
from qinwu.judge.targets.denied import Denial
from qinwu.language import N_
from qinwu.station.text_file import read_text

LOG = "judge-log.jsonl"
NOTHING_BEFORE = "0" * 64
FIELDS = frozenset({"number", "when", "file", "indicator", "rule", "matched", "previous"})


@dataclass(frozen=True, slots=True)
class Log:
    """A log read back: its entries, whether the chain holds, and what is wrong where it does not."""

    entries: tuple[dict[str, Any], ...]
    findings: tuple[Finding, ...]
    last: str

    @property
    def holds(self) -> bool:
        """Whether no line was changed, added or taken out between others."""
        return not self.findings


Keep = Callable[[str, Sequence[Denial]], None]
_keep: ContextVar[Keep | None] = ContextVar("keep", default=None)


@contextmanager
def attempts_kept_by(keep: Keep) -> Iterator[None]:
    """Give attempts to `keep`, with the card's name, and write none into a folder meanwhile: for who has a trail of its own."""
    before = _keep.set(keep)
    try:
        yield
    finally:
        _keep.reset(before)


def log_attempts(folder: Path, file: str, refused: Sequence[Denial], when: datetime) -> None:
    """Append a line for each refused indicator to the log of a station folder.

    Parameters
    ----------
    folder
        The station folder.
    file
        The card that asked for them.
    refused
        Which indicators, by which rule.
    when
        The time, with its zone.

    Raises
    ------
    QinwuError
        Where the log cannot be written: an attempt that cannot be logged must not pass in silence.
    """
    if not refused:
        return
    keep = _keep.get()
    if keep is not None:
        keep(file, refused)
        return
    path = folder / LOG
    try:
        lines = path.read_bytes().splitlines() if path.exists() else []
        previous = hash_of(lines[-1]) if lines else NOTHING_BEFORE
        with path.open("ab") as log:
            for number, one in enumerate(refused, start=len(lines) + 1):
                entry = {"number": number, "when": when.isoformat(timespec="seconds"), "file": file, "indicator": one.indicator}
                entry |= {"rule": one.rule.id, "matched": one.matched, "previous": previous}
                line = json.dumps(entry, ensure_ascii=False).encode("utf-8")
                log.write(line + b"\n")
                previous = hash_of(line)
    except OSError as error:
        message, remedy = N_("The log of refused targets cannot be written: {reason}."), N_("Make the station folder writable.")
        raise QinwuError([Finding("cannot-write", "error", message, remedy, Place(LOG), {"reason": str(error)})]) from error


def hash_of(line: bytes) -> str:
    """Return the SHA-256 of a line without its end."""
    return sha256(line).hexdigest()


def verify_log(folder: Path) -> Log:
    """Return the log of a station folder, and an error for every line that does not follow from the one before it.

    A line taken out, put in or changed breaks the chain at the next one. Lines taken off the end leave no break: the report prints
    number and hash of the last line, to be compared with.
    """
    path = folder / LOG
    if not path.exists():
        return Log((), (), NOTHING_BEFORE)
    entries, findings, previous = list[dict[str, Any]](), list[Finding](), NOTHING_BEFORE
    for number, line in enumerate(read_text(path, LOG).splitlines(), start=1):
        entry = _entry(line)
        if entry is None or entry["previous"] != previous or entry["number"] != number:
            message = N_("The log of refused targets is broken here: a line was changed, taken out or put in.")
            remedy = N_("Ask who wrote to the file; take the last sound copy.")
            findings.append(Finding("broken-log", "error", message, remedy, Place(LOG, number)))
        entries += [entry] if entry is not None else []
        previous = hash_of(line.encode("utf-8"))
    return Log(tuple(entries), tuple(findings), previous)


def _entry(line: str) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    return entry if isinstance(entry, dict) and set(entry) == FIELDS else None
