"""What is wrong with a command line, told as any other input is: what was received, and what to do; and help in either language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from cyclopts import CycloptsError
from cyclopts.exceptions import (
    CoercionError,
    MissingArgumentError,
    RepeatArgumentError,
    UnknownCommandError,
    UnknownOptionError,
    UnusedCliTokensError,
)

from qinwu.findings import Finding, Place, Words, did_you_mean
from qinwu.language import N_, default_language, translate

if TYPE_CHECKING:
    from cyclopts.argument import Argument
    from cyclopts.help import HelpEntry, HelpPanel
    from rich.console import Console, ConsoleOptions

_GUESS = N_("Did you mean {guess}?")
_HELP = N_("See: qinwu {command} --help")
_KINDS = {"int": N_("a whole number"), "float": N_("a number"), "datetime": N_("a time such as 2025-03-05T22:30")}


def usage_finding(error: CycloptsError) -> Finding:
    """Return what a command line error says as one finding."""
    message, values = _said(error)
    values["command"] = " ".join(error.command_chain or ())
    remedy = N_("Choose from: {choices}.") if values.get("choices") else _HELP
    return Finding("wrong-command-line", "error", message, _GUESS if values.get("guess") else remedy, Place(), values)


def _said(error: CycloptsError) -> tuple[str, dict[str, Any]]:
    if isinstance(error, UnknownCommandError):
        word, known = (error.unused_tokens or [""])[0], _commands(error)
        return N_("There is no command {value}."), {"value": word, "guess": did_you_mean(word, known), "choices": ", ".join(known)}
    if isinstance(error, UnknownOptionError):
        word = error.token.keyword or error.token.value
        known = [name for argument in error.argument_collection for name in argument.names]
        return N_("There is no option {value}."), {"value": word, "guess": did_you_mean(word, known)}
    if isinstance(error, CoercionError):
        return _wrong_value(error)
    if isinstance(error, UnusedCliTokensError):
        return N_("{value} is too much: nothing is left to fill with it."), {"value": " ".join(error.unused_tokens or ())}
    if isinstance(error, MissingArgumentError) and error.argument:
        return N_("{value} is missing."), {"value": _label(error.argument)}
    if isinstance(error, RepeatArgumentError):
        return N_("{value} is given twice."), {"value": error.token.keyword}
    error.verbose = False
    return "{reason}", {"reason": str(error)}


def _wrong_value(error: CoercionError) -> tuple[str, dict[str, Any]]:
    value = error.token.value if error.token else ""
    option = (error.token.keyword if error.token else "") or (_label(error.argument) if error.argument else "")
    choices = [str(each) for each in get_args(error.target_type)]
    if choices:
        guess = did_you_mean(value, choices)
        return N_("{option} cannot be {value}."), {"option": option, "value": value, "guess": guess, "choices": ", ".join(choices)}
    expected = _KINDS.get(getattr(error.target_type, "__name__", ""), "")
    if not expected:
        return N_("{option} cannot be {value}."), {"option": option, "value": value}
    return N_("{option} must be {expected}, not {value}."), {"option": option, "value": value, "expected": Words(expected)}


def _commands(error: CycloptsError) -> list[str]:
    return [name for name in error.app or () if not name.startswith("-")]


def _label(argument: Argument) -> str:
    """Return how the help names a parameter: FOLDER for one that stands without its name, else --option."""
    return argument.name if argument.field_info.is_keyword_only else argument.name.lstrip("-").upper()


def show_panel(console: Console, options: ConsoleOptions, panel: HelpPanel) -> None:
    """Show one panel of help in the reader's language, its title and the marks of parameters included."""
    from cyclopts.help import DefaultFormatter

    title, language = {"Commands": N_("Commands"), "Parameters": N_("Parameters")}, default_language()
    words = translate(title.get(str(panel.title), str(panel.title)), language)
    shown = panel.entries if language == "en" else [_marked(entry) for entry in panel.entries]
    DefaultFormatter()(console, options, panel.copy(title=words, entries=shown))


def _marked(entry: HelpEntry) -> HelpEntry:
    """Return an entry whose marks, which the library writes in English, stand in its description instead."""
    from rich.text import Text

    language = default_language()
    marks = (
        (entry.choices, N_("[one of: {value}]"), ", ".join(entry.choices or ())),
        (entry.default not in (None, '""'), N_("[default: {value}]"), entry.default),
        (entry.required, N_("[required]"), ""),
    )
    for shown, mark, value in marks:
        if shown:
            entry.description.append(Text(translate(mark, language).format(value=value), "dim"))
    return entry.copy(choices=None, default=None, required=False)
