"""Running a job from the command line.

What belongs here: executing a job on the persistent instance, and telling what went wrong.
What does not: which job (``nightly``, ``rebuild``) and the closing tables (``summary``).
"""

from __future__ import annotations

import os
import warnings

import dagster as dg
from rich.console import Console

from assets.settings import Settings
from pipelines.instance import PID_TAG, prepare, reap

# Errors that an operator can act on; where they were raised helps nobody.
_SAYS_IT_ALL = ("RunningAlready", "RebuildRefused", "DatabaseBusy", "DatabaseUnreadable")


def execute(
    settings: Settings, job: str, *, replay: bool = False, partition: str | None = None
) -> dg.ExecuteInProcessResult:
    """Run a job in this process, as the schedule would run it; its progress goes to standard error."""
    prepare(settings)
    reap()
    warnings.filterwarnings("ignore", category=dg.BetaWarning)
    from pipelines.definitions import defs

    with dg.DagsterInstance.get() as instance:
        return defs.resolve_job_def(job).execute_in_process(
            run_config={
                "resources": {"ledger": {"config": {"sources": str(settings.sources), "replay": replay}}},
                "loggers": {"progress": {"config": {}}},
            },
            instance=instance,
            partition_key=partition,
            tags={PID_TAG: str(os.getpid())},
            raise_on_error=False,
        )


def show_errors(console: Console, result: dg.ExecuteInProcessResult) -> None:
    """Print the first cause of every step that failed, or of the run where it ended before any step began."""
    failures = [(e.step_key, e.step_failure_data.error) for e in result.all_events if e.is_step_failure]
    if not failures:
        failures = [("run", e.job_failure_data.error) for e in result.all_events if e.is_job_failure]
    for place, error in failures:
        while error is not None and error.cause is not None:
            error = error.cause
        words = "failed" if error is None else error.message if error.cls_name in _SAYS_IT_ALL else error.to_string()
        console.print(f"{place}: {words.strip()}", style="red", markup=False, highlight=False)
    console.print("The run and its log: chancery ui", highlight=False)
