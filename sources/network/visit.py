"""One address, fetched as a good guest: robots.txt, pace, redirects, retries, and a deadline over all of it.

What belongs here: the course of one visit.  What does not: opening connections (http, through `Door`), a host's pace
(hosts), and what robots.txt means (robots).

The pauses of politeness do not count against an address's deadline; everything that a server does, counts.
"""

from __future__ import annotations

import datetime as dt
import math
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from typing import Final, Protocol

import anyio
import stamina

from sources.log import Reason
from sources.network import robots
from sources.network.answers import Answer
from sources.network.hosts import Host, Origin, retry_after
from sources.network.messages import FetchError, HttpSettings, Request, Response, kept_headers
from sources.network.robots import Robots
from sources.urls import without_secrets

# by default stamina prints every retry, amid the tables of the command line; what came of it is in the log
stamina.instrumentation.set_on_retry_hooks([])

_REDIRECTS: Final = (301, 302, 303, 307, 308)
# What a robots.txt that cannot be read looks like.  Where there was no connection at all, nothing is known of the file.
_UNREADABLE: Final = (
    Reason.TIMED_OUT,
    Reason.PROTOCOL_ERROR,
    Reason.HTTP_BUSY,
    Reason.HTTP_SERVER_ERROR,
    Reason.HTTP_UNEXPECTED,
)
_BAD_TARGET: Final = (*_UNREADABLE, Reason.CONNECT_FAILED, Reason.PRIVATE_ADDRESS, Reason.BAD_ADDRESS)


@dataclass(frozen=True, slots=True)
class Address:
    """An http(s) address taken apart.  `url` is without a password, `host` in ASCII and lower case."""

    url: str
    scheme: str
    host: str
    port: int
    netloc: str
    target: bytes
    login: str | None = None

    @property
    def origin(self) -> tuple[str, str, int]:
        """What robots.txt is valid for."""
        return self.scheme, self.host, self.port

    def robots_txt(self) -> Address:
        """Where the origin's robots.txt is."""
        return replace(self, url=f"{self.scheme}://{self.netloc}/robots.txt", target=b"/robots.txt")

    @property
    def path(self) -> bytes:
        """The path without the query."""
        return self.target.partition(b"?")[0]


class Door(Protocol):
    """The way to the network."""

    def address(self, url: str, base: Address | None = None) -> Address:
        """Take an address apart.  Raises FetchError for one that is none."""

    def ask(
        self, address: Address, headers: dict[str, str], allow_private: bool, sending: Callable[[], None]
    ) -> AbstractAsyncContextManager[Answer]:
        """Send a GET.  Raises FetchError, also for what goes wrong while the body is read.

        `sending` is called when there is a connection and the request goes out.
        """


class Book:
    """What a run knows of hosts and origins."""

    def __init__(self, settings: HttpSettings) -> None:
        self._settings = settings
        self._hosts: dict[str, Host] = {}
        self._origins: dict[tuple[str, str, int], Origin] = {}

    def host(self, address: Address) -> Host:
        """The host of an address."""
        if address.host not in self._hosts:
            self._hosts[address.host] = Host(self._settings)
        return self._hosts[address.host]

    def origin(self, address: Address) -> Origin:
        """The origin of an address."""
        if address.origin not in self._origins:
            self._origins[address.origin] = Origin()
        return self._origins[address.origin]


class Visit:
    """The visit of one address.  Use once."""

    def __init__(
        self, door: Door, book: Book, settings: HttpSettings, request: Request, slots: anyio.Semaphore | None = None
    ) -> None:
        self._door = door
        self._book = book
        self._settings = settings
        self._request = request
        self._slots = slots  # one is kept with a Response, for the caller to give back
        self._clocks: list[anyio.CancelScope] = []  # deadlines, outermost first
        self._paused = 0.0  # seconds of politeness
        self._origin: Origin | None = None  # that was asked last

    async def run(self) -> Response:
        """The response.  Raises FetchError; transient failures are retried first, with growing pauses."""
        self._started = time.monotonic()
        failures: list[FetchError] = []
        try:
            try:
                with self._deadline(self._settings.deadline):
                    async for attempt in self._attempts(failures):
                        with attempt:
                            response = await self._once()
                            self._note(None)
                            return response
                raise AssertionError("stamina either returns or raises")
            except TimeoutError:
                detail = f"no whole answer within {self._settings.deadline:g} s"
                if failures:
                    last = failures[-1]
                    raise FetchError(last.reason, f"{last.detail}; {detail}", last.http_status) from None
                raise FetchError(Reason.TIMED_OUT, detail) from None
        except FetchError as error:
            self._note(error)
            error.seconds = self._seconds()
            raise

    async def _once(self) -> Response:
        request, limit = self._request, self._settings.max_redirects
        address = self._door.address(request.url)
        # redirects are followed here: each hop has its own robots.txt and its own host's pace
        for _ in range(limit + 1):
            self._origin = origin = self._book.origin(address)
            origin.check()
            if address.path != b"/robots.txt":
                await self._ask_robots(address, origin)
            conditions = self._conditions(address)
            async with self._asked(address, conditions) as (answer, turn):
                if (location := _location(answer)) is not None:
                    address = self._door.address(location, address)
                    if self._book.origin(address) is not origin:  # of the same one the end of the way will tell
                        origin.note(None)
                    continue
                if answer.status == 304 and conditions:
                    content = b""
                else:
                    self._check_status(answer, address)
                    content = await answer.body(self._settings.max_bytes)
                response = Response(
                    content=content,
                    content_type=answer.header("content-type"),
                    final_url=address.url,
                    http_status=answer.status,
                    seconds=self._seconds(),
                    headers=kept_headers(answer.headers),
                )
                turn.keeps_slot = True
                return response
        raise FetchError(Reason.TOO_MANY_REDIRECTS, f"more than {limit} redirects")

    def _conditions(self, address: Address) -> dict[str, str]:
        """The headers that make the request conditional, where the validators are those of this address."""
        request = self._request
        if request.etag is None and request.last_modified is None:
            return {}
        try:
            validated = self._door.address(request.validators_of or request.url)
        except FetchError:
            return {}
        if without_secrets(validated.url) != without_secrets(address.url):
            return {}
        headers = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
        return {name: value for name, value in headers.items() if value and value.isprintable() and value.isascii()}

    def _check_status(self, answer: Answer, address: Address) -> None:
        """Raises FetchError for everything but 200; what the server asks to wait is kept."""
        status = answer.status
        reason = Reason.of_status(status)
        if reason is None:
            return
        pause = None
        if status in (429, 503):
            pause = retry_after(answer.header("retry-after"), dt.datetime.now(dt.UTC))
        if pause is not None:
            self._book.host(address).rest(pause, time.monotonic())
        asks = "" if pause is None else f", which asks to wait {pause:.0f} s"
        raise FetchError(reason, f"status {status} {answer.phrase}".rstrip() + asks, status, retry_after=pause)

    # robots.txt

    async def _ask_robots(self, address: Address, origin: Origin) -> None:
        """Raises FetchError when the site does not want the address fetched."""
        if origin.robots is None:
            with self._clocks_stopped():
                await origin.reading_robots.acquire()
            try:
                if origin.robots is None:
                    origin.robots = await self._read_robots(address)
            finally:
                origin.reading_robots.release()
        if origin.robots.unreachable is not None:
            raise FetchError(Reason.ROBOTS_UNREACHABLE, f"robots.txt: {origin.robots.unreachable}")
        self._book.host(address).slow_down(origin.robots.crawl_delay)
        if not origin.robots.allows(address.url):
            raise FetchError(Reason.ROBOTS_DISALLOWED, f"robots.txt of {address.host}")

    async def _read_robots(self, address: Address) -> Robots:
        """What the site's robots.txt says.  Raises FetchError when the site could not be asked at all."""
        failures: list[FetchError] = []
        try:
            # Half of the address's time: were the deadlines the same, a site that does not answer would never be known
            # for it; and an address that leads to another site with its last second must not decide on that site.
            with self._deadline(self._settings.deadline / 2):
                async for attempt in self._attempts(failures):
                    with attempt:
                        return await self._robots_once(address)
        except TimeoutError:
            return Robots(unreachable=failures[-1].detail if failures else "no answer in time")
        except FetchError as error:
            if error.reason in _UNREADABLE:
                return Robots(unreachable=error.detail)
            raise
        raise AssertionError("stamina either returns or raises")

    async def _robots_once(self, address: Address) -> Robots:
        target = address.robots_txt()
        moved = False
        for _ in range(robots.MAX_REDIRECTS + 1):
            try:
                async with self._asked(target, {}) as (answer, _turn):
                    if (location := _location(answer)) is not None:
                        moved = True
                        target = self._door.address(location, target)
                        continue
                    if answer.status == 429 or answer.status >= 500:
                        self._check_status(answer, target)
                    found = robots.by_status(answer.status)
                    return found or robots.read(await answer.body(robots.MAX_BYTES + 1, cut=True))
            except FetchError as error:
                if moved and error.reason in _BAD_TARGET and not error.transient:
                    return Robots(unreachable=f"it leads elsewhere: {error.detail}")
                raise
        return robots.NO_RULES

    # time

    def _attempts(self, failures: list[FetchError]) -> AsyncIterable[stamina.Attempt]:
        """Attempts with growing pauses; what failed is added to `failures`."""
        settings = self._settings

        def again(error: Exception) -> bool:
            if not isinstance(error, FetchError):
                return False
            failures.append(error)
            wait = error.retry_after or 0.0
            left = self._clocks[-1].deadline - anyio.current_time()
            return error.transient and wait <= min(settings.max_retry_after, left)

        return stamina.retry_context(
            on=again,
            attempts=settings.attempts,
            timeout=None,
            wait_initial=settings.wait_initial,
            wait_max=settings.wait_max,
            wait_jitter=settings.wait_initial,
        )

    @contextmanager
    def _deadline(self, seconds: float) -> Iterator[None]:
        """Raises TimeoutError when the block takes longer, pauses of politeness aside."""
        with anyio.fail_after(seconds) as clock:
            self._clocks.append(clock)
            try:
                yield
            finally:
                self._clocks.pop()

    @contextmanager
    def _clocks_stopped(self) -> Iterator[None]:
        """The time in the block is a pause of politeness."""
        begun = anyio.current_time()
        left = [clock.deadline - begun for clock in self._clocks]
        for clock in self._clocks:
            clock.deadline = math.inf
        try:
            yield
        finally:
            ended = anyio.current_time()
            self._paused += ended - begun
            for clock, seconds in zip(self._clocks, left, strict=True):
                clock.deadline = ended + seconds

    @asynccontextmanager
    async def _asked(self, address: Address, headers: dict[str, str]) -> AsyncIterator[tuple[Answer, _Turn]]:
        """The answer to one request, in our turn: nobody else is asking the host, and its pace allows a request."""
        host, turn = self._book.host(address), _Turn()
        with self._clocks_stopped():
            await host.lock.acquire()
        try:
            with self._clocks_stopped():
                while (wait := host.start_at(self._request.delay, now := time.monotonic()) - now) > 0:
                    await anyio.sleep(wait)
                if self._slots is not None:
                    await self._slots.acquire()
            try:
                host.starts()
                # again when it goes out, because the host counts from there, not from our search for its name
                async with self._door.ask(address, headers, self._request.allow_private, host.starts) as answer:
                    yield answer, turn
            except BaseException:
                turn.keeps_slot = False  # the connection failed, or time ran out, with the whole body in hand
                raise
            finally:
                if self._slots is not None and not turn.keeps_slot:
                    self._slots.release()
        finally:
            host.lock.release()

    def _seconds(self) -> float:
        return time.monotonic() - self._started - self._paused

    def _note(self, outcome: FetchError | None) -> None:
        if self._origin is not None:
            self._origin.note(outcome)


@dataclass(slots=True)
class _Turn:
    keeps_slot: bool = False


def _location(answer: Answer) -> str | None:
    """Where a redirect leads; None when it is no redirect."""
    return answer.header("location") if answer.status in _REDIRECTS else None
