"""Words of differences: what two duty systems have differently, said as people say it; the key of the file stands beside."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from qinwu.duty.system import DutySystem
from qinwu.duty.telling import FUNCTIONS, WHO, WORK, who_text
from qinwu.language import N_, Language, translate

LONGEST = 240
TABLES: Mapping[str, str] = {
    "unit": N_("Unit"),
    "duty": N_("Duty of a unit"),
    "accountability": N_("Who answers for it"),
    "load": N_("Hours for paper and indicators"),
    "posting": N_("Posting"),
    "squad": N_("Squad"),
    "beat": N_("Beat"),
    "sector": N_("Sector"),
    "pair": N_("Pair of beats"),
    "watch": N_("Watch"),
    "pattern": N_("Roster pattern"),
    "crews": N_("Crews"),
    "dispatch": N_("Dispatch"),
    "order": N_("order of who goes"),
    "complement": N_("officers a call needs"),
    "hand_off": N_("calls handed to others"),
    "pace": N_("time at the scene"),
    "training": N_("effect of training"),
    "work": N_("Planned work"),
    "follow_up": N_("Follow-up work"),
}
FIELDS: Mapping[str, str] = {
    "beats_per_officer": N_("Beats per officer"),
    "name": N_("name"),
    "line": N_("commanded or asked"),
    "relation": N_("commanded or asked"),
    "function": N_("for what work"),
    "level": N_("level of the organisation"),
    "parent": N_("belongs to"),
    "unit": N_("belongs to unit"),
    "head": N_("head of the squad"),
    "staff": N_("share of the force"),
    "sworn": N_("sworn officers"),
    "auxiliary": N_("auxiliaries"),
    "from_administration": N_("taken from offices"),
    "skills": N_("skills asked for"),
    "officers": N_("officers in all"),
    "officer": N_("accountable officer"),
    "atoms": N_("its atoms"),
    "beats": N_("its beats"),
    "sergeant": N_("its sergeant"),
    "squad": N_("from squad"),
    "form": N_("how formed"),
    "people": N_("people in a crew"),
    "count": N_("how many crews"),
    "pattern": N_("on roster pattern"),
    "patrol": N_("patrols where"),
    "together": N_("on duty together with"),
    "priorities": N_("for priorities"),
    "counts_for_reserve": N_("counts for the reserve"),
    "levels": N_("levels a call passes"),
    "level_s": N_("seconds each level takes"),
    "tiers": N_("who goes, one after the other"),
    "support": N_("who comes as the second crew"),
    "choose": N_("whom to choose"),
    "commit": N_("when crews go"),
    "reserve": N_("crews kept in reserve"),
    "hold_s": N_("seconds a call is held for its crew"),
    "last_minutes": N_("no new call before the end of duty, min"),
    "coordination": N_("asking another line"),
    "hand_over_s": N_("seconds of handing over"),
    "refusal": N_("chance of a refusal"),
    "wait_s": N_("seconds of waiting after a refusal"),
    "preemption": N_("taking a crew off a call"),
    "shift_end": N_("a call at the end of duty"),
    "call_taking": N_("taking a call"),
    "takers": N_("call-takers"),
    "hours_per_week": N_("hours a week"),
    "who": N_("done by"),
    "where": N_("done where"),
    "kind": N_("sort"),
    "call_class": N_("classes"),
    "priority": N_("priorities"),
    "calls": N_("which calls"),
    "minutes": N_("minutes each"),
    "days": N_("days of the cycle"),
    "groups": N_("roster groups"),
    "start": N_("begins at"),
    "hours": N_("hours long"),
}
VALUES: Mapping[str, str] = {
    **FUNCTIONS,
    **WORK,
    "coordinate": N_("must be asked"),
    "guide": N_("guided only"),
    "same": N_("whoever went to the call"),
    "all": N_("all calls"),
    "team": N_("a team of the squad"),
    "single": N_("one officer each"),
    "specialist": N_("the specialist"),
    "own_beat": N_("the own beat"),
    "sector": N_("the sector"),
    "station": N_("the whole station"),
    "base": N_("at the base"),
    "none": N_("nobody"),
    "pair": N_("the paired beat"),
    "nearest": N_("the nearest"),
    "listed": N_("in the order listed"),
    "as_free": N_("each as soon as free"),
    "all_at_once": N_("all at once"),
    "enforcement": N_("enforcement calls"),
    "dispute": N_("dispute calls"),
    "service": N_("service calls"),
    "True": N_("yes"),
    "False": N_("no"),
}
"""Words that a duty file writes as values; where a field gives one another meaning, :data:`OF_FIELD` has it."""
OF_FIELD: Mapping[tuple[str, str], str] = {
    ("line", "command"): N_("commanded"),
    ("relation", "command"): N_("commanded"),
    ("form", "beat"): N_("the beat's officer"),
    ("together", "sector"): N_("the sector's crews"),
}
_PART = re.compile(r"([a-z_]+)(?:\[([^\]]*)\])?")


def key_words(key: str, before: DutySystem, after: DutySystem, language: Language) -> str:
    """Return a key of a duty file in words: ``squad[community].line`` as “Squad Beat officers: commanded or asked”."""
    words: list[str] = []
    field = ""
    for name, item in _PART.findall(key):
        text = TABLES.get(name) if item or not words else None
        said = translate(text or FIELDS.get(name) or TABLES.get(name) or name, language)
        named = _item(name, item, before, after, language)
        words.append(f"{said} {named}".strip())
        field = name
    if key == field or len(words) == 1:
        return words[0]
    return translate(N_("{table}: {field}"), language).format(table=words[0], field=translate(N_(", "), language).join(words[1:]))


def _item(table: str, item: str, before: DutySystem, after: DutySystem, language: Language) -> str:
    """Return what an item of a table is called: by its name in either system, a word, its crews by their squad."""
    if not item:
        return ""
    for system in (after, before):
        found = next((one for one in getattr(system, table, ()) if getattr(one, "id", None) == item), None)
        if found is not None and getattr(found, "name", None):
            return str(found.name.in_language(language))
        if found is not None and table == "crews":
            squad = next((one for one in system.squad if one.id == found.squad), None)
            return squad.name.in_language(language) if squad else item
    return translate(VALUES[item], language) if item in VALUES else item


def value_words(key: str, value: Any, system: DutySystem, language: Language) -> str:
    """Return a value as people read it: tiers as who goes after whom, things by their names, the rest as written."""
    text = _text(_PART.findall(key)[-1][0], value, system, language) or "–"
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _text(field: str, value: Any, system: DutySystem, language: Language) -> str:
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, list):
        joint = " → " if all(isinstance(one, Mapping) and "who" in one for one in value) else translate(N_(", "), language)
        return joint.join(_text(field, one, system, language) for one in value)
    if isinstance(value, Mapping):
        return _table(value, system, language)
    if isinstance(value, str) and field in ("who", "tiers", "support") and (value in WHO or ":" in value):
        return who_text(value, system, language)
    if field in ("squad", "unit", "pattern", "parent") and isinstance(value, str):
        return _item({"parent": "unit"}.get(field, field), value, system, system, language)
    word = OF_FIELD.get((field, str(value)), VALUES.get(str(value)))
    return translate(word, language) if word else str(value)


def _table(value: Mapping[str, Any], system: DutySystem, language: Language) -> str:
    if "after_s" in value and "who" in value:
        return who_text(value["who"], system, language)
    for own in ("name", "why", "tiers"):
        if value.get(own):
            return _text(own, value[own], system, language)
    if language in value:
        return str(value[language])
    said = {key: _text(key, inner, system, language) for key, inner in value.items() if key != "id"}
    words = (f"{translate(FIELDS.get(key, key), language)} {text}" for key, text in said.items() if text)
    return translate(N_("; "), language).join(words)
