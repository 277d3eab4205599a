"""Background work of the exchange."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

from fengqiao.exchange.domain import exporting


@app.task(name="exchange.write_export", retry=3)
def write_export(run: str, county: str, person: str) -> None:
    """Writes an ordered export."""
    exporting.write(run_id=UUID(run), county=county, person_id=UUID(person))


@app.task(name="exchange.expire_export", retry=3)
def expire_export(run: str, county: str, person: str) -> None:
    """Takes its files away a week later."""
    exporting.expire(run_id=UUID(run), county=county, person_id=UUID(person))
