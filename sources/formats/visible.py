"""The dateline that readers of a page see, when no data for machines tells its date.

What belongs here: which line with a date is the dateline: by its words, its length and where it stands.
What does not: walking the page (shown); dates in marked elements and addresses, and which of all to believe
(datelines); reading a date (times).
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Final

import yaml
from lxml import html

from sources.formats.furniture import opens_box
from sources.formats.shown import Line, scan
from sources.formats.text import line
from sources.formats.times import AHEAD, Reading, Stated, written

_SENTENCE_END: Final = re.compile(r"[.!?|]\s|\d{4}.*\d{4}")
_DIGIT: Final = re.compile(r"\d")
_MOST_LINES: Final = 5_000
_LINE: Final = 160  # characters of a dateline with all that stands beside the date
_LOOKED_AT: Final = 60  # short lines after the headline, and before it
_PROSE: Final = 45  # words of a paragraph behind which no dateline is expected
_SPOKEN: Final = 4  # words in small letters: more of them, and a line with a date in it is a sentence
# what is sought where, the best first; what a text opens with may be the day of which it tells
_ORDER: Final = (
    ("label", "after"),
    ("near", "after"),
    ("label", "late"),
    ("only", "above"),
    ("only", "late"),
    ("only", "headline"),
    ("label", "rest"),
    ("opening", "after"),
    ("label", "before"),
    ("near", "before"),
)
# what leads to a day in a headline, and what follows it there: "No: 112, 3 June 2024, On the talks", "Talks (04.06.24)"
_BEFORE_DAY: Final = re.compile(
    r"(?:(?:no|nr|n[°º]|№)[:.]? ?[\w/-]{1,12}, ?)?|.*[^\W\d].*(?:[(（\[]|, | [–—|-] )", re.I
)
_BEHIND_DAY: Final = re.compile(r" ?(?:[,:|–—]|- ).+|(?<=日)\S.+|[)）\]]?")
_SENTENCE: Final = 10  # words of a line with a full stop that is a sentence of a text
_ENDED: Final = re.compile(r"[.!?…。։؟।][\"'”’»)\]]*$")
_SENTENCES: Final = 2  # sentences behind which a dateline is less likely than a list
_HEADLINE: Final = 400  # characters
_ABOVE: Final = 5  # lines above the headline among which its date may stand
_TO_OTHERS: Final = 3  # words of a link that leads to another article
_LATE: Final = 60  # lines behind the first sentence that are looked at so
_APART: Final = 4  # lines from one date to the next in a list
_IDEOGRAPH: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_TODAY: Final = dt.timedelta(days=1)
_WEB: Final = dt.date(1991, 8, 6)  # the first page; a line with an older date tells of something else
# what stands in the head of a page: today's date, with the weather, or the day's paper
_CLOCK: Final = re.compile(r"\btoday(?: is|'s|:|,)|\bheute ist\b|\bhoy es\b|°|\be-?paper\b", re.IGNORECASE)
# "DUBLIN, July 2 –", "NEW YORK and OSLO, Norway (": how the first paragraph of a report or a release begins
_PLACE: Final = re.compile(
    r"[A-Z][^\W\d_][\w.'’-]*(?:,? (?:and|de|d[aeio]|la|[A-Z][\w.'’-]*)){0,6},? ?[(/–—-]{0,2} ?(?:on )?"
)
_REPORT: Final = re.compile(r"\d{4}\)? ?(?:[–—:/.]|--?\s|\(\S)")
_RANGE: Final = re.compile(r"\d{4} ?(?:[–—-]+|to|until|till) ?(?:[^\W\d_]+\.? )?\d{1,2}\D{1,12}\d{4}")


def visible_date(tree: html.HtmlElement, heading: html.HtmlElement | None, reading: Reading) -> Stated | None:
    """The dateline that readers see: labelled, or a line near the headline that is little more than a date."""
    lines = list(_lines(tree, heading, reading))
    changed: list[Stated] = []
    for wanted, place in _ORDER:
        found = _only(lines, place, reading) if wanted == "only" else _search(lines, wanted, place, reading, changed)
        if found is not None:
            return found
    alone = [
        date.stated
        for placed in lines
        if placed.where == "rest" and len(placed.text.split()) <= 8
        for date in _dates_in(placed.text, reading)
        if date.begins and _near(date, placed.text, prose=False)
    ]
    if not changed and len({stated.day for stated in alone}) == 1:
        return alone[0]  # a line under the article
    return changed[0] if changed else None


def dateline_of(tree: html.HtmlElement, heading: html.HtmlElement, reading: Reading) -> Stated | None:
    """The date between the headline and the text; not one of a change, nor one that the text opens with."""
    lines = [placed for placed in _lines(tree, heading, reading) if placed.where == "after" and not placed.prose]
    return _search(lines, "label", "after", reading, []) or _search(lines, "near", "after", reading, [])


def _search(
    lines: Sequence[_Placed], wanted: str, place: str, reading: Reading, changed: list[Stated]
) -> Stated | None:
    """The first date of a kind in a place; on the way, dates of a change are put aside into `changed`."""
    for placed in lines:
        text, prose = placed.text, placed.prose
        if placed.where != place or (wanted == "opening" and not prose):
            continue
        for date in _dates_in(text, reading):
            called = _called(date, text)
            if called == "changed":
                changed.extend([date.stated] if placed.where != "rest" else [])
            elif called == "published" or (
                wanted != "label" and _near(date, text, prose) and (wanted == "opening" or date.opens or not prose)
            ):
                return date.stated
            else:
                break
    return None


def _only(lines: Sequence[_Placed], place: str, reading: Reading) -> Stated | None:
    """The date of the datelines in a place, if they agree: several days are those of several articles."""
    found = [
        date.stated
        for placed in lines
        if placed.where == place
        for date in _dates_in(placed.text, reading)
        if (
            _is_apart(date, placed.text)
            if place == "headline"
            else _called(date, placed.text) is None and _near(date, placed.text, prose=False)
        )
    ]
    if len({stated.day for stated in found}) != 1:
        return None
    # above the headline the heads of sites show today's date
    is_clock = place == "above" and abs(reading.fetched_at.date() - found[0].day) <= _TODAY
    return None if is_clock else found[0]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A short line, where it stands as seen from the headline, and whether prose stands between."""

    text: str
    where: str
    prose: bool


@dataclass(frozen=True, slots=True)
class _Date:
    """A date in a line: the words around it, whether the line begins with it, and whether a report opens with it."""

    stated: Stated
    start: int
    end: int
    around: str
    begins: bool
    opens: bool


def _dates_in(text: str, reading: Reading) -> Iterator[_Date]:
    done = 0
    for moment, start, end in written(text, reading.fetched_at, reading.order, reading.language):
        dated = moment.tzinfo is None and moment.time() == dt.time()
        stated = reading.read(moment.date().isoformat() if dated else moment.isoformat())
        if stated is not None and stated.moment <= reading.fetched_at + AHEAD:
            around = text[max(done, start - 60) : start] + _SENTENCE_END.split(text[start + 8 : start + 50])[0]
            begins = start <= 1
            placed = begins or _PLACE.fullmatch(text, 0, start)
            yield _Date(stated, start, end, around, begins, bool(placed and _REPORT.search(text, start, start + 24)))
        done = start


def _called(date: _Date, text: str) -> str | None:
    """What the words around a date call it: "published", "changed", or nothing.

    In a sentence about something else "released" is said of that.
    """
    published = label("published").search(date.around)
    if published is not None:
        named = not _is_sentence(text) or label("published").match(text) or label("itself").match(text)
        return "published" if named else None
    return "changed" if label("changed").search(date.around) else None


def _near(date: _Date, text: str, prose: bool) -> bool:
    """Whether a date that no word calls published is the page's, as the line in which it stands looks."""
    if date.stated.day < _WEB or _RANGE.search(text) or _CLOCK.search(text):
        return False
    return date.opens or (date.begins if prose else _is_dateline(text))


def _is_apart(date: _Date, text: str) -> bool:
    """Whether a date stands before or behind the words of a headline, not among them."""
    return (
        date.stated.day >= _WEB
        and not _RANGE.search(text)
        and bool(_BEFORE_DAY.fullmatch(text, 0, date.start) and _BEHIND_DAY.fullmatch(text, date.end))
    )


def _is_sentence(text: str) -> bool:
    """Whether a line is told: it has more words in small letters than a dateline has, or a full stop of Chinese."""
    return (
        bool(re.search(r"。|，.*，", text)) or sum(word.isalpha() and word.islower() for word in text.split()) > _SPOKEN
    )


def _is_dateline(text: str) -> bool:
    """Whether a line with a date is a dateline: short, and no sentence."""
    spoken = text.split()
    return (
        len(spoken) + len(_IDEOGRAPH.findall(text)) // 4 <= 16
        and not _is_sentence(text)
        and not re.search(r"[a-zà-ÿ]{3}[.!?]$", text)
        and not re.search(r"©|\(c\)|copyright", text, re.I)
    )


def _lines(tree: html.HtmlElement, heading: html.HtmlElement | None, reading: Reading) -> Iterator[_Placed]:
    """The short lines with a digit, in the order in which a date is sought in them.

    "late" is behind the first sentences of a text of short paragraphs, which may be a summary: there the dateline may
    stand, or a list of other articles.  On a page without a headline the first prose is what the lines before it are
    seen from.
    """
    before: list[tuple[int, str]] = []
    after: list[_Placed] = []
    late: list[Line] = []
    early = 0  # of those, which only one sentence stands before
    rest: list[_Placed] = []
    met, prose, sentences, seen = False, False, 0, 0
    for number, shown in enumerate(itertools.islice(scan(tree, heading), _MOST_LINES)):
        whole, text = shown.text, shown.text[: _LINE * 2]
        if shown.heading is not None and shown.heading is heading:
            met, seen = True, number
            continue
        words = whole.count(" ") + 1 + len(_IDEOGRAPH.findall(whole)) // 2
        prose = prose or (sentences > 0 and shown.heading is not None and opens_box(text))
        if words >= _PROSE:
            met = met or heading is None
            if met and not prose:
                after.append(_Placed(text[:_LINE], "after", prose=True))
            prose = prose or met
        elif heading is not None and len(late) < _LATE and met and not prose and (sentences or _is_told(text, words)):
            sentences += _is_told(text, words)
            late.append(shown)
            early += sentences < _SENTENCES
        elif not _DIGIT.search(text, 0, _LINE):
            continue
        elif not met:
            before.append((number, text))
        elif len(after) < _LOOKED_AT and not prose:
            after.append(_Placed(text, "after", prose=False))
        elif len(rest) < 400:
            rest.append(_Placed(text, "rest", prose=True))
    behind = list(_unlisted(late, reading))
    yield from after
    # a sentence may open with the date, or be all of a summary
    yield from (_Placed(text[:_LINE], "after", prose=False) for n, text in behind if n < early)
    if met:
        yield from (_Placed(text, "above", prose=False) for at, text in before[-6:] if seen - at <= _ABOVE)
        yield from (_Placed(text, "before", prose=False) for _, text in reversed(before[-6:]))
    else:
        yield from (_Placed(text, "after", prose=False) for _, text in before[:_LOOKED_AT])
    if heading is not None and (told := line(heading.text_content()[:_HEADLINE])):
        yield _Placed(told, "headline", prose=False)
    yield from (_Placed(text, "late", prose=False) for _, text in behind)
    yield from rest


def _is_told(text: str, words: int) -> bool:
    """Whether a line is a sentence of a text."""
    return words >= _SENTENCE and bool(_ENDED.search(text)) and (not _DIGIT.search(text) or _is_sentence(text))


def _unlisted(lines: Sequence[Line], reading: Reading) -> Iterator[tuple[int, str]]:
    """The lines with dates, and their numbers; without a list: dates close to each other with a link beside each."""
    dated = [
        n
        for n, shown in enumerate(lines)
        if _DIGIT.search(shown.text) and any(_dates_in(shown.text[: _LINE * 2], reading))
    ]

    def leads_on(n: int) -> bool:
        words = lines[n].text.count(" ") + 1
        return lines[n].linked >= _TO_OTHERS and 2 * lines[n].linked >= words and not _is_told(lines[n].text, words)

    def is_item(n: int) -> bool:
        return leads_on(n) or any(0 <= m < len(lines) and m not in dated and leads_on(m) for m in (n - 1, n + 1))

    called = [n for n in dated if _is_called_published(lines[n].text[: _LINE * 2], reading)]
    own = called[0] if len(called) == 1 else None  # above a list, and called what its dates are not called
    linked = [n for n in dated if n != own and is_item(n)]
    listed = {n for pair in itertools.pairwise(linked) for n in pair if pair[1] - pair[0] <= _APART}
    yield from ((n, lines[n].text[: _LINE * 2]) for n in dated if n not in listed)


def _is_called_published(text: str, reading: Reading) -> bool:
    return any(_called(date, text) == "published" for date in _dates_in(text, reading))


@functools.cache
def label(kind: str) -> re.Pattern[str]:
    """The words of a kind: those that call a date "published" or "changed", and how a text names "itself"."""
    raw = yaml.safe_load(resources.files("sources.formats").joinpath("lexicon/datelines.yml").read_text("utf-8"))
    forms = sorted((" ".join(form.split()) for form in raw[kind].split("|")), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)", re.IGNORECASE)
