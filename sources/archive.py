"""The archive: every fetched byte, hashed and kept as standard WARC before anything is parsed.

What belongs here: what is written and what not, and everything that may be asked of a day.
What does not: fetching (readers, http), parsing (articles), and how it lies on disk (archiving).

    root/warc/<day>/chancery-<day>-<nn>.warc.gz    the bytes and all that is known of them: the truth
    root/manifests/captures-<day>.jsonl            an index, made anew from the WARC files when it is missing

A day's records name everything that later steps need, so a day can be rebuilt without today's catalogue and without
the network.  One process writes at a time, from one thread; what it has written is seen by all at once.

Durability: each record is handed to the system when it is written, so that a crash of the process loses nothing.  It
is forced to the disk at most once a second, by `sync`, and when the archive is closed: at the end of a `with`, or else
when it is no longer used or the interpreter ends.  A power cut costs the last second, never what was there before.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import hashlib
import time
import weakref
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Final

from sources.archiving.days import DayWriter, Index, R, archived_days, manifest_size, read_day
from sources.archiving.past import Asked, Past
from sources.archiving.records import Basis, Capture, Failure, Origin, Place, Role, latest
from sources.archiving.warc import BlobDamaged, Headers, RecordTooLong, Stored, read_stored, stored_elsewhere

__all__ = [
    "LOOK_BACK",
    "Archive",
    "Asked",
    "Basis",
    "BlobDamaged",
    "Capture",
    "Failure",
    "Manifest",
    "Origin",
    "Place",
    "RecordTooLong",
    "Role",
    "latest",
]

LOOK_BACK: Final = 45  # days in which an earlier capture of an address is looked for
_SYNC_EVERY: Final = 1.0  # seconds
_HELD: Final = 3  # days that are held in memory whole


@dataclass(frozen=True, slots=True)
class Manifest:
    """A day as the archive knows it, in the order in which it came.

    `torn` are the numbers of unreadable lines of the index, `damaged` the stretches of WARC files that cannot be read.
    """

    day: dt.date
    captures: tuple[Capture, ...]
    failures: tuple[Failure, ...]
    torn: tuple[int, ...]
    damaged: tuple[str, ...] = ()


class Archive:
    """The bytes of every day under one folder, which is made on the first write."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._indexes: dict[dt.date, Index] = {}
        self._past: dict[dt.date, Past] = {}
        self._known_days: tuple[dt.date, ...] | None = None
        self._writers: dict[dt.date, DayWriter] = {}
        self._synced = time.monotonic()
        self._end = weakref.finalize(self, _close, self._writers)

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def sync(self) -> None:
        """Force everything written so far to the disk."""
        for writer in self._writers.values():
            writer.sync()
        self._synced = time.monotonic()

    def close(self) -> None:
        """Sync, and close what is open.  The archive can still be used: what is written next begins a new WARC file."""
        _close(self._writers)

    # writing

    def put(self, capture: Capture, content: bytes, headers: Headers = ()) -> Capture:
        """Keep `content` and record the capture; returns the record that stands (the first of equal ones this day).

        `capture.sha256`, `bytes`, `basis` and `place` are set here.  `headers` are the answer's, as received; those
        that carry secrets are left out.  Bytes that the archive holds already are referred to, after a look at whether
        they still are those bytes.  Raises RecordTooLong for addresses of many thousand characters.
        """
        digest = hashlib.sha256(content).hexdigest()
        capture = replace(capture, sha256=digest, bytes=len(content), basis=Basis.FETCHED, place=None)
        stands, capture = self._standing(capture)
        if stands is not None:
            return stands
        earlier = self.last(capture.origin.source_id, capture.url, before_or_on=capture.day, role=capture.role)
        held = self._index(capture.day).by_hash.get(digest, [])
        places = [c.place for c in (*reversed(held), earlier) if c is not None and c.sha256 == digest]
        for place in dict.fromkeys(places):
            if place is not None and (stored := self._stored(place, digest)) is not None:
                return self._write(replace(capture, place=place), headers=headers, of=stored)
        return self._write(replace(capture, basis=Basis.FETCHED, place=None), content=content, headers=headers)

    def again(
        self,
        earlier: Capture,
        *,
        day: dt.date,
        basis: Basis,
        at: dt.datetime,
        parent_url: str | None = None,
        origin: Origin | None = None,
        seconds: float | None = None,
        etag: str | None = None,
        last_modified: str | None = None,
        headers: Headers = (),
    ) -> Capture:
        """Record that an `earlier` capture still stands on `day`; returns the record that stands.

        `basis` is NOT_MODIFIED (the server said so, at `at`) or KEPT (it was not asked).  What is None is as it was
        earlier.  Raises BlobDamaged, and records nothing, when the earlier bytes are gone: they must be fetched again.
        """
        if basis is Basis.FETCHED:
            raise ValueError("bytes that were fetched are put, not noted again")
        place, stored = self._find(earlier)
        capture = replace(
            earlier,
            day=day,
            origin=origin or earlier.origin,
            fetched_at=at,
            parent_url=parent_url or earlier.parent_url,
            http_status=304 if basis is Basis.NOT_MODIFIED else None,
            seconds=seconds,
            etag=etag or earlier.etag,
            last_modified=last_modified or earlier.last_modified,
            basis=basis,
            place=place,
        )
        stands, capture = self._standing(capture)
        if stands is not None:
            return stands
        return self._write(replace(capture, place=place), headers=headers, of=stored)

    def note_failure(self, failure: Failure) -> Failure:
        """Record that something could not be got; returns the record that stands.

        The first failure of a day stands: what a server said is not replaced by the network being down later on.
        """
        known = self._index(failure.day).failures.get(failure.key)
        if known is not None:
            return known
        self._write(failure)
        return failure

    # asking

    def has(self, day: dt.date, source_id: str, url: str) -> bool:
        """Whether bytes of this source and address were captured on `day`."""
        return (source_id, url) in self._index(day).newest

    def last(self, source_id: str, url: str, *, before_or_on: dt.date, role: Role | None = None) -> Capture | None:
        """The newest capture of the address in the LOOK_BACK days up to a day; days are opened when they are needed."""
        for day in reversed(self._archived_days()):
            if day > before_or_on:
                continue
            if (before_or_on - day).days >= LOOK_BACK:
                break
            found: Capture | None
            if day in self._indexes:
                index = self._index(day)
                same_role = index.captures.get((source_id, role, url)) if role is not None else None
                found = same_role[-1] if same_role else index.newest.get((source_id, url)) if role is None else None
            else:
                found = self._past_day(day).last(source_id, url, role)
            if found is not None:
                return found
        return None

    def asked(self, day: dt.date) -> Mapping[str, Asked]:
        """By source, what became of its own address (one without a parent) on `day`.

        Sources that were not tried are missing, and those of the web on a day on which none could be reached.
        """
        return self._past_day(day).asked

    def manifest(self, day: dt.date) -> Manifest:
        """Everything recorded for `day`; empty when there is nothing.  What cannot be read is passed over and named."""
        read = read_day(self.root, day)
        self._hold(day, Index(read))  # its bytes will be asked for next
        records = [entry.record for entry in read.entries]
        return Manifest(
            day=day,
            captures=tuple(r for r in records if isinstance(r, Capture)),
            failures=tuple(r for r in records if isinstance(r, Failure)),
            torn=tuple(read.torn),
            damaged=tuple(read.damaged),
        )

    def days(self) -> tuple[dt.date, ...]:
        """Every day of which there is anything, in order."""
        return archived_days(self.root)

    def read(self, wanted: Capture | str) -> bytes:
        """The bytes of a capture, verified.  Raises BlobDamaged when they are gone or differ.

        A SHA-256 alone does too, at the price of looking for it from the newest day on.
        """
        return self._find(wanted)[1].content

    # within

    def _standing(self, capture: Capture) -> tuple[Capture | None, Capture]:
        """What stands already in place of `capture`, if anything does; and `capture` as it is to be written if not."""
        same_address = self._index(capture.day).captures.get(capture.key, [])
        equal = [c for c in same_address if c.sha256 == capture.sha256]
        # that it was not asked for no longer stands when it was
        asked = [c for c in equal if c.basis is not Basis.KEPT]
        equal = equal if capture.basis is Basis.KEPT and not asked else asked
        if not equal:
            return None, capture
        # the first time counts; the source's description is the newest one
        newest = same_address[-1]
        capture = replace(equal[0], origin=capture.origin, parent_url=capture.parent_url, place=newest.place)
        if newest == capture and self._stored(newest.place, newest.sha256) is not None:
            return newest, capture
        return None, capture

    def _find(self, wanted: Capture | str) -> tuple[Place | None, Stored]:
        """Sound bytes and their place, None for a file of an older version.  Raises BlobDamaged."""
        sha256 = wanted.sha256 if isinstance(wanted, Capture) else wanted
        tried: set[Place | None] = set()
        for place in self._places(wanted):
            if place not in tried:
                tried.add(place)
                stored = self._stored(place, sha256)
                if stored is not None:
                    if place is None and isinstance(wanted, Capture):
                        stored = stored_elsewhere(wanted, stored.content)
                    return place, stored
        raise BlobDamaged(f"{sha256}: gone, or other bytes")

    def _places(self, wanted: Capture | str) -> Iterator[Place | None]:
        """Where the bytes may lie, likely places first."""
        if isinstance(wanted, Capture):
            yield wanted.place
            yield None
            yield from (c.place for c in reversed(self._index(wanted.day).by_hash.get(wanted.sha256, [])))
            return
        for index in reversed(self._indexes.values()):
            yield from (c.place for c in reversed(index.by_hash.get(wanted, [])))
        yield None
        for day in reversed(self.days()):
            for capture in reversed(self.manifest(day).captures):
                if capture.sha256 == wanted:
                    yield capture.place

    def _stored(self, place: Place | None, sha256: str) -> Stored | None:
        """The bytes at a place; None when they are not those."""
        try:
            stored = read_stored(self.root, place) if place is not None else Stored(self._blob(sha256), "", "", "")
        except BlobDamaged:
            return None
        return stored if hashlib.sha256(stored.content).hexdigest() == sha256 else None

    def _blob(self, sha256: str) -> bytes:
        """What an older version kept under a hash.  Raises BlobDamaged."""
        try:
            return gzip.decompress((self.root / "blobs" / sha256[:2] / f"{sha256}.gz").read_bytes())
        except (OSError, EOFError, zlib.error) as error:
            raise BlobDamaged(f"{sha256}: {error.__class__.__name__}") from error

    def _index(self, day: dt.date) -> Index:
        index = self._indexes.get(day)
        if index is None or index.size != manifest_size(self.root, day):  # another archive has written to it
            index = Index(read_day(self.root, day))
            self._hold(day, index)
        return index

    def _hold(self, day: dt.date, index: Index) -> None:
        self._indexes.pop(day, None)
        self._indexes[day] = index
        for old in [d for d in self._indexes if d not in self._writers][:-_HELD]:
            del self._indexes[old]

    def _past_day(self, day: dt.date) -> Past:
        if day not in self._past:
            self._past[day] = Past(self.root, day)
        return self._past[day]

    def _archived_days(self) -> tuple[dt.date, ...]:
        """`days`, as they were at first and with those that were written to: asked for every address of a run."""
        if self._known_days is None:
            self._known_days = self.days()
        return self._known_days

    def _write(self, record: R, *, content: bytes | None = None, headers: Headers = (), of: Stored | None = None) -> R:
        day = record.day
        index = self._index(day)
        if day not in self._writers:
            self._writers[day] = DayWriter(self.root, day, read_day(self.root, day))
            self._known_days = None
        writer = self._writers[day]
        number = index.next
        try:
            record = writer.add(record, number, content=content, headers=headers, of=of)
        except OSError:
            # half a record may lie at the end of the file: nothing may come after it
            del self._writers[day]
            with contextlib.suppress(OSError):
                writer.close()
            raise
        index.add(record, number)
        index.size = writer.size
        self._past.pop(day, None)
        if time.monotonic() - self._synced >= _SYNC_EVERY:
            self.sync()
        return record


def _close(writers: dict[dt.date, DayWriter]) -> None:
    with contextlib.ExitStack() as stack:
        while writers:
            stack.callback(writers.popitem()[1].close)
