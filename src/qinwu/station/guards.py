"""Guards at the door: what a reader never stores, and the files it refuses.

A call keeps its class, time, coarse place, stamps and crew (PIPL art. 5-6, 34: nothing beyond what is necessary). Columns
about people are dropped and reported; a file whose purpose is a list of people is refused whole (EU AI Act art. 5(1)(d)).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import Literal

import polars as pl

from qinwu.findings import Finding, Place
from qinwu.language import N_

Category = Literal[
    "name",
    "phone",
    "identity",
    "ethnicity",
    "belief",
    "face",
    "track",
    "key_person",
    "origin_place",
    "address",
    "free_text",
    "temperament",
]

_CHINESE: dict[Category, str] = {
    "key_person": r"重点人(?!数)|重点对象|关注人员|布控|前科人员|在逃|吸毒人员|上访|信访人|涉稳|涉恐|黑名单",
    "phone": r"电话|手机|联系方式|联络方式|微信|QQ号|邮箱",
    "identity": r"身份证|证件号|证号|护照|公民身份号码|社保号|车主|驾驶证",
    "name": r"姓名|联系人|户主|(报警|当事|嫌疑|受害|被害|求助|举报|投诉)人(?!数)",
    "ethnicity": r"民族|族别",
    "belief": r"宗教|信仰|教派|政治面貌",
    "face": r"人脸|人像|照片|相片|指纹|虹膜|声纹|DNA",
    "track": r"轨迹|行踪|定位记录",
    "origin_place": r"户籍|籍贯|户口",
    "address": r"地址|住址|住处|门牌|(事发|案发|报警|发生|详细)地点",
    "temperament": r"性格|气质|脾气|人格|性情|MBTI",
    "free_text": r"详情|报警内容|警情内容|案情|警情描述|情况描述|处警经过|反馈内容|备注|录音",
}
_PERSON = (
    r"(caller|reporter|reporting|complainant|contact|victim|suspect|person|offender|arrestee|subject|witness|owner|officer|"
    r"first|middle|last|full|sur)"
)
_LATIN: dict[Category, str] = {
    "key_person": (
        r"(key|focus|target|priority) ?(person|people|population|individual)s?( list)?|(.* )?(watch|black) ?list( .*)?|"
        r"persons? of interest"
    ),
    "phone": (
        r"((?!stop|start|pick).* )?(tele)?phone( (number|num|no|nbr))?|tel|ani|we ?chat|e ?mail|"
        r"(mobile|callback|cell( ?phone)?)( (number|no))?"
    ),
    "identity": (
        r"(national|citizen|resident|identity|personal) ?(id|number|no)|id ?card( (number|no))?|ssn|social security.*|"
        r"passport.*|driver.? ?licen[cs]e.*"
    ),
    "name": rf"name|{_PERSON}s?( (first|last|full|sur))? ?names?|(sur|fore)name|caller|complainant|victim|suspect|reporter",
    "ethnicity": r"(.* )?(ethnicity|ethnic( group)?|race|nationality)",
    "belief": r"(.* )?(religion|belief|faith|political.*)",
    "face": r"(.* )?(face|photo|portrait|fingerprint|biometrics?|iris|voice ?print|dna)( (id|vector|image))?",
    "track": r"(.* )?(track|trajectory|whereabouts|gps (log|track|trace)|location history)s?",
    "origin_place": r"(hukou|household registration|birth ?place|place of birth)( .*)?",
    "address": (r"(.* )?(address|street (name|number|no)|house (number|no)|apartment|incident location|location)( text)?"),
    "temperament": r"(.* )?(personality|temperament|character|disposition)( type)?|mbti",
    "free_text": r"(.* )?(narrative|remarks?|comments?|notes?|free ?text|details?|description|synopsis)",
}
_MESSAGES: dict[Category, str] = {
    "name": N_("Column {column} holds names of people; it was left out."),
    "phone": N_("Column {column} holds ways to contact people; it was left out."),
    "identity": N_("Column {column} holds identity numbers; it was left out."),
    "ethnicity": N_("Column {column} holds ethnicity; it was left out."),
    "belief": N_("Column {column} holds religion or belief; it was left out."),
    "face": N_("Column {column} holds faces or other body features; it was left out."),
    "track": N_("Column {column} holds people's movements; it was left out."),
    "key_person": N_("Column {column} marks people as key persons; it was left out."),
    "origin_place": N_("Column {column} holds where people are registered; it was left out."),
    "address": N_("Column {column} holds addresses; it was left out: a call's place is its atom."),
    "temperament": N_("Column {column} describes people's temperament; it was left out."),
    "free_text": N_("Column {column} holds free text, which names people; it was left out."),
}
_REMEDY = N_("Export without this column.")
_REFUSAL = N_("This looks like a list of people ({columns}); Qinwu keeps no list of people and does not read it.")
_REFUSAL_REMEDY = N_("Give files of calls: one row per call, with the time it was received.")
_ABOUT_PEOPLE: frozenset[Category] = frozenset(
    {"name", "phone", "identity", "ethnicity", "belief", "face", "track", "key_person", "origin_place"}
)
_TIME = re.compile(r"时间|日期|time|date|received|reported|start|dispatched", re.IGNORECASE)
MASK = "***"
_PERSONAL_NUMBER = r"\d{11,}[Xx]?"
_IN_PROSE = re.compile(
    r"[\u4e00-\u9fff]某|先生|女士|男子|女子|男性|女性|\d+\s*岁|岁左右|嫌疑|嫌犯|车牌|[\u4e00-\u9fff][A-Z][·\s]?[A-Z0-9]{5,6}(?![A-Z0-9])|"
    r"\b(mr|mrs|ms|miss)\b\.?|\b(man|woman|men|women|boy|girl|suspects?|victims?|callers?|offenders?)\b|\byears? old\b|\baged? \d+",
    re.IGNORECASE,
)
_NO_PERSON = re.compile(r"民族(?=[路街巷道广村中小大])|某(些|个|处|地|段|条|路|楼|时|小区|单位)")
_WORD_RUN = 3
_SPEAKS_OF_PERSONS: frozenset[Category] = _ABOUT_PEOPLE - {"phone"} | {"temperament"}
"""Categories whose words speak of somebody in a sentence too; a telephone alone does not (a warning of calls by swindlers)."""
_LATIN_STRONG: frozenset[Category] = frozenset({"name", "identity", "key_person"})
"""Of English column words only these are words for persons in a sentence as well: a race may be run, a face may be of a wall."""


def category_of(column: str) -> Category | None:
    """Return which kind of personal data a column name announces, or None.

    >>> category_of("联系电话"), category_of("CallerPhone"), category_of("phone_stop"), category_of("警情类别")
    ('phone', 'phone', None, None)
    """
    plain = unicodedata.normalize("NFKC", column).strip()
    chinese = next((category for category, pattern in _CHINESE.items() if re.search(pattern, plain, re.IGNORECASE)), None)
    if chinese:
        return chinese
    words = " ".join(re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", plain)).lower()
    return next((category for category, pattern in _LATIN.items() if words and re.fullmatch(pattern, words)), None)


def forbidden_columns(names: Iterable[str], file: str, kind: Literal["calls", "other"] = "calls") -> tuple[Finding, ...]:
    """Return one finding for every column that must not be stored.

    Parameters
    ----------
    names
        Column names as the source writes them.
    file
        How findings name the file.
    kind
        ``calls``: a file without any time but with several columns about people, or a list of key persons, is refused by
        one error. ``other`` (officers, venues): columns are only reported.
    """
    found = {name: category for name in names if (category := category_of(name))}
    warnings = tuple(_dropped(name, category, file) for name, category in found.items())
    if kind == "calls" and _is_person_list(tuple(names), set(found.values()), file):
        people = ", ".join(name for name, category in found.items() if category in _ABOUT_PEOPLE) or file
        return (Finding("person-list", "error", _REFUSAL, _REFUSAL_REMEDY, Place(file), {"columns": people}), *warnings)
    return warnings


def forbidden_names(names: Iterable[str]) -> frozenset[str]:
    """Return those column names that must not be stored."""
    return frozenset(name for name in names if category_of(name))


def scrub(text: pl.Expr) -> pl.Expr:
    """Return `text` cut to forty characters with every number as long as a telephone or identity number masked."""
    return text.str.replace_all(_PERSONAL_NUMBER, MASK).str.slice(0, 40)


def masked(text: str) -> str:
    """Return text with every number as long as a telephone or identity number masked, however its digits are written.

    >>> masked("ring 13912345678 back"), masked("请回电１３９１２３４５６７８，谢谢")
    ('ring *** back', '请回电***，谢谢')
    """
    plain = [unicodedata.normalize("NFKC", one) for one in text]
    starts = [0, *accumulate(len(one) for one in plain)]
    kept, end = [], 0
    for found in re.finditer(_PERSONAL_NUMBER, "".join(plain)):
        first, last = bisect_right(starts, found.start()) - 1, bisect_left(starts, found.end())
        kept += [text[end:first], MASK]
        end = last
    return "".join([*kept, text[end:]])


def _dropped(name: str, category: Category, file: str) -> Finding:
    return Finding(
        f"forbidden-{category.replace('_', '-')}", "warning", _MESSAGES[category], _REMEDY, Place(file, key=name), {"column": name}
    )


def _is_person_list(names: tuple[str, ...], categories: set[Category], file: str) -> bool:
    """Return whether the file's own name says so, or it has people but no time."""
    if category_of(re.sub(r"#.*$|\.\w+$", "", file.rsplit("/", 1)[-1])) == "key_person":
        return True
    timed = any(_TIME.search(name) for name in names)
    return not timed and ("key_person" in categories or len(categories & _ABOUT_PEOPLE) >= 2)


def long_number_in(text: str) -> str:
    """Return the first number as long as a telephone or identity number, spaces and hyphens in it not counted; '' for none.

    >>> long_number_in("ring 139 1234-5678"), long_number_in("call 20260304-0001 of 2026-03-04 10:30")
    ('139 1234-5678', '')
    """
    plain = re.sub(r"\b\d{8}-\d{4}\b", " ", unicodedata.normalize("NFKC", text))
    return next((run[0] for run in re.finditer(r"\d[\d -]*\d[Xx]?", plain) if MASK in masked(re.sub(r"[ -]", "", run[0]))), "")


def person_in(text: str) -> str:
    """Return the part of a sentence that speaks of a person, '' where it speaks of places and things only.

    >>> person_in("北门夜间车内财物被盗，请锁好车门"), person_in("河西路积水，一名男子受困")
    ('', '一名男子受困')
    >>> person_in("Two cars broken into at the north gate"), person_in("The suspect fled north")
    ('', 'The suspect fled north')
    """
    plain = unicodedata.normalize("NFKC", text)
    for clause in re.split(r"[,.;:!?。,;:!?、\n]+", plain):
        said = _NO_PERSON.sub("", clause)
        words = re.findall(r"[A-Za-z]+", said)
        runs = (" ".join(words[at : at + size]) for size in range(1, _WORD_RUN + 1) for at in range(len(words)))
        chinese = re.sub(r"[A-Za-z]+", " ", said)
        if (
            _IN_PROSE.search(said)
            or category_of(chinese) in _SPEAKS_OF_PERSONS
            or any(run.lower() != "name" and category_of(run) in _LATIN_STRONG for run in runs)
        ):
            return clause.strip()
    return ""
