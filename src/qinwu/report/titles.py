"""Titles: each figure is headed by what it shows, worked out from the figures themselves."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qinwu.language import N_, Language
from qinwu.report.choice import candidates, needs_more_hours
from qinwu.report.report import Report
from qinwu.report.words import Speaking
from qinwu.simulate.measures.value import Key

WINDOW_H = 3
SELDOM = 0.01


@dataclass(frozen=True, slots=True)
class Titles(Speaking):
    """Writes the titles of one report in one language."""

    report: Report
    language: Language

    def gains(self) -> str:
        """Say how many alternatives gain, and how many of them without more hours."""
        ranked = candidates(self.report)
        better = [each for each in ranked if each.standing == "better"]
        cheap = [each for each in better if not needs_more_hours(self.report, each.at)]
        values = {"count": len(ranked), "better": len(better), "cheap": len(cheap)}
        if not ranked:
            return self.say(N_("Nothing to compare with"))
        if ranked[0].standing == "one_run":
            return self.say(N_("One run: no intervals"))
        if not better:
            return self.say(N_("No alternative is seen to be sooner"))
        if not cheap:
            return self.say(N_("Sooner: {better} of {count} alternatives, none of them without more hours on duty"), **values)
        return self.say(N_("Sooner: {better} of {count} alternatives, {cheap} of them without more hours on duty"), **values)

    def waits(self, waits: Mapping[str, float], names: Mapping[str, str]) -> str:
        """Say where people wait longest today; `waits` is p90 response by beat, seconds."""
        known = {beat: wait for beat, wait in waits.items() if math.isfinite(wait)}
        if len(known) < 2:
            return self.say(N_("How long each beat waits"))
        worst, best = max(known, key=lambda beat: known[beat]), min(known, key=lambda beat: known[beat])
        values = {
            "beat": names[worst],
            "wait": self.speaker.amount("response_s", known[worst]),
            "least": self.speaker.amount("response_s", known[best]),
        }
        return self.say(N_("Today {beat} waits longest: nine in ten calls within {wait}; the quickest beat: {least}"), **values)

    def loads(self, loads: Mapping[str, float], names: Mapping[str, str]) -> str:
        """Say which beat's officer has most calls today; `loads` is hours a week by beat."""
        known = {beat: hours for beat, hours in loads.items() if math.isfinite(hours)}
        if not known:
            return self.say(N_("Today no beat has an officer of its own"))
        worst = max(known, key=lambda beat: known[beat])
        values = {"beat": names[worst], "hours": self.speaker.amount("officer_call_hours", known[worst])}
        return self.say(N_("Today the officer of {beat} has most calls: {hours}"), **values)

    def curve(self, focus: int, promise_min: float | None) -> str:
        """Say how many urgent calls are there within the promise, today and under the system in focus."""
        key = Key("within_limit", "priority", "1", "share")
        if promise_min is None or not self.report.has(key):
            return self.say(N_("How many calls are reached by each minute"))
        values = {"minutes": f"{promise_min:g}", "now": self.speaker.amount("within_limit", self.report.interval(0, key).mean)}
        if focus == 0:
            return self.say(N_("Within {minutes} min {now} of the most urgent calls are reached"), **values)
        then = self.speaker.amount("within_limit", self.report.interval(focus, key).mean)
        name = self.report.name(focus, self.language)
        text = N_("Within {minutes} min {now} of the most urgent calls are reached today, {then} under “{name}”")
        return self.say(text, **values, then=then, name=name)

    def clock(self) -> str:
        """Say how many calls wait longer than half an hour today."""
        share = self.report.interval(0, Key("response_clock", "bucket", "30+", "share")).mean
        return self.say(
            N_("Today {share} of calls wait longer than half an hour"), share=self.speaker.amount("response_clock", share)
        )

    def officers(self) -> str:
        """Say how much more the busiest officer does than the mean."""
        ratio = self.report.interval(0, Key("load_max_to_mean", "all", "all", "ratio")).mean
        if not math.isfinite(ratio):
            return self.say(N_("Load of each officer"))
        return self.say(N_("Today the busiest officer has {ratio} times the mean of call work"), ratio=f"{ratio:.2f}")

    def work(self) -> str:
        """Say how much duty time calls and what they leave behind take."""
        parts = (self.report.interval(0, Key("time_share", "all", part, "share")).mean for part in ("call", "follow_up"))
        return self.say(
            N_("Today calls and follow-up take {share} of duty time"), share=self.speaker.amount("time_share", sum(parts))
        )

    def gaps(self) -> str:
        """Say at which hours of the day fewer than two officers are free most often."""
        week = self.report.means(0, "fewer_than_two_free", "hour", "share")
        if len(week) != 168:
            return self.say(N_("When fewer than two officers are free"))
        start, share = worst_window([week[str(hour)] for hour in range(168)])
        if share < SELDOM:
            return self.say(N_("Two officers are free at practically every hour"))
        values = {"start": start, "end": (start + WINDOW_H) % 24 or 24, "share": self.speaker.amount("fewer_than_two_free", share)}
        return self.say(
            N_("Cover is thinnest from {start} to {end} o'clock: {share} of the time fewer than two officers are free"), **values
        )


def worst_window(week: Sequence[float]) -> tuple[int, float]:
    """Return the hour of day at which the worst three hours in a row start, and their mean over the days of the week.

    >>> worst_window([1.0 if hour % 24 in (23, 0, 1) else 0.0 for hour in range(168)])
    (23, 1.0)
    """
    day = np.asarray(week, dtype=np.float64).reshape(7, 24).mean(axis=0)
    windows = np.stack([np.roll(day, -shift) for shift in range(WINDOW_H)]).mean(axis=0)
    start = int(windows.argmax())
    return start, float(windows[start])
