"""What a page says of itself: title, byline, date, language, canonical address.

What belongs here: the choice between JSON-LD, meta tags and marked elements of a page, and its bylines, languages and
addresses.  What does not: the page's body (pages), how headlines are told (titles) and dates found (datelines).
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Final
from urllib.parse import urljoin, urlsplit

from lxml import html

from sources.formats.datelines import Source, numeric_dates, publication
from sources.formats.language import declared_language
from sources.formats.linked import Linked, read_linked
from sources.formats.text import line
from sources.formats.times import Reading
from sources.formats.titles import choose_title
from sources.urls import is_web

_AUTHORS: Final = (
    "author",
    "article:author",
    "article:author_name",
    "dc.creator",
    "dcterms.creator",
    "parsely-author",
    "sailthru.author",
    "byl",
    "authors",
    "citation_author",
)
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
_LEAD: Final = re.compile(
    r"^(?:(?:written|posted|reported|story|text|analysis|published|words|opinion)\s+)?(?:by|von|par|por|di|door|av|af)\b:?\s+"
    r"|^(?:author|authors|autor|autorin|auteur|autore|автор|reporter|text)\s*:\s*",
    re.IGNORECASE,
)
_NO_NAME: Final = re.compile(
    r"https?:|www\.|^@|^\W*$|^(?:admin|administrator|editor|webmaster|unknown|null|none|staff|redaktion|redaction|author"
    r"|undefined|root|user)$"
    r"|\d{4}|\b(?:GmbH|Inc|Ltd|LLC)\b|\bmin(?:ute)?s? read\b|^\d+$|^(?:published|updated|posted)\b",
    re.IGNORECASE,
)
_MAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}")
_BYLINE: Final = re.compile(r"(?:by|von|par|por|di|door)\b:?\s+[^.!?]{2,100}", re.IGNORECASE)
_MAX_BYLINE: Final = 200
_MARKED_AUTHOR: Final = re.compile(
    r"(?:^|[\s_-])(?:byline|by-line|author|authors|author-?name|writer|reporter|contributor|vcard)(?:$|[\s_-])"
)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the page says; each None when it does not.

    `published_at` is naive UTC; where that would be another day than the page states, it is the stated day's midnight.
    `date_unread` when the page gives dates and none can be read.
    """

    title: str | None
    byline: str | None
    published_at: dt.datetime | None
    date_unread: str | None
    language: str | None
    canonical: str | None


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
    social = _unescaped(meta.get("og:title")) or named
    linked = read_linked(tree, social)
    declared = [*linked.headlines, *(meta.get(name) for name in _TITLES)]
    sites = [*(meta.get(name) for name in _SITES), *linked.outlets]
    canonical = _canonical(tree, meta, url)
    address = url if is_web(url) else canonical or ""
    title, heading = choose_title(tree, map(_unescaped, [*declared, named]), map(_unescaped, sites), address)

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
            byline=next(_bylines(tree, linked, meta, heading, sites), None),
            published_at=stated.stored if stated else None,
            date_unread=unread,
            language=language,
            canonical=canonical,
        ),
        linked,
        meta,
        heading,
    )


def clean_byline(value: object) -> str | None:
    """Names only: no "By", no mail or web addresses, no account names; None when nothing is left."""
    text = line(_unescaped(value))
    if text is None:
        return None
    text = _LEAD.sub("", _MAIL.sub("", text))
    text = re.sub(r"(?<=[\w.])\s\([\w,/. -]{0,20}\)(?=$|[;|·•,])", "", text)  # initials of an editor, an agency
    names = [name.strip(" ,;|()<>·•") for name in re.split(r"\s*[;|·•]\s*", text)]
    names = [name for name in dict.fromkeys(names) if name and not _NO_NAME.search(name)]
    byline = "; ".join(names)
    return byline if byline and len(byline) <= _MAX_BYLINE else None


def _unescaped(text: object) -> str | None:
    """Feeds and meta tags are often escaped once too often, and carry tags."""
    return re.sub(r"</?[a-zA-Z][^<>]{0,500}>", "", unescape(text)) if isinstance(text, str) else None


def _bylines(
    tree: html.HtmlElement,
    linked: Linked,
    meta: dict[str, str],
    heading: html.HtmlElement | None,
    sites: list[str | None],
) -> Iterator[str]:
    """Bylines, best first: data, then elements marked as the author's."""
    outlets = {site.casefold() for site in map(line, sites) if site}
    shown = list(_marked_authors(tree))
    for value in ("; ".join(linked.authors), *(meta.get(name) for name in _AUTHORS), *shown):
        byline = clean_byline(value)
        if byline and byline.casefold() not in outlets:
            yield byline


def _marked_authors(tree: html.HtmlElement) -> Iterator[str]:
    named: list[str] = []
    for element in itertools.islice(tree.xpath("//*[@itemprop='author' or @rel='author']"), 8):
        inner = next((e for e in element.iterdescendants() if e.get("itemprop") == "name"), element)
        name = line(str(inner.get("content") or inner.text_content())[:200])
        if name and len(name) <= 80 and not _aside(element):
            named.append(name)
    if named:
        yield "; ".join(dict.fromkeys(named))
    for element in tree.iter("div", "span", "p", "a", "address", "li", "h4", "strong", "em", "cite"):
        called = f"{element.get('class') or ''} {element.get('id') or ''}".casefold()
        if called == " " or not _MARKED_AUTHOR.search(called) or _aside(element):
            continue
        text = line(str(element.text_content())[:400])
        if text and len(text) <= 120 and (_BYLINE.match(text) or len(text.split()) <= 5):
            yield text
            return


def _aside(element: html.HtmlElement) -> bool:
    return next(element.iterancestors("aside", "nav", "footer"), None) is not None


def _meta(tree: html.HtmlElement) -> dict[str, str]:
    out: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = element.get("content")
        if not content or not content.strip():
            continue
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            key = element.get(attribute)
            if key:
                key = re.sub(r"^(dc|dcterms):", r"\1.", key.strip().casefold())
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
