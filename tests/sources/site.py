"""A small web on loopback: sites that answer what a test tells them, and remember who asked when.

What belongs here: the server and the answers that many tests need.  What does not: assertions.
"""

from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

Handler = http.server.BaseHTTPRequestHandler
Page = bytes | int | Callable[[Handler], None]


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it; `at` is monotonic, `headers` have lower-case names."""

    path: str
    at: float
    headers: dict[str, str]


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # the client had enough


class Site:
    """Pages by path: bytes, a status, or a function that gets the request handler.  Counts what was asked for.

    `asked` has the paths in order, without robots.txt; `requests` has everything.  Addresses of 127.0.0.0/8 are
    hosts of their own.
    """

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.pages: dict[str, Page] = {}
        self.types: dict[str, str] = {}
        self.requests: list[Asked] = []
        self.address = address
        site = self

        class Answers(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 10

            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                site.requests.append(Asked(self.path, time.monotonic(), headers))
                page = site.pages.get(self.path, 404)
                try:
                    if callable(page):
                        self.close_connection = True
                        page(self)
                    elif isinstance(page, int):
                        send(self, status=page)
                    else:
                        kind = site.types.get(self.path)
                        send(self, page, **({"Content-Type": kind} if kind else {}))
                except OSError:
                    self.close_connection = True  # the client had enough

            def log_message(self, *args: object) -> None:
                pass

        self._server = _Server((address, 0), Answers)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def asked(self) -> list[str]:
        return [request.path for request in self.requests if request.path != "/robots.txt"]

    @property
    def agents(self) -> list[str]:
        return [request.headers["user-agent"] for request in self.requests]

    @property
    def port(self) -> int:
        return self._server.server_port

    def url(self, path: str, host: str | None = None) -> str:
        return f"http://{host or self.address}:{self.port}{path}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def send(handler: Handler, content: bytes = b"", status: int = 200, **headers: str) -> None:
    """A whole answer."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    if status != 304:
        handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def answer(content: bytes = b"", status: int = 200, **headers: str) -> Page:
    """A page with a status and headers of its own (underscores stand for hyphens)."""
    return lambda handler: send(handler, content, status, **headers)


def redirect(target: str, status: int = 302) -> Page:
    return answer(status=status, Location=target)


def in_turn(*pages: Page) -> Page:
    """One page after the other; the last one from then on."""
    left = list(pages)

    def give(handler: Handler) -> None:
        page = left.pop(0) if len(left) > 1 else left[0]
        if callable(page):
            page(handler)
        elif isinstance(page, int):
            send(handler, status=page)
        else:
            send(handler, page)

    return give


def hang(seconds: float) -> Page:
    return lambda handler: time.sleep(seconds)


def drip(handler: Handler) -> None:
    """A body that never ends and hardly moves."""
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def drip_headers(handler: Handler) -> None:
    """A header that never ends and hardly moves."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def endless(handler: Handler) -> None:
    """A body without end, as fast as it goes."""
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x" * 65_536)


def endless_chunks(handler: Handler) -> None:
    """The same in chunks."""
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    while True:
        handler.wfile.write(b"1000\r\n" + b"x" * 0x1000 + b"\r\n")
