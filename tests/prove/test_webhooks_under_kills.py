"""Whatever is killed under load: a receiver hears of every matter that a window was told of, under one id."""

from __future__ import annotations

import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from bench.browser import Browser, token_of

from tests.exchange.receiver import Receiver, receiving
from tests.prove.installation import Installation, installed
from tests.prove.load import Windows
from tests.prove.test_faults import TIMES, some_more

pytestmark = [pytest.mark.prove, pytest.mark.siege]
# What a dead worker had in hand is let go after two minutes, and looked for once a minute.
PATIENCE_SECONDS = 300


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with (
        pytest.MonkeyPatch.context() as monkeypatch,
        installed(
            tmp_path_factory.mktemp("webhooks"),
            monkeypatch,
            more={"FENGQIAO_WEBHOOK_NETWORKS": "127.0.0.0/8"},
        ) as here,
    ):
        yield here


def test_a_receiver_hears_of_every_matter_whatever_is_killed(county: Installation):
    with receiving() as receiver:
        subscribe(county, receiver)
        with Windows(county.port) as told:
            receiver.usual = now_and_then_in_trouble(receiver)
            for _ in range(TIMES):
                for fault in ("kill_the_worker", "kill_the_database", "kill_the_web_server"):
                    some_more(told, 8)
                    steady(county)
                    getattr(county, fault)()
            # On a busy machine the first event may come after the last fault: the trouble lasts until it was met.
            wait_until(county, lambda: len(receiver.got) > 6)
            receiver.usual = 200
            some_more(told, 8)
        wanted = {str(code) for (code,) in county.rows(CODES)}
        assert set(told.codes.values()) <= wanted
        wait_until_all_is_told(county)
    ids, bodies = defaultdict(set), defaultdict(set)
    for headers, body in receiver.got:
        ids[json.loads(body)["subject"]].add(headers["webhook-id"])
        bodies[headers["webhook-id"]].add(body)
    assert wanted - set(ids) == set(), "not told of"
    assert {code: found for code, found in ids.items() if len(found) > 1} == {}
    assert all(len(found) == 1 for found in bodies.values())
    assert len(receiver.got) > len(bodies), "nothing was ever sent twice: the faults were none"
    assert county.rows("SELECT count(*) FROM exchange_delivery WHERE status <> 'done'") == [(0,)]


CODES = """
    SELECT code FROM matters_matter
    WHERE source = 'desk' AND restriction = 'open'
      AND registered_at > (SELECT made_at FROM exchange_subscription)
"""


def now_and_then_in_trouble(receiver: Receiver) -> Callable[[BaseHTTPRequestHandler], None]:
    """Of six events one is answered by 500, and one is taken without a word."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        place = len(receiver.got) % 6
        if place == 3:
            receiver.drop(handler)
            return
        handler.send_response(500 if place == 0 else 200)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def subscribe(county: Installation, receiver: Receiver) -> None:
    keeper = Browser(county.port, "secadmin")
    page = keeper.get("/administration/webhooks/new")
    posts = re.findall(r'<option value="([0-9a-f-]{36})"', page)
    made = keeper.sent_on_to(
        "/administration/webhooks/new",
        {
            "name": "市级平台",
            "address": receiver.address,
            "stationing_id": posts[0],
            "types": "matter.registered",
            "csrfmiddlewaretoken": token_of(page),
        },
    )
    keeper.close()
    assert made.startswith("/administration/webhooks/")


def wait_until(county: Installation, met: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not met():
        assert time.monotonic() < end, "the worker tells nobody"
        time.sleep(0.2)
        steady(county)


def wait_until_all_is_told(county: Installation) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    steady(county)
    while county.rows("SELECT 1 FROM exchange_delivery WHERE status = 'waiting' LIMIT 1"):
        assert time.monotonic() < end, county.rows(
            "SELECT status, tries, answer, problem, count(*) FROM exchange_delivery GROUP BY 1, 2, 3, 4"
        )
        time.sleep(1)
        steady(county)


def steady(county: Installation) -> None:
    """What ended (a worker does when its database is gone) is started again, however often: as by systemd."""
    for child in county.children.children:
        child.restarted = False
    county.children.look_after()
