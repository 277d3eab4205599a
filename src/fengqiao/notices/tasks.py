"""Background work of notices."""

from __future__ import annotations

from procrastinate.contrib.django import app

from fengqiao.notices.domain import reading


@app.periodic(cron="47 3 * * *")
@app.task(name="notices.forget_old", queueing_lock="notices.forget_old")
def forget_old(timestamp: int) -> None:
    """Every night what was read long ago is removed."""
    reading.forget_old()
