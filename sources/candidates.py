"""Ways to read a site, judged: what a feed, a sitemap or a page of links is good for.

What belongs here: turning what a format reader has read into a `Candidate`, and what is better than what.
What does not: finding and fetching (discovery), reading formats (formats), the catalogue and its entry.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Final
from urllib.parse import urlsplit

from sources.catalog import Kind
from sources.formats.feeds import Feed, Item
from sources.formats.listings import PageLinks, same_site
from sources.formats.sitemaps import SitemapPage
from sources.patterns import guess_pattern

FRESH: Final = dt.timedelta(days=60)  # what has nothing newer is asleep
RECENT: Final = dt.timedelta(days=3)
_FEED_TITLE: Final = re.compile(r"\s*(?:[|»:>–—-]\s*)?\b(?:RSS|Atom|Feeds?)\b.*$", re.IGNORECASE)


class Rank(IntEnum):
    """What a candidate is good for, the best first."""

    FULL_FEED = 1  # the articles are in the feed
    TEASER_FEED = 2  # the feed leads to the articles' pages
    NEWS_SITEMAP = 3  # tells when each page was published
    SITEMAP = 4
    LISTING = 5

    @property
    def words(self) -> str:
        """The rank for a person."""
        return _RANKS[self]


_RANKS: Final = {
    Rank.FULL_FEED: "feed with whole articles",
    Rank.TEASER_FEED: "feed that leads to pages",
    Rank.NEWS_SITEMAP: "news sitemap",
    Rank.SITEMAP: "sitemap",
    Rank.LISTING: "page with links",
}


@dataclass(frozen=True, slots=True)
class Lead:
    """One article that a candidate offers; `item` when the feed holds it whole."""

    url: str | None
    title: str | None = None
    published_at: dt.datetime | None = None
    item: Item | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to read the site: `entries` articles on offer, `recent` of the last three days, `newest` (naive UTC)."""

    rank: Rank
    kind: Kind
    url: str
    entries: int
    recent: int
    newest: dt.datetime | None
    leads: tuple[Lead, ...] = field(repr=False)
    outlet: str | None = None
    language: str | None = None
    link_pattern: str | None = None
    asleep: bool = False


def from_feed(feed: Feed, url: str, now: dt.datetime) -> Candidate:
    """A feed that has items.  `now` is naive UTC, here and below."""
    whole = sum(item.text is not None for item in feed.items)
    leads = [Lead(item.url, item.title, item.published_at, None if item.needs_page else item) for item in feed.items]
    return Candidate(
        Rank.FULL_FEED if whole * 2 >= len(feed.items) else Rank.TEASER_FEED,
        Kind.FEED,
        url,
        entries=len(feed.items),
        leads=_newest_first(leads),
        outlet=_FEED_TITLE.sub("", feed.title or "") or feed.title,
        language=_most(item.language for item in feed.items),
        **_ages(leads, now),
    )


def from_sitemap(pages: Iterable[SitemapPage], url: str, now: dt.datetime) -> Candidate:
    """A sitemap that has pages; of one that is not about news only, those that look like articles."""
    pages = list(pages)
    news = sum(page.published_at is not None for page in pages) * 2 >= len(pages)
    pattern = None if news else guess_pattern(page.url for page in pages)
    kept = [page for page in pages if pattern is None or re.search(pattern, page.url)]
    leads = [Lead(page.url, page.title, page.published_at or page.lastmod) for page in kept]
    return Candidate(
        Rank.NEWS_SITEMAP if news else Rank.SITEMAP,
        Kind.SITEMAP,
        url,
        entries=len(kept),
        leads=_newest_first(leads),
        outlet=_most(page.outlet for page in kept),
        language=_most(page.language for page in kept),
        link_pattern=pattern,
        **_ages(leads, now),
    )


def from_page(page: PageLinks, url: str) -> Candidate | None:
    """A page whose links look like articles; None when they do not."""
    links = {link.url: link.text for link in page.links if not link.in_head and same_site(link.url, url)}
    pattern = guess_pattern(links)
    if pattern is None:
        return None
    leads = tuple(Lead(address, words or None) for address, words in links.items() if re.search(pattern, address))
    return Candidate(Rank.LISTING, Kind.LISTING, url, len(leads), 0, None, leads, link_pattern=pattern)


def rating(candidate: Candidate, asked: str, site: str | None) -> tuple[bool, bool, int, bool, Rank, int]:
    """The best is the least: awake, a feed, near to all that was asked for; a site's own feed before its sections'.

    Near: parts of the address that was asked for and are not in the candidate's; whether its title is another than the
    site's.  Then what it is good for, and parts of its address that were not asked for.
    """
    wanted, given = (set(filter(None, urlsplit(url).path.casefold().split("/"))) for url in (asked, candidate.url))
    named = bool(site) and (candidate.outlet or "").casefold() == (site or "").casefold()
    far = candidate.rank > Rank.TEASER_FEED
    return candidate.asleep, far, len(wanted - given) if not far else 0, not named, candidate.rank, len(given - wanted)


def expected_articles(candidate: Candidate, readable: float, today: dt.date) -> tuple[int, str]:
    """A careful guess of `min_articles`, and its reason; `readable` is the share of articles that can be read."""
    day = f"when it was added on {today}"
    if candidate.kind is not Kind.SITEMAP:
        noun = "links to articles" if candidate.kind is Kind.LISTING else "items"
        least = max(1, int(candidate.entries * readable / 2))
        return least, f"It had {candidate.entries} {noun} {day}; fewer than half of the readable ones: it has changed."
    # sites rest at weekends, and a sitemap then tells of very little
    least = int(candidate.recent * readable / 4) if candidate.recent >= 8 else 0
    return least, f"It told of {candidate.recent} pages of three days {day}; on quiet days it may be a quarter of that."


def _ages(leads: Iterable[Lead], now: dt.datetime) -> dict[str, Any]:
    known = [lead.published_at for lead in leads if lead.published_at is not None]
    newest = max(known, default=None)
    return {
        "recent": sum(moment >= now - RECENT for moment in known),
        "newest": newest,
        "asleep": newest is not None and newest < now - FRESH,
    }


def _newest_first(leads: Iterable[Lead]) -> tuple[Lead, ...]:
    return tuple(sorted(leads, key=lambda lead: lead.published_at or dt.datetime.min, reverse=True))


def _most(values: Iterable[str | None]) -> str | None:
    """The most frequent of the values that there are."""
    counts = Counter(value for value in values if value)
    return counts.most_common(1)[0][0] if counts else None
