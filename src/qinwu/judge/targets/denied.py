"""Denied: indicators that must never be a target, a minimum or carry weight, whatever they are called (M67, guards 9 and 10).

They may be shown as reference values. A match is looked for in the id, in the names and in what the formula counts: its table, that
table's file and headers, and the words of its conditions; and among calls, in whether those counted are crimes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl
import polars.exceptions

from qinwu.findings import Finding, Place
from qinwu.judge.targets.card import Card, Formula, Indicator, OwnTable
from qinwu.judge.targets.formula import compiled
from qinwu.judge.targets.tables import Table
from qinwu.language import N_
from qinwu.station.config import Strict, Text
from qinwu.station.toml_file import read_toml

FILE = Path(__file__).parent / "denied.toml"
RECORDED = "recorded_crime"
CRIME = "enforcement"
CLASSES = frozenset({"kind", "call_class"})
MOSTLY = 0.5
"""Calls counted by their class are recorded crime by another name where more than this share of them are crimes."""

SPELLED = 4
TRADITIONAL = str.maketrans(
    "數發訴決審罪結獲處罰沒額繳創單補偵羈關強製製頭擊積現攻殺據總減動騙竊搶財復級銷執滿緝攔報損還傷違類嚴極勢",
    "数发诉决审罪结获处罚没额缴创单补侦羁关强制制头击积现攻杀据总减动骗窃抢财复级销执满缉拦报损还伤违类严极势",
)
"""Traditional characters of the words in ``denied.toml``, and their simplified forms."""


class Rule(Strict):
    """What is banned, the patterns it is known by, and who bans it."""

    id: str
    name: Text
    zh: str
    en: str
    pinyin: str
    source: Text


class _Rules(Strict):
    rule: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Denial:
    """An indicator that falls under a rule, and the words that gave it away."""

    indicator: str
    rule: Rule
    matched: str


@cache
def rules() -> tuple[Rule, ...]:
    """Return what must not be a target."""
    return read_toml(FILE, _Rules).rule


def rule_for(text: str) -> tuple[Rule, str] | None:
    """Return the rule that a name, id or header falls under, and what matched; None for none.

    >>> rule_for("刑 拘 數")[0].id, rule_for("ＡＲＲＥＳＴＳ")[0].id, rule_for("in_time")
    ('detentions', 'arrests', None)
    """
    plain, spoken, parts = plain_chinese(text), words(text), words(text).split()
    for rule in rules():
        if found := re.search(rule.zh, plain):
            return rule, found[0]
        if found := re.search(rf"\b(?:{rule.en})\b", spoken):
            return rule, found[0]
        if latin := next((part for part in parts if re.fullmatch(rf"(?:{rule.pinyin})(?:shu|lv|lu|liang|e)?", part)), ""):
            return rule, latin
    return None


def plain_chinese(text: str) -> str:
    """Return text in simplified characters and half width, letters and digits only.

    >>> plain_chinese("破·案 率（％）")
    '破案率'
    """
    wide = unicodedata.normalize("NFKC", text).translate(TRADITIONAL)
    return "".join(sign for sign in wide if sign.isalnum()).lower()


def words(text: str) -> str:
    """Return the Latin words of a text in lower case; letters spelled out one by one are a word.

    >>> words("ArrestRate_2"), words("a r r e s t s")
    ('arrest rate', 'arrests')
    """
    plain = unicodedata.normalize("NFKC", text)
    found = [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", plain)]
    if len(found) >= SPELLED and all(len(word) == 1 for word in found):
        return "".join(found)
    return " ".join(found)


def denials(card: Card, tables: Sequence[Table] = ()) -> tuple[Denial, ...]:
    """Return every indicator of a card that falls under a rule, each with the first rule that fits; those shown only as well.

    Parameters
    ----------
    card
        The card.
    tables
        The tables its formulas count in, where they have been read: calls are then looked at for crimes counted by their class.
    """
    by_id = {table.id: table for table in tables}
    found = (denial_of(one, card.table, by_id.get(one.formula.table)) for one in card.indicator)
    return tuple(one for one in found if one is not None)


def denial_of(indicator: Indicator, declared: Sequence[OwnTable] = (), table: Table | None = None) -> Denial | None:
    """Return the rule an indicator falls under, by the texts it is known by or by what it counts; None for none."""
    for text in _texts(indicator, declared):
        if (found := rule_for(text)) is not None:
            return Denial(indicator.id, *found)
    if table is not None and table.id == "calls" and counts_crimes(indicator.formula, table):
        rule = next(one for one in rules() if one.id == RECORDED)
        return Denial(indicator.id, rule, f"{indicator.formula.where} {indicator.formula.counted}".strip())
    return None


def denial_findings(card: Card, found: Sequence[Denial], file: str) -> Iterator[Finding]:
    """Yield an error for every indicator that falls under a rule and is more than shown."""
    numbers = {one.id: number for number, one in enumerate(card.indicator)}
    for one in found:
        if card.of(one.indicator).counts or card.of(one.indicator).weight:
            yield refusal(one, Place(file, None, f"indicator[{numbers[one.indicator]}]"))


def refusal(denial: Denial, place: Place) -> Finding:
    """Return the error for an indicator that must not be a target."""
    message = N_("{indicator} must not be a target, a minimum or carry weight: {name} ({matched}). {source}.")
    remedy = N_(
        'It may be shown with kind = "reference" and without weight; choose something that is good in itself as the target.'
    )
    values = {"indicator": denial.indicator, "name": denial.rule.name, "matched": denial.matched, "source": denial.rule.source}
    return Finding("forbidden-indicator", "error", message, remedy, place, values)


def counts_crimes(formula: Formula, table: Table) -> bool:
    """Return whether a formula counts calls by their class and most of those it counts are crimes."""
    if formula.form not in ("count", "share"):
        return False
    texts = (formula.where, formula.of) if formula.form == "count" else (formula.counted,)
    try:
        named = {name for text in texts if text.strip() for name in pl.sql_expr(text).meta.root_names()}
        made = compiled(formula)
        kinds = table.frame.filter(made.rows & made.counted)["kind"]
    except polars.exceptions.PolarsError:
        return False
    return bool(named & CLASSES) and len(kinds) > 0 and float((kinds == CRIME).sum()) > MOSTLY * len(kinds)


def _texts(indicator: Indicator, declared: Sequence[OwnTable]) -> Iterator[str]:
    """Yield the texts an indicator is known by: id, names, table, and the columns and words of its formula."""
    formula = indicator.formula
    yield from (indicator.id, indicator.name.zh, indicator.name.en, formula.table)
    for one in declared:
        if one.id == formula.table:
            yield from (one.name.zh, one.name.en, Path(one.file).stem)
            yield from (header for name, header in one.columns.items() if any(name in text for text in formula.expressions))
    yield from formula.expressions
