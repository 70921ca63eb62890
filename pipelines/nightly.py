"""One run of the nightly job from the command line.

What belongs here: executing the job on the persistent instance, and what its end means for the caller.
What does not: options (``cli``) and the closing tables (``summary``).
"""

from __future__ import annotations

import datetime as dt
import os
import warnings

import dagster as dg
from rich.console import Console

from assets.settings import Settings
from pipelines.cli import Exit
from pipelines.instance import PID_TAG, prepare, reap
from pipelines.summary import show

_CHECK_FAILED = "DagsterAssetCheckFailedError"


def run_day(settings: Settings, day: dt.date, replay: bool) -> Exit:
    """Run the job that the schedule runs, for one day, and print its outcome."""
    console = Console()
    prepare(settings)
    reap()
    warnings.filterwarnings("ignore", category=dg.BetaWarning)
    from pipelines.definitions import defs

    with dg.DagsterInstance.get() as instance:
        result = defs.resolve_job_def("nightly").execute_in_process(
            run_config={
                "resources": {"ledger": {"config": {"sources": str(settings.sources), "replay": replay}}},
                "loggers": {"progress": {"config": {}}},
            },
            instance=instance,
            partition_key=day.isoformat(),
            tags={PID_TAG: str(os.getpid())},
            raise_on_error=False,
        )
    if result.success:
        show(console, settings, day, result.run_id, published=True)
        return Exit.PUBLISHED
    errors = [e.step_failure_data.error for e in result.all_events if e.is_step_failure]
    if errors and all(e is not None and _CHECK_FAILED in e.to_string() for e in errors):
        show(console, settings, day, result.run_id, published=False)
        return Exit.HELD_BACK
    for event in (e for e in result.all_events if e.is_step_failure):
        error = event.step_failure_data.error
        while error is not None and error.cause is not None:
            error = error.cause
        words = error.to_string() if error else "failed"
        console.print(f"{event.step_key}: {words}", style="red", markup=False, highlight=False)
    console.print("The run and its log: chancery ui", highlight=False)
    return Exit.ERROR
