"""Meaning: the words of a source turned into this station's classes, priorities and origins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

import polars as pl

from qinwu.station.config import CallClass, StationConfig
from qinwu.station.drafting import reject
from qinwu.station.profiles import Profile, comparable

_DEFAULT_PRIORITY = 3
_LOWEST_PRIORITY = 4


def with_meaning(table: pl.DataFrame, profile: Profile, config: StationConfig) -> pl.DataFrame:
    """Return the draft with ``call_class``, ``priority`` and ``origin`` in the station's own words.

    A class word is looked up, finest level first, in ``calls.class_map`` of station.toml, then among the ids and names of
    the station's classes, then in the profile; ``calls.default_class`` takes what is left. Rows whose class is still
    unknown are rejected with it.
    """
    table = _with_class(table, profile, config)
    return _with_priority(_with_origin(table, profile), profile, config)


def class_of(word: str, profile: Profile, config: StationConfig) -> str | None:
    """Return the station's class for one source word, or None where nothing knows it."""
    own = {comparable(source): target for source, target in config.calls.class_map.items()}
    known = _class_names(config.call_class)
    key = comparable(word)
    if key in own:
        return own[key]
    if key in known:
        return known[key]
    target = {comparable(source): target for source, target in profile.words.call_class.items()}.get(key) or _by_pattern(
        word, profile
    )
    if target is not None and (not config.call_class or comparable(target) in known):
        return known.get(comparable(target), target)
    return None if config.call_class else word


def _class_names(classes: Iterable[CallClass]) -> dict[str, str]:
    """Return class ids by every word that names them: id, Chinese name, English name."""
    names: dict[str, str] = {}
    for each in classes:
        for word in (each.id, each.name.zh, each.name.en):
            names.setdefault(comparable(word), each.id) if word else None
    return names


def _by_pattern(word: str, profile: Profile) -> str | None:
    hits = (each.call_class for each in profile.words.class_pattern if re.search(each.match, word, re.IGNORECASE))
    return next(hits, None)


def _with_class(table: pl.DataFrame, profile: Profile, config: StationConfig) -> pl.DataFrame:
    levels = [name for name in table.columns if name.startswith("class_")]
    constant = profile.constants.call_class or None
    if not levels:
        return table.with_columns(call_class=pl.lit(class_of(constant, profile, config) if constant else None, pl.String))
    meanings = [_translate(table[level], lambda word: class_of(word, profile, config)) for level in levels]
    word = pl.coalesce(levels)
    table = table.with_columns(
        call_class=pl.coalesce(*meanings, pl.when(word.is_not_null()).then(pl.lit(config.calls.default_class or None)))
    )
    table = reject(table, word.is_null(), "missing-class", pl.lit(""))
    return reject(table, pl.col("call_class").is_null(), "unknown-class", word).drop(levels)


def _with_origin(table: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    words = {comparable(word): origin for word, origin in profile.words.origin.items()}
    words |= {origin: origin for origin in ("resident", "officer", "superior", "local_government", "unknown")} | {
        "localgovernment": "local_government"
    }
    return table.with_columns(
        origin=_translate(table["origin"], lambda word: words.get(comparable(word))).fill_null(profile.constants.origin)
    )


def _with_priority(table: pl.DataFrame, profile: Profile, config: StationConfig) -> pl.DataFrame:
    """Take the source's priority where it is 1-4 or a known word, else that of the class."""
    words: dict[str, int] = {str(number): number for number in range(1, _LOWEST_PRIORITY + 1)}
    words |= {f"{number}.0": number for number in range(1, _LOWEST_PRIORITY + 1)}
    words |= {comparable(word): priority for word, priority in profile.words.priority.items()}
    named = _translate(table["priority"], lambda word: words.get(comparable(word)), pl.Int8())
    by_class = {each.id: each.priority for each in config.call_class}
    default = _translate(table["call_class"], by_class.get, pl.Int8())
    fallback = profile.constants.priority or _DEFAULT_PRIORITY
    return table.with_columns(
        priority=pl.coalesce(named, default, pl.lit(fallback, pl.Int8)),
        bad_priority=table["priority"].is_not_null() & named.is_null(),
    )


def _translate(column: pl.Series, meaning: Callable[[str], object], dtype: pl.DataType | None = None) -> pl.Series:
    """Return the meaning of each word, looked up once per distinct word."""
    distinct = column.drop_nulls().unique().to_list()
    meanings: Mapping[str, object] = {word: meaning(word) for word in distinct}
    return column.replace_strict(meanings, default=None, return_dtype=dtype or pl.String())
