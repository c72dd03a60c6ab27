"""Claims told: what a file of published figures comes to, as sentences, tables and data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from qinwu.judge.claims.checking import Account
from qinwu.judge.claims.claim import Claim
from qinwu.judge.claims.grading import Verdict, Weakness
from qinwu.judge.claims.trying import Tried
from qinwu.language import N_, Language
from qinwu.report.claims_crossing import Crossing
from qinwu.report.claims_data import as_data
from qinwu.report.claims_tables import ClaimTables
from qinwu.report.claims_words import ClaimSpeaker
from qinwu.report.plain_json import write_plain_json
from qinwu.report.words import Speaking
from qinwu.report.workbook import as_workbook
from qinwu.report.writing import write_whole


@dataclass(frozen=True)
class ClaimsReport(Speaking):
    """A file of claims, judged and told.

    Parameters
    ----------
    account
        What was found.
    language
        In which language it is told.
    tried
        Claims tried on a synthetic station.
    made
        When; None leaves it out, so that equal answers give equal pages.
    """

    account: Account
    language: Language
    tried: tuple[Tried, ...] = ()
    made: datetime | None = None

    @property
    def told(self) -> ClaimSpeaker:
        """Says figures."""
        return ClaimSpeaker(self.speaker)

    @cached_property
    def crossing(self) -> Crossing:
        """Whether the figures fit each other."""
        return Crossing(self.account, self.language)

    @cached_property
    def tables(self) -> ClaimTables:
        """The tables."""
        return ClaimTables(self.account, self.language, self.tried)

    @property
    def title(self) -> str:
        """What the file is."""
        return self.account.claims.title.in_language(self.language)

    # -- sentences -----------------------------------------------------------------------------------------------------

    def claim(self) -> str:
        """Return the finding in one sentence: how many claims were measured against a comparison."""
        count = len(self.account.own)
        compared = self._count("measured_against_comparison")
        if not count:
            return self.say(N_("No claims, only tables"))
        if count == 1:
            return self._one()
        if not compared:
            return self.say(N_("{count} claims, and not one was measured against a comparison"), count=count)
        return self.say(N_("{compared} of {count} claims were measured against a comparison"), compared=compared, count=count)

    def _one(self) -> str:
        """Return the finding about a claim that stands alone."""
        (only,) = self.account.own
        if only.verdict == "does_not_add_up":
            return self.say(N_("The figures of the claim do not fit each other"))
        compared = only.verdict == "measured_against_comparison"
        return self.say(N_("The claim was measured against a comparison") if compared else N_("The claim has no comparison"))

    def _count(self, verdict: Verdict) -> int:
        return sum(each.verdict == verdict for each in self.account.own)

    def deck(self) -> Iterator[str]:
        """Yield what the grades are, what else was found, and what the file says of itself."""
        grades = self.account.grades()
        said = (
            (N_("{count} cannot be checked: no figure, no base or no year."), grades["D"]),
            (N_("{count} changed or differ, and nothing says why."), grades["C"]),
            (N_("{count} do not add up."), self._count("does_not_add_up")),
        )
        yield self.speaker.sentences([self.say(text, count=count) for text, count in said if count and len(self.account.own) > 1])
        yield from self._implied_lines()
        yield self.account.claims.about.in_language(self.language)

    def _implied_lines(self) -> Iterator[str]:
        """Yield what the percentages alone hide: the figures before."""
        implied = [each for each in self.account.own if each.claim.base_implied]
        if implied:
            parts = [
                self.say(N_("{name} {before}"), name=self.told.name(each.claim), before=self.told.base(each.claim, each.base))
                for each in implied
            ]
            yield self.say(N_("Behind the percentages stand these figures before: {parts}."), parts=self.say(N_("; ")).join(parts))

    def headline(self) -> str:
        """Return finding and evidence as text for the terminal."""
        joint = "。" if self.language == "zh" else "."
        return self.speaker.sentences([self.claim() + joint, *self.deck()])

    def claim_of(self, tried: Tried) -> Claim:
        """Return the claim that was tried."""
        return self.account.of(tried.claim).claim

    def missing(self) -> list[tuple[Weakness, int]]:
        """Return how many of the file's own claims have each weakness, the most common first."""
        counted = Counter(weak for each in self.account.own for weak in each.weaknesses)
        return counted.most_common()

    # -- files ---------------------------------------------------------------------------------------------------------

    def write_html(self, path: Path) -> None:
        """Write the page, self-contained."""
        from qinwu.report.claims_page import page

        write_whole(path, page(self).encode("utf-8"))

    def write_xlsx(self, path: Path) -> None:
        """Write all tables as an Excel workbook."""
        write_whole(path, as_workbook(self.tables.sheets()))

    def write_json(self, path: Path) -> None:
        """Write everything as JSON."""
        write_plain_json(path, as_data(self.account, self.tried))
