"""Counting requests: for each caller, for a minute, in a memory that does not grow."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from fengqiao.api import limits


@pytest.fixture(autouse=True)
def _anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FENGQIAO_API_RATE", "3")
    # A minute that does not end in the middle of a test.
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: 1_000.0))
    limits.forget()


def counted(caller: str) -> bool:
    return limits.count(RequestFactory().get("/"), caller)


def test_each_caller_is_counted_apart() -> None:
    assert [counted("one") for _n in range(4)] == [True, True, True, False]
    assert counted("other")


def test_the_headers_say_what_is_left() -> None:
    request, response = RequestFactory().get("/"), HttpResponse()
    limits.count(request, "one")
    limits.tell(request, response)
    assert (response["RateLimit-Limit"], response["RateLimit-Remaining"]) == ("3", "2")
    assert 0 < int(response["RateLimit-Reset"]) <= limits.WINDOW_SECONDS


def test_who_was_not_counted_is_told_nothing() -> None:
    response = HttpResponse()
    limits.tell(RequestFactory().get("/"), response)
    assert not response.has_header("RateLimit-Limit")


def test_the_memory_does_not_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_CALLERS", 50)
    for n in range(500):
        counted(f"caller {n}")
    assert len(limits._counts) <= 50


def test_the_next_minute_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [counted("one") for _n in range(4)][-1] is False
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: 1_000.0 + limits.WINDOW_SECONDS))
    assert counted("one")


def test_nothing_is_miscounted_when_many_come_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FENGQIAO_API_RATE", "100")
    let_in: list[bool] = []
    threads = [
        threading.Thread(target=lambda: let_in.extend(counted("one") for _n in range(50))) for _t in range(4)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert let_in.count(True) == 100
