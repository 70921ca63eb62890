"""The dateline that readers of a page see, when no data for machines tells its date.

What belongs here: which line with a date is the dateline: by its words, its length and where it stands.
What does not: dates in marked elements and addresses, and which of all to believe (datelines); reading a date (times).
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
from lxml import etree, html

from sources.formats.beside import Surroundings
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
    ("label", "rest"),
    ("opening", "after"),
    ("label", "before"),
    ("near", "before"),
)
_IDEOGRAPH: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_WEB: Final = dt.date(1991, 8, 6)  # the first page; a line with an older date tells of something else
# what stands in the head of a page: today's date, with the weather, or the day's paper
_CLOCK: Final = re.compile(r"\btoday(?: is|'s|:|,)|\bheute ist\b|\bhoy es\b|°|\be-?paper\b", re.IGNORECASE)
# "DUBLIN, July 2 –", "NEW YORK and OSLO, Norway (": how the first paragraph of a report or a release begins
_PLACE: Final = re.compile(
    r"[A-Z][^\W\d_][\w.'’-]*(?:,? (?:and|de|d[aeio]|la|[A-Z][\w.'’-]*)){0,6},? ?[(/–—-]{0,2} ?(?:on )?"
)
_REPORT: Final = re.compile(r"\d{4}\)? ?(?:[–—:/.]|--?\s|\(\S)")
_RANGE: Final = re.compile(r"\d{4} ?(?:[–—-]+|to|until|till) ?(?:[^\W\d_]+\.? )?\d{1,2}\D{1,12}\d{4}")
BLOCKS: Final = frozenset(
    "p div li h1 h2 h3 h4 h5 h6 td th tr table ul ol dl dt dd section article header footer aside nav main figure form "
    "blockquote br hr body time center address".split()
)
_SKIPPED: Final = frozenset("head script style noscript template svg select option button nav iframe".split())


def visible_date(tree: html.HtmlElement, heading: html.HtmlElement | None, reading: Reading) -> Stated | None:
    """The dateline that readers see: labelled, or a line near the headline that is little more than a date."""
    lines = list(_lines(tree, heading))
    changed: list[Stated] = []
    for wanted, place in _ORDER:
        if (found := _search(lines, wanted, place, reading, changed)) is not None:
            return found
    alone = [
        date.stated
        for text, where, _ in lines
        if where == "rest" and len(text.split()) <= 8
        for date in _dates_in(text, reading)
        if date.begins and _near(date, text, prose=False)
    ]
    if not changed and len({stated.day for stated in alone}) == 1:
        return alone[0]  # a line under the article
    return changed[0] if changed else None


def dateline_of(tree: html.HtmlElement, heading: html.HtmlElement, reading: Reading) -> Stated | None:
    """The date between the headline and the text; not one of a change, nor one that the text opens with."""
    lines = [(text, where, prose) for text, where, prose in _lines(tree, heading) if where == "after" and not prose]
    return _search(lines, "label", "after", reading, []) or _search(lines, "near", "after", reading, [])


def _search(
    lines: Sequence[tuple[str, str, bool]], wanted: str, place: str, reading: Reading, changed: list[Stated]
) -> Stated | None:
    """The first date of a kind in a place; on the way, dates of a change are put aside into `changed`."""
    for text, where, prose in lines:
        if where != place or (wanted == "opening" and not prose):
            continue
        for date in _dates_in(text, reading):
            called = _called(date, text)
            if called == "changed":
                changed.extend([date.stated] if where != "rest" else [])
            elif called == "published" or (
                wanted != "label" and _near(date, text, prose) and (wanted == "opening" or date.opens or not prose)
            ):
                return date.stated
            else:
                break
    return None


@dataclass(frozen=True, slots=True)
class _Date:
    """A date in a line: the words around it, whether the line begins with it, and whether a report opens with it."""

    stated: Stated
    around: str
    begins: bool
    opens: bool


def _dates_in(text: str, reading: Reading) -> Iterator[_Date]:
    done = 0
    for moment, start in written(text, reading.fetched_at, reading.order, reading.language):
        dated = moment.tzinfo is None and moment.time() == dt.time()
        stated = reading.read(moment.date().isoformat() if dated else moment.isoformat())
        if stated is not None and stated.moment <= reading.fetched_at + AHEAD:
            around = text[max(done, start - 60) : start] + _SENTENCE_END.split(text[start + 8 : start + 50])[0]
            begins = start <= 1
            placed = begins or _PLACE.fullmatch(text, 0, start)
            yield _Date(stated, around, begins, bool(placed and _REPORT.search(text, start, start + 24)))
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


def _lines(tree: html.HtmlElement, heading: html.HtmlElement | None) -> Iterator[tuple[str, str, bool]]:
    """(short line, where it stands as seen from the headline, whether prose stands between).

    On a page without a headline the first prose is what the lines before it are seen from.
    """
    before: list[str] = []
    after: list[tuple[str, str, bool]] = []
    rest: list[tuple[str, str, bool]] = []
    met, prose = False, False
    for whole, element in itertools.islice(shown_lines(tree, heading), _MOST_LINES):
        text = whole[: _LINE * 2]
        if element is not None and element is heading:
            met = True
            continue
        words = whole.count(" ") + 1 + len(_IDEOGRAPH.findall(whole)) // 2
        if words >= _PROSE:
            met = met or heading is None
            if met and not prose:
                after.append((text[:_LINE], "after", True))
            prose = prose or met
        elif not _DIGIT.search(text, 0, _LINE):
            continue
        elif not met:
            before.append(text)
        elif len(after) < _LOOKED_AT and not prose:
            after.append((text, "after", prose))
        elif len(rest) < 400:
            rest.append((text, "rest", True))
    yield from after
    if met:
        yield from ((text, "before", False) for text in reversed(before[-6:]))
    else:
        yield from ((text, "after", False) for text in before[:_LOOKED_AT])
    yield from rest


def shown_lines(tree: html.HtmlElement, main: html.HtmlElement | None) -> Iterator[tuple[str, html.HtmlElement | None]]:
    """The page's lines, each with its heading element if it is one; menus and what is named as beside left out."""
    parts: list[str] = []
    heading: html.HtmlElement | None = None
    scene = Surroundings(main)
    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        if event == "start":
            if tag in _SKIPPED or scene.is_beside(element):
                walker.skip_subtree()
                continue
            if tag in BLOCKS:
                if text := line("".join(parts)):
                    yield text, heading
                parts.clear()
                heading = None
            if tag in ("h1", "h2", "h3") or element is main:
                heading = element
            parts.append(element.text or "")
        else:
            if tag in BLOCKS and tag != "time":
                if text := line("".join(parts)):
                    yield text, heading
                parts.clear()
                heading = None
            parts.append(element.tail or "")
    if text := line("".join(parts)):
        yield text, heading


@functools.cache
def label(kind: str) -> re.Pattern[str]:
    """The words of a kind: those that call a date "published" or "changed", and how a text names "itself"."""
    raw = yaml.safe_load(resources.files("sources.formats").joinpath("lexicon/datelines.yml").read_text("utf-8"))
    forms = sorted((" ".join(form.split()) for form in raw[kind].split("|")), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)", re.IGNORECASE)
