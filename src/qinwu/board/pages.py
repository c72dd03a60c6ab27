"""Pages: templates in the reader's language, with what every page shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined

from qinwu.board.access.rights import RIGHTS, Right
from qinwu.board.access.roles import has
from qinwu.board.clock import now
from qinwu.board.crew_names import CrewNames
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import LANGUAGES, N_, Language, default_language, translate

COOKIE = "qinwu_language"
MENU: tuple[tuple[str, str, Right], ...] = (
    ("today", N_("Duty today"), "see_board"),
    ("my-beat", N_("My beat"), "do_tasks"),
    ("tasks", N_("Tasks"), "do_tasks"),
    ("my-score", N_("My score"), "see_own_score"),
    ("scores", N_("Score sheets"), "answer_line"),
    ("counter", N_("Service points"), "keep_counter"),
    ("bulletins", N_("Bulletins"), "see_board"),
    ("stages", N_("Response times"), "see_board"),
    ("crews-page", N_("Skills and equipment"), "see_board"),
    ("systems", N_("Duty systems"), "see_board"),
    ("comparisons", N_("Systems compared"), "compare"),
    ("orders", N_("Corrective orders"), "answer_orders"),
    ("oversight", N_("Oversight"), "inspect"),
    ("trail", N_("Trail"), "inspect"),
    ("tables", N_("Tables"), "export"),
    ("accounts", N_("Accounts"), "administer"),
    ("responsibilities", N_("Division of duties"), "read_responsibilities"),
)
"""Pages that every page leads to: address, what it is called, and the right it needs."""


def environment(**options: Any) -> Environment:
    """Return the template engine: escapes everything, and knows no value that it was not given."""
    found = Environment(**{**options, "undefined": StrictUndefined, "autoescape": True, "trim_blocks": True, "lstrip_blocks": True})
    found.globals.update(static=static, url=_url)
    return found


@lru_cache(maxsize=2000)
def _url(name: str, *arguments: Any) -> str:
    return reverse(name, args=arguments)


def language_of(request: HttpRequest) -> Language:
    """Return the language of a reader: what the account says, else the cookie, else that of the machine."""
    member = getattr(request.user, "member", None) if request.user.is_authenticated else None
    return language_named(member.language if member else request.COOKIES.get(COOKIE, ""))


def language_named(word: str | None) -> Language:
    """Return the language of a word that an account or a cookie holds, that of the machine where it is none."""
    return next((language for language in LANGUAGES if language == word), default_language())


def render(request: HttpRequest, template: str, *, status: int = 200, **values: Any) -> HttpResponse:
    """Return a page, or a part of one, in the reader's language."""
    language = language_of(request)
    rights = {right for right in RIGHTS if has(request.user, right)} if request.user.is_authenticated else set()
    shared = {
        "user": request.user,
        "rights": rights,
        "menu": [
            (name, label, request.path == _url(name))
            for name, label, right in MENU
            if right in rights and _leads_somewhere(request, name)
        ],
        "csrf": get_token(request),
        "now": now(),
        "home": home_of(request.user),
    }
    return HttpResponse(drawn(template, language, **(shared | values)), status=status)


def home_of(user: Any) -> str:
    """Return where an account begins: the board, or the first page of the menu that it may see."""
    seen = (name for name, right in (("board", "see_board"), *((name, right) for name, _label, right in MENU)) if has(user, right))
    return _url(next(seen, "my-account" if user.is_authenticated else "board"))


def _leads_somewhere(request: HttpRequest, name: str) -> bool:
    """Return whether a page has something for an account: who is no officer of the force has no score of the own."""
    return name != "my-score" or bool(getattr(getattr(request.user, "member", None), "officer", ""))


def drawn(template: str, language: Language, **values: Any) -> str:
    """Return a template filled in, in a language; nothing of a reader but what is given.

    Names of crews are those of the duty system given as `force`; where none is, that in force is looked up if a crew is named.
    """
    from django.template import engines

    always = {"_": _say(language), "language": language, "crew_name": CrewNames(language, values.get("force"))}
    text: str = engines["jinja2"].env.get_template(template).render(always | values)  # type: ignore[attr-defined]
    return text


def _say(language: Language) -> Any:
    def say(text: str, **values: Any) -> str:
        found = translate(text, language)
        return found.format(**values) if values else found

    return say


def problems(error: QinwuError, language: Language) -> list[str]:
    """Return what is wrong, each in one sentence or two, in the reader's language."""
    return [_said(finding, language) for finding in error.findings]


def _said(finding: Finding, language: Language) -> str:
    """Return a finding as a page says it: that of a file with its place, that of a form without the name its field has inside."""
    return (finding if finding.place.file else replace(finding, place=Place())).text(language)


def hindrances(error: QinwuError, language: Language) -> list[str]:
    """Return what stands in the way, without what is merely worth knowing about the same files."""
    return [finding.text(language) for finding in error.findings if finding.severity == "error"] or problems(error, language)


def local(at: datetime | None, zone: str, pattern: str = "%H:%M:%S") -> str:
    """Return a time as the station's clock shows it, empty for none."""
    return at.astimezone(ZoneInfo(zone)).strftime(pattern) if at else ""
