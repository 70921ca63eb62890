"""The fetch side: which bytes make up a source, and putting them into the archive.

What belongs here: one way a kind of source, what is asked for, what is asked for again and what is not.
What does not: sockets and politeness (http), keeping bytes and failures (keeping), and making articles (articles).

    fetch_day(sources, archive, day, http=…, now=…, offline=…) -> list[LogEntry]

A source's fault never stops another source.  Failures go into the archive too, so that parsing a day again tells the
same story; what is returned is for the person who watches this run.

A page is fetched once.  On later days it is asked for with its validators (ETag, Last-Modified) for a week, since
outlets correct their articles; without validators it is asked for again only when its feed or sitemap says that it
changed.  Whatever is not fetched again stands in the day's manifest all the same, so that a day is whole by itself.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Final

from sources import files
from sources.archive import Archive, Basis, BlobDamaged, Capture, Origin, Role
from sources.backoff import history, resting
from sources.box import Box, BoxBroken, BoxFailure
from sources.catalog import Kind, Source
from sources.formats.links import MAX_SITEMAPS, Link, Links, Wanted, feed_links, listing_links, sitemap_links
from sources.formats.times import utc_now
from sources.formats.warc import WarcRefusal, read_warc
from sources.http import Fetcher, FetchError, HttpSettings, Request, Response
from sources.keeping import Keeper
from sources.log import LogEntry, Reason, Status
from sources.urls import to_ask, without_secrets

REVISITED: Final = dt.timedelta(days=7)  # how long a page is asked about again after it was first fetched
_ENTRY: Final = {Kind.FEED: Role.FEED, Kind.SITEMAP: Role.SITEMAP, Kind.LISTING: Role.LISTING}


def fetch_day(
    sources: Iterable[Source],
    archive: Archive,
    day: dt.date,
    *,
    http: HttpSettings | None = None,
    box: Box | None = None,
    now: Callable[[], dt.datetime] = utc_now,
    offline: bool = False,
    refused: Collection[tuple[str, str]] = (),
) -> list[LogEntry]:
    """Fetch every enabled source into the archive under `day`; returns what happened, for the screen.

    `now` gives naive UTC; feeds and lists of links are opened in `box`, by default one of its own.  `offline` replays:
    no socket and no file outside the archive is opened, and a source of which the archive has nothing for that day is a
    warning.  `refused`: (url, sha256) of pages that were walls, errors or empty when they were last read; for a week
    they are asked for again.
    """
    enabled = [source for source in sources if source.enabled]
    with Fetcher(http or HttpSettings()) as fetcher, nullcontext(box) if box is not None else Box() as opened:
        keeper = Keeper(archive, day, now)
        run = _Run(keeper, fetcher, opened, frozenset(refused))
        if offline:
            for source in enabled:
                run.replay(source)
        else:
            run.fetch(enabled)
    archive.sync()
    return keeper.log


@dataclass(frozen=True, slots=True)
class _Errand:
    """Why an address is asked for: whose it is, what it is to be, who named it, what is known of it already."""

    source: Source
    origin: Origin
    role: Role
    url: str  # as it is asked for; what is stored is without secrets
    parent: str | None = None
    depth: int = 0
    earlier: Capture | None = None
    anew: bool = False  # whatever is known of it

    @property
    def shown(self) -> str:
        """The address as it may be stored and shown."""
        return without_secrets(self.url)

    @property
    def key(self) -> tuple[str, bool]:
        """What is asked and with which permission: a source gets nothing that only another one may reach."""
        return self.url, self.source.allow_private

    @property
    def request(self) -> Request:
        """What to ask the network."""
        known = self.earlier
        moved = known is not None and known.final_url not in (None, known.url)
        return Request(
            self.url,
            allow_private=self.source.allow_private,
            etag=known.etag if known else None,
            last_modified=known.last_modified if known else None,
            validators_of=known.final_url if known and moved else None,
            delay=self.source.delay,
            tag=self,
        )


class _Run:
    """One fetch of one day."""

    def __init__(
        self,
        keeper: Keeper,
        fetcher: Fetcher,
        box: Box,
        refused: frozenset[tuple[str, str]],
    ) -> None:
        self.keeper = keeper
        self.archive = keeper.archive
        self.day = keeper.day
        self.fetcher = fetcher
        self.box = box
        self.refused = refused
        self._queue: deque[Request] = deque()
        self._followed: set[tuple[str, str]] = set()  # (source, address) of containers
        self._sitemaps: Counter[str] = Counter()  # source → sitemaps asked for, besides its own
        self._pages: Counter[tuple[str, bool]] = Counter()  # (source, whether known of old) → pages asked for
        # by the key of the errand: further errands to the same while it is under way, and what came of it in this run
        self._waiting: dict[tuple[str, bool], list[_Errand]] = {}
        self._got: dict[tuple[str, bool], Capture] = {}

    def replay(self, source: Source) -> None:
        """Touch nothing; say what is missing."""
        manifest = self.archive.manifest(self.day)
        records = [c.origin for c in manifest.captures] + [f.origin for f in manifest.failures]
        if not any(origin.source_id == source.id for origin in records):
            self.keeper.say(files.place(source), source.id, Status.WARNING, Reason.NOTHING_ARCHIVED)

    def fetch(self, sources: Iterable[Source]) -> None:
        """Read the sources.  What goes wrong with one is noted, whatever it is."""
        for source in sources:
            origin = Origin(source.id, source.kind, source.outlet, source.language, source.link_pattern)
            with self._blamed_on(origin, files.place(source)):
                self._begin(source, origin)
        if self._queue:
            self.box.warm()  # the first answers take as long as its start
        for request, outcome in self.fetcher.crawl(self._queue):
            first = request.tag
            assert isinstance(first, _Errand)
            for errand in (first, *self._waiting.pop(first.key, ())):
                with self._blamed_on(errand.origin, errand.shown):
                    self._arrived(errand, outcome, first.earlier)

    @contextmanager
    def _blamed_on(self, origin: Origin, url: str) -> Iterator[None]:
        """A fault of ours or of the disk in one source must not cost the others their night."""
        try:
            yield
        except BoxBroken:
            raise  # a fault of the installation, which no source is to blame for
        except Exception as error:
            # an error of the system names the file with its path on this machine
            told = error.strerror if isinstance(error, OSError) else error
            self.keeper.fail(origin, url, Reason.PARSER_FAILED, f"{type(error).__name__}: {told}"[:300])

    def _begin(self, source: Source, origin: Origin) -> None:
        if source.kind is Kind.WARC:
            self._web_archive(source, origin)
            return
        if source.url is None:
            for found in files.documents(source):
                if isinstance(found, files.Missing):
                    self.keeper.fail(origin, found.url, found.reason, found.detail)
                    continue
                role = Role.FEED if source.kind is Kind.FEED else Role.DOCUMENT
                capture = self.keeper.keep(
                    Capture(self.day, origin, role, found.url, "", 0, self.keeper.now()), found.content
                )
                if role is Role.FEED:
                    self._follow(_Errand(source, origin, role, found.url), capture)
            return
        errand = _Errand(source, origin, _ENTRY[source.kind], source.url)
        until = resting(history(self.archive, source.id, self.day), self.day)
        if until is not None:
            self.keeper.fail(origin, errand.shown, Reason.SOURCE_RESTING, f"asked again on {until}")
            return
        self._ask(errand)

    def _web_archive(self, source: Source, origin: Origin) -> None:
        """The pages in a WARC file of another tool, as if they came from the web at the time when it fetched them."""
        place = files.place(source)
        path = files.regular(source)
        if isinstance(path, files.Missing):
            self.keeper.fail(origin, place, path.reason, path.detail)
            return
        try:
            for found in read_warc(path):
                if isinstance(found, WarcRefusal):
                    url = found.url or f"{place}#{found.offset}"
                    status = found.http_status
                    self.keeper.fail(origin, url, found.reason, found.detail, parent=place, http_status=status)
                    continue
                page = Capture(
                    day=self.day,
                    origin=origin,
                    role=Role.PAGE,
                    url=found.url,
                    sha256="",
                    bytes=0,
                    fetched_at=found.fetched_at,
                    content_type=found.content_type,
                    parent_url=place,
                    http_status=found.http_status,
                )
                self.keeper.keep(page, found.content, found.headers)
        except OSError as error:
            self.keeper.fail(origin, place, Reason.UNREADABLE, error.strerror or type(error).__name__)

    def _ask(self, errand: _Errand) -> None:
        """Put an address in the queue, with what is known of it; twice the same address is one request."""
        if errand.key in self._waiting:
            self._waiting[errand.key].append(errand)
            return
        self._waiting[errand.key] = []
        self._queue.append(replace(errand, earlier=None if errand.anew else self._known(errand)).request)

    def _known(self, errand: _Errand) -> Capture | None:
        return self.archive.last(errand.source.id, errand.shown, before_or_on=self.day, role=errand.role)

    def _arrived(self, errand: _Errand, outcome: Response | FetchError, earlier: Capture | None) -> None:
        """Take an outcome; `earlier` is the capture whose validators went with the request."""
        if isinstance(outcome, FetchError):
            self.keeper.fail(
                errand.origin,
                errand.shown,
                outcome.reason,
                outcome.detail,
                parent=errand.parent,
                http_status=outcome.http_status,
                seconds=outcome.seconds,
            )
            self._stands(errand)
            return
        if outcome.not_modified:
            try:
                if earlier is None:
                    raise BlobDamaged("nothing was known")
                standing = replace(earlier, url=errand.shown)  # which may be another source's
                capture = self.keeper.again(
                    standing, errand.origin, Basis.NOT_MODIFIED, parent=errand.parent, answer=outcome
                )
            except BlobDamaged:
                self._ask(replace(errand, anew=True))
                return
        else:
            fetched = Capture(
                day=self.day,
                origin=errand.origin,
                role=errand.role,
                url=errand.shown,
                sha256="",
                bytes=0,
                fetched_at=self.keeper.now(),
                content_type=outcome.content_type,
                final_url=without_secrets(outcome.final_url),
                parent_url=errand.parent,
                http_status=outcome.http_status,
                seconds=round(outcome.seconds, 3),
                etag=outcome.etag,
                last_modified=outcome.last_modified,
            )
            capture = self.keeper.keep(fetched, outcome.content, outcome.headers)
        if errand.role is Role.PAGE:
            self._got[errand.key] = capture
        else:
            self._follow(errand, capture)

    def _follow(self, errand: _Errand, capture: Capture) -> None:
        """Ask for what a container leads to."""
        try:
            links = self._links(errand, capture)
        except (BlobDamaged, BoxFailure):
            return  # parsing the day says what is wrong with it
        self._followed.add((errand.source.id, errand.url))
        self._sitemaps_of(links, replace(errand, parent=capture.url, depth=errand.depth + 1, earlier=None))
        for link in links.pages:
            page = replace(errand, role=Role.PAGE, url=to_ask(link.url), parent=capture.url, earlier=None)
            self._page(page, link)

    def _sitemaps_of(self, links: Links, errand: _Errand) -> None:
        """Ask for the sitemaps that an index names, within bounds; `errand` is as theirs are, but for the address."""
        source_id = errand.source.id
        fresh = [
            child for child in links.children if (source_id, child.url) not in self._followed
        ]  # may name each other
        most = MAX_SITEMAPS[errand.depth - 1] if errand.depth <= len(MAX_SITEMAPS) else 0
        room = max(0, most - self._sitemaps[source_id])
        for child in fresh[:room]:
            self._followed.add((source_id, child.url))
            self._sitemaps[source_id] += 1
            self._ask(replace(errand, url=child.url))
        if left := fresh[room:]:
            why = f"at most {most} a run" if most else f"more than {len(MAX_SITEMAPS)} levels deep"
            detail = f"{len(left)} sitemaps left out: {why}"
            shown = without_secrets(left[0].url)
            self.keeper.fail(errand.origin, shown, Reason.POSTPONED, detail, parent=errand.parent)

    def _links(self, errand: _Errand, capture: Capture) -> Links:
        source = errand.source
        content = self.archive.read(capture)
        since = capture.fetched_at - dt.timedelta(days=source.newer_than_days)
        wanted = Wanted(source.link_pattern, since)
        address = capture.final_url or capture.url
        if errand.role is Role.FEED:
            return self.box.call(feed_links, content, address, capture.content_type, capture.fetched_at, wanted)
        if errand.role is Role.SITEMAP:
            return self.box.call(sitemap_links, content, address, capture.fetched_at, wanted)
        return self.box.call(listing_links, content, address, wanted)

    def _page(self, errand: _Errand, link: Link) -> None:
        """Ask for a page, unless what is known of it will do."""
        source = errand.source
        if self.archive.has(self.day, source.id, errand.shown):
            return  # a page is fetched once a day, however often the day is run
        known = self._got.get(errand.key) or self._known(errand)
        if known is not None and (errand.key in self._got or not self._may_differ(known, link)):
            try:
                self.keeper.again(known, errand.origin, Basis.KEPT, parent=errand.parent)
                return
            except BlobDamaged:
                errand = replace(errand, anew=True)
        asked = (source.id, known is not None)  # new pages are not to wait for those that are only looked at again
        if self._pages[asked] >= source.max_pages:
            if self._stands(errand):
                return
            detail = f"max_pages is {source.max_pages}"
            self.keeper.fail(errand.origin, errand.shown, Reason.POSTPONED, detail, parent=errand.parent)
            return
        self._pages[asked] += 1
        self._ask(errand)

    def _stands(self, errand: _Errand) -> bool:
        """Whether a page that could not be had is known of an earlier day, whose bytes then stand."""
        known = self._known(errand) if errand.role is Role.PAGE and not errand.anew else None
        if known is None or self.archive.has(self.day, errand.source.id, errand.shown):
            return False
        try:
            self.keeper.again(known, errand.origin, Basis.KEPT, parent=errand.parent)
        except BlobDamaged:
            return False
        return True

    def _may_differ(self, known: Capture, link: Link) -> bool:
        """Whether a page that is known is worth asking for again."""
        if link.changed_at is not None and link.changed_at > known.fetched_at:
            return True
        checkable = known.etag or known.last_modified or (known.url, known.sha256) in self.refused
        return bool(checkable) and self.day - known.stored_on < REVISITED
