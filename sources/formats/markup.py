"""HTML → paragraphs, by the elements alone.

What belongs here: reading the text out of markup that is content already (a feed item), or nearly so (a short page).
What does not: telling a long page's body from its surroundings (pages, with trafilatura) and metadata (metadata).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from lxml import etree, html

from sources.formats.text import count_words, paragraph, words

# never text: code, controls, embedded things, and captions, which belong to pictures that nobody sees here
_DROPPED: Final = frozenset(
    "script style noscript template iframe object embed applet svg math canvas audio video map select option datalist "
    "textarea input button dialog head title figcaption".split()
)
# not the article, on a page
_SURROUNDINGS: Final = frozenset(("nav", "header", "footer", "aside", "form", "menu"))
_BLOCKS: Final = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr html li main menu nav ol p pre section summary table tbody tfoot thead tr ul caption".split()
)
_ROLES: Final = frozenset(("navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alert"))
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# parts of class names and ids that mark what stands beside an article
_BESIDE: Final = frozenset(
    "ad ads advert advertisement author banner breadcrumb breadcrumbs byline comment comments consent cookie cookies "
    "copyright credit credits dateline disclaimer footer gdpr masthead menu modal nav navbar navigation newsletter "
    "paywall popup promo published recommended related share sharing sidebar social sponsor sponsored subscribe tags "
    "timestamp toolbar widget".split()
)
_SHARE_BESIDE: Final = 0.4  # an element with more of the words than this is the article, whatever it is called
# the line that blog software adds to each item of its feed, and the invitation to read on
_APPENDED: Final = re.compile(
    r"The post .{1,300} (?:appeared first on|first appeared on) .{1,200}"
    r"|(?:Continue reading|Read (?:more|the full \w+))\b.{0,80}",
    re.IGNORECASE | re.DOTALL,
)
_REPEATABLE: Final = 6  # words; shorter paragraphs ("Thank you.") may honestly come again
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)


def parse(markup: str) -> html.HtmlElement | None:
    """The element tree of `markup`, a page or a fragment; None when there is nothing in it.

    Nothing is fetched: the parser has no network and resolves no entities but HTML's own.
    """
    markup = _DECLARATION.sub("", markup).replace("\x00", "")
    if not markup.strip():
        return None
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def fragment_text(markup: str) -> str:
    """All text of a fragment that is content, as paragraphs with a blank line between; "" when there is none."""
    tree = parse(markup)
    if tree is None:
        return ""
    return join(_paragraphs(tree, _DROPPED, frozenset()))


def page_text(tree: html.HtmlElement) -> str:
    """The text of a page's article part, as its elements mark it: for pages too short for statistics.

    The part is `<article>`, an `articleBody`, `<main>` or else the body; menus, headers, footers, asides and what is
    named like them are left out.
    """
    root = _article_part(tree)
    dropped = _DROPPED | (_SURROUNDINGS - {"form"})  # some servers wrap whole pages in a form
    total = len(words(" ".join(_paragraphs(root, dropped, frozenset()))))
    beside = frozenset(
        element
        for element in root.iter(etree.Element)
        if element is not root
        and _named_beside(element)
        and count_words(element.text_content()) <= _SHARE_BESIDE * total
    )
    return join(_paragraphs(root, dropped, beside))


def join(paragraphs: Iterable[str]) -> str:
    """Paragraphs with a blank line between, without repeated ones and what feed software appends."""
    kept: list[str] = []
    seen: set[str] = set()
    for text in paragraphs:
        again = text in seen and (len(words(text)) >= _REPEATABLE or (kept and kept[-1] == text))
        if not again and not _APPENDED.fullmatch(text):
            kept.append(text)
        seen.add(text)
    return "\n\n".join(kept)


def _paragraphs(root: html.HtmlElement, dropped: frozenset[str], beside: frozenset[object]) -> list[str]:
    """The paragraphs under `root`: runs of text between the borders of block elements, in order, none empty."""
    out: list[str] = []
    run: list[str] = []

    def close() -> None:
        # two line breaks in a row are how old pages write a paragraph
        out.extend(filter(None, map(paragraph, re.split(r"\n\s*\n", "".join(run)))))
        run.clear()

    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else None
        if event == "start":
            if tag is None or (element is not root and (tag in dropped or element in beside or _hidden(element))):
                walker.skip_subtree()
                continue
            if tag in _BLOCKS:
                close()
            elif tag == "br":
                run.append("\n")
            elif tag in ("td", "th"):
                run.append(" ")
            run.append(_inline(element.text, tag))
        else:
            if tag in _BLOCKS:
                close()
            if element is not root:
                run.append(_inline(element.tail, element.getparent().tag))
    close()
    return out


def _inline(text: str | None, tag: object) -> str:
    """Source text as a browser shows it: line ends of the source are spaces, except in `<pre>`."""
    if not text:
        return ""
    return text if tag == "pre" else re.sub(r"[ \t\r\n\f]+", " ", text)


def _hidden(element: html.HtmlElement) -> bool:
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN.search(element.get("style") or ""))
    )


def _named_beside(element: html.HtmlElement) -> bool:
    if element.get("role") in _ROLES or element.get("rel") == "author" or element.get("itemprop") == "author":
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}".casefold()
    return not _BESIDE.isdisjoint(re.split(r"[\s_-]+", names))


def _article_part(tree: html.HtmlElement) -> html.HtmlElement:
    for path in ("//*[@itemprop='articleBody']", "//article", "//main", "//*[@role='main']", "//body"):
        found = tree.xpath(path)
        if found:
            largest = max(found, key=lambda element: count_words(element.text_content()))
            if largest.text_content().strip():
                return largest
    return tree
