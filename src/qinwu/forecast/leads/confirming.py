"""Confirming: what a human decided about pairs, read back from the list that was filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qinwu.findings import Finding, Place, QinwuError, raise_on_errors
from qinwu.forecast.leads.layout import person_columns
from qinwu.forecast.leads.moments import listed_rows
from qinwu.language import N_
from qinwu.station.call_files import read_raw
from qinwu.station.clocks import plain_text
from qinwu.station.profiles import comparable, find_columns

HEADERS: dict[str, tuple[str, ...]] = {
    "first": ("案件一", "案件甲", "First case", "case_a"),
    "second": ("案件二", "案件乙", "Second case", "case_b"),
    "decision": ("是否串并", "结论", "Belong together", "decision"),
    "by": ("确认民警", "确认警员", "Decided by", "confirmed_by"),
    "reason": ("确认理由", "Reason given"),
}
YES = frozenset(map(comparable, ("是", "串并", "同一系列", "对", "yes", "y", "true", "1", "x", "✓", "√")))
NO = frozenset(map(comparable, ("否", "不串并", "不是", "不", "no", "n", "false", "0")))


@dataclass(frozen=True, slots=True)
class Decisions:
    """Pairs of positions that belong together, pairs that do not, and findings; pairs nobody decided about are passed over."""

    together: tuple[tuple[int, int], ...]
    apart: tuple[tuple[int, int], ...]
    findings: tuple[Finding, ...]


def read_decisions(path: Path, ids: Sequence[str]) -> Decisions:
    """Return what was decided about pairs of the cases `ids`.

    Parameters
    ----------
    path
        The workbook that ``qinwu leads --xlsx`` wrote, its empty columns filled in; or a CSV with the same headers.
    ids
        Numbers of the cases, in order of position.

    Raises
    ------
    QinwuError
        Where a column is missing, a decision is neither yes nor no, nobody has signed one, or the same pair is decided both ways.
    """
    known = frozenset(comparable(word) for target, words in HEADERS.items() for word in (target, *words))
    tables = [raw for raw in read_raw(path, path.name, known) if _columns(raw.table.columns).keys() >= HEADERS.keys() - {"reason"}]
    if not tables:
        message = N_("The file has no list of decided pairs: {columns} are needed.")
        remedy = N_("Give the workbook that qinwu leads --xlsx wrote, with its empty columns filled in.")
        values = {"columns": ", ".join(HEADERS[name][0] for name in ("first", "second", "decision", "by"))}
        raise QinwuError([Finding("no-decisions", "error", message, remedy, Place(path.name), values)])
    raise_on_errors(each for raw in tables for each in person_columns(raw.table.columns, path.name))
    place = {name: at for at, name in enumerate(ids)}
    said: dict[tuple[int, int], bool] = {}
    wrong: list[Finding] = []
    unknown: list[int] = []
    for raw in tables:
        columns = _columns(raw.table.columns)
        cells = {name: plain_text(raw.table[header]).fill_null("").to_list() for name, header in columns.items()}
        for at, row in enumerate(raw.row.to_list()):
            first, second, word, by = (cells[name][at] for name in ("first", "second", "decision", "by"))
            if not word:
                continue
            if first not in place or second not in place or first == second:
                unknown.append(row)
                continue
            wrong += _row_findings(word, by, path.name, row)
            pair = (min(place[first], place[second]), max(place[first], place[second]))
            yes = comparable(word) in YES
            if said.setdefault(pair, yes) != yes:
                wrong.append(_both_ways(first, second, path.name, row))
    raise_on_errors(wrong)
    return Decisions(
        tuple(sorted(pair for pair, yes in said.items() if yes)),
        tuple(sorted(pair for pair, yes in said.items() if not yes)),
        tuple(_unknown(unknown, path.name)),
    )


def _columns(names: Sequence[str]) -> dict[str, str]:
    return {target: hits[0] for target, hits in find_columns(names, HEADERS.items()).items()}


def _row_findings(word: str, by: str, file: str, row: int) -> Iterator[Finding]:
    if comparable(word) not in YES | NO:
        message, remedy = N_("“{value}” is neither yes nor no."), N_("Write 是 or 否, yes or no; leave it empty if undecided.")
        yield Finding("bad-decision", "error", message, remedy, Place(file, row), {"value": word})
    if not by:
        message, remedy = N_("Nobody has signed this decision."), N_("Write the id of the officer who decided.")
        yield Finding("unsigned-decision", "error", message, remedy, Place(file, row))


def _both_ways(first: str, second: str, file: str, row: int) -> Finding:
    message, remedy = N_("{first} and {second} are decided both ways."), N_("Keep one of the rows.")
    return Finding("decided-both-ways", "error", message, remedy, Place(file, row), {"first": first, "second": second})


def _unknown(rows: list[int], file: str) -> Iterator[Finding]:
    if rows:
        message = N_("{count} decided pairs name cases that are not in the file; passed over: rows {rows}.")
        remedy = N_("Use the numbers of the cases as the file has them.")
        values = {"count": len(rows), "rows": listed_rows(rows)}
        yield Finding("unknown-case", "warning", message, remedy, Place(file, rows[0]), values)
