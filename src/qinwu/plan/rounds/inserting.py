"""Inserting: first routes, one visit after the other where it costs least, or on an outing drawn by lot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qinwu.plan.rounds.routing import Route, Routed, Task, timed


class Draft:
    """Routes that grow by one visit at a time."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.routes: dict[int, Route] = {}
        self.left_out: list[int] = []

    def with_visit(self, visit: int, outing: int) -> Route | None:
        """Return the outing with one more visit, where in its order that costs least; None where it does not fit."""
        if not self.task.allowed[visit, outing]:
            return None
        now = self.routes[outing].visits if outing in self.routes else ()
        orders = ((*now[:at], visit, *now[at:]) for at in range(len(now) + 1))
        made = [route for order in orders if (route := timed(self.task, outing, order)) is not None]
        return min(made, key=lambda route: route.travel_s, default=None)

    def extra_s(self, route: Route, visit: int) -> float:
        """Return what a route that takes one more visit costs more than before."""
        before = self.routes[route.outing].travel_s if route.outing in self.routes else 0.0
        return route.travel_s - before + float(self.task.late_s[visit, route.outing])

    def options(self, visit: int, outings: Sequence[int]) -> Iterator[Route]:
        """Yield every outing that can take a visit, with it."""
        for outing in outings:
            route = self.with_visit(visit, outing)
            if route is not None:
                yield route

    def cheapest(self, visit: int, outings: Sequence[int]) -> Route | None:
        """Return the outing that takes a visit at the least extra cost, with it; None where none can."""
        return min(self.options(visit, outings), key=lambda route: self.extra_s(route, visit), default=None)

    def put(self, route: Route) -> None:
        """Make a route one of those that are made."""
        self.routes[route.outing] = route

    def done(self) -> Routed:
        """Return the routes."""
        return Routed(tuple(self.routes[outing] for outing in sorted(self.routes)), tuple(sorted(self.left_out)))


def inserted(task: Task, order: Sequence[int], *, stop_at_first: bool = False) -> Routed:
    """Return routes with visits put in one by one, each where it costs least.

    Parameters
    ----------
    task
        What is to be routed.
    order
        Positions of visits, the most important first.
    stop_at_first
        Leave out everything after the first visit that does not fit, so that what is made is a beginning of `order`.
    """
    draft = Draft(task)
    every = range(task.outings)
    for place, visit in enumerate(order):
        best = draft.cheapest(visit, every)
        if best is not None:
            draft.put(best)
        elif stop_at_first:
            draft.left_out += order[place:]
            break
        else:
            draft.left_out.append(visit)
    return draft.done()
