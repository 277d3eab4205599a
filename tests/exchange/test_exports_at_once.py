"""Several workers at once, and one that dies in the middle: what is due is ordered once, and written."""

import asyncio
from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from fengqiao.accounts.enums import Role
from fengqiao.config import tasks
from fengqiao.exchange.domain import scheduling
from fengqiao.kernel import clock
from tests import small_county
from tests.exchange.test_scheduled_exports import SIX, jobs, runs, scheduled
from tests.matters.at_once import together

pytestmark = pytest.mark.usefixtures("committed_db")


def due() -> int:
    with clock.at(SIX):
        return scheduling.order_due()


def test_several_workers_at_once_order_once():
    director = small_county.build().actor(Role.DIRECTOR)
    scheduled(director)
    came = together(due, due, due, due)
    assert sorted((one.value, one.raised) for one in came) == [(0, None), (0, None), (0, None), (1, None)]
    assert runs(director) == [SIX]
    assert jobs() == ["exchange.expire_export", "exchange.write_export"]


@pytest.mark.parametrize(
    ("silent", "attempts", "state"),
    [
        (timedelta(seconds=5), 0, "doing"),
        (timedelta(minutes=5), 0, "todo"),
        (timedelta(minutes=5), tasks.MOST_ATTEMPTS - 1, "failed"),
    ],
    ids=["its worker lives", "its worker died", "it died again and again"],
)
def test_the_job_of_a_worker_that_died_is_begun_anew(silent: timedelta, attempts: int, state: str):
    director = small_county.build().actor(Role.DIRECTOR)
    scheduled(director)
    due()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s) RETURNING id", [silent]
        )
        (worker,) = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s "
            "WHERE task_name = 'exchange.write_export'",
            [worker, attempts],
        )
    asyncio.run(a_minute())
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE task_name = 'exchange.write_export'")
        assert cursor.fetchall() == [(state,)]


async def a_minute() -> None:
    """What the periodic task does each minute, on a worker's connection."""
    with app.replace_connector(app.connector.get_worker_connector()) as running:
        async with running.open_async():
            await tasks.begin_anew(running.job_manager)
