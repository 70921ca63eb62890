"""When a page was published, by its own word.

What belongs here: the places in which a page states its date, in the order of their worth; marked elements and
addresses.  What does not: reading a date (times), the line that readers see (visible), and dates that the article tells
about (extraction).

Data for machines come first, then marked elements, then the line under the headline, then the address.  A date of
change is no date of publication; it stands in only where a visible line gives nothing else.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal
from urllib.parse import urlsplit

from lxml import html

from sources.formats.beside import Surroundings, names, up
from sources.formats.text import line
from sources.formats.times import Order, Reading, Stated, numeric_order
from sources.formats.visible import dateline_of, label, visible_date

_META: Final = (
    "article:published_time", "og:article:published_time", "og:published_time", "og:pubdate", "datepublished",
    "date.published", "publish-date", "publish_date", "publishdate", "published", "published-date",
    "published_date", "publication-date", "publication_date", "publicationdate", "pubdate", "pub_date",
    "dc.date.issued", "dcterms.issued", "dcterms.available", "dc.date.published", "parsely-pub-date",
    "sailthru.date", "article.published", "article:published", "article_date_original", "article-published",
    "cxenseparse:recs:publishtime", "bt:pubdate", "rnews:datepublished", "prism.publicationdate",
    "citation_publication_date", "citation_date", "originalpublicationdate", "iso-8601-publish-date",
    "release_date", "releasedate", "shareaholic:article_published_time", "dc.date", "dcterms.date",
    "dcterms.created", "dc.date.created", "date", "cdate", "displaydate", "article:post_date",
)  # fmt: skip
_PUBLISHED_NAME: Final = re.compile(
    r"(?:^|[\s_-])(?:published|pubdate|pub-date|publish(?:ed)?-?(?:date|time|on)?|publication-?date|posted-?(?:on|date)?"
    r"|entry-date|post-?(?:date|time)|article-?(?:date|time)|story-?date|news-?date|date-?published|dt-published|date|dateline"
    r"|datetime|timestamp|created|meta-?date|published-?at|release-?date|fecha|datum)(?:$|[\s_-])"
)
_CHANGED_NAME: Final = re.compile(r"updat|modif|revis|last-?edit|changed")
_TEXT: Final = 160  # characters of an element's text that may be a date
_IN_PATH: Final = re.compile(
    r"/((?:19|20)\d\d)(?:/[a-z][a-z_-]{3,24})?[/-](0[1-9]|1[0-2]|[1-9]|[a-z]{3})[/-](0[1-9]|[12]\d|3[01]|[1-9])(?=[/_.-]|$)"
)
_IN_NAME: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?!\d)")
# "envoys-meet-04-06-24", read only where the order is known
_AT_END: Final = re.compile(r"[^\W\d]-([0-3]\d-[0-3]\d-(?:20)?\d\d)(?:\.\w{2,5})?/?$")
# countries whose English pages write the day first
_DAY_FIRST: Final = frozenset(
    "uk au nz ie in pk bd lk za ng ke gh ug tz zm zw mt cy sg my hk eu il jm tt bw na rw mw fj".split()
)
_MACHINE: Final = re.compile(r"(?:19|20)\d\d-\d\d-\d\d|1\d{9}")
_UTC: Final = re.compile(r"\d ?(?:Z|UTC|GMT|[+-]00:?00)$")
# zones of the earth: how far behind UTC and ahead of it, and by what they differ
_WEST: Final = dt.timedelta(hours=12)
_EAST: Final = dt.timedelta(hours=14)
_QUARTER: Final = dt.timedelta(minutes=15)
_DAY: Final = dt.timedelta(days=1)
_MONTH_FIRST_LANGUAGES: Final = frozenset(("en", "ja", "zh", "ko", "tl"))


@dataclass(frozen=True, slots=True)
class Source:
    """What the search looks at."""

    tree: html.HtmlElement
    linked: tuple[str, ...]
    meta: dict[str, str]
    heading: html.HtmlElement | None
    url: str


def publication(source: Source, reading: Reading) -> tuple[Stated | None, str | None]:
    """(the date of publication, the first date that could not be read if none could)."""
    unread: str | None = None
    path = _path_date(source.url, reading)
    marked: list[Stated] = []
    in_utc: set[Stated] = set()
    for raw in filter(None, _marked(source)):
        stated = reading.read(raw)
        if stated is None:
            unread = unread or str(raw)[:100]
        else:
            marked.append(stated)
            if _UTC.search(str(raw).strip()):
                in_utc.add(stated)
    if marked:
        best = marked[0]
        if path is not None and abs((best.day - path.day).days) > 1:
            # moved pages have new dates in their data; believed is the address, if anything on the page agrees with it
            shown = visible_date(source.tree, source.heading, reading)
            agreeing = [stated for stated in (*marked, shown) if stated and stated.day == path.day]
            best = agreeing[0] if agreeing else best
        timed = [stated for stated in marked if stated.day == best.day and stated.timed]
        best = timed[0] if timed and not best.timed else best
        return (_as_shown(best, source, reading) if best in in_utc else best), None
    shown = visible_date(source.tree, source.heading, reading)
    # of a page that was changed or moved the address keeps the first day
    if shown is not None and path is not None and abs((shown.day - path.day).days) > 3:
        shown = None
    stated = shown or path or _name_date(source.url, reading)
    return stated, (None if stated else unread)


def _as_shown(stated: Stated, source: Source, reading: Reading) -> Stated:
    """A moment in UTC on the day that the page's readers see, where their clock is on the day before or after."""
    shown = dateline_of(source.tree, source.heading, reading) if source.heading is not None and stated.timed else None
    if shown is None or abs(shown.day - stated.day) != dt.timedelta(days=1):
        return stated
    apart = shown.moment.replace(second=0, microsecond=0) - stated.moment.replace(second=0, microsecond=0)
    if shown.timed:
        same = apart % _QUARTER == dt.timedelta() and -_WEST <= apart <= _EAST
    else:
        midnight = dt.datetime.combine(stated.day, dt.time())
        same = stated.moment - midnight < _WEST if shown.day < stated.day else stated.moment - midnight >= _DAY - _EAST
    return replace(stated, day=shown.day) if same else stated


def numeric_dates(tree: html.HtmlElement, tag: str | None, language: str | None, url: str) -> Order | None:
    """How the page writes numeric dates: by its language and country, or by dates that can be read in one way only."""
    if language is not None and language not in _MONTH_FIRST_LANGUAGES:
        return "dmy"
    proven = numeric_order(" ".join(tree.itertext("time", "span", "p", "div", "td", "li", "small"))[:200_000])
    if proven is not None:
        return proven
    country = (tag or "").replace("_", "-").partition("-")[2].casefold()
    host = (urlsplit(url).hostname or "").rpartition(".")[2] if "//" in url else ""
    if host in _DAY_FIRST or country in {"gb", *_DAY_FIRST}:
        return "dmy"
    return "mdy" if country == "us" or host in ("us", "mil") else None


def _marked(source: Source) -> Iterator[object]:
    yield from source.linked
    for name in _META:
        if name in source.meta:
            yield source.meta[name]
    tree = source.tree
    scene = Surroundings(source.heading)
    marked = tree.xpath("//*[@itemprop='datePublished' or @property='datePublished' or @pubdate]")[:40]
    times = [t for t in list(tree.iter("time"))[:200] if not _is_change(t)]
    named = [e for e in (*marked, *(t for t in times if _PUBLISHED_NAME.search(names(t)))) if not scene.has_beside(e)]
    own = [t for t in times if not scene.has_beside(t)]
    inside = [t for t in own if _holder(t, scene.around) == "article"]
    # those called published before others, but what is close to the headline before what is far
    yield from (_value(element) for element in _ordered([*named, *inside], source.heading)[:4])
    lone = [t for t in own if _holder(t, scene.around) is None]
    if len({_value(t) for t in lone}) == 1:
        yield _value(lone[0])
    for element in tree.xpath("//abbr[contains(@class, 'published')]")[:1]:
        yield element.get("title") or line(element.text_content())


def _ordered(times: list[html.HtmlElement], heading: html.HtmlElement | None) -> list[html.HtmlElement]:
    """Those that share the headline's nearest ancestors first; otherwise in their order."""
    if heading is None or not times:
        return times
    near = {ancestor: depth for depth, ancestor in enumerate(up(heading, 8))}
    return sorted(times, key=lambda t: min((near[a] for a in up(t, 12) if a in near), default=99))


def _value(element: html.HtmlElement) -> str | None:
    said = element.get("datetime") or element.get("content")
    kept = (v for name, v in element.items() if (name.startswith("data-") or name == "title") and _MACHINE.match(v))
    # "4 hours ago", with the moment in an attribute for the page's own code
    return said or next(kept, None) or line(element.text_content()[:_TEXT])


def _holder(element: html.HtmlElement, around: frozenset[html.HtmlElement]) -> Literal["article", "site"] | None:
    """What an element stands in: the article, the site's own header (a clock stands there), or nothing that tells."""
    holder = next(element.iterancestors("article", "main", "header"), None)
    if holder is None:
        return None
    if holder.tag != "header" or holder in around:
        return "article"
    return _holder(holder, around) or "site"


def _is_change(element: html.HtmlElement) -> bool:
    called = " ".join(names(e) for e in (element, *up(element, 1)))
    if _CHANGED_NAME.search(called) and not _PUBLISHED_NAME.search(names(element)):
        return True
    before = element.getprevious()
    lead = (before.tail or before.text or "") if before is not None else (element.getparent().text or "")
    return bool(label("changed").search(lead[-40:]))


def _path_date(url: str, reading: Reading) -> Stated | None:
    """The day in an address such as /2021/12/06/ or /2021-12-06-envoys; None when there is none."""
    try:
        path = urlsplit(url).path.casefold() if "//" in url else ""
    except ValueError:
        return None
    match = _IN_PATH.search(path) or _IN_NAME.search(path)
    if match is None:
        return None
    year, month, day = match.groups()
    if month.isdigit():
        return reading.read(f"{year}-{int(month):02}-{int(day):02}")
    return reading.read(f"{int(day)} {month} {year}")


def _name_date(url: str, reading: Reading) -> Stated | None:
    """The day, written as the page's language writes it, that an address ends with."""
    match = _AT_END.search(url.partition("?")[0])
    return reading.read(match[1]) if match is not None else None
