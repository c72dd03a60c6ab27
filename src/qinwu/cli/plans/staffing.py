"""``qinwu plan staffing``: the same as ``qinwu staff``, among the planners."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from qinwu.cli.answering import AS_USUAL, PAGE_ONLY, Asked, Files
from qinwu.cli.plans.running import Folder, Lang
from qinwu.language import default_language, said


def staffing(
    folder: Folder,
    system: Annotated[str, Parameter(help=said("Duty system: a name in duty/, or preset:ID; the current one by default."))] = "",
    *,
    asked: Annotated[Asked, Parameter(name="*")] = AS_USUAL,
    files: Annotated[Files, Parameter(name="*")] = PAGE_ONLY,
    lang: Lang = None,
) -> None:
    """Staff a station."""
    from qinwu.cli import answering

    answering.staff(folder, system, asked, files, lang or default_language())
