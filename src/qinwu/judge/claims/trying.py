"""Trying: a claim that cannot be checked gets a number after all, from two duty systems on a synthetic station."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from qinwu.findings import QinwuError
from qinwu.judge.claims.claim import Claim, Try
from qinwu.simulate.engine import Engine
from qinwu.simulate.measures.value import Key
from qinwu.simulate.outcome import Comparison, Difference
from qinwu.simulate.trial import Trial, load_system, run_trial
from qinwu.station.config import Text
from qinwu.station.folder import check_station
from qinwu.station.sample import write_sample

if TYPE_CHECKING:
    from qinwu.station.sample.recipe import SampleKind


class Figured(NamedTuple):
    """One measure under both systems: which figure, and the paired difference, after less before."""

    key: Key
    difference: Difference


@dataclass(frozen=True, slots=True)
class Tried:
    """A claim tried: names of both systems, the figures, and how often it was run with which seed."""

    claim: str
    sample: Text
    before: Text
    after: Text
    figures: tuple[Figured, ...]
    replications: int
    seed: int


def try_claim(
    claim: Claim,
    folder: Path,
    *,
    replications: int,
    seed: int = 1,
    weeks: int | None = None,
    engine: Engine | None = None,
    on_done: Callable[[int], None] | None = None,
) -> Tried | None:
    """Run the two duty systems that stand in for a claim on the same calls of a synthetic station; None where none do.

    Parameters
    ----------
    claim
        The claim.
    folder
        Where samples are made, one folder each; those there are used again.
    replications
        How often, >= 1.
    seed
        Fixes every draw.
    weeks
        Length of one replication; that of the sample by default.
    engine, on_done
        Where to run, and whom to tell of finished replications.

    Raises
    ------
    QinwuError
        Where the sample cannot be written or has no such duty system.

    Notes
    -----
    What a synthetic station shows is what the rules of both systems do, other things equal. It is no evidence about the place that
    the claim is about, and does not change its grade.
    """
    stand_in = claim.trial
    if stand_in is None:
        return None
    trial = _trial(stand_in, folder)
    comparison = run_trial(trial, replications=replications, seed=seed, weeks=weeks, engine=engine, on_done=on_done)
    before, after = (loaded.system.name for loaded in trial.systems)
    figures = tuple(_figures(comparison, stand_in.measures))
    return Tried(claim.id, trial.station.config.name, before, after, figures, comparison.replications, seed)


def _trial(stand_in: Try, folder: Path) -> Trial:
    place = folder / stand_in.sample
    if not (place / "station.toml").exists():
        write_sample(place, cast("SampleKind", stand_in.sample))
    station, found = check_station(place)
    if station is None:
        raise QinwuError(found)
    loaded = [load_system(station, name) for name in (stand_in.before, stand_in.after)]
    return Trial(station, tuple(system for system, _, _ in loaded), tuple(plan for _, plan, _ in loaded), ())


def _figures(comparison: Comparison, measures: Sequence[str]) -> list[Figured]:
    """Return for each measure its first figure over all calls."""
    keys = comparison.current.keys
    chosen = [next((key for key in keys if key[:3] == (measure, "all", "all")), None) for measure in measures]
    after = comparison.outcomes[-1].system
    return [Figured(key, comparison.difference(after, *key)) for key in chosen if key is not None]
