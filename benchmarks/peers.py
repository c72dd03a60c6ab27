"""The same model in other people's engines: 30 crews, 200 atoms, the nearest free crew goes, the most urgent call first.

A crew stays with a call for its travel and on-scene time, and is then on the way home for the travel time to its base: met on
that way it starts from the call's place. Calls, travel times and on-scene times are the kernel's own, so the engines must agree
call by call.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Any, NamedTuple

import ciw
import simpy

from qinwu.duty.response_plan import ResponsePlan
from qinwu.simulate.arrays import Demand


class Model(NamedTuple):
    """The shared model as plain lists: travel by atom and atom, crews' bases, calls by ready time."""

    travel: list[list[float]]
    bases: list[int]
    ready: list[float]
    priority: list[int]
    atom: list[int]
    on_scene: list[float]

    @classmethod
    def of(cls, plan: ResponsePlan, demand: Demand) -> Model:
        """Return what of a bare plan and its calls the shared model knows."""
        return cls(
            plan.area.travel_s.astype(float).tolist(),
            plan.crew.base.tolist(),
            demand.ready_s.tolist(),
            demand.priority.tolist(),
            demand.atom.tolist(),
            demand.on_scene_s[:, 0].tolist(),
        )


class Sent(NamedTuple):
    """When each call was dispatched, and which crew went."""

    dispatched: list[float]
    crew: list[int]


class SimpyStation:
    """A dispatcher written by hand over simpy events."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.env = simpy.Environment()
        self.free = set(range(len(model.bases)))
        self.place = list(model.bases)
        self.back_at = [0.0] * len(model.bases)
        self.queue: list[tuple[int, int]] = []
        self.sent = Sent([0.0] * len(model.ready), [-1] * len(model.ready))

    def arrivals(self) -> Any:
        """Let calls come in; each takes the nearest free crew or waits."""
        for i, ready in enumerate(self.model.ready):
            yield self.env.timeout(ready - self.env.now)
            if self.free:
                self.send(self.nearest(self.model.atom[i]), i)
            else:
                heappush(self.queue, (self.model.priority[i], i))

    def nearest(self, atom: int) -> int:
        """Return the free crew with the least travel to `atom`."""
        travel, place, bases, back_at, now = self.model.travel, self.place, self.model.bases, self.back_at, self.env.now
        return min(self.free, key=lambda k: (travel[place[k] if now < back_at[k] else bases[k]][atom], k))

    def send(self, crew: int, i: int) -> None:
        """Send `crew` to call `i` and expect it back."""
        now, model = self.env.now, self.model
        start = self.place[crew] if now < self.back_at[crew] else model.bases[crew]
        self.free.discard(crew)
        self.sent.dispatched[i], self.sent.crew[i] = now, crew
        self.place[crew] = model.atom[i]
        job = self.env.timeout(model.travel[start][model.atom[i]] + model.on_scene[i], crew)
        job.callbacks.append(self.release)

    def release(self, job: Any) -> None:
        """A crew is done: it takes the most urgent waiting call, or goes home."""
        crew = job.value
        self.back_at[crew] = self.env.now + self.model.travel[self.place[crew]][self.model.bases[crew]]
        if self.queue:
            self.send(crew, heappop(self.queue)[1])
        else:
            self.free.add(crew)


def simpy_sent(model: Model) -> Sent:
    """Run the shared model in simpy."""
    station = SimpyStation(model)
    station.env.process(station.arrivals())
    station.env.run()
    return station.sent


class Journeys(ciw.dists.Distribution):  # type: ignore[misc]
    """The service time of a call: travel from where its server is, and its time on scene."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.place = list(model.bases)
        self.back_at = [0.0] * len(model.bases)
        self.sent = Sent([0.0] * len(model.ready), [-1] * len(model.ready))

    def __deepcopy__(self, memo: dict[int, Any]) -> Journeys:
        """Ciw copies distributions for every class; the crews' places are one thing."""
        return self

    def where(self, crew: int, now: float) -> int:
        """Return the atom of a free crew."""
        return self.place[crew] if now < self.back_at[crew] else self.model.bases[crew]

    def distance(self, server: Any, call: Any) -> float:
        """Return the travel time of a free server to a call."""
        start: int = self.where(server.id_number - 1, call.arrival_date)
        end: int = self.model.atom[call.id_number - 1]
        return self.model.travel[start][end]

    def sample(self, t: float = 0.0, ind: Any = None) -> float:
        """Return the service time of `ind`, to which a server has just been attached."""
        i: int = ind.id_number - 1
        crew: int = ind.server.id_number - 1
        atom = self.model.atom[i]
        length = self.model.travel[self.where(crew, t)][atom] + self.model.on_scene[i]
        self.sent.dispatched[i], self.sent.crew[i] = t, crew
        self.place[crew] = atom
        self.back_at[crew] = t + length + self.model.travel[atom][self.model.bases[crew]]
        return length


def ciw_sent(model: Model) -> Sent:
    """Run the shared model in ciw, with one node and a server priority function."""
    journeys = Journeys(model)
    names = [f"priority {p}" for p in sorted(set(model.priority))]
    times = {name: [t for t, p in zip(model.ready, model.priority, strict=True) if name == f"priority {p}"] for name in names}
    gaps = {name: [b - a for a, b in zip([0.0, *row], row, strict=False)] for name, row in times.items()}
    network = ciw.create_network(
        arrival_distributions={name: [ciw.dists.Sequential([*gaps[name], float("inf")])] for name in names},
        service_distributions={name: [journeys] for name in names},
        number_of_servers=[len(model.bases)],
        priority_classes={name: place for place, name in enumerate(names)},
        server_priority_functions=[journeys.distance],
        routing={name: [[0.0]] for name in names},
    )
    ciw.Simulation(network).simulate_until_max_time(model.ready[-1] + 1e6)
    return journeys.sent
