"""Deployment of the sample stations beside their calls: index, interval, noise floor, gaps, moves, and how long it took.

uv run python -m benchmarks.deploy            # the index of every sample
uv run python -m benchmarks.deploy --moves    # moves too, with paired simulation; some minutes
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from qinwu.forecast.deploy.deployment import Deployment, foresee_deploy
from qinwu.plan.deploy.answer import Moves
from qinwu.plan.deploy.planning import Question, plan_moves
from qinwu.plan.effort import Effort
from qinwu.simulate.trial import prepare_one
from qinwu.station.sample import write_sample
from qinwu.station.sample.recipe import SampleKind

KINDS: tuple[SampleKind, ...] = ("town", "rural", "station13", "bureau")
SECONDS, REPLICATIONS = 30.0, 10


def main(moves: bool) -> None:
    """Print a line for each sample, and one for each move."""
    print("sample     places calls   index  95 % interval   by chance  hours  places  gap min/week  seconds")
    for kind in KINDS:
        with TemporaryDirectory() as folder:
            write_sample(Path(folder), kind)
            station, loaded, plan = prepare_one(Path(folder))
            started = time.monotonic()
            told = foresee_deploy(station, loaded.system, plan)
            print(line(kind, told, time.monotonic() - started))
            if moves:
                question = Question(station, loaded.system, plan, replications=REPLICATIONS)
                tell(plan_moves(question, Effort(SECONDS)))


def line(kind: str, told: Deployment, seconds: float) -> str:
    """Return one sample as a line."""
    found, chance = told.found, told.chance
    parts = f"{found.hour_part / found.overall:5.0%}  {found.place_part / found.overall:6.0%}"
    span = f"{chance.low.overall:.3f} to {chance.high.overall:.3f}  < {chance.floor_high.overall:.3f}"
    gaps = sum(gap.minutes_per_week for gap in told.gaps)
    head = f"{kind:10} {len(told.places):6} {len(told.calls):6} {found.overall:7.3f}"
    return f"{head}  {span}    {parts}  {gaps:12,.0f}  {seconds:7.1f}"


def tell(planned: Moves) -> None:
    """Print moves, and what they change."""
    look, change = planned.outlook, planned.outlook.change_min
    print(f"  {len(planned.moves)} moves, {planned.people} officers, {planned.moved_h:.0f} h a week;", end=" ")
    print(f"gap of the choice {planned.proof.gap:.1%};", end=" ")
    print(f"response {look.response_min[0]:.2f} to {look.response_min[1]:.2f} min by closed forms,", end=" ")
    print(f"simulated {change.mean:+.2f} ({change.low:+.2f} to {change.high:+.2f});", end=" ")
    print(f"index then {look.mismatch[1].overall:.3f}")
    for move in planned.moves:
        print(f"    {move.crews} x {move.rule}: {move.before.id} to {move.after.id}, {move.origin.en} to {move.target.en}")


if __name__ == "__main__":
    main("--moves" in sys.argv)
