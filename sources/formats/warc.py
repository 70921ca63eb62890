"""WARC files of other tools → the pages in them.

What belongs here: which records are pages, and their bytes as a browser would have had them.
What does not: finding the records in the file (frames), what a page says (pages), and our own archive.

    read_warc(path or stream) -> WarcPage or WarcRefusal, in the order of the file

Pages are `response` and `resource` records of http, https and file addresses.  Everything else tells about a crawl, or
repeats: warcinfo, request, metadata, conversion and continuation records, addresses such as dns:, urn: and metadata:,
and robots.txt.  These are passed over, as is a `revisit` of bytes that the file holds of the same address.  Where
another record has them, the page is refused: nothing that was fetched may vanish unseen.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeadersParser

from sources.formats.frames import Broken, Frame, first, frames, is_warc
from sources.formats.times import read_time
from sources.log import Reason
from sources.network.bodies import BodyError, Decoder
from sources.network.messages import MAX_BYTES
from sources.urls import is_web, without_secrets

_KINDS: Final = ("response", "resource")
_READ: Final = ("gzip", "x-gzip", "deflate")
# a body travels in chunks, each with a line of its own, below a head
_ON_TOP: Final = 1_000_000
_MAX_HEAD: Final = 262_144
_STATUS_LINE: Final = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})(?:[ \r\n]|\Z)")
_HEAD_END: Final = re.compile(rb"\r?\n\r?\n")
_CHUNK: Final = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\n]*)?\r?\n")
_LINE_END: Final = re.compile(rb"\r?\n")
_DIGEST: Final = re.compile(r"(sha-?1|sha-?256|sha-?512|md5):([0-9A-Za-z+/=_-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WarcPage:
    """A page out of a WARC file.  `fetched_at` is naive UTC; `http_status` and `headers` are a response's.

    `truncated` is the reason (length, time, disconnect …) for which the tool that wrote the file kept only the start.
    """

    url: str
    content: bytes
    content_type: str | None
    fetched_at: dt.datetime
    http_status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    truncated: str | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class WarcRefusal:
    """A record that is no page, and why; `url` is empty where no record, or none with an address, could be read."""

    url: str
    reason: Reason
    detail: str | None = None
    http_status: int | None = None
    fetched_at: dt.datetime | None = None
    offset: int = 0


class _Refused(Exception):
    def __init__(self, reason: Reason, detail: str, status: int | None = None) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
        self.status = status


def read_warc(source: Path | BinaryIO, *, max_bytes: int = MAX_BYTES) -> Iterator[WarcPage | WarcRefusal]:
    """The pages of a WARC file (plain or gzip, whatever its members), and what is none and why.

    `max_bytes` bounds a page, packed and unpacked: one of as many bytes or more is refused unread.  A stream must be
    seekable and stays open.  A damaged record costs nothing but itself.  Raises OSError when the file cannot be read.
    """
    with source.open("rb") if isinstance(source, Path) else nullcontext(source) as raw:
        empty = True
        held: set[tuple[str | None, str | None]] = set()  # addresses and digests of payloads
        for frame in frames(raw, limit=max_bytes + _ON_TOP):
            if isinstance(frame, Broken):
                all_of_it = empty and frame.offset + frame.length >= raw.seek(0, io.SEEK_END)
                reason = Reason.NOT_A_WARC if all_of_it and not is_warc(raw) else Reason.RECORD_DAMAGED
                yield WarcRefusal("", reason, f"byte {frame.offset}: {frame.why}", offset=frame.offset)
            elif (frame.header("WARC-Type") or "").casefold() in _KINDS:
                held.add((_target(frame), _payload(frame)))
                outcome = _page(frame, max_bytes)
                if outcome is not None:
                    yield outcome
            elif (frame.header("WARC-Type") or "").casefold() == "revisit":
                url, digest = _target(frame), _payload(frame)
                if url is not None and (digest is None or (url, digest) not in held):
                    yield WarcRefusal(url, Reason.NOT_HELD, fetched_at=_moment(frame), offset=frame.offset)
            empty = False
        if empty:
            yield WarcRefusal("", Reason.EMPTY)


def _payload(frame: Frame) -> str | None:
    return (frame.header("WARC-Payload-Digest") or "").strip() or None


def _moment(frame: Frame) -> dt.datetime | None:
    return read_time(frame.header("WARC-Date"))


def _target(frame: Frame) -> str | None:
    """The address of a page; None for what is none."""
    url = (frame.header("WARC-Target-URI") or "").strip().removeprefix("<").removesuffix(">")
    if not (is_web(url) or url.casefold().startswith("file:")) or (is_web(url) and urlsplit(url).path == "/robots.txt"):
        return None
    return without_secrets(url)


def _page(frame: Frame, max_bytes: int) -> WarcPage | WarcRefusal | None:
    url = _target(frame)
    if url is None:
        return None
    fetched_at = _moment(frame)
    try:
        if fetched_at is None:
            raise _Refused(Reason.RECORD_DAMAGED, f"WARC-Date is {(frame.header('WARC-Date') or '')[:40]!r}")
        if frame.header("WARC-Segment-Number") is not None:
            raise _Refused(Reason.UNSUPPORTED_TYPE, "a record in several segments")
        if frame.block is None:
            raise _Refused(Reason.TOO_LARGE, f"{frame.size} bytes, fewer than {max_bytes} allowed")
        _check_digest(frame.block, frame.header("WARC-Block-Digest"))
        status: int | None = None
        headers: tuple[tuple[str, str], ...] = ()
        content, content_type = frame.block, frame.header("Content-Type")
        if (frame.header("WARC-Type") or "").casefold() == "response":
            status, headers, content = _answer(frame.block, max_bytes)
            content_type = first(headers, "Content-Type")
        if len(content) >= max_bytes:
            raise _Refused(Reason.TOO_LARGE, f"{max_bytes} bytes or more", status)
    except _Refused as refused:
        return WarcRefusal(url, refused.reason, refused.detail, refused.status, fetched_at, frame.offset)
    truncated = frame.header("WARC-Truncated")
    return WarcPage(url, content, content_type, fetched_at, status, headers, truncated, frame.offset)


def _answer(block: bytes, max_bytes: int) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """Status, headers and decoded body of a response."""
    line = _STATUS_LINE.match(block)
    if line is None:
        raise _Refused(Reason.PROTOCOL_ERROR, "the response does not begin with an HTTP status")
    status = int(line[1])
    reason = Reason.of_status(status)
    if reason is not None:
        raise _Refused(reason, f"status {status}", status)
    end = _HEAD_END.search(block)
    head, body = (block[: end.end()], block[end.end() :]) if end else (block, b"")
    if len(head) > _MAX_HEAD:
        raise _Refused(Reason.PROTOCOL_ERROR, "the head of the response does not end", status)
    parsed = StatusAndHeadersParser([], verify=False).parse(io.BytesIO(head))
    headers = tuple((str(name), str(value)) for name, value in parsed.headers)
    if "chunked" in (first(headers, "Transfer-Encoding") or "").casefold():
        body = _joined(body)
    try:
        body = _decoded(body, first(headers, "Content-Encoding") or "", max_bytes)
    except BodyError as error:
        raise _Refused(Reason.PROTOCOL_ERROR, str(error), status) from None
    return status, headers, body


def _joined(body: bytes) -> bytes:
    """The chunks of a body put together; a body that has none, since many tools put them together, is as it is."""
    out: list[bytes] = []
    at = 0
    while (size := _CHUNK.match(body, at)) is not None:
        length = int(size[1], 16)
        if not length:
            return b"".join(out)
        out.append(body[size.end() : size.end() + length])
        at = size.end() + length
        end = _LINE_END.match(body, at)
        if end is None:
            break  # the last chunk was cut off, or this was text that looked like a size
        at = end.end()
    return b"".join(out) if out and at >= len(body) else body


def _decoded(body: bytes, encoding: str, max_bytes: int) -> bytes:
    """The body unpacked.  One that is plain in spite of its header is as it is: some tools unpack and keep the header.

    Raises BodyError, or _Refused as soon as it grows too large.
    """
    packed = [name for part in encoding.split(",") if (name := part.strip().casefold()) not in ("", "identity")]
    if not packed or _is_plain(body, packed[-1]):
        return body
    if packed[-1] not in _READ:
        raise _Refused(Reason.UNSUPPORTED_TYPE, f"a body that is packed as {packed[-1][:20]!r}", 200)
    decoder = Decoder(encoding)
    out = bytearray()
    for piece in decoder.chunks(body):
        out += piece
        if len(out) >= max_bytes:
            raise _Refused(Reason.TOO_LARGE, f"{max_bytes} bytes or more", 200)
    return bytes(out)


def _is_plain(body: bytes, packed: str) -> bool:
    if "gzip" in packed:
        return not body.startswith(b"\x1f\x8b")
    try:
        return "\0" not in body.decode()  # what is packed is never text
    except UnicodeDecodeError:
        return False


def _check_digest(block: bytes, written: str | None) -> None:
    """Raises _Refused for bytes that are not those that were written.  A digest of an unknown kind tells nothing."""
    match = _DIGEST.fullmatch((written or "").strip())
    if match is None:
        return
    digest = hashlib.new(match[1].casefold().replace("-", ""), block, usedforsecurity=False).digest()
    told = match[2].casefold().rstrip("=")
    ways = (digest.hex(), base64.b32encode(digest).decode(), base64.b64encode(digest).decode())
    if told not in [way.casefold().rstrip("=") for way in ways]:
        raise _Refused(Reason.RECORD_DAMAGED, "the bytes do not match their digest")
