"""What a page says of itself: title, byline, date, language, canonical address.

What belongs here: JSON-LD, meta tags and marked elements of a page.  What does not: its body (pages, markup), and
guesses: a year in a copyright line is no date of publication.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from html import unescape
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from lxml import html

from sources.formats.language import declared_language
from sources.formats.text import line
from sources.formats.times import AHEAD, parse_time
from sources.urls import is_web

_ARTICLE_TYPES: Final = re.compile(r"(?:\w*Article|Report|BlogPosting|LiveBlogPosting|WebPage)")
_DATES: Final = (
    "article:published_time", "og:published_time", "datepublished", "date", "dc.date", "dc.date.issued",
    "dcterms.created", "dcterms.date", "dcterms.issued", "pubdate", "publishdate", "publish-date", "publication_date",
    "parsely-pub-date", "sailthru.date", "citation_publication_date", "article.published",
)  # fmt: skip
_AUTHORS: Final = (
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
)
_TITLES: Final = ("og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title", "sailthru.title")
_LEAD: Final = re.compile(r"^(?:written |posted |reported |story )?by:?\s+", re.IGNORECASE)
_NO_NAME: Final = re.compile(
    r"https?:|www\.|^@|^\W*$|^(?:admin|administrator|editor|webmaster|unknown|null|none)$", re.IGNORECASE
)
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_MAX_BYLINE: Final = 200


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page says; each None when it does not.  `date_unread` when it gives dates and none can be read."""

    title: str | None
    byline: str | None
    published_at: dt.datetime | None
    date_unread: str | None
    language: str | None
    canonical: str | None


def read_metadata(tree: html.HtmlElement, url: str, fetched_at: dt.datetime) -> Metadata:
    """JSON-LD first, then meta tags, then elements marked as such, then what trafilatura finds.

    `url` is the page's address (for relative ones and for a check of the canonical), `fetched_at` naive UTC.
    """
    linked = _linked_data(tree)
    meta = _meta(tree)
    fallback = _fallback(tree, fetched_at)

    published, unread = None, None
    for raw in _dates(tree, linked, meta):
        published = parse_time(raw, fetched_at)
        if published is not None:
            break
        unread = unread or str(raw)[:100]
    if published is None and fallback.date:
        published = parse_time(fallback.date, fetched_at)

    site = line(meta.get("og:site_name"))
    titles = [
        linked.get("headline"),
        *(meta.get(name) for name in _TITLES),
        _heading(tree),
        fallback.title,
        _title(tree),
    ]
    title = next((t for t in (line(_unescaped(t)) for t in titles if isinstance(t, str)) if t), None)
    authors = [_names(linked.get("author")), *(meta.get(name) for name in _AUTHORS), fallback.author]
    return Metadata(
        title=_without_site(title, site) if title else None,
        byline=next((b for b in (clean_byline(a) for a in authors) if b), None),
        published_at=published,
        date_unread=unread if published is None else None,
        language=declared_language(linked.get("inLanguage"))
        or declared_language(tree.get("lang") or tree.get("xml:lang"))
        or declared_language(meta.get("og:locale") or meta.get("content-language")),
        canonical=_canonical(tree, meta, url),
    )


def clean_byline(value: object) -> str | None:
    """Names only: no "By", no mail or web addresses, no account names; None when nothing is left."""
    text = line(_unescaped(value)) if isinstance(value, str) else None
    if text is None:
        return None
    text = _LEAD.sub("", _MAIL.sub("", text))
    names = [name.strip(" ,;|()<>") for name in re.split(r"\s*[;|]\s*", text)]
    names = [name for name in dict.fromkeys(names) if name and not _NO_NAME.search(name)]
    byline = "; ".join(names)
    return byline if byline and len(byline) <= _MAX_BYLINE else None


def _unescaped(text: str) -> str:
    """Feeds and meta tags are often escaped once too often, and carry tags."""
    return re.sub(r"</?[a-zA-Z][^<>]*>", "", unescape(text))


def _linked_data(tree: html.HtmlElement) -> dict[str, Any]:
    """The first JSON-LD object that describes an article, or {}."""
    pages: list[dict[str, Any]] = []
    for script in tree.xpath("//script[contains(@type, 'ld+json')]"):
        try:
            data = json.loads((script.text or "").strip().removesuffix(";"), strict=False)
        except (ValueError, RecursionError):
            continue
        for thing in _things(data):
            kinds = thing.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(kind, str) and _ARTICLE_TYPES.fullmatch(kind) for kind in kinds):
                if "WebPage" not in kinds:
                    return thing
                pages.append(thing)
    return pages[0] if pages else {}


def _things(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for item in data:
            yield from _things(item)
    elif isinstance(data, dict):
        yield data
        yield from _things(data.get("@graph") or [])
        yield from _things(data.get("mainEntity") or [])


def _names(author: Any) -> str | None:
    if isinstance(author, str):
        return author
    if isinstance(author, dict):
        return _names(author.get("name"))
    if isinstance(author, list):
        return "; ".join(filter(None, map(_names, author))) or None
    return None


def _meta(tree: html.HtmlElement) -> dict[str, str]:
    out: dict[str, str] = {}
    for element in tree.iter("meta"):
        key = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        content = element.get("content")
        if key and content and content.strip():
            out.setdefault(key.strip().casefold(), content)
    return out


def _dates(tree: html.HtmlElement, linked: dict[str, Any], meta: dict[str, str]) -> Iterator[object]:
    if linked.get("datePublished"):
        yield linked["datePublished"]
    for name in _DATES:
        if name in meta:
            yield meta[name]
    for path in (
        "//*[@itemprop='datePublished']",
        "//time[@pubdate]",
        "//article//time[@datetime][not(ancestor::aside)]",
        "//header//time[@datetime]",
        "//main//time[@datetime][not(ancestor::aside)]",
    ):
        for element in tree.xpath(path)[:1]:
            yield element.get("datetime") or element.get("content") or line(element.text_content())


@dataclass(frozen=True, slots=True)
class _Found:
    title: str | None = None
    author: str | None = None
    date: str | None = None


def _fallback(tree: html.HtmlElement, fetched_at: dt.datetime) -> _Found:
    """What trafilatura finds in less usual markup; its date search is kept to markup and to the time of fetching."""
    from trafilatura.metadata import extract_metadata

    dates = {
        "original_date": True,
        "extensive_search": False,
        "max_date": (fetched_at + AHEAD).strftime("%Y-%m-%d"),
    }
    found = extract_metadata(deepcopy(tree), None, dates, True, None)
    return _Found(found.title, found.author, found.date) if found else _Found()


def _heading(tree: html.HtmlElement) -> str | None:
    """The only first-rank heading; several of them are sections."""
    headings = tree.xpath("//article//h1") or tree.xpath("//h1")
    return str(headings[0].text_content()) if len(headings) == 1 else None


def _title(tree: html.HtmlElement) -> str | None:
    return next((str(element.text_content()) for element in tree.iter("title")), None)


def _without_site(title: str, site: str | None) -> str:
    """A title without the site's own name at its end."""
    if site:
        short = re.sub(rf"\s+(?:[|–—-]|::)\s+{re.escape(site)}$", "", title, flags=re.IGNORECASE)
        return short or title
    return title


def _canonical(tree: html.HtmlElement, meta: dict[str, str], url: str) -> str | None:
    """The page's own word on its address, if believable.

    A front page or another site's address is not: templates name the front page by mistake, and a text that another
    outlet has taken over is that outlet's article.
    """
    links: list[str] = tree.xpath("//link[translate(@rel, 'CANOIL', 'canoil')='canonical']/@href")
    for candidate in [*links[:1], meta.get("og:url")]:
        if not candidate or not candidate.strip():
            continue
        try:
            absolute = urljoin(url, candidate.strip()) if is_web(url) else candidate.strip()
        except ValueError:
            continue
        if is_web(absolute) and urlsplit(absolute).path.strip("/") and (not is_web(url) or _same_site(absolute, url)):
            return absolute
    return None


def _same_site(one: str, other: str) -> bool:
    hosts = [re.sub(r"^(?:www|m|mobile|amp)\.", "", urlsplit(url).hostname or "") for url in (one, other)]
    return hosts[0] == hosts[1]
