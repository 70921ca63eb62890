"""Feed bytes → items: RSS, Atom and RDF by feedparser, JSON Feed by json.

What belongs here: what a feed says about each item, and whether its text is all there.
What does not: fetching a linked page (readers) and making an article (articles).
"""

from __future__ import annotations

import datetime as dt
import html
import io
import json
import re
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin

import feedparser

from sources.formats.bylines import clean_byline
from sources.formats.charsets import BinaryContent, decode
from sources.formats.language import declared_language
from sources.formats.markup import fragment_text
from sources.formats.text import count_words, line, paragraph
from sources.formats.times import parse_time
from sources.urls import MAX_ADDRESS, is_web

# A description without an end mark of a teaser is the whole text from this many words on: teasers are shorter.
WHOLE: Final = 120
_TEASER: Final = re.compile(
    r"(?:…|\.\.\.|\[[….]+\]|\((?:more|…)\)|\b(?:read more|read on|continue reading|more\s*[>»→]+)\W*)$", re.IGNORECASE
)
# Declarations of entities: HTML's own are known without, and others are only good for blowing up a parser.
_DOCTYPE: Final = re.compile(rb"<!DOCTYPE[^<>\[]*", re.IGNORECASE)
_ENCODING: Final = re.compile(rb"""(^\W*<\?xml[^>]{0,100}?encoding\s*=\s*["'])([\w.:-]+)(["'])""", re.IGNORECASE)
_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_LANGUAGE: Final = re.compile(rb"""(?:<(?:dc:)?language\s*>\s*|\bxml:lang\s*=\s*["'])([a-z]{2,3})\b""", re.IGNORECASE)
_SUBSET: Final = re.compile(rb"\[.*?\]\s*>", re.DOTALL)


# A page of HTML is told here: feedparser takes a minute to find that three megabytes of it are no feed.
_START: Final = re.compile(rb"<(?:[\w.-]+:)?(?:rss|feed|rdf|channel|item|entry)\b", re.IGNORECASE)
_HEAD: Final = 65_536


class NotAFeed(ValueError):
    """The bytes are no feed at all."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item: `url` is None without a usable link, `text` is the whole text or None, `summary` the teaser or None.

    `guid` names an item without a link; `bad_link` is one that cannot be followed, as it is written.  `date_unread`
    holds a date that could not be read, `updated_at` when the item changed last, if the feed says so; `wanted` is
    whether its source takes articles of such an address.
    """

    position: int
    url: str | None
    guid: str | None
    title: str | None
    byline: str | None
    published_at: dt.datetime | None
    date_unread: str | None
    language: str | None
    text: str | None
    summary: str | None
    updated_at: dt.datetime | None = None
    wanted: bool = True
    bad_link: str | None = None

    @property
    def needs_page(self) -> bool:
        """Whether the article is to be had at the link only."""
        return self.text is None and self.url is not None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's items in its order; `damaged` says what was wrong with it, if anything; `title` is its own name.

    `lists`: how many further lists it names, as the index of a site's sitemaps does.  `guessed`: the character set that
    it was read in, where that had to be guessed.
    """

    items: tuple[Item, ...]
    damaged: str | None
    title: str | None = None
    lists: int = 0
    guessed: str | None = None


def parse_feed(
    content: bytes, url: str, content_type: str | None, fetched_at: dt.datetime, language: str | None = None
) -> Feed:
    """Read a feed.  `url` resolves relative links, `fetched_at` (naive UTC) bounds dates.  Raises NotAFeed.

    `language` is its source's (ISO 639-1), a hint to its character set when the feed itself says nothing.
    """
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _json_feed(content, url, fetched_at)
    if not _START.search(content[:_HEAD].replace(b"\x00", b"")):  # NUL: UTF-16
        raise NotAFeed("no feed element")
    content, guessed = _in_utf8(content, content_type, language)
    # without a content-location, links stay as they are written
    headers = {"content-type": f"{(content_type or 'text/xml').partition(';')[0]}; charset=utf-8"}
    content = _without_subset(content)
    try:
        # the text is cleaned by markup, so feedparser's own cleaning would be done for nothing
        parsed = feedparser.parse(
            io.BytesIO(content), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # feedparser promises not to raise; a feed that makes it raise is not one
        raise NotAFeed(f"{type(error).__name__}: {error}"[:200]) from error
    if not parsed.get("version") and not parsed.entries:
        raise NotAFeed(str(parsed.get("bozo_exception") or "no feed element")[:200])
    spoken = declared_language(parsed.feed.get("language"))
    items = tuple(_item(n, entry, url, spoken, fetched_at) for n, entry in enumerate(parsed.entries, start=1))
    return Feed(items, _damage(parsed), _title(parsed.feed.get("title_detail")), guessed=guessed)


def _in_utf8(content: bytes, content_type: str | None, language: str | None) -> tuple[bytes, str | None]:
    """The feed in UTF-8, and the character set that it was in if that had to be guessed.  Raises NotAFeed."""
    header, written = _CHARSET.search(content_type or ""), _ENCODING.match(content)
    declared = [header[1] if header else None, written[2].decode("ascii") if written else None]
    said = _LANGUAGE.search(content[:_HEAD])
    hint = declared_language(said[1].decode("ascii")) if said else None
    try:
        decoded = decode(content, declared, hint or language)
    except BinaryContent as error:
        raise NotAFeed(str(error)) from error
    content = _ENCODING.sub(rb"\1utf-8\3", decoded.text.encode("utf-8", "replace"), count=1)
    return content, decoded.charset if decoded.guessed else None


def _without_subset(content: bytes) -> bytes:
    """Without the declarations inside the document type, of which there can be one."""
    doctype = _DOCTYPE.search(content)
    subset = _SUBSET.match(content, doctype.end()) if doctype is not None else None
    return content if subset is None else content[: subset.start()] + b">" + content[subset.end() :]


def _damage(parsed: Any) -> str | None:
    """What was wrong with the XML; a wrong character set in the headers is the rule rather than damage."""
    error = parsed.get("bozo_exception") if parsed.get("bozo") else None
    harmless = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
    return None if error is None or isinstance(error, harmless) else str(error)[:200]


def _item(number: int, entry: Any, base: str, language: str | None, fetched_at: dt.datetime) -> Item:
    contents = [_body(value) for value in entry.get("content") or [] if value.get("value")]
    content = max(contents, key=len, default="")
    description = _body(entry.summary_detail) if entry.get("summary_detail") else ""
    text, summary = _choose(content, description)
    moment, unread = _date(entry, fetched_at)
    written = entry.get("link")
    if written == entry.get("id") and not is_web(str(written)):
        written = None  # a bare guid, which stands in for the link only when it is a whole address
    return Item(
        position=number,
        url=_link(base, written),
        bad_link=_bad_link(base, written),
        guid=line(entry.get("id")),
        title=_title(entry.get("title_detail")),
        byline=clean_byline(_author(entry)),
        published_at=moment,
        date_unread=unread,
        language=declared_language(_own_language(entry)) or language,
        text=text,
        summary=summary,
        updated_at=parse_time(dict.get(entry, "updated"), fetched_at),
    )


def _choose(content: str, description: str) -> tuple[str | None, str | None]:
    """(whole text, summary): content counts as whole unless it ends like a teaser, a description only when long."""
    candidates = [body for body in (content, description) if count_words(body)]
    if content and count_words(content) and not _is_teaser(content):
        return content, None
    if count_words(description) >= WHOLE and not _is_teaser(description):
        return description, None
    return None, max(candidates, key=len, default=None)


def _is_teaser(text: str) -> bool:
    # at the end only: a mark is short, and one of thousand characters would cost a million steps
    return _TEASER.search(text[-200:]) is not None


def _body(detail: Any) -> str:
    """The text of a content or summary element of any type, as paragraphs."""
    value = str(detail.get("value") or "")
    if detail.get("type") == "text/plain":
        return "\n\n".join(filter(None, map(paragraph, re.split(r"\n\s*\n", value))))
    return fragment_text(value)


def _title(detail: Any) -> str | None:
    if not detail:
        return None
    value = str(detail.get("value") or "")
    if detail.get("type") == "text/plain":
        # "text" in Atom, and feedparser's guess for RSS titles without tags, where entities are often escaped twice
        return line(html.unescape(value))
    return line(fragment_text(value).replace("\n", " ")) or line(html.unescape(value))


def _author(entry: Any) -> str | None:
    names = [author.get("name") for author in entry.get("authors") or [] if author.get("name")]
    if len(names) == 1 and entry.get("author"):
        return str(entry["author"])  # as written: feedparser takes "ada@paper.example (Ada)" apart at the wrong place
    return "; ".join(names) or entry.get("author")


def _own_language(entry: Any) -> object:
    for detail in (*(entry.get("content") or []), entry.get("title_detail") or {}):
        if detail.get("language"):
            return detail["language"]
    return entry.get("dc_language") or entry.get("language")


def _date(entry: Any, fetched_at: dt.datetime) -> tuple[dt.datetime | None, str | None]:
    unread = None
    for name in ("published", "created", "updated"):
        written = dict.get(entry, name)  # feedparser's own `get` would answer for `updated` with `published`
        if not written:
            continue
        moment = parse_time(written, fetched_at)
        if moment is None and (parts := dict.get(entry, f"{name}_parsed")):
            moment = _plausible(parts, fetched_at)
        if moment is not None:
            return moment, None
        unread = unread or str(written)[:100]
    return None, unread


def _plausible(parts: Any, fetched_at: dt.datetime) -> dt.datetime | None:
    """feedparser's reading of an odd date, in UTC."""
    try:
        return parse_time(dt.datetime(*parts[:6]).isoformat(), fetched_at)
    except (ValueError, TypeError):
        return None


def _link(base: str, link: object) -> str | None:
    link = line(link) if isinstance(link, str) else None
    if link is None or len(link) > MAX_ADDRESS:
        return None
    try:
        absolute = urljoin(base, link) if is_web(base) else link
    except ValueError:
        return None
    return absolute if is_web(absolute) else None


def _bad_link(base: str, link: object) -> str | None:
    """A link that leads nowhere on the web, as it is written."""
    written = line(link) if isinstance(link, str) else None
    return written[:100] if written and _link(base, link) is None else None


def _json_feed(content: bytes, url: str, fetched_at: dt.datetime) -> Feed:
    try:
        data = json.loads(content.decode("utf-8-sig", "replace"), strict=False)
    except (ValueError, RecursionError) as error:
        raise NotAFeed(f"JSON that cannot be read: {error}"[:200]) from error
    if not isinstance(data.get("items"), list):
        raise NotAFeed("JSON without a list of items")
    if "jsonfeed.org" not in str(data.get("version", "")):
        raise NotAFeed("JSON that is no JSON Feed: its version does not say so")
    language = declared_language(data.get("language"))
    usable = [entry for entry in data["items"] if isinstance(entry, dict)]
    items = tuple(_json_item(n, entry, url, language, fetched_at) for n, entry in enumerate(usable, start=1))
    lost = len(data["items"]) - len(usable)
    return Feed(items, f"{lost} items are no objects" if lost else None, line(_string(data, "title")))


def _json_item(number: int, entry: dict[str, Any], base: str, language: str | None, fetched_at: dt.datetime) -> Item:
    markup, plain = _string(entry, "content_html"), _string(entry, "content_text")
    content = fragment_text(markup) if markup else ""
    if not count_words(content) and plain:
        content = plain.strip()
    text, summary = _choose(content, fragment_text(_string(entry, "summary") or ""))
    written = entry.get("date_published") or entry.get("date_modified")
    moment = parse_time(written, fetched_at)
    authors = entry.get("authors") or [entry.get("author")]
    names = [a.get("name") for a in authors if isinstance(a, dict)] if isinstance(authors, list) else []
    return Item(
        position=number,
        url=_link(base, entry.get("url") or entry.get("external_url")),
        bad_link=_bad_link(base, entry.get("url") or entry.get("external_url")),
        guid=line(str(entry["id"])) if entry.get("id") else None,
        title=line(_string(entry, "title")),
        byline=clean_byline("; ".join(name for name in names if isinstance(name, str))),
        published_at=moment,
        date_unread=str(written)[:100] if written and moment is None else None,
        language=declared_language(entry.get("language")) or language,
        text=text,
        summary=summary,
        updated_at=parse_time(entry.get("date_modified"), fetched_at),
    )


def _string(entry: dict[str, Any], key: str) -> str | None:
    value = entry.get(key)
    return value if isinstance(value, str) else None
