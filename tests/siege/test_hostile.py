"""Hostile inputs, one a row: each ends in time and in memory with its typed reason, and harms nothing else."""

from __future__ import annotations

import dataclasses
import datetime as dt
import gzip
import re
import resource
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import sources.http
from sources.archive import Archive
from sources.articles import parse_day
from sources.box import Box
from sources.catalog import Kind, Source
from sources.http import HttpSettings
from sources.log import Status
from sources.network.addresses import forbidden
from sources.readers import fetch_day
from tests.sources.site import Page, Site

from .cases import ARTICLE, CASES, SECRET, Case
from .conftest import CANARY
from .inputs import STORY, item, page, rss

DAY = dt.date(2026, 3, 14)
NOW = dt.datetime(2026, 3, 14, 2)
HTTP = HttpSettings(
    contact="ledger@example.org",
    connect_timeout=1.0,
    read_timeout=1.0,
    deadline=2.0,
    max_bytes=20_000_000,
    attempts=2,
    wait_initial=0.01,
    wait_max=0.02,
    spacing=0.0,
)
MEMORY = 400  # MiB by which the main process may grow: a few bodies of 20 MB
GOOD = "The mayors of Umeå and Vaasa signed a protocol on the ferry on Friday."
LOUD = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
UNREADABLE = "nobody-may-read-this"


class Names:
    """Names as a hostile owner answers for them; numbers in any notation as the system reads them."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked += 1
        if host == "named.example":
            return ["127.0.0.1"]
        if host == "rebinding.example":  # public when it is looked at, private when it is connected to
            return ["127.0.0.1" if self.asked > 1 else CANARY]
        if host == "both.example":
            return ["127.0.0.1", CANARY]
        if host in ("inside.example", "localhost"):
            return [CANARY]
        if re.fullmatch(r"[0-9a-fx.]+", host):
            return [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
        raise OSError("no such name")


@pytest.fixture
def besieged(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hostile site counts as one of the open web; every other address is judged as ever."""

    def judged(address: str, *, allow_private: bool = False) -> str | None:
        return None if address == "127.0.0.1" else forbidden(address, allow_private=allow_private)

    monkeypatch.setattr(sources.http, "forbidden", judged)


def filled(what: Page, words: dict[str, str]) -> Page:
    """Bytes with the words of this run in them; functions hold them in their closures."""
    if isinstance(what, bytes):
        for mark, word in words.items():
            what = what.replace(mark.encode(), word.encode())
        return what
    if callable(what):
        inner = what

        def give(handler):  # type: ignore[no-untyped-def]
            handler.wfile = _Filling(handler.wfile, words)
            inner(handler)

        return give
    return what


class _Filling:
    """A stream that puts the words of this run into what is written."""

    def __init__(self, stream, words: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
        self._stream = stream
        self._words = words

    def write(self, data: bytes) -> None:
        if b"@" in data and len(data) < 10_000:
            for mark, word in self._words.items():
                data = data.replace(mark.encode(), word.encode())
        self._stream.write(data)

    def flush(self) -> None:
        self._stream.flush()

    @property
    def closed(self) -> bool:
        return self._stream.closed

    def close(self) -> None:
        self._stream.close()


def archived(root: Path) -> Iterator[bytes]:
    for path in root.rglob("*"):
        if path.is_file():
            yield gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_input_harms_nothing(
    case: Case,
    tmp_path: Path,
    bad: Site,
    good: Site,
    canary: Site,
    box: Box,
    besieged: None,
    capfd: pytest.CaptureFixture[str],
) -> None:
    unreadable = tmp_path / "canary.txt"
    unreadable.write_text(UNREADABLE)
    entry = f"/{case.name}"
    words = {
        "@canary": f"{CANARY}:{canary.port}",
        "@badport": str(bad.port),
        "@port": str(canary.port),
        "@feed": bad.url(entry),
        "@file": str(unreadable),
        "@bad": bad.url(""),
    }
    bad.pages = {entry: filled(case.entry, words), "/x": filled(case.page, words)}
    bad.pages |= {path: filled(what, words) for path, what in case.more}
    bad.types = {entry: "text/html"} if case.kind is Kind.LISTING else {}
    good.pages = {"/feed": rss(item("/story")), "/story": page(f"<article><p>{GOOD}</p></article>")}
    canary.requests.clear()
    pattern = "/" if case.kind is Kind.LISTING else None
    hostile = Source(id="hostile", kind=case.kind, url=bad.url(entry), link_pattern=pattern)
    honest = Source(id="honest", kind=Kind.FEED, url=good.url("/feed"), allow_private=True)
    archive = Archive(tmp_path / "archive")
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    settings = dataclasses.replace(HTTP, resolver=Names())
    log = fetch_day([hostile, honest], archive, DAY, http=settings, box=box, now=lambda: NOW)
    archive.close()
    parsed = parse_day(Archive(archive.root), DAY, box=box)
    assert time.monotonic() - began < case.seconds
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < MEMORY

    closed = [e for e in parsed.log if e.source_id == "hostile" and (e.status.closes or e.status is Status.WARNING)]
    outcomes = {str(e.reason or e.status) for e in closed if e.status.closes or e.reason in case.expect}
    assert outcomes <= set(case.expect), [(e.url[:100], e.status, e.reason, e.detail) for e in closed]
    assert outcomes or not case.expect
    mine = [a for a in parsed.articles if a.source_id == "hostile"]
    if case.expect == (ARTICLE,):
        assert any(STORY[:80] in a.text for a in mine)

    (other,) = (a for a in parsed.articles if a.source_id == "honest")
    assert other.text == GOOD
    assert not [e for e in parsed.log if e.source_id == "honest" and e.status in (Status.FAILED, Status.REJECTED)]

    assert canary.requests == []
    assert {p.name for p in tmp_path.iterdir()} == {"archive", "canary.txt"}
    assert unreadable.read_text() == UNREADABLE
    told = capfd.readouterr()
    shown = "\n".join((repr(log), repr(parsed), told.out, told.err))
    assert UNREADABLE not in shown
    for entry in (*log, *parsed.log):
        assert not LOUD.search(f"{entry.url}{entry.detail}"), entry
    for article in parsed.articles:
        assert not LOUD.search(f"{article.title}{article.byline}{article.url}{article.canonical_url}")
    if SECRET in repr(case):
        assert SECRET not in shown
        shown_in = [
            c
            for c in archived(archive.root)
            if SECRET.encode() in re.sub(rb"(?s)<html>.*?</html>|<rss.*?</rss>", b"", c)
        ]
        assert not shown_in, shown_in[0][:3000]
