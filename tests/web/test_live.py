"""Live notices through the process that tells them: granian, a session, NOTIFY after the commit. One's own alone."""

from __future__ import annotations

import http.client
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings

from fengqiao.accounts.enums import Role
from fengqiao.accounts.scope import scope
from fengqiao.config.supervisor import Supervisor, application_environment, free_port, live_command
from fengqiao.notices.domain import reading
from fengqiao.notices.domain.telling import CHANNEL, Addressee, NewNotice, tell
from fengqiao.notices.enums import Kind
from fengqiao.notices.queries.inbox import notices_of
from tests import small_county
from tests.small_county import SmallCounty
from tests.web.desk import at_the_desk

HOST = "127.0.0.1"
# Long enough for a machine that does much else; what is told comes within a moment.
PATIENCE = 30


class Stream:
    """What a browser hears: each event with its id."""

    def __init__(self, port: int, client: Client, *, after: str = "", **headers: str) -> None:
        self.line = http.client.HTTPConnection(HOST, port, timeout=PATIENCE)
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
        self.line.request("GET", f"/live{after}", headers={"Cookie": cookies, **headers})
        self.answer = self.line.getresponse()
        self.status = self.answer.status
        if self.status != 200:
            self.close()

    def next(self) -> tuple[str, dict[str, Any]]:
        """The next event's id and what it says; what only keeps the line open is passed over."""
        mark, kind, told = "", "", ""
        while True:
            line = self.answer.readline().decode().rstrip("\n")
            name, _colon, value = line.partition(": ")
            if name == "id":
                mark = value
            elif name == "event":
                kind = value
            elif name == "data":
                told = value
            elif not line and kind:
                return mark, {"event": kind, **(json.loads(told) if told else {})}

    def close(self) -> None:
        self.answer.close()
        self.line.close()


@pytest.fixture
def county(committed_db: None) -> SmallCounty:
    with transaction.atomic():
        return small_county.build()


@pytest.fixture
def live(county: SmallCounty, tmp_path: Path) -> Iterator[int]:
    """The port of the process, as the demo starts it."""
    port = free_port(HOST, 24_000 + os.getpid() % 9_000)
    surroundings = application_environment() | {
        "DJANGO_SETTINGS_MODULE": "tests.journeys.served",
        "FENGQIAO_LIVE": f":{port}",
    }
    children = Supervisor(tmp_path / "logs", surroundings)
    try:
        children.start("live", live_command(HOST, port))
        children.wait_for(f"http://{HOST}:{port}/healthz", seconds=90)
        yield port
    finally:
        children.stop()


def told_labour(county: SmallCounty, kind: Kind = Kind.DISPATCHED) -> None:
    to = Addressee(roles={Role.HANDLER}, department_id=county.department("labour").id)
    with scope(county.actor(Role.DISPATCHER)) as actor:
        tell([NewNotice(kind=kind, to=to, county=actor.county)], by=actor)


def read_all(county: SmallCounty) -> None:
    with scope(county.actor(Role.HANDLER, "labour")) as actor:
        reading.read_all(actor=actor, newest=notices_of(actor)[0].pk)


def test_the_bell_hears_of_a_notice_after_the_commit_and_of_nobody_elses(county: SmallCounty, live: int):
    labour = at_the_desk(county, Role.HANDLER, "labour")
    housing = at_the_desk(county, Role.HANDLER, "housing")
    told_labour(county)
    mine, theirs = Stream(live, labour), Stream(live, housing)
    # What was there is a number; nothing of it is new.
    first, said = mine.next()
    assert said == {"event": "unread", "unread": "1", "label": "通知：1 条未读", "said": ""}
    assert theirs.next() == ("", {"event": "unread", "unread": "", "label": "通知", "said": ""})

    with pytest.raises(RuntimeError), transaction.atomic():
        told_labour(county)
        raise RuntimeError
    told_labour(county, Kind.WHISTLED)
    # The one that was rolled back is never heard of.
    second, said = mine.next()
    assert said == {
        "event": "unread",
        "unread": "2",
        "label": "通知：2 条未读",
        "said": "中心吹哨，请马上应哨",
    }
    assert second > first
    mine.close()

    # Who lost the line hears what came meanwhile, from where they were.
    told_labour(county, Kind.INVITED)
    for again in (
        Stream(live, labour, **{"Last-Event-ID": second}),
        Stream(live, labour, after=f"?after={second}"),
    ):
        _mark, said = again.next()
        assert (said["unread"], said["said"]) == ("3", "中心邀请本单位到场")
        again.close()
    # The others' stream is silent still: what comes next is their own.
    with scope(county.actor(Role.DISPATCHER)) as actor:
        to = Addressee(roles={Role.HANDLER}, department_id=county.department("housing").id)
        tell([NewNotice(kind=Kind.DISPATCHED, to=to, county=actor.county)], by=actor)
    assert theirs.next()[1]["said"] == "有事项交办给本单位"
    theirs.close()


def test_in_the_readers_language_and_of_the_post_they_act_in(county: SmallCounty, live: int):
    labour = at_the_desk(county, Role.HANDLER, "labour")
    labour.cookies["django_language"] = "en"
    hears = Stream(live, labour)
    hears.next()
    told_labour(county)
    assert hears.next()[1]["said"] == "A matter was dispatched to your department"
    hears.close()


def test_who_is_not_signed_in_or_comes_from_elsewhere_hears_nothing(county: SmallCounty, live: int):
    labour = at_the_desk(county, Role.HANDLER, "labour")
    assert Stream(live, Client()).status == 401
    assert Stream(live, labour, Origin="https://evil.example").status == 403
    here = Stream(live, labour, Origin=f"http://{HOST}:8000")
    assert here.status == 200
    assert here.answer.headers["Access-Control-Allow-Origin"] == f"http://{HOST}:8000"
    assert here.answer.headers["Cache-Control"] == "no-store"
    here.close()
    for method, path, status in (("POST", "/live", 404), ("GET", "/", 404)):
        line = http.client.HTTPConnection(HOST, live, timeout=PATIENCE)
        line.request(method, path)
        with line.getresponse() as answer:
            assert answer.status == status
        line.close()
    # One who must set a password of their own first works nowhere, and hears nothing.
    person = county.person(Role.HANDLER, "labour")
    type(person).objects.filter(pk=person.pk).update(must_change_password=True)
    assert Stream(live, labour).status == 401


def test_a_stream_ends_with_its_session(county: SmallCounty, live: int):
    labour = at_the_desk(county, Role.HANDLER, "labour")
    hears = Stream(live, labour)
    hears.next()
    labour.logout()
    # Woken, it looks whether there is still somebody. One look may have been under way.
    told_labour(county)
    while (heard := hears.next()[1])["event"] != "over":
        assert heard["said"]
    assert hears.answer.read() == b""
    hears.close()


def test_a_lost_listener_comes_back(county: SmallCounty, live: int):
    labour = at_the_desk(county, Role.HANDLER, "labour")
    hears = Stream(live, labour)
    hears.next()
    end = time.monotonic() + PATIENCE
    killed = False
    while not killed and time.monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = %s AND usename = current_user",
                [f"LISTEN {CHANNEL}"],
            )
            killed = bool(cursor.fetchall())
    assert killed
    told_labour(county)
    # Whatever was missed is looked for when it listens again.
    assert hears.next()[1]["unread"] == "1"
    hears.close()


@pytest.mark.django_db
def test_the_page_says_where_it_listens_and_works_without():
    laid = small_county.build()
    desk = at_the_desk(laid, Role.REGISTRAR)
    assert "data-live" not in desk.get("/notices/").content.decode()
    with override_settings(LIVE="/live"):
        page = desk.get("/notices/")
        assert 'data-live="/live"' in page.content.decode()
        assert "connect-src" not in page.headers["Content-Security-Policy"]
    with override_settings(LIVE=":18001"):
        page = desk.get("/notices/")
        assert 'data-live="http://testserver:18001/live"' in page.content.decode()
        assert page.headers["Content-Security-Policy"].endswith(
            "; connect-src 'self' http://testserver:18001"
        )
