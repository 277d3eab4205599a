"""Background work of the clocks."""

from __future__ import annotations

from procrastinate.contrib.django import app

from fengqiao.clocks.domain import sweeping


@app.periodic(cron="* * * * *")
@app.task(name="clocks.sweep", queueing_lock="clocks.sweep")
def sweep_clocks(timestamp: int) -> None:
    """Every minute whoever has to be reminded of a limit is: it costs what is due, and nothing where nothing is."""
    sweeping.sweep()
