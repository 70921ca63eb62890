"""A small web on loopback, and the archive and clock of a test."""

from __future__ import annotations

import datetime as dt
import http.server
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sources.archive import Archive, Capture, Origin, Role
from sources.articles import ParsedDay, parse_day
from sources.catalog import Kind
from sources.http import HttpSettings

DAY = dt.date(2026, 3, 14)
NOW = dt.datetime(2026, 3, 14, 2, 0)


class Site:
    """Pages by path: bytes, a status, or a function that gets the request handler.  Counts what was asked for."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes | int | Callable[[http.server.BaseHTTPRequestHandler], None]] = {}
        self.types: dict[str, str] = {}
        self.asked: list[str] = []
        self.agents: list[str] = []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                site.agents.append(self.headers["User-Agent"])
                page = site.pages.get(self.path, 404)
                try:
                    if callable(page):
                        page(self)
                    elif isinstance(page, int):
                        self.send_response(page)
                        self.end_headers()
                    else:
                        self.send_response(200)
                        if self.path in site.types:
                            self.send_header("Content-Type", site.types[self.path])
                        self.send_header("Content-Length", str(len(page)))
                        self.end_headers()
                        self.wfile.write(page)
                except OSError:
                    pass  # the client had enough

            def log_message(self, *args: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


@pytest.fixture
def quick() -> HttpSettings:
    """Bounds that let a test of a slow server end soon."""
    return HttpSettings(
        contact="ledger@example.org",
        connect_timeout=0.5,
        read_timeout=0.3,
        deadline=1.0,
        max_bytes=200_000,
        wait_initial=0.01,
        wait_max=0.02,
    )


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


class Day:
    """Puts bytes into an archive as a reader would, and parses the day."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.day = DAY
        self.now = NOW

    def put(
        self,
        content: bytes | str,
        url: str = "file:desk/note.txt",
        *,
        kind: Kind = Kind.FOLDER,
        role: Role = Role.DOCUMENT,
        source: str = "desk",
        language: str | None = None,
        outlet: str | None = None,
        content_type: str | None = None,
        later: int = 0,
    ) -> Capture:
        data = content.encode() if isinstance(content, str) else content
        origin = Origin(source, kind, outlet, language)
        at = self.now + dt.timedelta(minutes=later)
        capture = Capture(self.day, origin, role, url, "", 0, at, content_type=content_type)
        return self.archive.put(capture, data)

    def lines(self, content: bytes | str, **more: str | None) -> Capture:
        return self.put(content, "file:wire/wire.jsonl", kind=Kind.JSONL, source="wire", **more)  # type: ignore[arg-type]

    def feed(self, content: bytes | str, url: str = "https://paper.example/feed", later: int = 0) -> Capture:
        return self.put(content, url, kind=Kind.FEED, role=Role.FEED, source="paper", later=later)

    def parse(self) -> ParsedDay:
        return parse_day(self.archive, self.day)


@pytest.fixture
def day(archive: Archive) -> Day:
    return Day(archive)


def drip(handler: http.server.BaseHTTPRequestHandler) -> None:
    """A body that never ends and hardly moves."""
    handler.send_response(200)
    handler.end_headers()
    while True:
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)
