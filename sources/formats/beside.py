"""What stands beside an article on its page, as far as its dates go: told by elements and their names.

What belongs here: boxes, bars and lists whose dates are those of other things.
What does not: leaving such things out of the body (blocks, body), which goes by links and words as well.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Final

from lxml import html

_TAGS: Final = frozenset(("aside", "nav", "footer"))
_NEVER: Final = frozenset(("html", "body", "article", "main"))
# lists of other articles and of what readers wrote
OTHERS: Final = re.compile(
    r"(?:^|[\s_-])(?:related|recommended|most|latest|popular|teaser|teasers|comments?|commentlist|trending"
    r"|promo|more|ticker|carousel|newsletter|events?)(?:$|[\s_-])"
)
# what has its date in it by name is no list: "comments_date" holds the date that is shown beside the comments' number
_DATED: Final = re.compile(r"[a-z]_?-?_?(?:date|datetime|time|timestamp)(?:$|\s)")
# "has-sidebar", "sidebar-layout": what holds a sidebar is none
_LAYOUT: Final = re.compile(
    r"(?:^|[\s_-])(?<!has-)(?<!with-)(?<!content-)(?<!lay-)(?:sidebar(?![_-]*(?:layout|wrap|main|content))|footer)(?:$|[\s_-])"
)
_CLOSE: Final = 5  # elements around the headline whose small parts are its own, whatever they are called
_SMALL: Final = 300  # characters of such a part
_CARD: Final = 500  # characters of a card, which may have a summary
_FEW: Final = 150  # elements in them
_CARDS: Final = frozenset(("a", "li", "article", "div", "section", "td"))
_HEADLINE: Final = 5  # words of a link that reads like a headline


def names(element: html.HtmlElement) -> str:
    """The names that a page gives an element."""
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}".casefold()


def up(element: html.HtmlElement, most: int) -> Iterator[html.HtmlElement]:
    """The element's nearest ancestors."""
    return itertools.islice(element.iterancestors(), most)


class Surroundings:
    """What holds the headline, from which it follows what stands beside the article."""

    def __init__(self, heading: html.HtmlElement | None) -> None:
        self.around = frozenset(heading.iterancestors()) if heading is not None else frozenset()
        near = up(heading, _CLOSE) if heading is not None else ()
        self._own = frozenset(e for e in near if e.tag not in ("html", "body", "main"))
        self._own |= frozenset(e for e in self.around if e.tag == "article")

    def is_beside(self, element: html.HtmlElement) -> bool:
        """Whether an element is something beside the article; what holds the headline is not."""
        if element in self.around or element.tag in _NEVER:
            return False
        called = names(element)
        if OTHERS.search(called) and not _DATED.search(called):
            return True
        if element.tag == "nav":
            return True
        return bool(element.tag in _TAGS or _LAYOUT.search(called)) and not self._is_own(element)

    def has_beside(self, element: html.HtmlElement) -> bool:
        """Whether an element stands in something beside the article, or is that; in a quotation or in a card, too."""
        inside = [e for e in (element, *up(element, 8)) if e not in self.around]
        return any(e.tag == "blockquote" or self.is_beside(e) or is_card(e) for e in inside)

    def _is_own(self, element: html.HtmlElement) -> bool:
        """Whether an element is a small part of what holds the headline: a "headline__footer", the author's aside."""
        return any(ancestor in self._own for ancestor in up(element, 6)) and _is_small(element, _SMALL)


def is_card(element: html.HtmlElement) -> bool:
    """Whether an element leads to another article: it is small, and it is, or has, a link that reads so."""
    return element.tag in _CARDS and _is_small(element, _CARD) and any(map(_is_headline, element.iter("a")))


def _is_headline(link: html.HtmlElement) -> bool:
    return len(" ".join(link.itertext()).split()) >= _HEADLINE


def _is_small(element: html.HtmlElement, most: int) -> bool:
    size = 0
    for number, node in enumerate(element.iter()):
        size += len((node.text or "").strip()) + (len((node.tail or "").strip()) if number else 0)
        if size > most or number > _FEW:
            return False
    return True
