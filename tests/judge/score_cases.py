"""A card and the rules of a score sheet over the six atoms of ``tests.stations``: three beats, calls by day and by night."""

from __future__ import annotations

from datetime import date
from typing import Any

from qinwu.judge.score.document import ScoreCard
from qinwu.judge.targets.card import Card
from qinwu.judge.targets.measuring import Ledger
from qinwu.judge.targets.reading import LoadedCard
from qinwu.station.station import Station
from tests.stations import grid_area, officers, six_atom_system, station

SOURCE = {"zh": "示例"}
DAY_H = 24
JANUARY = "2024-01"
FEBRUARY_START = 31
COUNTS: dict[str, tuple[int, int]] = {"a1": (40, 20), "a4": (10, 10), "a2": (9, 1), "a5": (0, 0), "a3": (60, 60), "a6": (0, 40)}
"""Calls by day and by night of each atom in January: west 50 + 30, middle 9 + 1, east 60 + 100."""


def calls(counts: dict[str, tuple[int, int]], first_day: int, days: int = 29) -> list[tuple[float, str, str]]:
    """Return so many help calls by day (10:00) and disputes by night (02:00) of each atom, spread over days from `first_day`."""
    rows: list[tuple[float, str, str]] = []
    for atom, (by_day, by_night) in counts.items():
        rows += [((first_day + number % days) * DAY_H + 10.0 + number / 1000.0, "help", atom) for number in range(by_day)]
        rows += [((first_day + number % days) * DAY_H + 2.0 + number / 1000.0, "dispute", atom) for number in range(by_night)]
    return sorted(rows)


def small_station() -> Station:
    """Return three beats of two atoms with the calls of January and, for its last days to be covered, two of February."""
    rows = calls(COUNTS, 0, 31)
    february = [((FEBRUARY_START + day) * DAY_H + 10.0, "help", "a1") for day in range(29)]
    return station(grid_area(3, 2), officers(6, 3, command=1), rows=[*rows, *february])


def indicator(name: str, formula: dict[str, str], **more: Any) -> dict[str, Any]:
    """Return an indicator as a card writes it."""
    usual = {"aim": "good_order", "name": {"zh": name, "en": name}, "unit": {"zh": "%"}, "level": "beat", "kind": "target"}
    return {"id": name, "formula": formula, "target": 60, "counter": "nightly", "source": SOURCE, **usual, **more}


INDICATORS: list[dict[str, Any]] = [
    indicator("by_day", {"table": "calls", "counted": "hour >= 8 AND hour < 20"}, weight=100),
    indicator(
        "nightly", {"table": "calls", "where": "hour < 8"}, unit={"zh": "起"}, kind="minimum", minimum=1, target=None, better="less"
    ),
    indicator("per_head", {"table": "calls", "per": "thousand_residents"}, unit={"zh": "起/千人"}, better="less"),
    indicator("half", {"table": "calls", "p50": "hour"}, unit={"zh": "时"}),
    indicator("shown_only", {"table": "calls"}, unit={"zh": "起"}, kind="reference", target=None),
]
BASE: dict[str, Any] = {
    "id": "day", "kind": "base", "indicator": "by_day", "levels": ["officer", "beat", "station"], "linear": [[0, 0], [100, 100]],
    "applied_by": "所长", "source": SOURCE,
}  # fmt: skip
NIGHT: dict[str, Any] = {
    "id": "night", "kind": "deduction", "indicator": "nightly", "levels": ["officer", "beat"], "each": 0.5, "cap": 20,
    "applied_by": "所长", "source": SOURCE,
}  # fmt: skip
VETO: dict[str, Any] = {
    "id": "too_many", "kind": "veto", "indicator": "nightly", "levels": ["beat"], "at_least": 100,
    "text": {"zh": "夜间警情一百起以上"}, "applied_by": "局长", "source": SOURCE,
}  # fmt: skip
SURVEY: dict[str, Any] = {
    "id": "safe", "kind": "bonus", "survey": "safe", "levels": ["beat"], "linear": [[50, 0], [100, 10]], "cap": 10,
    "applied_by": "分局", "source": SOURCE,
}  # fmt: skip
RULES: dict[str, Any] = {
    "name": {"zh": "评分表"}, "period": "month", "total": 100, "most_bonus": 10, "signs": ["所长", "教导员"], "objection_days": 5,
    "line": [BASE, NIGHT, VETO, SURVEY],
    "coefficient": [{"role": "expert", "name": {"zh": "专家"}, "factor": 1.35, "sample": True, "source": SOURCE}],
    "roles": {"P01": "expert"},
}  # fmt: skip


def card(score: dict[str, Any] | None = None) -> LoadedCard:
    """Return the card with these rules as its ``[score]``."""
    written = {"name": {"zh": "卡"}, "indicator": INDICATORS, "score": RULES if score is None else score}
    return LoadedCard(Card.model_validate(written), "judge.toml")


def rules(**changed: Any) -> ScoreCard:
    """Return the rules, some changed."""
    return ScoreCard.model_validate({**RULES, **changed})


def ledger(of: Station | None = None) -> Ledger:
    """Return the card over the station's tables."""
    return Ledger.of(card().card, of or small_station(), six_atom_system())


MARCH_1 = date(2024, 3, 1)
