"""A hundred thousand rows come in by the page, the worker killed twice on the way: every row counted, none twice."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Iterator

import pytest
from bench.browser import Browser, token_of

from tests.exchange.files import LEDGER
from tests.prove.installation import Installation, installed

pytestmark = [pytest.mark.prove, pytest.mark.siege]
ROWS = 100_000
EVERY = 100
# In each hundred rows one is bad and one says again what the row before it says.
BAD = AGAIN = ROWS // EVERY
NEW = ROWS - BAD - AGAIN
# Three in each hundred were settled before.
SETTLED = 3 * BAD
# How far the import is when its worker is killed.
KILLED_AT = (ROWS // 5, ROWS * 3 // 5)
SECONDS = 420


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with (
        pytest.MonkeyPatch.context() as monkeypatch,
        installed(tmp_path_factory.mktemp("import"), monkeypatch) as here,
    ):
        yield here


def ledger() -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(LEDGER)
    before: list[str] = []
    for number in range(ROWS):
        place = number % EVERY
        people = "许多" if place == 0 else "2"
        settled = ("是", "双方和解。") if 3 <= place < 6 else ("否", "")
        row = [
            str(number),
            "2025/3/5",
            f"{number}号",
            f"黄某{number}",
            "邻里纠纷",
            f"第{number}件：屋后滴水，两家争吵。",
            people,
            settled[1],
            "",
            "李某",
            settled[0],
        ]
        if place == 2:
            row = before
        writer.writerow(row)
        before = row
    return text.getvalue().encode("gb18030")


def test_nothing_is_lost_or_doubled_when_the_worker_is_killed_twice(county: Installation) -> None:
    there = int(str(county.rows("SELECT count(*) FROM matters_matter")[0][0]))
    desk = Browser(county.port, "director")
    where = desk.sent_with_a_file(
        "/imports/",
        {"csrfmiddlewaretoken": token_of(desk.get("/imports/")), "as_of": "2025-12-31"},
        "file",
        "台账.csv",
        ledger(),
    )
    assert where.startswith("/imports/"), where
    waits(county, "state = 'ready'")
    assert sums(county) == (ROWS, NEW, AGAIN, BAD)
    # The server has hung up on who was silent for so long.
    desk.connection.close()
    assert desk.sent_on_to(f"{where}/confirm", {"csrfmiddlewaretoken": token_of(desk.get(where))}) == where
    for rows in KILLED_AT:
        waits(county, f"rows >= {rows}")
        county.kill_the_worker()
        done = sums(county)[0]
        assert rows <= done < ROWS, "the import was over before its worker was killed"
        desk.connection.close()
        assert f"共 {ROWS} 行" in desk.get(where)
    waits(county, "state = 'done'")

    assert sums(county) == (ROWS, NEW, AGAIN, BAD)
    desk.connection.close()
    report = desk.get(where)
    assert all(f"<b>{number}</b>" in report for number in (ROWS, NEW, AGAIN, BAD))
    assert county.rows("SELECT count(*) FROM matters_matter") == [(there + NEW,)]
    numbers = (
        "SELECT count(*), count(DISTINCT source_number) FROM matters_matter WHERE source = 'dispute-ledger'"
    )
    assert county.rows(numbers) == [(NEW, NEW)]
    assert county.rows("SELECT count(*), count(DISTINCT code) FROM matters_matter") == [
        (there + NEW, there + NEW)
    ]
    history = "SELECT count(*) FROM matters_matter WHERE is_history AND state = 'closed'"
    assert county.rows(f"{history} AND source = 'dispute-ledger'") == [(SETTLED,)]
    assert county.rows("SELECT count(*) FROM exchange_badrow") == [(BAD,)]
    # Begun three times at least: once for each worker that died, and once more.
    assert int(str(county.rows("SELECT attempt FROM exchange_importrun")[0][0])) >= len(KILLED_AT) + 2
    proof = county.command("audit", "verify")
    assert proof.returncode == 0, proof.stdout + proof.stderr
    desk.close()


def sums(county: Installation) -> tuple[object, ...]:
    return county.rows("SELECT rows, registered, already, rejected FROM exchange_importrun")[0]


def waits(county: Installation, until: str) -> None:
    end = time.monotonic() + SECONDS
    while not county.rows(f"SELECT 1 FROM exchange_importrun WHERE {until}"):
        run = county.rows("SELECT state, reason, rows FROM exchange_importrun")
        assert time.monotonic() < end, f"{until} does not come about: {run}"
        county.children.look_after()
        time.sleep(0.2)
