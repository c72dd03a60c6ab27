"""Typed: what was typed into a form, read field by field; everything that cannot be read or is missing is told at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from typing import Literal, overload
from zoneinfo import ZoneInfo

from qinwu.findings import Finding, Place, did_you_mean, raise_on_errors
from qinwu.language import N_
from qinwu.station.guards import masked


def form_finding(code: str, key: str, message: str, remedy: str = "", **values: object) -> Finding:
    """Return what is wrong with a field of a form, by the field's key."""
    return Finding(code, "error", message, remedy, Place(key=key), values)


class Typed:
    """Reads a form; after the last field, :meth:`finish` raises with every problem.

    Parameters
    ----------
    form
        What was sent, by field.
    zone
        Time zone of the station; times without a zone are in it.
    """

    def __init__(self, form: Mapping[str, str], zone: str) -> None:
        self._form = form
        self._zone = ZoneInfo(zone)
        self.problems: list[Finding] = []

    def wrong(self, code: str, key: str, message: str, remedy: str = "", **values: object) -> None:
        """Add a problem of a field."""
        self.problems.append(form_finding(code, key, message, remedy, **values))

    def finish(self) -> None:
        """End reading.

        Raises
        ------
        QinwuError
            With everything that was wrong.
        """
        raise_on_errors(self.problems)

    def _raw(self, key: str, *, required: bool) -> str:
        text = self._form.get(key, "").strip()
        if required and not text:
            self.wrong(f"no-{key}", key, N_("A field is empty: {field}."), N_("Fill it in."), field=key)
        return text

    def text(self, key: str, most: int, *, required: bool = False) -> str:
        """Return a text of at most `most` characters, long numbers masked."""
        return masked(self._raw(key, required=required))[:most]

    def whole(self, key: str, least: int = 0, most: int = 10_000) -> int | None:
        """Return a whole number within limits, None where the field is empty."""
        text = self._raw(key, required=False)
        if not text:
            return None
        try:
            number = int(text)
        except ValueError:
            self.wrong(
                f"unreadable-{key}", key, N_("{word} cannot be read."), N_("Give a whole number, or leave it empty."), word=text
            )
            return None
        if not least <= number <= most:
            message, remedy = N_("{word} is out of range."), N_("Give a number from {least} to {most}.")
            self.wrong(f"out-of-range-{key}", key, message, remedy, word=text, least=least, most=most)
            return None
        return number

    def need(self, key: str, least: int = 0, most: int = 10_000) -> int:
        """Return a whole number that must be there; `least` where it is not, which :meth:`finish` tells."""
        self._raw(key, required=True)
        found = self.whole(key, least, most)
        return least if found is None else found

    @overload
    def moment(self, key: str, default: datetime) -> datetime: ...
    @overload
    def moment(self, key: str, default: None = None) -> datetime | None: ...
    def moment(self, key: str, default: datetime | None = None) -> datetime | None:
        """Return a time at the station, `default` where the field is empty or cannot be read."""
        text = self._raw(key, required=False)
        if not text:
            return default
        try:
            found = datetime.fromisoformat(text)
            # Databases know fewer zones than there can be.
            return found.astimezone(self._zone) if found.tzinfo else found.replace(tzinfo=self._zone)
        except (ValueError, OverflowError):
            message, remedy = N_("{word} is no time."), N_("Write it as 2025-03-05T22:30, or leave it empty for now.")
            self.wrong(f"unreadable-{key}", key, message, remedy, word=text)
            return default

    def day(self, key: str, default: date | None = None) -> date | None:
        """Return a day, `default` where the field is empty or cannot be read."""
        text = self._raw(key, required=False)
        try:
            return date.fromisoformat(text) if text else default
        except ValueError:
            self.wrong(f"unreadable-{key}", key, N_("{word} is no day."), N_("Write it as 2025-03-05."), word=text)
            return default

    def clock(self, key: str) -> time:
        """Return a time of the day that must be there; midnight where it is not or cannot be read, which :meth:`finish` tells."""
        text = self._raw(key, required=True)
        try:
            return time.fromisoformat(text) if text else time()
        except ValueError:
            self.wrong(f"unreadable-{key}", key, N_("{word} is no time of the day."), N_("Write it as 09:00."), word=text)
            return time()

    def choice(self, key: str, known: Collection[str], *, empty: Literal["allowed", "refused"] = "refused") -> str:
        """Return a word that must be one of those known; an empty one only where that is allowed."""
        text = self._raw(key, required=False)
        if text in known or (not text and empty == "allowed"):
            return text
        near = did_you_mean(text, known)
        remedy = N_("Did you mean {near}?") if near else N_("Choose from the list.")
        self.wrong(f"unknown-{key}", key, N_("{word} is not in the list."), remedy, word=text, near=near)
        return ""
