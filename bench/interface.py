"""Registration through the API by a machine client, at one and at eight clients, beside bare inserts by as many."""

from __future__ import annotations

import json
import os
import socket
import statistics
import threading
import time
import urllib.parse
import urllib.request
from base64 import b64encode
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from bench.browser import HOST
from bench.registering import Bare
from fengqiao.accounts.models import Person
from fengqiao.config import environment
from fengqiao.config.supervisor import Supervisor, application_environment, free_port, web_command
from fengqiao.flows.machines import issue
from fengqiao.places.models import Stationing
from fengqiao.places.queries.acting import actor_of

CLIENTS = (1, 8)
SECONDS = 8.0
SCOPES = ("matters:read", "matters:write")


def measure(bare: Bare) -> dict[str, Any]:
    """By number of clients: registrations a second and median milliseconds, and the same of bare inserts."""
    # The limit on requests is there for programs that run wild, as this one does.
    os.environ["FENGQIAO_API_RATE"] = str(10**9)
    children = Supervisor(environment.home() / "logs", application_environment())
    port = free_port(HOST, 18_900)
    try:
        children.start("web", web_command(HOST, port, workers=2))
        children.wait_for(f"http://{HOST}:{port}/healthz", seconds=60)
        token = _token(port)
        told = {}
        for clients in CLIENTS:
            through = _together(clients, lambda: _Line(port, token).register)
            limit = _together(clients, bare.writer)
            told[str(clients)] = {
                **through,
                "bare_per_second": limit["per_second"],
                "bare_ms": limit["ms"],
                "of_the_limit": round(through["per_second"] / limit["per_second"], 3),
            }
        return told
    finally:
        children.stop()


def _token(port: int) -> str:
    """A client issued for this run, and the token that it gets over HTTP."""
    stationings = Stationing.objects.select_related("person", "post", "post__centre", "post__department")
    keeper = actor_of(stationings.get(person=Person.objects.get(username="secadmin")))
    exchange = stationings.filter(post__role="exchange").order_by("id")[0]
    made, secret = issue(actor=keeper, stationing_id=exchange.pk, name=f"bench {uuid4()}"[:40], scopes=SCOPES)
    asked = urllib.request.Request(
        f"http://{HOST}:{port}/oauth/token",
        data=urllib.parse.urlencode({"grant_type": "client_credentials"}).encode(),
        headers={"Authorization": "Basic " + b64encode(f"{made.client_id}:{secret}".encode()).decode()},
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return str(json.load(answer)["access_token"])


class _Line:
    """One kept connection that registers; bytes are written as they are, so that the measuring takes little."""

    def __init__(self, port: int, token: str) -> None:
        self.socket = socket.create_connection((HOST, port), timeout=120)
        self.head = (
            f"POST /api/v1/matters HTTP/1.1\r\nHost: {HOST}:{port}\r\nAuthorization: Bearer {token}\r\n"
            "Content-Type: application/json\r\n"
        )

    def register(self) -> None:
        number = str(uuid4())
        body = json.dumps(_sent(number)).encode()
        head = f"{self.head}Idempotency-Key: {number}\r\nContent-Length: {len(body)}\r\n\r\n"
        self.socket.sendall(head.encode() + body)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._some()
        head_of_answer, _, rest = answer.partition(b"\r\n\r\n")
        if b" 201 " not in head_of_answer.split(b"\r\n", 1)[0]:
            raise RuntimeError(answer[:400].decode(errors="replace"))
        length = next(
            int(line.split(b":")[1])
            for line in head_of_answer.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        )
        while len(rest) < length:
            rest += self._some()

    def _some(self) -> bytes:
        part = self.socket.recv(65536)
        if not part:
            raise RuntimeError("the server closed the connection")
        return part


def _sent(number: str) -> dict[str, Any]:
    return {
        "title": "拖欠装修工钱",
        "channel": "visit",
        "received_at": "2026-01-05T09:30:00+08:00",
        "account": "工程完工三个月，装修公司仍欠工钱一万二千元。",
        "category": "0201",
        "claims": [{"kind": "resolve", "text": "要求支付工钱"}],
        "parties": [
            {"name": "陈某", "identity_kind": "resident_id", "identity": "440785193001010014",
             "phones": ["13800000000"]}
        ],
        "source": "bench",
        "source_number": number,
    }  # fmt: skip


def _together(clients: int, made: Callable[[], Callable[[], None]]) -> dict[str, float]:
    """Each client acts again and again for some seconds; all of them together."""
    taken: list[float] = []
    failed: list[BaseException] = []
    acts = [made() for _ in range(clients)]
    for act in acts:
        act()
    end = time.perf_counter() + SECONDS

    def run(act: Callable[[], None]) -> None:
        try:
            while (begun := time.perf_counter()) < end:
                act()
                taken.append(time.perf_counter() - begun)
        except BaseException as wrong:
            failed.append(wrong)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return {"per_second": round(len(taken) / SECONDS, 1), "ms": round(statistics.median(taken) * 1000, 2)}
