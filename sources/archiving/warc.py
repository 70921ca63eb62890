"""Records of the archive ↔ WARC 1.1 files that every web archiving tool reads.

What belongs here: which WARC record stands for what, and reading it back.  What does not: the index over them (days).

    root/warc/<day>/chancery-<day>-<nn>.warc.gz     one gzip member a record; a file belongs to the process that made it

    response    bytes from the web, decoded: what was so packed on the way has its header under x-archive-orig-…
    resource    the bytes of a file
    revisit     bytes that an earlier record holds: the server said so (server-not-modified), or they came again
                (identical-payload-digest)
    metadata    a failure; an address that was not asked again

Everything that the archive knows is in the record, as JSON: in the header Chancery-Record, or as the block of metadata.
So the files alone are enough.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO, Final
from urllib.parse import quote

from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser
from warcio.warcwriter import WARCWriter

from sources.archiving.records import Basis, Capture, Place, Record, from_json, to_json
from sources.formats.frames import Broken, Frame, frames
from sources.network.messages import kept_headers
from sources.urls import is_web, without_secrets

Headers = Iterable[tuple[str, str]]

FIELD: Final = "Chancery-Record"
# other readers hold a record's head up to 32 KiB: the JSON and two addresses must fit
MAX_JSON: Final = 20_000
_MAX_URI: Final = 4_000
_MAX_HTTP_HEAD: Final = 16_000
_MAX_METADATA: Final = 1_000_000
_NOT_MODIFIED: Final = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_ON_THE_WAY: Final = ("content-encoding", "transfer-encoding", "content-length")
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]+")
_SCHEME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_FILE: Final = re.compile(r"warc/\d{4}-\d\d-\d\d/chancery-\d{4}-\d\d-\d\d-(\d+)\.warc\.gz")


class BlobDamaged(Exception):
    """The bytes of a capture are gone or are no longer those bytes."""


class RecordTooLong(ValueError):
    """An address, or what is told of it, is longer than a WARC record's head may be."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes as a record holds them, and how other records refer to it; `record_id` is None outside WARC files."""

    content: bytes
    uri: str
    date: str
    digest: str
    record_id: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A record with its number in the day and the place of its own WARC record (None: from an older version)."""

    record: Record
    number: int
    at: Place | None


class WarcFile:
    """A new WARC file of a day.  What is added has reached the system when `add` returns, the disk after `sync`."""

    def __init__(self, root: Path, day: date) -> None:
        folder = root / "warc" / day.isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        number = max((file_number(name) for name in warc_files(root, day)), default=0)
        while True:
            number += 1
            self.name = f"warc/{day.isoformat()}/chancery-{day.isoformat()}-{number:02}.warc.gz"
            try:
                self._file: BinaryIO = (root / self.name).open("xb")
            except FileExistsError:  # another process was quicker
                continue
            break
        info = {"software": "Chancery", "format": "WARC File Format 1.1", "isPartOf": day.isoformat()}
        writer = _writer(io.BytesIO())
        self.head = self._write(writer.create_warcinfo_record(Path(self.name).name, info))

    def add(
        self, record: Record, number: int, *, content: bytes | None = None, headers: Headers = (), of: Stored | None
    ) -> Place:
        """Write `record`, the `number`th of its day, with its `content`, or with a reference to the bytes `of` another.

        Raises RecordTooLong, before anything is written.
        """
        return self._write(_warc_record(record, number, content, headers, of))

    def sync(self) -> None:
        """Make what was added survive a power cut."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file; `sync` comes before it."""
        self._file.close()

    def _write(self, record: Any) -> Place:
        packed = io.BytesIO()
        _writer(packed).write_record(record)
        offset = self._file.tell()
        self._file.write(packed.getbuffer())
        self._file.flush()
        return Place(self.name, offset, packed.tell())


def warc_files(root: Path, day: date) -> list[str]:
    """The WARC files of a day, named relative to `root`, in the order in which they were begun."""
    found = (p.relative_to(root).as_posix() for p in (root / "warc" / day.isoformat()).glob("*.warc.gz"))
    return sorted((name for name in found if _FILE.fullmatch(name)), key=file_number)


def file_number(name: str) -> int:
    """The number of a WARC file in its day."""
    match = _FILE.fullmatch(name)
    if match is None:
        raise ValueError(f"not a file of the archive: {name!r}")
    return int(match[1])


def read_stored(root: Path, place: Place) -> Stored:
    """The bytes in the record at `place`.  Raises BlobDamaged when there is no such record."""
    if not _FILE.fullmatch(place.file):
        raise BlobDamaged(f"not a file of the archive: {place.file[:100]!r}")
    try:
        with (root / place.file).open("rb") as raw:
            frame = next(frames(raw, limit=sys.maxsize, start=place.offset, end=place.offset + place.length), None)
    except OSError as error:
        raise BlobDamaged(f"{place.file}: {error.strerror}") from error
    if not isinstance(frame, Frame) or frame.block is None:
        why = frame.why if isinstance(frame, Broken) else "nothing there"
        raise BlobDamaged(f"{place.file}, byte {place.offset}: {why}")
    content = io.BytesIO(frame.block)
    if frame.header("WARC-Type") == "response":
        StatusAndHeadersParser([], verify=False).parse(content)
    return Stored(
        content=content.read(),
        uri=frame.header("WARC-Target-URI") or "",
        date=frame.header("WARC-Date") or "",
        digest=frame.header("WARC-Payload-Digest") or "",
        record_id=frame.header("WARC-Record-ID"),
    )


def stored_elsewhere(capture: Capture, content: bytes) -> Stored:
    """Bytes that no WARC file holds, as records may refer to them."""
    digest = "sha1:" + base64.b32encode(hashlib.sha1(content).digest()).decode()
    return Stored(content, target_uri(capture.url), _date(capture.fetched_at), digest)


def entries(root: Path, name: str, start: int = 0, end: int | None = None) -> Iterator[Entry | Place | Broken]:
    """What is written in a WARC file between two offsets: records; the place of its head; stretches that are damaged.

    The number of an entry is the one that it was written with.
    """
    with (root / name).open("rb") as raw:
        for frame in frames(raw, limit=_MAX_METADATA, start=start, end=end):
            if isinstance(frame, Broken):
                yield frame
                continue
            if frame.length is None:
                yield Broken(frame.offset, 0, "several records share a gzip member")
                continue
            at = Place(name, frame.offset, frame.length)
            kind = frame.header("WARC-Type")
            if kind == "warcinfo":
                yield at
                continue
            try:
                data = json.loads((frame.block if kind == "metadata" else frame.header(FIELD)) or "")
                number = data.pop("number")
                record = from_json(data)
            except (ValueError, KeyError, TypeError, AttributeError):
                yield Broken(frame.offset, frame.length, "a record that is not the archive's")
                continue
            if isinstance(record, Capture) and kind in ("response", "resource"):
                record = replace(record, place=at)
            yield Entry(record, int(number), at)


def target_uri(url: str) -> str:
    """`url` as a valid URI without a password; the exact one is in the JSON."""
    url = without_secrets(url)
    scheme = _SCHEME.match(url)
    if scheme is None:
        url = "urn:chancery:" + quote(url, safe="", errors="surrogatepass")
    else:
        rest = re.sub(r"%(?![0-9a-fA-F]{2})", "%25", url[scheme.end() :])
        rest, hash_sign, fragment = rest.partition("#")
        rest += hash_sign + fragment.replace("#", "%23")
        url = scheme[0].casefold() + quote(rest, safe="%/:@!$&'()*+,;=~?#" + _brackets(rest), errors="surrogatepass")
    if len(url) > _MAX_URI:
        return "urn:sha256:" + hashlib.sha256(url.encode()).hexdigest()
    return url


def _brackets(rest: str) -> str:
    """Square brackets are for the address of a host alone; one that has them keeps them."""
    return "[]" if rest.startswith("//[") and "[" not in rest[3:] and rest.count("]") == 1 else ""


def _warc_record(record: Record, number: int, content: bytes | None, headers: Headers, of: Stored | None) -> Any:
    writer = _writer(io.BytesIO())
    uri = target_uri(record.url)
    data = to_json(record) | {"number": number}
    if content is not None:
        data.pop("place", None)  # it is the record's own
    told = json.dumps(data, ensure_ascii=True)
    if not isinstance(record, Capture) or record.basis is Basis.KEPT:
        at = record.fetched_at if isinstance(record, Capture) else record.failed_at
        fields = {"WARC-Date": _date(at)}
        if of is not None and of.record_id is not None:
            fields["WARC-Refers-To"] = of.record_id
        return writer.create_warc_record(
            uri,
            "metadata",
            payload=io.BytesIO(_bounded(told, _MAX_METADATA).encode()),
            length=len(told),
            warc_content_type="application/json",
            warc_headers_dict=fields,
        )
    fields = {"WARC-Date": _date(record.fetched_at), FIELD: _bounded(told, MAX_JSON)}
    http = _http_headers(record, headers) if is_web(record.url) else None
    if content is not None:
        media_type = "" if http is not None else _CONTROL.sub(" ", record.content_type or "application/octet-stream")
        return writer.create_warc_record(
            uri,
            "resource" if http is None else "response",
            payload=io.BytesIO(content),
            length=len(content),
            warc_content_type=media_type,
            warc_headers_dict=fields,
            http_headers=http,
        )
    if of is None:
        raise ValueError("neither bytes nor a reference to them")
    revisit = writer.create_revisit_record(uri, of.digest, of.uri, of.date, http, fields)
    if record.basis is Basis.NOT_MODIFIED:
        revisit.rec_headers.replace_header("WARC-Profile", _NOT_MODIFIED)
    if of.record_id is not None:
        revisit.rec_headers.add_header("WARC-Refers-To", of.record_id)
    return revisit


def _bounded(told: str, limit: int) -> str:
    if len(told) > limit:
        raise RecordTooLong(f"{len(told)} characters tell of it, at most {limit} allowed")
    return told


def _http_headers(capture: Capture, headers: Headers) -> StatusAndHeaders:
    """The head of the answer as it fits the decoded body."""
    raw = [(name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in headers]
    kept: list[tuple[str, str]] = []
    room = _MAX_HTTP_HEAD
    for name, value in kept_headers(raw):
        room -= len(name) + len(value)
        if room > 0 and _TOKEN.fullmatch(name):
            orig = "x-archive-orig-" if name.casefold() in _ON_THE_WAY else ""
            kept.append((orig + name, _CONTROL.sub(" ", value).strip()))
    if capture.content_type and not any(name.casefold() == "content-type" for name, _ in kept):
        kept.append(("Content-Type", _CONTROL.sub(" ", capture.content_type).strip()))
    kept.append(("Content-Length", str(capture.bytes)))
    status = capture.http_status or 200
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = "Unknown"
    return StatusAndHeaders(f"{status} {phrase}", kept, protocol="HTTP/1.1")


def _writer(out: BinaryIO) -> WARCWriter:
    return WARCWriter(out, gzip=True, warc_version="1.1")


def _date(moment: datetime) -> str:
    return moment.isoformat() + "Z"
