"""The lines of a page as a browser breaks them.

What belongs here: walking a page line by line, without what stands beside its article.
What does not: what a line says: a date (visible), names (authors), a headline (headlines); the body's blocks (blocks).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree, html

from sources.formats.beside import Surroundings
from sources.formats.text import line

BLOCKS: Final = frozenset(
    "p div li h1 h2 h3 h4 h5 h6 td th tr table ul ol dl dt dd section article header footer aside nav main figure form "
    "blockquote br hr body time center address".split()
)
_SKIPPED: Final = frozenset("head script style noscript template svg select option button nav iframe".split())


@dataclass(frozen=True, slots=True)
class Line:
    """A line, its heading element if it is one, and how many of its words are links."""

    text: str
    heading: html.HtmlElement | None
    linked: int


def shown_lines(tree: html.HtmlElement, main: html.HtmlElement | None) -> Iterator[tuple[str, html.HtmlElement | None]]:
    """(line, its heading element if it is one), as `scan` finds them."""
    return ((shown.text, shown.heading) for shown in scan(tree, main))


def scan(tree: html.HtmlElement, main: html.HtmlElement | None) -> Iterator[Line]:
    """The page's lines; menus and what is named as beside the article with the headline `main` are left out."""
    parts: list[str] = []
    heading: html.HtmlElement | None = None
    linked = 0
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
                    yield Line(text, heading, linked)
                parts.clear()
                heading, linked = None, 0
            if tag in ("h1", "h2", "h3") or element is main:
                heading = element
            if tag == "a":
                linked += len(" ".join(element.itertext()).split())
            parts.append(element.text or "")
        else:
            if tag in BLOCKS and tag != "time":
                if text := line("".join(parts)):
                    yield Line(text, heading, linked)
                parts.clear()
                heading, linked = None, 0
            parts.append(element.tail or "")
    if text := line("".join(parts)):
        yield Line(text, heading, linked)
