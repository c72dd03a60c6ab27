"""Measuring: every indicator of a card worked out for every owner and period, and the rows behind a number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from qinwu.duty.compile import compile_plan
from qinwu.duty.response_plan import ResponsePlan
from qinwu.duty.system import DutySystem
from qinwu.findings import Finding, Place, QinwuError, did_you_mean, raise_on_errors
from qinwu.judge.targets.card import STATION_TABLES, Card, Indicator
from qinwu.judge.targets.formula import Compiled, compiled, formula_findings
from qinwu.judge.targets.kept import ENTRY, Kept
from qinwu.judge.targets.own_tables import own_table
from qinwu.judge.targets.periods import Period, Span, periods_of
from qinwu.judge.targets.standing import COLUMN, Standing
from qinwu.judge.targets.tables import DAY, OWNERS, ROW, Table, record_span, station_tables
from qinwu.language import N_
from qinwu.station.station import Station

SCHEMA: dict[str, pl.DataType] = {
    "indicator": pl.String(),
    "owner": pl.String(),
    "period": pl.String(),
    "numerator": pl.Float64(),
    "denominator": pl.Float64(),
    "value": pl.Float64(),
    "events": pl.Int64(),
}
"""Columns of what :func:`measure` returns."""

COUNTED = "counted"
EVIDENCE = (ROW, DAY, ENTRY, "atom", "venue", *OWNERS, COUNTED)
PER_HOURS = 24.0
PER_WEEK_DAYS = 7.0
THOUSAND = 1000.0


@dataclass
class Ledger:
    """A card over a station's tables; each table is read once, when a formula first names it.

    Parameters
    ----------
    card, standing
        What is measured, and who owns what.
    span
        Days looked at: those of the calls by default; None without calls or dates.
    file
        How findings name the card.
    kept
        What the station keeps elsewhere than in its files.
    files
        Days that the files' calls cover, where something is kept elsewhere.
    """

    card: Card
    standing: Standing
    span: Span | None
    file: str = "judge.toml"
    kept: Kept | None = None
    files: Span | None = None
    _plan: ResponsePlan | None = None
    _tables: dict[str, Table] = field(default_factory=dict)
    _refused: dict[str, tuple[Finding, ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        card: Card,
        station: Station,
        system: DutySystem,
        since: date | None = None,
        until: date | None = None,
        file: str = "judge.toml",
        kept: Kept | None = None,
    ) -> Ledger:
        """Return a card over the tables of a station, for the days from `since` to `until` (both included)."""
        files = record_span(station)
        standing = Standing.of(kept.into(station) if kept else station, system)
        record = kept.span(record_span(standing.station)) if kept else files
        span = record.within(since, until) if record else Span(since, until) if since and until and since <= until else None
        return cls(card, standing, span, file, kept, files if kept else None)

    @property
    def plan(self) -> ResponsePlan:
        """The compiled duty system."""
        self._plan = self._plan or compile_plan(self.standing.station, self.standing.system)
        return self._plan

    @property
    def table_ids(self) -> tuple[str, ...]:
        """Ids of every table that formulas may name."""
        return (*STATION_TABLES, *(one.id for one in self.card.table))

    def table(self, name: str) -> Table | None:
        """Return a table; None where there is none of that name, or its file cannot be used (see :meth:`table_findings`)."""
        if name not in self._tables and name not in self._refused and name in self.table_ids:
            try:
                self._tables[name] = self._made(name)
            except QinwuError as error:
                self._refused[name] = error.findings
        return self._tables.get(name)

    def read(self, name: str) -> Table | None:
        """Return a table that has been read already, None for others."""
        return self._tables.get(name)

    def _made(self, name: str) -> Table:
        for number, declared in enumerate(self.card.table):
            if declared.id == name:
                place = Place(self.file, None, f"table[{number}]")
                return own_table(declared, self.standing.station.folder, self.standing, place, self.kept)
        return station_tables(self.standing, lambda: self.plan, self.span)[name]()

    def table_findings(self) -> tuple[Finding, ...]:
        """Return what was seen while the tables named so far were read, and why some cannot be used."""
        seen = [finding for table in self._tables.values() for finding in table.findings]
        return (*seen, *(finding for found in self._refused.values() for finding in found))

    def recorded(self, indicator: Indicator) -> bool:
        """Return whether the table an indicator counts in is there."""
        return self.table(indicator.formula.table) is not None

    def periods(self, indicator: Indicator) -> tuple[Period, ...]:
        """Return the periods an indicator is worked out for: those the record of its table covers.

        Shares and means of a book of the station's own are told for every period it has rows in: surveys are taken now and then.
        """
        table = self.table(indicator.formula.table)
        span = table.span if table is not None and table.span is not None else self.span
        if span is not None and self.span is not None:
            span = span.within(self.span.first, self.span.last)
        now_and_then = table is not None and bool(table.file) and indicator.formula.form not in ("count", "sum")
        found = periods_of(self.card, indicator.period, span, touched_too=now_and_then) if span is not None else ()
        return self.kept.told(found, self.files) if self.kept is not None else found

    def owners(self, indicator: Indicator) -> tuple[str, ...]:
        """Return whose indicator it is."""
        return indicator.owners or self.standing.owners(indicator.level)

    def rows(self, indicator: Indicator) -> pl.DataFrame:
        """Return the rows an indicator rests on with ``owner``, ``period``, ``counted`` and ``amount``, none without an owner."""
        table = self.table(indicator.formula.table)
        if table is None:
            raise QinwuError(self.table_findings() or [_unknown_table(indicator, self, Place(self.file))])
        made = compiled(indicator.formula)
        frame = table.frame.filter(made.rows)
        amount, over = (one if one is not None else pl.lit(1.0) for one in (made.value, made.over))
        owner = pl.col(COLUMN[indicator.level])
        marked = frame.with_columns(owner=owner, counted=made.counted, amount=amount, over=over)
        dated = _with_periods(marked, self.periods(indicator), timed=table.timed)
        return dated.filter(pl.col("owner").is_in(list(self.owners(indicator))))

    def measured(self, indicator: Indicator) -> pl.DataFrame:
        """Return one indicator for every owner and period, with the columns of ``SCHEMA``."""
        made = compiled(indicator.formula)
        grid = self._grid(indicator)
        found = self.rows(indicator).group_by("owner", "period").agg(*_aggregates(made))
        joined = grid.join(found, on=["owner", "period"], how="left", maintain_order="left").with_columns(
            pl.col("numerator").fill_null(0.0), pl.col("events").fill_null(0)
        )
        bottom = pl.col("per") if made.form in ("count", "sum") else pl.col("denominator").fill_null(0.0)
        value = pl.when(pl.col("denominator") > 0.0).then(indicator.scale * pl.col("numerator") / pl.col("denominator"))
        told = joined.with_columns(bottom.alias("denominator")).with_columns(indicator=pl.lit(indicator.id), value=value)
        return told.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())

    def _grid(self, indicator: Indicator) -> pl.DataFrame:
        """Return every owner in every period, and what the number is divided by."""
        rows = [
            (owner, period.name, self._per(indicator, owner, period))
            for period in self.periods(indicator)
            for owner in self.owners(indicator)
        ]
        return pl.DataFrame(rows, schema={"owner": pl.String, "period": pl.String, "per": pl.Float64}, orient="row")

    def _per(self, indicator: Indicator, owner: str, period: Period) -> float:
        per = indicator.formula.per
        if per == "thousand_residents":
            return self.standing.residents(indicator.level, owner) / THOUSAND
        days = float(period.days)
        return {"period": 1.0, "hour": days * PER_HOURS, "day": days, "week": days / PER_WEEK_DAYS}[per]

    def findings(self) -> tuple[Finding, ...]:
        """Return everything that is wrong with the card against the station's tables and owners."""
        found = [one for number, indicator in enumerate(self.card.indicator) for one in self._indicator_findings(number, indicator)]
        return (*found, *self.table_findings())

    def _indicator_findings(self, number: int, indicator: Indicator) -> Iterator[Finding]:
        place = Place(self.file, None, f"indicator[{number}]")
        table = self.table(indicator.formula.table)
        if indicator.formula.table not in self.table_ids:
            yield _unknown_table(indicator, self, place)
        yield from self._owner_findings(indicator, place)
        if table is None:
            return
        wrong = tuple(formula_findings(indicator.formula, table, replace(place, key=f"{place.key}.formula")))
        yield from wrong
        if any(one.severity == "error" for one in wrong):
            return
        if not self.periods(indicator):
            message, remedy = N_("{indicator}: the record covers no {period}."), N_("Bring calls, or give --from and --to.")
            yield Finding("no-period", "error", message, remedy, place, {"indicator": indicator.id, "period": indicator.period})
            return
        yield from self._row_findings(indicator, table, place)

    def _owner_findings(self, indicator: Indicator, place: Place) -> Iterator[Finding]:
        known = self.standing.owners(indicator.level)
        for name in indicator.owners:
            if name not in known:
                guess = did_you_mean(name, known)
                message = N_("{indicator} belongs to {value}, which the duty system does not have at this level.")
                remedy = N_("Did you mean {guess}?") if guess else N_("Owners at this level: {known}.")
                values = {"indicator": indicator.id, "value": name, "guess": guess, "known": ", ".join(known)}
                yield Finding("unknown-owner", "error", message, remedy, replace(place, key=f"{place.key}.owners"), values)
        if not known:
            message = N_("{indicator} has no owner: the duty system has none at this level.")
            remedy = N_("Choose another level, or add them to the duty file.")
            yield Finding(
                "no-owner", "error", message, remedy, replace(place, key=f"{place.key}.level"), {"indicator": indicator.id}
            )

    def _row_findings(self, indicator: Indicator, table: Table, place: Place) -> Iterator[Finding]:
        rows = table.frame.filter(compiled(indicator.formula).rows)
        nobody = int(rows[COLUMN[indicator.level]].null_count())
        if nobody:
            message = N_("{indicator}: {count} of {rows} rows belong to nobody at this level and count for nobody.")
            values = {"indicator": indicator.id, "count": nobody, "rows": len(rows)}
            yield Finding("rows-without-owner", "warning", message, N_("Put every atom into a beat."), place, values)
        if not self.measured(indicator)["denominator"].sum():
            message = N_("{indicator} divides by zero for every owner in every period: no row fulfils its conditions.")
            remedy = N_("Look at where and of; or leave the indicator out.")
            at = replace(place, key=f"{place.key}.formula")
            yield Finding("divides-by-zero", "error", message, remedy, at, {"indicator": indicator.id})

    def evidence(self, indicator: Indicator, owner: str, period: str) -> pl.DataFrame:
        """Return the rows behind one number: those it rests on, with ``counted`` where some of them count.

        Of a book of the station's own only the day, the owners, the row of the file and what the formula names.
        """
        rows = self.rows(indicator).filter((pl.col("owner") == owner) & (pl.col("period") == period))
        shared = indicator.formula.form == "share"
        told = rows.drop("owner", "period", "amount", "over", *([] if shared else [COUNTED]))
        table = self.table(indicator.formula.table)
        if table is None or not table.file:
            return told
        named = {name for text in indicator.formula.expressions for name in pl.sql_expr(text).meta.root_names()}
        return told.select(name for name in told.columns if name in {*named, *EVIDENCE})


def measure(card: Card, station: Station, system: DutySystem, since: date | None = None, until: date | None = None) -> pl.DataFrame:
    """Return every indicator of a card for every owner and period.

    Parameters
    ----------
    card
        What is measured, as :func:`qinwu.judge.targets.reading.read_card` gives it.
    station, system
        Where, and the duty system in force that says who owns what.
    since, until
        First and last day looked at; those of the record by default.

    Returns
    -------
    polars.DataFrame
        ``indicator``, ``owner`` and ``period`` (2025-03, 2025-Q1, 2025-W09, 2025); ``numerator`` and ``denominator``; ``value`` in
        the indicator's unit (``indicator.scale`` times the quotient, so percent for shares in %), null where the denominator is 0;
        ``events``, the rows it rests on: for shares those that fulfil ``of``, else those that fulfil ``where``; for a sum over
        another that other, such as the people asked.

    Raises
    ------
    QinwuError
        With everything that is wrong with formulas, tables and owners.
    """
    ledger = Ledger.of(card, station, system, since, until)
    raise_on_errors(ledger.findings())
    return measured(ledger, card.indicator)


def measured(ledger: Ledger, indicators: Sequence[Indicator]) -> pl.DataFrame:
    """Return these indicators for every owner and period, as :func:`measure` does; those without a table are left out."""
    recorded = [one for one in indicators if ledger.recorded(one)]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *(ledger.measured(one) for one in recorded)])


def evidence(
    card: Card,
    station: Station,
    system: DutySystem,
    indicator: str,
    owner: str,
    period: str,
    since: date | None = None,
    until: date | None = None,
) -> pl.DataFrame:
    """Return the rows behind one number of :func:`measure`: the table's own columns, and ``counted`` for shares."""
    return Ledger.of(card, station, system, since, until).evidence(card.of(indicator), owner, period)


def _aggregates(made: Compiled) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Return numerator, denominator and events of a group of rows."""
    amount, rows = pl.col("amount"), pl.len().cast(pl.Float64)
    tops = {
        "share": pl.col(COUNTED).sum().cast(pl.Float64),
        "count": rows,
        "sum": amount.sum(),
        "ratio": amount.sum(),
        "mean": amount.sum(),
        "p50": amount.quantile(0.5, "linear"),
        "p90": amount.quantile(0.9, "linear"),
    }
    bottom = rows if made.form in ("share", "mean") else pl.col("over").sum() if made.form == "ratio" else pl.lit(1.0)
    events = pl.col("over").sum().cast(pl.Int64) if made.form == "ratio" else pl.len()
    return tops[made.form].alias("numerator"), bottom.alias("denominator"), events.alias("events")


def _with_periods(frame: pl.DataFrame, periods: Sequence[Period], *, timed: bool) -> pl.DataFrame:
    """Return rows with the period their day is in, none outside them; rows of a register are in every period."""
    names = pl.DataFrame(
        {"period": [one.name for one in periods], "first": [one.first for one in periods], "last": [one.last for one in periods]},
        schema={"period": pl.String, "first": pl.Date, "last": pl.Date},
    ).sort("first")
    if not timed:
        return frame.join(names.select("period"), how="cross")
    joined = frame.sort(DAY, maintain_order=True).join_asof(names, left_on=DAY, right_on="first", strategy="backward")
    return joined.filter(pl.col(DAY) <= pl.col("last")).drop("first", "last")


def _unknown_table(indicator: Indicator, ledger: Ledger, place: Place) -> Finding:
    known = ledger.table_ids
    guess = did_you_mean(indicator.formula.table, known)
    message = N_("{indicator} counts in the table {value}, which there is not.")
    remedy = N_("Did you mean {guess}?") if guess else N_("Tables: {known}. Others are declared by [[table]].")
    values = {"indicator": indicator.id, "value": indicator.formula.table, "guess": guess, "known": ", ".join(known)}
    return Finding("unknown-table", "error", message, remedy, replace(place, key=f"{place.key}.formula.table"), values)
