"""Whatever is killed under load: what a window was told is there, once; what it was not told, at most once."""

from __future__ import annotations

import socket
import struct
import time
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from bench.browser import HOST, Browser, token_of

from tests.prove.installation import Installation, installed
from tests.prove.load import Acknowledged, Windows, register
from tests.web.test_registering import typed

pytestmark = pytest.mark.prove
TIMES = 3
# Whose death a window must feel: without it the fault was none.
FELT = ("kill_the_database", "kill_the_web_server")
FAULTS = ("kill_the_database", "kill_a_web_process", "kill_the_web_server", "kill_the_worker")


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with (
        pytest.MonkeyPatch.context() as monkeypatch,
        installed(tmp_path_factory.mktemp("faults"), monkeypatch) as here,
    ):
        yield here


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_acknowledged_is_lost_and_nothing_is_doubled(county: Installation, fault: str):
    with Windows(county.port) as told:
        for _ in range(TIMES):
            some_more(told)
            getattr(county, fault)()
        some_more(told)
    assert told.felt or fault not in FELT
    holds(county, told)


def test_a_line_cut_before_the_answer_registers_once(county: Installation):
    """The officer's browser sends, the line breaks, the officer sends the same form again."""
    told = Acknowledged()
    for _ in range(TIMES):
        desk, form = Browser(county.port, "registrar"), str(uuid4())
        _send_and_hang_up(desk, form)
        told.codes[form] = register(desk, form)
        desk.close()
    holds(county, told)


def holds(county: Installation, told: Acknowledged) -> None:
    """The rows of the forms against what was told, and every chain against its links."""
    rows = county.rows("SELECT source_number, code FROM matters_matter WHERE source = 'desk'")
    assert told.codes
    there = {str(form): code for form, code in rows}
    lost = {form: code for form, code in told.codes.items() if there.get(form) != code}
    doubled = [form for form, times in Counter(str(form) for form, _ in rows).items() if times > 1]
    assert (lost, doubled) == ({}, [])
    codes = county.rows("SELECT code FROM matters_matter GROUP BY code HAVING count(*) > 1")
    assert codes == []
    proof = county.command("audit", "verify")
    assert proof.returncode == 0, proof.stdout + proof.stderr
    # Every matter that is there has its history from the first link on.
    assert county.rows("SELECT code FROM matters_matter WHERE history_count = 0") == []


def some_more(told: Acknowledged, wanted: int = 15) -> None:
    before = len(told.codes)
    end = time.monotonic() + 60
    while len(told.codes) < before + wanted:
        assert time.monotonic() < end, "nothing is registered any more"
        time.sleep(0.05)


def _send_and_hang_up(desk: Browser, form: str) -> None:
    body = urlencode(typed(token=form, csrfmiddlewaretoken=token_of(desk.get("/register/"))))
    address = f"{HOST}:{desk.connection.port}"
    head = [
        "POST /register/ HTTP/1.1",
        f"Host: {address}",
        f"Referer: http://{address}/register/",
        "Cookie: " + "; ".join(f"{name}={value}" for name, value in desk.cookies.items()),
        "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}",
    ]
    with socket.create_connection((HOST, desk.connection.port)) as line:
        line.sendall("\r\n".join([*head, "", body]).encode())
        # Closing resets the line at once, whatever the server still wants to say.
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
