"""Duty systems: what could be in force, what is and was, what another would change, and the signature that changes it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from qinwu.board import trail
from qinwu.board.access.roles import needs
from qinwu.board.clock import now
from qinwu.board.in_force import InForce, in_force
from qinwu.board.models import Job
from qinwu.board.pages import hindrances, language_of, local, problems, render
from qinwu.board.plans import comparing, duty_files, signing
from qinwu.board.plans.changing_over import on_calls, size
from qinwu.board.plans.difference_words import key_words, value_words
from qinwu.board.plans.duty_files import Standing, Standings, standings
from qinwu.board.typed import Typed
from qinwu.duty.drafts import SOURCE
from qinwu.duty.reading import PRESET
from qinwu.duty.reform.difference import changed
from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.system import DutySystem
from qinwu.findings import QinwuError
from qinwu.language import LANGUAGES, N_, Language, translate
from qinwu.simulate.trial import prepare_one

SHOWN = 50
MINUTE = "%Y-%m-%d %H:%M"
BOOKKEEPING = ("assumption", "mechanisms")
"""Tables of a duty file that explain others and change nothing by themselves."""


@needs("see_board")
@require_GET
def systems(request: HttpRequest) -> HttpResponse:
    """Show the duty systems and who signed which when."""
    return _page(request, {}, [])


def _page(request: HttpRequest, typed: Mapping[str, Any], wrong: list[str], status: int = 200) -> HttpResponse:
    zone, language = duty_files.zone(), language_of(request)
    known, before = standings(), signing.name_before()
    lines = signing.lines(language, SHOWN)
    obeyed = next((line for line in lines if line.when == "obeyed"), None)
    return render(
        request,
        "board/systems.html.j2",
        status=status,
        station_wrong=[one.text(language) for one in known.findings],
        trouble=_trouble(language),
        choices=[
            (one, local(one.since, zone, MINUTE), [finding.text(language) for finding in one.findings])
            for one in signing.choices(language)
        ],
        obeyed=_title(known, signing.name_in_force(), language),
        since=obeyed
        and (local(obeyed.signed.valid_from, zone, MINUTE), obeyed.signed.signed_by.get_username(), obeyed.signed.reason),
        coming=[(line, local(line.signed.valid_from, zone, MINUTE)) for line in lines if line.when == "coming"],
        before=before and (before, _title(known, before, language), _back_reason(known, language)),
        lines=[(line, local(line.signed.valid_from, zone, MINUTE), local(line.until, zone, MINUTE)) for line in lines],
        changed=signing.changed_since_signed(),
        presets=[
            (each.name, signing.title_of(each, language), _about(each.loaded.system, language))
            for each in known.presets
            if each.loaded
        ],
        typed={"name": "", "valid_from": "", "reason": ""} | dict(typed),
        wrong=wrong,
    )


def _trouble(language: Language) -> list[str]:
    """Return why the board cannot obey what is in force, nothing where it can."""
    try:
        in_force()
    except QinwuError as error:
        return hindrances(error, language)
    return []


def _title(known: Standings, name: str, language: Language) -> str:
    return signing.title_of(known.of(name), language) or name


def _about(system: DutySystem, language: Language) -> str:
    return system.about.in_language(language) if system.about else ""


def _back_reason(known: Standings, language: Language) -> str:
    title = _title(known, signing.name_in_force(), language)
    return translate(N_("Back to what was before “{name}”"), language).format(name=title)


@needs("see_board")
@require_GET
def system(request: HttpRequest, name: str) -> HttpResponse:
    """Show what a duty system would change, and let whoever may sign it."""
    job = _comparison(request.GET.get("comparison", ""))
    return _one(request, name, job, {"reason": _reason_from(job, name, language_of(request))}, [])


def _one(
    request: HttpRequest, name: str, job: Job | None, typed: Mapping[str, Any], wrong: list[str], status: int = 200
) -> HttpResponse:
    language = language_of(request)
    standing = _standing(name)
    force = _force()
    now_plan = force.plan if force else None
    now_system = force.loaded.stated if force else None
    plan, loaded = standing.plan, standing.loaded
    lines = _differences(now_system, loaded.stated, language) if now_system and loaded and force else []
    return render(
        request,
        "board/system.html.j2",
        status=status,
        name=name,
        title=signing.title_of(standing, language),
        about=_about(loaded.system, language) if loaded else "",
        findings=[one.text(language) for one in standing.findings],
        obeyed=name == signing.name_in_force(),
        obeyed_title=_title(standings(), signing.name_in_force(), language),
        sizes=_sizes(force, now_plan, plan),
        lines=[line for line in lines if not line[4]],
        small=[line for line in lines if line[4]],
        on_calls=on_calls(force, plan) if force and plan else (),
        files=loaded.files if loaded else (),
        job=job,
        changed=job is not None and name in comparing.changed_since(job),
        typed={"valid_from": "", "reason": ""} | dict(typed),
        most_reason=signing.MOST_REASON,
        wrong=wrong,
    )


def _standing(name: str) -> Standing:
    """Return a duty system of the station, or a preset as it stands alone."""
    known = standings().of(name)
    if known is not None:
        return known
    if not SOURCE.fullmatch(name) or not name.startswith(PRESET):
        raise Http404
    try:
        _station, loaded, plan = prepare_one(Path(settings.STATION), name, even_without_calls=True)
    except QinwuError as error:
        return Standing(name, None, None, error.findings)
    return Standing(name, loaded, plan)


def _force() -> InForce | None:
    try:
        return in_force()
    except QinwuError:
        return None


def _sizes(force: InForce | None, before: ResponsePlan | None, after: ResponsePlan | None) -> list[tuple[str, str, str]]:
    """Return what can be counted of the two systems beside each other."""
    if force is None or before is None or after is None:
        return []
    one, two = (size(plan, force.cycle_s(now())) for plan in (before, after))
    return [
        (N_("Beats"), f"{one.beats}", f"{two.beats}"),
        (N_("Crews of its own"), f"{one.crews}", f"{two.crews}"),
        (N_("Officers in crews"), f"{one.officers}", f"{two.officers}"),
        (N_("Crews on duty at this hour"), f"{one.crews_on_duty}", f"{two.crews_on_duty}"),
        (N_("Officers on duty at this hour"), f"{one.people_on_duty}", f"{two.people_on_duty}"),
    ]


def _differences(before: DutySystem, after: DutySystem, language: Language) -> list[tuple[str, str, str, str, bool]]:
    """Return key, the key and both values in words, and whether it only explains others; other languages are left out."""
    others = tuple(f".{other}" for other in LANGUAGES if other != language)
    return [
        (
            each.key.removesuffix(f".{language}"),
            key_words(each.key.removesuffix(f".{language}"), before, after, language),
            value_words(each.key, each.before, before, language),
            value_words(each.key, each.after, after, language),
            each.key.startswith(BOOKKEEPING),
        )
        for each in changed(before, after)
        if not each.key.endswith(others)
    ]


def _comparison(pk: str) -> Job | None:
    """Return a comparison that found something, by the number in an address."""
    return comparing.jobs().filter(pk=int(pk), state__in=("done", "stopped")).first() if pk.isdecimal() and len(pk) < 18 else None


def _reason_from(job: Job | None, name: str, language: Language) -> str:
    """Return the reason for a signature that rests on a comparison: what it found, and where it lies."""
    found = comparing.found_by(job) if job else None
    if job is None or found is None or name not in comparing.Question.of(job).systems:
        return ""
    words = translate(N_("Comparison {key}: {claim}"), language)
    return words.format(key=str(job.key)[:8], claim=found[language]["headline"]["claim"])[: signing.MOST_REASON]


@needs("sign_system")
@require_POST
def sign(request: HttpRequest) -> HttpResponse:
    """Sign a duty system into force, from now or from a day to come."""
    form, language = request.POST, language_of(request)
    name, job = form.get("name", ""), _comparison(form.get("comparison", ""))
    try:
        typed = Typed(form, duty_files.zone())
        valid_from = typed.moment("valid_from")
        typed.finish()
        signing.sign(name, valid_from, form.get("reason", ""), request.user, job)
    except QinwuError as error:
        wrong = problems(error, language)
        if form.get("page") == "one" and (standings().of(name) or name.startswith(PRESET)):
            return _one(request, name, job, form.dict(), wrong, status=422)
        return _page(request, form.dict(), wrong, status=422)
    return redirect("systems")


@needs("compare")
@require_POST
def take_in(request: HttpRequest) -> HttpResponse:
    """Take a preset into the station: a file that lays it over the station's own."""
    try:
        name = duty_files.take_in(request.POST.get("preset", ""), request.user.get_username())
    except QinwuError as error:
        return _page(request, {}, problems(error, language_of(request)), status=422)
    return redirect("system", name=name)


@needs("see_board")
@require_GET
def file(request: HttpRequest, name: str) -> HttpResponse:
    """Hand a duty file of the station out, to be changed and handed in again under another name."""
    standing = standings().of(name)
    if standing is None:
        raise Http404
    trail.record(request.user.get_username(), "system.file", name)
    answer = HttpResponse(duty_files.bytes_of(name), content_type="application/toml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name if name.isascii() else "duty-system"}.toml"'
    return answer


ADDRESSES = [
    path("systems", systems, name="systems"),
    path("systems/sign", sign, name="sign"),
    path("systems/take-in", take_in, name="take-in"),
    path("systems/of/<str:name>", system, name="system"),
    path("systems/of/<str:name>/file", file, name="system-file"),
]
