"""Building: a claim from its row, with everything that is wrong with its figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from qinwu.findings import Finding, Place, QinwuError, did_you_mean
from qinwu.judge.claims.claim import Claim, Source, Try
from qinwu.judge.claims.document import ClaimTable, TrialTable, Written
from qinwu.judge.claims.figures import Figure, change_fits, parse_figure
from qinwu.language import N_
from qinwu.simulate.outcome import catalogue

PlaceOf = Callable[[str], Place]
"""Where a key of the row stands in its file."""

EXAMPLES = "963, 48.5%, -69%, +40.5 points, 下降69%"
_FIGURES = ("value", "before", "change")
_SAME_NAME = (
    "id", "name", "text", "kind", "unit", "period", "before_period", "place", "months", "years", "comparator", "assignment",
    "recording_rule", "mechanisms", "part_of", "about", "wording", "quote", "decided", "yardstick",
)  # fmt: skip


def build(row: ClaimTable, place_of: PlaceOf) -> tuple[Claim | None, list[Finding]]:
    """Return the claim of a row, None where a figure is none, and what is wrong with it.

    Parameters
    ----------
    row
        The claim as written.
    place_of
        Where a key of it stands.
    """
    found: list[Finding] = []
    figures = {key: _figure(row, key, place_of, found) for key in _FIGURES}
    rounding = _figure(row, "rounding", place_of, found)
    if rounding is not None and figures["change"] is not None:
        figures["change"] = replace(figures["change"], step=abs(rounding.value))
    found += _figure_findings(row, figures, place_of)
    found += _trial_findings(row.trial, place_of)
    if any(one.severity == "error" for one in found):
        return None, found
    source = Source(row.source.text, row.source.kind, row.source.mark)
    same: dict[str, Any] = {name: getattr(row, name) for name in _SAME_NAME} | figures
    trial = None if row.trial is None else Try(**{each.name: getattr(row.trial, each.name) for each in fields(Try)})
    claim = Claim(**same, source=source, trial=trial)
    impossible = list(_base_findings(claim, place_of))
    return (None if impossible else claim), [*found, *impossible]


def _base_findings(claim: Claim, place_of: PlaceOf) -> Iterator[Finding]:
    """Yield an error where no figure before can have changed so."""
    try:
        base = claim.base
    except QinwuError as error:
        yield from (replace(one, place=place_of("change")) for one in error.findings)
        return
    most = 1.0 if claim.kind == "share" else math.inf
    if base is not None and claim.base_implied and (base.high < 0.0 or base.low > most):
        message = N_("The figure before would have been {base}, which cannot be.")
        remedy = N_("Compare figure and change with the source; per cent and percentage points are different things.")
        values = {"base": f"{base.value:.1%}" if claim.kind == "share" else f"{base.value:g}"}
        yield Finding("impossible-base", "error", message, remedy, place_of("change"), values)


def _figure(row: ClaimTable, key: str, place_of: PlaceOf, found: list[Finding]) -> Figure | None:
    """Return one figure of a row; counts are exact as they stand."""
    written: Written = getattr(row, key)
    if written == "":
        return None
    figure = parse_figure(written)
    if figure is None:
        message, remedy = N_("{value} is not a figure."), N_("Write it as in: {examples}.")
        values = {"value": str(written), "examples": EXAMPLES}
        found.append(Finding("no-figure", "error", message, remedy, place_of(key), values))
        return None
    exact = key != "change" and row.kind == "count" and figure.step == 1.0
    return figure.exact() if exact else figure


def _figure_findings(row: ClaimTable, figures: dict[str, Figure | None], place_of: PlaceOf) -> Iterator[Finding]:
    change = figures["change"]
    if change is not None and change.written == "number":
        message = N_("The change {value} has neither % nor points.")
        remedy = N_("Write it as -69% for a relative change, +40.5 points for a difference of shares.")
        yield Finding("change-without-unit", "error", message, remedy, place_of("change"), {"value": str(row.change)})
    if change is not None and change.written == "share" and change.value < -1.0:
        message, remedy = N_("Nothing can fall by more than all: {value}."), N_("Correct the change.")
        yield Finding("fall-below-nothing", "error", message, remedy, place_of("change"), {"value": str(row.change)})
    if change is not None and change.written == "points" and row.kind != "share":
        message, remedy = N_("A change in points is for shares only, not for {kind}."), N_("Write the change in %.")
        yield Finding("points-without-share", "error", message, remedy, place_of("change"), {"kind": row.kind})
    for key in ("value", "before"):
        figure = figures[key]
        if figure is not None and figure.value < 0:
            message, remedy = N_("{value} is negative."), N_("Give the figure itself here, and its fall as change.")
            yield Finding("negative-figure", "error", message, remedy, place_of(key), {"value": str(getattr(row, key))})
        if figure is not None and row.kind == "share":
            yield from _share_findings(figure, str(getattr(row, key)), place_of(key))
        if figure is not None and figure.written != "number" and row.kind in ("count", "time", "rank"):
            message, remedy = N_("{value} is a share, not a {kind}."), N_("Write a plain number, or set kind to share.")
            yield Finding(
                "wrong-kind", "error", message, remedy, place_of(key), {"value": str(getattr(row, key)), "kind": row.kind}
            )
    value, before = figures["value"], figures["before"]
    if value is not None and before is not None and change is not None:
        yield from _sum_findings(value, before, change, place_of)


def _share_findings(figure: Figure, written: str, place: Place) -> Iterator[Finding]:
    if figure.written != "share":
        message, remedy = N_("The share {value} has no %."), N_("Write it as 48.5%.")
        yield Finding("share-without-percent", "error", message, remedy, place, {"value": written})
    elif figure.low > 1.0:
        message, remedy = N_("A share of {value} is more than everything."), N_("Correct it, or set kind to ratio.")
        yield Finding("share-above-all", "error", message, remedy, place, {"value": written})


def _sum_findings(value: Figure, before: Figure, change: Figure, place_of: PlaceOf) -> Iterator[Finding]:
    """Yield a warning where figure, figure before and change do not fit each other within their rounding."""
    if not change_fits(value, before, change):
        message = N_("From {before} to {value} is not a change of {change}.")
        remedy = N_("Compare all three with the source; per cent and percentage points are different things.")
        values = {"before": f"{before.value:g}", "value": f"{value.value:g}", "change": f"{change.value:+.1%}"}
        yield Finding("change-does-not-fit", "warning", message, remedy, place_of("change"), values)


def _trial_findings(trial: TrialTable | None, place_of: PlaceOf) -> Iterator[Finding]:
    if trial is None:
        return
    from qinwu.station.sample.recipe import RECIPES

    yield from _unknown([trial.sample], RECIPES, N_("There is no sample {value}."), place_of("trial.sample"))
    systems = next((recipe.systems for kind, recipe in RECIPES.items() if kind == trial.sample), ())
    for key in ("before", "after") if systems else ():
        message = N_("The sample has no duty system {value}.")
        yield from _unknown([str(getattr(trial, key))], systems, message, place_of(f"trial.{key}"))
    yield from _unknown(trial.measures, catalogue(), N_("There is no measure {value}."), place_of("trial.measures"))


def _unknown(names: Iterable[str], known: Iterable[str], message: str, place: Place) -> Iterator[Finding]:
    listed = sorted(known)
    for name in names:
        if name not in listed:
            guess = did_you_mean(name, listed)
            remedy = N_("Did you mean {guess}?") if guess else N_("Known: {known}.")
            values = {"value": name, "guess": guess, "known": ", ".join(listed)}
            yield Finding("unknown-name", "error", message, remedy, place, values)


def reference_findings(names: Sequence[str], known: Iterable[str], place: Place) -> Iterator[Finding]:
    """Yield an error for every name that is no claim of the file."""
    yield from _unknown([name for name in names if name], known, N_("There is no claim {value} in this file."), place)
