"""Formula: a declared formula turned into Polars expressions over one table, and everything wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl
import polars.exceptions

from qinwu.findings import Finding, Place, did_you_mean
from qinwu.judge.targets.card import Formula
from qinwu.judge.targets.tables import ROW, Table
from qinwu.language import N_
from qinwu.station.toml_file import key_text

CONDITIONS = ("where", "counted", "of")
COLUMNS = ("sum", "over", "mean", "p50", "p90")
EVERY = pl.lit(True)


@dataclass(frozen=True)
class Compiled:
    """A formula over one table: which rows are looked at, which of them count, what is added up, and over what."""

    rows: pl.Expr
    counted: pl.Expr
    value: pl.Expr | None
    over: pl.Expr | None
    form: str


def condition(text: str) -> pl.Expr:
    """Return a condition as an expression; everything fulfils an empty one, and what is not known fulfils none."""
    return pl.sql_expr(text).fill_null(value=False) if text.strip() else EVERY


def compiled(formula: Formula) -> Compiled:
    """Return a formula that has been checked as expressions."""
    rows = condition(formula.where) & condition(formula.of)
    value = pl.sql_expr(formula.column).cast(pl.Float64) if formula.column else None
    if value is not None:
        rows = rows & value.is_not_null()
    over = pl.sql_expr(formula.over).cast(pl.Float64) if formula.over else None
    return Compiled(rows, condition(formula.counted), value, over, formula.form)


def formula_findings(formula: Formula, table: Table, place: Place) -> Iterator[Finding]:
    """Yield what is wrong with a formula over its table: syntax, columns, kinds, division by zero, negative counts."""
    if len(formula.forms) > 1:
        message, remedy = N_("A formula gives one number; this one asks for {forms}."), N_("Keep one of them.")
        yield Finding("several-forms", "error", message, remedy, place, {"forms": ", ".join(formula.forms)})
    if formula.over and not formula.sum:
        message, remedy = N_("A formula with over needs a sum above it."), N_("Write sum = and what is divided.")
        yield Finding("several-forms", "error", message, remedy, place, {})
    wrong = False
    for key in (*CONDITIONS, *COLUMNS):
        text = getattr(formula, key)
        if text.strip():
            found = list(expression_findings(text, table, _at(place, key), boolean=key in CONDITIONS))
            wrong |= bool(found)
            yield from found
    if not wrong and formula.column:
        yield from _negative(formula.column, formula, table, place)
        if formula.over:
            yield from _negative(formula.over, formula, table, place)


def expression_findings(text: str, table: Table, place: Place, *, boolean: bool) -> Iterator[Finding]:
    """Yield what is wrong with one SQL expression over the rows of a table."""
    try:
        expression = pl.sql_expr(text)
    except polars.exceptions.PolarsError as error:
        message = N_("{value} is not an SQL expression: {reason}.")
        remedy = N_("Write it like: priority = 1 AND response_s IS NOT NULL.")
        yield Finding("bad-expression", "error", message, remedy, place, {"value": text, "reason": str(error)})
        return
    unknown = [name for name in dict.fromkeys(expression.meta.root_names()) if name not in table.frame.columns]
    if unknown:
        yield from (_unknown(name, table, place) for name in unknown)
        return
    yield from _tried(text, expression, table, place, boolean=boolean)


def _tried(text: str, expression: pl.Expr, table: Table, place: Place, *, boolean: bool) -> Iterator[Finding]:
    """Yield what shows only when the expression is worked out."""
    twice = table.frame.clear(2)
    try:
        kind = twice.select(expression.alias("value"))["value"]
        values = table.frame.select(expression.alias("value"))["value"]
    except polars.exceptions.PolarsError as error:
        message, remedy = N_("{value} cannot be worked out: {reason}."), N_("Compare numbers with numbers, texts with 'texts'.")
        yield Finding("bad-expression", "error", message, remedy, place, {"value": text, "reason": str(error).splitlines()[0]})
        return
    if len(kind) != len(twice) and not expression.meta.is_literal():
        message = N_("{value} gives one number for all rows, not one for each row.")
        yield Finding("aggregate", "error", message, N_("Leave out COUNT, SUM and their like."), place, {"value": text})
    elif boolean and kind.dtype not in (pl.Boolean, pl.Null):
        message, remedy = N_("{value} is no condition: it is neither true nor false."), N_("Compare it with something.")
        yield Finding("no-condition", "error", message, remedy, place, {"value": text})
    elif not boolean and not (kind.dtype.is_numeric() or kind.dtype == pl.Boolean):
        message, remedy = N_("{value} is no number."), N_("Name a column of numbers.")
        yield Finding("no-number", "error", message, remedy, place, {"value": text})
    elif values.dtype.is_float() and (bad := values.is_nan() | values.is_infinite()).any():
        message = N_("{value} divides by zero in {count} rows of {table}; the first is row {row}.")
        remedy = N_("Leave these rows out by where, or divide by NULLIF(column, 0).")
        found = {"value": text, "count": int(bad.sum()), "table": table.id, "row": first_row(table, bad)}
        yield Finding("divides-by-zero", "error", message, remedy, place, found)


def first_row(table: Table, which: pl.Series) -> int:
    """Return the number of the first row that is marked, in its file where it comes from one."""
    rows = table.frame.select(pl.col(ROW) if ROW in table.frame.columns else pl.int_range(1, pl.len() + 1).alias(ROW))[ROW]
    marked = rows.filter(which.fill_null(value=False))
    return int(marked[0]) if len(marked) else 0


def _negative(text: str, formula: Formula, table: Table, place: Place) -> Iterator[Finding]:
    """Yield an error where an amount that is added up or averaged is negative in some row looked at."""
    bad = table.frame.select(compiled(formula).rows & (pl.sql_expr(text).cast(pl.Float64) < 0.0)).to_series()
    if bad.any():
        message = N_("{value} is negative in {count} rows of {table}; the first is row {row}.")
        remedy = N_("Correct the file: a count, a time or an amount is never below zero.")
        row = first_row(table, bad)
        found = {"value": text, "count": int(bad.sum()), "table": table.id, "row": row}
        where = Place(table.file, row, text) if table.file else place
        yield Finding("negative-count", "error", message, remedy, where, found)


def _unknown(name: str, table: Table, place: Place) -> Finding:
    guess = did_you_mean(name, table.frame.columns)
    message = N_("The table {table} has no column {value}.")
    remedy = N_("Did you mean {guess}?") if guess else N_("Its columns: {known}.")
    values = {"table": table.id, "value": name, "guess": guess, "known": ", ".join(table.frame.columns)}
    return Finding("unknown-column", "error", message, remedy, place, values)


def _at(place: Place, key: str) -> Place:
    return replace(place, key=f"{place.key}.{key}" if place.key else key_text((key,)))
