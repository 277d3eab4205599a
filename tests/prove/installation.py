"""An installation of its own for the faults: PostgreSQL, web server and worker as processes that may be killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
import pytest
from bench.browser import HOST

from fengqiao.config.local_postgres import LocalServer, local_server
from fengqiao.config.supervisor import (
    Child,
    Supervisor,
    application_environment,
    free_port,
    web_command,
    worker_command,
)
from tests import installed_ground

# A process that dies again so soon is a crash loop to granian, which then ends itself: that is the death of the whole
# web server, a fault of its own.
CRASH_LOOP_SECONDS = 6.0
SECONDS_TO_START = 60


@dataclass
class Installation:
    """A county with its officers, at work; every part of it can be killed and comes back."""

    server: LocalServer
    children: Supervisor
    surroundings: Mapping[str, str]
    port: int
    owner: str

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "fengqiao", *arguments],
            env=dict(self.surroundings),
            capture_output=True,
            text=True,
            check=False,
        )

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.server.as_superuser("fengqiao").url()) as connection:
            return connection.execute(statement).fetchall()

    def web_command(self) -> list[str]:
        return web_command(HOST, self.port, workers=2)

    # --- the faults ------------------------------------------------------------------------------------------

    def kill_the_database(self) -> None:
        pid = self.server.pid()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=10)
        self.server.start()

    def kill_a_web_process(self) -> None:
        serving = psutil.Process(self._pid("web")).children(recursive=True)
        assert serving, "the web server has no process that serves"
        oldest = min(serving, key=psutil.Process.create_time)
        time.sleep(max(0.0, oldest.create_time() + CRASH_LOOP_SECONDS - time.time()))
        oldest.kill()

    def kill_the_web_server(self) -> None:
        self._kill("web")

    def kill_the_worker(self) -> None:
        self._kill("worker")

    def _kill(self, name: str) -> None:
        child = self._child(name)
        assert child.process is not None
        os.killpg(child.process.pid, signal.SIGKILL)
        child.process.wait()
        # An operator's process manager starts it again however often; the demo's gives up at the second time.
        child.restarted = False
        self.children.look_after()

    def _child(self, name: str) -> Child:
        return next(child for child in self.children.children if child.name == name)

    def _pid(self, name: str) -> int:
        process = self._child(name).process
        assert process is not None
        return process.pid


@contextmanager
def installed(
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    server_of: Callable[[], LocalServer] = local_server,
    more: Mapping[str, str] | None = None,
) -> Iterator[Installation]:
    """Set up, with a day of the demo's county played, serving until the block ends.

    Copied from one that was made before, but where the files are to lie elsewhere.
    ``more`` is what web server and worker find in their surroundings beside the usual.
    """
    monkeypatch.setenv("FENGQIAO_HOME", str(home))
    monkeypatch.setenv("FENGQIAO_SECOND_FACTOR", "none")
    for name in ("FENGQIAO_DATABASE_URL", "FENGQIAO_APP_DATABASE_URL", "FENGQIAO_APP_ROLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "fengqiao.config.settings")
    server = server_of()
    copied = "FENGQIAO_FILES" not in os.environ
    if copied:
        installed_ground.copy_to(server)
    with server.borrowed() as owner:
        monkeypatch.setenv("FENGQIAO_DATABASE_URL", owner.url())
        here = Installation(server, Supervisor(home / "logs", {}), dict(os.environ), 0, owner.url())
        try:
            for arguments in () if copied else (("setup", "-v", "0"), installed_ground.PLAYED):
                done = here.command(*arguments)
                assert done.returncode == 0, done.stderr
            here.port = free_port(HOST, 21_000 + os.getpid() % 9_000)
            here.children.surroundings = application_environment() | dict(more or {})
            here.children.start("web", here.web_command())
            here.children.start("worker", worker_command(concurrency=1))
            here.children.wait_for(f"http://{HOST}:{here.port}/ready", seconds=SECONDS_TO_START)
            yield here
        finally:
            here.children.stop()
    shutil.rmtree(server.data.parent, ignore_errors=True)
