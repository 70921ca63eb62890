"""Bodies: decompression that never holds more than it was asked for.

What belongs here: turning compressed chunks into plain ones, step by step.
What does not: receiving chunks, and the cap itself (http).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final

STEP: Final = 65_536  # bytes that one step may expand to
_MEMBER: Final = b"\x1f\x8b"  # how a member of a gzip body begins
ENCODINGS: Final = "gzip, deflate"  # what we say that we can read


class BodyError(ValueError):
    """The body cannot be decompressed; `passing` when the next attempt may bring what is missing."""

    def __init__(self, detail: str, *, passing: bool = False) -> None:
        super().__init__(detail)
        self.passing = passing


class Decoder:
    """Decompresses a body of the given Content-Encoding.  Raises BodyError for one that cannot be read.

    Each layer of compression multiplies what a small body can grow to before a cap is seen, so there may be only one.
    """

    def __init__(self, encoding: str) -> None:
        names = [name for part in encoding.split(",") if (name := part.strip().casefold()) not in ("", "identity")]
        if len(names) > 1:
            raise BodyError("the body is compressed more than once")
        name = names[0] if names else "identity"
        if name not in ("identity", "gzip", "x-gzip", "deflate"):
            raise BodyError(f"the body is encoded as {name[:20]!r}, which we did not ask for")
        self._unzip = zlib.decompressobj(zlib.MAX_WBITS | 32) if name != "identity" else None  # 32: gzip or zlib
        self._may_be_raw = name == "deflate"  # not known before its first two bytes are there
        self._first = b""
        self._rest = b""
        self._fed = False

    def chunks(self, data: bytes) -> Iterator[bytes]:
        """What `data`, the next bytes as received, stands for, in pieces of at most STEP bytes."""
        if self._unzip is None:
            if data:
                yield data
            return
        self._fed = self._fed or bool(data)
        if self._may_be_raw:
            data = self._first = self._first + data
            if len(data) < 2:
                return
        more = True  # plain bytes may be left inside even where all compressed ones are used up
        while data or more:
            if self._unzip.eof and not self._begins_again(data):
                return
            data, self._rest = self._rest + data, b""
            try:
                piece = self._unzip.decompress(data, STEP)
            except zlib.error as error:
                if not self._may_be_raw:
                    raise BodyError(f"the compressed body is damaged ({error})") from None
                # some servers say deflate and send it without zlib's wrapping
                self._unzip = zlib.decompressobj(-zlib.MAX_WBITS)
                self._may_be_raw = False
                continue
            self._may_be_raw = False
            if piece:
                yield piece
            data = self._unzip.unused_data if self._unzip.eof else self._unzip.unconsumed_tail
            more = len(piece) == STEP

    def _begins_again(self, data: bytes) -> bool:
        """Whether another member follows, as gzip may have several (RFC 1952); anything else is padding.

        Bytes that are too few to tell are kept in `_rest`.
        """
        begins = self._rest + data
        if not begins.startswith(_MEMBER):
            self._rest = begins if begins == _MEMBER[:1] else b""
            return False
        self._unzip = zlib.decompressobj(zlib.MAX_WBITS | 32)
        return True

    def finish(self) -> None:
        """Call at the end of the body.  Raises BodyError when the compressed bytes end before what they hold does."""
        if self._unzip is not None and self._fed and not self._unzip.eof:
            raise BodyError("the compressed body ends too early", passing=True)
