"""A page as blocks: its runs of text in reading order, and the tree of elements that they lie in.

What belongs here: walking the elements once.  What does not: judging which blocks are the article (body, furniture).

Everything is linear in the size of the page, however deep it is nested: a block knows its parent, not its path.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from typing import Final

import yaml
from lxml import etree, html

from sources.formats.text import count_words, paragraph

# never text: code, controls, embedded things, and captions, which belong to pictures that nobody sees here
DROPPED: Final = frozenset(
    (
        "script style noscript template iframe object embed applet svg math canvas audio video map select option "
        "datalist textarea input button dialog head title figcaption nav footer menu picture"
    ).split()
)
BORDERS: Final = frozenset(
    (
        "address article aside blockquote body center dd details div dl dt fieldset figure footer form h1 h2 h3 h4 h5 "
        "h6 header hr html li main menu nav ol p pre section summary table tbody tfoot thead tr ul caption amp-ad"
    ).split()
)
_PICTURES: Final = frozenset(("img", "picture", "amp-img", "video", "iframe"))
FIRM_ROLE: Final = "role"
# names that are believed however much of a page they cover together: several boxes of comments or teasers
FIRM: Final = frozenset(
    "comment comments commentlist disqus respond cookie cookies consent gdpr related recommended recommendations "
    "teaser teasers newsletter nav navigation menu sidebar trending most-read most-popular more-stories role".split()
)
_TEXT: Final = frozenset("h1 h2 h3 h4 h5 h6 p li blockquote".split())
_ROLES: Final = frozenset(("navigation", "banner", "contentinfo", "complementary", "search", "dialog", "alert", "menu"))
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_ECHO: Final = 40  # characters; a longer paragraph is not said twice in a row
_SPACES: Final = re.compile(r"[ \t\r\n\f]+")
_BLANK_LINE: Final = re.compile(r"\n\s*\n")
_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BODY: Final = re.compile(
    r"(?:^|[\s_-])(?:article|story|post|entry|content|news|body|page|text|single|main|rich|wysiwyg|field)[\w-]{0,20}?"
    r"(?:body|content|text|copy|detail|details|richtext)(?![a-z])|(?:^|\s)(?:articlebody|storybody|story-text|"
    r"article-text|bodytext|richtext|wysiwyg|rte|newstext|article__text|field-name-body|text-long|press-release)(?![a-z])"
)


@dataclass(slots=True, eq=False)
class Node:
    """An element on the way to blocks.  The sums are over all that lies in it."""

    parent: Node | None
    tag: str
    element: html.HtmlElement
    beside: str  # the name, or kind, that makes it something beside the article; "" if there is none
    marked: int  # 3: the article's body by microdata, 2: by its name, 1: article or main
    words: int = 0
    prose: int = 0  # words in blocks that read like text
    linked: int = 0  # characters in links
    characters: int = 0
    items: int = 0
    pictures: int = 0
    first: Block | None = None
    votes: int = 0  # words that another extractor takes for the article too

    def up(self) -> Iterator[Node]:
        """This node and those around it, innermost first."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent


@dataclass(slots=True, eq=False)
class Block:
    """A run of text between the borders of block elements."""

    text: str
    tag: str  # of the element that it lies in
    node: Node
    words: int
    linked: float  # share of its characters in links
    emphasised: bool = False

    @property
    def is_heading(self) -> bool:
        """Whether it is a heading element."""
        return self.tag in ("h1", "h2", "h3", "h4", "h5", "h6")

    @property
    def is_prose(self) -> bool:
        """Whether it reads like a paragraph of text."""
        return self.words >= 8 and self.linked < 0.5 and not self.is_heading


@dataclass(slots=True)
class Layout:
    """All nodes in document order (the first is the root) and all blocks."""

    nodes: list[Node] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


@dataclass(slots=True)
class _Run:
    parts: list[str] = field(default_factory=list)
    linked: int = 0
    strong: int = 0

    def add(self, text: str | None, tag: str, in_link: int, in_strong: int) -> None:
        if not text:
            return
        if tag != "pre":  # source text as a browser shows it: line ends of the source are spaces
            text = _SPACES.sub(" ", text)
        self.parts.append(text)
        if in_link:
            self.linked += len(text)
        if in_strong:
            self.strong += len(text)


def layout(tree: html.HtmlElement) -> Layout:
    """The blocks of a page.  Dropped are code, controls, menus, footers, captions and what is hidden."""
    out = Layout()
    body = tree.find("body")
    root = tree if body is None else body
    node: Node | None = None
    run = _Run()
    in_link = in_strong = 0
    skipped: html.HtmlElement | None = None
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        if event == "start":
            if node is not None and tag in _PICTURES:
                node.pictures += 1
            if element is not root and (not isinstance(tag, str) or tag in DROPPED or hidden(element)):
                walker.skip_subtree()
                skipped = element
                continue
            if tag in BORDERS or element is root:
                if node is not None:
                    _close(run, node, out)
                node = Node(node, tag, element, named_beside(element), _marked(element, tag))
                out.nodes.append(node)
            elif tag == "br":
                run.parts.append("\n")
            elif tag in ("td", "th"):
                run.parts.append(" ")
            in_link += tag == "a"
            in_strong += tag in ("b", "strong")
            run.add(element.text, tag, in_link, in_strong)
        else:
            if element is skipped:
                skipped = None
            else:
                in_link -= tag == "a"
                in_strong -= tag in ("b", "strong")
            if node is not None and element is node.element:
                _close(run, node, out)
                node = node.parent
            if element is not root:
                run.add(element.tail, element.getparent().tag, in_link, in_strong)
    for inner in reversed(out.nodes):
        if inner.parent is not None:
            _sum(inner, inner.parent)
    return out


def hidden(element: html.HtmlElement) -> bool:
    """Whether a browser shows nothing of the element."""
    return (
        element.get("hidden") is not None
        or (element.get("aria-hidden") == "true" and element.tag not in ("p", "div", "section", "article", "span"))
        or bool(_HIDDEN.search(element.get("style") or ""))
    )


def named_beside(element: html.HtmlElement) -> str:
    """The name, role or kind by which an element is something beside the article; "" if it is none."""
    if element.tag in ("aside", "header", "figure", "form"):
        return str(element.tag)
    if element.get("role") in _ROLES:
        return FIRM_ROLE
    if element.get("rel") == "author" or element.get("itemprop") in (
        "author",
        "publisher",
        "datePublished",
        "headline",
    ):
        return "author"
    # ids of headings and paragraphs are made of their words
    identity = "" if element.tag in _TEXT else element.get("id") or ""
    names = f"{element.get('class') or ''} {identity}"
    if names == " ":
        return ""
    parts, whole = _beside_names()
    for name in names.casefold().split():
        if name in whole:
            return name
    # utility classes by the dozen say nothing
    tokens = re.split(r"[\s_-]+", _CAMEL.sub("-", names[:400]).casefold())
    return next((token for token in tokens if token in parts), "")


@functools.cache
def _beside_names() -> tuple[frozenset[str], frozenset[str]]:
    raw = yaml.safe_load(resources.files("sources.formats").joinpath("lexicon/names.yml").read_text("utf-8"))
    return frozenset(raw["parts"].split()), frozenset(raw["whole"].split())


def _marked(element: html.HtmlElement, tag: str) -> int:
    if element.get("itemprop") == "articleBody" or element.get("property") == "articleBody":
        return 3
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if names != " " and _BODY.search(_CAMEL.sub("-", names).casefold()[:400]):
        return 2
    return 1 if tag in ("article", "main") or element.get("role") in ("main", "article") else 0


def _close(run: _Run, node: Node, out: Layout) -> None:
    """End a run of text: one block, or several where two line breaks in a row write a paragraph."""
    if not run.parts:
        return
    text = "".join(run.parts)
    length = len(text.strip()) or 1
    linked, strong = min(1.0, run.linked / length), run.strong / length
    run.parts.clear()
    for part in _BLANK_LINE.split(text) if "\n" in text else (text,):
        plain = part.isascii() and part.isprintable()  # nothing to be cleaned but spaces
        clean = " ".join(part.split()) if plain else paragraph(part)
        if not clean or (len(clean) > _ECHO and out.blocks and out.blocks[-1].text == clean):
            continue
        block = Block(clean, node.tag, node, count_words(clean), linked, strong > 0.8)
        out.blocks.append(block)
        for around in node.up():
            if around.first is not None:
                break
            around.first = block
        node.words += block.words
        node.prose += block.words if block.is_prose else 0
        node.characters += len(clean)
        node.linked += int(linked * len(clean))
        node.items += 1
    run.linked = run.strong = 0


def _sum(inner: Node, outer: Node) -> None:
    outer.words += inner.words
    outer.prose += inner.prose
    outer.linked += inner.linked
    outer.characters += inner.characters
    outer.items += inner.items
    outer.pictures += inner.pictures
