"""Earlier days, held so that many fit in memory: what stood at an address, and which sources came.

What belongs here: a day's answers to those two questions.  What does not: deciding anything by them (backoff, readers).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sources.archiving.days import Day, read_day, read_line
from sources.archiving.records import Capture, Failure, Record
from sources.log import Reason
from sources.urls import is_web

# what is noted of a source that nobody tried to reach
_NOT_TRIED: Final = (Reason.SOURCE_RESTING, Reason.POSTPONED, Reason.HOST_DOWN)
_NO_CONNECTION: Final = (Reason.CONNECT_FAILED, Reason.TIMED_OUT, Reason.PROTOCOL_ERROR)
# so many sources do not fail to connect together by chance: the fault is on our side
_TOGETHER: Final = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of a source's own address on a day: whether bytes came, and when it was last tried (naive UTC)."""

    came: bool
    at: dt.datetime


class Past:
    """One earlier day."""

    def __init__(self, root: Path, day: dt.date) -> None:
        self._root = root
        self._day = day
        read = read_day(root, day)
        self.asked = asked(entry.record for entry in read.entries)
        self._lines = _newest(read)

    def last(self, source_id: str, url: str, role: str | None) -> Capture | None:
        """The newest capture of an address on that day, in any role when `role` is None."""
        found = self._lines.get(_key(source_id, role or "", url))
        if not isinstance(found, int):
            return found
        try:
            record = read_line(self._root, self._day, found)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None  # the manifest was taken away meanwhile
        same = isinstance(record, Capture) and (record.origin.source_id, record.url) == (source_id, url)
        return record if same and isinstance(record, Capture) else None


def _newest(day: Day) -> dict[bytes, int | Capture]:
    """For each address where its newest capture's line begins; the capture itself where there is no line."""
    out: dict[bytes, int | Capture] = {}
    for entry, line in zip(day.entries, day.lines, strict=True):
        capture = entry.record
        if isinstance(capture, Capture):
            held = capture if line is None else line
            for role in (str(capture.role), ""):
                out[_key(capture.origin.source_id, role, capture.url)] = held
    return out


def _key(source_id: str, role: str, url: str) -> bytes:
    told = "\n".join((source_id, role, url)).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(told, digest_size=12).digest()


def asked(records: Iterable[Record]) -> dict[str, Asked]:
    """The sources whose own address (one without a parent) was tried.

    On a day on which no address of the web could be reached, though several sources were tried, nothing is learned of
    those: the fault was on our side.
    """
    out: dict[str, Asked] = {}
    web: dict[str, bool] = {}  # source → whether it was beyond reach
    for record in records:
        if record.parent_url is not None or (isinstance(record, Failure) and record.reason in _NOT_TRIED):
            continue
        source = record.origin.source_id
        came = isinstance(record, Capture)
        at = record.fetched_at if isinstance(record, Capture) else record.failed_at
        before = out.get(source)
        out[source] = Asked(came or (before is not None and before.came), max(at, before.at) if before else at)
        if is_web(record.url):
            beyond = isinstance(record, Failure) and record.reason in _NO_CONNECTION
            web[source] = web.get(source, True) and beyond
    if len(web) >= _TOGETHER and all(web.values()):
        return {source: what for source, what in out.items() if source not in web}
    return out
