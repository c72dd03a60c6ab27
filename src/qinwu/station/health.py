"""Data health: what is odd about clean calls, counted check by check, before anybody believes a response time.

A check never changes the data. Warnings start at the shares in `LIMITS`; most of them are conventions of ours, labelled so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

import polars as pl

from qinwu.findings import Finding, Severity
from qinwu.language import N_, Language, translate
from qinwu.station.calls import STAMPS, Calls, parts
from qinwu.station.durations import SUMS

LIMITS: dict[str, float] = {
    "missing-stamp": 0.10,
    "out-of-order": 0.02,
    "negative-part": 0.02,
    "zero-travel": 0.05,
    "rejected": 0.05,
    "parts-do-not-add-up": 0.05,
    "constant-part": 0.20,
    "within-limit": 0.99,
}
"""Shares above which a check becomes a warning (assumptions, not published norms)."""

HEAPED_STAMPS = ("received", "arrived", "cleared")
HEAPED_MINUTES = (0, 30)
HEAPED_EXPECTED = len(HEAPED_MINUTES) / 60
HEAPING_P = 1e-6
HEAPING_RATIO = 1.5
FEWEST = 50
FEWEST_WITHIN_LIMIT = 200
SUM_TOLERANCE_S = 60.0

_NAMES: dict[str, str] = {
    "received": N_("time received"),
    "dispatched": N_("time of dispatch"),
    "acknowledged": N_("time of acknowledgement"),
    "en_route": N_("time of turnout"),
    "arrived": N_("time of arrival"),
    "cleared": N_("time of clearing"),
    "intake_s": N_("intake"),
    "dispatch_s": N_("wait for dispatch"),
    "travel_s": N_("time on the way"),
    "response_s": N_("response time"),
    "on_scene_s": N_("time on scene"),
    "total_s": N_("time in all"),
    "missing-received": N_("no received time"),
    "unreadable-time": N_("received time not readable"),
    "skipped-hour": N_("an hour that the clock skipped"),
    "missing-class": N_("no class"),
    "unknown-class": N_("class not known"),
    "missing-place": N_("no place"),
    "unknown-atom": N_("atom not known"),
    "outside-area": N_("outside the area"),
    "call-in-the-future": N_("in the future"),
    "duplicate-call": N_("repeats an earlier call"),
    "too-many-fields": N_("too many fields"),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One count.

    Parameters
    ----------
    code
        Stable name, for example ``out-of-order``.
    count, of
        Rows that are odd, among rows where the question can be asked.
    severity
        ``note`` where it is usual, ``warning`` where it deserves a look.
    message
        English catalogue entry; ``{about}``, ``{count}``, ``{of}`` and ``{share}`` are filled besides `values`.
    about
        Which stamp, part, reason or priority the check is about.
    values
        What else the message names.
    """

    code: str
    count: int
    of: int
    severity: Severity
    message: str
    about: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """Return count / of, 0 where there was nothing to ask."""
        return self.count / self.of if self.of else 0.0

    @property
    def filled(self) -> dict[str, object]:
        """Return everything that the message names."""
        return {**self.values, "about": self.about, "count": self.count, "of": self.of, "share": f"{self.share:.1%}"}

    def text(self, language: Language) -> str:
        """Return the check in words."""
        about = " → ".join(translate(_NAMES.get(name, name), language) for name in self.about.split(" > "))
        return translate(self.message, language).format(**{**self.filled, "about": about})


@dataclass(frozen=True, slots=True)
class DataHealth:
    """Every check made on one set of calls or durations."""

    checks: tuple[Check, ...]

    def find(self, code: str, about: str = "") -> Check:
        """Return the check called `code`, and about `about` where it is made several times.

        Raises
        ------
        KeyError
            Where no such check was made: the data gave no ground for it.
        """
        for check in self.checks:
            if check.code == code and about in ("", check.about):
                return check
        raise KeyError(f"{code} {about}".strip())

    def frame(self, language: Language = "en") -> pl.DataFrame:
        """Return one row per check: ``check``, ``about``, ``count``, ``of``, ``share``, ``severity``, ``words``."""
        rows = [
            (each.code, each.about, each.count, each.of, each.share, each.severity, each.text(language)) for each in self.checks
        ]
        schema = {
            "check": pl.String,
            "about": pl.String,
            "count": pl.Int64,
            "of": pl.Int64,
            "share": pl.Float64,
            "severity": pl.String,
            "words": pl.String,
        }
        return pl.DataFrame(rows, schema=schema, orient="row")

    def findings(self) -> tuple[Finding, ...]:
        """Return the checks that are not mere notes as findings."""
        return tuple(
            Finding(each.code, each.severity, each.message, values=each.filled) for each in self.checks if each.severity != "note"
        )


def health(calls: Calls, limit_min: Mapping[int, float] | None = None) -> DataHealth:
    """Return the health of `calls`.

    Parameters
    ----------
    calls
        As read; officer-initiated rows are counted and then kept out of everything about response.
    limit_min
        Promised minutes from call to arrival by priority; a share of 99 % within it is suspiciously good.
    """
    table = calls.table
    responses = table.filter(pl.col("origin") != "officer")
    checks = [
        *_rejected(calls),
        _officer_initiated(table),
        *_missing_stamps(responses),
        *_out_of_order(responses),
        *_negative(parts(responses, signed=True)),
        *_zero_travel(responses),
        *(heaping(table[stamp], calls.time_zone) for stamp in HEAPED_STAMPS if table[stamp].count()),
        *_constant(parts(responses)),
        *_within_limit(responses, limit_min or {}),
    ]
    return DataHealth(tuple(checks))


def durations_health(durations: pl.DataFrame, tolerance_s: float = SUM_TOLERANCE_S) -> DataHealth:
    """Return the health of elapsed times.

    Parameters
    ----------
    durations
        Columns as :func:`qinwu.station.durations.read_durations` gives them.
    tolerance_s
        Parts add up when their sum is this near to the whole, seconds; sources round each part.
    """
    return DataHealth((*_missing_parts(durations), *_negative(durations), *_sums(durations, tolerance_s), *_constant(durations)))


def heaping(stamps: pl.Series, time_zone: str) -> Check:
    """Return how many stamps fall on minute :00 or :30, of which one in thirty is expected.

    Rounded stamps were written from memory. The check warns where the share is half as much again as expected and a
    binomial test puts the chance of so many below one in a million: P(X >= k) = I_p(k, n - k + 1), the regularised
    incomplete beta function (Abramowitz & Stegun 26.5.24).

    Parameters
    ----------
    stamps
        Zoned stamps, read on the clock of `time_zone`; or naive ones, read as they are.
    time_zone
        IANA name.
    """
    from scipy.special import betainc

    zoned = isinstance(stamps.dtype, pl.Datetime) and stamps.dtype.time_zone is not None
    minutes = (stamps.dt.convert_time_zone(time_zone) if zoned else stamps).drop_nulls().dt.minute()
    count, of = int(minutes.is_in(HEAPED_MINUTES).sum()), len(minutes)
    chance = float(betainc(count, of - count + 1, HEAPED_EXPECTED)) if count else 1.0
    heaped = chance < HEAPING_P and count > HEAPING_RATIO * HEAPED_EXPECTED * of
    message = N_("{about}: {share} of stamps are on minute :00 or :30, where 3.3% are expected.")
    return Check("heaping", count, of, "warning" if heaped else "note", message, stamps.name, {"chance": chance})


def _check(code: str, about: str, count: int, of: int, message: str) -> Check:
    """Return a check that warns above its limit in `LIMITS`."""
    return Check(code, count, of, "warning" if of and count / of > LIMITS[code] else "note", message, about)


def _rejected(calls: Calls) -> Iterator[Check]:
    message = N_("{count} of {of} rows ({share}) were left out: {about}.")
    for reason, count in calls.rejected.group_by("reason").len().sort("len", "reason", descending=[True, False]).iter_rows():
        yield _check("rejected", reason, count, calls.rows_read, message)


def _officer_initiated(table: pl.DataFrame) -> Check:
    message = N_("{count} of {of} calls ({share}) were started by officers; kept out of everything about response.")
    return Check("officer-initiated", int((table["origin"] == "officer").sum()), len(table), "note", message)


def _missing_stamps(table: pl.DataFrame) -> Iterator[Check]:
    for stamp in STAMPS[1:]:
        missing = table[stamp].null_count()
        if missing == len(table):
            yield Check("no-stamp", missing, len(table), "note", N_("{about} is not recorded at all."), stamp)
        else:
            yield _check("missing-stamp", stamp, missing, len(table), N_("{about} is missing in {count} of {of} calls ({share})."))


def _out_of_order(table: pl.DataFrame) -> Iterator[Check]:
    """Compare each stamp with the next one that the source records."""
    recorded = [stamp for stamp in STAMPS if table[stamp].count()]
    message = N_("{about}: the later stamp is before the earlier one in {count} of {of} calls ({share}).")
    for earlier, later in pairwise(recorded):
        both = table.select((pl.col(later) < pl.col(earlier)).alias("back")).drop_nulls().to_series()
        yield _check("out-of-order", f"{earlier} > {later}", int(both.sum()), len(both), message)


def _negative(elapsed: pl.DataFrame) -> Iterator[Check]:
    message = N_("{about} is negative in {count} of {of} calls ({share}).")
    for part in elapsed.iter_columns():
        if part.count():
            yield _check("negative-part", part.name, int((part < 0).sum()), part.count(), message)


def _missing_parts(durations: pl.DataFrame) -> Iterator[Check]:
    for part in durations.iter_columns():
        yield _check(
            "missing-stamp", part.name, part.null_count(), len(part), N_("{about} is missing in {count} of {of} calls ({share}).")
        )


def _zero_travel(table: pl.DataFrame) -> Iterator[Check]:
    """Count calls whose crew arrived in the second of dispatch; crews do, when they happen to be there, but seldom."""
    travel = table.select((pl.col("arrived") - pl.col("dispatched")).dt.total_microseconds()).to_series().drop_nulls()
    if len(travel):
        message = N_("In {count} of {of} calls ({share}) the crew arrived in the moment of dispatch.")
        yield _check("zero-travel", "", int((travel == 0).sum()), len(travel), message)


def _sums(durations: pl.DataFrame, tolerance_s: float) -> Iterator[Check]:
    message = N_("{about} differs from the sum of its parts by more than {tolerance} s in {count} of {of} calls ({share}).")
    for whole, pieces in SUMS.items():
        gap = durations.select((pl.sum_horizontal(pieces, ignore_nulls=False) - pl.col(whole)).abs()).to_series().drop_nulls()
        if len(gap):
            check = _check("parts-do-not-add-up", whole, int((gap > tolerance_s).sum()), len(gap), message)
            yield replace(check, values={"tolerance": f"{tolerance_s:g}"})


def _constant(elapsed: pl.DataFrame) -> Iterator[Check]:
    """Find one value, to the second, that fills a part; where all are whole minutes, only one that fills half of it."""
    message = N_("{about} is exactly {seconds} s in {count} of {of} calls ({share}).")
    for part in elapsed.iter_columns():
        values = part.drop_nulls().round()
        values = values.filter(values > 0)
        if len(values) < FEWEST:
            continue
        second, count = values.value_counts(sort=True, name="n").row(0)
        limit = LIMITS["constant-part"] if (values % 60 != 0).any() else 0.5
        if count / len(values) > limit:
            yield Check("constant-part", count, len(values), "warning", message, part.name, {"seconds": f"{second:.0f}"})


def _within_limit(table: pl.DataFrame, limit_min: Mapping[int, float]) -> Iterator[Check]:
    """Find priorities for which practically every crew arrived within the promised time."""
    message = N_("Priority {about}: {share} of crews arrived within {minutes} min; a share this high is rarely real.")
    for priority, minutes in limit_min.items():
        response = parts(table.filter(pl.col("priority") == priority))["response_s"].drop_nulls()
        within = int((response <= minutes * 60).sum())
        if len(response) >= FEWEST_WITHIN_LIMIT and within / len(response) >= LIMITS["within-limit"]:
            yield Check("within-limit", within, len(response), "warning", message, str(priority), {"minutes": f"{minutes:g}"})
