"""The links of a page: those that lead to articles (by a pattern), and those that lead to feeds.

What belongs here: reading links out of markup.
What does not: fetching the page or what it links to (readers, discovery), and the text of a page (pages, markup).

The markup is read as a stream, without a tree: time and memory grow with the links only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml import etree

from sources.formats.charsets import BinaryContent, decode
from sources.formats.text import line
from sources.urls import MAX_ADDRESS, is_web

MAX_LINKS: Final = 20_000  # of one page; the longest front pages have some thousands
_MAX_TEXT: Final = 500  # characters kept of a link's text
_CHUNK: Final = 65_536
_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]{0,400}\?>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """One link: an absolute address without fragment (never the page's own), its words, and what a `<link>` says."""

    url: str
    text: str = ""
    relation: frozenset[str] = frozenset()
    media_type: str = ""
    in_head: bool = False


@dataclass(frozen=True, slots=True)
class PageLinks:
    """What a page links to, in its order (an address may come again), and what it says of itself."""

    links: tuple[Link, ...]
    title: str | None
    site_name: str | None
    language: str | None


def parse_listing(content: bytes, url: str, pattern: re.Pattern[str]) -> tuple[str, ...]:
    """The addresses of a page's links that match `pattern` somewhere: absolute, without fragment, each once, in order.

    `url` is where the page was found.  Links to other sites count only when the pattern names their host.  What is no
    markup has no links.
    """
    # "paper\.example" is how a pattern names a host
    named = re.sub(r"\\(.)", r"\1", pattern.pattern).casefold()
    found: dict[str, None] = {}
    for link in page_links(content, url).links:
        if link.in_head or link.url in found or not pattern.search(link.url):
            continue
        if same_site(link.url, url) or _bare_host(link.url) in named:
            found[link.url] = None
    return tuple(found)


def page_links(content: bytes, url: str) -> PageLinks:
    """The links of a page and what it is called; nothing when the bytes are no markup."""
    declared = _CHARSET.search(content[:4096])
    try:
        text = decode(content, [declared[1].decode("ascii")] if declared else []).text
    except BinaryContent:
        return PageLinks((), None, None, None)
    target = _Target(url)
    parser = etree.HTMLParser(
        target=target, encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    data = _DECLARATION.sub("", text, count=1).replace("\x00", "").encode("utf-8", "replace")
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
            if target.full:
                break
        parser.close()
    except etree.LxmlError:
        pass  # what was read until then stands
    return target.found()


def same_site(one: str, other: str) -> bool:
    """Whether two addresses are of one site: the same host, or one is below the other ("www." does not count)."""
    a, b = _bare_host(one), _bare_host(other)
    return bool(a and b) and (a == b or a.endswith("." + b) or b.endswith("." + a))


def _bare_host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.casefold().removeprefix("www.")


class _Target:
    """What lxml calls while it reads."""

    def __init__(self, url: str) -> None:
        self._page = urldefrag(url).url
        self._base = url
        self._moved = False  # whether a <base> was seen: only the first counts
        self._links: list[tuple[str, Link]] = []
        self._open: tuple[str, Link] | None = None  # the <a> that is open
        self._parts: list[str] = []
        self._size = 0
        self._in_title = False
        self._title: list[str] = []
        self._said: dict[str, str] = {}

    @property
    def full(self) -> bool:
        """Whether there are as many links as are kept."""
        return len(self._links) >= MAX_LINKS

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element opens."""
        if tag in ("a", "area"):
            self._close_link()
            if attributes.get("href"):
                link = Link("", line(attributes.get("title")) or "" if tag == "area" else "")
                self._open, self._parts, self._size = (attributes["href"], link), [], 0
        elif tag == "link" and attributes.get("href"):
            relation = frozenset((attributes.get("rel") or "").casefold().split())
            media_type = (attributes.get("type") or "").partition(";")[0].strip().casefold()
            title = line(attributes.get("title")) or ""
            self._keep(attributes["href"], Link("", title, relation, media_type, in_head=True))
        elif tag == "base" and attributes.get("href") and not self._moved:
            self._moved = True
            self._base = _absolute(self._base, attributes["href"]) or self._base
        elif tag == "html":
            self._said.setdefault("language", attributes.get("lang") or attributes.get("xml:lang") or "")
        elif tag == "meta":
            name = (attributes.get("property") or attributes.get("name") or "").casefold()
            if name in ("og:site_name", "application-name"):
                self._said.setdefault(name, attributes.get("content") or "")
        elif tag == "title":
            self._in_title = not self._title

    def data(self, text: str) -> None:
        """Text, in pieces."""
        if self._open is not None and self._size <= _MAX_TEXT:
            self._parts.append(text)
            self._size += len(text)
        if self._in_title and len(self._title) < _MAX_TEXT:
            self._title.append(text[:_MAX_TEXT])

    def end(self, tag: str) -> None:
        """An element closes."""
        if tag == "a":
            self._close_link()
        elif tag == "title":
            self._in_title = False

    def close(self) -> None:
        """The end of the page."""
        self._close_link()

    def found(self) -> PageLinks:
        """Everything, with the addresses made absolute by what the page's base is in the end."""
        self._close_link()
        addresses = {written: _absolute(self._base, written) for written in {written for written, _ in self._links}}
        links = []
        for written, link in self._links:
            address = addresses[written]
            if address is not None and address != self._page:
                links.append(Link(address, link.text, link.relation, link.media_type, link.in_head))
        return PageLinks(
            tuple(links),
            title=line("".join(self._title)),
            site_name=line(self._said.get("og:site_name")) or line(self._said.get("application-name")),
            language=line(self._said.get("language")),
        )

    def _close_link(self) -> None:
        if self._open is not None:
            written, link = self._open
            words = line("".join(self._parts)[:_MAX_TEXT]) or link.text
            self._keep(written, Link("", words))
            self._open = None

    def _keep(self, written: str, link: Link) -> None:
        if not self.full:
            self._links.append((written, link))


def _absolute(base: str, written: str) -> str | None:
    """The usable web address that a link leads to, without fragment; None when there is none."""
    written = line(written) or ""
    if not written or len(written) > MAX_ADDRESS:
        return None
    try:
        address = urldefrag(urljoin(base, written)).url
    except ValueError:
        return None
    return address.replace(" ", "%20") if is_web(address) else None
