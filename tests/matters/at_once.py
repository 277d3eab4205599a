"""Two people at the same moment: the second waits at a lock of the first, for certain and without sleeping."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, connections

from fengqiao.accounts.actor import Actor
from fengqiao.accounts.scope import scope

LONGEST = 30.0
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


@dataclass
class Came:
    """What came of somebody's act: its value or what it raised."""

    value: Any = None
    raised: BaseException | None = None


def first_holds_while_second_waits(
    first: Callable[[], Any],
    second: Callable[[], Any],
    *,
    holder: Actor,
    then: Callable[[], Any] = lambda: None,
) -> tuple[Came, Came]:
    """``first`` acts in a transaction that stays open until ``second`` stands at one of its locks.

    Then it goes on with ``then``, and both end.
    """
    holding, release = threading.Event(), threading.Event()
    came = Came(), Came()

    def hold() -> Any:
        with scope(holder):
            value = first()
            holding.set()
            assert release.wait(LONGEST)
            then()
        return value

    def follow() -> Any:
        assert holding.wait(LONGEST)
        return second()

    threads = [_thread(hold, came[0]), _thread(follow, came[1])]
    try:
        while not _somebody_waits():
            assert any(t.is_alive() for t in threads), came
            if not threads[1].is_alive():
                raise AssertionError(f"the second did not wait: {came[1]}")
    finally:
        release.set()
        for thread in threads:
            thread.join(LONGEST)
    return came


def together(*acts: Callable[[], Any]) -> list[Came]:
    """All begin at the same moment, as far as a machine can."""
    start = threading.Barrier(len(acts))
    came = [Came() for _ in acts]

    def run(act: Callable[[], Any]) -> Callable[[], Any]:
        def running() -> Any:
            start.wait(LONGEST)
            return act()

        return running

    threads = [_thread(run(act), one) for act, one in zip(acts, came, strict=True)]
    for thread in threads:
        thread.join(LONGEST)
    return came


def _thread(act: Callable[[], Any], came: Came) -> threading.Thread:
    def run() -> None:
        try:
            came.value = act()
        except BaseException as raised:  # noqa: BLE001  told to the test
            came.raised = raised
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(WAITING)
        return bool(cursor.fetchone()[0])
