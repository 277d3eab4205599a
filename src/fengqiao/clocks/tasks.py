"""Background work of the clocks."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from procrastinate.contrib.django import app

from fengqiao.clocks.domain import agreed_days, recounting, sweeping


@app.periodic(cron="* * * * *")
@app.task(name="clocks.sweep", queueing_lock="clocks.sweep")
def sweep_clocks(timestamp: int) -> None:
    """Every minute whoever has to be reminded of a limit is: it costs what is due, and nothing where nothing is."""
    sweeping.sweep()


@app.periodic(cron="*/5 * * * *")
@app.task(name="clocks.tell_of_days", queueing_lock="clocks.tell_of_days")
def tell_of_days(timestamp: int) -> None:
    """Every five minutes who keeps a matter is told of days that people agreed on, where one is due."""
    agreed_days.sweep()


@app.task(name="clocks.count_again", retry=5)
def count_again(county: str, first: str, last: str, person: str = "", after: str = "") -> None:
    """Counts a county's limits anew on the days that its calendar says otherwise: one chunk, and orders the next."""
    recounting.count_again(
        county=county,
        first=date.fromisoformat(first),
        last=date.fromisoformat(last),
        person_id=UUID(person) if person else None,
        after=UUID(after) if after else recounting.FIRST,
    )
