"""`fengqiao demo`."""

from __future__ import annotations

import fcntl
import os
import signal
import time
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fengqiao.config import assets, cli, demo_county, environment, supervisor
from fengqiao.config.management.commands.setup import set_up

FIRST_PAGE_SECONDS = 60
SECOND_FACTOR = "FENGQIAO_SECOND_FACTOR"
LIVE = "FENGQIAO_LIVE"
WEBHOOK_NETWORKS = "FENGQIAO_WEBHOOK_NETWORKS"


class Command(BaseCommand):
    help = "Set up and run everything on this machine, with a county at work to look at; Ctrl-C ends it."
    examples = ("fengqiao demo", "FENGQIAO_PORT=9000 fengqiao demo")
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default=environment.host())
        parser.add_argument("--port", type=int, default=environment.port())
        parser.add_argument("--empty", action="store_true", help="without the county")

    def handle(self, *args: Any, **options: Any) -> None:
        with self._alone() as note, _ended_by_signals():
            home = environment.home().resolve()
            if not assets.built():
                self._say("The pages' scripts and styles are not built yet: run `make assets`.")
            set_up(verbosity=0)
            self._say("The database is ready.")
            county = not options["empty"] and demo_county.has_room()
            surroundings = supervisor.application_environment()
            if county:
                # Known passwords: this is for looking. An operator who has said who needs one is obeyed.
                surroundings.setdefault(SECOND_FACTOR, "none")
                # A receiver to try webhooks with runs on this machine.
                surroundings.setdefault(WEBHOOK_NETWORKS, "127.0.0.0/8,::1/128")
            children = supervisor.Supervisor(
                home / "logs",
                surroundings,
                out=self.stdout,  # type: ignore[arg-type]
            )
            try:
                self._run(children, note, county=county, **options)
            except (KeyboardInterrupt, SystemExit):
                self._say("Stopping …")
            except supervisor.NotRunning as trouble:
                raise CommandError(str(trouble)) from trouble
            finally:
                children.stop()
        self._say("Stopped. Everything is kept; `make demo` goes on from here.")

    def _run(self, children: supervisor.Supervisor, note: Any, **options: Any) -> None:
        host = options["host"]
        port = supervisor.free_port(host, options["port"])
        address = f"http://{'localhost' if host in ('127.0.0.1', '0.0.0.0') else host}:{port}/"  # noqa: S104
        note.truncate(0)
        note.write(f"{address} (process {os.getpid()})")
        note.flush()
        live = supervisor.free_port(host, port + 1)
        # Nothing stands in front of the demo: pages hear of notices at a port beside their own.
        children.surroundings = {**children.surroundings, LIVE: f":{live}"}
        # The web server comes up while the county is made.
        children.start("web", supervisor.web_command(host, port))
        children.start("live", supervisor.live_command(host, live))
        children.start("worker", supervisor.worker_command())
        sign_ins: Sequence[tuple[str, str, str]] = ()
        if options["county"]:
            demo_county.first_weeks(self._say)
            sign_ins = demo_county.sign_ins()
            demo_county.leave_database()
        children.wait_for(f"http://{_reachable(host)}:{port}/ready", seconds=FIRST_PAGE_SECONDS)
        if options["county"] and (rest := demo_county.the_rest()):
            children.start("county", rest, ends=True)
        self._welcome(address, sign_ins, second_factor=children.surroundings.get(SECOND_FACTOR, ""))
        while True:
            time.sleep(0.5)
            children.look_after()

    def _welcome(self, address: str, sign_ins: Any, *, second_factor: str) -> None:
        seconds = time.monotonic() - cli.STARTED
        self._say(f"\n  {address}\n\n  The first page answered after {seconds:.1f} s.")
        if sign_ins:
            width = max(len(login) for _, login, _ in sign_ins)
            off = " (demo: second factor off)" if second_factor == "none" else ""
            self._say(f"\n  Sign in as{off}:")
            for role, login, password in sign_ins:
                self._say(f"    {login:<{width}}  {password}  {role}")
        self._say(f"\n  Logs: {environment.home() / 'logs'}. Ctrl-C stops everything.\n")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    @contextmanager
    def _alone(self) -> Iterator[Any]:
        """One demo a home: a second one would work on the same database under the first one's feet."""
        with (environment.home() / "demo.lock").open("a+") as note:
            try:
                fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as taken:
                note.seek(0)
                where = note.read() or "another process"
                raise CommandError(f"the demo of this folder runs already: {where}") from taken
            yield note


def _reachable(host: str) -> str:
    return "127.0.0.1" if host == "0.0.0.0" else f"[{host}]" if ":" in host else host  # noqa: S104


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    def end(*_: Any) -> None:
        raise KeyboardInterrupt

    # Ctrl-C too: a process started in the background by a shell script would otherwise ignore it.
    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
