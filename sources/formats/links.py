"""Which addresses a container leads to: the pages of a feed, of a sitemap, of a listing.

What belongs here: choosing links by what the container says of them, as a pure function of its bytes.
What does not: whether a page is known already and when it is fetched (readers).
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sources.formats.feeds import parse_feed
from sources.formats.listings import parse_listing
from sources.formats.sitemaps import parse_sitemap

# sitemaps of one source that a run asks for, the newest of each index first; by how deep they lie, so that an index of
# indexes leaves some for what it leads to
MAX_SITEMAPS: Final = (30, 45, 50)
_NUMBER: Final = re.compile(r"\d{1,12}")


@dataclass(frozen=True, slots=True)
class Link:
    """An address and when what is there changed last, as the container says (naive UTC), or None."""

    url: str
    changed_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Links:
    """Where a container leads: to pages, and (a sitemap index) to further containers; no address twice."""

    pages: tuple[Link, ...] = ()
    children: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which links a source follows: addresses that match `pattern`, from sitemaps nothing older than `since`."""

    pattern: str | None
    since: dt.datetime

    def address(self, url: str) -> bool:
        """Whether the address of a page matches."""
        return self.pattern is None or re.search(self.pattern, url) is not None

    def moment(self, moment: dt.datetime | None) -> bool:
        """Whether something is new enough; what has no date may be."""
        return moment is None or moment >= self.since


def feed_links(content: bytes, url: str, content_type: str | None, fetched_at: dt.datetime, wanted: Wanted) -> Links:
    """Pages of items whose text is not in the feed itself, in its order.  Raises NotAFeed."""
    items = parse_feed(content, url, content_type, fetched_at).items
    found = {item.url: item.updated_at for item in items if item.needs_page and item.url and wanted.address(item.url)}
    return Links(tuple(Link(address, changed) for address, changed in found.items()))


def sitemap_links(content: bytes, url: str, fetched_at: dt.datetime, wanted: Wanted) -> Links:
    """Pages and sitemaps, the newest first.  Raises NotASitemap."""
    sitemap = parse_sitemap(content, url, fetched_at)
    pages = {
        page.url: Link(page.url, page.lastmod or page.published_at)
        for page in sitemap.pages
        if wanted.address(page.url) and wanted.moment(page.published_at or page.lastmod)
    }
    children = {child.url: Link(child.url, child.lastmod) for child in sitemap.children if wanted.moment(child.lastmod)}
    return Links(_newest_first(pages.values()), _newest_first(children.values(), numbered=True))


def listing_links(content: bytes, url: str, wanted: Wanted) -> Links:
    """Pages whose address matches, in the order of the listing."""
    pattern = re.compile(wanted.pattern or "")
    return Links(tuple(Link(address) for address in parse_listing(content, url, pattern)))


def _newest_first(links: Iterable[Link], *, numbered: bool = False) -> tuple[Link, ...]:
    """The newest first.  `numbered`: what has no date goes by the numbers in its address, as ``posts-2026-03.xml``."""

    def age(link: Link) -> tuple[dt.datetime, list[float]]:
        numbers = [float(number) for number in _NUMBER.findall(link.url)] if numbered else []
        return link.changed_at or dt.datetime.min, numbers or [math.inf]

    return tuple(sorted(links, key=age, reverse=True))
