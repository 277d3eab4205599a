"""Background work of notices."""

from __future__ import annotations

import contextlib
from uuid import UUID

from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from fengqiao.notices.domain import passing_on, reading


@app.periodic(cron="47 3 * * *")
@app.task(name="notices.forget_old", queueing_lock="notices.forget_old")
def forget_old(timestamp: int) -> None:
    """Every night what was read long ago is removed."""
    reading.forget_old()


@app.periodic(cron="* * * * *")
@app.task(name="notices.queue_outside", queueing_lock="notices.queue_outside")
def queue_outside(timestamp: int) -> None:
    """Every minute a job for each person who wants to hear outside and has something to hear.

    What is still in the queue is not put in again.
    """
    for person, county in passing_on.whose():
        waits = pass_on.configure(lock=f"outside.{person}", queueing_lock=f"outside.{person}.{county}")
        with contextlib.suppress(AlreadyEnqueued):
            waits.defer(person=str(person), county=county)


@app.task(name="notices.pass_on", retry=3)
def pass_on(person: str, county: str) -> None:
    """Sends a person what they want to hear now."""
    passing_on.pass_on(person_id=UUID(person), county=county)
