"""Places with counts, drawn for tests of evaluations."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from qinwu.judge.evaluate.design import Design, make_design
from qinwu.judge.evaluate.panel import F64, Panel

JANUARY_2020 = 2020 * 12
START = 2022 * 12
NAMES = [f"{name}所" for name in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥东西"]


def panel_of(counts: F64, names: tuple[str, ...] = (), exposure: F64 | None = None, *, events: bool = False) -> Panel:
    """Return a monthly panel from January 2020 on."""
    units = names or tuple(NAMES[: len(counts)])
    return Panel(units, JANUARY_2020, 1, np.asarray(counts, float), exposure, np.ones(counts.shape, dtype=bool), events)


def drawn(places: int = 24, months: int = 36, level: float = 30.0, drift: float = 0.0, fall: float = 0.0, seed: int = 1) -> Panel:
    """Return Poisson counts with a common season; places drift at January 2022, and the first falls there."""
    rng = np.random.default_rng(seed)
    season = 1.0 + 0.2 * np.sin(np.arange(months) / 12.0 * 2.0 * np.pi)
    rates = level * rng.uniform(0.5, 2.0, places)[:, None] * season[None, :]
    rates[:, 24:] *= np.exp(drift * rng.standard_normal(places))[:, None]
    rates[0, 24:] *= 1.0 - fall
    return panel_of(rng.poisson(rates).astype(float))


def design_of(panel: Panel, treated: tuple[str, ...] = ("甲所",), buffer: tuple[str, ...] = (), start: int = START) -> Design:
    """Return a design that starts in January 2022."""
    return make_design(panel, treated, start, buffer)


def write_table(path: Path, panel: Panel, header: str = "单位,月份,起数", encoding: str = "utf-8") -> Path:
    """Write a panel as a table of totals."""
    rows = [
        f"{unit},{panel.label(month)},{panel.counts[at, month]:g}"
        for at, unit in enumerate(panel.units)
        for month in range(panel.periods)
    ]
    path.write_text("\n".join([header, *rows]) + "\n", encoding=encoding)
    return path
