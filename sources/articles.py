"""A day of the archive → articles, and what became of every input.

What belongs here: the order of the day, ids, languages, the one closing log entry of each input.
What does not: fetching (readers), reading formats (drafts, pages, feeds), tables.

    parse_day(archive, day, known) -> ParsedDay(articles, log)

It is a pure function of the archive (and of `known`): the same day gives the same rows, whenever it is asked for.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from sources.archive import Archive, BlobDamaged, Capture, Failure, Manifest, Role, latest
from sources.catalog import Kind
from sources.formats.drafts import Draft, Refusal, draft_file, draft_item, draft_lines, item_url
from sources.formats.feeds import Feed, Item, NotAFeed, parse_feed
from sources.formats.language import detect
from sources.formats.text import BinaryContent, count_words, line, storable
from sources.log import LogEntry, Reason, Status
from sources.urls import article_id, canonical_url

_DUPLICATES: Final = (Reason.DUPLICATE_URL_IN_SOURCE, Reason.DUPLICATE_URL_OTHER_SOURCE)


@dataclass(frozen=True, slots=True)
class Article:
    """One article of a day.  Times are naive UTC; offsets elsewhere point into `text`."""

    article_id: str
    url: str
    canonical_url: str
    source_id: str
    outlet: str | None
    title: str | None
    byline: str | None
    published_at: dt.datetime | None
    fetched_at: dt.datetime
    language: str | None
    text: str
    word_count: int
    content_hash: str


@dataclass(frozen=True, slots=True)
class Known:
    """What an earlier day made of the same bytes at the same address: an article, or a reason."""

    article_id: str | None
    reason: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedDay:
    """The articles of a day, each id once, and the log of everything that was in it."""

    articles: list[Article]
    log: list[LogEntry]


def parse_day(
    archive: Archive, day: dt.date, known: Mapping[tuple[str, str], Known] = MappingProxyType({})
) -> ParsedDay:
    """Parse what the archive holds of `day`.

    `known` maps (url, sha256) to the outcome of an earlier day: such a file or page is not parsed again.  Feeds and
    article files are always opened.  Nothing in the archive makes this raise; what cannot be read has a log entry.
    """
    manifest = archive.manifest(day)
    work = _Day(archive, manifest, known)
    origins = [c.origin for c in manifest.captures] + [f.origin for f in manifest.failures]
    for source_id in dict.fromkeys(origin.source_id for origin in origins):
        work.source(source_id)
    for number in manifest.torn:
        midnight = dt.datetime.combine(day, dt.time())
        work.log.append(
            LogEntry(day, "", "", Status.WARNING, Reason.MANIFEST_TORN, f"line {number}", logged_at=midnight)
        )
    return ParsedDay(work.articles, work.log)


class _Day:
    """The work on one day: articles and log grow as its sources are gone through."""

    def __init__(self, archive: Archive, manifest: Manifest, known: Mapping[tuple[str, str], Known]) -> None:
        self.archive = archive
        self.manifest = manifest
        self.known = known
        self.articles: list[Article] = []
        self.log: list[LogEntry] = []
        self._holder: dict[str, str] = {}  # article id → the source that delivered it first

    def source(self, source_id: str) -> None:
        """All captures and failures of one source."""
        captures = [c for c in self.manifest.captures if c.origin.source_id == source_id]
        failures = {f.url: f for f in self.manifest.failures if f.origin.source_id == source_id}
        for capture in latest(c for c in captures if c.role is Role.DOCUMENT):
            failures.pop(capture.url, None)
            if capture.origin.kind is Kind.JSONL:
                self._lines(capture)
            else:
                self._file(capture)
        feeds = [c for c in captures if c.role is Role.FEED]
        pages = {c.url: c for c in latest(c for c in captures if c.role is Role.PAGE)}
        for feed in feeds:
            failures.pop(feed.url, None)
        for url in dict.fromkeys(feed.url for feed in feeds):
            self._feed([feed for feed in feeds if feed.url == url], pages, failures)
        for failure in failures.values():
            self._failed(failure)

    def _file(self, capture: Capture, item: Item | None = None) -> None:
        """A file or page that is one article; for a page, `item` is what its feed said of it."""
        outcome = self.known.get((capture.url, capture.sha256))
        if outcome is not None and outcome.reason not in _DUPLICATES:  # those depend on what else the day brings
            self._as_before(capture, outcome)
            return
        content = self._content(capture)
        if content is None:
            return
        try:
            draft = draft_file(capture, content)
        except Exception as error:  # a page that breaks a parser must not break the day
            draft = Refusal(capture.url, Reason.PARSER_FAILED, f"{type(error).__name__}: {error}"[:300])
        if item is not None:
            draft = _filled(draft, item) if isinstance(draft, Draft) else _summary(capture, item, draft)
        self._settle(capture, draft, own=True)

    def _lines(self, capture: Capture) -> None:
        content = self._content(capture)
        if content is None:
            return
        if not content.strip():
            self._settle(capture, Refusal(capture.url, Reason.EMPTY), own=True)
            return
        try:
            drafts = list(draft_lines(capture, content))
        except BinaryContent as error:
            self._settle(capture, Refusal(capture.url, Reason.BINARY, str(error)), own=True)
            return
        self._note(capture, Status.DOCUMENT, own=True)
        for draft in drafts:
            self._settle(capture, draft)

    def _feed(self, captures: list[Capture], pages: dict[str, Capture], failures: dict[str, Failure]) -> None:
        """A feed as it was seen in the course of the day.

        The newest state counts; items that had left the feed by then are taken from the older ones.
        """
        done: set[str] = set()
        for capture in reversed(captures):
            newest = capture is captures[-1]
            feed = self._open_feed(capture, quiet=not newest)
            if feed is None:
                continue
            addresses = [canonical_url(item_url(capture, item)) for item in feed.items]
            for item, address in zip(feed.items, addresses, strict=True):
                if address not in done:
                    self._item(capture, item, pages, failures)
            done.update(addresses)

    def _open_feed(self, capture: Capture, *, quiet: bool) -> Feed | None:
        """The feed in a capture, or None with a log entry (`quiet`: without, a newer state has replaced it)."""
        content = self._content(capture)
        if content is None:
            return None
        refusal: Refusal | None = None
        feed: Feed | None = None
        if not content.strip():
            refusal = Refusal(capture.url, Reason.EMPTY)
        else:
            try:
                feed = parse_feed(content, capture.final_url or capture.url, capture.content_type, capture.fetched_at)
            except NotAFeed as error:
                refusal = Refusal(capture.url, Reason.NOT_A_FEED, str(error))
            except Exception as error:  # as for pages: a feed that breaks a parser must not break the day
                refusal = Refusal(capture.url, Reason.PARSER_FAILED, f"{type(error).__name__}: {error}"[:300])
        if quiet:
            return feed
        if refusal is not None:
            self._settle(capture, refusal, own=True)
        if feed is not None:
            self._note(capture, Status.DOCUMENT, own=True)
            if feed.damaged:
                self._note(capture, Status.WARNING, Reason.FEED_DAMAGED, feed.damaged)
            if not feed.items:
                self._note(capture, Status.WARNING, Reason.NO_ITEMS)
        return feed

    def _item(self, capture: Capture, item: Item, pages: dict[str, Capture], failures: dict[str, Failure]) -> None:
        words = draft_item(capture, item)
        page = pages.get(item.url) if item.needs_page and item.url is not None else None
        failure = failures.pop(item.url, None) if item.url is not None else None
        if page is not None:
            self._file(page, item)
        elif not item.needs_page:
            self._settle(capture, words)
        elif isinstance(words, Draft):
            why = ((failure.reason, failure.detail),) if failure else ()
            warnings = (*words.warnings, *why, (Reason.SUMMARY_ONLY, None))
            self._settle(capture, replace(words, warnings=warnings), failure=failure)
        elif failure is not None:
            self._failed(failure)
        else:
            self._note(capture, Status.FAILED, Reason.NOTHING_ARCHIVED, "the linked page", url=words.url)

    def _settle(
        self, capture: Capture, draft: Draft | Refusal, *, own: bool = False, failure: Failure | None = None
    ) -> None:
        """Close one input: an article or a reason.  `own`: the capture's bytes are this input's alone."""
        if isinstance(draft, Refusal):
            self._note(capture, Status.REJECTED, draft.reason, draft.detail, url=draft.url, own=own)
            return
        text, repaired = storable(draft.text)
        if not count_words(text):
            self._note(capture, Status.REJECTED, Reason.EMPTY, url=draft.url, own=own)
            return
        identity = article_id(draft.canonical)
        if identity in self._holder:
            first = self._holder[identity]
            same = first == capture.origin.source_id
            reason = Reason.DUPLICATE_URL_IN_SOURCE if same else Reason.DUPLICATE_URL_OTHER_SOURCE
            why = f"{draft.canonical} came from {first} first"
            self._note(capture, Status.REJECTED, reason, why, url=draft.url, own=own, article=identity)
            return
        self._holder[identity] = capture.origin.source_id
        language = detect(text, draft.language or capture.origin.language)
        self.articles.append(
            Article(
                article_id=identity,
                url=draft.url,
                canonical_url=draft.canonical,
                source_id=capture.origin.source_id,
                outlet=draft.outlet or capture.origin.outlet,
                title=draft.title,
                byline=draft.byline,
                published_at=draft.published_at,
                fetched_at=capture.fetched_at,
                language=language,
                text=text,
                word_count=count_words(text),
                content_hash=hashlib.sha256(text.encode()).hexdigest(),
            )
        )
        self._note(capture, Status.ARTICLE, url=draft.url, own=own, article=identity)
        warnings = list(draft.warnings)
        if repaired:
            warnings.append((Reason.REPAIRED_TEXT, None))
        if language is None:
            warnings.append((Reason.UNKNOWN_LANGUAGE, None))
        for odd, detail in warnings:
            status = failure.http_status if failure is not None and failure.reason is odd else None
            self._note(capture, Status.WARNING, odd, detail, url=draft.url, article=identity, http_status=status)

    def _as_before(self, capture: Capture, outcome: Known) -> None:
        """Close an input whose bytes an earlier day has judged."""
        if outcome.article_id is not None:
            self._holder.setdefault(outcome.article_id, capture.origin.source_id)
            self._note(capture, Status.UNCHANGED, own=True, article=outcome.article_id)
        else:
            reason = Reason(outcome.reason) if outcome.reason else None
            self._note(capture, Status.REJECTED, reason, outcome.detail, own=True)

    def _content(self, capture: Capture) -> bytes | None:
        """The captured bytes, or None with a log entry."""
        try:
            return self.archive.read(capture.sha256)
        except BlobDamaged as error:
            self._note(capture, Status.FAILED, Reason.ARCHIVE_DAMAGED, str(error), own=True)
            return None

    def _failed(self, failure: Failure) -> None:
        """Close an input that could not be fetched; what was refused unread counts as rejected."""
        refused = failure.reason in (Reason.UNSUPPORTED_TYPE, Reason.TOO_LARGE)
        self.log.append(
            LogEntry(
                fetch_day=failure.day,
                source_id=failure.origin.source_id,
                url=failure.url,
                status=Status.REJECTED if refused else Status.FAILED,
                reason=failure.reason,
                detail=line(failure.detail),
                seconds=failure.seconds,
                http_status=failure.http_status,
                logged_at=failure.failed_at,
            )
        )

    def _note(
        self,
        capture: Capture,
        status: Status,
        reason: Reason | None = None,
        detail: str | None = None,
        *,
        url: str | None = None,
        own: bool = False,
        article: str | None = None,
        http_status: int | None = None,
    ) -> None:
        """Add a log entry; the size, time and status of the capture belong to the one entry that is its `own`."""
        self.log.append(
            LogEntry(
                fetch_day=capture.day,
                source_id=capture.origin.source_id,
                url=url or capture.url,
                status=status,
                reason=reason,
                detail=line(detail),
                bytes=capture.bytes if own else None,
                seconds=capture.seconds if own else None,
                http_status=capture.http_status if own else http_status,
                sha256=capture.sha256,
                article_id=article,
                logged_at=capture.fetched_at,
            )
        )


def _filled(page: Draft, item: Item) -> Draft:
    """A page's draft with what its feed item knows better: the title as the outlet announces it, the time of day."""
    published = page.published_at or item.published_at
    if page.published_at and item.published_at and page.published_at == _midnight(item.published_at):
        published = item.published_at
    warnings = page.warnings if published is None else tuple(w for w in page.warnings if w[0] is not Reason.BAD_DATE)
    return replace(
        page,
        title=item.title or page.title,
        byline=page.byline or item.byline,
        published_at=published,
        language=page.language or item.language,
        warnings=warnings,
    )


def _summary(page: Capture, item: Item, refusal: Refusal) -> Draft | Refusal:
    """The feed's summary in place of a page that is no article, if there is one."""
    words = draft_item(page, item)
    if isinstance(words, Refusal):
        return refusal
    warnings = (*words.warnings, (refusal.reason, refusal.detail), (Reason.SUMMARY_ONLY, None))
    return replace(words, warnings=warnings)


def _midnight(moment: dt.datetime) -> dt.datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
