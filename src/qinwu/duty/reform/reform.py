"""Reform: a file of steps, read aloud to a chief in a minute; presets come with Qinwu."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from qinwu.duty.reform.steps import AnyStep, Overhead
from qinwu.findings import Finding, Place, QinwuError, did_you_mean
from qinwu.language import N_
from qinwu.station.config import Strict, Text
from qinwu.station.toml_file import read_toml

PRESETS = Path(__file__).parent.parent / "presets" / "reforms"
SUFFIX = ".toml"


class Vary(Strict):
    """An assumption that may be otherwise: ``key`` of the duty system or of a step (``step.ID.field``), and its range.

    With ``both`` the value holds before the reform too, as for what an hour or a hand-over takes anywhere.
    """

    key: str
    name: Text
    low: float
    high: float
    unit: str = ""
    both: bool = False
    why: Text
    source: str = "assumption"


class Cost(Strict):
    """Prices, in the currency of the station: of an officer-hour and of a vehicle-kilometre."""

    officer_hour: Annotated[float, Field(ge=0)] = 0.0
    vehicle_km: Annotated[float, Field(ge=0)] = 0.0
    currency: str = "元"


class Claimed(Strict):
    """A claim about the reform, by the id it has among the claims, and which figure of a run stands beside it."""

    id: str
    shows: Literal["front_line", "units", "response", "calls", "nothing"] = "nothing"


class Reform(Strict):
    """A reform: steps in the order in which they are done, the overheads that are kept, what may be otherwise.

    ``claims`` are the claims somebody made about it.
    """

    id: str
    name: Text
    about: Text
    mechanisms: tuple[Annotated[str, Field(pattern=r"^M\d{1,2}$")], ...] = ()
    quote: str = ""
    claims: tuple[Claimed, ...] = ()
    step: Annotated[tuple[AnyStep, ...], Field(min_length=1)]
    overhead: tuple[Overhead, ...] = ()
    vary: tuple[Vary, ...] = ()
    cost: Cost | None = None


def reform_ids() -> tuple[str, ...]:
    """Return the ids of the reforms that come with Qinwu, in alphabetical order."""
    return tuple(sorted(path.stem for path in PRESETS.glob(f"*{SUFFIX}")))


def read_reform(name: str | Path, folder: Path | None = None) -> Reform:
    """Return a reform by the path of its file, by name in the folder ``reforms`` of a station, or by the id of a preset.

    Raises
    ------
    QinwuError
        With every problem of the file, or that there is none of that name.
    """
    path = next((each for each in _places(str(name), folder) if each.is_file()), None)
    if path is None:
        raise QinwuError([_unknown(str(name))])
    return read_toml(path, Reform)


def _places(name: str, folder: Path | None) -> tuple[Path, ...]:
    own = (folder / "reforms" / f"{name}{SUFFIX}",) if folder else ()
    return (*((Path(name),) if name.endswith(SUFFIX) else ()), *own, PRESETS / f"{name}{SUFFIX}")


def _unknown(name: str) -> Finding:
    near = did_you_mean(name, reform_ids())
    message = N_("There is no reform {value}.")
    remedy = N_("Did you mean {near}?") if near else N_("Reforms that come with Qinwu: {known}.")
    values = {"value": name, "near": near, "known": ", ".join(reform_ids())}
    return Finding("unknown-reform", "error", message, remedy, Place(key="reform"), values)
