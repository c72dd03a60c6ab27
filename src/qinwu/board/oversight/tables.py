"""Tables: everything the board keeps, to be taken out as CSV, Excel or Parquet; columns come from the models in one way.

Digests of keys are never taken out. A table about persons needs more than the right to take tables out, and whoever lacks that sees
the other tables without the columns that say who.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any, Literal
from zoneinfo import ZoneInfo

import polars as pl
import polars.selectors as cs
from django.apps import apps
from django.conf import settings
from django.db import models

from qinwu.board import trail
from qinwu.board.access.rights import Right
from qinwu.board.access.roles import has
from qinwu.board.in_force import InForce
from qinwu.board.models import Call
from qinwu.board.oversight.export import calls_table
from qinwu.board.oversight.stages import stages_table
from qinwu.board.oversight.table_words import FIELDS, TITLES
from qinwu.findings import Finding, Place, QinwuError
from qinwu.language import N_, Language, translate
from qinwu.report.sheet import Sheet, Value
from qinwu.report.workbook import as_workbook
from qinwu.station import calls, stages

Format = Literal["csv", "xlsx", "parquet"]
FORMATS: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
CALLS = "calls"
"""The table that is a station's call file; what the board keeps of a call besides is in ``call_entries``."""
STAGES_TABLE = "stages"
"""The figures of the time chain, by stage and priority."""
COLUMNS: dict[str, tuple[str, ...]] = {CALLS: tuple(calls.SCHEMA), STAGES_TABLE: tuple(stages.SCHEMA)}
WORKED_OUT: dict[str, Callable[[InForce, datetime | None, datetime | None], pl.DataFrame]] = {
    CALLS: lambda _force, since, until: calls_table(since, until),
    STAGES_TABLE: stages_table,
}
"""Tables that are no model's: worked out for the calls of a span, with their columns, none of which says who."""
SECRET = re.compile(r"digest|secret|password")
CHAIN: frozenset[Right] = frozenset({"answer_away", "inspect"})
NOT_ABOUT_PERSONS = frozenset(
    {
        "booking", "bulletin", "call_entries", "calls", "campaign", "equipment", "equipment_need", "feedback", "handover", "job",
        "link", "sending", "service_point", "stages", "system_in_force", "task", "task_template", "ticket",
    }
)  # fmt: skip
"""Tables for everybody who may take tables out; any other, also one that is new, is about persons until it is named here."""
RIGHTS: dict[str, frozenset[Right]] = {
    "skill": frozenset({"keep_crews", "inspect"}),
    "score_record": frozenset({"answer_objections", "inspect"}),
    "objection": frozenset({"answer_objections", "inspect"}),
}
"""Tables about persons that another right than that of the chain of command opens: one of these is needed."""
WHO = frozenset({"officer", "other", "owner", "user", "by"})
UNITS_ORDER = "ordered_by"
FORMULA = r"^[=+\-@\t\r]"
"""A text that begins so would be computed by a spreadsheet that opens a CSV."""
MOST_ROWS = 1_048_575
YEARS = (1970, 2200)
TYPES: dict[str, pl.DataType] = {
    "AutoField": pl.Int64(),
    "BigAutoField": pl.Int64(),
    "BigIntegerField": pl.Int64(),
    "PositiveBigIntegerField": pl.Int64(),
    "IntegerField": pl.Int64(),
    "PositiveIntegerField": pl.Int64(),
    "PositiveSmallIntegerField": pl.Int64(),
    "SmallIntegerField": pl.Int64(),
    "FloatField": pl.Float64(),
    "BooleanField": pl.Boolean(),
    "CharField": pl.String(),
    "TextField": pl.String(),
    "UUIDField": pl.String(),
    "DateTimeField": pl.Datetime("us", "UTC"),
    "DateField": pl.Date(),
    "TimeField": pl.Time(),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its name, its type, where the database has it, and whether it says who."""

    name: str
    dtype: pl.DataType
    lookup: str
    who: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the board: its name, its columns, and the time that a span chooses by ('' for none)."""

    name: str
    model: type[models.Model]
    columns: tuple[Column, ...]
    moment: str


@dataclass(frozen=True, slots=True)
class Span:
    """From which day on and up to which day, both included; None for no limit."""

    since: date | None = None
    until: date | None = None

    def bounds(self, zone: str) -> tuple[datetime | None, datetime | None]:
        """Return the first moment in it and the first after it, on the station's clock."""
        midnight = datetime.min.time()
        begin = datetime.combine(self.since, midnight, ZoneInfo(zone)) if self.since else None
        end = datetime.combine(self.until + timedelta(days=1), midnight, ZoneInfo(zone)) if self.until else None
        return begin, end


class TableError(QinwuError):
    """A table cannot be taken out as it was asked for."""


class NoTableError(TableError):
    """There is no such table or format, or not for this account."""


def span_of_days(since: date | None, until: date | None) -> Span:
    """Return a span.

    Raises
    ------
    TableError
        It ends before it begins, or lies beyond what a calendar holds.
    """
    if since and until and until < since:
        message, remedy = N_("The span ends before it begins."), N_("Give a later end.")
        raise TableError([Finding("end-before-start", "error", message, remedy, Place(key="until"))])
    strange = next((day for day in (since, until) if day and not YEARS[0] <= day.year <= YEARS[1]), None)
    if strange is not None:
        message, remedy = N_("{word} is out of range."), N_("Give a year from {least} to {most}.")
        values = {"word": strange.isoformat(), "least": YEARS[0], "most": YEARS[1]}
        raise TableError([Finding("strange-day", "error", message, remedy, Place(key="since"), values)])
    return Span(since, until)


@cache
def tables() -> dict[str, Table]:
    """Return every table of the board by name."""
    found = [_table(model) for model in apps.get_app_config("board").get_models()]
    return {table.name: table for table in sorted(found, key=lambda one: one.name)}


def _table(model: type[models.Model]) -> Table:
    name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in model.__name__).lstrip("_")
    fields = [field for field in model._meta.fields if not SECRET.search(field.name)]
    return Table("call_entries" if model is Call else name, model, tuple(map(_column, fields)), _moment(model))


def _column(field: models.Field[Any, Any]) -> Column:
    """Return a field as a column: a key to a call by its number, to an account by its name, to anything else by its id."""
    if isinstance(field, models.ForeignKey):
        account = field.related_model._meta.label == settings.AUTH_USER_MODEL
        key = "username" if account else "number" if field.related_model is Call else "pk"
        dtype = TYPES[field.related_model._meta.pk.get_internal_type()] if key == "pk" else pl.String()
        return Column(field.name, dtype, f"{field.name}__{key}", account)
    who = field.name in WHO or (field.name.endswith("_by") and field.name != UNITS_ORDER)
    return Column(field.name, TYPES[field.get_internal_type()], field.name, who)


def _moment(model: type[models.Model]) -> str:
    """Return the first time that every row has, that of the call where only the call has one."""
    days = [field.name for field in model._meta.fields if isinstance(field, models.DateField) and not field.null]
    calls = [field.name for field in model._meta.fields if field.related_model is Call and not field.null]
    return next(iter(days), f"{calls[0]}__received" if calls else "")


def title_of(name: str, language: Language) -> str:
    """Return what a table is called."""
    return translate(TITLES.get(name, name), language)


def open_to(user: Any) -> list[str]:
    """Return the names of the tables that an account may take out, the call file first."""
    if not has(user, "export"):
        return []
    return [*WORKED_OUT, *(name for name in tables() if may_see(user, name))]


def may_see(user: Any, name: str) -> bool:
    """Return whether an account with the right to take tables out may have this one."""
    return name in NOT_ABOUT_PERSONS or any(has(user, right) for right in RIGHTS.get(name, CHAIN))


def columns_for(user: Any, table: Table) -> tuple[Column, ...]:
    """Return the columns an account gets: without those that say who, where tables about persons are not open to it."""
    everybody = any(has(user, right) for right in CHAIN)
    return tuple(column for column in table.columns if everybody or not column.who)


def frame_of(force: InForce, user: Any, name: str, span: Span) -> pl.DataFrame:
    """Return a table as an account may have it; times in UTC."""
    begin, end = span.bounds(force.station.config.time_zone)
    if name in WORKED_OUT:
        return WORKED_OUT[name](force, begin, end)
    table = tables()[name]
    rows = table.model._default_manager.order_by("pk")
    for limit, compared in ((begin, "gte"), (end, "lt")):
        if limit is not None and table.moment:
            rows = rows.filter(**{f"{table.moment}__{compared}": _as_of(table, limit)})
    columns = columns_for(user, table)
    found = rows.values_list(*(column.lookup for column in columns))
    texts = [column.dtype == pl.String for column in columns]
    plain = [[_plain(value, text=text) for value, text in zip(row, texts, strict=True)] for row in found.iterator(chunk_size=2_000)]
    return pl.DataFrame(plain, schema={column.name: column.dtype for column in columns}, orient="row")


def _as_of(table: Table, limit: datetime) -> date:
    """Return a limit as the table's time has it: a moment, or a day."""
    if "__" in table.moment or isinstance(table.model._meta.get_field(table.moment), models.DateTimeField):
        return limit
    return limit.date()


def _plain(value: Any, *, text: bool) -> Any:
    return str(value) if text and value is not None else value


def count_of(force: InForce, name: str) -> int:
    """Return how many rows a table has."""
    if name == CALLS:
        return Call.objects.filter(closed__isnull=False, same_as__isnull=True).count()
    if name in WORKED_OUT:
        return len(WORKED_OUT[name](force, None, None))
    return tables()[name].model._default_manager.count()


def take_out(force: InForce, user: Any, name: str, kind: str, span: Span, language: Language) -> bytes:
    """Return a table as a file, with an entry in the trail that it was taken out.

    Raises
    ------
    NoTableError
        There is no such table or format for this account.
    TableError
        It has more rows than a workbook holds.
    """
    known = open_to(user)
    if name not in known or kind not in FORMATS:
        message, remedy = N_("There is no table {name}.{format}."), N_("Choose from: {names}; as {formats}.")
        values = {"name": name, "format": kind, "names": ", ".join(known), "formats": ", ".join(FORMATS)}
        raise NoTableError([Finding("unknown-table", "error", message, remedy, Place(key="name"), values)])
    frame = frame_of(force, user, name, span)
    file = WRITERS[kind](frame, name, force.station.config.time_zone, language)
    trail.record(user.get_username(), "table.export", name, format=kind, since=span.since, until=span.until, rows=len(frame))
    return file


def _as_csv(frame: pl.DataFrame, _name: str, zone: str, _language: Language) -> bytes:
    harmless = pl.when(cs.string().str.contains(FORMULA)).then("'" + cs.string()).otherwise(cs.string()).name.keep()
    memory = BytesIO()
    _clocks(frame.with_columns(harmless), zone).write_csv(memory, include_bom=True)
    return memory.getvalue()


def _as_xlsx(frame: pl.DataFrame, name: str, zone: str, language: Language) -> bytes:
    if len(frame) > MOST_ROWS:
        message, remedy = N_("{count} rows are more than a workbook holds."), N_("Choose a shorter span, or take CSV or Parquet.")
        raise TableError([Finding("too-many-rows", "error", message, remedy, Place(key="since"), {"count": len(frame)})])
    told = _clocks(frame, zone)
    # A call file keeps the names of its columns: so it is read back.
    header = told.columns if name == CALLS else [translate(FIELDS.get(column, column), language) for column in told.columns]
    rows = tuple(tuple(_cell(value, language) for value in row) for row in told.iter_rows())
    widths = tuple(20 if dtype == pl.String else 12 for dtype in told.dtypes)
    return as_workbook([Sheet(title_of(name, language), (), tuple(header), rows, widths)])


def _as_parquet(frame: pl.DataFrame, _name: str, _zone: str, _language: Language) -> bytes:
    memory = BytesIO()
    frame.write_parquet(memory)
    return memory.getvalue()


WRITERS: dict[str, Callable[[pl.DataFrame, str, str, Language], bytes]] = {
    "csv": _as_csv,
    "xlsx": _as_xlsx,
    "parquet": _as_parquet,
}


def _clocks(frame: pl.DataFrame, zone: str) -> pl.DataFrame:
    """Return times as the station's clock writes them."""
    moments = cs.datetime(time_zone="*").dt.convert_time_zone(zone).dt.strftime("%Y-%m-%d %H:%M:%S")
    return frame.with_columns(moments, cs.date().dt.strftime("%Y-%m-%d"), cs.time().dt.strftime("%H:%M"))


def _cell(value: Any, language: Language) -> Value:
    if isinstance(value, bool):
        return translate(N_("yes") if value else N_("no"), language)
    return value if isinstance(value, (str, int, float)) or value is None else str(value)


def words_of(user: Any, name: str, language: Language) -> Iterator[tuple[str, str]]:
    """Yield each column that an account gets of a table, with what it is called."""
    columns = COLUMNS[name] if name in COLUMNS else [column.name for column in columns_for(user, tables()[name])]
    for column in columns:
        yield column, translate(FIELDS.get(column, column), language)
