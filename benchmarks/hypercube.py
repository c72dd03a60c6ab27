"""The exact hypercube against sparse elimination and plain Gauss-Seidel sweeps, and the approximation against the exact one.

Cities are random: 71 atoms and the crews anywhere in a square, the nearest crew preferred, crews busy half of their time, calls
that find nobody wait. All solve the same balance equations, to an error of 1e-6 summed over all states. ``LU`` is the time of
scipy's sparse solver alone, its matrix given; ``Gauss-Seidel`` is the usual program, compiled: states in numeric order, each
walking the list of every atom to the first free crew, without acceleration, stopped by the rule by which ours stops. Seconds are
of one thread's CPU, after compilation.

Run with ``uv run python -m benchmarks.hypercube``; ``--large`` adds 24 crews and ``--largest`` 26; ``--docs`` also writes the
tables and the figure of the documentation.
"""

from __future__ import annotations

import math
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import coo_array, csc_array
from scipy.sparse.linalg import spsolve

from qinwu.queueing.cube import HypercubeResult, hypercube
from qinwu.report.figures.scale import WAIT, WORK
from qinwu.report.figures.svg import attribute, tag, words

F64 = NDArray[np.float64]
T = TypeVar("T")
PAGE = Path(__file__).parents[1] / "docs" / "background" / "hypercube.md"
FIGURE = PAGE.with_name("hypercube-time.svg")
BEGIN, END = "<!-- figures: written by benchmarks/hypercube.py --docs -->", "<!-- end of figures -->"

ATOMS, LOAD, TOLERANCE, TIGHT = 71, 0.5, 1e-6, 1e-12
CREWS, LARGE, LARGEST = (8, 10, 12, 13, 15, 18, 20, 22), (24,), (26,)
MOST_LU, MOST_SEIDEL, MOST_TIGHT = 13, 20, 24
MANY = 300
CAUTION, SPAN = 16.0, 3
CITIES, LOADS = 12, (0.2, 0.3, 0.5, 0.7, 0.9)
ERROR_CREWS = 12


class City(NamedTuple):
    """Calls by atom, preference lists, and travel of each crew to each atom; crews finish one call per unit of time."""

    rates: F64
    lists: NDArray[np.int64]
    travel: F64

    @classmethod
    def random(cls, crews: int, load: float = LOAD, seed: int = 0) -> City:
        """Return a city of `ATOMS` atoms whose calls take `load` of all crews."""
        rng = np.random.default_rng(seed)
        atom, crew = rng.random((ATOMS, 2)), rng.random((crews, 2))
        far = np.abs(atom[:, None] - crew[None]).sum(axis=-1)
        weight = rng.random(ATOMS)
        return cls(weight / weight.sum() * load * crews, np.argsort(far, axis=1), far.T)

    @property
    def service(self) -> F64:
        """Return the service rates."""
        return np.ones(len(self.travel))

    def solved(self, **more: Any) -> HypercubeResult:
        """Return what the library answers."""
        return hypercube(self.rates, self.lists, self.service, self.travel, **({"tol": TOLERANCE} | more))

    def borrowed(self, result: HypercubeResult) -> float:
        """Return the share of calls that the nearest crew does not answer."""
        return result.inter_beat_share(self.lists[:, 0])


@dataclass(frozen=True, slots=True)
class Row:
    """One number of crews: seconds and sweeps of each solver, errors of workloads; None where one was not run."""

    crews: int
    ours: float | None = None
    sweeps: int = 0
    megabytes: float = 0.0
    error: float | None = None
    against: str = ""
    seidel: float | None = None
    seidel_sweeps: int = 0
    lu: float | None = None
    near: float = 0.0
    workload_error: float | None = None
    travel_error: float | None = None


def main() -> None:
    """Print the tables, and write them where asked."""
    sizes = [*CREWS, *(LARGE if {"--large", "--largest"} & set(sys.argv) else ()), *(LARGEST if "--largest" in sys.argv else ())]
    warm_up()
    # Ours first, so that peak memory is ours.
    rows = [compared(row) for row in [ours(crews) for crews in sizes]]
    rows.append(Row(MANY, near=approximation_seconds(City.random(MANY))))
    text = f"{table(SOLVERS, rows)}\n\n{table(APPROXIMATION, rows)}\n\n{error_table()}"
    print(text)
    if "--docs" in sys.argv:
        before, rest = PAGE.read_text("utf-8").split(BEGIN)
        PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.split(END)[1]}", "utf-8")
        FIGURE.write_text(figure(rows) + "\n", "utf-8")


def warm_up() -> None:
    """Compile everything that is timed."""
    city = City.random(8)
    city.solved()
    city.solved(method="approximate")
    gauss_seidel(city)
    spsolve(*equations(city))


def ours(crews: int) -> Row:
    """Return seconds, sweeps and peak memory of the library."""
    city = City.random(crews)
    result, seconds = timed(city.solved, repeats=20 if crews < 18 else 3 if crews < 24 else 1)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0
    return Row(crews, ours=seconds, sweeps=result.iterations, megabytes=peak)


def compared(row: Row) -> Row:
    """Return the row with the other solvers, the errors, and the approximation."""
    city = City.random(row.crews)
    result, best, against = city.solved(), None, ""
    if row.crews <= MOST_LU:
        others, seconds = timed(lambda: spsolve(*equations(city)), repeats=1)
        _, building = timed(lambda: equations(city), repeats=1)
        best, against = busy_with_a_line(city, np.append(1.0, others)), "LU"
        row = replace(row, lu=seconds - building)
    elif row.crews <= MOST_TIGHT:
        best, against = city.solved(tol=TIGHT).workload, f"ours at {TIGHT:g}"
    if row.crews <= MOST_SEIDEL:
        (states, sweeps), seconds = timed(lambda: gauss_seidel(city), repeats=3 if row.crews < 15 else 1)
        if np.abs(busy_with_a_line(city, states) - result.workload).max() > 2.0 * TOLERANCE:
            raise SystemExit(f"{row.crews} crews: two solvers do not agree: the figures would mean nothing")
        row = replace(row, seidel=seconds, seidel_sweeps=sweeps)
    near = city.solved(method="approximate")
    return replace(
        row,
        error=None if best is None else float(np.abs(result.workload - best).max()),
        against=against,
        near=approximation_seconds(city),
        workload_error=workload_error(near, result),
        travel_error=near.mean_travel / result.mean_travel - 1.0,
    )


def approximation_seconds(city: City) -> float:
    """Return the seconds of one approximate solution, the mean of a hundred."""
    return timed(lambda: [city.solved(method="approximate") for _ in range(100)], repeats=3)[1] / 100.0


def workload_error(near: HypercubeResult, exact: HypercubeResult) -> float:
    """Return the mean error of workloads, relative to their mean."""
    return float(np.abs(near.workload - exact.workload).mean() / exact.workload.mean())


def timed(work: Callable[[], T], repeats: int) -> tuple[T, float]:
    """Return what `work` returns, and its seconds of CPU, the best of `repeats`."""
    seconds = []
    for _ in range(repeats):
        start = time.process_time()
        result = work()
        seconds.append(time.process_time() - start)
    return result, min(seconds)


# What the library is compared with.


def _sweep(states: F64, rates: F64, lists: NDArray[np.int64], service: F64, inflow: F64) -> float:
    """Update every state in numeric order, walking every list; return the sum of changes relative to that of states."""
    crews, full, total = len(service), len(states) - 1, rates.sum()
    inflow[:] = 0.0
    change = whole = 0.0
    for state in range(len(states)):
        flow, leaving = inflow[state], 0.0 if state == full else total
        for crew in range(crews):
            if state >> crew & 1:
                leaving += service[crew]
            else:
                flow += service[crew] * states[state | 1 << crew]
        value = flow / leaving
        change += abs(value - states[state])
        whole += value
        states[state] = value
        if state != full:
            for atom in range(len(rates)):
                place = 0
                while state >> lists[atom, place] & 1:
                    place += 1
                inflow[state | 1 << lists[atom, place]] += rates[atom] * value
    return change / whole


sweep = njit(cache=True)(_sweep)


def gauss_seidel(city: City) -> tuple[F64, int]:
    """Return the states without a line, and how many sweeps it took."""
    crews = len(city.travel)
    number = (np.arange(1 << crews)[:, None] >> np.arange(crews) & 1).sum(axis=1)
    layer = np.array([city.rates.sum() ** n / math.factorial(n) / math.comb(crews, n) for n in range(crews + 1)])
    states = layer[number] / layer[number].sum()
    inflow = np.empty_like(states)
    changes: list[float] = []
    while True:
        changes.append(sweep(states, city.rates, city.lists, city.service, inflow))
        if len(changes) > SPAN + 1:
            factor = max((changes[-1] / changes[-1 - SPAN]) ** (1.0 / SPAN), changes[-1] / changes[-2])
            if CAUTION * changes[-1] * factor <= TOLERANCE * (1.0 - min(factor, 0.9999)):
                return states / states.sum(), len(changes)


def _arrivals(rates: F64, lists: NDArray[np.int64], crews: int) -> F64:
    """Return (2^N, N) the rate of calls to each crew by state."""
    table = np.zeros((1 << crews, crews))
    for state in range((1 << crews) - 1):
        for atom in range(len(rates)):
            place = 0
            while state >> lists[atom, place] & 1:
                place += 1
            table[state, lists[atom, place]] += rates[atom]
    return table


arrivals = njit(cache=True)(_arrivals)


def equations(city: City) -> tuple[csc_array, F64]:
    """Return the balance equations of all states but the empty one, whose probability is taken as one."""
    crews = len(city.travel)
    table: F64 = arrivals(city.rates, city.lists, crews)
    state, crew = np.nonzero(table)
    done, doer = np.nonzero(np.arange(1 << crews)[:, None] >> np.arange(crews) & 1)
    source, goal = np.append(state, done), np.append(state | 1 << crew, done ^ 1 << doer)
    rate = np.append(table[state, crew], city.service[doer])
    leaving = np.bincount(source, rate, 1 << crews)
    every = np.arange(1 << crews)
    whole = coo_array((np.append(rate, -leaving), (np.append(goal, every), np.append(source, every)))).tocsc()
    return whole[1:, 1:], -whole[1:, [0]].toarray()[:, 0]


def busy_with_a_line(city: City, states: F64) -> F64:
    """Return the workloads with a line, from states of any scale without one."""
    crews = len(city.travel)
    ratio = city.rates.sum() / city.service.sum()
    weight = states.copy()
    weight[-1] /= 1.0 - ratio
    weight /= weight.sum()
    number = np.arange(len(states))
    return np.array([weight[number >> crew & 1 == 1].sum() for crew in range(crews)])


# Tables and figure.

Column = tuple[str, Callable[[Row], str]]


def significant(value: float | None, digits: int = 2) -> str:
    """Return a number to so many significant digits, without an exponent; a dash for none.

    >>> significant(0.012345), significant(1234.5), significant(None)
    ('0.012', '1,200', '–')
    """
    if value is None:
        return "–"
    places = digits - 1 - math.floor(math.log10(abs(value))) if value else 0
    return f"{round(value, places):,.{max(places, 0)}f}"


def ratio(part: float | None, row: Row) -> str:
    """Return how many times as long as ours something takes."""
    return "–" if part is None or not row.ours else f"{significant(part / row.ours)}×"


def per_cent(value: float | None) -> str:
    """Return a share as per cent."""
    return "–" if value is None else f"{100 * value:+.2f} %"


SOLVERS: tuple[Column, ...] = (
    ("crews", lambda row: f"{row.crews}"),
    ("exact, s", lambda row: significant(row.ours)),
    ("sweeps", lambda row: f"{row.sweeps}"),
    ("peak memory, MB", lambda row: f"{row.megabytes:,.0f}"),
    ("Gauss–Seidel", lambda row: ratio(row.seidel, row)),
    ("its sweeps", lambda row: f"{row.seidel_sweeps}" if row.seidel else "–"),
    ("sparse LU", lambda row: ratio(row.lu, row)),
    ("largest error of a workload", lambda row: "–" if row.error is None else f"{row.error:.0e} ({row.against})"),
)
APPROXIMATION: tuple[Column, ...] = (
    ("crews", lambda row: f"{row.crews}"),
    ("approximate, ms", lambda row: significant(1000.0 * row.near)),
    ("mean error of workloads", lambda row: per_cent(row.workload_error).lstrip("+")),
    ("error of mean travel", lambda row: per_cent(row.travel_error)),
)


def table(columns: Sequence[Column], rows: Iterable[Row]) -> str:
    """Return the rows that have something to say in these columns, as Markdown."""
    said = [[cell(row) for _, cell in columns] for row in rows if columns is not SOLVERS or row.ours]
    return markdown([name for name, _ in columns], said)


def markdown(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [list(names), ["---:"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def error_table() -> str:
    """Return the approximation's errors over many cities: means, and the worst city."""
    rows = []
    for line in ("infinite", "zero"):
        for load in LOADS:
            found = np.array([errors(City.random(ERROR_CREWS, load, seed), line) for seed in range(CITIES)])
            mean, worst = found.mean(axis=0), np.abs(found).max(axis=0)
            work, travel, borrowed = (f"{100 * m:+.2f} ({100 * w:.2f})" for m, w in zip(mean, worst, strict=True))
            rows.append([line, f"{load:g}", work.lstrip("+"), travel, borrowed])
    return markdown(["line", "load", "workloads, %", "mean travel, %", "out of beat, points"], rows)


def errors(city: City, line: str) -> tuple[float, float, float]:
    """Return the approximation's errors of workloads, mean travel, and the share of calls out of their beat."""
    exact, near = city.solved(line=line), city.solved(line=line, method="approximate")
    borrowed = city.borrowed(near) - city.borrowed(exact)
    return workload_error(near, exact), near.mean_travel / exact.mean_travel - 1.0, borrowed


WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640.0, 360.0, 64.0, 110.0, 16.0, 40.0
INK, GRID = "#44403a", "#e3dfd6"


def figure(rows: Sequence[Row]) -> str:
    """Return seconds by number of crews, on a logarithmic axis, one line for each solver."""
    rows = [row for row in rows if row.ours]
    lines = {
        "exact": ([(row.crews, row.ours) for row in rows if row.ours], WORK[0], 2.5),
        "Gauss–Seidel": ([(row.crews, row.seidel) for row in rows if row.seidel], WAIT[3], 1.5),
        "sparse LU": ([(row.crews, row.lu) for row in rows if row.lu], WAIT[5], 1.5),
        "approximate": ([(row.crews, row.near) for row in rows], WORK[1], 1.5),
    }
    every = [seconds for points, _, _ in lines.values() for _, seconds in points]
    low, high = math.floor(math.log10(min(every))), math.ceil(math.log10(max(every)))
    first, last = rows[0].crews, rows[-1].crews

    def at(crews: float, seconds: float) -> tuple[float, float]:
        across = (crews - first) / (last - first)
        up = (math.log10(seconds) - low) / (high - low)
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)

    def axes() -> Iterator[str]:
        for power in range(low, high + 1):
            x, y = at(first, 10.0**power)
            yield tag("line", x1=x, x2=WIDTH - RIGHT, y1=y, y2=y, stroke=GRID)
            yield words(f"{10.0**power:g} s", x=x - 8, y=y + 4, text_anchor="end", fill=INK)
        for crews in sorted({row.crews for row in rows}):
            x, y = at(crews, 10.0**low)
            yield words(f"{crews}", x=x, y=y + 18, text_anchor="middle", fill=INK)
        yield words("crews", x=WIDTH - RIGHT + 14, y=HEIGHT - BOTTOM + 18, fill=INK)

    def drawn(name: str, points: Sequence[tuple[int, float]], colour: str, width: float) -> str:
        places = [at(*point) for point in points]
        path = "M" + "L".join(f"{attribute(round(x, 1))} {attribute(round(y, 1))}" for x, y in places)
        dots = "".join(tag("circle", cx=x, cy=y, r=width + 0.5, fill=colour) for x, y in places)
        x, y = places[-1]
        line = tag("path", d=path, fill="none", stroke=colour, stroke_width=width, stroke_linejoin="round")
        return line + dots + words(name, x=x + 8, y=y + 4, fill=colour)

    return tag(
        "svg",
        tag("title", "Seconds for one solution by number of crews"),
        tag("rect", width=WIDTH, height=HEIGHT, fill="#ffffff"),
        *axes(),
        *(drawn(name, points, colour, width) for name, (points, colour, width) in lines.items() if points),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        role="img",
        font_family="system-ui, sans-serif",
        font_size=12,
    )


if __name__ == "__main__":
    main()
