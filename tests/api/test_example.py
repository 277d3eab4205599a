"""The example client of the integrator's guide, run as it stands against a running server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from pytest_django.plugin import DjangoDbBlocker

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.config import environment
from fengqiao.config.supervisor import Supervisor, application_environment, free_port, web_command
from fengqiao.matters.models import Matter
from tests import template_database
from tests.api.test_writing import wages
from tests.small_county import SmallCounty, build
from tests.web.test_machines import issued

CLIENT = environment.PROJECT / "docs" / "examples" / "client.py"
HOST = "127.0.0.1"


@pytest.fixture(scope="module")
def county(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SmallCounty]:
    with django_db_blocker.unblock():
        cache.clear()
        yield build()
        template_database.copy_template()


@pytest.fixture(scope="module")
def address(county: SmallCounty, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The web server as a process of its own."""
    folder = tmp_path_factory.mktemp("example")
    surroundings = application_environment() | {
        "DJANGO_SETTINGS_MODULE": "tests.journeys.served",
        "PYTHONPATH": str(environment.PROJECT),
    }
    children = Supervisor(folder, surroundings)
    port = free_port(HOST, 40_000 + os.getpid() % 20_000)
    try:
        children.start("web", web_command(HOST, port, workers=1))
        children.wait_for(f"http://{HOST}:{port}/ready", seconds=60)
        yield f"http://{HOST}:{port}"
    finally:
        children.stop()


def run(address: str, county: SmallCounty, sent: list[Any], folder: Path) -> subprocess.CompletedProcess[str]:
    made, secret = issued(county)
    file = folder / "matters.json"
    file.write_text("".join(json.dumps(each) + "\n" for each in sent), encoding="utf-8")
    credentials = {
        "FENGQIAO_URL": address, "FENGQIAO_CLIENT": made.client_id, "FENGQIAO_SECRET": secret,
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, str(CLIENT), str(file)],
        env=os.environ | credentials,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_it_hands_in_and_reads_again_and_doubles_nothing(
    address: str, county: SmallCounty, tmp_path: Path
) -> None:
    sent = [wages(title=f"第 {n} 件", source_number=f"SPT-{n}") for n in range(3)]
    first = run(address, county, sent, tmp_path)
    assert first.returncode == 0, first.stderr
    rows = [line.split(" ", 2) for line in first.stdout.splitlines()]
    assert [(state, title) for _code, state, title in rows] == [
        ("registered", f"第 {n} 件") for n in range(3)
    ]
    # The whole file once more, as after a night in which the line went down: the same matters.
    again = run(address, county, sent, tmp_path)
    assert again.stdout == first.stdout, again.stderr
    with scope(county.actor(Role.REGISTRAR)):
        assert list(Matter.objects.order_by("code").values_list("code", flat=True)) == [
            row[0] for row in rows
        ]


def test_it_says_what_is_wrong(address: str, county: SmallCounty, tmp_path: Path) -> None:
    done = run(address, county, [wages(source_number="wrong", category="0001")], tmp_path)
    assert done.returncode == 1
    assert "category: 没有这个纠纷类型" in done.stderr


def test_it_is_short() -> None:
    assert len(CLIENT.read_text(encoding="utf-8").splitlines()) < 60
