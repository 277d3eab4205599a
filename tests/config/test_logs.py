"""What is written down: enough to find a fault by, and nothing that somebody typed."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.conf import settings as settings_of_tests
from django.http import HttpRequest
from django.test import Client
from django.urls import include, path

from fengqiao.accounts.enums import Role
from fengqiao.accounts.marks import for_machines
from fengqiao.accounts.scope import scope
from fengqiao.config import logs
from fengqiao.matters.models import Matter
from tests.small_county import build
from tests.web.desk import at_the_desk
from tests.web.test_registering import typed

TYPED = {
    "title": "墙外的树遮了光",
    "account": "说到底是赵小满不肯锯",
    "against_name": "赵小满",
    "parties-0-name": "欧阳建国",
    "parties-0-phone": "13912345678",
}
QUERY = "/register/?q=13700001111&name=司马青"


class Log(io.StringIO):
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


@for_machines
def fails(request: HttpRequest) -> None:
    """A view with what was typed in its variables, in its error's words and in the error behind it."""
    name = request.POST["parties-0-name"]
    try:
        int(name)
    except ValueError as trouble:
        raise RuntimeError(f"{name} {request.GET['q']}") from trouble


urlpatterns = [path("fails", fails, name="fails"), path("", include("fengqiao.config.urls"))]


@pytest.fixture
def written() -> Iterator[Log]:
    """Everything from DEBUG on that any library says, in the form of production."""
    hooks = sys.excepthook, threading.excepthook
    configured = logs.set_up(as_json=True, level="DEBUG", everything=False)
    formatting = dict(configured["formatters"]["ours"])
    log = Log()
    handler = logging.StreamHandler(log)
    handler.setFormatter(formatting.pop("()")(**formatting))
    root, ours = logging.getLogger(), logging.getLogger("fengqiao")
    before = root.level, ours.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    ours.setLevel(logging.DEBUG)
    yield log
    sys.excepthook, threading.excepthook = hooks
    root.removeHandler(handler)
    root.setLevel(before[0])
    ours.setLevel(before[1])
    logs.set_up(as_json=False, level="WARNING", everything=settings_of_tests.DEBUG)


def test_a_registration_leaves_nothing_of_it_in_the_log(db, written: Log) -> None:
    county = build()
    form = typed(**TYPED)
    desk = at_the_desk(county, Role.REGISTRAR)
    assert desk.post(QUERY, form).status_code == 302
    # And one with a fault in it, which comes back.
    assert desk.post(QUERY, form | {"parties-0-phone": "139x", "token": ""}).status_code == 422
    assert desk.get("/matters/13912345678/").status_code == 403
    with scope(county.actor(Role.DIRECTOR)):
        code = Matter.objects.values_list("code", flat=True).get()
    text = written.getvalue()
    secrets = {*TYPED.values(), form["parties-0-identity"], "13700001111", "司马青", "139x", code}
    assert {word for word in secrets if word in text} == set()
    answers = [
        {name: line[name] for name in ("route", "method", "status", "post")}
        for line in written.lines()
        if line["event"] == "answered"
    ]
    post = str(county.stationings[(str(Role.REGISTRAR), "county")].post_id)
    assert answers[0] == {"route": "register", "method": "POST", "status": 302, "post": post}


def test_an_error_is_told_by_its_kind_and_its_lines(db, settings, written: Log) -> None:
    settings.ROOT_URLCONF = __name__
    browser = Client(raise_request_exception=False)
    answer = browser.post("/fails?q=13700001111", {"parties-0-name": "欧阳建国"})
    assert answer.status_code == 500
    text = written.getvalue()
    assert [word for word in ("欧阳建国", "13700001111") if word in text] == []
    (told,) = [line for line in written.lines() if "error" in line]
    assert told["request_id"] == answer.headers["X-Request-Id"]
    assert (told["logger"], told["level"]) == ("django.request", "error")
    assert [each["kind"] for each in told["error"]] == ["builtins.RuntimeError", "builtins.ValueError"]
    assert told["error"][1]["at"][-1].split("/")[-1].split(":")[0] == "test_logs.py"
    assert told["error"][1]["at"][-1].endswith(" fails")


def test_our_own_errors_are_told_the_same_way(written: Log) -> None:
    try:
        raise ValueError("13912345678")
    except ValueError:
        structlog.get_logger("fengqiao.work").exception("failed", task="export")
    (line,) = written.lines()
    assert (line["event"], line["task"], line["error"][0]["kind"]) == (
        "failed",
        "export",
        "builtins.ValueError",
    )
    assert "13912345678" not in written.getvalue()


def test_what_a_library_put_together_is_not_kept(written: Log) -> None:
    logging.getLogger("library").warning("no such phone: 13912345678")
    logging.getLogger("library").warning("no such phone: %s", "13912345678")
    logging.getLogger("procrastinate.worker").error(
        "Job export[7](phone='13912345678') ended with status: Error",
        extra={
            "action": "job_error",
            "job": {"id": 7, "task_name": "export", "task_kwargs": {"phone": "13912345678"}, "attempts": 2},
        },
    )
    assert "13912345678" not in written.getvalue()
    lines = written.lines()
    assert [line["event"] for line in lines] == ["a library's message", "no such phone: %s", "job_error"]
    assert [line["where"].split(":")[0] for line in lines] == ["test_logs"] * 3
    assert lines[2]["job"] == {"id": 7, "task_name": "export", "attempts": 2}


def test_a_developer_reads_lines_and_whole_errors() -> None:
    configured = logs.set_up(as_json=False, level="INFO", everything=True)
    try:
        formatting = dict(configured["formatters"]["ours"])
        log = io.StringIO()
        handler = logging.StreamHandler(log)
        handler.setFormatter(formatting.pop("()")(**formatting))
        logger = logging.getLogger("library.of.this.test")
        logger.propagate = False
        logger.addHandler(handler)
        try:
            raise ValueError("made-up data")
        except ValueError:
            logger.exception("it failed: %s", "so")
    finally:
        logs.set_up(as_json=False, level="WARNING", everything=settings_of_tests.DEBUG)
    text = log.getvalue()
    assert "it failed: so" in text
    assert "ValueError: made-up data" in text


DIES = """
import threading
import django
django.setup()
def fail():
    phone = "13912345678"
    raise ValueError(phone)
thread = threading.Thread(target=fail)
thread.start()
thread.join()
fail()
"""


def test_a_process_that_dies_says_where_and_not_what() -> None:
    environment = {
        **os.environ,
        "FENGQIAO_LOG_FORMAT": "json",
        "DJANGO_SETTINGS_MODULE": "fengqiao.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", DIES], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "13912345678" not in done.stdout + done.stderr
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["event"] for line in lines] == ["uncaught in a thread", "uncaught"]
    assert [line["error"][0]["kind"] for line in lines] == ["builtins.ValueError"] * 2
    assert lines[1]["error"][0]["at"][-1] == "<string>:7 fail"
