"""A pilot planned: what it could show, by how many places, for how long, for how large a fall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from qinwu.judge.evaluate.panel import Panel
from qinwu.judge.evaluate.power import POWER, Pilot, PilotPlan
from qinwu.language import N_, Language
from qinwu.report.answer_page import KeyFigure, framed
from qinwu.report.evaluation_words import ShareSpeaker
from qinwu.report.figures.scale import LOAD
from qinwu.report.plain_json import write_plain_json
from qinwu.report.sheet import Sheet
from qinwu.report.words import Speaking, number
from qinwu.report.workbook import as_workbook
from qinwu.report.writing import write_whole

WHY = {
    "chance": N_(
        "A start and treated places are drawn from the places' own past {draws} times; each event after the start is taken away "
        "with the probability of the fall, and the test that decides is made with {before} periods before. The chance is the "
        "share of times it shows a difference. Spread between places, season and months that resemble their neighbours stay as "
        "they were."
    ),
    "false": N_("The same without any fall: how often the test would see a difference that is not there. It should be about 5%."),
    "smallest": N_(
        "The smallest fall shown with a chance of 80%, by the formula: quantiles of Student's t (97.5% and 80%) times the mean "
        "error of the test in the draws."
    ),
}


class Cell(NamedTuple):
    """One chance: its text, colour, whether its text must be light, whether it is enough, and which explanation it has."""

    text: str
    colour: str
    light: bool
    enough: bool
    why: str


@dataclass(frozen=True)
class PilotReport(Speaking):
    """What pilots could show, told in one language."""

    plan: PilotPlan
    panel: Panel
    file: str
    sha256: str
    language: Language
    made: datetime | None = None

    @property
    def speaker(self) -> ShareSpeaker:
        """The words."""
        return ShareSpeaker(self.language)

    def smallest_enough(self, fall: int) -> Pilot | None:
        """Return the smallest pilot, by places times periods, that shows a fall of the plan four times in five."""
        enough = [pilot for pilot in self.plan.pilots if pilot.chances[fall] >= POWER]
        return min(enough, key=lambda pilot: (pilot.places * pilot.periods, pilot.places), default=None)

    def claim(self) -> str:
        """Return the answer in one sentence."""
        best = min(self.plan.pilots, key=lambda pilot: pilot.smallest)
        for at in range(1, len(self.plan.falls)):
            pilot = self.smallest_enough(at)
            if pilot is not None:
                text = N_("A fall of {fall} takes {places} treated places and {months} months to be shown four times in five")
                return self.say(
                    text, fall=self.speaker.percent(self.plan.falls[at]), places=pilot.places, months=self.months(pilot)
                )
        text = N_("No pilot of these sizes is enough: the largest shows a fall of {smallest} four times in five")
        return self.say(text, smallest=self.speaker.percent(best.smallest))

    def months(self, pilot: Pilot) -> int:
        """Return how many months a pilot lasts."""
        return pilot.periods * self.panel.step

    def deck(self) -> Iterator[str]:
        """Yield what belongs beside the claim."""
        text = N_("Each pilot was played {draws} times on {units} places' own counts, {first} to {last}.")
        first, last = self.panel.label(0), self.panel.label(self.panel.periods - 1)
        yield self.say(text, draws=number(float(self.plan.draws), 0), units=len(self.panel.units), first=first, last=last)
        if self.plan.named:
            yield self.say(N_("The treated places are {units}."), units=self.speaker.units(self.plan.named))
        yield self.say(
            N_(
                "A pilot too small to show the fall that is hoped for will end with “no difference shown”, whatever the reform "
                "does."
            )
        )

    def headline(self) -> str:
        """Return claim and deck for the terminal."""
        stop = "。" if self.language == "zh" else "."
        return self.speaker.sentences([self.claim() + stop, *self.deck()])

    def keys(self) -> tuple[KeyFigure, ...]:
        """Return the numbers at the top: the smallest fall of the smallest and largest pilot, and false alarms."""
        ranked = sorted(self.plan.pilots, key=lambda pilot: pilot.smallest)
        shown = [ranked[-1], ranked[0]] if len(ranked) > 1 else ranked
        keys = [
            KeyFigure(self.say(N_("smallest fall shown")), self.speaker.percent(each.smallest), self.size(each), "smallest")
            for each in shown
        ]
        false = sum(pilot.chances[0] for pilot in self.plan.pilots) / len(self.plan.pilots)
        remark = self.say(N_("of all draws without any fall"))
        return (*keys, KeyFigure(self.say(N_("false alarms")), self.speaker.percent(false), remark, "false"))

    def size(self, pilot: Pilot) -> str:
        """Return how large a pilot is."""
        return self.say(N_("{places} treated, {months} months"), places=pilot.places, months=self.months(pilot))

    def heads(self) -> tuple[str, ...]:
        """Return the headers of the table of chances."""
        return tuple(
            self.say(N_("no fall")) if fall == 0.0 else self.speaker.percent(-fall, signed=True) for fall in self.plan.falls
        )

    def cells(self, pilot: Pilot) -> tuple[Cell, ...]:
        """Return a row of the table of chances."""
        cells = []
        for at, chance in enumerate(pilot.chances):
            place = min(int(chance * len(LOAD)), len(LOAD) - 1)
            enough = at > 0 and chance >= POWER
            colour = "#f0ebe1" if at == 0 else LOAD[place]
            cells.append(Cell(f"{chance:.0%}", colour, at > 0 and place >= 4, enough, "chance" if at else "false"))
        return tuple(cells)

    def chances(self) -> Sheet:
        """Return the table of chances."""
        header = (
            self.say(N_("treated places")),
            self.say(N_("months")),
            *(f"{head} (%)" for head in self.heads()),
            self.say(N_("smallest fall shown (%)")),
        )
        rows = tuple(
            (
                pilot.places,
                self.months(pilot),
                *(round(100.0 * chance, 1) for chance in pilot.chances),
                round(100.0 * pilot.smallest, 1),
            )
            for pilot in self.plan.pilots
        )
        return Sheet(self.say(N_("Chance of showing a fall")), (), header, rows, (14, 10, *[12] * len(self.heads()), 22))

    def rests_on(self) -> Sheet:
        """Return what the plan rests on."""
        rows = (
            (self.say(N_("file")), self.file),
            ("SHA-256", self.sha256),
            (self.say(N_("periods")), f"{self.panel.label(0)} – {self.panel.label(self.panel.periods - 1)}"),
            *((self.say(N_("how it is computed")), text) for text in self.why().values()),
        )
        return Sheet(self.say(N_("What this rests on")), (), (self.say(N_("what")), self.say(N_("how"))), rows, (30, 120))

    def why(self) -> dict[str, str]:
        """Return how each kind of number is computed."""
        values = {"draws": number(float(self.plan.draws), 0), "before": self.plan.before}
        return {name: self.say(text, **values) if "{draws}" in text else self.say(text) for name, text in WHY.items()}

    def as_data(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "schema": 1,
            "judge": "evaluate-plan",
            "file": {"name": self.file, "sha256": self.sha256},
            "claim": self.claim(),
            "draws": self.plan.draws,
            "periods_before": self.plan.before,
            "falls": self.plan.falls,
            "pilots": [
                {"places": each.places, "months": self.months(each), "chances": each.chances, "smallest_fall": each.smallest}
                for each in self.plan.pilots
            ],
        }

    def write_html(self, path: Path) -> None:
        """Write the page, self-contained."""
        text = framed(
            "pilot.html.j2",
            self,
            self.file,
            self.why(),
            kind="pilot",
            kicker=self.say(N_("A pilot planned")),
            claim=self.claim(),
            deck=list(self.deck()),
            report=self,
        )
        write_whole(path, text.encode("utf-8"))

    def write_xlsx(self, path: Path) -> None:
        """Write all tables as an Excel workbook."""
        above = (self.claim(), *self.deck(), "")
        tables = (self.chances(), self.rests_on())
        write_whole(path, as_workbook([Sheet(each.name, above, each.header, each.rows, each.widths) for each in tables]))

    def write_json(self, path: Path) -> None:
        """Write everything as JSON."""
        write_plain_json(path, self.as_data())
