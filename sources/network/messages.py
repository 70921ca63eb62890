"""What goes into the network client and what comes out of it.

What belongs here: settings, requests, responses and the typed failure.  What does not: doing anything with them (http).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from sources.formats.text import line
from sources.log import Reason
from sources.urls import masked

MAX_BYTES: Final = 20_000_000
PRODUCT: Final = "Chancery"  # the name that robots.txt addresses us by

# Headers that carry a secret of the server or of ours; nothing of them may reach the archive.
_SECRET_HEADERS: Final = ("cookie", "authorization", "authenticate", "authentication", "token", "secret", "api-key")


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Bounds of every request.  Times are seconds.

    `deadline` is the total for one address: names, redirects, robots.txt, retries and the body, without the pauses that
    politeness asks for.  `host_deadline` is how long a host may keep a run busy, pauses included.
    """

    contact: str = ""  # a web or mail address at which an operator can be reached, sent with every request
    connect_timeout: float = 10.0
    read_timeout: float = 20.0
    deadline: float = 60.0
    max_bytes: int = MAX_BYTES
    max_redirects: int = 5
    attempts: int = 3
    wait_initial: float = 0.5
    wait_max: float = 8.0
    spacing: float = 1.0  # between the starts of two requests to a host
    parallel_hosts: int = 16
    host_deadline: float = 1800.0
    max_crawl_delay: float = 30.0
    max_retry_after: float = 120.0
    # Used only when set here; the environment's proxy variables are not read.  A proxy resolves names itself, so that
    # the check of addresses is then only as good as our own resolution of the same name.
    proxy: str | None = None
    # (host, port) -> addresses as text; None is the system's resolution.  May block, may raise OSError.
    resolver: Callable[[str, int], Iterable[str]] | None = None

    @property
    def user_agent(self) -> str:
        """Who is asking, honestly."""
        return f"{PRODUCT}/0.1 (news ledger; {self.contact})" if self.contact else f"{PRODUCT}/0.1 (news ledger)"


@dataclass(frozen=True, slots=True)
class Request:
    """An address that is wanted.

    `etag` and `last_modified` are those of the last fetch and make the request conditional; when that fetch was
    redirected, `validators_of` is its final address (None: `url` itself), because only there do they mean anything.
    `delay` is the least number of seconds between two requests to a host that the source wants.  `tag` is the caller's.
    """

    url: str
    allow_private: bool = False
    etag: str | None = None
    last_modified: str | None = None
    validators_of: str | None = None
    delay: float | None = None
    tag: object = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Response:
    """A fetched body after decompression, or word that nothing has changed (`not_modified`: no body).

    `final_url` is the address after redirects, without a password; `seconds` is without the pauses of politeness;
    `headers` are as received, without those that carry secrets.
    """

    content: bytes
    content_type: str | None
    final_url: str
    http_status: int
    seconds: float
    headers: tuple[tuple[str, str], ...] = ()

    def header(self, name: str) -> str | None:
        """The first value of a header, whatever the case of its name."""
        wanted = name.casefold()
        return next((value for key, value in self.headers if key.casefold() == wanted), None)

    @property
    def etag(self) -> str | None:
        """The entity tag, for the next conditional request."""
        return self.header("etag")

    @property
    def last_modified(self) -> str | None:
        """The date of the last change as the server wrote it, for the next conditional request."""
        return self.header("last-modified")

    @property
    def not_modified(self) -> bool:
        """Whether the server says that the bytes of the last fetch still stand."""
        return self.http_status == 304


class FetchError(Exception):
    """An address could not be fetched: `reason` for machines, `detail` for people, the status when there was one.

    `seconds` is the time it took, without the pauses of politeness.  No secret of an address is in `detail`.
    """

    def __init__(
        self,
        reason: Reason,
        detail: str,
        http_status: int | None = None,
        *,
        retry_after: float | None = None,
        settled: bool = False,
    ) -> None:
        self.reason = reason
        self.detail = line(masked(detail)) or ""  # a server's own words are in it
        self.http_status = http_status
        self.retry_after = retry_after  # seconds that the server wants to be left alone
        self.settled = settled  # the same bytes would fail again
        self.seconds: float | None = None
        super().__init__(f"{reason}: {self.detail}")

    @property
    def transient(self) -> bool:
        """Whether trying again at once may help; a host that is busy has to say when."""
        if self.reason is Reason.HTTP_BUSY:
            return self.retry_after is not None
        return self.reason in _TRANSIENT and not self.settled


_TRANSIENT: Final = (Reason.TIMED_OUT, Reason.PROTOCOL_ERROR, Reason.HTTP_SERVER_ERROR)


def kept_headers(raw: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    """Headers as received, without those that carry secrets, and without the secrets of addresses in the others."""
    headers = ((header_text(name), header_text(value)) for name, value in raw)
    return tuple(
        (name, masked(value)) for name, value in headers if not any(word in name.casefold() for word in _SECRET_HEADERS)
    )


def header_text(raw: bytes) -> str:
    """A header as text: UTF-8, as servers write addresses today, or else Latin-1, as the standard had it."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
