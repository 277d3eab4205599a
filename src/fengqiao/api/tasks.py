"""Background work of the API."""

from __future__ import annotations

from procrastinate.contrib.django import app

from fengqiao.api.domain.once import forget_old_answers


@app.periodic(cron="40 * * * *")
@app.task(name="api.forget_answers", queueing_lock="api.forget_answers")
def forget_answers(timestamp: int) -> None:
    """Every hour the kept answers that are older than a day are removed."""
    forget_old_answers()
