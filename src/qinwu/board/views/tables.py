"""Tables: every table of the board as CSV, Excel or Parquet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET

from qinwu.board.access.roles import needs
from qinwu.board.in_force import in_force
from qinwu.board.oversight import tables as taking
from qinwu.board.oversight.tables import FORMATS, Span
from qinwu.board.pages import language_of, problems, render
from qinwu.board.typed import Typed
from qinwu.findings import QinwuError

FIELDS = ("since", "until")
FORMAT_WORDS = {"csv": "CSV", "xlsx": "Excel", "parquet": "Parquet"}


@dataclass(frozen=True, slots=True)
class Line:
    """A table as the page lists it: name, title, rows, its columns with their words, and whether a span chooses among its rows."""

    name: str
    title: str
    rows: int
    columns: tuple[tuple[str, str], ...]
    by_span: bool


@needs("export")
@require_GET
def tables(request: HttpRequest) -> HttpResponse:
    """List the tables that the account may take out."""
    return _page(request, [])


def _page(request: HttpRequest, wrong: list[str], status: int = 200) -> HttpResponse:
    language, force = language_of(request), in_force()
    known = taking.tables()
    lines = [
        Line(
            name,
            taking.title_of(name, language),
            taking.count_of(force, name),
            tuple(taking.words_of(request.user, name, language)),
            name in taking.WORKED_OUT or bool(known[name].moment),
        )
        for name in taking.open_to(request.user)
    ]
    typed = {name: request.GET.get(name, "") for name in FIELDS}
    query = "&".join(f"{name}={value}" for name, value in typed.items() if value and not wrong)
    return render(
        request, "board/tables.html.j2", status=status, lines=lines, formats=FORMAT_WORDS, typed=typed, wrong=wrong, query=query,
        rows=sum(line.rows for line in lines), kept_back=sum(not taking.may_see(request.user, name) for name in known),
    )  # fmt: skip


@needs("export")
@require_GET
def take(request: HttpRequest, name: str) -> HttpResponse:
    """Give a table as a file: ``call_entries.csv``, of the days from `since` to `until`."""
    table, _dot, kind = name.rpartition(".")
    try:
        file = taking.take_out(in_force(), request.user, table, kind, span_of(request.GET.dict()), language_of(request))
    except QinwuError as error:
        return _page(request, problems(error, language_of(request)), status=404 if isinstance(error, taking.NoTableError) else 422)
    answer = HttpResponse(file, content_type=FORMATS[kind])
    answer["Content-Disposition"] = f'attachment; filename="{table}.{kind}"'
    return answer


def span_of(form: dict[str, Any]) -> Span:
    """Return the span that was asked for.

    Raises
    ------
    QinwuError
        Where a day cannot be read, or the span ends before it begins.
    """
    typed = Typed(form, in_force().station.config.time_zone)
    since, until = typed.day("since"), typed.day("until")
    typed.finish()
    return taking.span_of_days(since, until)


ADDRESSES = [
    path("tables", tables, name="tables"),
    path("tables/<str:name>", take, name="table"),
]
