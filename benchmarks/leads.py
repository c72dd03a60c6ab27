"""Leads measured: linked cases beside a plain logistic regression, planted duplicate calls found, and the seconds both take.

    python -m benchmarks.leads

The linked cases are the fictitious ones of the R package crimelinkage (490 crimes of 1993). The offenders file is looked at here
and in one test only, as numbers of series without meaning; the product reads no such column. Seconds are of the processor.
"""

from __future__ import annotations

import tempfile
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.planted_leads import PlantedCalls, plant_calls, plant_cases
from qinwu.forecast.leads.aoristic import DAY_S, HOUR_S
from qinwu.forecast.leads.backtest import BackTest, back_test
from qinwu.forecast.leads.case_leads import link_cases
from qinwu.forecast.leads.cases import F64, I64, Bools, Cases, Labels, all_pairs
from qinwu.forecast.leads.duplicate_model import observed_and_chance, pair_evidence
from qinwu.forecast.leads.duplicates import find_duplicates
from qinwu.forecast.leads.evidence import FEATURES, Evidence
from qinwu.forecast.leads.linking import SURPRISE
from qinwu.forecast.leads.live import OpenCall, duplicates_of
from qinwu.forecast.leads.reading import ReadCalls, ReadCases, read_leads
from qinwu.forecast.leads.scoring import EDGES, area_under_curve, average_precision, hits_at

DATA = Path(__file__).parents[1].parent / "shared" / "data"
CRIMES, OFFENDERS = DATA / "crimelinkage_crimes.csv", DATA / "crimelinkage_offenders.csv"
SAN_ANTONIO = DATA / "san_antonio_calls_2022_2025_partial.parquet"
EARLIER = 0.6
EVEN = 0.5


def public_cases(folder: Path) -> ReadCases:
    """Return the fictitious crimes as the product reads them from a file in `folder`, the series a crime belongs to as numbers."""
    crimes = pl.read_csv(CRIMES, infer_schema=False, null_values="NA")
    owners = pl.read_csv(OFFENDERS).with_columns(pl.col("offenderID").rank("dense").cast(pl.String))
    series = owners.group_by("crimeID").agg(series=pl.col("offenderID").sort().str.join(";"))
    path = folder / "cases.csv"
    crimes.join(series, on="crimeID", how="left", maintain_order="left").write_csv(path)
    read = read_leads(path)
    assert isinstance(read, ReadCases)
    return read


def orders(cases: Cases) -> dict[str, F64]:
    """Return the orders in which the first 60 % of the cases can be meant: by number, by middle or by beginning of the interval."""
    number = np.array([float(name.removeprefix("C:")) for name in cases.ids])
    return {"number of the crime": number, "middle of the interval": cases.middle_s, "beginning": cases.start_s}


def plain_features(cases: Cases, first: I64, second: I64) -> F64:
    """Return what the R package compares: kilometres, days, hours of the day, days of the week, and each method alike or not."""
    km = np.hypot(cases.x_m[first] - cases.x_m[second], cases.y_m[first] - cases.y_m[second]) / 1000.0
    middle = cases.middle_s
    days = np.abs(middle[first] - middle[second]) / DAY_S
    hours = np.abs(middle[first] - middle[second]) / HOUR_S % 24.0
    week = days % 7.0
    words = [dict(word.split("=", 1) for word in each) for each in cases.methods]
    alike = [
        [
            float(words[a].get(name) is not None and words[a].get(name) == words[b].get(name))
            for a, b in zip(first, second, strict=True)
        ]
        for name in ("MO1", "MO2", "MO3")
    ]
    return np.column_stack([km, np.sqrt(days), np.minimum(hours, 24.0 - hours), np.minimum(week, 7.0 - week), *alike])


def plain_regression(cases: Cases, labels: Labels, order: F64) -> tuple[F64, Bools]:
    """Return the scores of a logistic regression of statsmodels on :func:`plain_features`, and what was confirmed."""
    from statsmodels.api import GLM, families

    known = np.flatnonzero(labels.known)
    ordered = known[np.argsort(order[known], kind="stable")]
    cut = int(EARLIER * ordered.size)
    sides = [all_pairs(np.sort(part)) for part in (ordered[:cut], ordered[cut:])]
    (x, truth), (later, confirmed) = ((plain_features(cases, *pair), labels.is_linked(*pair)) for pair in sides)
    fitted = GLM(truth, np.column_stack([np.ones(len(x)), x]), family=families.Binomial()).fit()
    return np.asarray(fitted.predict(np.column_stack([np.ones(len(later)), later]))), confirmed


def figures(linked: Bools, score: F64) -> str:
    """Return AUC, average precision, precision at 50 and recall at 200 in words."""
    hits = hits_at(linked, score, 200)
    precision, recall = hits[49] / 50, hits[199] / linked.sum()
    ranked = f"AUC {area_under_curve(linked, score):.3f}  AP {average_precision(linked, score):.3f}"
    return f"{ranked}  precision at 50 {precision:.2f}  recall at 200 {recall:.2f}"


def linked_cases() -> None:
    """Print how well linked cases are found, beside peers, for each meaning of the first 60 %."""
    with tempfile.TemporaryDirectory() as folder:
        read = public_cases(Path(folder))
    cases, labels = read.cases, Labels.of(read.series)
    evidence = Evidence.of(cases)
    print(f"{len(cases)} crimes, {int(labels.known.sum())} with a known outcome, {len(labels.linked)} linked pairs")
    for name, order in orders(cases).items():
        test = back_test(evidence, labels, order)
        assert test is not None
        score, confirmed = plain_regression(cases, labels, order)
        untaught = SURPRISE.log_odds(evidence.between(test.first, test.second))
        print(f"\nordered by {name}: {test.pairs} later pairs, {int(test.linked.sum())} linked, by lot {test.base_rate:.2%}")
        print("  qinwu                     ", figures(test.linked, test.log_odds))
        print("  plain logistic regression ", figures(confirmed, score))
        print("  qinwu, nothing confirmed  ", figures(test.linked, untaught))
        _print_learnt(test)


def _print_learnt(test: BackTest) -> None:
    weights = "  ".join(f"{name} {weight:.2f}" for name, weight in zip(FEATURES, test.linking.monotone.weights, strict=True))
    print("  weights:", weights)
    for each in test.calibration:
        print(f"  said {each.said:6.1%}  true {each.true:6.1%}  ({each.low:.1%} to {each.high:.1%})  {each.pairs} pairs")


def found_duplicates(planted: PlantedCalls) -> tuple[float, float, float, float, int]:
    """Return precision and recall of pairs at even odds, of incidents tied together, and how many repeats there are."""
    calls, incident = planted.calls, planted.incident
    found = find_duplicates(calls)
    close, _ = observed_and_chance(calls)
    said = found.model.probability(pair_evidence(found.model, calls, close))
    true = incident[close.first] == incident[close.second]
    size = np.bincount(incident)
    every = int((size * (size - 1) // 2).sum())
    named = said >= EVEN
    tied = [np.bincount(incident[list(each.calls)]) for each in found.incidents]
    right = sum(int((count * (count - 1) // 2).sum()) for count in tied)
    pairs = sum(int(count.sum() * (count.sum() - 1) // 2) for count in tied)
    return (
        float(true[named].mean()),
        float(true[named].sum() / every),
        right / pairs,
        right / every,
        len(calls) - int((size > 0).sum()),
    )


def planted_calls() -> None:
    """Print how many planted duplicates are found, how probabilities compare with the truth, and the seconds."""
    print("\nplanted duplicate calls (pairs at even odds; incidents tied together)")
    for incidents, days in ((4_000, 60), (20_000, 60), (95_000, 180)):
        planted = plant_calls(incidents, days, seed=3)
        begun = time.process_time()
        precision, recall, tied_precision, tied_recall, repeats = found_duplicates(planted)
        seconds = time.process_time() - begun
        print(
            f"  {len(planted.calls):7,} calls of which {repeats:,} repeats: precision {precision:.3f} recall {recall:.3f};"
            f" tied {tied_precision:.3f} {tied_recall:.3f}; {seconds:.1f} s"
        )
    planted = plant_calls(20_000, 60, seed=3)
    model = find_duplicates(planted.calls).model
    close, _ = observed_and_chance(planted.calls)
    said = model.probability(pair_evidence(model, planted.calls, close))
    true = planted.incident[close.first] == planted.incident[close.second]
    for low, high in pairwise(EDGES):
        inside = (said >= low) & (said < high)
        print(f"  said {said[inside].mean():6.1%}  true {true[inside].mean():6.1%}  {int(inside.sum())} pairs")
    calls = planted.calls
    board = [
        OpenCall(calls.ids[at], calls.received_s[at], calls.x_m[at], calls.y_m[at], calls.kinds[at]) for at in range(1000, 1100)
    ]
    begun = time.process_time()
    for _ in range(100):
        duplicates_of(board[-1], board[:-1], model)
    print(f"  one new call against 99 open ones: {10.0 * (time.process_time() - begun):.2f} ms")


def real_calls() -> None:
    """Print what is found among the San Antonio calls of 2025."""
    table = pl.read_parquet(SAN_ANTONIO).filter(pl.col("received").dt.year() == 2025).sort("received").head(100_000)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "calls.parquet"
        table.write_parquet(path)
        read = read_leads(path)
    assert isinstance(read, ReadCalls)
    begun = time.process_time()
    found = find_duplicates(read.calls)
    seconds = time.process_time() - begun
    print(f"\nSan Antonio 2025: {len(read.calls):,} calls, {found.close:,} close pairs, {found.expected:,.0f} more than chance;")
    print(f"  {found.repeated:,} repeats in {len(found.incidents):,} incidents; {seconds:.1f} s; later days:")
    for each in found.check:
        print(f"  said {each.said:6.1%}  beyond chance {each.true:6.1%}  ({each.low:.1%} to {each.high:.1%})  {each.pairs} pairs")


def many_cases() -> None:
    """Print the seconds that five thousand cases take."""
    cases, labels = plant_cases(4_600, 100, 4, seed=5)
    begun = time.process_time()
    found = link_cases(cases, labels)
    assert found.test is not None
    print(f"\n{len(cases):,} cases, all pairs: {time.process_time() - begun:.1f} s")


if __name__ == "__main__":
    if CRIMES.exists():
        linked_cases()
    planted_calls()
    if SAN_ANTONIO.exists():
        real_calls()
    many_cases()
