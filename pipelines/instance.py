"""Dagster's instance: its folder, its settings, and runs that a power cut left behind.

What belongs here: what must stand before the first run.
What does not: jobs and schedules.
"""

from __future__ import annotations

import os
from pathlib import Path

from assets.settings import Settings

# Four hours: a nightly run that lasts longer is stuck.
_YAML = """\
# Written by Chancery at every start; change the settings of Chancery instead.
telemetry: {enabled: false}
nux: {enabled: false}
run_retries: {enabled: false}
run_monitoring: {enabled: true, poll_interval_seconds: 30, max_runtime_seconds: 14400}
# One run at a time: DuckDB has one writer.
concurrency: {runs: {max_concurrent_runs: 1}}
"""
PID_TAG = "chancery/pid"


def prepare(settings: Settings) -> Path:
    """Make Dagster's folder and point this process and its children to it; returns the folder."""
    home = settings.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    config = home / "dagster.yaml"
    if not config.exists() or config.read_text("utf-8") != _YAML:
        config.write_text(_YAML, "utf-8")
    os.environ.update(
        DAGSTER_HOME=str(home),
        DAGSTER_DISABLE_TELEMETRY="1",
        DO_NOT_TRACK="1",
        CHANCERY_DATA=str(settings.data),
        CHANCERY_SOURCES=str(settings.sources),
    )
    return home


def reap() -> list[str]:
    """Report as failed the runs whose process is gone (a power cut, a kill); their ids.

    Such a run would stay "started" for ever, and with one run at a time no other would start.
    """
    import dagster as dg

    dead = []
    with dg.DagsterInstance.get() as instance:
        active = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
        for run in instance.get_runs(dg.RunsFilter(statuses=active)):
            pid = run.tags.get(PID_TAG)
            if pid is not None and not _alive(int(pid)):
                instance.report_run_failed(run, f"its process {pid} is gone")
                dead.append(run.run_id)
    return dead


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
