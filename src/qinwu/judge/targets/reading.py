"""Reading: a card from ``judge.toml`` or the one that comes with Qinwu; everything wrong with it is told at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from qinwu.findings import Finding, Place, QinwuError, did_you_mean, raise_on_errors
from qinwu.judge.targets.attempts import log_attempts
from qinwu.judge.targets.card import AIMS, STATION_TABLES, Card, Indicator
from qinwu.judge.targets.denied import Denial, denial_findings, denial_of, denials, refusal
from qinwu.judge.targets.periods import overlaps
from qinwu.language import N_
from qinwu.station.config import Text
from qinwu.station.toml_file import key_text, parse_toml, validate
from qinwu.station.toml_lines import KeyPath, key_lines

NAME = "judge.toml"
SHIPPED = Path(__file__).parent / "cards" / "default.toml"
AIM_NAMES: Mapping[str, Text] = {
    "few_crimes": Text(zh="发案少", en="few crimes"),
    "good_order": Text(zh="秩序好", en="good order"),
    "stability": Text(zh="社会稳定", en="social stability"),
    "satisfied": Text(zh="群众满意", en="satisfied residents"),
}


@dataclass(frozen=True)
class LoadedCard:
    """A card, the file it comes from, whether it is Qinwu's own, and on which line each key stands."""

    card: Card
    file: str
    shipped: bool = False
    lines: Mapping[KeyPath, int] = field(default_factory=dict)

    def placed(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """Return findings about keys of the card with the lines where they stand."""
        return with_lines(findings, self.file, self.lines)


def load_card(folder: Path, file: Path | None = None, when: datetime | None = None) -> LoadedCard:
    """Return the card of a station folder: `file`, else its ``judge.toml``, else Qinwu's sample card.

    Attempts to make a forbidden indicator a target are written to the folder's log before they are refused.

    Parameters
    ----------
    folder
        The station folder.
    file
        Another card.
    when
        Time for the log; now by default.

    Raises
    ------
    QinwuError
        With everything that is wrong with the card.
    """
    own = file or folder / NAME
    if file is None and not own.exists():
        return replace(read_card(SHIPPED), shipped=True)
    data, text = parse_toml(own)
    refused, findings, card = _read(data, text, own.name)
    log_attempts(folder, own.name, refused, when or datetime.now().astimezone())
    lines = key_lines(text)
    raise_on_errors(with_lines(findings, own.name, lines))
    if card is None:
        raise QinwuError(findings)
    return LoadedCard(card, own.name, lines=lines)


def read_card(path: Path) -> LoadedCard:
    """Return the card of a file, raising `QinwuError` with everything wrong with it; nothing is logged."""
    data, text = parse_toml(path)
    _, findings, card = _read(data, text, path.name)
    raise_on_errors(with_lines(findings, path.name, key_lines(text)))
    if card is None:
        raise QinwuError(findings)
    return LoadedCard(card, path.name, lines=key_lines(text))


def _read(data: Mapping[str, Any], text: str, file: str) -> tuple[list[Denial], list[Finding], Card | None]:
    """Return what is refused, what is wrong, and the card; where it does not validate, what can be read of it is still judged."""
    try:
        card = validate(data, Card, file, text)
    except QinwuError as error:
        refused = list(_readable_denials(data))
        banned = [refusal(one, Place(file, None, f"indicator[{number}]")) for number, one in refused]
        return [one for _, one in refused], [*error.findings, *banned], None
    found = denials(card)
    refused_now = [one for one in found if card.of(one.indicator).counts or card.of(one.indicator).weight]
    return refused_now, [*card_findings(card, file), *denial_findings(card, found, file)], card


def _readable_denials(data: Mapping[str, Any]) -> Iterator[tuple[int, Denial]]:
    """Yield forbidden indicators of a card that does not validate, by position."""
    rows = data.get("indicator", [])
    for number, row in enumerate(rows if isinstance(rows, list) else []):
        try:
            one = Indicator.model_validate(row)
        except ValidationError:
            continue
        found = denial_of(one)
        if found is not None and (one.counts or one.weight):
            yield number, found


def card_findings(card: Card, file: str) -> Iterator[Finding]:
    """Yield everything that is wrong with a card by itself."""
    yield from _aim_findings(card, file)
    ids = [one.id for one in card.indicator]
    listed = {"indicator": ids, "table": [one.id for one in card.table], "task": [one.id for one in card.task]}
    for kind, names in listed.items():
        for number, name in enumerate(names):
            if name in names[:number] or (kind == "table" and name in STATION_TABLES):
                remedy = N_("Give each its own.")
                place = Place(file, None, f"{kind}[{number}].id")
                yield Finding("duplicate-id", "error", N_("The id {value} is used twice."), remedy, place, {"value": name})
    for number, one in enumerate(card.indicator):
        place = Place(file, None, f"indicator[{number}]")
        yield from _kind_findings(one, place)
        yield from _counter_findings(one, ids, place)
        yield from _range_findings(one, place)
        if one.asks is not None and one.asks.task not in {task.id for task in card.task}:
            values = {"indicator": one.id, "value": one.asks.task}
            at = replace(place, key=f"{place.key}.asks.task")
            message, remedy = (
                N_("{indicator} asks for the work {value}, which is not declared."),
                N_("Add a [[task]] with this id."),
            )
            yield Finding("unknown-task", "error", message, remedy, at, values)
    yield from _period_findings(card, file)


def _aim_findings(card: Card, file: str) -> Iterator[Finding]:
    there = {one.aim for one in card.indicator}
    for aim in AIMS:
        if aim not in there:
            message = N_("The card has no indicator for {aim}; each of the four aims needs one.")
            remedy = N_('Add an [[indicator]] with aim = "{id}".')
            values = {"aim": AIM_NAMES[aim], "id": aim}
            yield Finding("aim-without-indicator", "error", message, remedy, Place(file, None, "indicator"), values)


def _kind_findings(one: Indicator, place: Place) -> Iterator[Finding]:
    if one.counts and one.asked is None:
        message, remedy = N_("{indicator} is a {kind} without a value."), N_("Write {kind} = and a number.")
        yield Finding("missing-value", "error", message, remedy, place, {"indicator": one.id, "kind": one.kind})
    if not one.counts and (one.minimum is not None or one.target is not None or one.weight):
        message = N_("{indicator} is a reference value and must have no minimum, no target and no weight.")
        remedy = N_("Write what the bureau gives as reference = and a number; it is shown and never scored.")
        yield Finding("reference-that-counts", "error", message, remedy, place, {"indicator": one.id})


def _counter_findings(one: Indicator, ids: Sequence[str], place: Place) -> Iterator[Finding]:
    at = replace(place, key=f"{place.key}.counter")
    if not one.counter and one.counts:
        message = N_("{indicator} has no counter-indicator: nothing would show what is lost where it alone is chased.")
        yield Finding("no-counter", "error", message, N_("Name another indicator as counter."), place, {"indicator": one.id})
    elif one.counter == one.id:
        message, remedy = N_("{indicator} is its own counter-indicator."), N_("Name another one.")
        yield Finding("own-counter", "error", message, remedy, at, {"indicator": one.id})
    elif one.counter and one.counter not in ids:
        guess = did_you_mean(one.counter, ids)
        message = N_("The counter-indicator {value} of {indicator} is not on the card.")
        remedy = N_("Did you mean {guess}?") if guess else N_("Add it to the card.")
        yield Finding("unknown-counter", "error", message, remedy, at, {"indicator": one.id, "value": one.counter, "guess": guess})


def _range_findings(one: Indicator, place: Place) -> Iterator[Finding]:
    for key in ("minimum", "target", "reference"):
        value = getattr(one, key)
        most = one.scale if one.formula.form == "share" else float("inf")
        if value is not None and not 0.0 <= value <= most:
            message = N_("{indicator}: {value} is out of range; it must be from 0 to {most}.")
            at = replace(place, key=f"{place.key}.{key}")
            values = {"indicator": one.id, "value": f"{value:g}", "most": f"{most:g}"}
            yield Finding("out-of-range", "error", message, N_("Give another number."), at, values)
    if one.minimum is not None and one.target is not None:
        wrong = one.minimum > one.target if one.better == "more" else one.minimum < one.target
        if wrong:
            message = N_("{indicator}: the target {target} asks for less than the minimum {minimum}.")
            values = {"indicator": one.id, "target": f"{one.target:g}", "minimum": f"{one.minimum:g}"}
            yield Finding("target-below-minimum", "error", message, N_("Exchange them, or look at better."), place, values)


def _period_findings(card: Card, file: str) -> Iterator[Finding]:
    for number, one in enumerate(card.period):
        if one.first > one.last:
            message, remedy = N_("The period {value} ends before it begins."), N_("Exchange first and last.")
            place = Place(file, None, f"period[{number}]")
            yield Finding("period-ends-early", "error", message, remedy, place, {"value": one.id})
    for before, after in overlaps(card.period):
        message = N_("The periods {one} and {other} overlap: {first} is in both.")
        remedy = N_("Let each begin on the day after the other has ended.")
        place = Place(file, None, f"period[{card.period.index(after)}].first")
        values = {"one": before.id, "other": after.id, "first": after.first}
        yield Finding("periods-overlap", "error", message, remedy, place, values)


def with_lines(findings: Sequence[Finding], file: str, lines: Mapping[KeyPath, int]) -> tuple[Finding, ...]:
    """Return findings of a file with the line of their key, or of the nearest table around it."""
    by_text = {key_text(path): row for path, row in lines.items()}
    return tuple(_with_line(one, file, by_text) for one in findings)


def _with_line(finding: Finding, file: str, by_text: Mapping[str, int]) -> Finding:
    place, key = finding.place, finding.place.key
    if place.file != file or place.row is not None:
        return finding
    while key and key not in by_text:
        key = key.rpartition(".")[0]
    return replace(finding, place=replace(place, row=by_text.get(key)))
