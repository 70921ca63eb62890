"""A site on loopback, and the archive and clock of a test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from sources.archive import Archive, Capture, Origin, Role
from sources.articles import ParsedDay, parse_day
from sources.box import Box, BoxSettings
from sources.catalog import Kind
from sources.http import HttpSettings

from .site import Site

DAY = dt.date(2026, 3, 14)
NOW = dt.datetime(2026, 3, 14, 2, 0)


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
        spacing=0.0,
    )


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


class Day:
    """Puts bytes into an archive as a reader would, and parses the day."""

    def __init__(self, archive: Archive, box: Box) -> None:
        self.archive = archive
        self.box = box
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
        return parse_day(self.archive, self.day, box=self.box)


@pytest.fixture(scope="session")
def shared_box() -> Iterator[Box]:
    """A parsing box whose workers are started once for all tests."""
    with Box(BoxSettings(workers=1)) as box:
        yield box


@pytest.fixture
def day(archive: Archive, shared_box: Box) -> Day:
    return Day(archive, shared_box)
