"""Captured bytes → drafts: what an article will be made of, or a reason why not.

What belongs here: one function a kind of content, each yielding a `Draft` or a `Refusal` per input.
What does not: ids, languages and the log (articles), and reading markup or feeds (pages, feeds).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import Message
from typing import Any, Final
from urllib.parse import urlsplit

from sources.archive import Capture
from sources.formats.bylines import clean_byline
from sources.formats.charsets import BinaryContent, Decoded, decode
from sources.formats.feeds import Item
from sources.formats.language import declared_language
from sources.formats.pages import read_page
from sources.formats.text import line
from sources.formats.times import read_time
from sources.log import Reason
from sources.urls import canonical_url, is_web, masked, without_secrets

Warnings = tuple[tuple[Reason, str | None], ...]

PAGE_SUFFIXES: Final = (".html", ".htm")
_PAGE_TYPES: Final = ("text/html", "application/xhtml+xml", None)  # others are pages when they look like one
_META_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_PAGE_LANGUAGE: Final = re.compile(rb"<html\b[^>]{0,500}?\slang\s*=\s*[\"']?\s*([A-Za-z]{2,3}\b)", re.IGNORECASE)
_CODE: Final = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)  # no address: a click would run it
_MAX_TITLE: Final = 160  # characters of a first line that can still be a headline
_MAX_TITLE_WORDS: Final = 25
_BYLINE: Final = re.compile(r"by:?\s+\S.{1,100}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of an input that looks like an article; `text` as it will be stored, bar impossible characters."""

    url: str
    canonical: str
    text: str
    title: str | None = None
    byline: str | None = None
    published_at: dt.datetime | None = None
    language: str | None = None
    outlet: str | None = None
    site: str | None = None  # the outlet's name by the page's own word
    warnings: Warnings = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why one input is no article."""

    url: str
    reason: Reason
    detail: str | None = None


def draft_file(capture: Capture, content: bytes) -> Draft | Refusal:
    """A file or page that is one article: HTML by its suffix or media type, plain text otherwise."""
    if not content.strip():
        return Refusal(capture.url, Reason.EMPTY)
    decoded = _decoded(capture, content)
    if isinstance(decoded, Refusal):
        return decoded
    return _draft_page(capture, decoded) if is_page(capture) else _draft_text(capture, decoded)


def not_a_page(capture: Capture, content: bytes) -> Refusal | None:
    """Why what came in place of a page cannot be read as one: binary data, or another type than HTML."""
    decoded = _decoded(capture, content)
    return decoded if isinstance(decoded, Refusal) else None


def _decoded(capture: Capture, content: bytes) -> Decoded | Refusal:
    media_type, charset = _content_type(capture.content_type)
    page = is_page(capture)
    head = content[:4096] if page else b""
    in_page, language = _META_CHARSET.search(head), _PAGE_LANGUAGE.search(head)
    declared = [charset, in_page[1].decode("ascii", "replace") if in_page else None]
    said = declared_language(language[1].decode("ascii")) if language else None
    try:
        decoded = decode(content, declared, said or capture.origin.language)
    except BinaryContent as error:
        return Refusal(capture.url, Reason.BINARY, str(error))
    if page and media_type not in _PAGE_TYPES and not decoded.text.lstrip().startswith("<"):
        return Refusal(capture.url, Reason.UNSUPPORTED_TYPE, media_type)
    return decoded


def is_page(capture: Capture) -> bool:
    """Whether `draft_file` will read it as HTML rather than as plain text."""
    if is_web(capture.url):
        return _content_type(capture.content_type)[0] != "text/plain"
    return capture.url.casefold().endswith(PAGE_SUFFIXES)


def _draft_page(capture: Capture, decoded: Decoded) -> Draft | Refusal:
    address = _landed(capture)
    page = read_page(decoded.text, address, capture.fetched_at)
    if page is not None and page.wall is not None:
        return Refusal(capture.url, page.wall.reason, page.wall.detail)
    if page is None or not page.text:
        return Refusal(capture.url, Reason.EMPTY, "no text in the page's body")
    said = page.metadata
    return Draft(
        url=capture.url,
        canonical=canonical_url(without_secrets(said.canonical or address)),
        text=page.text,
        title=said.title,
        byline=said.byline,
        published_at=said.published_at,
        language=said.language,
        outlet=None if capture.origin.outlet else said.site,
        site=said.site,
        warnings=(*_charset_warning(decoded), *_date_warning(said.date_unread)),
    )


def _draft_text(capture: Capture, decoded: Decoded) -> Draft:
    title, byline = _head(decoded.text)
    return Draft(
        url=capture.url,
        canonical=canonical_url(capture.url),
        text=decoded.text,
        title=title,
        byline=byline,
        warnings=_charset_warning(decoded),
    )


def draft_item(capture: Capture, item: Item) -> Draft | Refusal:
    """A feed item with its own words: the whole text, or the summary when there is nothing better."""
    url = item_url(capture, item)
    text = item.text or item.summary
    if text is None and item.bad_link is not None:
        return Refusal(url, Reason.BAD_ADDRESS, f"item {item.position} links to {masked(item.bad_link)!r}")
    if text is None:
        return Refusal(url, Reason.EMPTY, f"item {item.position} has neither text nor a link that can be followed")
    return Draft(
        url=url,
        canonical=canonical_url(url),
        text=text,
        title=item.title,
        byline=item.byline,
        published_at=item.published_at,
        language=item.language,
        warnings=(*_date_warning(item.date_unread), *_link_warning(item)),
    )


def _link_warning(item: Item) -> Warnings:
    return ((Reason.BAD_ADDRESS, f"its link is {masked(item.bad_link)!r}"),) if item.bad_link is not None else ()


def item_url(capture: Capture, item: Item) -> str:
    """The address of a feed item; one without a link is named after its guid, or else its words."""
    if item.url is not None:
        return without_secrets(item.url)
    name = item.guid or "\n".join(filter(None, (item.title, item.text, item.summary)))
    return f"item:{capture.origin.source_id}/{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()[:16]}"


def filled(page: Draft, item: Item, *, at_home: bool = True) -> Draft:
    """A page's draft with what its feed item knows better: the title as the outlet announces it, the time of day.

    A feed that is not `at_home` on the page's site only fills gaps: its titles may be its own.
    """
    published = page.published_at or item.published_at
    if at_home and page.published_at and item.published_at and page.published_at == _midnight(item.published_at):
        published = item.published_at
    warnings = page.warnings if published is None else tuple(w for w in page.warnings if w[0] is not Reason.BAD_DATE)
    return replace(
        page,
        title=_announced(page.title, item.title) if at_home else page.title or item.title,
        outlet=page.outlet if at_home else page.site or page.outlet,
        byline=page.byline or item.byline,
        published_at=published,
        language=page.language or item.language,
        warnings=warnings,
    )


def _announced(shown: str | None, announced: str | None) -> str | None:
    """The title as its feed announces it; the page's own where the feed only hangs the outlet's name on to it."""
    if shown and announced and re.fullmatch(re.escape(shown) + r"\s+[-|–—»·]+\s+\S.{0,60}", announced):
        return shown
    return announced or shown


def summary(page: Capture, item: Item, refusal: Refusal) -> Draft | Refusal:
    """The feed's summary in place of a page that is no article, if there is one."""
    words = draft_item(page, item)
    if isinstance(words, Refusal):
        return refusal
    warnings = (*words.warnings, (refusal.reason, refusal.detail), (Reason.SUMMARY_ONLY, None))
    return replace(words, warnings=warnings)


def _midnight(moment: dt.datetime) -> dt.datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def draft_lines(capture: Capture, decoded: Decoded, first: int = 1) -> Iterator[Draft | Refusal]:
    """Lines of an article file, one JSON object each, from line number `first` on.

    Blank lines and fields that are not ours are passed over.
    """
    for number, text in enumerate(decoded.text.split("\n"), start=first):
        if not text.strip():
            continue
        place = line_url(capture, number)
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            yield Refusal(place, Reason.BAD_JSON_LINE, f"line {number}: {error}"[:300])
            continue
        if not isinstance(data, dict):
            yield Refusal(place, Reason.BAD_JSON_LINE, f"line {number}: {type(data).__name__} instead of an object")
            continue
        yield _draft_line(capture, data, number, place, _charset_warning(decoded) if "\ufffd" in text else ())


def line_url(capture: Capture, number: int) -> str:
    """What names a line of an article file that gives no address of its own."""
    return f"{capture.url}#L{number}"


def _draft_line(capture: Capture, data: dict[str, Any], number: int, place: str, warnings: Warnings) -> Draft | Refusal:
    odd: list[tuple[Reason, str | None]] = list(warnings)
    url, text = data.get("url"), data.get("text")
    address = line(without_secrets(url)) if isinstance(url, str) else None
    shown = address or place
    for name, value in (("url", url), ("text", text)):
        if value is None:
            return Refusal(shown, Reason.MISSING_FIELD, f"line {number}: no {name}")
        if not isinstance(value, str):
            return Refusal(shown, Reason.BAD_FIELD, f"line {number}: {name} is {type(value).__name__}, not text")
    if address is None:
        return Refusal(shown, Reason.MISSING_FIELD, f"line {number}: no url")
    if _CODE.match(address):
        return Refusal(place, Reason.BAD_ADDRESS, f"line {number}: {address[:100]!r}")
    optional: dict[str, str | None] = {}
    for name in ("title", "outlet", "byline", "author", "language"):
        value = data.get(name)
        if value is not None and not isinstance(value, str):
            odd.append((Reason.BAD_FIELD, f"line {number}: {name} is {type(value).__name__}, not text; left out"))
            value = None
        optional[name] = line(value)
    written = data.get("published_at")
    published = read_time(written)
    if written not in (None, "") and published is None:
        odd.append((Reason.BAD_DATE, f"line {number}: {str(written)[:100]!r}"))
    return Draft(
        url=shown,
        canonical=canonical_url(address),
        text=str(text),
        title=optional["title"],
        byline=clean_byline(optional["byline"] or optional["author"]),
        published_at=published,
        language=declared_language(optional["language"]),
        outlet=optional["outlet"],
        warnings=tuple(odd),
    )


def _head(text: str) -> tuple[str | None, str | None]:
    """(title, byline) of a plain text: a short first line before a blank one, which no sentence ends; a "By …" line."""
    lines = text.split("\n")
    first = next((n for n, value in enumerate(lines) if value.strip()), None)
    if first is None or first + 1 >= len(lines) or lines[first + 1].strip():
        return None, None
    if not any(value.strip() for value in lines[first + 1 :]):
        return None, None
    title = line(lines[first])
    if (
        title is None
        or len(title) > _MAX_TITLE
        or len(title.split()) > _MAX_TITLE_WORDS
        or title.endswith((".", ":", ";"))
    ):
        return None, None
    near = [value for value in (line(raw) for raw in lines[first + 1 : first + 6]) if value]
    byline = next((clean_byline(value) for value in near[:2] if _BYLINE.fullmatch(value)), None)
    return title, byline


def _landed(capture: Capture) -> str:
    """Where a page was found in the end; a redirect to a front page tells nothing about the article."""
    final = capture.final_url
    if final and is_web(final) and urlsplit(final).path.strip("/"):
        return final
    return capture.url


def _content_type(header: str | None) -> tuple[str | None, str | None]:
    """(media type, charset) of a Content-Type header."""
    if not header:
        return None, None
    message = Message()
    message["content-type"] = header
    return message.get_content_type(), message.get_content_charset()


def _charset_warning(decoded: Decoded) -> Warnings:
    return ((Reason.CHARSET_GUESSED, f"read as {decoded.charset}"),) if decoded.guessed else ()


def _date_warning(unread: str | None) -> Warnings:
    return ((Reason.BAD_DATE, repr(unread)),) if unread else ()
