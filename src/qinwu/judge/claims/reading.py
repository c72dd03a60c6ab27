"""Reading: claims files in TOML or as a sheet, every problem at once; and the file of the articles that comes with Qinwu."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from qinwu.findings import Finding, Place, QinwuError, raise_on_errors
from qinwu.judge.claims.building import PlaceOf, build, reference_findings
from qinwu.judge.claims.claim import NO_TEXT, Claim
from qinwu.judge.claims.document import ClaimsFile, ClaimTable, LeagueTable, RateTable, SeriesTable, StationTable
from qinwu.judge.claims.sheet_file import read_claim_sheet
from qinwu.language import N_
from qinwu.station.config import Strict, Text
from qinwu.station.toml_file import key_text, parse_toml, validate
from qinwu.station.toml_lines import key_lines, locate

ARTICLES = Path(__file__).parent / "articles.toml"
Table = TypeVar("Table", bound=Strict)
Placed = tuple[ClaimTable, PlaceOf]
"""A claim as written, and where its keys stand."""

SHEETS = (".csv", ".xlsx", ".xls", ".xlsm", ".ods")


@dataclass(frozen=True)
class Claims:
    """What a file claims: claims, and the tables of rates, series, leagues and stations beside them; ``findings`` are warnings."""

    title: Text
    about: Text
    claims: tuple[Claim, ...]
    rates: tuple[RateTable, ...] = ()
    series: tuple[SeriesTable, ...] = ()
    leagues: tuple[LeagueTable, ...] = ()
    stations: tuple[StationTable, ...] = ()
    findings: tuple[Finding, ...] = field(default=(), compare=False)

    def claim(self, name: str) -> Claim:
        """Return the claim with an id."""
        return next(claim for claim in self.claims if claim.id == name)


def shipped_claims() -> Claims:
    """Return the claims of the articles, with the sources they were noted down with."""
    return read_claims(ARTICLES)


def read_claims(path: Path) -> Claims:
    """Return the claims of a TOML file, or of a CSV or Excel sheet with Chinese or English headers.

    Parameters
    ----------
    path
        The file; see ``docs/how-to/check-a-claim.md`` for what it may hold.

    Raises
    ------
    QinwuError
        With everything that is wrong, each with its line or row.
    """
    if not path.exists():
        message, remedy = N_("The file does not exist: {path}."), N_("Give the path of a claims file, or none for the articles.")
        raise QinwuError([Finding("missing-file", "error", message, remedy, Place(path.name), {"path": path.as_posix()})])
    return _of_sheet(path) if path.suffix.lower() in SHEETS else _of_toml(path)


def _of_sheet(path: Path) -> Claims:
    rows, found = read_claim_sheet(path)
    placed = [(row, _sheet_place(path.name, number)) for number, row in rows]
    claims, more = _built(placed)
    found += [*more, *_wholes(placed, [row.id for row, _ in placed])]
    if not rows and not any(one.severity == "error" for one in found):
        found.append(_empty(path.name))
    return Claims(Text(zh=path.stem), NO_TEXT, claims, findings=raise_on_errors(found))


def _sheet_place(file: str, row: int) -> PlaceOf:
    return lambda key: Place(file, row, key)


def _of_toml(path: Path) -> Claims:
    data, text = parse_toml(path)
    found: list[Finding] = []
    file: ClaimsFile | None = None
    try:
        file = validate(data, ClaimsFile, path.name, text)
    except QinwuError as error:
        found += error.findings
    lines = key_lines(text)
    rows = [(row, _toml_place(path.name, lines, ("claim", at))) for at, row in _readable(data, "claim", ClaimTable)]
    ids = [name for row in _listed(data, "claim") if isinstance(name := row.get("id"), str)]
    claims, more = _built(rows)
    found += [*more, *_wholes(rows, ids), *_named(data, lines, path.name, ids)]
    if file is None:
        raise QinwuError(found)
    if not any((file.claim, file.rate, file.series, file.league, file.station)):
        found.append(_empty(path.name))
    return Claims(file.title, file.about, claims, file.rate, file.series, file.league, file.station, raise_on_errors(found))


def _listed(data: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    rows = data.get(key, [])
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _readable(data: Mapping[str, Any], key: str, model: type[Table]) -> Iterator[tuple[int, Table]]:
    """Yield the tables that can be read by themselves, wrong keys left out, so that what else is wrong with them is told too."""
    for at, row in enumerate(_listed(data, key)):
        try:
            yield at, model.model_validate(row)
        except ValidationError as error:
            wrong = {each["loc"][0] for each in error.errors()}
            try:
                yield at, model.model_validate({name: value for name, value in row.items() if name not in wrong})
            except ValidationError:
                continue


def _toml_place(file: str, lines: Mapping[tuple[str | int, ...], int], at: tuple[str | int, ...]) -> PlaceOf:
    def place_of(key: str) -> Place:
        path = (*at, *key.split("."))
        return Place(file, locate(lines, path), key_text(path))

    return place_of


def _built(rows: Sequence[Placed]) -> tuple[tuple[Claim, ...], list[Finding]]:
    """Return the claims of rows, ids once, and what is wrong with any of them."""
    claims: list[Claim] = []
    found: list[Finding] = []
    seen: set[str] = set()
    for row, place_of in rows:
        found += _twice(row.id, seen, N_("Give every claim an id of its own."), place_of)
        claim, more = build(row, place_of)
        found += more
        claims += [claim] if claim else []
    return tuple(claims), found


def _twice(name: str, seen: set[str], remedy: str, place_of: PlaceOf) -> list[Finding]:
    if name in seen:
        return [Finding("duplicate-id", "error", N_("The id {value} is used twice."), remedy, place_of("id"), {"value": name})]
    seen.add(name)
    return []


def _wholes(rows: Sequence[Placed], known: Sequence[str]) -> Iterator[Finding]:
    """Yield what is wrong with the wholes that claims name."""
    whole_of = {row.id: row.part_of for row, _ in rows}
    for row, place_of in rows:
        yield from reference_findings([row.part_of], known, place_of("part_of"))
        if _in_circle(row.id, whole_of):
            message, remedy = N_("The claim {value} is a part of itself."), N_("Name the larger whole, or leave part_of out.")
            yield Finding("part-of-itself", "error", message, remedy, place_of("part_of"), {"value": row.id})


def _in_circle(name: str, whole_of: Mapping[str, str]) -> bool:
    at, steps = whole_of[name], 0
    while at and at != name and steps <= len(whole_of):
        at, steps = whole_of.get(at, ""), steps + 1
    return at == name


def _named(
    data: Mapping[str, Any], lines: Mapping[tuple[str | int, ...], int], file: str, known: Sequence[str]
) -> Iterator[Finding]:
    """Yield what is wrong with the claims that rates, leagues and stations name, and with the ids of these."""
    models: dict[str, type[Strict]] = {"rate": RateTable, "series": SeriesTable, "league": LeagueTable, "station": StationTable}
    seen = set(known)
    for kind, model in models.items():
        for at, table in _readable(data, kind, model):
            place_of = _toml_place(file, lines, (kind, at))
            yield from _twice(getattr(table, "id", ""), seen, N_("Give every table an id of its own."), place_of)
            for key in ("numerator_of", "denominator_of", "claim", "shares_of"):
                named = getattr(table, key, ())
                yield from reference_findings((named,) if isinstance(named, str) else named, known, place_of(key))


def _empty(file: str) -> Finding:
    message, remedy = N_("The file holds no claim."), N_("Add at least one [[claim]], or one row below the header.")
    return Finding("no-claims", "error", message, remedy, Place(file))
