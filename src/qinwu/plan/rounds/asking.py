"""Asking: what people write for a month's rounds, read into a question, with everything wrong told at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from qinwu.duty.roster_rules.watches import start_of
from qinwu.duty.system import DutySystem
from qinwu.findings import Finding, Place, QinwuError, did_you_mean, reason_of
from qinwu.language import N_
from qinwu.plan.roster.last_month import read_last as read_roster
from qinwu.plan.roster.needs import Needs
from qinwu.plan.rounds.due import read_last
from qinwu.plan.rounds.month import Month, month_after, month_of
from qinwu.plan.rounds.visits import Tour, Visit
from qinwu.station.sheet import parse_date
from qinwu.station.station import Station

Part = TypeVar("Part")
Roster = Mapping[str, Sequence[tuple[datetime, datetime]]]


class Asking:
    """Reads one answer after the other and keeps what is wrong with each."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self.findings: list[Finding] = []

    def tried(self, read: Callable[[], Part], instead: Part) -> Part:
        """Return what `read` gives, or `instead` where it raises, which is noted."""
        try:
            return read()
        except QinwuError as error:
            self.findings += error.findings
            return instead

    def month(self, text: str) -> Month:
        """Return the month written as ``2026-12``; for an empty text the month after that of the last call."""
        usual = month_after(self.station.calls)
        if not text and not len(self.station.calls.table):
            message, remedy = N_("There are no calls to tell which month is next."), N_("Say which: --month 2026-12.")
            self.findings.append(Finding("no-month", "error", message, remedy, Place(key="--month")))
        return self.tried(lambda: month_of(text), usual) if text else usual

    def day(self, text: str, option: str) -> date | None:
        """Return the date of an option; None for an empty text."""
        found = parse_date(text) if text else None
        if text and found is None:
            message, remedy = N_("{option} {value} is not a date."), N_("Write it as 2025-01-31.")
            self.findings.append(Finding("wrong-date", "error", message, remedy, Place(), {"option": option, "value": text}))
        return found

    def last(self, path: Path | None) -> Mapping[str, date]:
        """Return the last inspections of a sheet; none without one."""
        if path is None:
            return {}
        nothing: tuple[dict[str, date], tuple[Finding, ...]] = ({}, ())
        last, findings = self.tried(lambda: read_last(path, self.station.venues), nothing)
        self.findings += findings
        return last

    def roster(
        self, path: Path | None, system: DutySystem, after: date
    ) -> Mapping[str, Sequence[tuple[datetime, datetime]]] | None:
        """Return duty times by officer of a roster (wall sheet or list) of days before `after`; None without one."""
        if path is None:
            return None
        officers = [officer.id for officer in self.station.force]
        found = self.tried(lambda: read_roster(path, Needs((), (), ""), system.watch, after, officers), None)
        self.findings += found.findings if found else ()
        times: dict[str, list[tuple[datetime, datetime]]] = {}
        for duty in found.duties if found else ():
            begin = datetime.combine(duty.day, datetime.min.time()) + timedelta(hours=start_of(duty.watch))
            times.setdefault(duty.officer, []).append((begin, begin + timedelta(hours=duty.watch.hours)))
        return times

    def earlier(self, path: Path | None, month: Month) -> tuple[Tour, ...]:
        """Return the tours of an earlier plan's JSON file that lie in a month; none without a file, none in the month is told."""
        if path is None:
            return ()
        nothing: tuple[Tour, ...] = ()
        tours = self.tried(lambda: read_tours(path), nothing)
        inside = tuple(tour for tour in tours if month.first <= tour.day < month.after)
        if tours and not inside:
            message, remedy = N_("This plan is of another month: it begins on {first}."), N_("Give the plan of the same month.")
            values = {"first": tours[0].day.isoformat()}
            self.findings.append(Finding("other-month", "error", message, remedy, Place(path.name), values))
        return inside

    def kept(self, names: Sequence[str], tours: Sequence[Tour]) -> frozenset[str]:
        """Return ids of visits that are to stay; one that the earlier plan does not have is told."""
        known = {visit.id for tour in tours for visit in tour.visits}
        for name in names:
            if name not in known:
                near = did_you_mean(name, known)
                message = N_("The earlier plan has no visit {value}.")
                remedy = N_("Did you mean {guess}?") if near else N_("Use an id of its JSON file.")
                values = {"value": name, "guess": near}
                self.findings.append(Finding("unknown-visit", "error", message, remedy, Place(key="--keep"), values))
        return frozenset(names)


def read_tours(path: Path) -> tuple[Tour, ...]:
    """Return the tours of a plan's JSON file.

    Raises
    ------
    QinwuError
        The file cannot be read, or is no plan of rounds.
    """
    try:
        data = json.loads(path.read_bytes())
        return tuple(_tour(one) for one in data["tours"])
    except OSError as error:
        message = N_("The file cannot be read: {reason}.")
        finding = Finding("unreadable-file", "error", message, "", Place(path.name), {"reason": reason_of(error)})
        raise QinwuError([finding]) from None
    except (ValueError, KeyError, TypeError):
        message, remedy = N_("This is not a plan of rounds."), N_("Give the file that --json of qinwu plan rounds wrote.")
        raise QinwuError([Finding("no-rounds", "error", message, remedy, Place(path.name))]) from None


def _tour(data: Mapping[str, Any]) -> Tour:
    officers = tuple(str(one) for one in data["officers"])
    return Tour(
        date.fromisoformat(data["day"]),
        officers,
        str(data["base"]),
        datetime.fromisoformat(data["leaves"]),
        datetime.fromisoformat(data["back"]),
        tuple(_visit(one, officers) for one in data["visits"]),
        float(data["travel_s"]),
    )


def _visit(data: Mapping[str, Any], officers: tuple[str, ...]) -> Visit:
    return Visit(
        str(data["id"]),
        data["kind"],
        str(data["venue"]),
        str(data["atom"]),
        datetime.fromisoformat(data["start"]),
        datetime.fromisoformat(data["end"]),
        officers,
        float(data["travel_s"]),
        date.fromisoformat(data["due"]) if data["due"] else None,
        bool(data["drawn"]),
    )


def tours_as_data(tours: tuple[Tour, ...]) -> list[dict[str, Any]]:
    """Return tours as plain data, such that :func:`read_tours` gives them back."""
    return [
        {
            "day": tour.day.isoformat(),
            "officers": list(tour.officers),
            "base": tour.base,
            "leaves": tour.leaves.isoformat(),
            "back": tour.back.isoformat(),
            "travel_s": tour.travel_s,
            "visits": [
                {
                    "id": visit.id,
                    "kind": visit.kind,
                    "venue": visit.venue,
                    "atom": visit.atom,
                    "start": visit.start.isoformat(),
                    "end": visit.end.isoformat(),
                    "travel_s": visit.travel_s,
                    "due": visit.due.isoformat() if visit.due else None,
                    "drawn": visit.drawn,
                }
                for visit in tour.visits
            ],
        }
        for tour in tours
    ]
