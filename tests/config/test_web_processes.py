"""The web server as it is run: two processes, one sum of figures, one JSON line an answer."""

from __future__ import annotations

import json
import os
import re
import signal
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from fengqiao.config import shared_figures
from fengqiao.config.supervisor import Supervisor, application_environment, free_port, web_command

HOST = "127.0.0.1"
ALIVE = 'fengqiao_requests_total{method="GET",route="alive",status="200"}'


@pytest.fixture
def served(committed_db: None, tmp_path: Path) -> Iterator[tuple[Supervisor, str]]:
    surroundings = application_environment() | {
        "DJANGO_SETTINGS_MODULE": "fengqiao.config.settings",
        "FENGQIAO_LOG_FORMAT": "json",
    }
    children = Supervisor(tmp_path / "logs", surroundings)
    port = free_port(HOST, 23_000 + os.getpid() % 9_000)
    try:
        children.start("web", web_command(HOST, port, workers=2))
        children.wait_for(f"http://{HOST}:{port}/ready", seconds=60)
        yield children, f"http://{HOST}:{port}"
    finally:
        children.stop()


def get(address: str) -> str:
    # A new line each time, so that the processes take turns.
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode()


def alive_in(text: str) -> float:
    found = re.search(rf"^{re.escape(ALIVE)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_every_process_tells_the_figures_of_all(served: tuple[Supervisor, str]) -> None:
    children, address = served
    told = []
    for _ in range(20):
        get(f"{address}/healthz")
        told.append(alive_in(get(f"{address}/metrics")))
    assert told == [float(n) for n in range(1, 21)]

    web = children.children[0].process
    assert web is not None
    (folder,) = shared_figures.MEMORY.glob(f"fengqiao-figures-*-{web.pid}-*")
    counting = {path.name.rpartition("_")[2] for path in folder.glob("counter_*.db")}
    assert len(counting) == 2, "one process answered everything: this test shows nothing"
    # One of them dies; what it counted stays counted.
    os.kill(int(counting.pop().removesuffix(".db")), signal.SIGKILL)
    end = time.monotonic() + 30
    while True:
        try:
            assert alive_in(get(f"{address}/metrics")) == 20
            break
        except OSError:
            assert time.monotonic() < end


def test_each_answer_is_a_line_of_json(served: tuple[Supervisor, str]) -> None:
    children, address = served
    with urllib.request.urlopen(f"{address}/healthz?phone=13800000001", timeout=10) as answer:
        number = answer.headers["X-Request-Id"]
    log = children.children[0].log.read_text()
    # What is not JSON is Python's own warning that nothing was collected for this test.
    written = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    (line,) = [line for line in written if line.get("request_id") == number]
    assert isinstance(line.pop("ms"), float)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", line.pop("timestamp"))
    assert line == {
        "event": "answered",
        "logger": "fengqiao.request",
        "level": "info",
        "request_id": number,
        "route": "alive",
        "method": "GET",
        "status": 200,
        "post": None,
    }
