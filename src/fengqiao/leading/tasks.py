"""Background work of what those who lead take in hand."""

from __future__ import annotations

from procrastinate.contrib.django import app

from fengqiao.leading.domain import chasing


@app.periodic(cron="*/5 * * * *")
@app.task(name="leading.sweep", queueing_lock="leading.sweep")
def sweep(timestamp: int) -> None:
    """Every five minutes whoever has to answer an instruction or look into a listed matter is reminded when due."""
    chasing.sweep()
