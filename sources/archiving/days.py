"""The index of a day: everything recorded, in order, and where.

What belongs here: reading a day's manifest, holding it against the day's WARC files, mending it, adding to it.
What does not: questions about what is in it (archive, past), and the WARC records (warc).

    root/manifests/captures-<day>.jsonl     a record a line: a Capture or a Failure, with the place of its WARC record

The WARC files are the truth.  A stretch of them that the manifest does not account for is read: after a power cut,
after the loss of the manifest.  Lines without a place are an older version's, whose bytes lie in files of their own:

    root/blobs/ab/abcd….gz
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar

from sources.archiving.records import Capture, Failure, Place, Record, from_json, place_from_json, to_json
from sources.archiving.warc import Entry, Headers, Stored, WarcFile, entries, warc_files
from sources.formats.frames import Broken

R = TypeVar("R", Capture, Failure)

_PREFIX: Final = "captures-"


@dataclass(slots=True)
class Day:
    """A day as it lies on disk, in order.

    `lines` tells for each entry where its line begins in the manifest (None: it is only in the WARC files).  `torn` are
    the numbers of unreadable lines, `damaged` says which stretches of WARC files cannot be read.  `heads` are the
    places of files' own first records.
    """

    entries: list[Entry] = field(default_factory=list)
    lines: list[int | None] = field(default_factory=list)
    heads: list[Place] = field(default_factory=list)
    torn: list[int] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    size: int = 0  # of the manifest, in bytes


@lru_cache(maxsize=256)  # asked for several times for each address of a run
def manifest_path(root: Path, day: dt.date) -> Path:
    """The index of a day."""
    return root / "manifests" / f"{_PREFIX}{day.isoformat()}.jsonl"


def manifest_size(root: Path, day: dt.date) -> int:
    """Its size in bytes; 0 when there is none."""
    try:
        return manifest_path(root, day).stat().st_size
    except FileNotFoundError:
        return 0


def archived_days(root: Path) -> tuple[dt.date, ...]:
    """Every day with a manifest or a WARC file, in order.  Other files and folders are not ours and not looked at."""
    names = [p.stem.removeprefix(_PREFIX) for p in (root / "manifests").glob(f"{_PREFIX}*.jsonl")]
    names += [p.name for p in (root / "warc").glob("*") if p.is_dir()]
    days = set()
    for name in names:
        with contextlib.suppress(ValueError):
            days.add(dt.date.fromisoformat(name))
    return tuple(sorted(day for day in days if manifest_path(root, day).exists() or warc_files(root, day)))


def read_day(root: Path, day: dt.date) -> Day:
    """Everything recorded for `day`.  When the manifest is missing it is made anew, if the disk can be written."""
    out = Day()
    path = manifest_path(root, day)
    missing = not path.exists()
    if not missing:
        _read_manifest(path, out)
    known = len(out.entries), len(out.heads)
    for name in warc_files(root, day):
        for start, end in _unaccounted(out, name, (root / name).stat().st_size):
            _read_warc(root, name, start, end, out)
    _in_order(out)
    if missing and known != (len(out.entries), len(out.heads)):
        with contextlib.suppress(OSError):  # a medium that can only be read is no reason not to read it
            _write_anew(path, out)
    return out


def _read_manifest(path: Path, out: Day) -> None:
    content = path.read_bytes()
    out.size = len(content)
    at = 0
    for number, line in enumerate(content.split(b"\n"), start=1):
        if line.strip():
            try:
                item = _from_line(line, len(out.entries))
            except (ValueError, KeyError, TypeError, AttributeError):
                out.torn.append(number)
            else:
                if isinstance(item, Place):
                    out.heads.append(item)
                else:
                    out.entries.append(item)
                    out.lines.append(at)
        at += len(line) + 1


def _read_warc(root: Path, name: str, start: int, end: int, out: Day) -> None:
    for item in entries(root, name, start, end):
        if isinstance(item, Broken):
            out.damaged.append(f"{name}, byte {item.offset}: {item.why}")
        elif isinstance(item, Place):
            out.heads.append(item)
        else:
            out.entries.append(item)
            out.lines.append(None)


def _unaccounted(day: Day, name: str, size: int) -> list[tuple[int, int]]:
    """The stretches of a WARC file of which the manifest says nothing."""
    places = [p for p in (*day.heads, *(e.at for e in day.entries)) if p is not None and p.file == name]
    out, at = [], 0
    for place in sorted(places):
        if place.offset > at:
            out.append((at, place.offset))
        at = max(at, place.offset + place.length)
    return [*out, (at, size)] if at < size else out


def _in_order(day: Day) -> None:
    order = sorted(range(len(day.entries)), key=lambda n: day.entries[n].number)
    day.entries = [day.entries[n] for n in order]
    day.lines = [day.lines[n] for n in order]


def _write_anew(path: Path, day: Day) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = b"".join([*(_head_line(head) for head in day.heads), *(_line(entry) for entry in day.entries)])
    passing = path.with_suffix(f".{os.getpid()}.part")
    try:
        with passing.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        passing.replace(path)
    finally:
        passing.unlink(missing_ok=True)
    sync_folder(path.parent)
    out = Day()
    _read_manifest(path, out)
    day.lines, day.size = out.lines, out.size


class Index:
    """What a day holds, ready for the question whether something is in it already."""

    def __init__(self, day: Day) -> None:
        self.size = day.size  # of the manifest that it was made from
        self.next = 0  # the number of the next record
        self.captures: dict[tuple[str, str, str], list[Capture]] = {}
        self.failures: dict[tuple[object, ...], Failure] = {}
        self.newest: dict[tuple[str, str], Capture] = {}
        self.by_hash: dict[str, list[Capture]] = {}
        for entry in day.entries:
            self.add(entry.record, entry.number)

    def add(self, record: Record, number: int) -> None:
        """Take in a further record, the `number`th of the day."""
        self.next = max(self.next, number + 1)
        if isinstance(record, Capture):
            self.captures.setdefault(record.key, []).append(record)
            self.newest[record.origin.source_id, record.url] = record
            self.by_hash.setdefault(record.sha256, []).append(record)
        else:
            self.failures.setdefault(record.key, record)


class DayWriter:
    """Adds to a day: a new WARC file, further lines of the manifest.

    What is added has reached the system at once, so that a crash of the process loses nothing; the disk after `sync`.
    """

    def __init__(self, root: Path, day: dt.date, known: Day) -> None:
        path = manifest_path(root, day)
        path.parent.mkdir(parents=True, exist_ok=True)
        self._manifest: BinaryIO = path.open("ab+")
        try:
            self._warc = WarcFile(root, day)
        except BaseException:
            self._manifest.close()
            raise
        self._dirty = True
        if self._manifest.seek(0, os.SEEK_END):
            self._manifest.seek(-1, os.SEEK_END)
            if self._manifest.read(1) != b"\n":  # the last line was torn by a power cut: start a new one
                self._manifest.write(b"\n")
        mended = [entry for entry, line in zip(known.entries, known.lines, strict=True) if line is None]
        self._append(b"".join([_head_line(self._warc.head), *map(_line, mended)]))
        for folder in (path.parent, (root / self._warc.name).parent, root / "warc", root):
            sync_folder(folder)

    @property
    def size(self) -> int:
        """The size of the manifest in bytes."""
        return self._manifest.tell()

    def add(
        self,
        record: R,
        number: int,
        *,
        content: bytes | None = None,
        headers: Headers = (),
        of: Stored | None = None,
    ) -> R:
        """Write `record`, the `number`th of its day; what stands is given back: with its place, if it has `content`."""
        self._dirty = True
        at = self._warc.add(record, number, content=content, headers=headers, of=of)
        if isinstance(record, Capture) and content is not None:
            record = replace(record, place=at)
        self._append(_line(Entry(record, number, at)))
        return record

    def sync(self) -> None:
        """Make everything that was added survive a power cut."""
        if self._dirty:
            self._warc.sync()
            os.fsync(self._manifest.fileno())
            self._dirty = False

    def close(self) -> None:
        """Sync and close."""
        try:
            self.sync()
        finally:
            self._warc.close()
            self._manifest.close()

    def _append(self, lines: bytes) -> None:
        self._manifest.write(lines)
        self._manifest.flush()


def read_line(root: Path, day: dt.date, at: int) -> Record:
    """The record whose line begins at byte `at` of the day's manifest.  Raises ValueError when that is none."""
    with manifest_path(root, day).open("rb") as file:
        file.seek(at)
        item = _from_line(file.readline(), 0)
    if isinstance(item, Place):
        raise ValueError("the line of a file")
    return item.record


def sync_folder(folder: Path) -> None:
    """Make a rename or a new file in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _line(entry: Entry) -> bytes:
    data: dict[str, Any] = to_json(entry.record) | {"number": entry.number, "at": entry.at}
    return json.dumps(data, ensure_ascii=True).encode() + b"\n"


def _head_line(head: Place) -> bytes:
    return json.dumps({"record": "file", "at": head}).encode() + b"\n"


def _from_line(line: bytes, position: int) -> Entry | Place:
    """An entry or a file's head; raises ValueError, KeyError, TypeError or AttributeError for anything else."""
    data = json.loads(line)
    at = data.pop("at", None)
    if data["record"] == "file":
        return place_from_json(at)
    number = data.pop("number", position)
    if not isinstance(number, int):
        raise TypeError("its number is none")
    return Entry(from_json(data), number, None if at is None else place_from_json(at))
