"""A running desk for the journeys: granian and the worker as processes of their own, and a real Chromium.

Each module of journeys has its own county in the test process's database. The browser's program runs while the
module does; nothing here asks the database through it, for its loop lives in the thread of the tests.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, expect, sync_playwright
from pytest_django.plugin import DjangoDbBlocker

from fengqiao.audit.domain.roots import PUBLIC_KEY
from fengqiao.config import assets, environment
from fengqiao.config.supervisor import (
    Supervisor,
    application_environment,
    free_port,
    last_lines,
    web_command,
    worker_command,
)
from tests import small_county, template_database
from tests.journeys import moment, served
from tests.journeys.officers import Desk
from tests.small_county import SmallCounty

HOST = "127.0.0.1"
SECONDS_TO_START = 60
# Two cores, a database, a web server and a browser share the machine with the other test processes.
PATIENCE_MS = 20_000
SWITCHES = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def built_pages() -> None:
    """The pages' scripts and styles, collected and compressed for the web server."""
    assert assets.built(), "The pages' scripts and styles are not built: run `make assets`."
    with (
        environment.locked(environment.home() / "staticfiles.lock"),
        override_settings(STATIC_ROOT=served.STATIC_ROOT),
    ):
        assets.collect()


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SmallCounty]:
    """The small county, committed; the database is made anew after the module."""
    with django_db_blocker.unblock():
        made = small_county.build()
    yield made
    with django_db_blocker.unblock():
        template_database.copy_template()


@pytest.fixture(scope="module")
def matters(county: SmallCounty) -> dict[str, str]:
    """What is there before the desk opens: codes by a name that the module gives them."""
    return {}


@pytest.fixture(scope="module")
def moment_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a story says on which day it plays; without the file it is today."""
    return tmp_path_factory.mktemp("moment") / "moment"


@pytest.fixture(scope="module")
def address(
    built_pages: None, matters: dict[str, str], moment_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Where the desk is served: the web server and the worker run until the module ends."""
    folder = tmp_path_factory.mktemp("journeys")
    surroundings = application_environment() | {
        "DJANGO_SETTINGS_MODULE": served.__name__,
        "PYTHONPATH": str(environment.PROJECT),
        "FENGQIAO_SECOND_FACTOR": "none",
        "FENGQIAO_ROOTS": str(folder / "roots"),
        moment.NAME: str(moment_file),
    }
    children = Supervisor(folder / "logs", surroundings)
    port = free_port(HOST, 20_000 + os.getpid() % 20_000)
    try:
        children.start("web", web_command(HOST, port, workers=1))
        children.start("worker", worker_command(concurrency=1))
        children.wait_for(f"http://{HOST}:{port}/ready", seconds=SECONDS_TO_START)
        yield f"http://{HOST}:{port}"
        children.look_after()
        assert [child.name for child in children.children if child.restarted] == [], (
            "it died under the journeys"
        )
        _wait_for_the_worker(folder / "roots", children)
        assert "Traceback" not in "".join(log.read_text() for log in (folder / "logs").iterdir())
    finally:
        children.stop()


def _wait_for_the_worker(roots: Path, children: Supervisor) -> None:
    """Its first periodic work is done: the key that outsiders verify the roots with lies beside them."""
    end = time.monotonic() + SECONDS_TO_START
    while not (roots / PUBLIC_KEY).exists():
        assert time.monotonic() < end, last_lines(children.children[-1].log)
        children.look_after()
        time.sleep(0.1)


@pytest.fixture(scope="module")
def browser(address: str, chromium: str) -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        yield running
        running.close()


@pytest.fixture(scope="module")
def sessions(address: str) -> dict[str, Any]:
    """Who has signed in to the module's desk, so that not every test types every password."""
    return {}


@pytest.fixture
def desk(address: str, browser: Browser, sessions: dict[str, Any]) -> Iterator[Desk]:
    """The running desk. After the test no page may have complained, failed, or asked another host."""
    running = Desk(address, browser, PATIENCE_MS, sessions)
    yield running
    running.close()
    assert running.troubles == []
