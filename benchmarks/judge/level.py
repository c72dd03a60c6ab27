"""How often each test sees a reform where there was none: placebo places and starts drawn from public records.

    python -m benchmarks.judge.level [--draws 2000] [--seed 1]

A place and a start are drawn at random from a record without a reform; every test is made at a nominal 5 %. The WDD with one
control place, made for equal times, uses as many months before as after. With several places treated the tests that take long,
rank and errors by place, are made on the first 300 draws.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from benchmarks.judge.public import portland, san_antonio, st_louis, unbroken
from qinwu.judge.evaluate import ratio, wdd
from qinwu.judge.evaluate.breaks import find_breaks
from qinwu.judge.evaluate.design import Design
from qinwu.judge.evaluate.estimate import ALPHA
from qinwu.judge.evaluate.panel import Panel
from qinwu.judge.evaluate.placebo import in_space
from qinwu.judge.evaluate.regressions import clustered

TESTS = {
    "decides": "the test that decides: Poisson ratio, drift and error from untreated places",
    "drift": "the same, error not calibrated by placebos",
    "places": "placebo in space (rank)",
    "wdd": "WDD, spread measured on untreated places",
    "clustered": "Poisson, errors clustered by place",
    "wdd_one": "WDD, one control place, Poisson",
    "before_after": "before and after, Poisson",
}


class Setting(NamedTuple):
    """One way to draw: record, treated places, months before and after."""

    record: str
    places: int
    before: int
    after: int


SETTINGS = (
    Setting("St. Louis", 1, 24, 12),
    Setting("St. Louis", 1, 12, 12),
    Setting("St. Louis", 1, 36, 12),
    Setting("St. Louis", 3, 24, 12),
    Setting("St. Louis", 5, 24, 6),
    Setting("St. Louis, part 1", 1, 12, 12),
    Setting("St. Louis, part 1", 1, 24, 12),
    Setting("St. Louis, part 1", 3, 24, 12),
    Setting("St. Louis, 12 places", 1, 24, 12),
    Setting("St. Louis, 12 places", 2, 24, 12),
    Setting("Portland", 1, 24, 12),
    Setting("Portland", 3, 24, 12),
    Setting("San Antonio", 1, 12, 12),
    Setting("San Antonio", 3, 12, 12),
)
HEADLINE = SETTINGS[0]


def records() -> dict[str, Panel]:
    """Return the public records."""
    whole = st_louis("nhood")
    found = {"St. Louis": whole, "St. Louis, 12 places": whole, "St. Louis, part 1": st_louis("nhood", part_1=True)}
    return found | {"Portland": portland(), "San Antonio": unbroken(san_antonio())}


def drawn(panel: Panel, setting: Setting, rng: np.random.Generator) -> Design:
    """Return a design with places and a start drawn at random."""
    start = int(rng.integers(setting.before, panel.periods - setting.after + 1))
    part = panel.between(start - setting.before, start + setting.after)
    some = 12 if "12 places" in setting.record else len(panel.units)
    rows = rng.permutation(len(panel.units))[:some]
    return Design(part, rows[: setting.places], np.sort(rows[setting.places :]), np.array([], dtype=np.int64), setting.before)


def tested(design: Design, rng: np.random.Generator, *, dear: bool) -> dict[str, float]:
    """Return p of every test; the dear ones only where asked for."""
    from scipy.special import ndtr

    totals = design.totals(design.start - design.after)
    own = totals.of(design.treated).summed()
    other = totals.of(rng.choice(design.control, design.treated.size, replace=False)).summed()
    one = wdd.weighted_difference(*((float(each.before[0]), float(each.after[0])) for each in (own, other)))
    cheap = {
        "decides": ratio.estimate(design).p,
        "drift": float(ratio.p_values(ratio.plain(design, design.treated, design.totals()))[0]),
        "wdd": wdd.estimate(design, overdispersed=True).p,
        "wdd_one": float(2.0 * ndtr(-abs(one.z))),
        "before_after": ratio.naive(design).p,
    }
    return cheap | ({"places": in_space(design, int(rng.integers(2**31))).p, "clustered": clustered(design).p} if dear else {})


def rates(panel: Panel, setting: Setting, draws: int, seed: int, *, dear: bool = True) -> dict[str, float]:
    """Return the share of draws in which each test saw a difference; without the `dear` ones it takes seconds."""
    rng = np.random.default_rng(seed)
    most = 0 if not dear else draws if setting.places == 1 else 300
    found = [tested(drawn(panel, setting, rng), rng, dear=number < most) for number in range(draws)]
    shares = {name: [p[name] <= ALPHA for p in found if name in p and np.isfinite(p[name])] for name in TESTS}
    return {name: float(np.mean(each)) if each else float("nan") for name, each in shares.items()}


def every(panel: Panel, before: int, after: int) -> tuple[float, int]:
    """Return the share of all places and all starts, one treated, in which the test that decides saw a difference; and how many."""
    found = []
    for start in range(before, panel.periods - after + 1):
        part = panel.between(start - before, start + after)
        nobody = np.array([], dtype=np.int64)
        whole = Design(part, nobody, nobody, nobody, before)
        found += [ratio.estimate(whole.treating([at], np.arange(len(part.units)))).p <= ALPHA for at in range(len(part.units))]
    return float(np.mean(found)), len(found)


def table(draws: int, seed: int) -> Iterator[str]:
    """Yield the rows of the table."""
    panels = records()
    yield f"| record | treated | months before, after | {' | '.join(TESTS.values())} |"
    yield f"|---|---|---|{'---|' * len(TESTS)}"
    for setting in SETTINGS:
        found = rates(panels[setting.record], setting, draws, seed)
        cells = (f"{found[name]:.1%}" if np.isfinite(found[name]) else "–" for name in TESTS)
        yield f"| {setting.record} | {setting.places} | {setting.before}, {setting.after} | {' | '.join(cells)} |"


def _when(name: str, panel: Panel, at: int) -> str:
    """Return the period of a break; its number where months are missing."""
    return str(at + 1) if "San Antonio" in name else panel.label(at)


def main() -> None:
    """Print the table, the level on every place and start, and the breaks of each record."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--draws", type=int, default=2000)
    asked.add_argument("--seed", type=int, default=1)
    given = asked.parse_args()
    print(f"Share of {given.draws} placebo draws called a difference at a nominal 5 % (seed {given.seed})\n")
    for line in table(given.draws, given.seed):
        print(line, flush=True)
    print("\nThe test that decides, on every place and every start, one place treated:")
    for name, panel in records().items():
        if "12 places" not in name:
            before = 12 if name == "San Antonio" else 24
            share, count = every(panel, before, 12)
            print(f"{name}, {before} months before, 12 after: {share:.2%} of {count:,}", flush=True)
    print()
    share, count = every(san_antonio(), 12, 12)
    print(f"San Antonio, the break of its districts ignored: {share:.2%} of {count:,}\n")
    for name, panel in (
        ("St. Louis by district", st_louis("district")),
        ("St. Louis by neighbourhood", st_louis("nhood")),
        ("Portland", portland()),
        ("San Antonio, recorded month number", san_antonio()),
    ):
        told = [
            f"{_when(name, panel, each.at)}: gone {each.gone}, new {each.new}, {each.moved:.0%} moved"
            for each in find_breaks(panel)
        ]
        print(f"{name}: {'; '.join(told) or 'no break'}")


if __name__ == "__main__":
    main()
