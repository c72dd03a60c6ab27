"""Measured: how often screens see what is not there, as the benchmark counted it and wrote it down."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Measured:
    """Counts of false signs.

    Parameters
    ----------
    runs, wrong
        Clean made-up stations screened, and those in which any screen saw a sign.
    by_screen
        Of those, the runs in which each screen saw one.
    real_runs, real_wrong
        Public records dealt at random to units that do not differ, and those in which a unit had a sign.
    """

    runs: int
    wrong: int
    by_screen: dict[str, int]
    real_runs: int
    real_wrong: int

    @property
    def family(self) -> float:
        """Share of clean runs with a sign."""
        return self.wrong / self.runs if self.runs else float("nan")

    def told(self, screen: str) -> str:
        """Return how often one screen was wrong, as ``2 / 400``."""
        return f"{self.by_screen.get(screen, 0)} / {self.runs}"


@cache
def measured() -> Measured:
    """Return what ``python -m benchmarks.judge.padding --false --write`` counted."""
    data = tomllib.loads(files(__package__).joinpath("measured.toml").read_text("utf-8"))
    return Measured(**data)
