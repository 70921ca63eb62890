"""Time expressions: what a phrase such as "last Monday" or "6 December" means, seen from the day of publication.

What belongs here: finding the expressions of a text and resolving each to a day, month or year.  The words are data
(``lexicon/time.yml``).
What does not: which act an expression dates (``dates``).

Two choices that a reader should know.  A *week* or a weekend has no precision of its own in the contract: "last week"
gives the month in which most of that week lies, because a day would claim more than the text says.  A phrase is
``stated`` only when it names its year; "6 December" and "in January" borrow the year from the day of publication and
are ``resolved``.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from spacy.tokens import Doc

from extraction.facts import Precision, When
from extraction.gazetteer import lexicon

Direction = Literal[-1, 0, 1]
"""Where the act lies as its verb tells: -1 past, 1 future, 0 not told."""

Kind = Literal["day", "month", "year", "decade", "weekday", "weekend", "offset", "season"]
_NEAR = 25  # days: fewer than lie between two readings of one numeric date that are both near publication
_COARSER: dict[Precision, Precision] = {"day": "month", "month": "year", "year": "unknown", "unknown": "unknown"}


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """One expression at ``text[start:end]``; only the fields of its ``kind`` are set.

    ``narrated``: counted from the day the text speaks of ("the following day"), not from publication.
    """

    start: int
    end: int
    kind: Kind
    year: int | None = None
    month: int = 1
    day: int = 1
    other: tuple[int, int] | None = None
    weekday: int = 0
    shift: int | None = None
    count: int = 0
    unit: str = "day"
    inexact: bool = False
    narrated: bool = False

    def resolve(self, published: dt.date | None, direction: Direction = 0, narrated: dt.date | None = None) -> When:
        """The period meant, as its first day with precision and basis; ``When()`` when that cannot be known."""
        if self.kind == "year" and self.year is not None:
            return _when(dt.date(self.year, 1, 1), "year", "stated")
        if self.kind in ("day", "month") and self.year is not None:
            return self._dated(self.year, published)
        anchor = narrated if self.narrated else published
        if anchor is None:
            return When()
        try:
            return _RESOLVERS[self.kind](self, anchor, direction)
        except (OverflowError, ValueError):  # before year 1 or after 9999
            return When()

    def _dated(self, year: int, published: dt.date | None) -> When:
        if self.kind == "month":
            return _when(dt.date(year, self.month, 1), "month", "stated")
        day = _day(year, self.month, self.day)
        if self.other is not None:
            second = _day(year, *self.other)
            near = [d for d in (day, second) if d and published and abs((d - published).days) <= _NEAR]
            if len(near) != 1:  # day and month cannot be told apart: the year is all that is known
                return _when(dt.date(year, 1, 1), "year", "stated")
            day = near[0]
        return When() if day is None else _when(day, "day", "stated")


def _when(day: dt.date, precision: Precision, basis: Literal["stated", "resolved"]) -> When:
    if precision == "month":
        day = day.replace(day=1)
    elif precision == "year":
        day = day.replace(month=1, day=1)
    elif precision == "unknown":
        return When()
    return When(day, precision, basis)


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _nearest(candidates: list[dt.date], anchor: dt.date, direction: Direction, slack: int) -> dt.date | None:
    """The candidate on the told side of the anchor (``slack`` days across count too), else the nearest."""
    if direction < 0:
        fitting = [c for c in candidates if (c - anchor).days <= slack]
    elif direction > 0:
        fitting = [c for c in candidates if (anchor - c).days <= slack]
    else:
        fitting = candidates
    return min(fitting, key=lambda c: abs((c - anchor).days), default=None)


def _resolve_day(e: TimeExpression, anchor: dt.date, direction: Direction) -> When:
    days = [d for y in (anchor.year - 1, anchor.year, anchor.year + 1) if (d := _day(y, e.month, e.day))]
    found = _nearest(days, anchor, direction, slack=1)
    return When() if found is None else _when(found, "day", "resolved")


def _resolve_month(e: TimeExpression, anchor: dt.date, direction: Direction) -> When:
    if e.shift == -1:
        direction = -1
    elif e.shift == 1:
        direction = 1
    months = [dt.date(y, e.month, 1) for y in (anchor.year - 1, anchor.year, anchor.year + 1)]
    first = anchor.replace(day=1)
    if e.shift in (-1, 1):  # "last May" said in May is last year's
        months = [m for m in months if m != first]
    if e.shift == 0:
        months = [dt.date(anchor.year, e.month, 1)]
        direction = 0
    found = _nearest(months, first, direction, slack=0)
    return When() if found is None else _when(found, "month", "resolved")


def _resolve_weekday(e: TimeExpression, anchor: dt.date, direction: Direction) -> When:
    ahead = (e.weekday - anchor.weekday()) % 7
    if e.shift == -1:  # "last Monday" said on a Tuesday is not yesterday
        days = ahead - 7 if 7 - ahead > 2 else ahead - 14
    elif e.shift == 1:
        days = ahead or 7
    elif direction > 0 or ahead == 0:
        days = ahead
    else:  # news tells of what has happened unless it says otherwise
        days = ahead - 7
    return _when(anchor + dt.timedelta(days), "day", "resolved")


def _resolve_weekend(e: TimeExpression, anchor: dt.date, direction: Direction) -> When:
    saturday = anchor + dt.timedelta(5 - anchor.weekday())
    if e.shift == -1 or (e.shift is None and direction <= 0 and anchor.weekday() < 5):
        saturday -= dt.timedelta(7)
    elif e.shift == 1 and anchor.weekday() >= 5:
        saturday += dt.timedelta(7)
    return _when(saturday, "month", "resolved")


def _resolve_season(e: TimeExpression, anchor: dt.date, direction: Direction) -> When:
    middle = dt.date(anchor.year, e.month, 15)
    year = anchor.year
    if e.shift == -1 and middle >= anchor:
        year -= 1
    elif e.shift == 1 and middle <= anchor:
        year += 1
    return _when(dt.date(year, 1, 1), "year", "resolved")


def _resolve_offset(e: TimeExpression, anchor: dt.date, direction: Direction) -> When:
    precision: Precision
    if e.shift == 1 and direction <= 0:
        return When()
    if e.unit == "day":
        day, precision = anchor + dt.timedelta(e.count), "day"
    elif e.unit in ("week", "fortnight"):
        days = 7 * e.count * (2 if e.unit == "fortnight" else 1)
        thursday = anchor + dt.timedelta(3 - anchor.weekday() + days)  # a week lies where its middle lies
        day, precision = thursday, "month"
    elif e.unit == "month":
        months = anchor.year * 12 + anchor.month - 1 + e.count
        day, precision = dt.date(months // 12, months % 12 + 1, 1), "month"
    elif e.unit == "year":
        day, precision = dt.date(anchor.year + e.count, 1, 1), "year"
    else:
        return When()
    return _when(day, _COARSER[precision] if e.inexact else precision, "resolved")


def _resolve_nothing(e: TimeExpression, anchor: dt.date, direction: Direction) -> When:
    return When()


_RESOLVERS: dict[Kind, Callable[[TimeExpression, dt.date, Direction], When]] = {
    "day": _resolve_day,
    "month": _resolve_month,
    "year": _resolve_nothing,
    "decade": _resolve_nothing,
    "weekday": _resolve_weekday,
    "weekend": _resolve_weekend,
    "season": _resolve_season,
    "offset": _resolve_offset,
}


def words() -> dict[str, Any]:
    """The vocabulary of ``lexicon/time.yml``."""
    return lexicon("time")


def _either(items: object) -> str:
    alternatives = sorted((str(i) for i in items), key=len, reverse=True)  # type: ignore[attr-defined]
    return "|".join(re.escape(a).replace(r"\ ", r"\s+") for a in alternatives)


_YEAR = r"(?:1[5-9]|20)\d\d"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?(?![\d:])"
_RANGE = rf"(?:\s*(?:-|–|to|and)\s*{_DAY})?"


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], dict[str, Any] | None]], ...]:
    w = words()
    full = _either(m.capitalize() for m in w["months"])
    short = _either(m.capitalize() for m in w["month_abbreviations"])
    month = rf"(?P<month>{full}|(?:{short})\b\.?)"
    weekday = rf"(?P<weekday>{_either(d.capitalize() for d in w['weekdays'])})"
    lead = rf"(?:(?:{_either(d.capitalize() for d in w['weekdays'])}),?\s+(?:the\s+)?)?"
    shift = rf"(?P<shift>{_either(w['shifts'])})"
    unit = rf"(?P<unit>{_either(w['units'])})"
    number = rf"(?P<count>{_either(w['numbers'])}|[1-9]\d?)"
    inexact = rf"(?:(?P<inexact>{_either(w['inexact'])})\s+)?"
    dating = rf"(?:{_either(w['dating'])})"
    part = r"(?:(?:early|late|mid|the\s+(?:end|beginning|start|middle)\s+of)[\s-]+)?"
    free = r"(?<![\w-])"
    sources: tuple[tuple[str, Callable[[re.Match[str]], dict[str, Any] | None]], ...] = (
        (rf"{free}{lead}(?P<day>{_DAY}){_RANGE}\s+(?:of\s+)?{month}(?:\s*,?\s+(?P<year>{_YEAR}))?(?!\w)", _read_day),
        (
            rf"{free}{lead}{month}\s+(?:the\s+)?(?P<day>{_DAY}){_RANGE}(?:\s*,?\s+(?P<year>{_YEAR}))?(?![\w%])",
            _read_day,
        ),
        (rf"(?<![\w/.-])(?P<year>{_YEAR})-(?P<m>\d\d)-(?P<day>\d\d)(?!\w)", _read_iso),
        (rf"(?<![\w/.-])(?P<a>\d\d?)(?P<s>[/.-])(?P<b>\d\d?)(?P=s)(?P<year>{_YEAR})(?![\w/-])", _read_numeric),
        (rf"{free}{month},?\s+(?:of\s+)?(?P<year>{_YEAR})(?!\w)", _read_month),
        (rf"(?i:\b{shift})\s+(?P<month>{full})(?!\w)", _read_month),
        (rf"(?i:\b(?:{dating}|the|its|their|his|her)[\s-]+{part})(?P<month>{full})(?!\w)(?!\s+\d)", _read_month),
        (rf"{free}(?P<month>{full})(?:\s+(?P<shift>last|next))?(?!\w)(?!\s+\d)", _read_bare_month),
        (
            rf"{free}(?:(?i:(?P<shift>this\s+coming|{_either(w['shifts'])}))\s+)?{weekday}(?:\s+(?P<after>last|next)\b)?",
            _read_weekday,
        ),
        (rf"(?i:\b(?P<word>{_either(w['relative_days'])})\b)", lambda m: _read_word(m, "relative_days")),
        (rf"(?i:\b(?P<word>{_either(w['narrated_days'])})\b)", lambda m: _read_word(m, "narrated_days")),
        (rf"(?i:{inexact}\b{number}[\s-]+{unit}s?\s+(?P<way>ago|earlier|later|hence|from\s+now)\b)", _read_offset),
        (rf"(?i:\b(?P<way>in)\s+{inexact}{number}\s+{unit}s?(?:['’](?:s?\s+time)?)?)(?![\w-])", _read_offset),
        (rf"(?i:(?<!the\s)\b{shift}\s+(?:{unit}|(?P<weekend>weekend))\b)", _read_shift),
        (rf"(?i:\bthe\s+(?P<narrated>previous|following|preceding)\s+{unit}\b)", _read_narrated_unit),
        (
            rf"(?i:\b(?:earlier|later|late|early|at\s+the\s+end|by\s+the\s+end|before\s+the\s+end)\s+(?:in|of)\s+the\s+{unit}\b)",
            _read_this,
        ),
        (r"(?i:\b(?:at|over|during)\s+the\s+(?P<weekend>weekend)\b)", _read_shift),
        (rf"(?i:\b(?P<shift>last|this|next)\s+(?P<season>{_either(w['seasons'])})\b)", _read_season),
        (
            rf"(?<![\w/.-]){_YEAR}\s?[-–/]\s?(?:{_YEAR}|\d\d)(?![\w/-])",
            lambda m: {"kind": "decade"},  # a span of years dates nothing
        ),
        (
            rf"(?i:\b(?:the\s+)?(?:(?:early|late|mid)[\s-]+)?)(?P<decade>{_YEAR}|['’]\d0)['’]?s(?!\w)",
            lambda m: {"kind": "decade"},
        ),
        (
            rf"(?i:\b(?:{dating}|end)[\s-]+(?:(?:early|late|mid)[\s-]+)?)(?P<year>{_YEAR})(?![\w,.%]*\d)(?![%\w])(?!\s?[-–/]\s?\d)",
            _read_year,
        ),
        (rf"(?<![\w$€£.,/-])(?P<bare>{_YEAR})(?![\w%/])(?![,.]\d)", _read_bare_year),
    )
    return tuple((re.compile(pattern), reader) for pattern, reader in sources)


def _month_number(written: str) -> int:
    key = written.rstrip(".").lower()
    w = words()
    return int(w["months"].get(key) or w["month_abbreviations"][key])


def _year(match: re.Match[str]) -> int | None:
    return int(match["year"]) if match["year"] else None


def _read_day(m: re.Match[str]) -> dict[str, Any] | None:
    number = int(re.match(r"\d+", m["day"])[0])  # type: ignore[index]
    return {"kind": "day", "year": _year(m), "month": _month_number(m["month"]), "day": number}


def _read_iso(m: re.Match[str]) -> dict[str, Any] | None:
    return {"kind": "day", "year": int(m["year"]), "month": int(m["m"]), "day": int(m["day"])}


def _read_numeric(m: re.Match[str]) -> dict[str, Any] | None:
    """ "06/12/2021": two readings unless one is impossible or both agree."""
    a, b, year = int(m["a"]), int(m["b"]), int(m["year"])
    readings = [(y, d) for y, d in ((b, a), (a, b)) if _day(year, y, d)]
    if not readings:
        return None
    if len(set(readings)) == 2:
        return {"kind": "day", "year": year, "month": readings[0][0], "day": readings[0][1], "other": readings[1]}
    return {"kind": "day", "year": year, "month": readings[0][0], "day": readings[0][1]}


def _read_month(m: re.Match[str]) -> dict[str, Any] | None:
    groups = m.groupdict()
    year, shift = groups.get("year"), groups.get("shift")
    return {
        "kind": "month",
        "year": int(year) if year else None,
        "month": _month_number(m["month"]),
        "shift": words()["shifts"][shift.lower()] if shift else None,
    }


def _read_bare_month(m: re.Match[str]) -> dict[str, Any] | None:
    found = _read_month(m)
    return found if found is None or m["shift"] else found | {"bare": True}


def _read_weekday(m: re.Match[str]) -> dict[str, Any] | None:
    text, barred = m.string, words()["not_weekdays"]
    before = re.search(r"([A-Za-z]+)\s+$", text[max(0, m.start() - 20) : m.start()])
    after = re.match(r"(?:['’]s)?\s+([A-Za-z]+)", text[m.end() : m.end() + 20])
    if (before and before[1].lower() in barred["before"]) or (after and after[1].lower() in barred["after"]):
        return None
    word = (m["after"] or m["shift"] or "").lower().split()
    shift = words()["shifts"][word[-1]] if word else None
    return {"kind": "weekday", "weekday": words()["weekdays"][m["weekday"].lower()], "shift": shift}


def _read_word(m: re.Match[str], table: str) -> dict[str, Any] | None:
    key = " ".join(m["word"].lower().split())
    return {"kind": "offset", "count": words()[table][key], "narrated": table == "narrated_days"}


def _read_offset(m: re.Match[str]) -> dict[str, Any] | None:
    w, written = words(), m["count"].lower()
    count = int(written) if written.isdigit() else int(w["numbers"][written])
    way = " ".join(m["way"].lower().split())
    if way in ("ago", "earlier"):
        count = -count
    return {
        "kind": "offset",
        "count": count,
        "unit": m["unit"].lower(),
        "inexact": m["inexact"] is not None,
        "narrated": way in ("earlier", "later"),
        # "in two days" also counts how long something took: it is a date only of what lies ahead
        "shift": 1 if way == "in" and not re.search(r"['’]", m[0]) else None,
    }


def _read_shift(m: re.Match[str]) -> dict[str, Any] | None:
    groups = m.groupdict()
    shift = words()["shifts"][groups["shift"].lower()] if groups.get("shift") else None
    if groups.get("weekend"):
        return {"kind": "weekend", "shift": shift}
    return {"kind": "offset", "count": shift, "unit": m["unit"].lower()} if m["unit"].lower() != "day" else None


def _read_narrated_unit(m: re.Match[str]) -> dict[str, Any] | None:
    step = 1 if m["narrated"].lower() == "following" else -1
    return {"kind": "offset", "count": step, "unit": m["unit"].lower(), "narrated": True}


def _read_this(m: re.Match[str]) -> dict[str, Any] | None:
    return {"kind": "offset", "count": 0, "unit": m["unit"].lower()}


def _read_season(m: re.Match[str]) -> dict[str, Any] | None:
    w = words()
    return {"kind": "season", "month": w["seasons"][m["season"].lower()], "shift": w["shifts"][m["shift"].lower()]}


def _read_year(m: re.Match[str]) -> dict[str, Any] | None:
    return {"kind": "year", "year": int(m["year"])}


def _read_bare_year(m: re.Match[str]) -> dict[str, Any] | None:
    return {"kind": "year", "year": int(m["bare"]), "bare": True}


def find_times(doc: Doc) -> list[TimeExpression]:
    """The time expressions of a parsed text in order, none overlapping; the longer reading wins.

    A bare number or month name counts as a date only where the parser's entity recogniser says DATE too, or where it
    is listed with another date ("the 1952 and 1954 treaties").
    """
    text = doc.text
    found: list[tuple[int, int, dict[str, Any]]] = []
    for pattern, reader in _patterns():
        for match in pattern.finditer(text):
            read = reader(match)
            if read is not None:
                found.append((match.start(), match.end(), read))
    dates = [(e.start_char, e.end_char) for e in doc.ents if e.label_ == "DATE"]
    starts = [a for a, _ in dates]
    kept: list[TimeExpression] = []
    for start, end, read in sorted(found, key=lambda f: (f[0], -f[1])):
        bare = read.pop("bare", False)
        if kept and start < kept[-1].end:
            continue
        if bare:
            at = bisect_right(starts, start) - 1
            dated = at >= 0 and dates[at][1] >= end
            listed = kept and kept[-1].kind == read["kind"] and text[kept[-1].end : start].strip() in (",", "and", "or")
            if not (dated or listed):
                continue
        kept.append(TimeExpression(start, end, **read))
    return kept
