"""One run of the nightly job from the command line.

What belongs here: what the end of the job means for the caller.
What does not: executing it (``runs``), options (``cli``) and the closing tables (``summary``).
"""

from __future__ import annotations

import datetime as dt

from rich.console import Console

from assets.settings import Settings
from pipelines.cli import Exit
from pipelines.runs import execute, show_errors
from pipelines.summary import show

_CHECK_FAILED = "DagsterAssetCheckFailedError"


def run_day(settings: Settings, day: dt.date, replay: bool) -> Exit:
    """Run the job that the schedule runs, for one day, and print its outcome."""
    console = Console()
    result = execute(settings, "nightly", replay=replay, partition=day.isoformat())
    if result.success:
        show(console, settings, day, result.run_id, published=True)
        return Exit.PUBLISHED
    errors = [e.step_failure_data.error for e in result.all_events if e.is_step_failure]
    if errors and all(e is not None and _CHECK_FAILED in e.to_string() for e in errors):
        show(console, settings, day, result.run_id, published=False)
        return Exit.HELD_BACK
    show_errors(console, result)
    return Exit.ERROR
