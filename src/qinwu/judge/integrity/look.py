"""Look: one comparison that a screen makes, its strength, and whether it stands after all comparisons of the run are counted."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from qinwu.judge.integrity.record import F64
from qinwu.language import N_, Language, translate

Form = Literal["share", "number", "seconds"]
ALPHA = 0.05
"""False discovery rate of a run: where nothing is wrong, so many runs in a hundred say at most that something is."""
WHOLE = N_("the whole record")


@dataclass(frozen=True, slots=True)
class Look:
    """One comparison.

    Parameters
    ----------
    screen
        Name of the screen that made it.
    unit
        Whose rows; empty for the whole record.
    about
        English catalogue entry: which stamp, share or amount.
    period
        From when, or in which period; empty for all of the time.
    n
        Rows it rests on.
    seen, expected
        The figure, and what it is compared with.
    p
        Chance of so strange a figure, or a stranger one, where nothing is wrong: 0 to 1; nan where chance has no part (sums that do
        not agree).
    material
        Whether the difference is large enough to matter, whatever the chance.
    message
        English catalogue entry; ``{unit}``, ``{about}``, ``{period}``, ``{n}``, ``{seen}`` and ``{expected}`` are filled besides
        `values`.
    form
        How `seen` and `expected` are written.
    values
        What else the message names.
    q
        `p` adjusted for all comparisons of the run (Benjamini & Hochberg 1995, weighted); nan before :func:`adjusted`.
    """

    screen: str
    unit: str
    about: str
    period: str
    n: int
    seen: float
    expected: float
    p: float
    material: bool
    message: str
    form: Form = "share"
    values: Mapping[str, object] = field(default_factory=dict)
    q: float = math.nan

    @property
    def certain(self) -> bool:
        """Whether chance has no part in it."""
        return math.isnan(self.p)

    def stands(self, alpha: float = ALPHA) -> bool:
        """Return whether it is a sign: large enough, and too strange for chance among all comparisons of the run."""
        return self.material and (self.certain or self.q <= alpha)

    @property
    def odds(self) -> float:
        """At most so many times more likely than under chance: 1 / (−e p ln p), Sellke, Bayarri & Berger 2001; 1 for p ≥ 1/e."""
        if self.certain:
            return math.inf
        p = max(self.p, 1e-300)
        return 1.0 if p >= math.exp(-1.0) else 1.0 / (-math.e * p * math.log(p))

    def shown(self, value: float) -> str:
        """Return `seen` or `expected` as text."""
        if not math.isfinite(value):
            return "–"
        if self.form == "share":
            # 99.9 % must not be rounded to 100 %.
            if value == 1.0:
                return "100%"
            return f"{value:.1%}" if value < 0.999 else f"{math.floor(value * 1e4) / 1e2:.2f}%"
        return f"{value:,.0f}" if abs(value) >= 100 or value == round(value) else f"{value:,.2g}"

    def text(self, language: Language) -> str:
        """Return the comparison in words."""
        return translate(self.message, language).format(
            unit=self.unit or translate(WHOLE, language),
            about=translate(self.about, language),
            period=self.period,
            n=f"{self.n:,}",
            seen=self.shown(self.seen),
            expected=self.shown(self.expected),
            **{name: translate(value, language) if isinstance(value, str) else value for name, value in self.values.items()},
        )


def benjamini_hochberg(p: F64) -> F64:
    """Return p-values adjusted so that rejecting at q ≤ α keeps the false discovery rate at α (Benjamini & Hochberg 1995).

    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03, 0.5])).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    from scipy.stats import false_discovery_control

    found: F64 = false_discovery_control(np.clip(p, 0.0, 1.0)) if p.size else p
    return found


def adjusted(groups: Iterable[Sequence[Look]]) -> tuple[Look, ...]:
    """Return the comparisons of one run, each with its `q`.

    Parameters
    ----------
    groups
        The comparisons of each screen on each record. Every group weighs the same, however many units it looks at, so that a
        circular of four rows is not drowned by a hundred beats (weighted: Genovese, Roeder & Wasserman 2006).
    """
    kept = [group for group in groups if group]
    every = [look for group in kept for look in group]
    sizes = [sum(not look.certain for look in group) for group in kept]
    asked, total = sum(size > 0 for size in sizes), sum(sizes)
    chance = [at for at, look in enumerate(every) if not look.certain]
    weights = np.array([asked * size / total for size in sizes for _ in range(size)])
    weighted = np.minimum(np.array([every[at].p for at in chance]) * weights, 1.0)
    for at, q in zip(chance, benjamini_hochberg(weighted), strict=True):
        every[at] = replace(every[at], q=float(q))
    return tuple(every)


def strongest_first(looks: Sequence[Look]) -> Iterator[Look]:
    """Yield comparisons by strength: sums that do not agree, then by chance."""
    yield from sorted(looks, key=lambda look: (not look.certain, look.p if not look.certain else 0.0, -abs(look.seen)))
