"""A server's answer whose body is still on its way.

What belongs here: status, headers, and the body within its bounds.  What does not: receiving it (http), and what the
answer means (visit).
"""

from __future__ import annotations

from collections.abc import AsyncIterable, Sequence
from dataclasses import dataclass

from sources.log import Reason
from sources.network.bodies import BodyError, Decoder
from sources.network.messages import FetchError, header_text


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, the server's own words for it, headers as received, and the body as it comes, still compressed."""

    status: int
    phrase: str
    headers: Sequence[tuple[bytes, bytes]]
    stream: AsyncIterable[bytes]

    def header(self, name: str) -> str | None:
        """The first value of a header, by its name in lower case."""
        wanted = name.encode()
        return next((header_text(value) for key, value in self.headers if key.lower() == wanted), None)

    async def body(self, limit: int, *, cut: bool = False) -> bytes:
        """The body: fewer than `limit` bytes after decompression, or FetchError; with `cut` its first `limit`."""
        announced = self.header("content-length") or ""
        if announced.isdecimal() and int(announced[:20]) >= limit and not cut:
            raise FetchError(
                Reason.TOO_LARGE, f"{announced[:20]} bytes announced, fewer than {limit} allowed", self.status
            )
        body = bytearray()
        try:
            decoder = Decoder(self.header("content-encoding") or "")
            async for data in self.stream:
                for piece in decoder.chunks(data):
                    body += piece
                    if len(body) >= limit:
                        if cut:
                            return bytes(body[:limit])
                        raise FetchError(Reason.TOO_LARGE, f"{limit} bytes or more", self.status)
            decoder.finish()
        except BodyError as error:
            raise FetchError(Reason.PROTOCOL_ERROR, str(error), self.status, settled=not error.passing) from None
        return bytes(body)
