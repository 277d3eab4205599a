"""An export whose worker is killed while it writes: another begins it anew, and there is one file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
from bench.browser import Browser, token_of

from fengqiao.config import tasks
from tests.prove.installation import Installation, installed

pytestmark = [pytest.mark.prove, pytest.mark.siege]
STATES = "SELECT state, rows FROM exchange_exportrun"
# Taken for dead, seen by the minute's task, fetched and written.
SECONDS_TO_BEGIN_ANEW = tasks.SILENT_AFTER + 60 + 60


@pytest.fixture
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with (
        pytest.MonkeyPatch.context() as monkeypatch,
        installed(tmp_path_factory.mktemp("exports"), monkeypatch) as here,
    ):
        yield here


def until(holds: Callable[[], bool], *, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.2)


def test_an_export_whose_worker_is_killed_is_begun_anew_and_written_once(county: Installation):
    desk = Browser(county.port, "director")
    token = token_of(desk.get("/ledger/"))
    with psycopg.connect(county.server.as_superuser("fengqiao").url()) as holding:
        # The worker comes as far as the first row and waits there.
        holding.execute("LOCK TABLE matters_matter IN ACCESS EXCLUSIVE MODE")
        desk.post("/ledger/exports?flag=open", {"kind": "csv", "csrfmiddlewaretoken": token})
        until(lambda: county.rows(STATES) == [("writing", 0)], seconds=60)
        county.kill_the_worker()
    desk.close()
    assert county.rows(STATES) == [("writing", 0)]
    until(lambda: county.rows(STATES)[0][0] == "done", seconds=SECONDS_TO_BEGIN_ANEW)
    [(state, rows)] = county.rows(STATES)
    there = county.rows("SELECT count(*) FROM matters_matter WHERE restriction = 'open'")[0][0]
    assert (state, rows) == ("done", there)
    # A line that was quiet for so long is closed by the server.
    again = Browser(county.port, "director")
    assert "可以下载" in again.get("/ledger/exports")
    again.close()
    written = county.rows("SELECT result FROM audit_entry WHERE verb = 'export.written'")
    assert written == [("done",)]
    assert county.command("audit", "verify").returncode == 0
