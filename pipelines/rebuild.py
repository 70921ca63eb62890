"""A rebuild of the working database from the command line.

What belongs here: what the end of the job means for the caller.
What does not: the rebuild itself (``assets.rebuild``), executing the job (``runs``), options (``cli``).
"""

from __future__ import annotations

from rich.console import Console

from assets.settings import Settings
from pipelines.cli import Exit
from pipelines.runs import execute, show_errors
from pipelines.summary import show_published


def run_rebuild(settings: Settings) -> Exit:
    """Run the job that rebuilds the ledger from the archive, and print its outcome."""
    console = Console()
    result = execute(settings, "rebuild")
    if result.success:
        show_published(console, settings)
        return Exit.PUBLISHED
    for failure in (e.step_failure_data.user_failure_data for e in result.all_events if e.is_step_failure):
        if failure is not None:  # a rule held it back; anything else is an error without such data
            console.print(failure.description, style="red", markup=False, highlight=False)
            return Exit.HELD_BACK
    show_errors(console, result)
    return Exit.ERROR
