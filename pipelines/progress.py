"""The run's progress on a terminal.

What belongs here: turning Dagster's log records into the line that a person watches.
What does not: what the run found (``summary``).
"""

from __future__ import annotations

import logging
from typing import Any

import dagster as dg
from rich.console import Console
from rich.status import Status

# What each step does, in words, in the order of the run.
STEPS = {
    "archive__captures": "fetching",
    "articles__articles": "reading articles",
    "facts__mentions": "extracting facts",
    "resolution": "joining facts",
    "snapshot__candidate": "building and auditing the candidate",
    "snapshot__published": "publishing",
    "ledger_from_archive": "rebuilding from the archive",
}


class ProgressHandler(logging.Handler):
    """Shows the step that runs, its last message, and a line for each that is done."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self.console = console
        self.status: Status = console.status("starting")
        self.status.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Show one record of the run."""
        meta: dict[str, Any] = getattr(record, "dagster_meta", {})
        event = meta.get("dagster_event")
        words = STEPS.get(meta.get("step_key") or "", "")
        if event is None:
            if words and record.levelno >= logging.INFO:
                self.status.update(f"{words}: {meta.get('orig_message', record.getMessage())}")
            if record.levelno == logging.WARNING:
                self.console.print(f"[yellow]{words}: {meta.get('orig_message', record.getMessage())}", highlight=False)
            return
        kind = event.event_type_value
        if kind == "STEP_START":
            self.status.update(words)
        elif kind == "STEP_SUCCESS":
            self.console.print(f"  [green]✓[/] {words} [dim]{event.event_specific_data.duration_ms / 1000:.1f} s[/]")
        elif kind == "STEP_FAILURE":
            self.console.print(f"  [red]✗[/] {words}")
        elif kind in ("PIPELINE_SUCCESS", "PIPELINE_FAILURE"):
            self.status.stop()


CONSOLE = Console(stderr=True)


def _progress(_: dg.InitLoggerContext) -> logging.Logger:
    """A logger that shows the run's progress on standard error."""
    logger = logging.Logger("chancery.progress", logging.DEBUG)  # the steps of a run are told at this level
    logger.addHandler(ProgressHandler(CONSOLE))
    return logger


progress_logger = dg.LoggerDefinition(_progress, description="progress on the terminal")
