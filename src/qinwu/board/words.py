"""Words of calls and tasks: what kinds there are, who may want them, what may come of them, as lists to choose from."""

from __future__ import annotations

from collections.abc import Mapping

from qinwu.language import N_

CALL_RESULTS: dict[str, str] = {
    "handled": N_("handled on the spot"),
    "passed_on": N_("passed on to another unit"),
    "case": N_("filed as a case"),
    "nothing_found": N_("nothing found"),
    "not_police": N_("not a matter for the police"),
}
"""What may come of a call that crews went to."""
CALL_WORDS: Mapping[str, str] = CALL_RESULTS | {"partner": N_("handed to a partner organisation")}
"""The same, and what becomes of a call that is handed over."""
STAMP_WORDS: Mapping[str, str] = {
    "received": N_("received"),
    "dispatched": N_("sent"),
    "acknowledged": N_("acknowledged"),
    "en_route": N_("drove off"),
    "arrived": N_("arrived"),
    "cleared": N_("free"),
}
"""The six stamps of a call."""
KINDS: Mapping[str, str] = {
    "visit": N_("beat visit"),
    "inspection": N_("venue inspection"),
    "mediation": N_("mediation"),
    "follow_up": N_("follow-up"),
    "request": N_("request of residents"),
    "meeting": N_("meeting"),
    "assessment": N_("assessment"),
    "paperwork": N_("paperwork"),
    "other": N_("other work"),
}
"""What a task is."""
RECURRING = tuple(kind for kind in KINDS if kind not in ("mediation", "follow_up", "request"))
"""Kinds of which templates and single tasks are written; the others come from disputes and residents."""
CONTACT = ("visit", "inspection", "mediation", "follow_up", "request")
"""Kinds in which officers meet residents."""
ORIGINS: Mapping[str, str] = {
    "self": N_("the station itself"),
    "superior": N_("superior"),
    "local_government": N_("local government"),
}
"""Who may want a task that the station writes."""
EVERY_ORIGIN: Mapping[str, str] = {"resident": N_("residents (110 and requests)"), **ORIGINS}
REQUESTS: Mapping[str, str] = {
    "certificate": N_("certificates and proofs"),
    "household": N_("household registration"),
    "lost_found": N_("lost and found"),
    "traffic": N_("traffic and parking"),
    "noise": N_("noise"),
    "safety": N_("safety advice"),
    "facility": N_("lamps, roads, facilities"),
    "service": N_("about our service"),
    "other": N_("other"),
}
"""Classes of requests of residents."""
_PLAIN: Mapping[str, str] = {
    "done": N_("done"),
    "found": N_("done, something found"),
    "nobody_there": N_("nobody was there"),
    "passed_on": N_("passed on to another unit"),
}
RESULTS: Mapping[str, Mapping[str, str]] = {
    "mediation": {
        "agreed": N_("agreement reached"),
        "not_agreed": N_("no agreement"),
        "passed_on": N_("passed on to another unit"),
        "nobody_there": N_("nobody was there"),
    },
    "follow_up": {
        "kept": N_("agreement kept"),
        "broken": N_("dispute flared up again"),
        "nobody_there": N_("nobody was there"),
    },
    "request": {
        "answered": N_("replied"),
        "passed_on": N_("passed on to another unit"),
        "out_of_scope": N_("not a matter for the police"),
    },
}
"""What may come of a task, by kind."""
CALLED_OFF: Mapping[str, str] = {"called_off": N_("called off")}


def results_of(kind: str) -> Mapping[str, str]:
    """Return what may come of a task of a kind."""
    return RESULTS.get(kind, _PLAIN)
