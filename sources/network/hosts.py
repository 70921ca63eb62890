"""Hosts and their pace: when a host may be asked again, and when it is left alone.

What belongs here: spacing, pauses that a host asks for, its time in a run, failures in a row.
What does not: requests (http) and the order of many of them (crawl).

Times are seconds of a monotonic clock.  A *host* is a name; an *origin* is scheme, name and port.  Pace belongs to the
host, robots.txt and failures to the origin: that port 80 is closed says nothing about port 443.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Final

import anyio

from sources.log import Reason
from sources.network.messages import FetchError, HttpSettings
from sources.network.robots import Robots

# Addresses in a row, each tried several times, after which an origin is left alone for this run.
DOWN_AFTER: Final = 3  # it could not be reached
BUSY_AFTER: Final = 2  # it asked to come back later (429)
FAULTY_AFTER: Final = 5  # it failed (5xx), which may be the fault of single pages
_UNREACHABLE: Final = (Reason.CONNECT_FAILED, Reason.TIMED_OUT, Reason.PROTOCOL_ERROR)
# Nothing was asked of the host, or nothing was learnt about it.
_NOT_ASKED: Final = (
    Reason.BAD_ADDRESS,
    Reason.HOST_BUSY,
    Reason.HOST_DOWN,
    Reason.POSTPONED,
    Reason.PRIVATE_ADDRESS,
    Reason.ROBOTS_DISALLOWED,
    Reason.ROBOTS_UNREACHABLE,
)


@dataclass(slots=True)
class Origin:
    """A server: its robots.txt once known, and how often in a row it could not be reached, was busy, or failed."""

    robots: Robots | None = None
    failures: int = 0
    busy: int = 0
    faults: int = 0
    reading_robots: anyio.Lock = field(default_factory=anyio.Lock)

    def check(self) -> None:
        """Raises FetchError when the server is left alone for this run."""
        if self.failures >= DOWN_AFTER:
            raise FetchError(Reason.HOST_DOWN, f"{self.failures} failures in a row")
        if self.busy >= BUSY_AFTER:
            raise FetchError(Reason.HOST_BUSY, f"it asked {self.busy} times in a row to come back later")
        if self.faults >= FAULTY_AFTER:
            raise FetchError(Reason.HOST_DOWN, f"{self.faults} errors of the server in a row")

    def note(self, outcome: FetchError | None) -> None:
        """Learn from the outcome of one address; None is an answer of any kind."""
        reason = None if outcome is None else outcome.reason
        if reason in _NOT_ASKED:
            return
        self.failures = self.failures + 1 if reason in _UNREACHABLE else 0
        self.busy = self.busy + 1 if reason is Reason.HTTP_BUSY else 0
        self.faults = self.faults + 1 if reason is Reason.HTTP_SERVER_ERROR else 0


class Host:
    """A host's pace.  Whoever wants to ask it holds `lock` from the wait to the end of the answer."""

    def __init__(self, settings: HttpSettings) -> None:
        self.lock = anyio.Lock()
        self._settings = settings
        self._crawl_delay = 0.0
        self._last_start: float | None = None
        self._rest_until = 0.0
        self._ends: float | None = None  # when its time in this run is used up; set by the first request
        self._too_long: float | None = None  # a pause it asked for that is longer than a run can wait

    def start_at(self, delay: float | None, now: float) -> float:
        """When the next request may start.  Raises FetchError when that is not in this run."""
        if self._too_long is not None:
            raise FetchError(Reason.HOST_BUSY, f"it asked for a pause of {self._too_long:.0f} s")
        at = max(now, self._rest_until)
        if self._last_start is not None:
            at = max(at, self._last_start + max(self._settings.spacing, delay or 0.0, self._crawl_delay))
        if self._ends is not None and at >= self._ends:
            raise FetchError(Reason.POSTPONED, f"{self._settings.host_deadline:g} s are used up")
        return at

    def starts(self) -> None:
        """A request starts now: to be called when a connection is wanted, and again when there is one."""
        self._last_start = time.monotonic()
        if self._ends is None:
            self._ends = self._last_start + self._settings.host_deadline

    def slow_down(self, crawl_delay: float) -> None:
        """Keep a site's own crawl delay, within bounds."""
        self._crawl_delay = max(self._crawl_delay, min(crawl_delay, self._settings.max_crawl_delay))

    def rest(self, seconds: float, now: float) -> None:
        """Leave the host alone for a while, or, where that is too long, for the rest of the run."""
        if seconds > self._settings.max_retry_after:
            self._too_long = seconds
        else:
            self._rest_until = max(self._rest_until, now + seconds)


def retry_after(value: str | None, now: dt.datetime) -> float | None:
    """The seconds that a Retry-After header (seconds or a date) asks for; None without a readable one.

    `now` has a zone.
    """
    text = (value or "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:12])
    try:
        date = parsedate_to_datetime(text)
        return max(0.0, (date.replace(tzinfo=date.tzinfo or dt.UTC) - now).total_seconds())
    except (ValueError, OverflowError, IndexError, TypeError):
        return None
