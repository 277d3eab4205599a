"""Running the processes of one machine: the web server, the worker, what plays the demo's county.

The children get the application's address and never the owner's. Each is the head of a session of its own,
so that Ctrl-C reaches the supervisor alone, which ends them in order.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NoReturn

from fengqiao.config import environment

PORT_TRIES = 20
GRACE_SECONDS = 5.0
# The web server's own patience with its processes when it is asked to end.
LAST_ANSWER_SECONDS = 15
# A child that dies later than this has worked; its death is then its first again.
STEADY_SECONDS = 60.0


class NotRunning(RuntimeError):
    """A process did not come up; the message names its log and quotes the end of it."""


@dataclass
class Child:
    """One process that is kept running."""

    name: str
    command: Sequence[str]
    log: Path
    # A child that is done when it ends, like the one that plays the county's later weeks.
    ends: bool = False
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    restarted: bool = False


@dataclass
class Supervisor:
    """Starts children, restarts each once, stops all."""

    logs: Path
    surroundings: Mapping[str, str]
    out: IO[str] = sys.stdout
    children: list[Child] = field(default_factory=list)

    def start(self, name: str, command: Sequence[str], *, ends: bool = False) -> Child:
        self.logs.mkdir(mode=0o700, parents=True, exist_ok=True)
        child = Child(name, command, self.logs / f"{name}.log", ends=ends)
        if child.log.exists():
            child.log.replace(child.log.with_suffix(".before.log"))
        self.children.append(child)
        self._spawn(child)
        return child

    def _spawn(self, child: Child) -> None:
        with child.log.open("ab") as log:
            child.process = subprocess.Popen(  # noqa: S603
                child.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(self.surroundings),
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509  no threads run here
            )
        child.started = time.monotonic()

    def look_after(self) -> None:
        """Looks once at each child. One that died is started again, the second time in a row the demo ends.

        :raises NotRunning: when a child died again.
        """
        for child in list(self.children):
            code = child.process.poll() if child.process else 0
            if code is None:
                continue
            if child.ends:
                self.children.remove(child)
                if code:
                    self.out.write(f"{child.name} ended early, see {child.log}\n")
                continue
            if time.monotonic() - child.started > STEADY_SECONDS:
                child.restarted = False
            if child.restarted:
                raise NotRunning(f"{child.name} ended with code {code}:\n{last_lines(child.log)}")
            self.out.write(f"{child.name} ended with code {code} and is started again, see {child.log}\n")
            child.restarted = True
            self._spawn(child)

    def wait_for(self, url: str, *, seconds: float) -> None:
        """Waits until the address answers with 200, looking after the children meanwhile.

        :raises NotRunning: after that many seconds.
        """
        end = time.monotonic() + seconds
        trouble = "no answer"
        while time.monotonic() < end:
            self.look_after()
            try:
                with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
                    if answer.status == 200:
                        return
                    trouble = f"status {answer.status}"
            except urllib.error.HTTPError as refusal:
                trouble = f"status {refusal.code}"
            except OSError as refusal:
                trouble = str(refusal)
            time.sleep(0.1)
        logs = "\n".join(last_lines(child.log) for child in self.children)
        raise NotRunning(f"{url} does not answer after {seconds:.0f} s ({trouble}):\n{logs}")

    def stop(self) -> None:
        """Asks every child to end, the last started first, and ends the deaf ones."""
        running = [child.process for child in reversed(self.children) if child.process]
        for process in running:
            if process.poll() is None:
                _signal_session(process.pid, signal.SIGTERM)
        end = time.monotonic() + GRACE_SECONDS
        for process in running:
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal_session(process.pid, signal.SIGKILL)
                process.wait()
        self.children.clear()


def application_environment() -> dict[str, str]:
    """This process's environment with the application's address in place of the owner's."""
    address = environment.app_address()
    if address is None:
        raise NotRunning("no database is set up: run `fengqiao setup`")
    kept = {name: value for name, value in os.environ.items() if name != "FENGQIAO_DATABASE_URL"}
    return kept | {
        "FENGQIAO_APP_DATABASE_URL": address.url(),
        "FENGQIAO_HOME": str(environment.home().resolve()),
        "PYTHONUNBUFFERED": "1",
    }


def web_command(host: str, port: int, *, workers: int = 2, threads: int = 4) -> list[str]:
    """The web server's command line: processes × threads, plain WSGI."""
    return [
        *(sys.executable, "-m", "granian", "fengqiao.config.wsgi:application", "--interface", "wsgi"),
        *("--host", host, "--port", str(port), "--workers", str(workers)),
        *("--blocking-threads", str(threads), "--backlog", "256", "--no-ws", "--respawn-failed-workers"),
        # A process that does not end, whatever it waits for, does not keep the server from ending.
        *("--workers-kill-timeout", str(LAST_ANSWER_SECONDS)),
        # The access log would keep addresses and search words; the audit keeps what the law wants kept.
        *("--no-access-log", "--log-level", "warning"),
    ]


def live_command(host: str, port: int) -> list[str]:
    """The command line of the process of live notices: one, ASGI, streams that are open for long."""
    return [
        *(sys.executable, "-m", "granian", "fengqiao.config.asgi:application", "--interface", "asgi"),
        *("--host", host, "--port", str(port), "--workers", "1", "--no-ws", "--respawn-failed-workers"),
        # Streams never end by themselves: the browsers come back.
        *("--workers-kill-timeout", "2", "--no-access-log", "--log-level", "warning"),
    ]


def worker_command(*, concurrency: int = 2) -> list[str]:
    """The worker's command line."""
    return [sys.executable, "-m", "fengqiao", "worker", "--concurrency", str(concurrency)]


def become(command: list[str]) -> NoReturn:
    """Runs a server in place of this process, with the application's address alone."""
    surroundings = application_environment()
    if os.environ.get("FENGQIAO_APP_DATABASE_URL"):
        # This process is no longer needed: it becomes the server.
        os.execve(command[0], command, surroundings)  # noqa: S606
    # The local database, or the owner's address, is kept by this process; the server is its child.
    process = subprocess.Popen(command, env=surroundings)  # noqa: S603
    try:
        code = process.wait()
    except (KeyboardInterrupt, SystemExit):
        process.terminate()
        code = process.wait()
    raise SystemExit(code)


def free_port(host: str, wanted: int) -> int:
    """The wanted port, or the next that nobody uses.

    :raises NotRunning: when many in a row are taken.
    """
    for port in range(wanted, wanted + PORT_TRIES):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            # As the server will: a port that a closed connection still lingers on is free.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise NotRunning(f"the ports {wanted} to {wanted + PORT_TRIES - 1} are taken: name one by FENGQIAO_PORT")


def last_lines(log: Path, count: int = 12) -> str:
    """The end of a log, with its name."""
    lines = log.read_text(errors="replace").splitlines()[-count:] if log.exists() else []
    return "\n".join([f"--- {log}", *lines])


def _die_with_parent() -> None:
    """On Linux the kernel ends the child when the supervisor is killed and cannot do so itself."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


def _signal_session(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, number)
