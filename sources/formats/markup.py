"""HTML → paragraphs, by the elements alone.

What belongs here: parsing, and reading the text out of markup that is content already (a feed item).
What does not: telling a page's body from its surroundings (blocks, body) and metadata (metadata).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from lxml import etree, html

from sources.formats.text import paragraph, words

# never text: code, controls, embedded things, and captions, which belong to pictures that nobody sees here
_DROPPED: Final = frozenset(
    "script style noscript template iframe object embed applet svg math canvas audio video map select option datalist "
    "textarea input button dialog head title figcaption".split()
)
_BLOCKS: Final = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 "
    "header hr html li main menu nav ol p pre section summary table tbody tfoot thead tr ul caption".split()
)
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# the line that blog software adds to each item of its feed, and the invitation to read on
_APPENDED: Final = re.compile(
    r"The post .{1,300} (?:appeared first on|first appeared on) .{1,200}"
    r"|(?:Continue reading|Read (?:more|the full \w+))\b.{0,80}",
    re.IGNORECASE | re.DOTALL,
)
_REPEATABLE: Final = 6  # words; shorter paragraphs ("Thank you.") may honestly come again
# the parser compares each attribute of a tag with all others
_LONG_TAG: Final = re.compile(r"<([a-zA-Z][\w-]{0,40})\s[^<>]{2000,}>")
_MOST_ATTRIBUTES: Final = 300
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)


def parse(markup: str) -> html.HtmlElement | None:
    """The element tree of `markup`, a page or a fragment; None when there is nothing in it.

    Nothing is fetched: the parser has no network and resolves no entities but HTML's own.
    """
    markup = _DECLARATION.sub("", markup).replace("\x00", "")
    markup = _LONG_TAG.sub(_few_attributes, markup)
    if not markup.strip():
        return None
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None


def _few_attributes(tag: re.Match[str]) -> str:
    return tag[0] if tag[0].count("=") <= _MOST_ATTRIBUTES else f"<{tag[1]}>"


def fragment_text(markup: str) -> str:
    """All text of a fragment that is content, as paragraphs with a blank line between; "" when there is none."""
    tree = parse(markup)
    if tree is None:
        return ""
    return join(_paragraphs(tree))


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


def _paragraphs(root: html.HtmlElement) -> list[str]:
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
            if tag is None or (element is not root and (tag in _DROPPED or _hidden(element))):
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
