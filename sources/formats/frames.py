"""WARC files → their records, one at a time, whatever state the file is in.

What belongs here: packing (gzip members), where a record begins and ends, and going on after a damaged one.
What does not: what a record means (warc, and the archive).

    frames(raw, limit=…) -> Frame or Broken, in the order of the file

Nothing is believed that the file says about its own sizes: no line, head or block longer than its bound is ever held.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from warcio.statusandheaders import StatusAndHeadersParser

MAX_HEAD: Final = 65_536  # bytes of a record's head
_STEP: Final = 65_536
_GZIP: Final = b"\x1f\x8b\x08"
_FIRST_LINE: Final = re.compile(rb"WARC/(?:0\.1[78]|1\.[01])\s*")
_LENGTH: Final = re.compile(r"\d{1,15}")
# deflate can turn a byte into a thousand; text never is that even
_UNPACKS_TO: Final = 200
_UNPACKED_FREELY: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Frame:
    """A record.  `offset` is where it, or the gzip member that holds it, begins in the file.

    `length` is how many bytes of the file are the record's alone, None when a member holds several records.  `block` is
    None when its `size` is above the limit that was asked for.
    """

    offset: int
    length: int | None
    headers: tuple[tuple[str, str], ...]
    block: bytes | None
    size: int

    def header(self, name: str) -> str | None:
        """The first value of a header, whatever the case of its name."""
        return first(self.headers, name)


@dataclass(frozen=True, slots=True)
class Broken:
    """A stretch of the file that cannot be read as a record, and why."""

    offset: int
    length: int
    why: str


class _BadRecord(Exception):
    """The unpacked bytes are no record; the packing is sound."""


class _BadPacking(Exception):
    """The packing is damaged or ends too soon."""


class _Bomb(Exception):
    """The file unpacks to far more than any real one."""


def first(headers: tuple[tuple[str, str], ...], name: str) -> str | None:
    """The first value of the header `name`, whatever its case."""
    wanted = name.casefold()
    return next((value for key, value in headers if key.casefold() == wanted), None)


def is_warc(raw: BinaryIO) -> bool:
    """Whether the file begins as a WARC file does, plain or packed."""
    try:
        return _Unpacked(raw, 0, raw.seek(0, io.SEEK_END)).startswith(b"WARC/")
    except _BadPacking:
        return False


def frames(raw: BinaryIO, *, limit: int, start: int = 0, end: int | None = None) -> Iterator[Frame | Broken]:
    """The records of a WARC file, plain or packed, from `start` to `end` (offsets in the file; None: its end).

    `raw` must be seekable.  Blocks up to `limit` bytes are given; of longer ones only the size.  A damaged stretch is
    a Broken, after which reading goes on with the next record that can be found.
    """
    size = raw.seek(0, io.SEEK_END)
    data = _Unpacked(raw, start, size if end is None else min(end, size))
    while True:
        begun: int | None = None
        try:
            if not data.to_something():
                return
            begun = data.offset
            yield _frame(data, limit)
        except _BadRecord as error:
            assert begun is not None  # only a record can be a bad one
            try:
                stopped = data.to_next_record(begun)
            except _BadPacking:
                stopped = data.to_next_member(data.member + 1)
            yield Broken(begun, stopped - begun, str(error))
        except _BadPacking as error:
            begun = data.member
            stopped = data.to_next_member(begun + 1)
            yield Broken(begun, stopped - begun, str(error))
        except _Bomb as error:
            yield Broken(data.member, data.end - data.member, str(error))
            return


def _frame(data: _Unpacked, limit: int) -> Frame:
    offset, alone = data.offset, data.at_member_start
    headers = _head(data)
    length = first(headers, "Content-Length") or ""
    if not _LENGTH.fullmatch(length):
        raise _BadRecord(f"its length is {length[:40]!r}")
    size = int(length)
    block = bytearray()
    for piece in data.take(size):
        if size <= limit:
            block += piece
    sound = data.startswith(b"\r\n\r\n")
    ended = data.skip_line_ends()
    if not (sound or ended or data.startswith(b"WARC/")):
        raise _BadRecord("it does not end where its length says")
    whole = (ended if data.packed else True) and alone
    return Frame(
        offset=offset,
        length=data.offset_of_rest - offset if whole else None,
        headers=headers,
        block=bytes(block) if size <= limit else None,
        size=size,
    )


def _head(data: _Unpacked) -> tuple[tuple[str, str], ...]:
    line = data.line(MAX_HEAD)
    if not _FIRST_LINE.fullmatch(line):
        raise _BadRecord("no record begins here")
    head = bytearray(line)
    while line.strip():
        line = data.line(MAX_HEAD - len(head))
        head += line
    return tuple((str(k), str(v)) for k, v in StatusAndHeadersParser([], verify=False).parse(io.BytesIO(head)).headers)


class _Unpacked:
    """The plain bytes of a file, member after member; a file that is not packed is a single member."""

    def __init__(self, raw: BinaryIO, start: int, end: int) -> None:
        self._raw = raw
        self._start = start
        self.end = end
        raw.seek(start)
        self.packed = raw.read(2) == _GZIP[:2]
        self._unpacked = 0
        self._begin(start)

    def _begin(self, offset: int) -> None:
        self.member = offset
        self._raw.seek(offset)
        self._at = offset  # in the file: up to where it is read
        self._zip = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._packed_rest = b""
        self._buffer = bytearray()
        self._taken = 0  # plain bytes of this member that were given out

    @property
    def at_member_start(self) -> bool:
        """Whether nothing of the current member was given out; always so in a file that is not packed."""
        return not self.packed or self._taken == 0

    @property
    def offset(self) -> int:
        """Where the next byte lies in the file: itself, or its member."""
        return self.member if self.packed else self.member + self._taken

    @property
    def offset_of_rest(self) -> int:
        """Where in the file that begins which is not yet given out, between members."""
        if not self.packed:
            return self.offset
        return self._at - len(self._zip.unused_data)

    def startswith(self, prefix: bytes) -> bool:
        """Whether the next bytes are `prefix`."""
        while len(self._buffer) < len(prefix) and self._more():
            pass
        return self._buffer.startswith(prefix)

    def to_something(self) -> bool:
        """Go on to the next byte that is no line end; False at the end of the file."""
        while self.skip_line_ends():
            if not self._next_member():
                return False
        return True

    def skip_line_ends(self) -> bool:
        """Pass over line ends; True when the member is then at its end."""
        while True:
            rest = self._buffer.lstrip(b"\r\n")
            self._drop(len(self._buffer) - len(rest))
            if self._buffer:
                return False
            if not self._more():
                return True

    def line(self, limit: int) -> bytes:
        """The next line with its end.  A longer one, or one without an end, is a _BadRecord."""
        searched = 0
        while (found := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            if searched > limit:
                raise _BadRecord("its head is too long")
            if not self._more():
                begun = self._buffer
                if not self._next_member() or self.startswith(b"WARC/"):
                    raise _BadRecord("it ends within its head")
                self._buffer = begun + self._buffer
        if found >= limit:
            raise _BadRecord("its head is too long")
        return self._drop(found + 1)

    def take(self, size: int) -> Iterator[bytes]:
        """The next `size` bytes in pieces, over the ends of members, but not into the next record."""
        while size:
            if not self._buffer and not self._more():
                if not self._next_member() or self.startswith(b"WARC/"):
                    raise _BadRecord(f"it ends {size} bytes early")
                continue
            piece = self._drop(min(size, len(self._buffer)))
            size -= len(piece)
            yield piece

    def to_next_record(self, after: int) -> int:
        """Go on to what looks like the start of a record, not the one at `after`; where that is, or the file's end."""
        if self.packed and self.member > after and self._taken == 0 and self.startswith(b"WARC/"):
            return self.offset
        while True:
            found = self._buffer.find(b"\nWARC/")
            if found >= 0:
                self._drop(found + 1)
                return self.offset
            self._drop(max(0, len(self._buffer) - 5))
            if not self._more():
                self._drop(len(self._buffer))
                if not self._next_member():
                    return self.end
                if self.startswith(b"WARC/"):
                    return self.offset

    def to_next_member(self, after: int) -> int:
        """Go on to the next member, from `after` on, that begins with a record; where that is, or the file's end."""
        at, window = after, b""
        while True:
            self._raw.seek(at)
            window = self._raw.read(min(_STEP, self.end - at))
            found = window.find(_GZIP)
            while found >= 0:
                if self._begins_record(at + found):
                    self._begin(at + found)
                    return at + found
                found = window.find(_GZIP, found + 1)
            if at + len(window) >= self.end or not window:
                self._begin(self.end)
                return self.end
            at += len(window) - 2

    def _begins_record(self, offset: int) -> bool:
        self._raw.seek(offset)
        try:
            return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(self._raw.read(512), 5) == b"WARC/"
        except zlib.error:
            return False

    def _next_member(self) -> bool:
        """Go on to the member after this one, which is at its end; False when there is none."""
        if not self.packed or self.offset_of_rest >= self.end:
            return False
        self._begin(self.offset_of_rest)
        return True

    def _drop(self, size: int) -> bytes:
        piece = bytes(self._buffer[:size])
        del self._buffer[:size]
        self._taken += size
        return piece

    def _more(self) -> bool:
        """Unpack some more of the current member; False at its end."""
        if not self.packed:
            piece = self._read()
            self._buffer += piece
            return bool(piece)
        while not self._zip.eof and self.member < self.end:
            packed = self._packed_rest or self._read()
            try:
                piece = self._zip.decompress(packed, _STEP)
            except zlib.error as error:
                raise _BadPacking(f"the packing is damaged ({error})") from None
            self._packed_rest = self._zip.unconsumed_tail
            if piece:
                self._count(len(piece))
                self._buffer += piece
                return True
            if not packed and not self._zip.eof:
                raise _BadPacking("the file ends within it")
        return False

    def _read(self) -> bytes:
        self._raw.seek(self._at)
        piece = self._raw.read(min(_STEP, self.end - self._at))
        self._at += len(piece)
        return piece

    def _count(self, size: int) -> None:
        self._unpacked += size
        if self._unpacked > max(_UNPACKED_FREELY, _UNPACKS_TO * (self._at - self._start)):
            raise _Bomb(f"the file unpacks to more than {_UNPACKS_TO} times its size")
