"""Sectors told: which beats go together under which sergeant, how even their hours are, today and as proposed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from qinwu.language import N_, Language
from qinwu.plan.beats.duty_part import SectorRow
from qinwu.plan.beats.sectoring import SectorsAnswer
from qinwu.report.answer_page import KeyFigure
from qinwu.report.figures.bars import legend
from qinwu.report.figures.maps import Shaded, definitions, dissolved, frame_of, map_of
from qinwu.report.figures.scale import LOAD, shades
from qinwu.report.plans.plan_report import Drawing, Picture, PlanReport, Shown
from qinwu.report.sheet import Sheet
from qinwu.report.words import Speaking, number

WHY: dict[str, str] = {
    "hours": N_("Officer-hours a week of the sector's beats: calls, inspections that are due, beat visits."),
    "spread": N_("The largest difference of a sector's hours from the mean of all sectors, as a share of that mean."),
    "span": N_("Officers of the sector's beats besides the sergeant; more than ten are hard to lead (M3)."),
}


@dataclass(frozen=True)
class SectorsTold(Speaking):
    """Sectors and the language they are told in."""

    answer: SectorsAnswer
    language: Language

    @cached_property
    def both(self) -> tuple[tuple[str, tuple[SectorRow, ...]], ...]:
        """Today's sectors, where there are any, and those proposed, with their headings."""
        today = ((self.say(N_("Today")), self.answer.today),) if self.answer.today else ()
        return (*today, (self.say(N_("Proposed")), self.answer.sectors.rows))

    def claim(self) -> str:
        """Return the answer in one sentence."""
        spread, before = self.answer.spread(self.answer.sectors.rows), self.answer.spread(self.answer.today)
        values = {"count": len(self.answer.sectors.rows), "now": number(spread * 100, 0)}
        if not np.isfinite(before):
            return self.say(N_("{count} sectors: hours within {now}% of their mean."), **values)
        return self.say(
            N_("{count} sectors: hours within {now}% of their mean instead of {then}%."), **values, then=number(before * 100, 0)
        )

    def keys(self) -> Iterator[KeyFigure]:
        """Yield the numbers at the top."""
        rows = self.answer.sectors.rows
        yield KeyFigure(self.say(N_("sectors")), str(len(rows)), "", "hours")
        yield KeyFigure(self.say(N_("largest load off the mean")), f"{number(self.answer.spread(rows) * 100, 0)}%", "", "spread")
        yield KeyFigure(self.say(N_("most officers under one sergeant")), str(max(len(row.beats) for row in rows) - 1), "", "span")

    def maps(self) -> Drawing:
        """Return sectors before and after, shaded by hours."""
        area = self.answer.station.area
        frame = frame_of(area.polygons)
        hours = [self.answer.hours(row) for _, rows in self.both for row in rows]
        colours = shades(hours, LOAD)
        sets: dict[tuple[int, ...], str] = {}
        pictures = []
        for name, rows in self.both:
            shaded = []
            for row in rows:
                outline = sets.setdefault(self._atoms(row), f"s{len(sets)}")
                tip = f"{row.id}: {number(self.answer.hours(row), 0)} {self.say(N_('h a week'))}, {', '.join(row.beats)}"
                shaded.append(Shaded(outline, colours.colour(self.answer.hours(row)), tip))
            remark = " · ".join(f"{row.id} {row.sergeant}" for row in rows)
            pictures.append(Picture(name, remark, map_of(frame, shaded, name)))
        outlines = definitions(dissolved(area.polygons, {name: atoms for atoms, name in sets.items()}, frame), frame)
        title = self.say(N_("Hours a week that each sector asks for"))
        scale = legend(colours.colours, [f"{edge:g}" for edge in colours.edges], title)
        return Drawing(title, self.say(N_("The darker, the more hours.")), tuple(pictures), "hours", scale, outlines)

    def table(self) -> Sheet:
        """Return sectors with their beats."""
        before = {beat: row.id for row in self.answer.today for beat in row.beats}
        rows = []
        for row in self.answer.sectors.rows:
            new = [beat for beat in row.beats if before and before.get(beat) != row.id]
            rows.append(
                (row.id, row.sergeant, " ".join(row.beats), len(row.beats) - 1, round(self.answer.hours(row), 1), " ".join(new))
            )
        names = (
            N_("sector"),
            N_("sergeant"),
            N_("beats"),
            N_("officers under him"),
            N_("h a week"),
            N_("beats that are new in it"),
        )
        return Sheet(
            self.say(N_("Sectors proposed")), (), tuple(self.say(name) for name in names), tuple(rows), (10, 12, 40, 12, 10, 24)
        )

    def _atoms(self, row: SectorRow) -> tuple[int, ...]:
        beats = self.answer.sectors.beats
        numbers = [beats.problem.names.index(beat) for beat in row.beats if beat in beats.problem.names]
        return tuple(np.flatnonzero(np.isin(beats.beat_of, numbers)).tolist())


def sectors_report(answer: SectorsAnswer, language: Language, made: datetime | None = None) -> PlanReport:
    """Return sectors as a page, a workbook and data."""
    told = SectorsTold(answer, language)
    return PlanReport(
        kind="sectors",
        station=answer.station,
        language=language,
        claim=told.claim(),
        deck=(told.say(N_("Sergeants stay where one of their beats does; beats and their officers are as today.")),),
        keys=tuple(told.keys()),
        drawings=(told.maps(),),
        tables=(Shown(told.table(), ("", "", "", "span", "hours", "")),),
        proof=answer.proof,
        why={key: told.say(text) for key, text in WHY.items()},
        notes=tuple(finding.text(language) for finding in answer.warnings),
        data={"sectors": [{"id": row.id, "beats": list(row.beats), "sergeant": row.sergeant} for row in answer.sectors.rows]},
        made=made,
    )
