"""Inputs that a parser could not cope with, as the rules get them.

What belongs here: their frame, with the command that parses one of them again.
What does not: parsing (``sources``), the command itself (``pipelines``) and what is promised (``expectations``).
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable

import pandas as pd

from sources.log import LogEntry, Status

COLUMNS = ("source_id", "url", "reason", "sentence", "detail", "command")


def unread(log: Iterable[LogEntry]) -> pd.DataFrame:
    """One row for each input whose bytes are in the archive and which a parser could not read.

    Where a feed's summary stands in for a page, the log has a warning instead of a rejection; that is such a page, too.
    """
    rows = {
        (e.source_id, e.url): (e.source_id, e.url, e.reason.value, e.reason.sentence, e.detail, replay_command(e))
        for e in log
        if e.reason is not None and e.reason.of_parser and e.status in (Status.REJECTED, Status.WARNING)
    }
    return pd.DataFrame(list(rows.values()), columns=list(COLUMNS), dtype=object)


def replay_command(entry: LogEntry) -> str:
    """What to type to parse an input again, as far as the shell is concerned: whatever is in its address is quoted."""
    words = ["replay-page", "--day", entry.fetch_day.isoformat(), "--source", entry.source_id, "--url", entry.url]
    return shlex.join(["chancery", *words])
