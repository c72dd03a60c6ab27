"""Extra: the libraries of the planners, which a plain installation leaves out; a missing one says how to get it."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any

from qinwu.findings import Finding, QinwuError
from qinwu.language import N_

THREADS = 2
"""One number for every solver of a process: HiGHS refuses to run where another one began with another number."""
INSTALL = 'pip install "qinwu[plan]"'


def needed(module: str) -> ModuleType:
    """Return a module of the ``plan`` extra, imported now.

    Parameters
    ----------
    module
        For example ``ortools.sat.python.cp_model`` or ``highspy``.

    Raises
    ------
    QinwuError
        It is not installed; the remedy is the command that installs it.
    """
    try:
        return import_module(module)
    except ImportError as error:
        message = N_("This planner needs {library}, which is not installed.")
        values = {"library": module.partition(".")[0], "command": INSTALL}
        raise QinwuError([Finding("missing-extra", "error", message, N_("Run: {command}"), values=values)]) from error


def highs() -> tuple[Any, Any]:
    """Return the module of HiGHS and a new solver that prints nothing.

    Raises
    ------
    QinwuError
        ``highspy`` is not installed.
    """
    core = needed("highspy")
    solver = core.Highs.__base__()  # the class above it prints a banner before it can be told not to
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", THREADS)
    return core, solver
