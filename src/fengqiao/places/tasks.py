"""Background work of posts and machine clients."""

from __future__ import annotations

from procrastinate.contrib.django import app

from fengqiao.places.domain import machines


@app.periodic(cron="27 3 * * *")
@app.task(name="places.sweep_tokens", queueing_lock="places.sweep_tokens")
def sweep_tokens(timestamp: int) -> None:
    """Every night the tokens that expired more than a day ago are removed."""
    machines.sweep_tokens()
