"""Meaning: the words of a source turned into this station's classes, priorities and origins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import get_args

import polars as pl

from qinwu.station.calls import Origin
from qinwu.station.config import CallClass, StationConfig
from qinwu.station.drafting import reject
from qinwu.station.profiles import Profile, class_word, comparable

_DEFAULT_PRIORITY = 3
_LOWEST_PRIORITY = 4


def with_meaning(table: pl.DataFrame, profile: Profile, config: StationConfig) -> pl.DataFrame:
    """Return the draft with ``call_class``, ``priority`` and ``origin`` in the station's own words.

    Class words are looked up, each time from the finest level to the broadest: in ``calls.class_map`` of station.toml and
    among the ids and names of the station's classes; then in the profile; then among the profile's last resorts.
    ``calls.default_class`` takes what is left. Rows whose class is still unknown are rejected.
    """
    table = _with_class(table, profile, config)
    return _with_priority(_with_origin(table, profile), profile, config)


class ClassWords:
    """The classes that source words stand for.

    Parameters
    ----------
    profile, config
        The source's words, and the station's classes and ``calls.class_map``. A station that describes no classes takes
        the source's words as they are.
    """

    def __init__(self, profile: Profile, config: StationConfig) -> None:
        self._known = _class_names(config.call_class)
        self._own = {class_word(word): target for word, target in config.calls.class_map.items()}
        self._source = {class_word(word): target for word, target in profile.words.call_class.items()}
        self._patterns = tuple((re.compile(each.match, re.IGNORECASE), each) for each in profile.words.class_pattern)
        self._open = not config.call_class

    def own(self, word: str) -> str | None:
        """Return the class that the station itself gives this word: by its map, an id or a name."""
        key = class_word(word)
        return self._own.get(key) or self._known.get(key)

    def source(self, word: str) -> str | None:
        """Return the class that the profile gives this word."""
        said = self._source.get(class_word(word))
        return self._first([said] if said else self._hits(word, last=False))

    def last_resort(self, word: str) -> str | None:
        """Return the class that the profile gives this word where no level of the source said more."""
        return self._first(self._hits(word, last=True))

    def _hits(self, word: str, *, last: bool) -> list[str]:
        return [each.call_class for pattern, each in self._patterns if each.last == last and pattern.search(word)]

    def _first(self, targets: Iterable[str]) -> str | None:
        """Return the first of `targets` that the station has."""
        known = (target if self._open else self._known.get(class_word(target)) for target in targets)
        return next((target for target in known if target is not None), None)

    def itself(self, word: str) -> str | None:
        """Return the word, for a station without classes of its own."""
        return word if self._open else None


def _class_names(classes: Iterable[CallClass]) -> dict[str, str]:
    """Return class ids by every word that names them: id, Chinese name, English name."""
    pairs = [(word, each.id) for each in reversed(tuple(classes)) for word in (each.name.en, each.name.zh, each.id) if word]
    return {class_word(word): name for word, name in pairs}


def _with_class(table: pl.DataFrame, profile: Profile, config: StationConfig) -> pl.DataFrame:
    words = ClassWords(profile, config)
    if "class_0" not in table.columns:
        table = table.with_columns(class_0=pl.lit(profile.constants.call_class))
    levels = [name for name in table.columns if name.startswith("class_")]
    lookups = (words.own, words.source, words.last_resort, words.itself)
    meanings = [_translate(table[level], lookup) for lookup in lookups for level in levels]
    word = pl.coalesce(levels)
    default = pl.when(word.is_not_null()).then(pl.lit(config.calls.default_class or None, pl.String))
    table = table.with_columns(call_class=pl.coalesce(*meanings, default))
    table = reject(table, word.is_null(), "missing-class", pl.lit(""))
    return reject(table, pl.col("call_class").is_null(), "unknown-class", word).drop(levels)


def _with_origin(table: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    words = {comparable(word): origin for word, origin in profile.words.origin.items()}
    words |= {comparable(origin): origin for origin in get_args(Origin)}
    named = _translate(table["origin"], lambda word: words.get(comparable(word)))
    return table.with_columns(origin=named.fill_null(profile.constants.origin))


def _with_priority(table: pl.DataFrame, profile: Profile, config: StationConfig) -> pl.DataFrame:
    """Take the priority of the row where it is 1-4 or a known word, else the one of the whole source, else that of the class."""
    words: dict[str, int] = {text: number for number in range(1, _LOWEST_PRIORITY + 1) for text in (f"{number}", f"{number}.0")}
    words |= {comparable(word): priority for word, priority in profile.words.priority.items()}
    named = _translate(table["priority"], lambda word: words.get(comparable(word)), pl.Int8())
    by_class = {each.id: each.priority for each in config.call_class}
    default = _translate(table["call_class"], by_class.get, pl.Int8())
    constant = pl.lit(profile.constants.priority, pl.Int8)
    return table.with_columns(
        priority=pl.coalesce(named, constant, default, pl.lit(_DEFAULT_PRIORITY, pl.Int8)),
        bad_priority=table["priority"].is_not_null() & named.is_null(),
    )


def _translate(column: pl.Series, meaning: Callable[[str], object], dtype: pl.DataType | None = None) -> pl.Series:
    """Return the meaning of each word, looked up once per distinct word."""
    distinct = column.drop_nulls().unique().to_list()
    meanings: Mapping[str, object] = {word: meaning(word) for word in distinct}
    return column.replace_strict(meanings, default=None, return_dtype=dtype or pl.String())
