"""Evidence in words: rows behind a number with columns, classes, times and conditions as people at the station read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import polars as pl

from qinwu.board.in_force import InForce
from qinwu.board.oversight.table_words import FIELDS
from qinwu.language import N_, Language, translate

COLUMNS = {
    "day": N_("Day"),
    "file_row": N_("row of the file"),
    "entry": N_("task on the board"),
    "counted": N_("rows that count"),
    "sector": N_("sector"),
    "officer": N_("officer"),
    "followed": N_("followed up"),
    "weekday": N_("weekday, Monday is 0"),
    "in_time": N_("reached in time"),
    "stamps": N_("stamps there are"),
    "alike_7d": N_("alike in the 7 days before"),
    "dispatch_s": N_("until sent, s"),
    "travel_s": N_("on the way, s"),
    "response_s": N_("until there, s"),
    "on_scene_s": N_("on the scene, s"),
    "total_s": N_("from call to end, s"),
}
"""Columns of the rows behind a number, before those of the board's own tables."""
YES_NO = {"true": N_("yes"), "false": N_("no")}
SHOWN_TIME = "%m-%d %H:%M:%S"


def column_words(header: Sequence[str], language: Language) -> tuple[str, ...]:
    """Return what columns of the station's tables are called, their names where nobody gave a word."""
    return tuple(translate(COLUMNS.get(name) or FIELDS.get(name, name), language) for name in header)


def cell_words(force: InForce, header: Sequence[str], row: Sequence[object], language: Language) -> tuple[str, ...]:
    """Return the cells of a row as people read them."""
    return tuple(_cell(force, name, "" if cell is None else str(cell), language) for name, cell in zip(header, row, strict=True))


def _cell(force: InForce, name: str, text: str, language: Language) -> str:
    if text in YES_NO:
        return translate(YES_NO[text], language)
    if name == "call_class" and text in force.classes:
        return force.classes[text].name.in_language(language)
    return _clock(text, force.zone) if name == "received" else text


def _clock(text: str, zone: ZoneInfo) -> str:
    """Return a time of the tables, which is in UTC, on the station's clock."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(zone).strftime(SHOWN_TIME)


def rows_in_words(force: InForce, rows: pl.DataFrame, language: Language) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return header and rows of a table in words, columns without any cell left out."""
    texts = rows.with_columns(pl.all().cast(pl.String).fill_null(""))
    kept = [name for name in texts.columns if any(texts[name])]
    told = tuple(cell_words(force, kept, row, language) for row in texts.select(kept).iter_rows())
    return column_words(kept, language), told
