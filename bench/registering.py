"""Registration: the whole of it in this process, beside the bare inserts of the same rows by the driver (the limit)."""

from __future__ import annotations

import json
import re
import statistics
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import psycopg
from django.db import connection, transaction

from fengqiao.accounts.models import Person
from fengqiao.flows.registering import at_the_window
from fengqiao.kernel import clock
from fengqiao.matters.enums import Channel, ClaimKind, IdentityKind
from fengqiao.matters.intake import NewClaim, NewMatter, NewParty
from fengqiao.matters.models import Matter
from fengqiao.places.models import Stationing
from fengqiao.places.queries.acting import actor_of

ROUNDS = 150
# Everybody of the measuring is one person, with thousands of matters; who is looked up has a few.
REGISTERED, LOOKED_UP = "440785193001010014", "440785193001010022"


class _Undo(Exception):
    """Leaves a transaction whose statements were only to be read."""


def measure(owner: str) -> tuple[dict[str, Any], Bare]:
    """Milliseconds (median) and how many statements, through the flow and as bare inserts; and those inserts."""
    registrar = Person.objects.get(username="registrar")
    stationing = Stationing.objects.select_related("person", "post", "post__centre", "post__department")
    actor = actor_of(stationing.get(person=registrar))

    def register() -> None:
        at_the_window(actor=actor, new=_new(), form_token=uuid4())

    at_the_window(actor=actor, new=_new(LOOKED_UP), form_token=uuid4())
    register()
    statements, inserts = _statements(register)
    bare = Bare(owner, inserts)
    limit = _timed(bare.writer())
    flow = _timed(register)
    return {
        "flow_ms": flow,
        "flow_per_second": round(1000 / flow, 1),
        "statements": statements,
        "bare_ms": limit,
        "bare_statements": len(inserts),
        "times_the_limit": round(flow / limit, 2),
    }, bare


class Bare:
    """The very rows of one registration, written again and again by the driver: what the database alone takes.

    Each writing has ids, code and chain of its own and is committed. Walls and foreign keys sleep.
    """

    def __init__(self, owner: str, inserts: list[tuple[str, Any]]) -> None:
        self.owner, self.inserts = owner, inserts
        rows = [row for _, values in inserts for row in _json_rows(values)]
        number = str([field.attname for field in Matter._meta.concrete_fields].index("source_number"))
        self.own = {str(row["0"]) for row in rows} | {str(_json_rows(inserts[0][1])[0][number])}
        texts = "".join(str(values) for _, values in inserts)
        self.code = re.findall(r"\d{6}-\d{8}-\d{6,}", texts)[0]
        self.chain = re.findall(r"\d{6}/\d{10}", texts)[0]

    def writer(self) -> Callable[[], None]:
        """A writing on a connection of its own."""
        connection = psycopg.connect(self.owner, autocommit=True)
        cursor = psycopg.ClientCursor(connection)
        cursor.execute("SET session_replication_role = replica")

        def write() -> None:
            changed = {each: str(uuid4()) for each in self.own}
            changed |= {self.code: f"bare-{uuid4().hex[:24]}", self.chain: uuid4().hex[:24]}
            found = re.compile("|".join(map(re.escape, changed)))
            with connection.transaction():
                for statement, values in self.inserts:
                    cursor.execute(
                        statement,
                        [
                            found.sub(lambda each: changed[each[0]], value)
                            if isinstance(value, str)
                            else value
                            for value in values
                        ],
                    )

        return write


def _json_rows(values: Any) -> list[dict[str, Any]]:
    """The rows of a set-wise insert: one JSON text."""
    first = values[0]
    return json.loads(first) if isinstance(first, str) and first.startswith("[{") else []


def _new(identity: str = REGISTERED) -> NewMatter:
    return NewMatter(
        title="拖欠装修工钱",
        received_at=clock.now(),
        channel=Channel.VISIT,
        account="工程完工三个月，装修公司仍欠工钱一万二千元。",
        category="0201",
        claims=(NewClaim(ClaimKind.RESOLVE, "要求支付工钱"),),
        parties=(
            NewParty(name="陈某", identity_kind=IdentityKind.RESIDENT_ID, identity=identity,
                     phones=("13800000000",)),
        ),
    )  # fmt: skip


def _statements(register: Callable[[], None]) -> tuple[int, list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def note(execute: Any, statement: str, values: Any, many: bool, context: Any) -> Any:
        text = (
            statement if isinstance(statement, str) else statement.as_string(context["connection"].connection)
        )
        if "SAVEPOINT" not in text:
            # The savepoints are this measuring's own: alone, the flow opens a transaction.
            seen.append((text, values))
        return execute(statement, values, many, context)

    try:
        with transaction.atomic(), connection.execute_wrapper(note):
            register()
            raise _Undo
    except _Undo:
        pass
    return len(seen), [
        # What is written for subscribers only where there are some is no row of a registration.
        each
        for each in seen
        if each[0].strip().startswith("INSERT INTO") and not isinstance(each[1], dict)
    ]


def _timed(act: Callable[[], None]) -> float:
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return round(statistics.median(taken) * 1000, 3)
