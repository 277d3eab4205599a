"""Background work of the queue itself."""

from __future__ import annotations

import logging

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Status
from procrastinate.manager import JobManager

logger = logging.getLogger(__name__)

# A worker says every ten seconds that it is alive.
SILENT_AFTER = 30
# A job that took its worker with it so often is left alone.
MOST_ATTEMPTS = 5


# With seconds as its sixth field: whoever waits for an interrupted job waits less than a minute.
@app.periodic(cron="* * * * * */20")
@app.task(name="config.begin_anew", queueing_lock="config.begin_anew", pass_context=True)
async def begin_interrupted_jobs_anew(context: JobContext, timestamp: int) -> None:
    """Puts the jobs of workers that died back into the queue; every job of ours can be begun anew."""
    await begin_anew(context.app.job_manager)


async def begin_anew(manager: JobManager) -> None:
    """Those of workers that have been silent for too long; what ended so again and again has failed."""
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_AFTER):
        if job.attempts + 1 < MOST_ATTEMPTS:
            await manager.retry_job(job)
        else:
            logger.error("job %s (%s) was interrupted %s times", job.id, job.task_name, MOST_ATTEMPTS)
            await manager.finish_job(job, Status.FAILED, delete_job=False)
