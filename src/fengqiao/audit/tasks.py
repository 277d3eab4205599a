"""Background work of the audit."""

from __future__ import annotations

from procrastinate.contrib.django import app

from fengqiao.audit.domain.roots import write_roots


@app.periodic(cron="*/5 * * * *")
@app.task(name="audit.write_roots", queueing_lock="audit.write_roots")
def write_audit_roots(timestamp: int) -> None:
    """Every five minutes the ends of the grown chains are signed and put outside the database."""
    write_roots()
