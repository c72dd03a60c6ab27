"""TOML files read into validated models; every problem of a file is reported at once, with key, line, value and remedy."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from qinwu.findings import Finding, Place, QinwuError, did_you_mean
from qinwu.language import N_
from qinwu.station.library_words import in_words
from qinwu.station.text_file import read_text
from qinwu.station.toml_lines import key_lines, locate

Model = TypeVar("Model", bound=BaseModel)

_LONGEST_VALUE = 80
_KINDS: dict[str, str] = {
    "int": N_("{value} is not a whole number."),
    "float": N_("{value} is not a number."),
    "finite_number": N_("{value} is not a finite number."),
    "bool": N_("{value} is neither true nor false."),
    "string": N_("{value} is not text; write it in quotes."),
    "date": N_("{value} is not a date; write it as 2025-01-31."),
    "tuple": N_("{value} is not a list; write it in square brackets, as [a, b]."),
    "list": N_("{value} is not a list; write it in square brackets, as [a, b]."),
    "dict": N_("{value} is not a table; write it as {{key = value}}."),
    "model": N_("{value} is not a table; write it as {{key = value}}."),
}
_RULES: dict[str, str] = {
    "greater_than": N_("{value} is too small: it must be more than {gt}."),
    "greater_than_equal": N_("{value} is too small: it must be at least {ge}."),
    "less_than": N_("{value} is too large: it must be less than {lt}."),
    "less_than_equal": N_("{value} is too large: it must be at most {le}."),
    "too_short": N_("{actual_length} values were given: at least {min_length} are needed."),
    "too_long": N_("{actual_length} values were given: at most {max_length} are allowed."),
    "string_too_short": N_("{value} is too short: at least {min_length} characters are needed."),
    "string_pattern_mismatch": N_("{value} does not have the form {pattern}."),
    "literal_error": N_("{value} is not one of {expected}."),
    "missing": N_("This key is missing and has no default."),
}
_TAGS: dict[str, str] = {
    "union_tag_invalid": N_("{value} is not one of {expected}."),
    "union_tag_not_found": N_("The key {key}, which says what kind of table this is, is missing."),
}
_SYNTAX_REMEDIES: tuple[tuple[str, str], ...] = (
    ("Cannot overwrite a value", N_("A key is given twice in one table; keep one of them.")),
    ("Cannot declare", N_("A table is opened twice; write [[name]] with two brackets where there may be several.")),
    ("Invalid value", N_("Put text in quotes; write numbers without units.")),
    ("Unclosed array", N_("Close the list with ].")),
    ("Expected '='", N_("Write key = value, or [name] to open a table.")),
    ("Illegal character", N_("Close the quotation mark on the line where it opens.")),
    ("Unterminated string", N_("Close the quotation mark.")),
)


def read_toml(path: Path, model: type[Model], label: str = "") -> Model:
    """Return the TOML file at `path` as a validated `model`.

    Parameters
    ----------
    path
        The file, UTF-8.
    model
        A pydantic model.
    label
        How findings name the file; its own name by default.

    Raises
    ------
    QinwuError
        With every problem of the file: unreadable, broken TOML (with line), unknown keys, wrong values.
    """
    data, text = parse_toml(path, label)
    return validate(data, model, label or path.name, text)


def parse_toml(path: Path, label: str = "") -> tuple[dict[str, Any], str]:
    """Return a TOML file as plain data, and its text; raise `QinwuError` where it cannot be read."""
    name = label or path.name
    text = read_text(path, name)
    try:
        return tomllib.loads(text), text
    except tomllib.TOMLDecodeError as error:
        raise QinwuError([_syntax_finding(str(error), text, name)]) from None
    except (RecursionError, ValueError):  # lists in lists in lists, or a number of thousands of digits
        message = N_("This is no file people write: a number is too long, or lists stand in lists without end.")
        raise QinwuError([Finding("broken-toml", "error", message, N_("Write it anew."), Place(name))]) from None


def validate(data: Mapping[str, Any], model: type[Model], file: str, text: str = "") -> Model:
    """Return `data` (for example merged from several files) as a validated `model`.

    Parameters
    ----------
    data
        What ``tomllib`` gives.
    model
        A pydantic model.
    file
        How findings name the source.
    text
        The TOML source of `data` where there is one, so that findings carry lines.

    Raises
    ------
    QinwuError
        With one finding for every key that is wrong.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise QinwuError(_findings(error.errors(include_url=False), data, model, file, text)) from None


def key_text(path: Sequence[str | int]) -> str:
    """Return a key path as a reader of the file would write it.

    >>> key_text(("call_class", 2, "priority"))
    'call_class[2].priority'
    """
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def value_text(value: object) -> str:
    """Return a received value as TOML would show it, cut where it is long."""
    shown = json.dumps(value, ensure_ascii=False, default=str)
    return shown if len(shown) <= _LONGEST_VALUE else shown[: _LONGEST_VALUE - 1] + "…"


def _syntax_finding(error: str, text: str, file: str) -> Finding:
    at = re.search(r"\(at line (\d+), column (\d+)\)", error)
    row = int(at[1]) if at else len(text.splitlines()) or 1
    lines = text.splitlines()
    received = lines[row - 1].strip() if row <= len(lines) else ""
    reason = error.split(" (at ")[0]
    remedy = next((remedy for start, remedy in _SYNTAX_REMEDIES if reason.startswith(start)), "")
    return Finding(
        "broken-toml",
        "error",
        N_("This is not valid TOML ({reason}): {value}"),
        remedy or N_("Compare the line with a working file; qinwu new --sample writes one."),
        Place(file, row),
        {"reason": in_words(reason), "value": value_text(received)},
    )


def _findings(
    errors: Sequence[ErrorDetails], data: Mapping[str, Any], model: type[BaseModel], file: str, text: str
) -> list[Finding]:
    lines = key_lines(text)
    by_path: dict[tuple[str | int, ...], list[ErrorDetails]] = {}
    for error in (each for each in errors if not _follows(each)):
        by_path.setdefault(_data_path(error, data), []).append(error)
    found = []
    for path, group in by_path.items():
        place = Place(file, locate(lines, path), key_text(path))
        found.append(_finding(group, path, model, place))
    return found


def _follows(error: ErrorDetails) -> bool:
    """Return whether an error only follows from others: a list is not too short because its items are wrong."""
    given = error["input"]
    return error["type"] == "too_short" and isinstance(given, list | tuple) and len(given) >= error["ctx"]["min_length"]


def _data_path(error: ErrorDetails, data: object) -> tuple[str | int, ...]:
    """Return the part of a pydantic location that names keys of the file, without union branches and ``[key]`` marks."""
    path: tuple[str | int, ...] = ()
    for step in error["loc"]:
        if isinstance(data, Mapping) and step in data:
            data = data[str(step)]
        elif isinstance(data, (list, tuple)) and isinstance(step, int) and step < len(data):
            data = data[step]
        elif error["type"] != "missing" or step != error["loc"][-1]:
            continue
        path += (step,)
    return path


def _finding(group: Sequence[ErrorDetails], path: tuple[str | int, ...], model: type[BaseModel], place: Place) -> Finding:
    error = group[0]
    if error["type"] == "extra_forbidden":
        return _unknown_key(str(path[-1]), _fields_at(model, path[:-1], error["loc"]), place)
    if error["type"] in _TAGS:
        return _wrong_tag(error, place)
    if len(group) > 1:
        expected = " | ".join(dict.fromkeys(_expected(each) for each in group))
        values = {"value": value_text(error["input"]), "expected": expected}
        return Finding("wrong-value", "error", N_("{value} is none of {expected}."), "", place, values)
    return _one_error(error, place)


def _wrong_tag(error: ErrorDetails, place: Place) -> Finding:
    """Return the finding for a table whose kind, as one of its keys says it, is not known or not said."""
    context = error["ctx"]
    key, choices = context["discriminator"].strip("'"), re.findall(r"'([^']*)'", str(context.get("expected_tags", "")))
    tag = str(context.get("tag", ""))
    guess = did_you_mean(tag, choices)
    remedy = N_("Did you mean {guess}?") if guess else ""
    values = {"key": key, "value": value_text(tag), "expected": ", ".join(choices), "guess": guess}
    return Finding("wrong-value", "error", _TAGS[error["type"]], remedy, replace(place, key=f"{place.key}.{key}"), values)


def _one_error(error: ErrorDetails, place: Place) -> Finding:
    kind = error["type"]
    values: dict[str, object] = {**error.get("ctx", {}), "value": value_text(error["input"])}
    if kind == "missing":
        return Finding("missing-key", "error", _RULES[kind], N_("Add it."), place, values)
    message = _RULES.get(kind) or _KINDS.get(_expected(error), "")
    if not message:
        return Finding(
            "wrong-value", "error", N_("{value} is not accepted: {reason}."), "", place, {**values, "reason": error["msg"]}
        )
    guess = _guess(error)
    remedy = N_("Did you mean {guess}?") if guess else ""
    return Finding(
        "wrong-value", "error", message, remedy, place, {**values, "guess": guess, "expected": ", ".join(_choices(error))}
    )


def _expected(error: ErrorDetails) -> str:
    """Return what was expected in the words of the schema: ``int``, ``float``, ``'a' or 'b'``, ``>= 0``."""
    context = error.get("ctx", {})
    signs = {"gt": ">", "ge": ">=", "lt": "<", "le": "<="}
    limit = next((f"{sign} {context[name]}" for name, sign in signs.items() if name in context), "")
    kind = re.sub(r"_(type|parsing|parsing_size|from_float|from_date_parsing|from_datetime_parsing)$", "", error["type"])
    return str(context.get("expected", "")) or limit or kind


def _guess(error: ErrorDetails) -> str:
    return did_you_mean(str(error["input"]), _choices(error))


def _choices(error: ErrorDetails) -> list[str]:
    return re.findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected", "")))


def _unknown_key(key: str, known: Sequence[str], place: Place) -> Finding:
    guess = did_you_mean(key, known)
    remedy = N_("Did you mean {guess}?") if guess else N_("Known keys here: {known}.")
    values = {"key": key, "guess": guess, "known": ", ".join(known)}
    return Finding("unknown-key", "error", N_("The key {key} is not known here."), remedy, place, values)


def _fields_at(model: type[BaseModel], path: Sequence[str | int], branches: Sequence[str | int] = ()) -> list[str]:
    """Return the keys that the table at `path` may have; of tables of several kinds, those of the kind named in `branches`."""
    annotation: Any = model
    for step in path:
        if isinstance(step, int):
            annotation = next(iter(get_args(annotation)), None)
            continue
        found = [each.model_fields[step].annotation for each in _models(annotation) if step in each.model_fields]
        annotation = found[0] if found else None
    models = _models(annotation)
    kinds = [each for each in models if any(kind in branches for kind in _kinds(each))]
    return sorted({name for each in kinds or models for name in each.model_fields})


def _kinds(model: type[BaseModel]) -> list[Any]:
    """Return the words by which a model is told from others of a union."""
    literals = (field.annotation for field in model.model_fields.values() if get_origin(field.annotation) is Literal)
    return [word for literal in literals if len(get_args(literal)) == 1 for word in get_args(literal)]


def _models(annotation: Any) -> list[type[BaseModel]]:
    """Return the models an annotation allows, through unions and collections."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) is Annotated:
        return _models(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType, tuple, list, dict, Literal):
        return [model for argument in get_args(annotation) for model in _models(argument)]
    return []
