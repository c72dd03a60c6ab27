"""What the interface for other systems takes and gives: calls, stamps, crews, and problems in one form."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from qinwu.board.dispatch.calls import MOST_PEOPLE
from qinwu.board.views.board import CREW_STATES

YEARS = (1970, 2200)
NUMBER = re.compile(r"\s*[-+]?(\d[\d_]*\.?\d*|\.\d+)([eE][-+]?\d+)?\s*")
WORD = r"^[^\u0000-\u001f\u007f]*$"
"""No control characters: a database refuses some of them, and no name has any."""


def _written_out(at: object) -> object:
    """Refuse a bare number: it would be read as seconds since 1970, which is hardly what was meant."""
    if isinstance(at, int | float) or (isinstance(at, str) and NUMBER.fullmatch(at)):
        raise ValueError("Write a time as 2025-03-04T08:00:00+08:00, a day as 2025-03-04.")
    return at


def _in_these_times(at: datetime) -> datetime:
    """Return a time as UTC: databases know fewer zones than there can be."""
    if not YEARS[0] <= at.year <= YEARS[1]:
        raise ValueError(f"Give a time between the years {YEARS[0]} and {YEARS[1]}.")
    return at.astimezone(UTC)


Moment = Annotated[AwareDatetime, BeforeValidator(_written_out), AfterValidator(_in_these_times)]
"""A time with its zone; without one nobody knows when it was."""
Day = Annotated[date, BeforeValidator(_written_out)]
Word = Annotated[str, Field(min_length=1, max_length=80, pattern=WORD)]
Text = Annotated[str, Field(max_length=120, pattern=WORD)]
Number = Annotated[str, Field(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z-]+$", examples=["20250305-0001"])]


class CallIn(Schema):
    """A call from another system; the same `key` again gives the same call."""

    key: uuid.UUID
    call_class: Word
    atom: Word
    received: Moment
    priority: Annotated[int, Field(ge=1, le=4)] | None = None
    people: Annotated[int, Field(ge=1, le=MOST_PEOPLE)] | None = None


class SendingOut(Schema):
    """A crew sent to a call, with its stamps."""

    crew: str
    requested: datetime | None
    dispatched: datetime | None
    acknowledged: datetime | None
    en_route: datetime | None
    arrived: datetime | None
    finished: datetime | None
    over: datetime | None
    ended: str


class CallOut(Schema):
    """A call as the board has it."""

    key: uuid.UUID
    number: str
    call_class: str
    atom: str
    priority: int
    received: datetime
    closed: datetime | None
    result: str
    crews: list[str]
    sendings: list[SendingOut]


class StampIn(Schema):
    """A status of a crew on a call; giving it again changes nothing."""

    crew: Word
    stamp: Literal["acknowledged", "en_route", "arrived", "finished", "over"]
    at: Moment | None = None


class CloseIn(Schema):
    """How a call ended; `missing` says why stamps are missing where any are."""

    result: Literal["handled", "passed_on", "case", "nothing_found", "not_police"]
    missing: Text = ""


class CrewOut(Schema):
    """A crew as it stands now; `call` is the number of the call it is on, `until` when its duty ends, both empty for none."""

    id: str
    state: str = Field(json_schema_extra={"enum": list(CREW_STATES)})
    officers: list[str]
    beat: str
    call: str
    until: str


class Problem(Schema):
    """Something wrong: a code for programs, the field where it is one, and words for people."""

    code: str
    key: str
    text: str
