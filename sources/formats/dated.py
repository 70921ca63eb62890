"""Lists of dated links on a page: news of an office, releases, a calendar.

What belongs here: finding the items of such lists, and how much text stands outside them.
What does not: judging by them whether the page is an article (walls); addresses and dates for visits (listings).
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from lxml import html

from sources.formats.blocks import BORDERS, Block
from sources.formats.text import count_words
from sources.formats.times import written

_LINKS: Final = 300  # links looked at
_HEADLINE: Final = 4  # words of a link that reads like a headline
_LONGEST: Final = 40  # words of such a link
_CLIMB: Final = 5  # elements from a link to the item that holds its date too
_ITEM: Final = 900  # characters of an item with its preview
_BEFORE: Final = 10  # words before the link: a date, a time, a section
_PIECES: Final = 60  # elements in it
_YEAR: Final = re.compile(r"\d\d\s*$|\d{4}|\d[./-]\d\d")
_SOME_DAY: Final = dt.datetime(2100, 1, 1)  # whether there is a date is asked, not which
_SENTENCE: Final = 10  # words
_DAY: Final = 6  # words of a heading that is a day
_ALIKE: Final = 3  # items that make a list
_ENDED: Final = re.compile(r"[.!?。…]['\"”’»)]*$")


def dated_items(tree: html.HtmlElement) -> set[html.HtmlElement]:
    """The items of the page's lists: alike beside each other, each with its own date and a link like a headline."""
    found: dict[tuple[html.HtmlElement, str], set[html.HtmlElement]] = defaultdict(set)
    links: dict[html.HtmlElement, int] = defaultdict(int)
    headlines = (a for a in tree.iter("a") if _HEADLINE <= count_words(" ".join(a.itertext())) <= _LONGEST)
    for link in itertools.islice(headlines, _LINKS):
        item = _item(link)
        if item is not None:
            links[item] += 1
            found[(item.getparent(), str(item.tag))].add(item)
    out: set[html.HtmlElement] = set()
    for (parent, tag), items in found.items():
        alike = {item for item in items if links[item] <= 2}
        if len(alike) >= _ALIKE:  # among them those with a shorter headline
            out |= alike
            out.update(e for e in itertools.islice(parent.iterchildren(tag), _LINKS) if e not in items and _is_like(e))
    return out


def days_over_links(page: Iterable[Block], body: Iterable[Block]) -> int:
    """How many headings are days with nothing but links and places under them: a calendar's; 0 if there is a text."""
    if any(block.words >= _SENTENCE and block.linked < 0.5 and _ENDED.search(block.text) for block in body):
        return 0
    headings = (block for block in page if (block.is_heading or block.tag == "dt") and block.words <= _DAY)
    return len({block.text for block in headings if _is_dated(block.text)})


def words_outside(blocks: Iterable[Block], items: set[html.HtmlElement]) -> int:
    """Words of the blocks that stand in none of the items; headings and links left out."""
    return sum(
        block.words
        for block in blocks
        if not block.is_heading and block.linked < 0.5 and not any(node.element in items for node in block.node.up())
    )


def _item(link: html.HtmlElement) -> html.HtmlElement | None:
    """The smallest block around a link that has a date too; None when there is none, or it is no mere item."""
    for around in itertools.islice(itertools.chain((link,), link.iterancestors()), _CLIMB + 1):
        if around.tag in ("body", "main", "ul", "ol", "table", "tbody", "dl", "nav"):
            return None
        if around.tag not in BORDERS and around.tag != "a":
            continue
        text = _text(around)
        if text is None:
            return None
        if _is_dated(text):
            headline = " ".join(" ".join(link.itertext()).split())
            leads = count_words(text.partition(headline)[0]) <= _BEFORE  # in a chronology the link comes behind a text
            return around if leads and around.getparent() is not None else None
    return None


def _is_like(element: html.HtmlElement) -> bool:
    text = _text(element)
    return text is not None and _is_dated(text) and next(element.iter("a"), None) is not None


def _text(element: html.HtmlElement) -> str | None:
    """The text of a small element; None of a larger one."""
    parts: list[str] = []
    for number, part in enumerate(element.itertext()):
        parts.append(part)
        if number > _PIECES or sum(map(len, parts)) > 2 * _ITEM:
            return None
    text = " ".join(" ".join(parts).split())
    return text if len(text) <= _ITEM else None


def _is_dated(text: str) -> bool:
    return bool(_YEAR.search(text)) and next(written(text, _SOME_DAY, "dmy"), None) is not None
