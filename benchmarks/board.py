"""A board under load: 500 calls a minute with 100 live screens, from the outside, over HTTP, on one machine.

The board of the sample town is served by ``qinwu serve`` in processes of its own. Calls come in by the interface for other systems
and are closed by it. A hundred screens with accounts of their own follow the stream of events with all parts of the board; each
opens another page every ten seconds: the board, the newest call with its proposal, the form for calls, the page of the day, duty
systems. With ``--by-hand 1`` a dispatcher also works on every call: opens its page, sends what is proposed, stamps and closes.

Two things are timed: pages, from the request to the whole answer; and events, from the moment that the sender of a call has its
number to the moment that each of the hundred screens was sent a queue with that number in it. The peer is the same server's
``/healthz``, which does next to nothing: what it needs in the same run is what the machine and the web server take.

Run with ``uv run python -m benchmarks.board``; ``--database postgres://…`` measures on PostgreSQL.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import numpy as np

from qinwu.station.sample import write_sample

CALLS_PER_MIN, SCREENS, SECONDS, WARM_UP_S = 500, 100, 90, 20
OPEN_S = 15.0
"""How long a call stays open."""
PAGE_EVERY_S = 10.0
PAGE_TARGET_MS, EVENT_TARGET_S = 300.0, 1.0
STAMPS = ("acknowledged", "en_route", "arrived", "finished", "over")
PARTS = "clock,queue,crews,moving"
NEWEST = "the newest call"
PAGES = ("/", NEWEST, "/today", "/calls/new", "/systems")
WARM_UPS = 6
"""How often each page is opened before the load begins: what a process works out once, it has then worked out."""
NO_LIMITS = {f"QINWU_LIMIT_{what}": "1000000/m" for what in ("LOGIN", "NEW_CALL", "API")}
"""All screens are one address here."""
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
CREW = re.compile(r'name="crew" value="([^"]+)"[^>]*checked')
STAMP = re.compile(r'action="(/sendings/\d+/stamp)"')


@dataclass
class Measured:
    """What was timed: pages in seconds by what they are, events in seconds, and whatever went wrong."""

    pages: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    events: list[float] = field(default_factory=list)
    wrong: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    calls: int = 0


@dataclass
class Run:
    """One run: where the board answers, what was measured, and when each call was acknowledged."""

    address: str
    cookies: list[str]
    token: str
    measured: Measured = field(default_factory=Measured)
    acknowledged: dict[str, float] = field(default_factory=dict)
    measuring: bool = False
    by_hand: float = 0.0
    newest: str = ""


def main() -> None:
    """Serve, load, and print."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--database", default="")
    asked.add_argument("--screens", type=int, default=SCREENS)
    asked.add_argument("--calls", type=int, default=CALLS_PER_MIN)
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--by-hand", type=float, default=0.0)
    asked.add_argument("--seconds", type=int, default=SECONDS)
    words = asked.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "town"
        write_sample(folder, "town", 2024)
        if words.database:
            os.environ["DATABASE_URL"] = words.database
        cookies, token, atoms, classes = accounts(folder, words.screens)
        server, address = served(folder, words.workers)
        run = Run(address, cookies, token, by_hand=words.by_hand)
        try:
            asyncio.run(load(run, words.calls, words.seconds, atoms, classes))
        finally:
            server.terminate()
            server.wait(20)
    told(run.measured, words.calls, words.screens, words.seconds, f"{words.database or 'SQLite'}, {words.workers} workers")


def accounts(folder: Path, screens: int) -> tuple[list[str], str, list[str], list[str]]:
    """Make an account for each screen and a token; return session cookies, the token, atoms and classes of calls."""
    os.environ |= {"DJANGO_SETTINGS_MODULE": "qinwu.board.settings", "QINWU_STATION": str(folder)}
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("flush", verbosity=0, interactive=False)
    from django.test import Client

    from qinwu.board.in_force import in_force
    from qinwu.board.models import Token
    from qinwu.board.views.account import make_account

    cookies = []
    for number in range(screens):
        user = make_account(f"screen{number}", uuid.uuid4().hex, ["dispatcher"], language="zh")
        client = Client()
        client.force_login(user, backend="qinwu.board.access.backend.RoleBackend")
        cookies.append(client.cookies["sessionid"].value)
    token = Token.make(user, "benchmark", datetime.now(UTC))
    force = in_force()
    return cookies, token, list(force.plan.atoms), [one.id for one in force.station.config.call_class]


def served(folder: Path, workers: int) -> tuple[subprocess.Popen[bytes], str]:
    """Serve a station; return the process and its address once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    words = ["-m", "qinwu.cli", "serve", str(folder), "--port", str(port), "--no-open", "--workers", str(workers)]
    server = subprocess.Popen([sys.executable, *words], env=os.environ | NO_LIMITS)
    for _ in range(240):
        try:
            httpx.get(f"{address}/healthz")
        except httpx.TransportError:
            time.sleep(0.5)
        else:
            return server, address
    raise RuntimeError("the board does not answer")


async def load(run: Run, calls_per_min: int, seconds: int, atoms: list[str], classes: list[str]) -> None:
    """Load the board for some seconds after warming up."""
    for _ in range(WARM_UPS):
        async with browser(run) as client:
            await one_call(run, client, run.cookies[0], atoms[0], classes[0], open_s=0.0)
            for page in PAGES:
                await visit(run, client, run.cookies[0], f"/calls/{run.newest}" if page == NEWEST else page, page)
    async with browser(run) as client:
        tasks = [asyncio.create_task(screen(run, number)) for number in range(len(run.cookies))]
        tasks.append(asyncio.create_task(ringing(run, client, calls_per_min, atoms, classes)))
        tasks.append(asyncio.create_task(peer(run, client)))
        await asyncio.sleep(WARM_UP_S)
        run.measuring = True
        await asyncio.sleep(seconds)
        run.measuring = False
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def browser(run: Run) -> httpx.AsyncClient:
    """Return a client with connections of its own, as each screen has them."""
    return httpx.AsyncClient(base_url=run.address, timeout=120.0, verify=False)


async def ringing(run: Run, client: httpx.AsyncClient, calls_per_min: int, atoms: list[str], classes: list[str]) -> None:
    """Let calls come in at random times of a Poisson process."""
    rng = random.Random(1)
    async with asyncio.TaskGroup() as group:
        due = time.perf_counter()
        while True:
            due += rng.expovariate(calls_per_min / 60.0)
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            cookie = rng.choice(run.cookies)
            group.create_task(one_call(run, client, cookie, rng.choice(atoms), rng.choice(classes)))


async def one_call(run: Run, client: httpx.AsyncClient, cookie: str, atom: str, call_class: str, open_s: float = OPEN_S) -> None:
    """Take a call and close it; where it is worked on by hand, send what is proposed and stamp in between."""
    body = {"key": str(uuid.uuid4()), "call_class": call_class, "atom": atom, "received": datetime.now(UTC).isoformat()}
    headers = {"Authorization": f"Bearer {run.token}"}
    answer = await timed(run, "call in", client.post("/api/calls", json=body, headers=headers))
    if answer is None:
        return
    number = answer.json()["number"]
    run.acknowledged[number], run.newest = time.perf_counter(), number
    run.measured.calls += run.measuring
    if random.random() >= run.by_hand:
        await asyncio.sleep(open_s)
        closed = client.post(f"/api/calls/{number}/close", json={"result": "handled"}, headers=headers)
        await timed(run, "close", closed)
        return
    page = await visit(run, client, cookie, f"/calls/{number}", "call page with proposal")
    if page is None:
        return
    crews, csrf = CREW.findall(page), TOKEN.search(page)
    posted = {"csrfmiddlewaretoken": csrf[1] if csrf else "", "result": "handled", "reason": "", "missing": "test"}
    if crews:
        sent = await post(run, client, cookie, f"/calls/{number}/send", posted | {"crew": crews}, "send")
        own = list(dict.fromkeys(STAMP.findall(sent or "")))
        await asyncio.sleep(OPEN_S / 3.0)
        for stamp in STAMPS:
            for address in own:
                await post(run, client, cookie, address, posted | {"stamp": stamp}, "stamp")
            await asyncio.sleep(OPEN_S / 10.0)
    else:
        await asyncio.sleep(OPEN_S)
    await post(run, client, cookie, f"/calls/{number}/close", posted, "close")


async def visit(run: Run, client: httpx.AsyncClient, cookie: str, address: str, what: str) -> str | None:
    """Open a page."""
    answer = await timed(run, what, client.get(address, headers={"Cookie": f"sessionid={cookie}"}))
    return answer.text if answer else None


async def post(run: Run, client: httpx.AsyncClient, cookie: str, address: str, body: dict[str, object], what: str) -> str | None:
    """Send a form and follow where it leads, but for stamps; another dispatcher may have been quicker."""
    csrf = str(body["csrfmiddlewaretoken"])
    headers = {"Cookie": f"sessionid={cookie}; csrftoken={csrf}", "Referer": run.address}
    answer = await timed(run, what, client.post(address, data=body, headers=headers, follow_redirects=False), may_be=(302, 409))
    if answer is not None and answer.status_code == 302 and what != "stamp":
        return await visit(run, client, cookie, answer.headers["location"], "call page" if what != "close" else "page /")
    return answer.text if answer else None


async def timed(run: Run, what: str, request: object, may_be: tuple[int, ...] = (200,)) -> httpx.Response | None:
    """Time a request; what is not answered as expected counts as wrong."""
    start = time.perf_counter()
    try:
        answer: httpx.Response = await request  # type: ignore[misc]
    except httpx.HTTPError as error:
        run.measured.wrong[f"{what}: {type(error).__name__}"] += 1
        return None
    if run.measuring:
        run.measured.pages[what].append(time.perf_counter() - start)
    if answer.status_code not in may_be:
        run.measured.wrong[f"{what}: {answer.status_code}"] += 1
        return None
    return answer


async def screen(run: Run, number: int) -> None:
    """Follow the stream of events, and open a page now and then."""
    rng = random.Random(1000 + number)
    cookie = run.cookies[number]
    async with browser(run) as client, asyncio.TaskGroup() as group:
        group.create_task(listening(run, client, cookie))
        while True:
            await asyncio.sleep(rng.uniform(0.0, 2.0 * PAGE_EVERY_S))
            page = rng.choice(PAGES)
            if page == NEWEST:
                await visit(run, client, cookie, f"/calls/{run.newest}" if run.newest else "/", "call page with proposal")
            else:
                await visit(run, client, cookie, page, f"page {page}")


async def listening(run: Run, client: httpx.AsyncClient, cookie: str) -> None:
    """Note when a screen is sent each call for the first time."""
    seen: set[str] = set()
    headers = {"Cookie": f"sessionid={cookie}"}
    async with client.stream("GET", f"/events?parts={PARTS}", headers=headers, timeout=None) as stream:
        if stream.status_code != 200:
            run.measured.wrong[f"events: {stream.status_code}"] += 1
            return
        async for line in stream.aiter_lines():
            at = time.perf_counter()
            for call in run.acknowledged.keys() - seen:
                if call in line:
                    seen.add(call)
                    if run.measuring:
                        run.measured.events.append(max(0.0, at - run.acknowledged[call]))


async def peer(run: Run, client: httpx.AsyncClient) -> None:
    """Ask the page that does next to nothing."""
    while True:
        await timed(run, "/healthz (the peer)", client.get("/healthz"))
        await asyncio.sleep(0.5)


def told(measured: Measured, calls: int, screens: int, seconds: int, served: str) -> None:
    """Print what was measured."""
    print(f"{served}: {calls} calls a minute wanted, {measured.calls * 60.0 / seconds:.0f} acknowledged; {screens} screens")
    print(f"{'':28}{'requests':>9}{'p50 ms':>9}{'p90 ms':>9}{'p99 ms':>9}{'worst':>9}")
    pages = [each for what, each in measured.pages.items() if "peer" not in what]
    together = {"all pages together": [one for each in pages for one in each]}
    for what, times in sorted(measured.pages.items()) + list(together.items()):
        p50, p90, p99, worst = (1e3 * np.percentile(times, share) for share in (50, 90, 99, 100))
        print(f"{what:28}{len(times):9}{p50:9.0f}{p90:9.0f}{p99:9.0f}{worst:9.0f}")
    worst_page = 1e3 * float(np.percentile(together["all pages together"], 99))
    idle = 1e3 * float(np.percentile(measured.pages["/healthz (the peer)"], 99))
    print(f"p99 of pages {worst_page:.0f} ms, {worst_page / idle:.1f} times the peer{verdict(worst_page, PAGE_TARGET_MS)}")
    late = float(np.percentile(measured.events, 99)) if measured.events else float("inf")
    print(f"p99 from event to screen {late:.2f} s over {len(measured.events)} deliveries{verdict(late, EVENT_TARGET_S)}")
    print(f"answers not as expected: {dict(measured.wrong) or 'none'}")


def verdict(value: float, target: float) -> str:
    """Return whether a target is met, in brackets."""
    return f" (target {target:g}: {'met' if value <= target else 'MISSED'})"


if __name__ == "__main__":
    main()
