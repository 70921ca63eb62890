"""Schedules: when the job runs.

What belongs here: the nightly tick and the fetch day that it asks for.
What does not: what is run (``jobs``).
"""

from __future__ import annotations

import datetime as dt

import dagster as dg

from assets.settings import Settings
from pipelines.jobs import nightly

_settings = Settings()


@dg.schedule(
    job=nightly,
    cron_schedule=_settings.cron,
    execution_timezone=_settings.time_zone,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Every night, for the fetch day that has begun.",
)
def every_night(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Ask for the fetch day (UTC) in which the tick lies: what is fetched then belongs to that day."""
    day = context.scheduled_execution_time.astimezone(dt.UTC).date().isoformat()
    return dg.RunRequest(run_key=f"nightly-{day}", partition_key=day)
