"""Times as pages and feeds write them → naive UTC.

What belongs here: reading what is plainly a date.  What does not: guessing ("03/04/2022" is March or April: not read)
and times that a text tells about (extraction).
"""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime
from typing import Final

EARLIEST: Final = dt.datetime(1900, 1, 1)
# clocks and time zones of publishers are off by hours, never by days
AHEAD: Final = dt.timedelta(days=2)
_WRITTEN: Final = ("%d %B %Y", "%B %d %Y", "%d %b %Y", "%b %d %Y", "%Y/%m/%d", "%Y.%m.%d")
_ISO: Final = re.compile(r"\d{4}-?\d\d-?\d\d(?:[T ]\d\d.*)?")


def utc_now() -> dt.datetime:
    """Now, as naive UTC without microseconds."""
    return naive_utc(dt.datetime.now(dt.UTC)).replace(microsecond=0)


def naive_utc(moment: dt.datetime) -> dt.datetime:
    """`moment` in UTC without its zone; one without a zone is taken as UTC."""
    return moment if moment.tzinfo is None else moment.astimezone(dt.UTC).replace(tzinfo=None)


def parse_time(value: object, fetched_at: dt.datetime) -> dt.datetime | None:
    """The moment that `value` names, as naive UTC; None when it is no plain date or not a possible one.

    Read are ISO 8601, RFC 822/2822 and English dates with the month as a word.  Possible is 1900 to two days after
    `fetched_at` (naive UTC).
    """
    moment = read_time(value)
    return moment if moment and EARLIEST <= moment <= fetched_at + AHEAD else None


def read_time(value: object) -> dt.datetime | None:
    """The moment that `value` names, possible or not, as naive UTC; None when it is no plain date.

    For dates that somebody states outright: the rules judge whether they can be, and hold back what cannot.
    """
    if not isinstance(value, str):
        return None
    moment = _read(" ".join(value.split()))
    try:
        return naive_utc(moment) if moment else None
    except (OverflowError, ValueError):
        return None


def _read(text: str) -> dt.datetime | None:
    if _ISO.fullmatch(text):
        # "2022-08-03T10:00:00.123456789 +0200": Python takes six digits of a second and no space before the zone
        tidy = re.sub(r"(\.\d{6})\d+", r"\1", text)
        tidy = re.sub(r"\s+(?=(?:Z|UTC|GMT|[+-]\d\d:?\d\d)$)", "", tidy)
        tidy = re.sub(r"(?:UTC|GMT)$", "Z", tidy)
        try:
            return dt.datetime.fromisoformat(tidy)
        except ValueError:
            return None
    plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|,", "", text).replace("Sept ", "Sep ")
    for form in _WRITTEN:
        try:
            return dt.datetime.strptime(plain, form)
        except ValueError:
            continue
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
