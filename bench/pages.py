"""The pages that are opened all day, over HTTP from a running web server, and the memory that it takes meanwhile."""

from __future__ import annotations

import os
import platform
import re
import statistics
import time
import urllib.parse
from typing import Any

import psutil
import psycopg

from bench.browser import HOST, Browser, token_of
from bench.registering import LOOKED_UP
from fengqiao.config import environment
from fengqiao.config.supervisor import (
    Supervisor,
    application_environment,
    free_port,
    web_command,
    worker_command,
)

# The newest of the ledger as bare SQL: what a page of it cannot be faster than.
NEWEST = (
    "SELECT * FROM matters_matter WHERE county = '440785' AND step = 'register' "
    "ORDER BY registered_at DESC, code DESC LIMIT 31"
)


def measure(owner: str, *, rounds: int) -> dict[str, Any]:
    """Median milliseconds of each page, the limit of the ledger's, and megabytes of web and worker."""
    children = Supervisor(environment.home() / "logs", application_environment())
    port = free_port(HOST, 18_800)
    try:
        children.start("web", web_command(HOST, port, workers=2))
        children.start("worker", worker_command(concurrency=1))
        children.wait_for(f"http://{HOST}:{port}/ready", seconds=60)
        idle = _memory(children)
        told = _pages(port, rounds)
        with psycopg.connect(owner) as connection:
            told["ledger_limit"] = _median(lambda: connection.execute(NEWEST).fetchall(), rounds)
            row = connection.execute("SELECT count(*) FROM matters_matter").fetchone()
        return {
            "matters": row[0] if row else 0,
            "ms": told,
            "memory_mb": {"idle": idle, "after": _memory(children)},
        }
    finally:
        children.stop()


def machine() -> str:
    """What it was measured on, for the line above the table."""
    return f"{os.cpu_count()} cores, {platform.processor() or platform.machine()}, Python {platform.python_version()}"


def _pages(port: int, rounds: int) -> dict[str, float]:
    officer = Browser(port, "dispatcher")
    ledger = officer.get("/ledger/")
    code = re.search(r"\d{6}-\d{8}-\d{6,}", ledger)
    assert code, "the ledger is empty"
    search = urllib.parse.quote("工钱")
    addresses = {
        "my work": "/",
        "ledger": "/ledger/",
        "ledger, one step": "/ledger/?step=close",
        "ledger, one word": f"/ledger/?q={search}",
        "matter": f"/matters/{code[0]}/",
    }
    told = {name: _median(lambda at=address: officer.get(at), rounds) for name, address in addresses.items()}
    looked_up = {"party": LOOKED_UP, "csrfmiddlewaretoken": token_of(ledger)}
    told["party look-up"] = _median(lambda: officer.post("/ledger/party", looked_up), rounds)
    officer.close()
    return told


def _median(act: Any, rounds: int) -> float:
    for _ in range(3):
        act()
    taken = []
    for _ in range(rounds):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return round(statistics.median(taken) * 1000, 2)


def _memory(children: Supervisor) -> float:
    """Proportional set size of all web and worker processes, in MB: what two processes share counts once."""
    running = [psutil.Process(child.process.pid) for child in children.children if child.process]
    family = [each for parent in running for each in (parent, *parent.children(recursive=True))]
    return round(sum(each.memory_full_info().pss for each in family) / 2**20, 1)
