"""Reading the rules of a score sheet: the ``[score]`` of a card, or a ``score.toml`` beside it; every problem at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from qinwu.findings import Finding, Place, QinwuError, raise_on_errors
from qinwu.judge.score.checking import card_findings, denied_lines
from qinwu.judge.score.document import ScoreCard
from qinwu.judge.targets.attempts import log_attempts
from qinwu.judge.targets.card import Card
from qinwu.judge.targets.denied import Denial, denials
from qinwu.judge.targets.reading import LoadedCard, with_lines
from qinwu.judge.targets.tables import Table
from qinwu.language import N_
from qinwu.station.toml_file import parse_toml, validate
from qinwu.station.toml_lines import KeyPath, key_lines

FILE = "score.toml"
SAMPLE = Path(__file__).parent / "sample.toml"
KEY = "score"


@dataclass(frozen=True)
class LoadedScore:
    """The rules of a score sheet, the file they come from, and warnings about them."""

    rules: ScoreCard
    file: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Written:
    """Rules as they are written: plain data, their file, the key they stand under, and on which line each key stands."""

    data: Mapping[str, Any]
    file: str
    key: str
    lines: Mapping[KeyPath, int]

    def place(self, key: str) -> Place:
        return Place(self.file, None, f"{self.key}.{key}" if self.key and key else key or self.key)

    def told(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        return with_lines(findings, self.file, self.lines)


def load_score(card: LoadedCard, folder: Path, tables: Sequence[Table] = (), when: datetime | None = None) -> LoadedScore | None:
    """Return the rules of a station's score sheet: the ``[score]`` of its card, else its ``score.toml``; None without either.

    Beside Qinwu's own card stand its own sample rules.

    Attempts to reward what must not be a target are written to the folder's log before they are refused.

    Parameters
    ----------
    card
        The card whose indicators the lines name.
    folder
        The station folder.
    tables
        The tables that formulas count in, where they have been read.
    when
        Time for the log; now by default.

    Raises
    ------
    QinwuError
        With everything that is wrong.
    """
    own = folder / FILE
    if not card.card.score and not own.exists() and not card.shipped:
        return None
    written = _of_card(card) if card.card.score else _of_file(own if own.exists() else SAMPLE)
    loaded, refused = _read(written, card.card, tables)
    log_attempts(folder, written.file, refused, when or datetime.now().astimezone())
    return replace(loaded, findings=raise_on_errors(loaded.findings))


def read_score(card: LoadedCard, path: Path | None = None) -> LoadedScore:
    """Return the rules of a score sheet from a file, or from the ``[score]`` of a card; nothing is logged.

    Raises
    ------
    QinwuError
        With everything that is wrong: keys, sums of points, reference values, banned indicators, vetoes without a text, surveys on
        an officer's sheet.
    """
    loaded, _ = _read(_of_card(card) if path is None else _of_file(path), card.card, ())
    return replace(loaded, findings=raise_on_errors(loaded.findings))


def _of_card(card: LoadedCard) -> _Written:
    if not card.card.score:
        message, remedy = N_("The card has no rules for a score sheet."), N_("Add [score] to it, or a file score.toml.")
        raise QinwuError([Finding("no-score-rules", "error", message, remedy, Place(card.file, key=KEY))])
    return _Written(card.card.score, card.file, KEY, card.lines)


def _of_file(path: Path) -> _Written:
    data, text = parse_toml(path)
    inner = data.get(KEY)
    return _Written(inner if isinstance(inner, Mapping) else data, path.name, KEY if KEY in data else "", key_lines(text))


def _read(written: _Written, card: Card, tables: Sequence[Table]) -> tuple[LoadedScore, list[Denial]]:
    """Return the rules with everything that is wrong with them, and what they ask for that is banned."""
    try:
        rules = validate(written.data, ScoreCard, written.file)
    except QinwuError as error:
        moved = [replace(one, place=written.place(one.place.key)) for one in error.findings]
        raise QinwuError(written.told(moved)) from None
    named = {line.indicator for line in rules.line}
    denied = [*(one for one in denials(card, tables) if one.indicator in named), *denied_lines(rules)]
    return LoadedScore(rules, written.file, written.told(tuple(card_findings(rules, card, denied, written.place)))), denied
