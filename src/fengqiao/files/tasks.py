"""Background work of the files."""

from __future__ import annotations

from procrastinate.contrib.django import app

from fengqiao.files.domain.sweeping import sweep_orphans


@app.periodic(cron="20 3 * * *")
@app.task(name="files.sweep_orphans", queueing_lock="files.sweep_orphans")
def sweep_orphaned_files(timestamp: int) -> None:
    """Every night what no record names is removed from the disk."""
    sweep_orphans()
