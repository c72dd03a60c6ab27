"""Reading profiles: one TOML file per source that says which of its columns is which, and how it writes times and words.

A profile is looked for in the station folder (``profiles/NAME.toml``, then ``NAME.toml``) and then among those shipped, so
that a station can bring its own or correct a shipped one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import field_validator

from qinwu.findings import Finding, Place, QinwuError, did_you_mean
from qinwu.language import N_
from qinwu.station.clocks import DateOrder, is_local_format
from qinwu.station.config import Priority, Strict, Text
from qinwu.station.toml_file import read_toml

SHIPPED = Path(__file__).parent / "profiles"
_PAUSES = re.compile(r"[\s_\-:]+")

Stamp = Literal["received", "dispatched", "acknowledged", "en_route", "arrived", "cleared"]
Target = Literal[
    "call_id", "received", "call_class", "priority", "atom", "lon", "lat", "x", "y", "officers_required", "origin",
    "dispatched", "acknowledged", "en_route", "arrived", "cleared",
]  # fmt: skip
Duration = Literal["intake_s", "dispatch_s", "travel_s", "response_s", "on_scene_s", "total_s"]
Unit = Literal["s", "min", "h"]
SECONDS: dict[Unit, float] = {"s": 1.0, "min": 60.0, "h": 3600.0}


class Offset(Strict):
    """A stamp that the source gives as time elapsed after another stamp."""

    column: str
    after: Stamp
    unit: Unit = "min"


class Join(Strict):
    """A stamp that the source splits over two columns, date and time of day."""

    date: str
    time: str


class Durations(Strict):
    """Elapsed times that a source without stamps gives directly; rows of such a source are not calls, only durations."""

    unit: Unit = "min"
    columns: dict[Duration, tuple[str, ...]]


class ClassPattern(Strict):
    """Source words that contain ``match`` (a regular expression, case ignored) belong to ``call_class``.

    Patterns are tried in order; one whose class the station does not have is passed over. One marked ``last`` waits until
    all class columns have been tried with the others: words such as 其他 decide only where nothing else does.
    """

    match: str
    call_class: str
    last: bool = False

    @field_validator("match")
    @classmethod
    def _compiles(cls, match: str) -> str:
        try:
            re.compile(match)
        except re.error as error:
            raise ValueError(str(error)) from None
        return match


class Words(Strict):
    """Source words and what they mean here; compared without regard to case, width and spaces."""

    call_class: dict[str, str] = {}
    class_pattern: tuple[ClassPattern, ...] = ()
    priority: dict[str, Priority] = {}
    origin: dict[str, Literal["resident", "officer", "superior", "local_government", "unknown"]] = {}


class Constants(Strict):
    """Values that hold for every row of a source that does not write them."""

    call_class: str = ""
    priority: Priority | None = None
    origin: Literal["resident", "officer", "superior", "local_government", "unknown"] = "unknown"


class Profile(Strict):
    """How one source writes its calls.

    Parameters
    ----------
    name, source
        What the source is, and where its layout was seen.
    time_zone
        IANA name; empty where stamps are on the station's own clock.
    time_formats, date_order
        ``strptime`` formats tried first; order of day, month and year where the year does not come first.
    coordinates
        Coordinate system of lon/lat or x/y; empty for the station's own.
    columns
        For each canonical column the headers that may hold it, the best first. Class columns are all used, finest first.
    join, offset
        Stamps made of two columns, or of time elapsed after another stamp.
    durations
        For sources with elapsed times only.
    words, constants
        What its words mean; what it leaves unsaid.
    drop
        Headers known to be of no use, left out without a note.
    """

    name: Text
    source: str = ""
    time_zone: str = ""
    time_formats: tuple[str, ...] = ()
    date_order: DateOrder = "ymd"
    coordinates: str = ""
    columns: dict[Target, tuple[str, ...]] = {}
    join: dict[Stamp, Join] = {}
    offset: dict[Stamp, Offset] = {}
    durations: Durations | None = None
    words: Words = Words()
    constants: Constants = Constants()
    drop: tuple[str, ...] = ()

    @field_validator("time_formats")
    @classmethod
    def _are_local_formats(cls, formats: tuple[str, ...]) -> tuple[str, ...]:
        for form in formats:
            if not is_local_format(form):
                raise ValueError(f"{form} is not a strptime format with date and time and without an offset")
        return formats

    def headers(self) -> frozenset[str]:
        """Return every header the profile knows, in comparable form; a title line above the header has none of them."""
        known = [*self.columns, *(name for names in self.columns.values() for name in names), *self.drop]
        known += [part for join in self.join.values() for part in (join.date, join.time)]
        known += [offset.column for offset in self.offset.values()]
        known += [name for names in (self.durations.columns.values() if self.durations else ()) for name in names]
        return frozenset(comparable(name) for name in known)


def comparable(word: str) -> str:
    """Return `word` in the form in which headers and source words are compared.

    >>> comparable("到达现场时间（年月日）"), comparable(" En_Route ")
    ('到达现场时间', 'enroute')
    """
    plain = unicodedata.normalize("NFKC", word).casefold()
    return _PAUSES.sub("", re.sub(r"(?<=.)\([^()]*\)\s*$", "", plain.strip()))


def class_word(word: str) -> str:
    """Return `word` in the form in which words for classes are compared: what stands in brackets tells classes apart.

    >>> class_word("刑事（其他）"), class_word("Public order, other")
    ('刑事(其他)', 'publicorder,other')
    """
    return _PAUSES.sub("", unicodedata.normalize("NFKC", word).casefold())


def profile_names() -> tuple[str, ...]:
    """Return the names of the shipped profiles."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def load_profile(name: str, folder: Path | None = None) -> Profile:
    """Return the profile called `name`, the station's own before a shipped one; a name ending in .toml may be a path.

    Raises
    ------
    QinwuError
        Where there is none of that name, or its file is broken.
    """
    stem = name.removesuffix(".toml")
    own = [folder / "profiles" / f"{stem}.toml", folder / f"{stem}.toml"] if folder else []
    given = [Path(name)] if name.endswith(".toml") else []
    path = next((each for each in [*own, *given, SHIPPED / f"{stem}.toml"] if each.is_file()), None)
    if path is None:
        raise QinwuError([_unknown_profile(name)])
    return read_toml(path, Profile)


def _unknown_profile(name: str) -> Finding:
    guess = did_you_mean(name, profile_names())
    remedy = (
        N_("Did you mean {guess}?") if guess else N_("Shipped: {known}. Or put {name}.toml into the station's profiles folder.")
    )
    values = {"name": name, "guess": guess, "known": ", ".join(profile_names())}
    return Finding(
        "unknown-profile",
        "error",
        N_("There is no reading profile called {name}."),
        remedy,
        Place("station.toml", key="calls.profile"),
        values,
    )


def find_columns(headers: Iterable[str], wanted: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, tuple[str, ...]]:
    """Return, for each wanted name and its synonyms, the headers that hold it: in the order of the synonyms, the name last."""
    present: dict[str, str] = {}
    for header in headers:
        present.setdefault(comparable(header), header)
    found = {}
    for target, synonyms in wanted:
        keys = dict.fromkeys(comparable(word) for word in (*synonyms, target))
        if hits := tuple(present[key] for key in keys if key in present):
            found[target] = hits
    return found
