"""Comparing: duty systems handed in and compared in the background, with progress and a report to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isclose
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from qinwu.board import trail
from qinwu.board.access.roles import needs
from qinwu.board.models import Job
from qinwu.board.pages import language_of, local, problems, render
from qinwu.board.plans import comparing, duty_files, signing
from qinwu.board.plans.comparing import EFFORTS, MOST_SYSTEMS, Question
from qinwu.board.plans.duty_files import standings
from qinwu.board.views.comparing_progress import SHOWN, progress
from qinwu.duty.drafts import MOST_BYTES
from qinwu.findings import Finding, Place, QinwuError, raise_on_errors
from qinwu.language import N_, Language
from qinwu.plan.call_flows import FLOWS, is_made

STATES = {
    "waiting": N_("waits in the line"),
    "running": N_("runs"),
    "done": N_("done"),
    "failed": N_("failed"),
    "stopped": N_("stopped"),
}
EFFORT_WORDS = {
    "quick": N_("a first look: {count} times"),
    "usual": N_("as usual: {count} times"),
    "thorough": N_("thoroughly: {count} times"),
}
MEGABYTE = 1_000_000
WIDE, LOW, HIGH = 100.0, 6.0, 94.0
"""Width of a drawn interval, and where the widest of a row begins and ends."""


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison as the page lists it; `claim` is what it found, empty where nothing was."""

    job: Job
    titles: tuple[str, ...]
    asked: str
    state: str
    claim: str
    told: tuple[str, ...]
    megabytes: float


@dataclass(frozen=True, slots=True)
class Drawn:
    """A paired difference as a bar from `low` to `high` with its mean, on a line whose `zero` is no difference; 0 to 100."""

    low: float
    high: float
    mean: float
    zero: float


@needs("compare")
@require_GET
def comparisons(request: HttpRequest) -> HttpResponse:
    """Show what was compared, what runs, and the form for the next."""
    return _page(request, {}, [])


def _page(request: HttpRequest, typed: Mapping[str, Any], wrong: list[str], status: int = 200) -> HttpResponse:
    comparing.tend()
    language, known = language_of(request), standings()
    obeyed = signing.name_in_force()
    choices = [
        (
            each.name,
            signing.title_of(each, language),
            each.name in typed.get("systems", ()),
            [one.text(language) for one in each.findings],
        )
        for each in known.systems
        if each.name != obeyed
    ]
    lines = _lines(language)
    return render(
        request,
        "board/comparisons.html.j2",
        status=status,
        choices=choices,
        obeyed=signing.title_of(known.of(obeyed), language) or obeyed,
        flows=[flow.name()[language] for flow in FLOWS],
        flows_of=[
            (each.name, signing.title_of(each, language), each.name == typed.get("flows_of", obeyed))
            for each in known.systems
            if each.plan and not is_made(each.name)
        ],
        efforts=[(name, EFFORT_WORDS[name], count) for name, count in EFFORTS.items()],
        effort=typed.get("effort", "usual"),
        name=typed.get("name", ""),
        most=MOST_SYSTEMS - 1,
        most_bytes=f"{MOST_BYTES:,}",
        wrong=wrong,
        states=STATES,
        newest=next((line for line in lines if line.claim), None),
        lines=lines,
    )


def _lines(language: Language) -> list[Line]:
    zone = duty_files.zone()
    return [_line(job, language, zone) for job in comparing.jobs()[:SHOWN]]


def _line(job: Job, language: Language, zone: str) -> Line:
    found = comparing.found_by(job) or {}
    names = Question.of(job).systems
    titles = found[language]["names"] if found else [signing.title_of(standings().of(name), language) or name for name in names]
    claim = found[language]["headline"]["claim"] if found else ""
    asked = local(job.asked_at, zone, "%m-%d %H:%M")
    return Line(job, tuple(titles), asked, job.state, claim, tuple(job.told.splitlines()), comparing.bytes_of(job) / MEGABYTE)


@needs("compare")
@require_GET
def line(request: HttpRequest) -> HttpResponse:
    """Return the line of comparisons alone."""
    comparing.tend()
    return render(request, "board/comparison_lines.html.j2", lines=_lines(language_of(request)), states=STATES)


@needs("compare")
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Put a comparison in the line."""
    chosen, effort, language = request.POST.getlist("systems"), request.POST.get("effort", ""), language_of(request)
    try:
        job = comparing.ask(chosen, effort, request.user.get_username(), language)
    except QinwuError as error:
        return _page(request, {"systems": chosen, "effort": effort}, problems(error, language), status=422)
    return redirect("comparison", pk=job.pk)


@needs("compare")
@require_POST
def ask_flows(request: HttpRequest) -> HttpResponse:
    """Put a duty system in the line with its calls taken and dispatched on one level or two (M72)."""
    name, effort, language = request.POST.get("system", ""), request.POST.get("effort", ""), language_of(request)
    by = request.user.get_username()
    try:
        raise_on_errors(comparing.effort_findings(effort))
        job = comparing.ask(duty_files.keep_flows(name, by), effort, by, language)
    except QinwuError as error:
        return _page(request, {"flows_of": name, "effort": effort}, problems(error, language), status=422)
    return redirect("comparison", pk=job.pk)


@needs("compare")
@require_POST
def hand_in(request: HttpRequest) -> HttpResponse:
    """Keep a duty file that somebody made elsewhere, once it fits the station."""
    file, name, language = request.FILES.get("file"), request.POST.get("name", "").strip(), language_of(request)
    try:
        if file is None:
            raise QinwuError(
                [Finding("no-file", "error", N_("No file was chosen."), N_("Choose a duty file, *.toml."), Place(key="file"))]
            )
        kept = duty_files.hand_in(file.read(MOST_BYTES + 1), file.name or "", name, request.user.get_username())
    except QinwuError as error:
        return _page(request, {"name": name}, problems(error, language), status=422)
    return redirect("system", name=kept)


@csp_update({"frame-src": [SELF]})
@needs("compare")
@require_GET
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one comparison: how far it is, or what it found, with the report inside."""
    comparing.tend()
    return _one(request, _job(pk), [])


def _job(pk: int) -> Job:
    return get_object_or_404(comparing.jobs(), pk=pk)


def _one(request: HttpRequest, job: Job, wrong: list[str], status: int = 200) -> HttpResponse:
    language = language_of(request)
    found = comparing.found_by(job)
    here = found[language] if found else None
    rows = [(row, _drawn(row["cells"])) for row in here["rows"]] if here else []
    return render(
        request,
        "board/comparison.html.j2",
        status=status,
        line=_line(job, language, duty_files.zone()),
        states=STATES,
        found=here,
        rows=rows,
        took=f"{found['elapsed_s'] / 60.0:.1f}" if found else "",
        names=Question.of(job).systems,
        has_page=found is not None and comparing.page_of(job, language).is_file(),
        changed=comparing.changed_since(job) if found else (),
        obeyed=signing.name_in_force(),
        wrong=wrong,
    )


def _drawn(cells: list[dict[str, Any]]) -> list[Drawn | None]:
    """Return the differences of a row drawn on one scale, that of its widest interval with nothing in it."""
    ends = [end for cell in cells for end in cell["bounds"]]
    low, high = min([0.0, *ends]), max([0.0, *ends])
    span = high - low
    if isclose(span, 0.0, abs_tol=1e-12):
        return [None for _ in cells]

    def at(value: float) -> float:
        return float(LOW + (HIGH - LOW) * (value - low) / span)

    return [Drawn(at(c["bounds"][1]), at(c["bounds"][2]), at(c["bounds"][0]), at(0.0)) if c["bounds"] else None for c in cells]


@needs("compare")
@require_GET
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """Return how far a comparison is, alone."""
    comparing.tend()
    found = _line(_job(pk), language_of(request), duty_files.zone())
    return render(request, "board/comparison_state.html.j2", line=found, states=STATES)


@needs("compare")
@require_GET
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the page of a comparison: a document shut off from all other pages, which runs its own script and no other."""
    job, language = _job(pk), language_of(request)
    found, page = comparing.found_by(job), comparing.page_of(job, language)
    if found is None or not page.is_file():
        raise Http404
    answer = HttpResponse(page.read_bytes(), content_type="text/html; charset=utf-8")
    answer["Content-Security-Policy"] = "; ".join((
        "sandbox allow-scripts",
        "default-src 'none'",
        f"script-src '{found['script']}'",
        "style-src 'unsafe-inline'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    ))  # fmt: skip
    answer["X-Frame-Options"] = "SAMEORIGIN"
    return answer


@needs("compare")
@require_GET
def workbook(request: HttpRequest, pk: int) -> HttpResponse:
    """Return the workbook of a comparison; what leaves the board is written down."""
    job, language = _job(pk), language_of(request)
    book = comparing.workbook_of(job, language)
    if not book.is_file():
        raise Http404
    trail.record(request.user.get_username(), "comparison.workbook", str(job.key))
    answer = HttpResponse(book.read_bytes(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer["Content-Disposition"] = f'attachment; filename="qinwu-{str(job.key)[:8]}.xlsx"'
    return answer


@needs("compare")
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a comparison; what it has found so far stays."""
    comparing.stop(_job(pk), request.user.get_username())
    return redirect("comparison", pk=pk)


@needs("compare")
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the question of a comparison again."""
    try:
        job = comparing.again(_job(pk), request.user.get_username())
    except QinwuError as error:
        return _one(request, _job(pk), problems(error, language_of(request)), status=422)
    return redirect("comparison", pk=job.pk)


@needs("compare")
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete page and workbook of a comparison."""
    try:
        comparing.delete_report(_job(pk), request.user.get_username())
    except QinwuError as error:
        return _one(request, _job(pk), problems(error, language_of(request)), status=409)
    return redirect("comparison", pk=pk)


ADDRESSES = [
    path("comparisons", comparisons, name="comparisons"),
    path("comparisons/line", line, name="comparison-line"),
    path("comparisons/progress", progress, name="comparison-progress"),
    path("comparisons/ask", ask, name="compare"),
    path("comparisons/flows", ask_flows, name="compare-flows"),
    path("comparisons/hand-in", hand_in, name="hand-in"),
    path("comparisons/<int:pk>", one, name="comparison"),
    path("comparisons/<int:pk>/state", state, name="comparison-state"),
    path("comparisons/<int:pk>/report", report, name="comparison-report"),
    path("comparisons/<int:pk>/workbook", workbook, name="comparison-workbook"),
    path("comparisons/<int:pk>/stop", stop, name="stop-comparison"),
    path("comparisons/<int:pk>/again", again, name="compare-again"),
    path("comparisons/<int:pk>/delete", delete, name="delete-report"),
]
