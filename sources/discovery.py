"""What a site offers to a reader of news: its feeds and sitemaps found, tried, ranked, and five articles read.

What belongs here: where to look, in which order, and how much to ask for.
What does not: sockets (the caller brings `get`), what is better than what (candidates), reading formats (formats), and
the catalogue with its entry (the caller).

    discover(url, get) -> Discovery
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from sources.archive import Capture, Origin, Role
from sources.box import BoxBroken
from sources.candidates import Candidate, Lead, Rank, from_feed, from_page, from_sitemap, rating
from sources.catalog import Kind
from sources.formats.drafts import Draft, draft_file
from sources.formats.feeds import Feed, parse_feed
from sources.formats.language import declared_language, detect
from sources.formats.listings import PageLinks, page_links, same_site
from sources.formats.sitemaps import Sitemap, parse_sitemap
from sources.formats.text import count_words, line
from sources.formats.times import utc_now
from sources.http import FetchError, Response
from sources.log import Reason
from sources.urls import canonical_url

LIMIT: Final = 25  # requests in all
SHOWN: Final = 5  # articles that are read

_FEED_PATHS: Final = ("/feed", "/rss", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml", "/feeds")
_SITEMAP_PATHS: Final = ("/news-sitemap.xml", "/sitemap-news.xml", "/sitemap.xml", "/sitemap_index.xml")
_FEED_TYPE: Final = re.compile(r"(?:application|text)/(?:rss|atom|rdf|feed)(?:\+(?:xml|json))?")
_FEED_NAME: Final = re.compile(r"(?:^|[/._=?&-])(?:rss|atom|rdf|feeds?)(?:[/._=?&-]|\d|$)", re.IGNORECASE)
_NO_NEWS: Final = re.compile(r"\bcomments?\b|\bpodcasts?\b|/oembed", re.IGNORECASE)
_FEED_START: Final = re.compile(rb"^\W*\{|<(?:\w+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_SITEMAP_LINE: Final = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*([^\s#]+)", re.IGNORECASE | re.MULTILINE)
_MOST_FEEDS: Final = 6
_MOST_LINKED: Final = 4
_MOST_SITEMAPS: Final = 3
_MOST_CHILDREN: Final = 2
# after these the rest of the site need not be asked
_HOPELESS: Final = frozenset(
    {
        Reason.BAD_ADDRESS,
        Reason.CONNECT_FAILED,
        Reason.TIMED_OUT,
        Reason.PROTOCOL_ERROR,
        Reason.HOST_DOWN,
        Reason.HOST_BUSY,
        Reason.POSTPONED,
        Reason.PRIVATE_ADDRESS,
        Reason.ROBOTS_DISALLOWED,
        Reason.ROBOTS_UNREACHABLE,
    }
)


@dataclass(frozen=True, slots=True)
class Preview:
    """An article as a run would read it, or (`reason`) why it would not."""

    url: str | None
    title: str | None = None
    published_at: dt.datetime | None = None
    outlet: str | None = None
    language: str | None = None
    words: int = 0
    first_line: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request: what was asked for, and what it was or why it failed."""

    url: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found: candidates, the best first; articles of the best; outlet and language; every request made."""

    url: str
    candidates: tuple[Candidate, ...]
    articles: tuple[Preview, ...]
    outlet: str | None
    language: str | None
    attempts: tuple[Attempt, ...]
    broken: tuple[Attempt, ...] = ()  # feeds that the page itself names, and that cannot be used

    @property
    def best(self) -> Candidate | None:
        """What to put into the catalogue."""
        return self.candidates[0] if self.candidates else None

    @property
    def readable(self) -> int:
        """How many of the articles can be read."""
        return sum(preview.reason is None for preview in self.articles)


def _here(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(*arguments)


def discover(
    url: str,
    get: Callable[[str], Response],
    *,
    now: Callable[[], dt.datetime] = utc_now,
    call: Callable[..., Any] = _here,
    limit: int = LIMIT,
) -> Discovery:
    """Look what `url` (a site, a page of it, a feed or a sitemap) offers, with at most `limit` requests.

    `get` fetches an address or raises FetchError; `call(function, *arguments)` parses, in a box if the caller has one.
    Raises FetchError when the address itself cannot be had and nothing else is found.
    """
    search = _Search(get, now, call, limit)
    found, problem = search.candidates(url)
    if not found and problem is not None:
        raise problem
    found.sort(key=lambda one: rating(one, search.base or url, search.site_name))
    articles: list[Preview] = []
    for position, candidate in enumerate(found):
        tried = search.read(candidate)
        if any(preview.reason is None for preview in tried):
            found.insert(0, found.pop(position))
            articles = tried
            break
        articles = articles or tried
    best = found[0] if found else None
    spoken = Counter(preview.language for preview in articles if preview.language)
    language = spoken.most_common(1)[0][0] if spoken else search.language or (best.language if best else None)
    outlet = _outlet(search.site_name, best)
    return Discovery(
        url=url,
        candidates=tuple(found),
        articles=tuple(replace(preview, outlet=preview.outlet or outlet) for preview in articles),
        outlet=outlet,
        language=language,
        attempts=tuple(search.attempts),
        broken=tuple(a for a in search.attempts if a.url in search.declared and a.url not in {c.url for c in found}),
    )


class _Search:
    """One search: every request goes through here, is counted, and is made once."""

    def __init__(
        self,
        get: Callable[[str], Response],
        now: Callable[[], dt.datetime],
        call: Callable[..., Any],
        limit: int,
    ) -> None:
        self.attempts: list[Attempt] = []
        self.site_name: str | None = None
        self.base: str | None = None  # where the page was found
        self.declared: set[str] = set()  # feeds that it names
        self.language: str | None = None
        self._get = get
        self._call = call
        self._now = now()
        self._limit = limit
        self._asked: set[str] = set()
        self._gone: set[str] = set()  # hosts that cannot be reached

    # looking --------------------------------------------------------------------------------------------------------

    def candidates(self, url: str) -> tuple[list[Candidate], FetchError | None]:
        """Everything usable at and around `url`; what went wrong with the address itself."""
        problem: FetchError | None = None
        page: PageLinks | None = None
        base = url
        try:
            response = self._ask(url)
        except FetchError as error:
            if error.reason in _HOPELESS:
                return [], error
            problem = error
            self._note(url, str(error.reason))
        else:
            base = response.final_url
            direct = self._feed(url, response) or self._sitemap(url, response)
            if direct is not None:
                return [direct], None
            page = self._page(response)
            self._note(url, "a page" if page is not None and page.links else "neither page, feed nor sitemap")
        if page is not None:
            self.site_name = page.site_name
            self.language = declared_language(page.language)
        self.base = base
        found = self._feeds(base, page)
        if not any(c.rank is Rank.FULL_FEED and not c.asleep for c in found):
            found += self._sitemaps(base, guess=not found)
        if page is not None and all(c.asleep for c in found) and (listing := from_page(page, base)):
            found.append(listing)
        return found, problem

    def _feeds(self, base: str, page: PageLinks | None) -> list[Candidate]:
        """Feeds that the page declares; else those that it links to; else those at the usual places."""
        links = page.links if page is not None else ()
        declared = [
            link.url
            for link in links
            if link.in_head
            and "alternate" in link.relation
            and (_FEED_TYPE.fullmatch(link.media_type) or (link.media_type.endswith("xml") and _named_feed(link.url)))
            and not _NO_NEWS.search(f"{link.url} {link.text}")
        ]
        self.declared.update(declared[:_MOST_FEEDS])
        found = self._try_feeds(declared[:_MOST_FEEDS])
        if not any(not candidate.asleep for candidate in found):
            linked = [link.url for link in links if not link.in_head and _named_feed(link.url)]
            linked = [address for address in linked if same_site(address, base) and not _NO_NEWS.search(address)]
            found += self._try_feeds(linked[:_MOST_LINKED], deeper=True)
        if not found:
            found += self._try_feeds((urljoin(base, path) for path in _FEED_PATHS), first=True)
        return found

    def _try_feeds(self, addresses: Iterable[str], *, deeper: bool = False, first: bool = False) -> list[Candidate]:
        """The feeds among `addresses`; `deeper`: also those that a page about feeds lists; `first`: one is enough."""
        found: list[Candidate] = []
        for address in addresses:
            response = self._try(address)
            if response is None:
                continue
            candidate = self._feed(address, response) or self._sitemap(address, response)
            if candidate is not None:
                found.append(candidate)
                if first and candidate.kind is Kind.FEED:
                    break
                continue
            page = self._page(response)
            named = [link.url for link in page.links if _named_feed(link.url)] if page is not None else []
            self._note(address, "no feed" if not named else "a page with links to feeds")
            if deeper and named:
                near = [link for link in named if same_site(link, address) and not _NO_NEWS.search(link)]
                found += self._try_feeds(near[:_MOST_LINKED])
        return found

    def _sitemaps(self, base: str, *, guess: bool) -> list[Candidate]:
        """Sitemaps that robots.txt names; `guess`: else those at the usual places."""
        robots = self._try(urljoin(base, "/robots.txt"))
        named: list[str] = []
        if robots is not None:
            rules = robots.content[:500_000].decode("utf-8", "replace")
            named = [urljoin(base, address) for address in _SITEMAP_LINE.findall(rules)]
            self._note(urljoin(base, "/robots.txt"), f"names {len(named)} sitemaps")
        named.sort(key=lambda address: "news" not in address.casefold())
        found = [c for address in named[:_MOST_SITEMAPS] if (c := self._try_sitemap(address))]
        if not found and guess:
            for path in _SITEMAP_PATHS:
                if candidate := self._try_sitemap(urljoin(base, path)):
                    return [candidate]
        return found

    def _try_sitemap(self, address: str) -> Candidate | None:
        response = self._try(address)
        if response is None:
            return None
        self._note(address, "no sitemap")
        return self._sitemap(address, response)

    # judging --------------------------------------------------------------------------------------------------------

    def _feed(self, url: str, response: Response) -> Candidate | None:
        if not _FEED_START.search(response.content[:10_000]):  # a large page keeps a feed parser busy for minutes
            return None
        feed: Feed | None = self._parsed(
            parse_feed, response.content, response.final_url, response.content_type, self._now
        )
        if feed is None:
            return None
        self._note(url, f"a feed of {len(feed.items)} items")
        return from_feed(feed, url, self._now) if feed.items else None

    def _sitemap(self, url: str, response: Response, *, child: bool = False) -> Candidate | None:
        """A sitemap; of an index, what its most promising children hold."""
        sitemap: Sitemap | None = self._parsed(parse_sitemap, response.content, response.final_url, self._now)
        if sitemap is None:
            return None
        self._note(url, f"a sitemap of {len(sitemap.pages)} pages and {len(sitemap.children)} sitemaps")
        if sitemap.pages:
            return from_sitemap(sitemap.pages, url, self._now)
        if child:
            return None
        children = sorted(sitemap.children, key=lambda one: one.lastmod or dt.datetime.min, reverse=True)
        children.sort(key=lambda one: "news" not in one.url.casefold())
        for one in children[:_MOST_CHILDREN]:
            answer = self._try(one.url)
            candidate = self._sitemap(one.url, answer, child=True) if answer is not None else None
            if candidate is not None:
                # names of other children come and go with the months; the index stays
                lasting = candidate.rank is Rank.NEWS_SITEMAP and not re.search(r"\d{4}", urlsplit(one.url).path)
                return candidate if lasting else replace(candidate, url=url)
        return None

    # reading --------------------------------------------------------------------------------------------------------

    def read(self, candidate: Candidate) -> list[Preview]:
        """The first articles of a candidate as a run would read them."""
        return [self._preview(candidate, lead) for lead in candidate.leads[:SHOWN]]

    def _preview(self, candidate: Candidate, lead: Lead) -> Preview:
        if lead.item is not None:
            text = lead.item.text or lead.item.summary
            if text is None:
                return Preview(lead.url, lead.title, lead.published_at, reason=str(Reason.EMPTY))
            return self._shown(Preview(lead.url, lead.title, lead.published_at), text, lead.item.language)
        if lead.url is None:
            return Preview(None, lead.title, lead.published_at, reason=str(Reason.EMPTY))
        try:
            response = self._ask(lead.url)
        except FetchError as error:
            self._note(lead.url, str(error.reason))
            return Preview(lead.url, lead.title, lead.published_at, reason=str(error.reason))
        capture = Capture(
            day=self._now.date(),
            origin=Origin("preview", candidate.kind, None, candidate.language),
            role=Role.PAGE,
            url=lead.url,
            sha256="",
            bytes=len(response.content),
            fetched_at=self._now,
            content_type=response.content_type,
            final_url=response.final_url,
        )
        draft = self._parsed(draft_file, capture, response.content)
        if self.site_name is None and (page := self._page(response)):
            self.site_name = page.site_name
        if not isinstance(draft, Draft):
            reason = Reason.PARSER_FAILED if draft is None else draft.reason
            self._note(lead.url, str(reason))
            return Preview(lead.url, lead.title, lead.published_at, reason=str(reason))
        self._note(lead.url, "an article")
        known = Preview(
            lead.url, lead.title or draft.title, draft.published_at or lead.published_at, line(draft.outlet)
        )
        if candidate.rank in (Rank.LISTING, Rank.SITEMAP):  # the words of a link are no title
            known = replace(known, title=draft.title or lead.title)
        return self._shown(known, draft.text, draft.language)

    def _shown(self, known: Preview, text: str, language: str | None) -> Preview:
        first = next((found for raw in text.split("\n") if (found := line(raw))), None)
        if first is None:
            return replace(known, reason=str(Reason.EMPTY))
        return replace(known, words=count_words(text), first_line=first, language=detect(text, language))

    # asking ---------------------------------------------------------------------------------------------------------

    def _ask(self, url: str) -> Response:
        """The answer to a request that is counted.  Raises FetchError, POSTPONED when there have been enough."""
        if len(self.attempts) >= self._limit:
            raise FetchError(Reason.POSTPONED, f"enough: {self._limit} requests have been made")
        self.attempts.append(Attempt(url, ""))
        self._asked.add(canonical_url(url))
        return self._get(url)

    def _try(self, url: str) -> Response | None:
        """The answer, or None: it was asked for before, there were requests enough, or it failed."""
        host = urlsplit(url).netloc
        looking = self._limit - SHOWN
        if canonical_url(url) in self._asked or host in self._gone or len(self.attempts) >= looking:
            return None
        try:
            return self._ask(url)
        except FetchError as error:
            self._note(url, str(error.reason))
            if error.reason in _HOPELESS and error.reason is not Reason.ROBOTS_DISALLOWED:
                self._gone.add(host)
            return None

    def _note(self, url: str, outcome: str) -> None:
        for position in range(len(self.attempts) - 1, -1, -1):
            if self.attempts[position].url == url:
                self.attempts[position] = Attempt(url, outcome)
                return

    def _page(self, response: Response) -> PageLinks | None:
        page: PageLinks | None = self._parsed(page_links, response.content, response.final_url)
        return page

    def _parsed(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """What a parser makes of foreign bytes; None when they are not for it, or break it."""
        try:
            return self._call(function, *arguments)
        except BoxBroken:
            raise
        except Exception:
            return None


def _named_feed(url: str) -> bool:
    parts = urlsplit(url)
    return bool(_FEED_NAME.search(f"{parts.path}?{parts.query}" if parts.query else parts.path))


def _outlet(site_name: str | None, best: Candidate | None) -> str | None:
    if site_name or best is None:
        return site_name
    return best.outlet or urlsplit(best.url).hostname
