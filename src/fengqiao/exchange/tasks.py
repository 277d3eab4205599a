"""Background work of the exchange."""

from __future__ import annotations

from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from fengqiao.exchange.domain import carrying_out, delivering, exporting, import_runs, scheduling


@app.task(name="exchange.write_export", retry=3)
def write_export(run: str, county: str, person: str) -> None:
    """Writes an ordered export."""
    exporting.write(run_id=UUID(run), county=county, person_id=UUID(person))


@app.task(name="exchange.expire_export", retry=3)
def expire_export(run: str, county: str, person: str) -> None:
    """Takes its files away a week later."""
    exporting.expire(run_id=UUID(run), county=county, person_id=UUID(person))


@app.task(name="exchange.check_import", retry=3)
def check_import(run: str, county: str, person: str) -> None:
    """Says what would come of a ledger that was sent in."""
    carrying_out.check(run_id=UUID(run), county=county, person_id=UUID(person))


@app.task(name="exchange.take_import", retry=RetryStrategy(max_attempts=10, wait=5))
def take_import(run: str, county: str, person: str) -> None:
    """Takes a confirmed ledger in, or the rest of it."""
    carrying_out.carry_out(run_id=UUID(run), county=county, person_id=UUID(person))


@app.task(name="exchange.expire_import", retry=3)
def expire_import(run: str, county: str, person: str) -> None:
    """Takes its file away a month later."""
    import_runs.expire(run_id=UUID(run), county=county, person_id=UUID(person))


@app.periodic(cron="*/5 * * * *")
@app.task(name="exchange.order_due_exports", queueing_lock="exchange.order_due_exports")
def order_due_exports(timestamp: int) -> None:
    """Every five minutes what is due is ordered: the hours of schedules are whole ones."""
    scheduling.order_due()


@app.task(name="exchange.send_webhooks", retry=3)
def send_webhooks(subscription: str, county: str) -> None:
    """Sends what is due for a subscription."""
    delivering.send_due(subscription_id=UUID(subscription), county=county)


@app.periodic(cron="* * * * *")
@app.task(name="exchange.queue_due_webhooks", queueing_lock="exchange.queue_due_webhooks")
def queue_due_webhooks(timestamp: int) -> None:
    """Every minute what is to be tried again, and what a lost job left, is put into the queue."""
    delivering.queue_due()


@app.periodic(cron="37 3 * * *")
@app.task(name="exchange.sweep_deliveries", queueing_lock="exchange.sweep_deliveries")
def sweep_deliveries(timestamp: int) -> None:
    """Every night what was delivered a month ago is removed, and dead letters of half a year."""
    delivering.sweep()
