"""An HTML page → body and metadata.

What belongs here: putting the readers of a page together, and the body's text.  What does not: reading metadata
(metadata), choosing the body's elements (body), plain fragments (markup) and what is no article (walls).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from html import unescape
from typing import Final

from lxml import etree, html

from sources.formats import body, markup
from sources.formats.blocks import Block, Layout, layout
from sources.formats.bylines import clean_byline
from sources.formats.furniture import BYLINE
from sources.formats.metadata import About, Metadata, read_metadata
from sources.formats.stamps import is_author_line, is_date, without_stamps
from sources.formats.text import count_words, line, paragraph, words
from sources.formats.times import stated_time
from sources.formats.walls import Look, Wall, wall

_INNER: Final = ("p", "item", "row")  # what makes a paragraph inside a list, quotation or table
_LARGEST: Final = 15_000  # elements of a page that is given to the second opinion
_TOP: Final = 12  # lines at the beginning that may be title, byline and date


@dataclass(frozen=True, slots=True)
class Page:
    """A page as read: `text` is "" when there is none."""

    text: str
    metadata: Metadata
    wall: Wall | None = None  # why the page is no article


def read_page(content: str, url: str, fetched_at: dt.datetime) -> Page | None:
    """Read decoded HTML; None when there is no element in it.  `url` and `fetched_at` as in `read_metadata`."""
    tree = markup.parse(content)
    if tree is None:
        return None
    about = read_metadata(tree, url, fetched_at)
    page = layout(tree)
    chosen = body.choose(page, about.heading, lambda thorough: _second_opinion(tree, page, thorough))
    blocks = _without_head(chosen.blocks, about, tree, fetched_at)
    stands = wall(Look(tree, about, page, blocks, url))
    text = markup.join(block.text for block in blocks)
    given = about.linked.body
    if given and count_words(given) >= body.ENOUGH and count_words(text) < 0.5 * count_words(given):
        # the article is in the page's data alone, for its own code to show
        return Page(markup.fragment_text(given) if "<p" in given else markup.join(_paragraphs(given)), about.metadata)
    return Page(text, about.metadata, stands)


def _paragraphs(text: str) -> list[str]:
    return [clean for clean in map(paragraph, re.split(r"\s*\n\s*", unescape(text))) if clean]


def _second_opinion(tree: html.HtmlElement, page: Layout, thorough: bool) -> str:
    """The body that trafilatura finds, a paragraph a line; "" when it finds none.  `thorough`: with its fallbacks."""
    from trafilatura import bare_extraction

    if len(page.nodes) > _LARGEST or len(page.blocks) > _LARGEST:
        return ""
    document = bare_extraction(
        tree, fast=not thorough, include_comments=False, include_tables=True, with_metadata=False
    )
    if document is None or isinstance(document, dict) or document.body is None:
        return ""
    etree.strip_elements(document.body, "script", "style", with_tail=False)
    paragraphs: list[str] = []
    for block in document.body:
        for node in (block, *block.iterdescendants(*_INNER)):
            paragraphs.extend(filter(None, _own_text(node).split("\n")))
    return "\n".join(paragraphs)


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


def _without_head(blocks: list[Block], about: About, tree: html.HtmlElement, fetched_at: dt.datetime) -> list[Block]:
    """The body without its title, byline and date lines at the top, which are columns of their own."""
    said = about.metadata
    title = words(said.title or "")
    times = {line(element.text_content()) for element in tree.iter("time")}
    begins = _begins(blocks)
    over = next((n for n, block in enumerate(blocks[:_TOP]) if title and words(block.text) == title), 0)
    out: list[Block] = []
    for number, block in enumerate(blocks):
        spoken = words(block.text)
        if number < over and len(spoken) <= 16 and not block.text.endswith((".", "!", "?", "。")):
            continue  # a section's name, the way to it, a kicker
        if title and _repeats(spoken, title, at_top=number < min(begins, _TOP) or block.tag == "h1"):
            continue
        if number < max(min(begins, _TOP), 3) and len(spoken) <= 16:
            dated = block.text in times or stated_time(block.text, fetched_at) is not None or is_date(block.text)
            is_byline = bool(said.byline) and clean_byline(block.text) == said.byline
            is_byline = is_byline or (number < begins and is_author_line(block.text, said.byline))
            # a section's or place's name before the first paragraph
            is_label = (
                number < begins < len(blocks)
                and len(spoken) <= 3
                and not block.is_heading
                and block.text[-1] not in '.!?:”’"'
            )
            if (number < begins and dated) or is_byline or is_label or BYLINE.fullmatch(block.text):
                continue
        out.append(block)
    out = without_stamps(out)
    # nothing but the headline: the text is where only the page's own code can fetch it
    return out or [block for block in blocks[:1] if words(block.text) != title]


def _begins(blocks: list[Block]) -> int:
    """Where the text begins: at its first long paragraph; without one, at its second sentence."""
    long = next((n for n, block in enumerate(blocks) if block.words >= 25 and not block.is_heading), None)
    told = [n for n, block in enumerate(blocks) if block.is_prose and block.text.endswith((".", "!", "?", "。", "”"))]
    return long if long is not None else told[1] if len(told) > 1 else len(blocks)


def _repeats(spoken: list[str], title: list[str], *, at_top: bool) -> bool:
    """Whether a line is the title again, at the top without its last words too; below if it is no mere name."""
    if spoken == title:
        return at_top or len(title) >= 4
    return at_top and len(spoken) >= 5 and title[: len(spoken)] == spoken
