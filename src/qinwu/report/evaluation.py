"""Evaluation told: what may be said of a reform, in sentences, tables and data."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from qinwu.findings import Finding
from qinwu.judge.evaluate.estimate import Estimate
from qinwu.judge.evaluate.evaluation import Evaluation
from qinwu.judge.evaluate.registering import Registration
from qinwu.language import N_, Language
from qinwu.report.evaluation_words import DOUBTS, METHODS, NEVER, RULES, ShareSpeaker
from qinwu.report.plain_json import write_plain_json
from qinwu.report.sheet import Sheet
from qinwu.report.small_cells import FEWEST
from qinwu.report.words import Speaking, number
from qinwu.report.workbook import as_workbook
from qinwu.report.writing import write_whole


@dataclass(frozen=True)
class EvaluationReport(Speaking):
    """What an evaluation says, told in one language.

    Parameters
    ----------
    found
        The evaluation.
    file, sha256
        Name and checksum of the file it rests on.
    language
        Language of what is written.
    registration
        What was registered before; None where nothing was.
    departures
        In what it departs from that.
    made
        When; None leaves it out.
    """

    found: Evaluation
    file: str
    sha256: str
    language: Language
    registration: Registration | None = None
    departures: tuple[Finding, ...] = ()
    made: datetime | None = None

    @property
    def speaker(self) -> ShareSpeaker:
        """The words."""
        return ShareSpeaker(self.language)

    @cached_property
    def treated(self) -> str:
        """The treated units in words."""
        return self.speaker.units(self.found.design.names(self.found.design.treated))

    @property
    def start(self) -> str:
        """The start."""
        return self.found.design.panel.label(self.found.design.start)

    @property
    def last(self) -> str:
        """The last period."""
        return self.found.design.panel.label(self.found.design.panel.periods - 1)

    def claim(self) -> str:
        """Return what may be said, in one sentence."""
        share = self.found.decides.share
        values = {
            "units": self.treated,
            "start": self.start,
            "change": self.speaker.percent(abs(share.change)),
            "low": self.speaker.percent(share.low, signed=True),
            "high": self.speaker.percent(share.high, signed=True),
            "count": self.found.design.control.size,
        }
        text = {
            "fewer": N_("{units} since {start}: {change} fewer than untreated places lead one to expect ({low} to {high})"),
            "more": N_("{units} since {start}: {change} more than untreated places lead one to expect ({low} to {high})"),
            "no_difference_shown": N_("{units} since {start}: no difference shown; anything from {low} to {high} fits the counts"),
            "too_few_places": N_("{units} since {start}: it cannot be judged with {count} untreated places"),
        }[self.found.verdict]
        return self.say(text, **values)

    def deck(self) -> Iterator[str]:
        """Yield what belongs beside the claim."""
        detail = self.found.decides.detail
        yield self.say(
            N_(
                "From {start} to {last} there were {after}; {expected} would be expected from the {before} before and from what "
                "became of {count} untreated places."
            ),
            start=self.start,
            last=self.last,
            after=number(detail["after"], 0),
            expected=number(detail["expected"], 0),
            before=number(detail["before"], 0),
            count=self.found.design.control.size,
        )
        if self.found.verdict == "no_difference_shown":
            text = N_(
                "That is not proof of no difference: a fall of less than {smallest} would have been missed more than one time in "
                "five."
            )
            yield self.say(text, smallest=self.speaker.percent(self.found.smallest))
        if self.found.moved is not None:
            yield self.neighbours()
        yield self.say(NEVER)

    def neighbours(self) -> str:
        """Return what became of the neighbours."""
        moved = self.found.moved
        if moved is None:
            return ""
        share = moved.neighbours.share
        text = (
            N_("In the neighbouring places a difference is shown as well: {change} ({bounds}).")
            if moved.neighbours.shown
            else N_("In the neighbouring places no difference is shown: {change} ({bounds}).")
        )
        return self.say(text, change=self.speaker.percent(share.change, signed=True), bounds=self.speaker.bounds(share))

    def doubts(self) -> tuple[str, ...]:
        """Return what speaks against taking the result at its word."""
        found, to_mean, before = self.found, self.found.to_mean, self.found.events.before
        values: dict[str, dict[str, object]] = {
            "unlike_before": {"p": self.speaker.chance(before.p_apart)},
            "moving_before": {
                "gone_on": self.speaker.percent(before.gone_on, signed=True),
                "p": self.speaker.chance(before.p_trend),
            },
            "placebo_times": {"found": found.times.found, "count": found.times.starts.size},
            "placebo_places": {"p": self.speaker.chance(found.places.p)},
            "few_places": {"count": found.design.control.size},
            "regression_to_mean": {}
            if to_mean is None
            else {
                "unusual": self.speaker.percent(to_mean.unusual, signed=True),
                "rank": self.speaker.percent(to_mean.rank),
                "expected": self.speaker.percent(to_mean.expected, signed=True),
            },
        }
        told = [self.say(DOUBTS[doubt], **values.get(doubt, {})) for doubt in found.doubts]
        return (*told, *(finding.text(self.language) for finding in self.departures))

    def checks(self) -> tuple[str, ...]:
        """Return the checks that were made and found nothing, and those that could not be made."""
        found, to_mean = self.found, self.found.to_mean
        told = []
        before = found.events.before
        if before.p_apart > 0.05:
            text = N_("Before the start the treated places departed from the untreated ones no more than others do (p {p}).")
            told.append(self.say(text, p=self.speaker.chance(before.p_apart)))
        if math.isfinite(before.gone_on) and "moving_before" not in found.doubts:
            text = N_(
                "The trend before, had it gone on, would have made {gone_on}; among untreated places that is not rare (p {p})."
            )
            told.append(
                self.say(text, gone_on=self.speaker.percent(before.gone_on, signed=True), p=self.speaker.chance(before.p_trend))
            )
        if found.times.starts.size and "placebo_times" not in found.doubts:
            text = N_("Of {count} starts that never were, {found} would have been called a difference.")
            told.append(self.say(text, count=found.times.starts.size, found=found.times.found))
        if to_mean is None:
            text = N_(
                "Whether a fall was to be expected anyway cannot be told: that takes two years before and ten untreated places."
            )
            told.append(self.say(text))
        elif not to_mean.suspicious:
            text = N_(
                "The year before the start was not unusually bad: {unusual} against earlier years, more than in {rank} of others."
            )
            rank, unusual = self.speaker.percent(to_mean.rank), self.speaker.percent(to_mean.unusual, signed=True)
            told.append(self.say(text, unusual=unusual, rank=rank))
        if self.registration is None:
            told.append(
                self.say(N_("Nothing was registered beforehand: that the test was not chosen for its result is only said."))
            )
        elif not self.departures:
            told.append(self.say(N_("As registered on {day}, in every point."), day=self.registration.plan["registered"]))
        return tuple(told)

    def headline(self) -> str:
        """Return claim and deck for the terminal."""
        stop = "。" if self.language == "zh" else "."
        return self.speaker.sentences([self.claim() + stop, *self.deck()])

    @property
    def estimates(self) -> tuple[Estimate, ...]:
        """The test that decides, and the others."""
        return (self.found.decides, *self.found.others)

    def remark(self, estimate: Estimate, *, brief: bool = False) -> str:
        """Return why a method could not be used (`brief`: only that), or that it compares nothing."""
        if estimate.trouble is not None and brief:
            return self.say(N_("not possible"))
        if estimate.trouble is not None:
            return estimate.trouble.text(self.language)
        return "" if estimate.compared else self.say(N_("compares nothing"))

    def methods(self, *, brief: bool = False) -> Sheet:
        """Return every method beside the one that decides; `brief` leaves out why one could not be used."""
        header = (N_("method"), N_("change (%)"), N_("low (95%)"), N_("high (95%)"), "p", N_("remark"))
        rows = tuple(
            (
                self.say(METHODS[each.method]),
                *(_tenths(100.0 * share) for share in each.share),
                _p(each.p),
                self.remark(each, brief=brief),
            )
            for each in self.estimates
        )
        return Sheet(self.say(N_("Methods")), (), tuple(self.say(text) for text in header), rows, (52, 12, 12, 12, 10, 60))

    def stretches(self) -> Sheet:
        """Return the event study."""
        header = (N_("from"), N_("to"), N_("when"), N_("change (%)"), N_("low (95%)"), N_("high (95%)"))
        panel = self.found.design.panel
        words = {True: self.say(N_("after")), False: self.say(N_("before"))}
        rows = tuple(
            (panel.label(each.first), panel.label(each.last), words[each.after], *(_tenths(100.0 * share) for share in each.share))
            for each in self.found.events.stretches
        )
        return Sheet(self.say(N_("Stretches")), (), tuple(self.say(text) for text in header), rows, (12, 12, 12, 12, 12, 12))

    def times(self) -> Sheet:
        """Return the placebos in time."""
        header = (N_("start that never was"), N_("change (%)"), "p")
        panel, times = self.found.design.panel, self.found.times
        rows = tuple(
            (panel.label(int(at)), _tenths(100.0 * math.expm1(float(effect))), _p(float(p)))
            for at, effect, p in zip(times.starts, times.effects, times.p, strict=True)
        )
        return Sheet(self.say(N_("Placebo starts")), (), tuple(self.say(text) for text in header), rows, (20, 12, 10))

    def series(self) -> Sheet:
        """Return the counts by period; 1 to 4 are left out, so that no single case can be read out."""
        design = self.found.design
        header = (N_("period"), N_("treated"), N_("expected"), N_("untreated"), N_("neighbours"))
        counts = [design.series(rows)[0] for rows in (design.treated, design.control, design.buffer)]
        expected = self.expected()
        rows = tuple(
            (design.panel.label(at), _told(counts[0][at]), round(expected[at], 1), _told(counts[1][at]), _told(counts[2][at]))
            for at in range(design.panel.periods)
        )
        return Sheet(self.say(N_("Series")), (), tuple(self.say(text) for text in header), rows, (12, 12, 12, 12, 12))

    def expected(self) -> list[float]:
        """Return by period what the treated places would have had, had they run like the untreated ones from their own level."""
        design = self.found.design
        (own, own_base), (other, other_base) = design.series(design.treated), design.series(design.control)
        before = slice(0, design.start)
        level = own[before].sum() / own_base[before].sum() / (other[before].sum() / other_base[before].sum())
        return [float(each) for each in other / other_base * own_base * level]

    def rests_on(self) -> Sheet:
        """Return what is compared with what, and from which file."""
        design = self.found.design
        rows: list[tuple[str, str]] = [
            (self.say(N_("file")), self.file),
            ("SHA-256", self.sha256),
            (self.say(N_("periods")), f"{design.panel.label(0)} – {self.last}"),
            (self.say(N_("start")), self.start),
            (self.say(N_("treated")), ", ".join(design.names(design.treated))),
            (self.say(N_("untreated")), ", ".join(design.names(design.control))),
            (self.say(N_("neighbours")), ", ".join(design.names(design.buffer))),
        ]
        if self.registration is not None:
            rows.append((self.say(N_("registered")), f"{self.registration.plan['registered']}  SHA-256 {self.registration.sha256}"))
        rows += [(self.say(METHODS[each.method]), self.say(RULES[each.method])) for each in self.estimates]
        return Sheet(self.say(N_("What this rests on")), (), (self.say(N_("what")), self.say(N_("how"))), tuple(rows), (40, 120))

    def sheets(self) -> tuple[Sheet, ...]:
        """Return every table of the workbook."""
        above = (self.claim(), *self.deck(), *self.doubts(), "")
        tables = (self.methods(), self.stretches(), self.times(), self.series(), self.rests_on())
        return tuple(Sheet(each.name, above, each.header, each.rows, each.widths) for each in tables)

    def as_data(self) -> dict[str, Any]:
        """Return everything as plain data."""
        found, design = self.found, self.found.design
        return {
            "schema": 1,
            "judge": "evaluate",
            "file": {"name": self.file, "sha256": self.sha256},
            "treated": design.names(design.treated),
            "control": design.names(design.control),
            "buffer": design.names(design.buffer),
            "start": self.start,
            "periods": {"first": design.panel.label(0), "last": self.last, "before": design.start, "after": design.after},
            "verdict": found.verdict,
            "claim": self.claim(),
            "doubts": list(found.doubts),
            "smallest_fall": found.smallest,
            "estimates": [
                {"method": each.method, **each.share._asdict(), "p": each.p, "compared": each.compared, "detail": dict(each.detail)}
                for each in self.estimates
            ],
            "placebo_places": {"p": found.places.p, "smallest_p": found.places.smallest, "choices": int(found.places.t.size)},
            "placebo_starts": {"called": found.times.found, "starts": int(found.times.starts.size)},
            "before": found.events.before._asdict(),
            "displacement": None
            if found.moved is None
            else {
                "quotient": found.moved.quotient,
                **found.moved.neighbours.share._asdict(),
                "p": found.moved.neighbours.p,
                "difference": dict(found.moved.difference.detail),
            },
            "registered": None if self.registration is None else self.registration.plan | {"sha256": self.registration.sha256},
            "departures": [finding.text("en") for finding in self.departures],
        }

    def write_html(self, path: Path) -> None:
        """Write the page, self-contained."""
        from qinwu.report.evaluation_page import page

        write_whole(path, page(self).encode("utf-8"))

    def write_xlsx(self, path: Path) -> None:
        """Write all tables as an Excel workbook."""
        write_whole(path, as_workbook(self.sheets()))

    def write_json(self, path: Path) -> None:
        """Write everything as JSON."""
        write_plain_json(path, self.as_data())


def _tenths(value: float) -> float | None:
    """Return a number to one digit, None for none."""
    return round(value, 1) if math.isfinite(value) else None


def _p(value: float) -> float | str | None:
    """Return a probability to three digits, None for none."""
    return None if not math.isfinite(value) else "< 0.001" if value < 0.001 else round(value, 3)


def _told(count: float) -> float | None:
    """Return a count that may be told: none, or enough."""
    return None if 0 < count < FEWEST else float(count)
