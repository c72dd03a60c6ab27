"""The main job, timed: two systems on a hundred paired years of the sample town, and the commands as a user starts them.

Run with ``uv run python -m benchmarks.comparison``. Prints seconds, the ratio of all cores to one, and peak memory.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from qinwu.simulate.engine import Engine, OneProcess, engine_named
from qinwu.simulate.trial import Trial, prepare, run_trial
from qinwu.station.sample import write_sample

YEARS = 100
SYSTEMS = ("one_beat", "three_squads")


def seconds(trial: Trial, years: int, engine: Engine) -> float:
    """Return the wall time of `years` paired replications."""
    start = time.perf_counter()
    run_trial(trial, replications=years, engine=engine)
    return time.perf_counter() - start


def command(*arguments: str) -> float:
    """Return the wall time of one command of the command line, as a new process."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "qinwu.cli", *arguments], check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "town"
        start = time.perf_counter()
        write_sample(folder)
        print(f"write the sample town: {time.perf_counter() - start:.2f} s")
        start = time.perf_counter()
        trial = prepare(folder, SYSTEMS)
        print(f"read it and compile {len(trial.plans)} systems: {time.perf_counter() - start:.2f} s")
        start = time.perf_counter()
        run_trial(trial, replications=1)
        print(f"first replication (compiles the kernel unless cached): {time.perf_counter() - start:.2f} s")
        chosen = engine_named("local", 0, calls=10**9)
        all_cores, one_core = seconds(trial, YEARS, chosen), seconds(trial, YEARS // 10, OneProcess()) * 10
        calls = YEARS * len(trial.plans) * len(trial.station.calls)
        print(f"{len(trial.plans)} systems x {YEARS} years, all cores: {all_cores:.1f} s, {calls / all_cores / 1e6:.2f} M calls/s")
        print(f"the same on one core: {one_core:.1f} s; ratio {one_core / all_cores:.2f}")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        print(f"peak memory, this process and the largest child: {peak / 1024:.0f} MB")
        command("compare", str(folder), "--replications", "10")
        print(
            f"second `qinwu compare`, all systems, 10 replications: {command('compare', str(folder), '--replications', '10'):.2f} s"
        )
        print(f"`qinwu --help`: {min(command('--help') for _ in range(5)):.2f} s")


if __name__ == "__main__":
    main()
