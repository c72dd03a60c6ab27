"""Reading: claims files in TOML or as a sheet, every problem at once; and the file of the articles that comes with Qinwu."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from qinwu.findings import Finding, Place, QinwuError, raise_on_errors
from qinwu.judge.claims.building import PlaceOf, build, reference_findings
from qinwu.judge.claims.claim import Claim
from qinwu.judge.claims.document import ClaimsFile, ClaimTable, LeagueTable, RateTable, SeriesTable, StationTable
from qinwu.judge.claims.sheet_file import read_claim_sheet
from qinwu.language import N_
from qinwu.station.config import Text
from qinwu.station.toml_file import key_text, parse_toml, validate
from qinwu.station.toml_lines import key_lines, locate

ARTICLES = Path(__file__).parent / "articles.toml"
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
    return _of_sheet(path) if path.suffix.lower() in SHEETS else _of_toml(path)


def _of_sheet(path: Path) -> Claims:
    rows, found = read_claim_sheet(path)
    claims, more = _built((row, _sheet_place(path.name, number)) for number, row in rows)
    found += [*more, *_references(claims, {row.id: _sheet_place(path.name, number) for number, row in rows}, rows)]
    if not rows and not any(one.severity == "error" for one in found):
        found.append(_empty(path.name))
    return Claims(Text(zh=path.stem), Text(zh=""), tuple(claims), findings=raise_on_errors(found))


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
    rows = [(at, row) for at, row in enumerate(_rows(data, "claim")) if row is not None]
    places = {row.id: _toml_place(path.name, lines, ("claim", at)) for at, row in rows}
    claims, more = _built((row, _toml_place(path.name, lines, ("claim", at))) for at, row in rows)
    found += [*more, *_references(claims, places, rows)]
    if file is None:
        raise QinwuError(found)
    found += _table_findings(file, lines, path.name)
    if not any((file.claim, file.rate, file.series, file.league, file.station)):
        found.append(_empty(path.name))
    warnings = raise_on_errors(found)
    return Claims(file.title, file.about, tuple(claims), file.rate, file.series, file.league, file.station, warnings)


def _rows(data: Mapping[str, Any], key: str) -> Iterator[ClaimTable | None]:
    """Yield the claims that can be read by themselves, None in the place of the others, so that all problems are told at once."""
    listed = data.get(key, [])
    for row in listed if isinstance(listed, list) else []:
        try:
            yield ClaimTable.model_validate(row)
        except ValidationError:
            yield None


def _toml_place(file: str, lines: Mapping[tuple[str | int, ...], int], at: tuple[str | int, ...]) -> PlaceOf:
    def place_of(key: str) -> Place:
        path = (*at, *key.split("."))
        return Place(file, locate(lines, path), key_text(path))

    return place_of


def _built(rows: Any) -> tuple[list[Claim], list[Finding]]:
    """Return the claims of rows, ids once, and what is wrong with any of them."""
    claims: list[Claim] = []
    found: list[Finding] = []
    seen: set[str] = set()
    for row, place_of in rows:
        if row.id in seen:
            message, remedy = N_("The id {value} is used twice."), N_("Give every claim an id of its own.")
            found.append(Finding("duplicate-id", "error", message, remedy, place_of("id"), {"value": row.id}))
        seen.add(row.id)
        claim, more = build(row, place_of)
        found += more
        claims += [claim] if claim else []
    return claims, found


def _references(claims: Sequence[Claim], places: Mapping[str, PlaceOf], rows: Sequence[tuple[int, ClaimTable]]) -> list[Finding]:
    """Return what is wrong with the wholes that claims name, also where those are wrong themselves."""
    known = [row.id for _, row in rows]
    found: list[Finding] = []
    for claim in claims:
        found += reference_findings([claim.part_of], known, places[claim.id]("part_of"))
    whole_of = {claim.id: claim.part_of for claim in claims}
    found += [_circle(name, places[name]("part_of")) for name in whole_of if _in_circle(name, whole_of)]
    return found


def _in_circle(name: str, whole_of: Mapping[str, str]) -> bool:
    at, steps = whole_of[name], 0
    while at and at != name and steps <= len(whole_of):
        at, steps = whole_of.get(at, ""), steps + 1
    return at == name


def _circle(name: str, place: Place) -> Finding:
    message, remedy = N_("The claim {value} is a part of itself."), N_("Name the larger whole, or leave part_of out.")
    return Finding("part-of-itself", "error", message, remedy, place, {"value": name})


def _table_findings(file: ClaimsFile, lines: Mapping[tuple[str | int, ...], int], name: str) -> Iterator[Finding]:
    """Yield what is wrong with the claims that rates, leagues and stations name, and with the ids of these."""
    known = [claim.id for claim in file.claim]
    kinds: dict[str, Sequence[RateTable | SeriesTable | LeagueTable | StationTable]] = {
        "rate": file.rate, "series": file.series, "league": file.league, "station": file.station,
    }  # fmt: skip
    seen = set(known)
    for kind, tables in kinds.items():
        for at, table in enumerate(tables):
            place_of = _toml_place(name, lines, (kind, at))
            if table.id in seen:
                message, remedy = N_("The id {value} is used twice."), N_("Give every table an id of its own.")
                yield Finding("duplicate-id", "error", message, remedy, place_of("id"), {"value": table.id})
            seen.add(table.id)
            for key in ("numerator_of", "denominator_of", "claim", "shares_of"):
                named = getattr(table, key, ())
                names = (named,) if isinstance(named, str) else named
                yield from reference_findings(names, known, place_of(key))


def _empty(file: str) -> Finding:
    message, remedy = N_("The file holds no claim."), N_("Add at least one [[claim]], or one row below the header.")
    return Finding("no-claims", "error", message, remedy, Place(file))
