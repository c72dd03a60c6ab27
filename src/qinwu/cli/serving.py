"""``qinwu serve``: the duty board of a station, started with one command; nothing leaves the machine."""

from __future__ import annotations

import os
import webbrowser
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Thread, Timer
from typing import Annotated

from cyclopts import Parameter

from qinwu.cli.answering import between
from qinwu.cli.terminal import say
from qinwu.findings import Finding, QinwuError, raise_on_errors
from qinwu.language import N_, Language, default_language, translate
from qinwu.language import said as _

SETTINGS, APPLICATION = "qinwu.board.settings", "qinwu.board.asgi:application"
DOOR = "qinwu.board.door:Door"
FASTEST = 600.0
DAY_BEGINS_H = 7


Folder = Annotated[Path, Parameter(help=_("The station folder."))]
Lang = Annotated[Language | None, Parameter(name="--lang", help=_("Language of what is written: zh or en."))]


@dataclass(frozen=True)
class At:
    """Where the board answers."""

    host: Annotated[str, Parameter(help=_("Address to answer at; other machines reach it only if this is not 127.0.0.1."))] = (
        "127.0.0.1"
    )
    port: Annotated[int, Parameter(help=_("Port to answer at."))] = 8420
    open: Annotated[bool, Parameter(help=_("Open the browser."))] = True
    workers: Annotated[int, Parameter(help=_("Processes that answer; a busy control room takes one for each core."))] = 1
    tls: Annotated[bool, Parameter(negative="", help=_("A reverse proxy in front speaks HTTPS: cookies go nowhere else."))] = False


AT = At()


def serve(
    folder: Folder,
    *,
    at: Annotated[At, Parameter(name="*")] = AT,
    demo: Annotated[
        bool, Parameter(negative="", help=_("Fill it with users of every role and play a day of the station's calls."))
    ] = False,
    speed: Annotated[float, Parameter(help=_("How many times as fast the demonstration plays."))] = 60.0,
    lang: Lang = None,
) -> None:
    """Serve the board of a station until interrupted."""
    language = lang or default_language()
    raise_on_errors(
        [*between("--port", at.port, 1, 65535), *between("--speed", speed, 1, FASTEST), *between("--workers", at.workers, 1, 16)]
    )
    _needs_board()
    _check_station(folder)
    _environment(folder, at, language, speed if demo else None)

    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    import_module("qinwu.board.plans.comparing").resume()
    if demo:
        import_module("qinwu.board.demo.day").go_on()
        _demonstrate(language)
    address = f"http://{at.host}:{at.port}/"
    say(translate("The board answers at {address}; Ctrl-C ends it.", language).format(address=address))
    if at.open:
        Timer(1.5, webbrowser.open, (address,)).start()

    import uvicorn

    uvicorn.run(
        APPLICATION,
        host=at.host,
        port=at.port,
        workers=at.workers,
        http=DOOR,
        ws="none",
        lifespan="off",
        proxy_headers=at.tls,  # without a proxy in front, whoever asks would say himself where he asks from
        server_header=False,
        log_level="warning",
        timeout_worker_healthcheck=15,  # slow on a busy machine is not dead; dead is not noticed much later
        timeout_graceful_shutdown=3,
        timeout_keep_alive=75,  # longer than a proxy keeps it: nobody asks on a connection that is just being closed
    )


def backup(
    folder: Folder,
    file: Annotated[Path, Parameter(help=_("Where the copy goes."))],
    *,
    lang: Lang = None,
) -> None:
    """Copy the board of a station into one file, its trail verified."""
    _open_database(folder, lang)
    entries = import_module("qinwu.board.oversight.keeping").write_copy(file)
    words = translate("{file} holds the whole board: {count} entries of its trail, verified.", lang or default_language())
    say(words.format(file=file, count=entries))


def restore(
    folder: Folder,
    file: Annotated[Path, Parameter(help=_("A copy that backup wrote."))],
    *,
    lang: Lang = None,
) -> None:
    """Read a copy into the empty board of a station, and verify it."""
    _open_database(folder, lang)
    entries = import_module("qinwu.board.oversight.keeping").read_copy(file)
    words = translate("{file} is read back: {count} entries of its trail, verified.", lang or default_language())
    say(words.format(file=file, count=entries))


def purge(
    folder: Folder,
    *,
    before: Annotated[date, Parameter(help=_("The first day of which everything is kept, such as 2024-01-01."))],
    yes: Annotated[bool, Parameter(negative="", help=_("Delete; without it only the numbers are told."))] = False,
    lang: Lang = None,
) -> None:
    """Delete what was over before a day from the board of a station; the trail stays whole."""
    language = lang or default_language()
    _open_database(folder, lang)
    purging = import_module("qinwu.board.oversight.purging")
    zone = import_module("qinwu.board.in_force").in_force().zone
    found = purging.purge(before, zone, "system", really=yes)
    for name, count in found.items():
        say(f"{count:>9,}  {purging.title_of(name, language)}")
    if not found:
        words = N_("Nothing of the board was over before {day}.")
    elif yes:
        words = N_("Deleted: all that was over before {day}. The trail is whole, with an entry that says so.")
    else:
        words = N_("So many rows were over before {day}. Nothing is deleted yet: take a copy, then say --yes.")
    say(translate(words, language).format(day=before.isoformat()))


def _open_database(folder: Path, lang: Language | None) -> None:
    """Set the board up without serving it."""
    _needs_board()
    _check_station(folder)
    _environment(folder, AT, lang or default_language(), None)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _needs_board() -> None:
    if find_spec("django") is None or find_spec("uvicorn") is None:
        message = N_("The board needs the extra {extra}.")
        remedy = N_("Install it: uv sync --extra board, or pip install 'qinwu[board]'")
        raise QinwuError([Finding("missing-extra", "error", message, remedy, values={"extra": "board"})])


def _check_station(folder: Path) -> None:
    """Refuse a folder whose duty system could not be obeyed, before a database is made in it."""
    from qinwu.simulate.trial import prepare_one

    prepare_one(folder, even_without_calls=True)


def _environment(folder: Path, at: At, language: Language, speed: float | None) -> None:
    hosts = {"127.0.0.1", "localhost", at.host, *os.environ.get("QINWU_HOSTS", "").split(",")} - {""}
    values = {
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "QINWU_STATION": str(folder.resolve()),
        "QINWU_HOSTS": ",".join(sorted(hosts)),
        "QINWU_LANG": language,
        "QINWU_TLS": "1" if at.tls else "",
    }
    os.environ.update(values)
    if speed is not None:
        real = datetime.now(UTC)
        clock = import_module("qinwu.board.clock")
        os.environ[clock.ENVIRONMENT] = clock.Pace(real, real, speed).words()
        os.environ["DATABASE_URL"] = f"sqlite:///{folder.resolve() / 'board' / 'demo.sqlite3'}"


def _demonstrate(language: Language) -> None:
    """Make accounts and start the players."""
    demo = import_module("qinwu.board.demo.day")
    for name, password, role in demo.make_accounts(language):
        say(f"  {name} / {password}  ({role})")
    demo.make_day(import_module("qinwu.board.in_force").in_force())
    Thread(target=demo.play, daemon=True).start()
