"""The archive: every fetched byte, hashed and kept before anything is parsed.

What belongs here: blobs by SHA-256, and a day's append-only manifest of what was captured and what failed.
What does not: fetching (readers, http) and parsing (articles).

    root/blobs/ab/abcd….gz                 the bytes, once each, whatever day or source they came from
    root/manifests/captures-<day>.jsonl    one record a line: a Capture or a Failure, in the order in which they came

A day's manifest names everything that later steps need, so a day can be rebuilt without today's catalogue and without
the network.  One process writes at a time.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from sources.catalog import Kind
from sources.log import Reason


class Role(StrEnum):
    """What a capture is to its source."""

    DOCUMENT = "document"  # a file: an article (folder) or many (jsonl)
    FEED = "feed"
    PAGE = "page"  # a page that a feed links to


@dataclass(frozen=True, slots=True)
class Origin:
    """The source as it was at the time of the capture, so that a day replays without the catalogue."""

    source_id: str
    kind: Kind
    outlet: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """Bytes that were got: where, when, and under which hash they are kept.  `fetched_at` is naive UTC."""

    day: dt.date
    origin: Origin
    role: Role
    url: str
    sha256: str
    bytes: int
    fetched_at: dt.datetime
    content_type: str | None = None
    final_url: str | None = None
    parent_url: str | None = None
    http_status: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Bytes that could not be got, and why.  Superseded by a capture of the same source and url on the same day."""

    day: dt.date
    origin: Origin
    url: str
    reason: Reason
    detail: str | None
    failed_at: dt.datetime
    parent_url: str | None = None
    http_status: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """A day as the archive knows it, in the order in which it came; `torn` are the numbers of unreadable lines."""

    day: dt.date
    captures: tuple[Capture, ...]
    failures: tuple[Failure, ...]
    torn: tuple[int, ...]


class BlobDamaged(Exception):
    """The bytes under a hash are gone or are no longer those bytes."""


class _Index:
    """What a day's manifest holds, ready for the question whether something is in it already."""

    def __init__(self, records: Iterable[Capture | Failure]) -> None:
        self.captures: dict[tuple[str, str, str], list[Capture]] = {}
        self.failures: dict[tuple[object, ...], Failure] = {}
        self.captured: set[tuple[str, str]] = set()
        for record in records:
            self.add(record)

    def add(self, record: Capture | Failure) -> None:
        if isinstance(record, Capture):
            self.captures.setdefault(_place(record), []).append(record)
            self.captured.add((record.origin.source_id, record.url))
        else:
            self.failures.setdefault(_complaint(record), record)


class Archive:
    """The bytes of every day under one folder, which is made on the first write."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._days: dict[dt.date, _Index] = {}

    def put(self, capture: Capture, content: bytes) -> Capture:
        """Keep `content` and record the capture; returns the record that stands (the first of equal ones this day).

        `capture.sha256` and `capture.bytes` are set here from the content.
        """
        capture = replace(capture, sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
        self._write_blob(capture.sha256, content)
        same_place = self._index(capture.day).captures.get(_place(capture), [])
        same_bytes = [c for c in same_place if c.sha256 == capture.sha256]
        if same_bytes:
            # the first time counts; the source's description is the newest one
            capture = replace(same_bytes[0], origin=capture.origin, parent_url=capture.parent_url)
            if same_place[-1] == capture:
                return capture
        self._append(capture)
        return capture

    def note_failure(self, failure: Failure) -> Failure:
        """Record that something could not be got; returns the record that stands.

        The first failure of a day stands: what a server said is not replaced by the network being down later on.
        """
        known = self._index(failure.day).failures.get(_complaint(failure))
        if known is not None:
            return known
        self._append(failure)
        return failure

    def has(self, day: dt.date, source_id: str, url: str) -> bool:
        """Whether bytes of this source and address were captured on `day`."""
        return (source_id, url) in self._index(day).captured

    def manifest(self, day: dt.date) -> Manifest:
        """Everything recorded for `day`; empty when there is nothing.  Unreadable lines are passed over and named."""
        records, torn = self._read(day)
        return Manifest(
            day=day,
            captures=tuple(r for r in records if isinstance(r, Capture)),
            failures=tuple(r for r in records if isinstance(r, Failure)),
            torn=tuple(torn),
        )

    def days(self) -> tuple[dt.date, ...]:
        """Every day that has a manifest, in order."""
        names = (p.stem.removeprefix("captures-") for p in self._manifests.glob("captures-*.jsonl"))
        return tuple(sorted(dt.date.fromisoformat(name) for name in names))

    def read(self, sha256: str) -> bytes:
        """The bytes under `sha256`, verified.  Raises BlobDamaged when they are gone or differ."""
        try:
            content = gzip.decompress(self._blob(sha256).read_bytes())
        except (OSError, EOFError, zlib.error) as error:
            raise BlobDamaged(f"{sha256}: {error.__class__.__name__}") from error
        if hashlib.sha256(content).hexdigest() != sha256:
            raise BlobDamaged(f"{sha256}: other bytes")
        return content

    @property
    def _manifests(self) -> Path:
        return self.root / "manifests"

    def _manifest_path(self, day: dt.date) -> Path:
        return self._manifests / f"captures-{day.isoformat()}.jsonl"

    def _blob(self, sha256: str) -> Path:
        return self.root / "blobs" / sha256[:2] / f"{sha256}.gz"

    def _write_blob(self, sha256: str, content: bytes) -> None:
        """Write under a passing name, then rename: a blob is whole or not there.  A damaged one is replaced."""
        target = self._blob(sha256)
        if target.exists():
            with contextlib.suppress(BlobDamaged):
                self.read(sha256)
                return
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".part", delete=False) as part:
            try:
                part.write(gzip.compress(content, compresslevel=6, mtime=0))
                part.flush()
                os.fsync(part.fileno())
                Path(part.name).replace(target)
            except BaseException:
                Path(part.name).unlink(missing_ok=True)
                raise
        _sync_folder(target.parent)

    def _index(self, day: dt.date) -> _Index:
        if day not in self._days:
            self._days[day] = _Index(self._read(day)[0])
        return self._days[day]

    def _read(self, day: dt.date) -> tuple[list[Capture | Failure], list[int]]:
        records: list[Capture | Failure] = []
        torn: list[int] = []
        path = self._manifest_path(day)
        if path.exists():
            for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
                if line.strip():
                    try:
                        records.append(_from_json(json.loads(line)))
                    except (ValueError, KeyError, TypeError):
                        torn.append(number)
        return records, torn

    def _append(self, record: Capture | Failure) -> None:
        index = self._index(record.day)
        path = self._manifest_path(record.day)
        path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps(_to_json(record), ensure_ascii=True).encode() + b"\n"
        with path.open("ab+") as file:
            if file.tell():
                file.seek(-1, os.SEEK_END)
                if file.read(1) != b"\n":  # the last line was torn by a power cut: start a new one
                    line = b"\n" + line
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        _sync_folder(path.parent)
        index.add(record)


def latest(captures: Iterable[Capture]) -> list[Capture]:
    """The newest capture of each (source, role, url), in the order in which these first came."""
    newest: dict[tuple[str, str, str], Capture] = {}
    for capture in captures:
        newest[_place(capture)] = capture
    return list(newest.values())


def _place(capture: Capture) -> tuple[str, str, str]:
    return capture.origin.source_id, capture.role, capture.url


def _complaint(failure: Failure) -> tuple[object, ...]:
    return failure.origin, failure.url, failure.parent_url


def _sync_folder(folder: Path) -> None:
    """Make a rename or a new file in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _to_json(record: Capture | Failure) -> dict[str, Any]:
    out: dict[str, Any] = {"record": type(record).__name__.casefold()}
    for key, value in asdict(record).items():
        out[key] = value.isoformat() if isinstance(value, dt.date) else value
    return out


def _from_json(data: dict[str, Any]) -> Capture | Failure:
    """A record back from its line; an unknown, missing or malformed field is a ValueError, KeyError or TypeError."""
    record = data.pop("record")
    data["day"] = dt.date.fromisoformat(data["day"])
    origin = data["origin"]
    data["origin"] = Origin(**{**origin, "kind": Kind(origin["kind"])})
    if record == "capture":
        data["role"] = Role(data["role"])
        data["fetched_at"] = dt.datetime.fromisoformat(data["fetched_at"])
        return Capture(**data)
    if record == "failure":
        data["reason"] = Reason(data["reason"])
        data["failed_at"] = dt.datetime.fromisoformat(data["failed_at"])
        return Failure(**data)
    raise ValueError(f"unknown record {record!r}")
