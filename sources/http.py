"""The network: the only file that opens a socket.

What belongs here: names, addresses, connections, and getting the answer to one request off the wire within bounds.
What does not: what to fetch (readers), what the bytes mean (formats), and how a guest behaves (network).

    with Fetcher(HttpSettings(contact=…)) as fetcher:
        response = fetcher.get("https://paper.example/feed")
        for request, outcome in fetcher.crawl(deque([Request(…), …])): …

Every connection is checked: the name is resolved once, every address it has must be allowed, and what is connected to
is the address that was checked.  A name that changes its address between check and connection gains nothing by it.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from ipaddress import ip_address
from types import TracebackType
from typing import Final

import anyio
import anyio.from_thread
import httpcore
import httpx

from sources.log import Reason
from sources.network.addresses import forbidden
from sources.network.answers import Answer
from sources.network.bodies import ENCODINGS
from sources.network.crawl import Crawl
from sources.network.messages import MAX_BYTES, FetchError, HttpSettings, Request, Response
from sources.network.visit import Address, Book, Visit

__all__ = ["MAX_BYTES", "FetchError", "Fetcher", "HttpSettings", "Request", "Response"]

Resolver = Callable[[str, int], Iterable[str]]
_Key = tuple[str, str, int, bool]  # an origin, and whether it may be private

KEPT_POOLS: Final = 200  # of servers that nobody is asking at the moment, each with a connection or two
KEPT_SECONDS: Final = 40.0  # a little longer than the longest crawl delay
_PORTS: Final = {"http": 80, "https": 443}
_ANSWERED: Final = "anything read since the request"


class Fetcher:
    """The client of one run.  Nothing is opened before the first request; leaving the context closes everything."""

    def __init__(self, settings: HttpSettings) -> None:
        self.settings = settings
        self._portal_context: AbstractContextManager[anyio.from_thread.BlockingPortal] | None = None
        self._portal: anyio.from_thread.BlockingPortal | None = None
        self._door = _Door(settings)
        self._book = Book(settings)
        self._crawls: set[Future[None]] = set()

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for crawl in tuple(self._crawls):
            crawl.cancel()
        if self._portal is not None:
            self._portal.call(self._door.close)
        if self._portal_context is not None:
            self._portal_context.__exit__(kind, error, trace)
        self._portal_context = self._portal = None

    def get(self, request: Request | str) -> Response:
        """The response to one request, waiting for the host's turn.  Raises FetchError.

        Transient failures are retried first, with growing pauses.
        """
        wanted = Request(request) if isinstance(request, str) else request
        return self._started().call(self._visit, wanted, None)

    def crawl(self, queue: deque[Request]) -> Iterator[tuple[Request, Response | FetchError]]:
        """Fetch everything in `queue`, hosts side by side; each outcome comes as soon as it is there.

        The caller may append to `queue` between two outcomes; the crawl ends when the queue is empty and everything is
        done.  At most `parallel_hosts` bodies are held: what the caller does not take is not followed by more.
        """
        portal = self._started()
        crawl = Crawl(self._visit, self._door.host_of, self.settings.parallel_hosts)
        running, _ = portal.start_task(crawl.run)
        self._crawls.add(running)
        running.add_done_callback(lambda _: crawl.outcomes.put(None))
        expected, taken = 0, False
        try:
            while True:
                more = []
                while queue:
                    more.append(queue.popleft())
                expected += len(more)
                if not expected:
                    return
                portal.start_task_soon(crawl.accept, more, taken)
                outcome = crawl.outcomes.get()
                if outcome is None:
                    running.result()  # raises what ended it
                    return
                expected, taken = expected - 1, True
                yield outcome
                del outcome  # the caller has it; a body must not live on here while we wait for the next
        finally:
            running.cancel()
            self._crawls.discard(running)

    def _started(self) -> anyio.from_thread.BlockingPortal:
        if self._portal is None:
            # an event loop in a thread of its own, because only asynchronous code can be stopped at a deadline
            self._portal_context = anyio.from_thread.start_blocking_portal("asyncio")
            self._portal = self._portal_context.__enter__()
            self._door.prepare()
        return self._portal

    async def _visit(self, request: Request, slots: anyio.Semaphore | None) -> Response:
        return await Visit(self._door, self._book, self.settings, request, slots).run()


class _Door:
    """Connections: what a source with `allow_private` has opened is never used for another.

    Each server has a pool of its own, because a pool goes through all its connections at every request.
    """

    def __init__(self, settings: HttpSettings) -> None:
        self._settings = settings
        self._resolver = settings.resolver or _system_addresses
        self._pools: dict[_Key, _Pool] = {}  # the one that was used last is the last
        self._tls: ssl.SSLContext | None = None
        self._timeout = {
            "connect": settings.connect_timeout,
            "read": settings.read_timeout,
            "write": settings.read_timeout,
            "pool": settings.connect_timeout,
        }

    def prepare(self) -> None:
        """Read the certificates, once for all connections; it takes a moment that should be no host's."""
        self._tls = self._tls or httpx.create_ssl_context(trust_env=False)

    async def close(self) -> None:
        while self._pools:
            await self._pools.popitem()[1].connections.aclose()

    def host_of(self, url: str) -> str:
        """The host of an address, or nothing for one that is none."""
        try:
            return self.address(url).host
        except FetchError:
            return ""

    def address(self, url: str, base: Address | None = None) -> Address:
        """Take an address apart, relative to `base` where there is one.  Raises FetchError for one that is none.

        The user name and password of the first address are kept within its origin; those in a redirect are ignored.
        """
        if base is None:
            return _taken_apart(url)
        try:
            address = _taken_apart(str(httpx.URL(base.url).join(url)))
        except (httpx.InvalidURL, ValueError, TypeError):
            raise FetchError(Reason.BAD_ADDRESS, "it cannot be taken apart") from None
        return replace(address, login=base.login if base.origin == address.origin else None)

    @asynccontextmanager
    async def ask(
        self, address: Address, headers: dict[str, str], allow_private: bool, sending: Callable[[], None]
    ) -> AsyncIterator[Answer]:
        """Send a GET.  Raises FetchError, also for what goes wrong while the body is read.

        `sending` is called when there is a connection and the request goes out.
        """

        async def trace(event: str, _: object) -> None:
            if event == "http11.send_request_headers.started":
                sending()

        sent = {
            "Host": address.netloc,
            "User-Agent": self._settings.user_agent,
            "Accept": "*/*",
            "Accept-Encoding": ENCODINGS,
            **headers,
        }
        if address.login is not None:
            sent["Authorization"] = f"Basic {base64.b64encode(address.login.encode()).decode()}"
        url = httpcore.URL(
            scheme=address.scheme.encode(),
            host=address.host.encode(),
            port=None if address.port == _PORTS[address.scheme] else address.port,
            target=address.target,
        )
        try:
            if self._settings.proxy is not None:
                await self._check_for_proxy(address, allow_private)
            async with (
                self._pool(address, allow_private) as pool,
                pool.stream(
                    "GET",
                    url,
                    headers=[(name.encode(), value.encode()) for name, value in sent.items()],
                    extensions={"timeout": self._timeout, "trace": trace},
                ) as response,
            ):
                stream = response.extensions["network_stream"]
                if stream.get_extra_info(_ANSWERED) is False:
                    raise FetchError(Reason.PROTOCOL_ERROR, "the answer came before the question")
                phrase: bytes = response.extensions.get("reason_phrase", b"")
                yield Answer(
                    response.status, phrase.decode("ascii", "replace")[:80], response.headers, response.aiter_stream()
                )
        except _RefusedError as error:
            raise FetchError(Reason.PRIVATE_ADDRESS, str(error)) from None
        except httpcore.ConnectTimeout as error:
            raise FetchError(Reason.CONNECT_FAILED, str(error) or "no connection in time") from error
        except httpcore.TimeoutException as error:
            raise FetchError(Reason.TIMED_OUT, type(error).__name__) from error
        except httpcore.ConnectError as error:
            raise FetchError(Reason.CONNECT_FAILED, str(error) or "ConnectError") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError, OSError) as error:
            raise FetchError(Reason.PROTOCOL_ERROR, f"{type(error).__name__}: {error}") from error

    async def _check_for_proxy(self, address: Address, allow_private: bool) -> None:
        """Behind a proxy: refuse what we can see.  What only the proxy can resolve is the proxy's to judge."""
        with contextlib.suppress(OSError, TimeoutError), anyio.fail_after(self._settings.connect_timeout):
            _check(await _resolved(self._resolver, address.host, address.port), allow_private)

    @asynccontextmanager
    async def _pool(self, address: Address, allow_private: bool) -> AsyncIterator[httpcore.AsyncConnectionPool]:
        """The pool of a server, for one request; those that were idle longest are closed."""
        key = (*address.origin, allow_private)
        pool = self._pools.pop(key, None) or _Pool(self._new_pool(allow_private))
        self._pools[key] = pool
        pool.users += 1
        try:
            idle = [other for other, its in self._pools.items() if not its.users]
            for other in idle[: max(0, len(self._pools) - KEPT_POOLS)]:
                await self._pools.pop(other).connections.aclose()
            yield pool.connections
        finally:
            pool.users -= 1

    def _new_pool(self, allow_private: bool) -> httpcore.AsyncConnectionPool:
        if self._settings.proxy is None:
            return httpcore.AsyncConnectionPool(
                ssl_context=self._tls,
                max_connections=None,
                keepalive_expiry=KEPT_SECONDS,
                network_backend=_Backend(self._resolver, allow_private),
            )
        proxy = httpx.Proxy(self._settings.proxy)
        return httpcore.AsyncHTTPProxy(
            proxy_url=str(proxy.url),
            proxy_auth=proxy.raw_auth,
            ssl_context=self._tls,
            max_connections=None,
            keepalive_expiry=KEPT_SECONDS,
        )


@dataclass(slots=True)
class _Pool:
    """The connections to a server, and how many requests use them now."""

    connections: httpcore.AsyncConnectionPool
    users: int = 0


@lru_cache(maxsize=1024)
def _taken_apart(url: str) -> Address:
    try:
        parsed = httpx.URL(url)
        scheme, host = parsed.scheme, parsed.raw_host.decode("ascii").rstrip(".")
        if scheme not in _PORTS:
            raise FetchError(Reason.BAD_ADDRESS, f"neither http nor https: {scheme[:20]!r}")
        if not host:
            raise FetchError(Reason.BAD_ADDRESS, "without a host")
        port = _PORTS[scheme] if parsed.port is None else parsed.port
        if not 0 < port < 65_536:
            raise FetchError(Reason.BAD_ADDRESS, "there is no such port")
        bare = parsed.copy_with(userinfo=b"") if parsed.userinfo else parsed
        return Address(
            url=str(bare),
            scheme=scheme,
            host=host,
            port=port,
            netloc=bare.netloc.decode("ascii"),
            target=bare.raw_path,
            login=f"{parsed.username}:{parsed.password}" if parsed.userinfo else None,
        )
    except (httpx.InvalidURL, ValueError, TypeError):
        # their messages quote pieces of the address, perhaps of a password
        raise FetchError(Reason.BAD_ADDRESS, "it cannot be taken apart") from None


class _RefusedError(Exception):
    """A name leads where the request may not go."""


class _Backend(httpcore.AsyncNetworkBackend):
    """Connects to checked addresses only.  TLS goes on to be about the name: it is started by the pool, afterwards."""

    def __init__(self, resolver: Resolver, allow_private: bool) -> None:
        self._resolver = resolver
        self._allow_private = allow_private
        self._sockets = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve, check every address, connect to the first that answers.  `timeout` covers all of it."""
        began = time.monotonic()
        try:
            with anyio.fail_after(timeout):
                addresses = await _resolved(self._resolver, host, port)
        except TimeoutError:
            raise httpcore.ConnectTimeout("the name was not resolved in time") from None
        except OSError as error:
            raise httpcore.ConnectError(f"the name was not resolved ({error.strerror or error})") from None
        _check(addresses, self._allow_private)
        for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            share = None if timeout is None else max(0.0, timeout - (time.monotonic() - began)) / left
            try:
                plain = await self._sockets.connect_tcp(address, port, share, local_address, socket_options)
                return _Stream(plain)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if left == 1:
                    raise
        raise httpcore.ConnectError("the name has no address")


class _Stream(httpcore.AsyncNetworkStream):
    """A connection that knows whether anything came since the last request went out.

    What a server sends behind a whole answer would otherwise be taken as the answer to the next request.
    """

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._answered = False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = await self._stream.read(max_bytes, timeout)
        self._answered = True
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._answered = False
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.AsyncNetworkStream:
        return _Stream(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> object:
        return self._answered if info == _ANSWERED else self._stream.get_extra_info(info)


def _check(addresses: Iterable[str], allow_private: bool) -> None:
    """Raises when any address is forbidden: a name with one public and one private address is up to something."""
    for address in addresses:
        if (what := forbidden(address, allow_private=allow_private)) is not None:
            raise _RefusedError(f"{address[:60]} is {what}")


async def _resolved(resolver: Resolver, host: str, port: int) -> list[str]:
    """The addresses of a name.  Raises OSError.

    Each name has a thread of its own that nobody waits for: the system's resolution cannot be interrupted, and one that
    hangs must hold up neither the others nor the end of the run.
    """
    try:
        return [str(ip_address(host))]
    except ValueError:
        pass  # a name, or an address in a notation that the system may know
    loop = asyncio.get_running_loop()
    found: asyncio.Future[list[str]] = loop.create_future()

    def work() -> None:
        addresses: list[str] = []
        failure: Exception | None = None
        try:
            addresses = list(dict.fromkeys(resolver(host, port)))
        except Exception as error:
            failure = error if isinstance(error, OSError) else OSError(f"{type(error).__name__}: {error}"[:200])

        def hand_over() -> None:
            if found.done():
                return
            if failure is not None:
                found.set_exception(failure)
            else:
                found.set_result(addresses)

        with contextlib.suppress(RuntimeError):  # the run is over
            loop.call_soon_threadsafe(hand_over)

    threading.Thread(target=work, name="resolve", daemon=True).start()
    return await found


def _system_addresses(host: str, port: int) -> list[str]:
    return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
