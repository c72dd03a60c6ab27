"""Columns: what the hour table of an analysis says, in words, and how each figure is computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from qinwu.language import N_
from qinwu.report.sheet import Value

MINUTE, SHARE, PLAIN = 1.0 / 60.0, 100.0, 1.0
SHARES = {"workload": N_("on calls %"), "blocked": N_("fixed duty %"), "free": N_("free %")}
"""Shares of a crew's time, and their words."""
WEIGHTED = ("p_delay", "wait_s", "response", "cross_beat", "outside")
"""Columns whose names begin so are averaged over calls, the others over hours."""

WAIT = N_("Mean time from when a dispatcher may act until the first crew is sent; calls that need not wait count as zero.")
BY_PRIORITY = N_("As for all calls; less urgent calls stand behind (Cobham 1954), those that may interrupt other work wait less.")
RESPONSE = N_("From the ring of the phone until the first crew is there: call-taking, wait, turnout and way.")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the hour table.

    Parameters
    ----------
    name
        What the analysis calls it.
    words
        What people call it, unit last. P1-P4 are priorities.
    factor, digits
        The factor to that unit, and digits shown.
    how
        How it is computed.
    brief
        Whether it is shown where there is little room.
    """

    name: str
    words: str
    factor: float
    digits: int
    how: str
    brief: bool = True

    def value(self, raw: Any) -> Value:
        """Return what the cell holds, in the unit of the words."""
        return None if raw is None or not np.isfinite(raw) else float(raw) * self.factor


COLUMNS: tuple[Column, ...] = (
    Column(
        "crews", N_("crews on duty"), PLAIN, 1, N_("Crews of the station on duty, averaged over the weeks of the roster looked at.")
    ),
    Column("officers", N_("officers on duty"), PLAIN, 1, N_("Officers in the crews on duty."), brief=False),
    Column(
        "calls_per_h",
        N_("calls an hour"),
        PLAIN,
        1,
        N_("Residents' calls on record in this hour of the week, over the weeks recorded."),
    ),
    Column(
        "offered",
        N_("crews busy with calls"),
        PLAIN,
        2,
        N_("Calls, times crews a call needs, times how long it keeps each: turnout, way, waiting for the partner, scene, report."),
        brief=False,
    ),
    Column(
        "utilisation",
        N_("busy %"),
        SHARE,
        0,
        N_("Crews that calls would keep busy over crews on duty, way included. Above 100% more comes in than they can finish."),
    ),
    Column(
        "utilisation_nominal",
        N_("busy without the way %"),
        SHARE,
        0,
        N_("The same without turnout, way and waiting for the partner."),
        brief=False,
    ),
    Column(
        "p_delay",
        N_("nobody to send %"),
        SHARE,
        0,
        N_("Chance that a call finds no crew that may be sent, from how many crews are asked for, carried from hour to hour."),
    ),
    Column("wait_s", N_("wait, all calls, min"), MINUTE, 1, WAIT, brief=False),
    Column("wait_s_1", N_("wait P1 min"), MINUTE, 1, BY_PRIORITY),
    Column("wait_s_2", N_("wait P2 min"), MINUTE, 1, BY_PRIORITY, brief=False),
    Column("wait_s_3", N_("wait P3 min"), MINUTE, 1, BY_PRIORITY),
    Column("wait_s_4", N_("wait P4 min"), MINUTE, 1, BY_PRIORITY, brief=False),
    Column("response_s", N_("response, all calls, min"), MINUTE, 1, RESPONSE, brief=False),
    Column("response_s_1", N_("response P1 min"), MINUTE, 1, RESPONSE, brief=False),
    Column(
        "response_p90_s_1",
        N_("P1 90% within min"),
        MINUTE,
        1,
        N_("The time within which nine in ten of the most urgent calls are reached, from the times of all crews that may go."),
    ),
    Column("cross_beat_share", N_("other beat's crew %"), SHARE, 0, N_("Share of first crews that come from another beat.")),
    Column(
        "patrol_passes",
        N_("patrol passes an hour"),
        PLAIN,
        2,
        N_("Time left for patrol, times patrol speed, over the length of the streets: passes of a random point."),
    ),
    Column(
        "outside_share",
        N_("crews from other stations %"),
        SHARE,
        1,
        N_("Share of the crews asked for that other stations send in the end."),
        brief=False,
    ),
)
BY_NAME = {column.name: column for column in COLUMNS}
