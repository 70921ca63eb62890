"""An HTML page → body and metadata.

What belongs here: choosing the body's text.  What does not: reading metadata (metadata) or plain fragments (markup).

Long pages go through trafilatura, which tells a body from its surroundings by statistics.  A page with a few sentences
gives statistics nothing to stand on (trafilatura then takes the menu along and runs all paragraphs together), so short
bodies are read by their elements.
"""

from __future__ import annotations

import datetime as dt
import re
from copy import deepcopy
from dataclasses import dataclass
from typing import Final

from lxml import etree, html

from sources.formats import markup
from sources.formats.metadata import Metadata, read_metadata
from sources.formats.text import count_words, line, paragraph
from sources.formats.times import parse_time

SHORT: Final = 120  # words: below this trafilatura's result is not trusted
_INNER: Final = ("p", "item", "row")  # what makes a paragraph inside a list, quotation or table
_BYLINE: Final = re.compile(r"(?:written |reported )?by:?\s+[^.!?]{2,100}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """A page as read: `text` is "" when there is none."""

    text: str
    metadata: Metadata


def read_page(content: str, url: str, fetched_at: dt.datetime) -> Page | None:
    """Read decoded HTML; None when there is no element in it.  `url` and `fetched_at` as in `read_metadata`."""
    tree = markup.parse(content)
    if tree is None:
        return None
    metadata = read_metadata(tree, url, fetched_at).metadata
    by_statistics = _extracted(tree)
    if count_words(by_statistics) < SHORT:
        by_elements = _without_furniture(markup.page_text(tree), metadata, tree)
        if by_elements:
            return Page(by_elements, metadata)
    return Page(_without_furniture(by_statistics, metadata, tree), metadata)


def _extracted(tree: html.HtmlElement) -> str:
    """The body that trafilatura finds, as paragraphs; "" when it finds none."""
    from trafilatura import bare_extraction

    document = bare_extraction(deepcopy(tree), include_comments=False, include_tables=True, with_metadata=False)
    if document is None or isinstance(document, dict) or document.body is None:
        return ""
    etree.strip_elements(document.body, "script", "style", with_tail=False)
    paragraphs: list[str] = []
    for block in document.body:
        for node in (block, *block.iterdescendants(*_INNER)):
            paragraphs.extend(filter(None, _own_text(node).split("\n")))
    return markup.join(paragraphs)


def _own_text(node: etree._Element) -> str:
    """The text of a node of trafilatura's tree, without that of paragraphs, items and rows inside it."""
    parts: list[str] = []
    walker = etree.iterwalk(node, events=("start", "end"))
    for event, element in walker:
        if event == "start":
            if element is not node and element.tag in _INNER:
                parts.append("\n")
                walker.skip_subtree()
                continue
            parts.append({"lb": "\n", "cell": " "}.get(element.tag, ""))
            parts.append((element.text or "").replace("\n", " "))
        elif element is not node:
            parts.append((element.tail or "").replace("\n", " "))
    return paragraph("".join(parts))


def _without_furniture(text: str, metadata: Metadata, tree: html.HtmlElement) -> str:
    """The body without its title, byline and date lines at the top, which are columns of their own."""
    paragraphs = text.split("\n\n")
    times = {line(element.text_content()) for element in tree.iter("time")}
    while len(paragraphs) > 1:
        top = line(paragraphs[0])
        is_title = metadata.title is not None and top is not None and top.casefold() == metadata.title.casefold()
        is_date = top in times or parse_time(top, dt.datetime.max - dt.timedelta(days=3)) is not None
        is_byline = top == metadata.byline or (top is not None and bool(_BYLINE.fullmatch(top)))
        if not (is_title or is_date or is_byline):
            break
        paragraphs.pop(0)
    return "\n\n".join(paragraphs)
