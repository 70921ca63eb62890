"""Times as pages and feeds write them → naive UTC.

What belongs here: reading what is plainly a date.  What does not: guessing ("03/04/2022" is March or April: read only
when something else says which) and times that a text tells about (extraction).
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from importlib import resources
from typing import Any, Final, Literal

import yaml

EARLIEST: Final = dt.datetime(1900, 1, 1)
# clocks and time zones of publishers are off by hours, never by days
AHEAD: Final = dt.timedelta(days=2)
# days that systems write where they know none
_NO_DAYS: Final = frozenset((dt.date(1970, 1, 1), dt.date(1969, 12, 31), dt.date(1900, 1, 1)))
Order = Literal["dmy", "mdy"]

_WRITTEN: Final = ("%d %B %Y", "%B %d %Y", "%d %b %Y", "%b %d %Y", "%Y/%m/%d", "%Y.%m.%d")
_ISO: Final = re.compile(r"\d{4}-?\d\d-?\d\d(?:[T ]\d\d.*)?")
_EPOCH: Final = re.compile(r"1\d{9}(?:\d{3})?")  # seconds or milliseconds since 1970, from 2001 to 2033
_LONGEST: Final = 200  # characters of a value that is a date and no text

_YEAR: Final = r"(?P<y>(?:19|20)\d\d)(?!\d)"
_DAY: Final = r"(?<!\d)(?P<d>\d{1,2})(?:st|nd|rd|th|er|ro|º|ª|°|\.)?"
# a letter, or a sign on one: vowels of Indian and Burmese writing are no letters to `re`
_LETTER: Final = r"(?:[^\W\d_]|[\u0300-\u036f\u064b-\u0652\u0900-\u0d7f\u0e00-\u0e4e\u1000-\u109f])"
# of two names for one month, as Arab papers of the Levant and the Gulf share a page, the first
_MONTH: Final = rf"(?P<m>{_LETTER}{{2,14}}(?: {_LETTER}{{3,7}})?)\.?(?: ?/ ?[\u0600-\u06ff]{{2,10}})?"
# the year before the first of an era
_ERAS: Final = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_FORMS: Final = (
    re.compile(rf"{_DAY},?[ /-]{{0,2}}(?:(?:de|of|den) |d['’])?{_MONTH},?[ /-]{{0,2}}(?:(?:de|del|of) )?{_YEAR}"),
    re.compile(rf"(?<![:.]){_DAY}[ -]{_MONTH}[ ,-]{{1,2}}['’]?(?P<y>\d\d)(?![\d.:h]|,? ?(?:19|20)\d\d)"),
    re.compile(rf"(?<![^\W\d_]){_MONTH} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}"),
    # "2026. március 3.", "2026 m. kovo 3 d."
    re.compile(rf"(?<!\d)(?P<y>(?:19|20)\d\d)\.?(?: m\.| г\.)? {_MONTH} (?P<d>\d{{1,2}})(?![\d:])"),
    # Thai years are those of the Buddha
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}}) {_MONTH} (?:พ\.ศ\. ?)?(?P<y>25[4-9]\d)(?!\d)"),
    re.compile(rf"(?<!\d)(?P<d>\d{{1,2}}) tháng (?P<n>\d{{1,2}}),?(?: năm)? {_YEAR}"),
    re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<s>[-/.])(?P<n>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?P<y>(?:19|20)\d\d) ?[年년] ?(?P<n>\d{1,2}) ?[月월] ?(?P<d>\d{1,2}) ?[日일]"),
    re.compile(rf"(?P<e>{'|'.join(_ERAS)}) ?(?P<y>元|\d{{1,3}}) ?年 ?(?P<n>\d{{1,2}}) ?月 ?(?P<d>\d{{1,2}}) ?日"),
    re.compile(
        r"(?<![\d./-])(?P<a>\d{1,2})(?P<s>[-/.]) ?(?P<b>\d{1,2})(?P=s) ?(?P<y>(?:20|19)?\d\d)(?![\d/]|-(?!\d\d:))"
    ),
)
_CLOCK: Final = re.compile(
    r"(?<![\d.:,])(?P<h>[01]?\d|2[0-3])(?:(?:[:.h]|(?: h ))(?P<min>[0-5]\d)(?:[:.](?P<sec>[0-5]\d))?(?:\.\d{1,9})?)?"
    r"(?![\d%])(?: ?(?P<half>[ap]\.?m\b\.?))?(?: ?(?:Uhr|uur|hrs|hours|h)\b)?"
    r"(?:,? ?\(?(?P<zone>[A-Za-z]{1,4})?(?P<offset>[+-]\d{1,2}(?::?\d\d)?)?(?![A-Za-z\d]))?",
    re.IGNORECASE,
)
# the clock of those who write the month first
_AMERICAN: Final = re.compile(
    r"\d{1,2}[/-]\d{1,2}[/-](?:\d\d)?\d\d,? (?:at )?\d{1,2}:\d\d ?[ap]\.?m\.? \(?[ECMP][SD]?T\b", re.IGNORECASE
)
_BESIDE: Final = re.compile(r"\d:\d\d[\s,|·–-]{0,3}$")  # a clock right before a date
_DIGITS: Final = re.compile(r"(?![0-9])\d")
_THAI: Final = 543  # years between two eras
_NEAR: Final = 28  # characters between a date and the time of day that belongs to it
# abbreviations that leave summer time open
_PLACES: Final = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
}


@dataclass(frozen=True, slots=True)
class Stated:
    """A date as stated: `moment` in naive UTC, `day` as the page's own calendar has it, `timed` with a time of day."""

    moment: dt.datetime
    day: dt.date
    timed: bool

    @property
    def stored(self) -> dt.datetime:
        """The moment in UTC; where the change of zone would turn the calendar's leaf, the stated day alone.

        Readers, and the words of the text ("on Monday", "today"), go by the stated day; a day without a time is
        stored as its midnight here as everywhere.
        """
        return self.moment if self.moment.date() == self.day else dt.datetime.combine(self.day, dt.time())


@dataclass(frozen=True, slots=True)
class Reading:
    """How this page's dates are to be read."""

    fetched_at: dt.datetime
    order: Order | None
    language: str | None

    def read(self, value: object) -> Stated | None:
        """As `stated_time`."""
        return stated_time(value, self.fetched_at, self.order, self.language)


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


def stated_time(
    value: object, fetched_at: dt.datetime, order: Order | None = None, language: str | None = None
) -> Stated | None:
    """What a page's field or dateline states, or None when it is no date or not a possible one.

    Read is all that `read_time` reads, seconds since 1970, and written dates in many languages.  `order` is how the
    page writes numeric dates, if that is known; `language` its two-letter code.
    """
    text = " ".join(str(value).split()) if isinstance(value, str | int) else ""
    if not text or len(text) > _LONGEST:
        return None
    if _EPOCH.fullmatch(text):
        moment = dt.datetime.fromtimestamp(int(text[:10]), dt.UTC)
    else:
        # the e-mail form is the last to be tried: its reader takes much, and drops what it does not know ("pm")
        found = _read(text) if _ISO.fullmatch(text) else None
        found = (
            found or next((moment for moment, *_ in written(text, fetched_at, order, language)), None) or _read(text)
        )
        if found is None:
            return None
        moment = found
    stated = _stated(moment, ":" in text or moment.time() != dt.time())
    if stated and stated.day in _NO_DAYS:
        return None
    return stated if stated and EARLIEST <= stated.moment <= fetched_at + AHEAD else None


def written(
    text: str, fetched_at: dt.datetime, order: Order | None = None, language: str | None = None
) -> Iterator[tuple[dt.datetime, int, int]]:
    """The dates written in `text` (single spaces), with the time of day beside each, and where they begin and end."""
    if not text.isascii():
        text = _DIGITS.sub(lambda digit: str(unicodedata.digit(digit[0])), text).replace("\u060c", ",")
    found: list[tuple[int, int, dt.date]] = []
    for form in _FORMS:
        for match in form.finditer(text):
            day = _day(match, fetched_at, order, language)
            if day is not None:
                found.append((match.start(), -match.end(), day))
    spans: list[tuple[int, int, dt.date]] = []
    for start, end, day in sorted(found):
        if not spans or start >= spans[-1][1]:
            spans.append((start, -end, day))
    for number, (start, end, day) in enumerate(spans):
        before = spans[number - 1][1] if number else 0
        after = spans[number + 1][0] if number + 1 < len(spans) else len(text)
        lead = text[max(before, start - _NEAR) : start]
        rest = text[end : min(after, end + _NEAR)]
        if spans[number + 1 :] and _BESIDE.search(lead):  # "14:05 3 May (updated 9:10 4 May)"
            clock = _clock(lead, day)
        else:
            clock = _clock(rest, day) or _clock(lead, day)
        yield clock or dt.datetime.combine(day, dt.time()), start, end


def is_month(word: str) -> bool:
    """Whether a word names a month in some language."""
    return word.casefold() in _lexicon()["months"]


def numeric_order(text: str) -> Order | None:
    """The order that the numeric dates in `text` prove, None when they prove none or both."""
    proven: set[Order] = set()
    for match in _FORMS[-1].finditer(text):
        first, second = int(match["a"]), int(match["b"])
        if first <= 31 and second <= 31 and (first > 12) != (second > 12):
            proven.add("dmy" if first > 12 else "mdy")
    if not proven and _AMERICAN.search(text):
        return "mdy"
    return proven.pop() if len(proven) == 1 else None


def _stated(moment: dt.datetime, timed: bool) -> Stated | None:
    try:
        utc = naive_utc(moment)
    except (OverflowError, ValueError):
        return None
    day = moment.date()
    if moment.time() == dt.time() and moment.tzinfo is not None and utc != moment.replace(tzinfo=None):
        # midnight sharp in a zone of its own is how systems write a day without a time
        return Stated(dt.datetime.combine(day, dt.time()), day, timed=False)
    return Stated(utc, day, timed)


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


def _day(match: re.Match[str], fetched_at: dt.datetime, order: Order | None, language: str | None) -> dt.date | None:
    """The day of a match of one of the forms; None when there is no such day, or its order is open."""
    parts = match.groupdict()
    if parts.get("e"):
        year = _ERAS[parts["e"]] + (1 if parts["y"] == "元" else int(parts["y"]))
        return _date(year, int(parts["n"]), int(parts["d"]))
    year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
    year -= _THAI if year > 2500 else 0
    if parts.get("a"):
        return _ordered(year, int(parts["a"]), int(parts["b"]), parts["s"], fetched_at, order)
    month = int(parts["n"]) if parts.get("n") else _month(parts["m"], language)
    return _date(year, month, int(parts["d"]))


def _ordered(
    year: int, first: int, second: int, mark: str, fetched_at: dt.datetime, order: Order | None
) -> dt.date | None:
    by_day, by_month = _date(year, second, first), _date(year, first, second)
    if by_day is None or by_month is None or by_day == by_month:
        return by_day or by_month
    if mark == ".":  # with dots the day comes first, wherever dates are written with dots
        return by_day
    latest = (fetched_at + AHEAD).date()
    possible = [day for day in (by_day, by_month) if day <= latest]
    if len(possible) == 1:
        return possible[0]
    return {"dmy": by_day, "mdy": by_month, None: None}[order]


def _date(year: int, month: int | None, day: int) -> dt.date | None:
    try:
        return dt.date(year, month or 0, day)
    except ValueError:
        return None


def _clock(text: str, day: dt.date) -> dt.datetime | None:
    """`day` at the time of day in `text`, with its zone if one is named; None when there is none."""
    for match in _CLOCK.finditer(text):
        hour, minute = int(match["h"]), int(match["min"] or 0)
        half = (match["half"] or "").replace(".", "").casefold()
        if match["min"] is None and not half:
            continue
        if half and hour <= 12:
            hour = hour % 12 + (12 if half == "pm" else 0)
        moment = dt.datetime.combine(day, dt.time(hour, minute, int(match["sec"] or 0)))
        return moment.replace(tzinfo=_zone(match["zone"], match["offset"]))
    return None


def _zone(name: str | None, offset: str | None) -> dt.tzinfo | None:
    name = (name or "").casefold()
    if offset is not None and name in ("", "utc", "gmt", "z"):
        digits = offset[1:].replace(":", "")
        hours, minutes = (int(digits), 0) if len(digits) <= 2 else (int(digits[:-2]), int(digits[-2:]))
        if hours > 14 or minutes > 59:
            return None
        return dt.timezone(dt.timedelta(hours=hours, minutes=minutes) * (-1 if offset[0] == "-" else 1))
    if name in _PLACES:
        try:
            return zoneinfo.ZoneInfo(_PLACES[name])
        except zoneinfo.ZoneInfoNotFoundError:
            return None
    hours_east = _lexicon()["zones"].get(name)
    return None if hours_east is None else dt.timezone(dt.timedelta(hours=hours_east))


def _month(name: str, language: str | None) -> int | None:
    lexicon = _lexicon()
    name = name.casefold()
    special: int | None = lexicon["except_in"].get(language, {}).get(name)
    # "Fri Jul 19", "19 July Friday"
    words = (name, *name.split()[-1:], *name.split()[:1], name.removeprefix("ב"))  # "in March", in Hebrew
    found: int | None = special or next((lexicon["months"][word] for word in words if word in lexicon["months"]), None)
    return found


@functools.cache
def _lexicon() -> dict[str, Any]:
    raw = yaml.safe_load(resources.files("sources.formats").joinpath("lexicon/months.yml").read_text("utf-8"))
    months = {form.casefold(): number for number, forms in enumerate(raw["months"], start=1) for form in forms}
    return {"months": months, "except_in": raw["except_in"], "zones": raw["zones"]}
