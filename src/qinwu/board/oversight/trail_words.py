"""Words of the trail: what was done, and with which values, as people say it; exports keep what the chain was made from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from qinwu.board.crew_names import CrewNames
from qinwu.board.dispatch import decided
from qinwu.board.models import TrailEntry
from qinwu.board.oversight import correcting
from qinwu.board.oversight.table_words import FIELDS
from qinwu.board.roster import equipment, skills
from qinwu.board.words import CALL_RESULTS
from qinwu.board.work import bulletins
from qinwu.board.work.counters import BUSINESS
from qinwu.judge.officers.log import NAMES
from qinwu.language import N_, Language, translate

KINDS: Mapping[str, str] = {
    "absence": N_("Absence"),
    "account": N_("Account"),
    "beat": N_("Beat"),
    "board": N_("The whole board"),
    "bulletin": N_("Bulletin"),
    "calendar": N_("Calendar"),
    "call": N_("Call"),
    "campaign": N_("Campaign"),
    "comparison": N_("Comparison"),
    "demo": N_("Demonstration"),
    "equipment": N_("Equipment"),
    "factor": N_("Second factor"),
    "feedback": N_("Feedback"),
    "handover": N_("Handover"),
    "lead": N_("Lead"),
    "log": N_("Duty log"),
    "order": N_("Corrective order"),
    "orders": N_("Corrective orders"),
    "oversight": N_("Oversight"),
    "point": N_("Service point"),
    "request": N_("Request of a resident"),
    "room": N_("Interview room"),
    "score": N_("Score sheet"),
    "scores": N_("Score sheets"),
    "secondment": N_("Secondment"),
    "sector": N_("Sector"),
    "sending": N_("Crew sent"),
    "skill": N_("Skill"),
    "stages": N_("Response times"),
    "swap": N_("Swap"),
    "system": N_("Duty system"),
    "table": N_("Table"),
    "task": N_("Task"),
    "template": N_("Recurring work"),
    "ticket": N_("Number at a service point"),
    "token": N_("Key of another system"),
    "trail": N_("Trail"),
    "training": N_("Training hours"),
}
"""What the first word of an action is about."""
ACTS: Mapping[str, str] = {
    "accept": N_("agreed to go"),
    "agree": N_("agreed to"),
    "answer": N_("answered"),
    "approve": N_("approved"),
    "ask": N_("asked for"),
    "begin": N_("begun"),
    "book": N_("booked"),
    "call": N_("number called"),
    "call_off": N_("called off"),
    "change": N_("changed"),
    "close": N_("closed"),
    "codes": N_("new recovery codes"),
    "correct": N_("corrected"),
    "decide": N_("decided"),
    "decline": N_("declined"),
    "delete": N_("deleted"),
    "done": N_("finished"),
    "draw": N_("number drawn"),
    "end": N_("ended"),
    "enter": N_("entered"),
    "export": N_("taken out"),
    "extend": N_("return date moved"),
    "fall_due": N_("what is due made into tasks"),
    "file": N_("file taken out"),
    "finish": N_("finished"),
    "first": N_("first account made"),
    "give": N_("given"),
    "hand_over": N_("handed to a partner organisation"),
    "keep": N_("kept"),
    "leave": N_("note left"),
    "login": N_("logged in"),
    "logout": N_("logged out"),
    "make": N_("made"),
    "move": N_("moved to another day"),
    "need": N_("said what crews need"),
    "object": N_("objected to"),
    "off": N_("switched off"),
    "on": N_("switched on"),
    "open": N_("opened"),
    "order": N_("ordered"),
    "password": N_("password changed"),
    "publish": N_("published"),
    "purge": N_("old entries deleted"),
    "read": N_("read"),
    "ready": N_("repaired"),
    "receive": N_("received"),
    "recovery": N_("recovery code used"),
    "refuse": N_("refused"),
    "refused": N_("refused"),
    "repair": N_("sent to repair"),
    "repeats": N_("counted as a repeat"),
    "reply": N_("replied to"),
    "require": N_("asked of roles"),
    "resume": N_("gone on with"),
    "return": N_("given back"),
    "returned": N_("back at the station"),
    "roles": N_("roles changed"),
    "seed": N_("filled in"),
    "send": N_("sent"),
    "sessions": N_("sessions ended"),
    "show": N_("shown to its officer"),
    "sign": N_("signed"),
    "staff": N_("counters changed"),
    "stamp": N_("stamped"),
    "stop": N_("stopped"),
    "take": N_("taken"),
    "take_back": N_("taken back"),
    "time_out": N_("no answer in time"),
    "verify": N_("verified"),
    "veto": N_("veto put in force"),
    "view": N_("looked at"),
    "withdraw": N_("withdrawn"),
    "workbook": N_("workbook taken out"),
}
"""What the second word of an action says was done."""
_WORDS: Mapping[str, str] = FIELDS | {
    "stamp": N_("stamp"),
    "given": N_("set to"),
    "asked": N_("looked for"),
    "which": N_("which calls"),
    "class": N_("class of calls"),
    "entries": N_("entries"),
    "broken_at": N_("broken at"),
    "partner": N_("partner organisation"),
}


_VALUES: Mapping[str, str] = {
    **{stamp: FIELDS[stamp] for stamp in ("acknowledged", "en_route", "arrived", "finished", "over")},
    **BUSINESS,
}
"""Words that entries of every kind have as values."""
_KINDS_OF_HOURS: Mapping[str, str] = {str(kind): words for kind, words in NAMES.items()}
_VALUES_OF: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("absence", "kind"): _KINDS_OF_HOURS,
    ("bulletin", "kind"): bulletins.KINDS,
    ("call", "result"): CALL_RESULTS,
    ("equipment", "kind"): equipment.KINDS,
    ("lead", "kind"): decided.KINDS,
    ("order", "about"): correcting.ABOUT,
    ("skill", "skill"): skills.WORDS,
    ("training", "kind"): _KINDS_OF_HOURS,
}
"""Words that entries of one kind have as values of one name, where the name alone does not say what they mean."""


def action_words(action: str, language: Language) -> str:
    """Return an action in words: ``sending.stamp`` as “Crew sent: stamped”; a word that is not known stays as it is."""
    kind, _dot, act = action.partition(".")
    thing = translate(KINDS.get(kind, kind), language)
    if not act:
        return thing
    return translate(N_("{thing}: {act}"), language).format(thing=thing, act=translate(ACTS.get(act, act), language))


def content_words(entry: TrailEntry, names: CrewNames, classes: Mapping[str, str], language: Language) -> list[tuple[str, str]]:
    """Return the values of an entry as pairs of a word and a text, without those that say nothing.

    Parameters
    ----------
    entry
        The entry.
    names, classes
        What crews and classes of calls are called.
    language
        In which language.
    """
    found = json.loads(entry.content)
    pairs = found.items() if isinstance(found, Mapping) else ()
    kind = entry.action.partition(".")[0]
    return [
        (translate(_WORDS.get(key, key), language), _value((kind, key), value, names, classes, language))
        for key, value in pairs
        if _says(value)
    ]


def _value(name: tuple[str, str], value: Any, names: CrewNames, classes: Mapping[str, str], language: Language) -> str:
    if name[1] == "crew":
        return names(value)
    if name[1] in ("class", "call_class"):
        return classes.get(str(value), str(value))
    words = _VALUES_OF.get(name, {})
    return translate(words[value], language) if isinstance(value, str) and value in words else _text(value, language)


def _says(value: Any) -> bool:
    return value is not None and value not in ("", [], {})


def _text(value: Any, language: Language) -> str:
    if isinstance(value, bool):
        return translate(N_("yes") if value else N_("no"), language)
    if isinstance(value, list):
        return translate(N_(", "), language).join(_text(one, language) for one in value)
    if isinstance(value, Mapping):
        said = (f"{translate(_WORDS.get(key, key), language)} {_text(one, language)}" for key, one in value.items() if _says(one))
        return translate(N_("; "), language).join(said)
    return translate(_VALUES[value], language) if value in _VALUES else str(value)
