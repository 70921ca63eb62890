"""A day of the archive → articles, and what became of every input.

What belongs here: in which order a day's captures and failures are gone through, and what belongs to what.
What does not: fetching (readers), what is parsed where (parsing), reading formats (drafts, pages, feeds), and closing
an input with an article or a reason (daybook).

    parse_day(archive, day, known, delivered, box=…) -> ParsedDay(articles, log)

It is a pure function of the archive (and of what earlier days made of theirs): the same day gives the same rows,
whenever it is asked for.  The parsing is done in worker processes, several at a time; what comes of it is taken in the
order of the archive, as if it had been done one by one.
"""

from __future__ import annotations

import datetime as dt
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
from sources.daybook import Article, DayBook, Delivered, Known, Standing
from sources.formats.charsets import BinaryContent, Decoded, decode
from sources.formats.drafts import Draft, Refusal, draft_item, filled, item_url, line_url, summary
from sources.formats.feeds import Feed, Item
from sources.log import LogEntry, Reason, Status
from sources.urls import canonical_url, is_web, same_domain, to_ask, without_secrets

__all__ = ["Article", "Delivered", "Known", "ParsedDay", "parse_day"]

# Outcomes after which the same bytes are looked at again: some depend on the rest of the day, others on the parser.
_PASSING: Final = frozenset(
    reason
    for reason in Reason
    if reason.of_parser or reason in (Reason.DUPLICATE_URL_IN_SOURCE, Reason.DUPLICATE_URL_OTHER_SOURCE)
)


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
    delivered: Mapping[str, Delivered] = MappingProxyType({}),
    *,
    box: Box | None = None,
) -> ParsedDay:
    """Parse what the archive holds of `day`.

    `known` maps (url, sha256) to the outcome of an earlier day: such a file or page is not parsed again.  Feeds and
    article files are always opened.  `delivered` maps an article's id to what stands of it since an earlier day.
    `box`: where foreign bytes are parsed; by default one of its own.  Nothing in the archive makes this raise; what
    cannot be read has a log entry.
    """
    manifest = archive.manifest(day)
    with nullcontext(box) if box is not None else Box() as box:
        work = _Day(archive, manifest, known, DayBook(delivered), box)
        work.go()
    midnight = dt.datetime.combine(day, dt.time())
    damage = [(Reason.MANIFEST_TORN, f"line {number}") for number in manifest.torn]
    damage += [(Reason.ARCHIVE_DAMAGED, place) for place in manifest.damaged]
    log = work.book.log
    log += [LogEntry(day, "", "", Status.WARNING, reason, where, logged_at=midnight) for reason, where in damage]
    return ParsedDay(work.book.articles, log)


class _Day:
    """The work on one day: its book grows as its sources are gone through."""

    def __init__(
        self,
        archive: Archive,
        manifest: Manifest,
        known: Mapping[tuple[str, str], Known],
        book: DayBook,
        box: Box,
    ) -> None:
        self.archive = archive
        self.manifest = manifest
        self.known = known
        self.box = box
        self.book = book
        self._delivered = {url for (url, _), outcome in known.items() if outcome.article_id is not None}
        self._named: set[str] = set()  # pages of the present source that a container has named
        self._told: set[str] = set()  # its failures that have closed an item already

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
            yield _Step(partial(self.book.failed, failures.pop(url), outlived=True))
        for container in (*feeds, *indexes):
            failures.pop(container.url, None)
        parents = {capture.parent_url for capture in captures} | {f.parent_url for f in failures.values()}
        for url in dict.fromkeys(feed.url for feed in feeds):
            yield from self._feed([feed for feed in feeds if feed.url == url], pages, failures)
        for index in indexes:
            yield from self._index(index, pages, parents)
        for url, page in pages.items():
            failures.pop(url, None)
            if url not in self._named:  # a web archive's, or those of a container that cannot be read
                yield from self._file(page)
        for url, failure in failures.items():
            if url not in self._told:
                yield _Step(partial(self.book.failed, failure))
        self._named.clear()
        self._told.clear()

    def _file(self, capture: Capture, item: Item | None = None, feed: Capture | None = None) -> Iterator[_Step]:
        """A file or page that is one article; for a page, `item` is what its feed, or its sitemap, said of it."""
        outcome = self.known.get((capture.url, capture.sha256))
        standing = Standing.OWN if item is None or feed is None or _at_home(feed, item) else Standing.LENT
        if outcome is not None and outcome.reason not in _PASSING:
            taken_over = (
                feed is not None
                and standing is Standing.OWN
                and outcome.article_id is not None
                and self.book.of_another(outcome.article_id, capture.origin.source_id)
            )
            if not taken_over:
                yield _Step(partial(self.book.as_before, capture, outcome, standing))
                return
        try:
            content = self.archive.read(capture)
        except BlobDamaged as error:
            yield _Step(partial(self.book.damaged, capture, error))
            return
        finish = partial(self._read, capture, item, standing)
        if parsing.small_text(capture, content):
            yield _Step(partial(finish, parsing.directly(parsing.read_file, capture, content)))
        else:
            yield _Step(finish, (parsing.read_file, capture, content))

    def _read(
        self, capture: Capture, item: Item | None, standing: Standing, outcome: Draft | Refusal | BoxFailure
    ) -> None:
        draft = _refused(capture.url, outcome) if isinstance(outcome, BoxFailure) else outcome
        at_home = standing is Standing.OWN
        if item is not None:
            if isinstance(draft, Draft):
                draft = filled(draft, item, at_home=at_home)
            elif capture.url not in self._delivered:  # a teaser is no new version of the article that stands
                draft = summary(capture, item, draft)
                standing = Standing.TEASER if at_home else Standing.ELSEWHERE
        self.book.settle(capture, draft, standing=standing, own=True)

    def _lines(self, capture: Capture) -> Iterator[_Step]:
        """An article file, whose lines are articles."""
        try:
            content = self.archive.read(capture)
            decoded = decode(content, [], capture.origin.language)
        except BlobDamaged as error:
            yield _Step(partial(self.book.damaged, capture, error))
            return
        except BinaryContent as error:
            refusal = Refusal(capture.url, Reason.BINARY, str(error))
            yield _Step(partial(self.book.settle, capture, refusal, own=True))
            return
        if not decoded.text.strip():
            yield _Step(partial(self.book.settle, capture, Refusal(capture.url, Reason.EMPTY), own=True))
            return
        yield _Step(partial(self.book.note, capture, Status.DOCUMENT, own=True))
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
                self.book.settle(capture, draft, standing=Standing.LENT)
            return
        # one line spoils the others of its part: each for itself
        lines = [(first + n - 1, alone) for n, alone in parsing.parts(part, 0)]
        tasks = ((parsing.read_lines, capture, alone, number) for number, alone in lines)
        for (number, _), one in zip(lines, self.box.map(operator.call, tasks), strict=True):
            if isinstance(one, BoxFailure):
                self.book.settle(capture, _refused(line_url(capture, number), one, f"line {number}: "))
            else:
                for draft in one:
                    self.book.settle(capture, draft, standing=Standing.LENT)

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
                yield _Step(partial(self.book.damaged, capture, error))
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

    def _index(self, capture: Capture, pages: dict[str, Capture], parents: set[str | None]) -> Iterator[_Step]:
        """A sitemap or a listing: of what it names, the pages that were asked for; `parents` led to anything."""
        try:
            content = self.archive.read(capture)
        except BlobDamaged as error:
            yield _Step(partial(self.book.damaged, capture, error))
            return
        try:
            index = self.box.call(parsing.read_index, capture, content)
        except BoxFailure as failure:
            index = _refused(capture.url, failure)
        yield _Step(partial(self._opened, capture, index))
        root = capture.parent_url is None and capture.url not in parents
        if root and isinstance(index, Feed) and (capture.role is Role.LISTING or index.items or index.lists):
            listing = "no address on it matches the link_pattern"
            why = listing if capture.role is Role.LISTING else "nothing that it names matches and is new enough"
            yield _Step(partial(self.book.note, capture, Status.WARNING, Reason.NO_ITEMS, why))
        said = {_asked(i): i for i in index.items if i.url} if isinstance(index, Feed) else {}
        for url in [url for url, page in pages.items() if page.parent_url == capture.url]:
            self._named.add(url)
            yield from self._file(pages[url], said.get(url))

    def _opened(self, capture: Capture, feed: Feed | Refusal) -> None:
        if isinstance(feed, Refusal):
            self.book.settle(capture, feed, own=True)
            return
        self.book.note(capture, Status.DOCUMENT, own=True)
        if feed.damaged:
            self.book.note(capture, Status.WARNING, Reason.FEED_DAMAGED, feed.damaged)
        if feed.guessed:
            self.book.note(capture, Status.WARNING, Reason.CHARSET_GUESSED, f"read as {feed.guessed}")
        if not feed.items and not feed.lists and capture.role is not Role.LISTING:
            self.book.note(capture, Status.WARNING, Reason.NO_ITEMS)

    def _item(
        self, capture: Capture, item: Item, pages: dict[str, Capture], failures: dict[str, Failure]
    ) -> Iterator[_Step]:
        words = draft_item(capture, item)
        if not item.wanted:
            refusal = Refusal(words.url, Reason.NOT_WANTED)
            yield _Step(partial(self.book.settle, capture, refusal))
            return
        address = _asked(item)
        page = pages.get(address) if item.needs_page else None
        self._named.add(address)
        failure = failures.get(address)
        self._told.add(address)
        at_home = _at_home(capture, item)
        if page is not None:
            yield from self._file(page, item, capture)
        elif not item.needs_page:
            standing = Standing.ELSEWHERE if not at_home else Standing.OWN if item.text else Standing.TEASER
            yield _Step(partial(self.book.settle, capture, words, standing=standing))
        elif isinstance(words, Draft):
            why = ((failure.reason, failure.detail),) if failure else ()
            warnings = (*words.warnings, *why, (Reason.SUMMARY_ONLY, None))
            draft = replace(words, warnings=warnings)
            standing = Standing.TEASER if at_home else Standing.ELSEWHERE
            yield _Step(partial(self.book.settle, capture, draft, standing=standing, failure=failure))
        elif failure is not None:
            yield _Step(partial(self.book.failed, failure))
        else:
            missing = partial(self.book.note, capture, Status.FAILED, Reason.NOTHING_ARCHIVED, "the linked page")
            yield _Step(partial(missing, url=words.url))


def _asked(item: Item) -> str:
    """The address under which the archive holds an item's page."""
    return without_secrets(to_ask(item.url)) if item.url is not None else ""


def _at_home(feed: Capture, item: Item) -> bool:
    """Whether an item is about its feed's own site: what it says is then the outlet's own word."""
    addresses = [address for address in (feed.url, feed.final_url) if address and is_web(address)]
    if item.url is None or not is_web(item.url) or not addresses:
        return True
    return any(same_domain(address, item.url) for address in addresses)


def _refused(url: str, failure: BoxFailure, place: str = "") -> Refusal:
    return Refusal(url, failure.reason, place + failure.detail)
