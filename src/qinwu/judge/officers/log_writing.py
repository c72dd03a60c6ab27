"""Writing the log of duty as a sheet that :func:`qinwu.judge.officers.log_file.read_log` reads back, row by row the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from qinwu.judge.officers.log import SPANS, Entry
from qinwu.judge.officers.log_file import WORDS

HEADER = ("人员编号", "开始时间", "结束时间", "类别", "安排", "事由")
DAY = timedelta(days=1)


def as_table(entries: Sequence[Entry], zone: ZoneInfo) -> Iterator[tuple[str, ...]]:
    """Yield a log as rows of a sheet, header first, as a station writes it: whole days as dates, the rest with the clock."""
    yield HEADER
    for one in entries:
        start, end = (moment.astimezone(zone) for moment in (one.start, one.end))
        if one.kind in SPANS and _midnight(start) and (one.open or _midnight(end)):
            since, until = f"{start:%Y-%m-%d}", f"{end - DAY / 24:%Y-%m-%d}"
        else:
            since, until = f"{start:%Y-%m-%d %H:%M}", f"{end:%Y-%m-%d %H:%M}"
        yield one.officer, since, "" if one.open else until, WORDS[one.kind][0], one.ordered_by, one.reason


def _midnight(moment: datetime) -> bool:
    return (moment.hour, moment.minute) == (0, 0)


def log_text(entries: Sequence[Entry], zone: ZoneInfo) -> str:
    """Return a log as the text of a CSV file; times are written to the minute."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(as_table(entries, zone))
    return text.getvalue()
