"""A day of the archive → articles, and what became of every input.

What belongs here: the order of the day, ids, languages, the one closing log entry of each input.
What does not: fetching (readers), what is parsed where (parsing), reading formats (drafts, pages, feeds), tables.

    parse_day(archive, day, known, box=…) -> ParsedDay(articles, log)

It is a pure function of the archive (and of `known`): the same day gives the same rows, whenever it is asked for.  The
parsing is done in worker processes, several at a time; what comes of it is taken in the order of the archive, as if it
had been done one by one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import operator
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from sources import parsing
from sources.archive import Archive, Basis, BlobDamaged, Capture, Failure, Manifest, Role, latest
from sources.box import Box, BoxFailure
from sources.catalog import Kind
from sources.formats.drafts import Draft, Refusal, draft_item, filled, item_url, line_url, summary
from sources.formats.feeds import Feed, Item
from sources.formats.language import detect
from sources.formats.text import BinaryContent, Decoded, count_words, decode, line, storable
from sources.log import LogEntry, Reason, Status
from sources.urls import article_id, canonical_url, without_secrets

# Outcomes after which the same bytes are looked at again: some depend on the rest of the day, others on the parser.
_PASSING: Final = frozenset(
    reason
    for reason in Reason
    if reason.of_parser or reason in (Reason.DUPLICATE_URL_IN_SOURCE, Reason.DUPLICATE_URL_OTHER_SOURCE)
)


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


@dataclass(frozen=True, slots=True)
class _Step:
    """One step through a day: `finish` is called in its turn, with the outcome of `task` if there is one.

    `task`: a function for the box and its arguments.
    """

    finish: Callable[..., None]
    task: tuple[Any, ...] | None = None


def parse_day(
    archive: Archive,
    day: dt.date,
    known: Mapping[tuple[str, str], Known] = MappingProxyType({}),
    *,
    box: Box | None = None,
) -> ParsedDay:
    """Parse what the archive holds of `day`.

    `known` maps (url, sha256) to the outcome of an earlier day: such a file or page is not parsed again.  Feeds and
    article files are always opened.  `box`: where foreign bytes are parsed; by default one of its own.  Nothing in the
    archive makes this raise; what cannot be read has a log entry.
    """
    manifest = archive.manifest(day)
    with nullcontext(box) if box is not None else Box() as box:
        work = _Day(archive, manifest, known, box)
        work.go()
    midnight = dt.datetime.combine(day, dt.time())
    damage = [(Reason.MANIFEST_TORN, f"line {number}") for number in manifest.torn]
    damage += [(Reason.ARCHIVE_DAMAGED, place) for place in manifest.damaged]
    work.log += [LogEntry(day, "", "", Status.WARNING, reason, where, logged_at=midnight) for reason, where in damage]
    return ParsedDay(work.articles, work.log)


class _Day:
    """The work on one day: articles and log grow as its sources are gone through."""

    def __init__(self, archive: Archive, manifest: Manifest, known: Mapping[tuple[str, str], Known], box: Box) -> None:
        self.archive = archive
        self.manifest = manifest
        self.known = known
        self.box = box
        self.articles: list[Article] = []
        self.log: list[LogEntry] = []
        self._delivered = {url for (url, _), outcome in known.items() if outcome.article_id is not None}
        self._named: set[str] = set()  # pages of the present source that a container has named
        self._holder: dict[str, str] = {}  # article id → the source that delivered it first

    def go(self) -> None:
        """Go through all sources: tasks run ahead in the box, every step is finished in its turn."""
        begun: deque[_Step] = deque()  # the first of them, if any, waits for its task

        def tasks() -> Iterator[tuple[Any, ...]]:
            for step in self._steps():
                if step.task is not None:
                    begun.append(step)
                    yield step.task
                elif begun:
                    begun.append(step)
                else:
                    step.finish()

        for outcome in self.box.map(operator.call, tasks()):
            begun.popleft().finish(outcome)
            while begun and begun[0].task is None:
                begun.popleft().finish()

    def _steps(self) -> Iterator[_Step]:
        origins = [c.origin for c in self.manifest.captures] + [f.origin for f in self.manifest.failures]
        for source_id in dict.fromkeys(origin.source_id for origin in origins):
            yield from self._source(source_id)

    def _source(self, source_id: str) -> Iterator[_Step]:
        """All captures and failures of one source."""
        captures = [c for c in self.manifest.captures if c.origin.source_id == source_id]
        failures = {f.url: f for f in self.manifest.failures if f.origin.source_id == source_id}
        for capture in latest(c for c in captures if c.role is Role.DOCUMENT):
            failures.pop(capture.url, None)
            if capture.origin.kind is Kind.JSONL:
                yield from self._lines(capture)
            else:
                yield from self._file(capture)
        feeds = [c for c in captures if c.role is Role.FEED]
        indexes = latest(c for c in captures if c.role in (Role.SITEMAP, Role.LISTING))
        pages = {c.url: c for c in latest(c for c in captures if c.role is Role.PAGE)}
        for url in [url for url, page in pages.items() if page.basis is Basis.KEPT and url in failures]:
            yield _Step(partial(self._failed, failures.pop(url), outlived=True))
        for container in (*feeds, *indexes):
            failures.pop(container.url, None)
        for url in dict.fromkeys(feed.url for feed in feeds):
            yield from self._feed([feed for feed in feeds if feed.url == url], pages, failures)
        for index in indexes:
            yield from self._index(index, pages)
        for url, page in pages.items():
            failures.pop(url, None)
            if url not in self._named:  # a web archive's, or those of a container that cannot be read
                yield from self._file(page)
        self._named.clear()
        for failure in failures.values():
            yield _Step(partial(self._failed, failure))

    def _file(self, capture: Capture, item: Item | None = None) -> Iterator[_Step]:
        """A file or page that is one article; for a page, `item` is what its feed said of it."""
        outcome = self.known.get((capture.url, capture.sha256))
        if outcome is not None and outcome.reason not in _PASSING:
            yield _Step(partial(self._as_before, capture, outcome))
            return
        try:
            content = self.archive.read(capture)
        except BlobDamaged as error:
            yield _Step(partial(self._damaged, capture, error))
            return
        finish = partial(self._read, capture, item)
        if parsing.small_text(capture, content):
            yield _Step(partial(finish, parsing.directly(parsing.read_file, capture, content)))
        else:
            yield _Step(finish, (parsing.read_file, capture, content))

    def _read(self, capture: Capture, item: Item | None, outcome: Draft | Refusal | BoxFailure) -> None:
        draft = _refused(capture.url, outcome) if isinstance(outcome, BoxFailure) else outcome
        if item is not None:
            if isinstance(draft, Draft):
                draft = filled(draft, item)
            elif capture.url not in self._delivered:  # a teaser is no new version of the article that stands
                draft = summary(capture, item, draft)
        self._settle(capture, draft, own=True)

    def _lines(self, capture: Capture) -> Iterator[_Step]:
        """An article file, whose lines are articles."""
        try:
            content = self.archive.read(capture)
            decoded = decode(content, [], capture.origin.language)
        except BlobDamaged as error:
            yield _Step(partial(self._damaged, capture, error))
            return
        except BinaryContent as error:
            refusal = Refusal(capture.url, Reason.BINARY, str(error))
            yield _Step(partial(self._settle, capture, refusal, own=True))
            return
        if not decoded.text.strip():
            yield _Step(partial(self._settle, capture, Refusal(capture.url, Reason.EMPTY), own=True))
            return
        yield _Step(partial(self._note, capture, Status.DOCUMENT, own=True))
        for first, part in parsing.parts(decoded):
            finish = partial(self._read_lines, capture, first, part)
            if len(content) <= parsing.SMALL:
                yield _Step(partial(finish, parsing.directly(parsing.read_lines, capture, part, first)))
            else:
                yield _Step(finish, (parsing.read_lines, capture, part, first))

    def _read_lines(
        self, capture: Capture, first: int, part: Decoded, outcome: list[Draft | Refusal] | BoxFailure
    ) -> None:
        if not isinstance(outcome, BoxFailure):
            for draft in outcome:
                self._settle(capture, draft)
            return
        # one line spoils the others of its part: each for itself
        lines = [(first + n - 1, alone) for n, alone in parsing.parts(part, 0)]
        tasks = ((parsing.read_lines, capture, alone, number) for number, alone in lines)
        for (number, _), one in zip(lines, self.box.map(operator.call, tasks), strict=True):
            if isinstance(one, BoxFailure):
                self._settle(capture, _refused(line_url(capture, number), one, f"line {number}: "))
            else:
                for draft in one:
                    self._settle(capture, draft)

    def _feed(
        self, captures: list[Capture], pages: dict[str, Capture], failures: dict[str, Failure]
    ) -> Iterator[_Step]:
        """A feed as it was seen in the course of the day.

        The newest state counts; items that had left the feed by then are taken from the older ones.
        """
        done: set[str] = set()
        for capture in reversed(captures):
            try:
                content = self.archive.read(capture)
            except BlobDamaged as error:
                yield _Step(partial(self._damaged, capture, error))
                continue
            try:
                feed = self.box.call(parsing.read_feed, capture, content)
            except BoxFailure as failure:
                feed = _refused(capture.url, failure)
            if capture is captures[-1]:  # of an older state there is nothing to tell, a newer one has replaced it
                yield _Step(partial(self._opened, capture, feed))
            if not isinstance(feed, Feed):
                continue
            addresses = [canonical_url(item_url(capture, item)) for item in feed.items]
            for item, address in zip(feed.items, addresses, strict=True):
                if address not in done:
                    yield from self._item(capture, item, pages, failures)
            done.update(addresses)

    def _index(self, capture: Capture, pages: dict[str, Capture]) -> Iterator[_Step]:
        """A sitemap or a listing: of what it names, the pages that were asked for."""
        try:
            content = self.archive.read(capture)
        except BlobDamaged as error:
            yield _Step(partial(self._damaged, capture, error))
            return
        try:
            index = self.box.call(parsing.read_index, capture, content)
        except BoxFailure as failure:
            index = _refused(capture.url, failure)
        yield _Step(partial(self._opened, capture, index))
        said = {without_secrets(i.url): i for i in index.items if i.url} if isinstance(index, Feed) else {}
        for url in [url for url, page in pages.items() if page.parent_url == capture.url]:
            self._named.add(url)
            yield from self._file(pages[url], said.get(url))

    def _opened(self, capture: Capture, feed: Feed | Refusal) -> None:
        if isinstance(feed, Refusal):
            self._settle(capture, feed, own=True)
            return
        self._note(capture, Status.DOCUMENT, own=True)
        if feed.damaged:
            self._note(capture, Status.WARNING, Reason.FEED_DAMAGED, feed.damaged)
        if not feed.items and capture.role is Role.FEED:
            self._note(capture, Status.WARNING, Reason.NO_ITEMS)

    def _item(
        self, capture: Capture, item: Item, pages: dict[str, Capture], failures: dict[str, Failure]
    ) -> Iterator[_Step]:
        words = draft_item(capture, item)
        address = without_secrets(item.url) if item.url is not None else ""
        page = pages.get(address) if item.needs_page else None
        self._named.add(address)
        failure = failures.pop(address, None)
        if page is not None:
            yield from self._file(page, item)
        elif not item.needs_page:
            yield _Step(partial(self._settle, capture, words))
        elif isinstance(words, Draft):
            why = ((failure.reason, failure.detail),) if failure else ()
            warnings = (*words.warnings, *why, (Reason.SUMMARY_ONLY, None))
            yield _Step(partial(self._settle, capture, replace(words, warnings=warnings), failure=failure))
        elif failure is not None:
            yield _Step(partial(self._failed, failure))
        else:
            missing = partial(self._note, capture, Status.FAILED, Reason.NOTHING_ARCHIVED, "the linked page")
            yield _Step(partial(missing, url=words.url))

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

    def _damaged(self, capture: Capture, error: BlobDamaged) -> None:
        self._note(capture, Status.FAILED, Reason.ARCHIVE_DAMAGED, str(error), own=True)

    def _failed(self, failure: Failure, *, outlived: bool = False) -> None:
        """Close an input that could not be fetched; what was refused unread counts as rejected.

        `outlived`: the bytes of an earlier day stand, and close the input.
        """
        unread = failure.reason in (Reason.UNSUPPORTED_TYPE, Reason.TOO_LARGE)
        told = f"{failure.reason}: {failure.detail or 'no more is known'}" if outlived else failure.detail
        self.log.append(
            LogEntry(
                fetch_day=failure.day,
                source_id=failure.origin.source_id,
                url=failure.url,
                status=Status.WARNING if outlived else Status.REJECTED if unread else Status.FAILED,
                reason=Reason.FETCH_FAILED_REPLAYED if outlived else failure.reason,
                detail=line(told),
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


def _refused(url: str, failure: BoxFailure, place: str = "") -> Refusal:
    return Refusal(url, failure.reason, place + failure.detail)
