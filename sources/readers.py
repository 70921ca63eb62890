"""The fetch side: one reader a kind of source, each putting bytes into the archive.

What belongs here: which files and addresses make up a source, and noting what could not be got.
What does not: sockets (http), keeping bytes (archive), and making articles (articles).

    fetch_day(sources, archive, day, http=…, now=…, offline=…) -> list[LogEntry]

A source's fault never stops another source.  Failures go into the archive too, so that parsing a day again tells the
same story; what is returned is for the person who watches this run.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sources.archive import Archive, Capture, Failure, Origin, Role
from sources.catalog import Kind, Source
from sources.formats.drafts import PAGE_SUFFIXES
from sources.formats.feeds import parse_feed
from sources.formats.times import utc_now
from sources.http import MAX_BYTES, Fetcher, FetchError, HttpSettings, Request
from sources.log import LogEntry, Reason, Status
from sources.urls import file_url, without_secrets

TEXT_SUFFIXES: Final = (".txt", *PAGE_SUFFIXES)
MAX_LINES_BYTES: Final = 10 * MAX_BYTES  # an article file holds many articles


def fetch_day(
    sources: Iterable[Source],
    archive: Archive,
    day: dt.date,
    *,
    http: HttpSettings | None = None,
    now: Callable[[], dt.datetime] = utc_now,
    offline: bool = False,
) -> list[LogEntry]:
    """Fetch every enabled source into the archive under `day`; returns what happened, for the screen.

    `now` gives naive UTC.  `offline` replays: no socket and no file outside the archive is opened, and a source of
    which the archive has nothing for that day is a warning.
    """
    enabled = [source for source in sources if source.enabled]
    with Fetcher(http or HttpSettings()) as fetcher:
        run = _Run(archive, day, fetcher, now)
        for source in enabled:
            if offline:
                run.replay(source)
            else:
                run.fetch(source)
    return run.log


@dataclass(frozen=True, slots=True)
class _File:
    """A file of a source: its address, where it lies, and how large it may be."""

    url: str
    path: Path
    limit: int = MAX_BYTES


class _Run:
    """One fetch of one day."""

    def __init__(self, archive: Archive, day: dt.date, fetcher: Fetcher, now: Callable[[], dt.datetime]) -> None:
        self.archive = archive
        self.day = day
        self.fetcher = fetcher
        self.now = now
        self.log: list[LogEntry] = []

    def replay(self, source: Source) -> None:
        """Touch nothing; say what is missing."""
        manifest = self.archive.manifest(self.day)
        records = [c.origin for c in manifest.captures] + [f.origin for f in manifest.failures]
        if not any(origin.source_id == source.id for origin in records):
            self._say(_place(source), source.id, Status.WARNING, Reason.NOTHING_ARCHIVED)

    def fetch(self, source: Source) -> None:
        """Read one source.  What goes wrong with it is noted, whatever it is."""
        origin = Origin(source.id, source.kind, source.outlet, source.language)
        try:
            if source.kind is Kind.FOLDER:
                self._folder(source, origin)
            elif source.kind is Kind.JSONL:
                self._file(_File(_place(source), _path(source), MAX_LINES_BYTES), origin, Role.DOCUMENT)
            else:
                self._feed(source, origin)
        except Exception as error:  # a fault of ours or of the disk in one source must not cost the others their night
            self._fail(origin, _place(source), Reason.PARSER_FAILED, f"{type(error).__name__}: {error}"[:300])

    def _folder(self, source: Source, origin: Origin) -> None:
        root = _path(source)
        if not root.is_dir():
            self._fail(origin, _place(source), Reason.SOURCE_MISSING, "no such folder")
            return

        def unreadable(error: OSError) -> None:
            folder = Path(os.fsdecode(error.filename)).relative_to(root).as_posix()
            self._fail(origin, file_url(source.id, folder + "/"), Reason.UNREADABLE, error.strerror)

        for path in _files(root, unreadable):
            url = file_url(source.id, path.relative_to(root).as_posix())
            if path.suffix.casefold() in TEXT_SUFFIXES:
                self._file(_File(url, path), origin, Role.DOCUMENT)
            else:
                self._fail(origin, url, Reason.UNSUPPORTED_TYPE, path.suffix or "no suffix")

    def _file(self, file: _File, origin: Origin, role: Role) -> Capture | None:
        """Keep the bytes of a file, or note why not."""
        try:
            if not file.path.is_file():  # gone, a folder, or a pipe that would never end
                gone = not os.path.lexists(file.path)
                detail = "no such file" if gone else "not a regular file"
                self._fail(origin, file.url, Reason.SOURCE_MISSING if gone else Reason.UNREADABLE, detail)
                return None
            with file.path.open("rb") as stream:
                content = stream.read(file.limit)
        except OSError as error:
            self._fail(origin, file.url, Reason.UNREADABLE, error.strerror or type(error).__name__)
            return None
        if len(content) >= file.limit:
            self._fail(origin, file.url, Reason.TOO_LARGE, f"{file.limit} bytes or more")
            return None
        return self._keep(Capture(self.day, origin, role, file.url, "", 0, self.now()), content)

    def _feed(self, source: Source, origin: Origin) -> None:
        if source.url is None:
            capture = self._file(_File(_place(source), _path(source)), origin, Role.FEED)
        else:
            capture = self._get(Request(source.url, source.allow_private), origin, Role.FEED)
        if capture is None:
            return
        content = self.archive.read(capture)
        try:
            feed = parse_feed(content, capture.final_url or capture.url, capture.content_type, capture.fetched_at)
        except Exception:
            return  # the bytes are kept; parsing the day says what is wrong with them
        for url in dict.fromkeys(item.url for item in feed.items if item.needs_page and item.url is not None):
            # a page is fetched once a day, however often the day is run
            if not self.archive.has(self.day, source.id, without_secrets(url)):
                self._get(Request(url, source.allow_private), origin, Role.PAGE, parent=capture.url)

    def _get(self, request: Request, origin: Origin, role: Role, parent: str | None = None) -> Capture | None:
        """Keep what is at an address, or note why not."""
        shown = without_secrets(request.url)
        try:
            response = self.fetcher.get(request)
        except FetchError as error:
            self._fail(
                origin,
                shown,
                error.reason,
                error.detail,
                parent=parent,
                http_status=error.http_status,
                seconds=error.seconds,
            )
            return None
        capture = Capture(
            day=self.day,
            origin=origin,
            role=role,
            url=shown,
            sha256="",
            bytes=0,
            fetched_at=self.now(),
            content_type=response.content_type,
            final_url=without_secrets(response.final_url),
            parent_url=parent,
            http_status=response.http_status,
            seconds=round(response.seconds, 3),
        )
        return self._keep(capture, response.content)

    def _keep(self, capture: Capture, content: bytes) -> Capture:
        kept = self.archive.put(capture, content)
        self.log.append(
            LogEntry(
                fetch_day=self.day,
                source_id=kept.origin.source_id,
                url=kept.url,
                status=Status.DOCUMENT,
                bytes=kept.bytes,
                seconds=kept.seconds,
                http_status=kept.http_status,
                sha256=kept.sha256,
                logged_at=kept.fetched_at,
            )
        )
        return kept

    def _fail(
        self,
        origin: Origin,
        url: str,
        reason: Reason,
        detail: str | None,
        *,
        parent: str | None = None,
        http_status: int | None = None,
        seconds: float | None = None,
    ) -> None:
        """Note a failure in the archive; where the day already has the bytes, only tell the person who watches."""
        if self.archive.has(self.day, origin.source_id, url):
            told = f"{reason}: {detail}" if detail else str(reason)
            self._say(
                url, origin.source_id, Status.WARNING, Reason.FETCH_FAILED_REPLAYED, told, http_status=http_status
            )
            return
        failure = self.archive.note_failure(
            Failure(
                day=self.day,
                origin=origin,
                url=url,
                reason=reason,
                detail=detail,
                failed_at=self.now(),
                parent_url=parent,
                http_status=http_status,
                seconds=None if seconds is None else round(seconds, 3),
            )
        )
        self._say(url, origin.source_id, Status.FAILED, reason, detail, http_status=http_status, at=failure.failed_at)

    def _say(
        self,
        url: str,
        source_id: str,
        status: Status,
        reason: Reason,
        detail: str | None = None,
        *,
        http_status: int | None = None,
        at: dt.datetime | None = None,
    ) -> None:
        self.log.append(
            LogEntry(
                fetch_day=self.day,
                source_id=source_id,
                url=url,
                status=status,
                reason=reason,
                detail=detail,
                http_status=http_status,
                logged_at=at or self.now(),
            )
        )


def _place(source: Source) -> str:
    """The address of a source as a whole: its url, or the name of its file or folder without where that lies."""
    if source.url is not None:
        return without_secrets(source.url)
    return file_url(source.id, "" if source.kind is Kind.FOLDER else _path(source).name)


def _path(source: Source) -> Path:
    if source.path is None:
        raise ValueError(f"{source.id} has no path")
    return source.path


def _files(root: Path, unreadable: Callable[[OSError], None]) -> Iterator[Path]:
    """Every file under `root` in the order of its path, without hidden files and folders.

    Links to folders are not followed; a folder that cannot be listed goes to `unreadable`.
    """
    for folder, subfolders, names in os.walk(root, onerror=unreadable):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(folder) / name
