"""Sitemap bytes → addresses: urlset and sitemapindex with the news extension, packed or not, and one address a line.

What belongs here: what a sitemap says of each page and of the sitemaps below it.
What does not: fetching either (readers) and choosing among them (readers, discovery).

The XML is read as a stream, without a tree: memory does not grow with what is in it.  Nothing is fetched, and what has
a document type (the place of entities) is no sitemap.
"""

from __future__ import annotations

import datetime as dt
import html
import re
import zlib
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin

from lxml import etree

from sources.formats.charsets import BinaryContent, decode
from sources.formats.language import declared_language
from sources.formats.text import line
from sources.formats.times import parse_time
from sources.urls import MAX_ADDRESS, is_web

# the protocol's own bounds (sitemaps.org/protocol.html)
MAX_ENTRIES: Final = 50_000
MAX_UNPACKED: Final = 50_000_000  # bytes
_CHUNK: Final = 65_536
_GZIP: Final = b"\x1f\x8b"
_MAX_VALUE: Final = 4_096  # characters kept of one value; more is no address, title or date
_ENCODING: Final = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_DECLARATION: Final = re.compile(r"\s*<\?xml[^>]{0,400}\?>", re.IGNORECASE)
# "&" and "<" that generators forget to escape in addresses; a parser would lose a part of the address, or the rest
_BARE: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)|<(?![A-Za-z_/!?])")
# the values of an entry, by their path below it; anything else (images, videos, other languages) is passed over
_VALUES: Final = {
    ("loc",): "loc",
    ("lastmod",): "lastmod",
    ("news", "publication_date"): "published",
    ("news", "title"): "title",
    ("news", "publication", "name"): "outlet",
    ("news", "publication", "language"): "language",
}
_DEEPEST: Final = 6  # one level below the deepest value


class NotASitemap(ValueError):
    """The bytes are no sitemap at all, or one that is not read (packed too large, with a document type)."""


@dataclass(frozen=True, slots=True)
class SitemapPage:
    """One page: times are naive UTC, each value None when the sitemap does not say it."""

    url: str
    published_at: dt.datetime | None = None
    lastmod: dt.datetime | None = None
    title: str | None = None
    language: str | None = None
    outlet: str | None = None


@dataclass(frozen=True, slots=True)
class SitemapChild:
    """One sitemap that an index names."""

    url: str
    lastmod: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Sitemap:
    """Pages and sitemaps in the order of the file, each address once; `damaged` says what was wrong, if anything."""

    pages: tuple[SitemapPage, ...]
    children: tuple[SitemapChild, ...]
    damaged: str | None


def parse_sitemap(content: bytes, url: str, fetched_at: dt.datetime) -> Sitemap:
    """Read a sitemap.  `url` resolves relative addresses, `fetched_at` (naive UTC) bounds times.

    At most MAX_ENTRIES entries are read, of MAX_UNPACKED bytes at most.  Raises NotASitemap.
    """
    content, damage = _unpacked(content)
    declared = _ENCODING.match(content[:400])
    try:
        text = decode(content, [declared[1].decode("ascii")] if declared else []).text
    except BinaryContent as error:
        raise NotASitemap(str(error)) from error
    found = _Found(url, fetched_at)
    wrong = (_read_xml if text.lstrip()[:1] == "<" else _read_lines)(text, found)
    damage = damage or wrong
    if found.full:
        damage = f"more than {MAX_ENTRIES} entries: the rest was left out"
    if damage is None and found.unusable:
        damage = f"{found.unusable} entries without a usable address"
    return Sitemap(tuple(found.pages.values()), tuple(found.children.values()), damage)


class _Found:
    """The entries so far."""

    def __init__(self, base: str, fetched_at: dt.datetime) -> None:
        self.base = base
        self.fetched_at = fetched_at
        self.pages: dict[str, SitemapPage] = {}
        self.children: dict[str, SitemapChild] = {}
        self.unusable = 0
        self.full = False
        self._seen = 0

    def add(self, values: dict[str, str], *, child: bool) -> None:
        """Take one entry: its raw values by name."""
        self._seen += 1
        if self._seen > MAX_ENTRIES:
            self.full = True
            return
        address = self._address(values.get("loc"))
        if address is None:
            self.unusable += 1
            return
        lastmod = self._time(values.get("lastmod"))
        if child:
            self.children.setdefault(address, SitemapChild(address, lastmod))
            return
        page = SitemapPage(
            url=address,
            published_at=self._time(values.get("published")),
            lastmod=lastmod,
            title=_words(values.get("title")),
            language=declared_language(values.get("language")),
            outlet=_words(values.get("outlet")),
        )
        self.pages.setdefault(address, page)

    def _address(self, written: str | None) -> str | None:
        # some generators escape twice
        written = line((written or "").replace("&amp;", "&"))
        if written is None or len(written) > MAX_ADDRESS:
            return None
        try:
            address = urljoin(self.base, written) if is_web(self.base) else written
        except ValueError:
            return None
        usable = is_web(address) and address != self.base and not re.search(r"\s", address)
        return address if usable else None

    def _time(self, written: str | None) -> dt.datetime | None:
        return parse_time(written.strip(), self.fetched_at) if written else None


def _words(written: str | None) -> str | None:
    return line(html.unescape(written)) if written else None


class _Target:
    """What lxml calls while it reads: keeps the names of the open elements and the values of the entry that is open."""

    def __init__(self, found: _Found) -> None:
        self.found = found
        self._root: str | None = None
        self._depth = 0
        self._path: list[str] = []  # the open elements below the outermost one, no deeper than values lie
        self._values: dict[str, str] = {}
        self._name: str | None = None  # of the value that is open
        self._parts: list[str] = []
        self._size = 0

    def start(self, tag: str, attributes: Any) -> None:
        """An element opens."""
        name = tag.rpartition("}")[2].rpartition(":")[2].casefold()
        self._depth += 1
        if self._root is None:
            if name not in ("urlset", "sitemapindex"):
                raise NotASitemap(f"its outermost element is {name[:40]!r}")
            self._root = name
        elif self._depth <= _DEEPEST:
            self._path[self._depth - 2 :] = [name]
            if self._depth == 2:
                self._values = {}
            self._name = _VALUES.get(tuple(self._path[1:]))
            self._parts, self._size = [], 0

    def data(self, text: str) -> None:
        """Text, in pieces."""
        if self._name is not None and self._size <= _MAX_VALUE:
            self._parts.append(text)
            self._size += len(text)

    def end(self, tag: str) -> None:
        """An element closes."""
        if self._name is not None:  # an element inside a value has ended the value already
            self._values.setdefault(self._name, "".join(self._parts))
            self._name = None
        elif self._depth == 2 and self._path[0] in ("url", "sitemap"):
            self.found.add(self._values, child=self._path[0] == "sitemap")
        self._depth -= 1

    def doctype(self, *_: object) -> None:
        """A document type: no sitemap has one, and it is where entities are declared."""
        raise NotASitemap("it declares a document type")

    def close(self) -> str | None:
        """The end: the outermost element."""
        return self._root


def _read_xml(text: str, found: _Found) -> str | None:
    """Read XML into `found`; what is wrong with it, or None."""
    text = _DECLARATION.sub("", text.lstrip(), count=1)
    mended, bare = _BARE.subn(lambda match: "&amp;" if match[0] == "&" else "&lt;", text)
    target = _Target(found)
    parser = etree.XMLParser(
        target=target,
        encoding="utf-8",
        recover=True,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    data = mended.encode("utf-8", "replace")
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
            if found.full:
                return None
        root = parser.close()
    except etree.LxmlError as error:
        root = target.close()
        damage: str | None = str(error)[:200]
    else:
        # a prefix without its declaration is common, and harmless to one who goes by the local names
        errors = [e for e in parser.feed_error_log if e.level_name != "WARNING" and e.domain_name != "NAMESPACE"]
        damage = line(str(errors[0].message))[:200] if errors else None  # type: ignore[index]
    if root is None:
        raise NotASitemap(damage or "no element in it")
    return damage or (f"{bare} characters (&, <) are not escaped" if bare else None)


def _read_lines(text: str, found: _Found) -> str | None:
    """Read one address a line into `found`; what is wrong with it, or None."""
    lines = [written for raw in text.splitlines() if (written := raw.strip())]
    usable = [written for written in lines[: MAX_ENTRIES + 1] if is_web(written) and len(written.split()) == 1]
    odd = min(len(lines), MAX_ENTRIES + 1) - len(usable)
    if not usable or odd > len(usable):
        raise NotASitemap("neither XML nor one address a line")
    for written in usable:
        found.add({"loc": written}, child=False)
    return f"{odd} lines are no address" if odd else None


def _unpacked(content: bytes) -> tuple[bytes, str | None]:
    """The content without gzip, and what is wrong with the packing; no more than MAX_UNPACKED bytes are unpacked."""
    if not content.startswith(_GZIP):
        if len(content) > MAX_UNPACKED:
            raise NotASitemap(f"more than {MAX_UNPACKED} bytes")
        return content, None
    out = bytearray()
    rest = content
    while rest.startswith(_GZIP):  # a gzip file may have several members
        member = zlib.decompressobj(wbits=31)
        try:
            out += member.decompress(rest, MAX_UNPACKED + 1 - len(out))
        except zlib.error as error:
            if not out:
                raise NotASitemap(f"gzip that cannot be unpacked: {error}") from error
            return bytes(out), f"damaged gzip: {error}"
        if len(out) > MAX_UNPACKED:
            raise NotASitemap(f"more than {MAX_UNPACKED} bytes when unpacked")
        if not member.eof:
            return bytes(out), "the gzip file is cut short"
        rest = member.unused_data
    return bytes(out), None
