"""The network: the only file that opens a socket.

What belongs here: getting the bytes of one address within bounds of time, size and politeness.
What does not: what to fetch (readers) and what the bytes mean (feeds, pages).

Every request has a total deadline that covers names, redirects, retries and a body that never ends; the size cap counts
bytes after decompression, while they stream in.
"""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import Final

import anyio
import anyio.from_thread
import httpx
import stamina

from sources.log import Reason

MAX_BYTES: Final = 20_000_000

# by default stamina prints every retry, amid the tables of the command line; what came of it is in the log
stamina.instrumentation.set_on_retry_hooks([])


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """Bounds of every request.  Times are seconds; `deadline` is the total for one address, retries included."""

    contact: str = ""  # a web or mail address at which an operator can be reached, sent with every request
    connect_timeout: float = 10.0
    read_timeout: float = 20.0
    deadline: float = 60.0
    max_bytes: int = MAX_BYTES
    max_redirects: int = 5
    attempts: int = 3
    wait_initial: float = 0.5
    wait_max: float = 8.0
    proxy: str | None = None  # used only when set here; the environment's proxy variables are not read

    @property
    def user_agent(self) -> str:
        """Who is asking, honestly."""
        return f"Chancery/0.1 (news ledger; {self.contact})" if self.contact else "Chancery/0.1 (news ledger)"


@dataclass(frozen=True, slots=True)
class Response:
    """A fetched body after decompression; `final_url` is the address after redirects."""

    content: bytes
    content_type: str | None
    final_url: str
    http_status: int
    seconds: float


class FetchError(Exception):
    """An address could not be fetched: `reason` for machines, `detail` for people, the status when there was one."""

    def __init__(self, reason: Reason, detail: str, http_status: int | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.http_status = http_status
        self.seconds: float | None = None

    @property
    def transient(self) -> bool:
        """Whether trying again may help."""
        return self.reason in _TRANSIENT


_TRANSIENT: Final = (Reason.TIMED_OUT, Reason.PROTOCOL_ERROR, Reason.HTTP_BUSY, Reason.HTTP_SERVER_ERROR)


class Fetcher:
    """A client for one run.  Nothing is opened before the first `get`; leaving the context closes everything."""

    def __init__(self, settings: HttpSettings) -> None:
        self.settings = settings
        self._portal_context: AbstractContextManager[anyio.from_thread.BlockingPortal] | None = None
        self._portal: anyio.from_thread.BlockingPortal | None = None
        self._client: httpx.AsyncClient | None = None

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._portal is not None and self._client is not None:
            self._portal.call(self._client.aclose)
        if self._portal_context is not None:
            self._portal_context.__exit__(kind, error, trace)
        self._portal_context = self._portal = self._client = None

    def get(self, url: str) -> Response:
        """The bytes at `url`.  Raises FetchError; transient errors are retried first, with growing pauses."""
        if self._portal is None:
            # an event loop in a thread of its own, because only asynchronous code can be stopped at a deadline
            self._portal_context = anyio.from_thread.start_blocking_portal("asyncio")
            self._portal = self._portal_context.__enter__()
        started = time.monotonic()
        try:
            return self._portal.call(self._within_deadline, url, started)
        except FetchError as error:
            error.seconds = time.monotonic() - started
            raise

    async def _within_deadline(self, url: str, started: float) -> Response:
        settings = self.settings
        failures: list[FetchError] = []

        def again(error: Exception) -> bool:
            if not isinstance(error, FetchError):
                return False
            failures.append(error)
            return error.transient

        try:
            with anyio.fail_after(settings.deadline):
                async for attempt in stamina.retry_context(
                    on=again,
                    attempts=settings.attempts,
                    timeout=settings.deadline,
                    wait_initial=settings.wait_initial,
                    wait_max=settings.wait_max,
                    wait_jitter=settings.wait_initial,
                ):
                    with attempt:
                        return await self._once(url, started)
        except TimeoutError as error:
            detail = f"no whole answer within {settings.deadline:g} s"
            if failures:
                last = failures[-1]
                raise FetchError(last.reason, f"{last.detail}; {detail}", last.http_status) from error
            raise FetchError(Reason.TIMED_OUT, detail) from error
        raise AssertionError("stamina either returns or raises")

    async def _once(self, url: str, started: float) -> Response:
        client = self._client = self._client or self._new_client()
        limit = self.settings.max_redirects
        try:
            # redirects are followed here, because httpx would read the body of each without a bound
            for _ in range(limit + 1):
                if not url.startswith(("http://", "https://")):
                    raise FetchError(Reason.BAD_ADDRESS, f"neither http nor https: {url.partition(':')[0][:20]!r}")
                async with client.stream("GET", url) as response:
                    if response.next_request is not None:
                        url = str(response.next_request.url)
                        continue
                    _check_status(response)
                    return Response(
                        content=await self._body(response),
                        content_type=response.headers.get("content-type"),
                        final_url=str(response.url),
                        http_status=response.status_code,
                        seconds=time.monotonic() - started,
                    )
            raise FetchError(Reason.TOO_MANY_REDIRECTS, f"more than {limit} redirects")
        except httpx.TimeoutException as error:
            raise FetchError(Reason.TIMED_OUT, type(error).__name__) from error
        except httpx.ConnectError as error:
            raise FetchError(Reason.CONNECT_FAILED, str(error) or "ConnectError") from error
        except (httpx.UnsupportedProtocol, httpx.InvalidURL, UnicodeError) as error:
            raise FetchError(Reason.BAD_ADDRESS, str(error)) from error
        except httpx.HTTPError as error:
            raise FetchError(Reason.PROTOCOL_ERROR, f"{type(error).__name__}: {error}") from error

    async def _body(self, response: httpx.Response) -> bytes:
        if "," in response.headers.get("content-encoding", ""):
            # each layer multiplies what a small body can grow to before the cap is seen
            raise FetchError(Reason.PROTOCOL_ERROR, "the body is compressed more than once", response.status_code)
        limit = self.settings.max_bytes
        announced = response.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) >= limit:
            raise FetchError(
                Reason.TOO_LARGE, f"{announced} bytes announced, fewer than {limit} allowed", response.status_code
            )
        body = bytearray()
        async for chunk in response.aiter_bytes(65_536):
            body += chunk
            if len(body) >= limit:
                raise FetchError(Reason.TOO_LARGE, f"{limit} bytes or more", response.status_code)
        return bytes(body)

    def _new_client(self) -> httpx.AsyncClient:
        settings = self.settings
        return httpx.AsyncClient(
            headers={"User-Agent": settings.user_agent, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"},
            timeout=httpx.Timeout(settings.read_timeout, connect=settings.connect_timeout),
            follow_redirects=False,
            proxy=settings.proxy,
            trust_env=False,
        )


def _check_status(response: httpx.Response) -> None:
    status = response.status_code
    if status == 200:
        return
    if status in (404, 410):
        reason = Reason.HTTP_NOT_FOUND
    elif status in (401, 403, 451):
        reason = Reason.HTTP_REFUSED
    elif status == 429:
        reason = Reason.HTTP_BUSY
    elif 500 <= status <= 599:
        reason = Reason.HTTP_SERVER_ERROR
    else:
        reason = Reason.HTTP_UNEXPECTED
    raise FetchError(reason, f"status {status} {response.reason_phrase}".rstrip(), status)
