"""Headlines that are no headings: plain elements, in pages without h1, h2 and h3 for them.

What belongs here: telling such an element by `<title>` or by the dateline under it.
What does not: headings, and the wordings of declared titles (titles).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Final

from lxml import html

from sources.formats.shown import shown_lines
from sources.formats.text import line, words

_TAGS: Final = ("h4", "h5", "h6", "p", "div", "span", "strong", "b", "td", "font", "dt", "em")
_OUTSIDE: Final = frozenset(("nav", "footer", "aside", "head", "noscript", "template", "a", "li"))
_MARKED: Final = re.compile(r"(?:^|[\s_-])(?:headline|title|tit)(?:$|[\s_-])")
# what stands between a headline and a site's name; of a whole line that the page shows, these marks tell it too
HANGS_ON: Final = re.compile(r"\s*[_|｜»·–—-]")
_HANGS_ON: Final = re.compile(rf"{HANGS_ON.pattern}|\s*[:/]|(?<=[^\x00-\u2e7f])\s")
_DATED: Final = re.compile(r"\b(?:19|20)\d\d(?!\d)")
_PIECES: Final = 5  # elements in the element of a headline
_LONGEST: Final = 300
_MOST: Final = 3_000  # elements, lines
_DATELINE: Final = 80  # characters


def plain_headline(tree: html.HtmlElement, declared: list[str]) -> tuple[str, html.HtmlElement] | None:
    """(headline, its element): what a declared title begins with, or what stands right above the only dateline."""
    found = list(_candidates(tree))
    begins = [(t, e) for t, e in found if any(_is_begun(title, t) for title in declared)]
    if begins:
        longest = max(len(text) for text, _ in begins)
        return next((t, e) for t, e in sorted(begins, key=lambda b: not _is_marked(b[1])) if len(t) == longest)
    # `<title>` names the site and the section only
    least = max(map(len, declared[:1]), default=0)
    named = {t: e for t, e in found if (e.tag in ("h4", "h5", "h6") or _is_marked(e)) and len(t) > least}
    if not named:
        return None
    lines = [text for text, _ in itertools.islice(shown_lines(tree, None), _MOST)]
    above = {t for t, following in itertools.pairwise(lines) if t in named and _is_dateline(following)}
    return next(((t, named[t]) for t in above), None) if len(above) == 1 else None


def _candidates(tree: html.HtmlElement) -> Iterator[tuple[str, html.HtmlElement]]:
    for element in itertools.islice(tree.iter(*_TAGS), _MOST):
        if sum(1 for _ in itertools.islice(element.iter(), _PIECES + 1)) > _PIECES:
            continue
        text = line("".join(element.itertext())[: 2 * _LONGEST])
        if not text or len(text) > _LONGEST or len(text) < 8:
            continue
        if text.isascii() and len(words(text)) < 3:
            continue
        if not any(e.tag in _OUTSIDE for e in itertools.islice(element.iterancestors(), 8)):
            yield text, element


def _is_begun(title: str, text: str) -> bool:
    return title == text or (title.startswith(text) and bool(_HANGS_ON.match(title, len(text))))


def _is_marked(element: html.HtmlElement) -> bool:
    return bool(_MARKED.search(f"{element.get('class') or ''} {element.get('id') or ''}".casefold()))


def _is_dateline(text: str) -> bool:
    return len(text) <= _DATELINE and bool(_DATED.search(text))
