"""What a page says of itself: title, byline, date, language, canonical address.

What belongs here: the choice between JSON-LD, meta tags and marked elements of a page, its language and addresses.
What does not: the page's body (pages), how headlines are told (titles), dates found (datelines) and authors (authors).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml import html

from sources.formats.authors import byline_of
from sources.formats.bylines import unescaped
from sources.formats.datelines import Source, numeric_dates, publication
from sources.formats.language import declared_language
from sources.formats.linked import Linked, read_linked
from sources.formats.metatags import meta_tags
from sources.formats.text import line
from sources.formats.times import Reading
from sources.formats.titles import choose_title
from sources.urls import is_web

_TITLES: Final = (
    "og:title",
    "twitter:title",
    "dc.title",
    "dcterms.title",
    "parsely-title",
    "sailthru.title",
    "headline",
)
_SITES: Final = ("og:site_name", "application-name", "apple-mobile-web-app-title", "twitter:site", "dc.publisher")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page says; each None when it does not.

    `published_at` is naive UTC; where that would be another day than the page states, it is the stated day's midnight.
    `date_unread` when the page gives dates and none can be read; `site` is the outlet's name.
    """

    title: str | None
    byline: str | None
    published_at: dt.datetime | None
    date_unread: str | None
    language: str | None
    canonical: str | None
    site: str | None = None


@dataclass(frozen=True, slots=True)
class About:
    """The metadata of a page, with what the reader of its body can use: its JSON-LD and the headline's element."""

    metadata: Metadata
    linked: Linked
    meta: dict[str, str]
    heading: html.HtmlElement | None


def read_metadata(tree: html.HtmlElement, url: str, fetched_at: dt.datetime) -> About:
    """JSON-LD first, then meta tags, then elements marked as such, then what readers see.

    `url` is the page's address (for relative ones and for a check of the canonical), `fetched_at` naive UTC.
    """
    meta = _meta(tree)
    named = line(next((element.text_content() for element in tree.iter("title")), None))
    social = unescaped(meta.get("og:title")) or named
    linked = read_linked(tree, social)
    declared = [*linked.headlines, *(meta.get(name) for name in _TITLES)]
    sites = [*(meta.get(name) for name in _SITES), *linked.outlets]
    canonical = _canonical(tree, meta, url)
    address = url if is_web(url) else canonical or ""
    title, heading = choose_title(tree, map(unescaped, [*declared, named]), map(unescaped, sites), address)

    tag = tree.get("lang") or tree.get("xml:lang") or linked.language or meta.get("og:locale")
    language = (
        declared_language(linked.language)
        or declared_language(tree.get("lang") or tree.get("xml:lang"))
        or declared_language(meta.get("og:locale") or meta.get("content-language") or meta.get("dc.language"))
    )
    reading = Reading(fetched_at, numeric_dates(tree, tag, language, address), language)
    stated, unread = publication(Source(tree, linked.published, meta, heading, address), reading)
    return About(
        Metadata(
            title=title,
            byline=byline_of(tree, linked.authors, heading, sites),
            published_at=stated.stored if stated else None,
            date_unread=unread,
            language=language,
            canonical=canonical,
            site=next(filter(None, map(line, map(unescaped, sites))), None),
        ),
        linked,
        meta,
        heading,
    )


def _meta(tree: html.HtmlElement) -> dict[str, str]:
    """The first tag of each name."""
    out: dict[str, str] = {}
    for _, key, content in meta_tags(tree):
        out.setdefault(key, content)
    return out


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
