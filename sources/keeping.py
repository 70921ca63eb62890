"""What the fetching of a day puts into the archive, and what it tells the person who watches.

What belongs here: one way each to record bytes, bytes that still stand, and what could not be got.
What does not: what is asked for and when (readers), and how the archive keeps it (archive).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from sources.archive import Archive, Basis, Capture, Failure, Origin
from sources.http import Response
from sources.log import LogEntry, Reason, Status


class Keeper:
    """Records one fetch of `day`; `log` grows with it.  `now` gives naive UTC."""

    def __init__(self, archive: Archive, day: dt.date, now: Callable[[], dt.datetime]) -> None:
        self.archive = archive
        self.day = day
        self.now = now
        self.log: list[LogEntry] = []

    def again(
        self,
        earlier: Capture,
        origin: Origin,
        basis: Basis,
        *,
        parent: str | None = None,
        answer: Response | None = None,
    ) -> Capture:
        """Note that bytes of an earlier time still stand.  Raises BlobDamaged when they are gone."""
        stands = self.archive.again(
            earlier,
            day=self.day,
            basis=basis,
            at=self.now(),
            parent_url=parent,
            origin=origin,
            seconds=round(answer.seconds, 3) if answer else None,
            etag=answer.etag if answer else None,
            last_modified=answer.last_modified if answer else None,
            headers=answer.headers if answer else (),
        )
        self._tell(stands)
        return stands

    def keep(self, capture: Capture, content: bytes, headers: Iterable[tuple[str, str]] = ()) -> Capture:
        """Keep bytes that came."""
        kept = self.archive.put(capture, content, tuple(headers))
        self._tell(kept)
        return kept

    def _tell(self, kept: Capture) -> None:
        self.log.append(
            LogEntry(
                fetch_day=self.day,
                source_id=kept.origin.source_id,
                url=kept.url,
                status=Status.DOCUMENT,
                bytes=kept.bytes if kept.basis is Basis.FETCHED else None,
                seconds=kept.seconds,
                http_status=kept.http_status,
                sha256=kept.sha256,
                logged_at=kept.fetched_at,
            )
        )

    def fail(
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
            self.say(url, origin.source_id, Status.WARNING, Reason.FETCH_FAILED_REPLAYED, told, http_status=http_status)
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
        self.say(url, origin.source_id, Status.FAILED, reason, detail, http_status=http_status, at=failure.failed_at)

    def say(
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
        """Tell the person who watches, and nobody else."""
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
