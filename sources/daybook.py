"""The articles and the log of a day, as they grow.

What belongs here: ids, languages, whose an article is when several sources tell it, the closing entry of each input.
What does not: in which order a day is gone through (articles), and what is parsed where (parsing).

Whose an article is: a page's own words count more than what a feed says of it, and a source of the same site more than
a stranger's.  Among equals the first source of the day counts.  What is less than the page by its own site's source
never replaces an article that another source delivered on an earlier day.  And a page that shows a small part of the
article that stands, as behind a wall or after a take-down, is no new version of it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final, NamedTuple

from sources.archive import BlobDamaged, Capture, Failure, Role
from sources.formats.drafts import Draft, Refusal
from sources.formats.language import detect
from sources.formats.text import count_words, line, storable
from sources.log import LogEntry, Reason, Status
from sources.urls import article_id


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


class Standing(IntEnum):
    """How near to the article its words are, from hearsay upwards."""

    ELSEWHERE = 0  # what another site's feed says of the address
    TEASER = 1  # what the site's own feed says of it, without being the whole text
    LENT = 2  # the page, to which another site's feed led; a line of an article file
    OWN = 3  # the page, the whole text in the site's own feed, a file


class Delivered(NamedTuple):
    """What stands of an article since an earlier day: its source and its length in words."""

    source_id: str
    words: int


_SHRUNK: Final = 4  # times that the article which stands is longer than a page that has shrunk
_STUB: Final = 150  # words of a page that may be a stub


@dataclass(frozen=True, slots=True)
class _Holder:
    """The source that delivers an article today; `article` and `entry` are places in the book, None if unchanged."""

    source_id: str
    standing: Standing
    article: int | None = None
    entry: int | None = None


class DayBook:
    """What a day yields.  `delivered`: article id → what stands of it since an earlier day."""

    def __init__(self, delivered: Mapping[str, Delivered]) -> None:
        self.articles: list[Article] = []
        self.log: list[LogEntry] = []
        self._delivered = delivered
        self._holders: dict[str, _Holder] = {}

    def of_another(self, article_id: str, source_id: str) -> bool:
        """Whether the article that stands is another source's."""
        return article_id in self._delivered and self._delivered[article_id].source_id != source_id

    def settle(
        self,
        capture: Capture,
        draft: Draft | Refusal,
        *,
        standing: Standing = Standing.OWN,
        own: bool = False,
        failure: Failure | None = None,
    ) -> None:
        """Close one input: an article or a reason.  `own`: the capture's bytes are this input's alone."""
        if isinstance(draft, Refusal):
            self.note(capture, Status.REJECTED, draft.reason, draft.detail, url=draft.url, own=own)
            return
        text, repaired = storable(draft.text)
        words = count_words(text)
        if not words:
            self.note(capture, Status.REJECTED, Reason.EMPTY, url=draft.url, own=own)
            return
        identity = article_id(draft.canonical)
        source_id = capture.origin.source_id
        holder = self._holders.get(identity)
        if holder is None and standing < Standing.OWN and self.of_another(identity, source_id):
            holder = _Holder(self._delivered[identity].source_id, Standing.OWN)
        if holder is not None and holder.standing >= standing:
            same = holder.source_id == source_id
            reason = Reason.DUPLICATE_URL_IN_SOURCE if same else Reason.DUPLICATE_URL_OTHER_SOURCE
            why = f"{draft.canonical} came from {holder.source_id} first"
            self.note(capture, Status.REJECTED, reason, why, url=draft.url, own=own, article=identity)
            return
        before = self._delivered.get(identity)
        if capture.role is Role.PAGE and before and words < _STUB and words * _SHRUNK < before.words:
            why = f"{words} words, where {before.words} stand"
            self.note(capture, Status.REJECTED, Reason.SHRUNK, why, url=draft.url, own=own, article=identity)
            return
        language = detect(text, draft.language or capture.origin.language)
        article = Article(
            article_id=identity,
            url=draft.url,
            canonical_url=draft.canonical,
            source_id=source_id,
            outlet=draft.outlet or capture.origin.outlet,
            title=draft.title,
            byline=draft.byline,
            published_at=draft.published_at,
            fetched_at=capture.fetched_at,
            language=language,
            text=text,
            word_count=words,
            content_hash=hashlib.sha256(text.encode()).hexdigest(),
        )
        if holder is not None and holder.article is not None:
            self._give_way(holder, source_id, identity, standing)
            self.articles[holder.article] = article
            place = holder.article
        else:
            self.articles.append(article)
            place = len(self.articles) - 1
        self._holders[identity] = _Holder(source_id, standing, place, len(self.log))
        self.note(capture, Status.ARTICLE, url=draft.url, own=own, article=identity)
        warnings = list(draft.warnings)
        if repaired:
            warnings.append((Reason.REPAIRED_TEXT, None))
        if language is None:
            warnings.append((Reason.UNKNOWN_LANGUAGE, None))
        for odd, detail in warnings:
            status = failure.http_status if failure is not None and failure.reason is odd else None
            self.note(capture, Status.WARNING, odd, detail, url=draft.url, article=identity, http_status=status)

    def _give_way(self, holder: _Holder, to: str, identity: str, standing: Standing) -> None:
        """What was an article is none any more: a source with better words has it."""
        assert holder.entry is not None  # it has an article
        entry = self.log[holder.entry]
        same = entry.source_id == to
        reason = Reason.DUPLICATE_URL_IN_SOURCE if same else Reason.DUPLICATE_URL_OTHER_SOURCE
        why = (
            f"{to} has {'the words of the page itself' if standing > Standing.TEASER else 'the words of its own site'}"
        )
        self.log[holder.entry] = replace(entry, status=Status.REJECTED, reason=reason, detail=why)
        for at in range(
            holder.entry + 1, len(self.log)
        ):  # its warnings are about another text than the one that stands
            later = self.log[at]
            if (later.article_id, later.source_id, later.url) != (identity, entry.source_id, entry.url):
                break
            self.log[at] = replace(later, article_id=None)

    def as_before(self, capture: Capture, outcome: Known, standing: Standing = Standing.OWN) -> None:
        """Close an input whose bytes an earlier day has judged."""
        if outcome.article_id is not None:
            self._holders.setdefault(outcome.article_id, _Holder(capture.origin.source_id, standing))
            self.note(capture, Status.UNCHANGED, own=True, article=outcome.article_id)
        else:
            reason = Reason(outcome.reason) if outcome.reason else None
            self.note(capture, Status.REJECTED, reason, outcome.detail, own=True)

    def damaged(self, capture: Capture, error: BlobDamaged) -> None:
        """Close an input whose bytes are gone."""
        self.note(capture, Status.FAILED, Reason.ARCHIVE_DAMAGED, str(error), own=True)

    def failed(self, failure: Failure, *, outlived: bool = False) -> None:
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

    def note(
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
