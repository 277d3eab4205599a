"""The supervisor, with real child processes."""

import io
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from fengqiao.config.supervisor import (
    NotRunning,
    Supervisor,
    application_environment,
    free_port,
)

SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
]


@pytest.fixture
def supervisor(tmp_path: Path) -> Supervisor:
    return Supervisor(tmp_path / "logs", {"PATH": "/usr/bin:/bin"}, out=io.StringIO())


def wait_until_ended(supervisor: Supervisor) -> None:
    for child in supervisor.children:
        assert child.process
        child.process.wait(10)


def test_a_child_is_started_again_once(supervisor: Supervisor) -> None:
    child = supervisor.start("worker", SLEEPS)
    first = child.process
    assert first
    first.send_signal(signal.SIGKILL)
    wait_until_ended(supervisor)
    supervisor.look_after()
    second = child.process
    assert second
    assert second.pid != first.pid
    second.send_signal(signal.SIGKILL)
    wait_until_ended(supervisor)
    with pytest.raises(NotRunning, match="worker ended with code -9"):
        supervisor.look_after()


def test_the_end_of_its_log_is_quoted(supervisor: Supervisor) -> None:
    supervisor.start("web", [sys.executable, "-c", "raise SystemExit('the port is taken')"])
    wait_until_ended(supervisor)
    supervisor.look_after()
    wait_until_ended(supervisor)
    with pytest.raises(NotRunning, match="the port is taken"):
        supervisor.look_after()


def test_a_child_that_may_end_is_left_alone(supervisor: Supervisor) -> None:
    supervisor.start("county", [sys.executable, "-c", ""], ends=True)
    wait_until_ended(supervisor)
    supervisor.look_after()
    assert supervisor.children == []


def test_stopping_ends_the_deaf_too(supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fengqiao.config.supervisor.GRACE_SECONDS", 0.3)
    deaf, other = supervisor.start("deaf", DEAF), supervisor.start("other", SLEEPS)
    while not deaf.log.read_text():
        time.sleep(0.01)
    supervisor.stop()
    assert deaf.process
    assert other.process
    assert (deaf.process.returncode, other.process.returncode) == (-signal.SIGKILL, -signal.SIGTERM)


def test_the_next_free_port_is_taken() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < free_port("127.0.0.1", port) < port + 20


def test_children_never_get_the_owners_address() -> None:
    given = application_environment()
    assert "FENGQIAO_DATABASE_URL" not in given
    assert given["FENGQIAO_APP_DATABASE_URL"].startswith("postgresql://fengqiao_app_test:")
