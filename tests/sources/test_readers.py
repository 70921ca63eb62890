from __future__ import annotations

import datetime as dt
import gzip
import os
import socket
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from sources.archive import Archive
from sources.articles import ParsedDay, parse_day
from sources.box import Box
from sources.catalog import Kind, Source
from sources.http import HttpSettings
from sources.log import LogEntry, Reason, Status, delivered
from sources.network.hosts import DOWN_AFTER
from sources.readers import fetch_day

from .conftest import DAY, NOW, Site

FLASH = "Lusaka and Gaborone signed a pact on river dues on Monday."
PAGE = f"<html><body><script>spy()</script><article><h1>River dues agreed</h1><p>{FLASH} %s</p></article></body></html>"


class Ledger:
    """Fetches at a clock that moves an hour with every run."""

    def __init__(self, archive: Archive, http: HttpSettings, box: Box) -> None:
        self.archive = archive
        self.http = http
        self.box = box
        self.now = NOW

    def run(self, *sources: Source, offline: bool = False) -> list[LogEntry]:
        self.now += dt.timedelta(hours=1)
        more = {"http": self.http, "box": self.box, "offline": offline}
        return fetch_day(sources, self.archive, DAY, now=lambda: self.now, **more)  # type: ignore[arg-type]

    def parse(self) -> ParsedDay:
        return parse_day(Archive(self.archive.root), DAY, box=self.box)


@pytest.fixture
def ledger(archive: Archive, quick: HttpSettings, shared_box: Box) -> Ledger:
    return Ledger(archive, quick, shared_box)


def folder(path: Path, **more: object) -> Source:
    return Source.model_validate({"id": "desk", "kind": "folder", "path": path} | more)


def web(url: str, name: str = "paper") -> Source:
    return Source(id=name, kind=Kind.FEED, url=url, outlet="The Paper", language="en", allow_private=True)


def rss(*links: str, description: str = "Read more…") -> bytes:
    items = "".join(f"<item><link>{link}</link><description>{description}</description></item>" for link in links)
    return f"<rss version='2.0'><channel><title>P</title>{items}</channel></rss>".encode()


def told(entries: Iterable[LogEntry]) -> dict[str, str]:
    return {entry.url: str(entry.reason or entry.status) for entry in entries}


def test_a_folder_is_read_in_order_with_a_reason_for_all_else(tmp_path: Path, ledger: Ledger) -> None:
    root = tmp_path / "texts"
    (root / "sub").mkdir(parents=True)
    (root / ".git").mkdir()
    for name in ("b.txt", "a.HTML", "sub/c.htm", "d.pdf", "e", ".hidden.txt", ".git/f.txt"):
        (root / name).write_text(PAGE % name, encoding="utf-8")
    (root / "dangling.txt").symlink_to(root / "nowhere")
    os.mkfifo(root / "pipe.txt")
    (root / "large.txt").write_bytes(b"word " * 4_000_000)
    ledger.run(folder(root, outlet="The Desk"))
    parsed = ledger.parse()
    assert [a.url for a in parsed.articles] == ["file:desk/a.HTML", "file:desk/b.txt", "file:desk/sub/c.htm"]
    assert {a.outlet for a in parsed.articles} == {"The Desk"}
    assert str(tmp_path) not in repr(parsed)
    assert told(e for e in parsed.log if e.status is not Status.ARTICLE) == {
        "file:desk/d.pdf": Reason.UNSUPPORTED_TYPE,
        "file:desk/e": Reason.UNSUPPORTED_TYPE,
        "file:desk/dangling.txt": Reason.UNREADABLE,
        "file:desk/pipe.txt": Reason.UNREADABLE,
        "file:desk/large.txt": Reason.TOO_LARGE,
    }


def test_a_file_that_may_not_be_read(tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "texts").mkdir()
    for name in ("a.txt", "b.txt"):
        (tmp_path / "texts" / name).write_text(FLASH)
    plain = Path.open

    def guarded(self: Path, *args: object, **more: object) -> object:
        if self.name == "a.txt":
            raise PermissionError(13, "Permission denied")
        return plain(self, *args, **more)  # type: ignore[arg-type, call-overload]

    monkeypatch.setattr(Path, "open", guarded)
    ledger.run(folder(tmp_path / "texts"))
    assert told(ledger.parse().log) == {"file:desk/a.txt": "unreadable", "file:desk/b.txt": "article"}


def test_a_source_that_is_gone_does_not_stop_the_next(tmp_path: Path, ledger: Ledger) -> None:
    (tmp_path / "wire.jsonl").write_text('{"url": "https://a.example/1", "text": "One line."}\n')
    sources = (
        folder(tmp_path / "nowhere"),
        Source(id="lines", kind=Kind.JSONL, path=tmp_path / "none.jsonl"),
        Source(id="off", kind=Kind.JSONL, path=tmp_path / "wire.jsonl", enabled=False),
        Source(id="wire", kind=Kind.JSONL, path=tmp_path / "wire.jsonl"),
    )
    ledger.run(*sources)
    parsed = ledger.parse()
    assert delivered(parsed.log) == {"desk": 0, "lines": 0, "wire": 1}
    assert [e.reason for e in parsed.log if e.status is Status.FAILED] == [Reason.SOURCE_MISSING] * 2


def test_a_feed_with_its_linked_pages(site: Site, ledger: Ledger) -> None:
    def moved(handler) -> None:  # type: ignore[no-untyped-def]
        handler.send_response(301)
        handler.send_header("Location", "/2026/moved")
        handler.end_headers()

    links = ["/one", "/moved", "/gone", "/busy", "ftp://elsewhere.example/x"]
    site.pages |= {
        "/feed": rss(*links[:4], description=FLASH),
        "/one": (PAGE % "One.").encode(),
        "/moved": moved,
        "/2026/moved": (PAGE % "Moved.").encode(),
        "/busy": 503,
    }
    ledger.run(web(site.url("/feed")))
    parsed = ledger.parse()
    by_url = {a.url.rpartition("/")[2]: a for a in parsed.articles}
    assert by_url["one"].text == f"{FLASH} One."
    assert by_url["moved"].canonical_url == site.url("/2026/moved")
    assert by_url["gone"].text == by_url["busy"].text == FLASH, "the summary stands in for a page that cannot be had"
    warned = {(e.url.rpartition("/")[2], e.reason, e.http_status) for e in parsed.log if e.status is Status.WARNING}
    assert warned == {
        ("gone", Reason.HTTP_NOT_FOUND, 404),
        ("gone", Reason.SUMMARY_ONLY, None),
        ("busy", Reason.HTTP_SERVER_ERROR, 503),
        ("busy", Reason.SUMMARY_ONLY, None),
    }
    assert not any("spy" in article.text for article in parsed.articles)


def test_a_link_without_page_and_summary_is_a_failure(site: Site, ledger: Ledger) -> None:
    site.pages |= {"/feed": rss("/gone", "/one", description=""), "/one": (PAGE % "One.").encode()}
    ledger.run(web(site.url("/feed")))
    parsed = ledger.parse()
    assert [a.text for a in parsed.articles] == [f"{FLASH} One."]
    (failed,) = [e for e in parsed.log if e.status is Status.FAILED]
    assert (failed.url, failed.reason, failed.http_status) == (site.url("/gone"), Reason.HTTP_NOT_FOUND, 404)


def test_running_a_day_again_changes_nothing(site: Site, tmp_path: Path, ledger: Ledger) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(FLASH)
    (tmp_path / "texts" / "b.doc").write_text(FLASH)
    site.pages |= {"/feed": rss("/one", "/gone"), "/one": (PAGE % "One.").encode()}
    sources = (folder(tmp_path / "texts"), web(site.url("/feed")), web(site.url("/none"), "none"))
    ledger.run(*sources)
    first = ledger.parse()
    ledger.run(*sources)
    assert ledger.parse() == first
    assert site.asked.count("/one") == 1, "a page is fetched once a day"
    ledger.run(*sources, offline=True)
    assert ledger.parse() == first


def test_an_offline_replay_touches_nothing(
    site: Site, tmp_path: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(FLASH)
    site.pages["/feed"] = rss("/one", description="long words of it all " * 40)
    sources = (folder(tmp_path / "texts"), web(site.url("/feed")))
    ledger.run(*sources)
    first = ledger.parse()
    (tmp_path / "texts" / "a.txt").unlink()

    def denied(*args: object, **more: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", denied)
    late = replace_id(sources[1], "late")
    entries = ledger.run(*sources, late, offline=True)
    assert [(e.source_id, e.reason) for e in entries] == [("late", Reason.NOTHING_ARCHIVED)]
    assert ledger.parse() == first


def replace_id(source: Source, name: str) -> Source:
    return source.model_copy(update={"id": name})


def test_a_failure_after_a_success_falls_back_on_the_archive(site: Site, ledger: Ledger) -> None:
    site.pages["/feed"] = rss("/one", description="long words of it all " * 40)
    ledger.run(web(site.url("/feed")))
    first = ledger.parse()
    site.pages["/feed"] = 500
    (entry,) = ledger.run(web(site.url("/feed")))
    assert (entry.status, entry.reason, entry.http_status) == (Status.WARNING, Reason.FETCH_FAILED_REPLAYED, 500)
    assert "http_server_error" in str(entry.detail)
    assert ledger.parse() == first


def test_a_success_after_a_failure_replaces_it(site: Site, ledger: Ledger) -> None:
    source = web(site.url("/feed"))
    ledger.run(source)
    assert told(ledger.parse().log) == {site.url("/feed"): Reason.HTTP_NOT_FOUND}
    site.pages["/feed"] = rss("/one", description="long words of it all " * 40)
    ledger.run(source)
    parsed = ledger.parse()
    assert len(parsed.articles) == 1
    assert not [e for e in parsed.log if e.status is Status.FAILED]


def test_a_dead_host_is_left_alone_after_a_few_tries(site: Site, ledger: Ledger) -> None:
    ledger.http = replace(ledger.http, read_timeout=0.05, attempts=1)
    site.pages["/feed"] = rss(*(f"/hang{n}" for n in range(DOWN_AFTER + 3)), description="")
    for n in range(DOWN_AFTER + 3):
        site.pages[f"/hang{n}"] = lambda handler: __import__("time").sleep(0.2)
    ledger.run(web(site.url("/feed")))
    found = [e.reason for e in ledger.parse().log if e.status is Status.FAILED]
    assert found == [Reason.TIMED_OUT] * DOWN_AFTER + [Reason.HOST_DOWN] * 3
    assert sum("hang" in path for path in site.asked) == DOWN_AFTER


@pytest.mark.parametrize("content", [b"", b"<html><p>Sorry</p></html>", b"\x00\x01", b"{", b"<rss><channel><item>"])
def test_bytes_are_kept_whatever_they_are(site: Site, ledger: Ledger, content: bytes) -> None:
    site.pages["/feed"] = content
    ledger.run(web(site.url("/feed")))
    (capture,) = ledger.archive.manifest(DAY).captures
    assert ledger.archive.read(capture.sha256) == content
    assert (capture.url, capture.http_status, capture.origin.outlet) == (site.url("/feed"), 200, "The Paper")
    ledger.parse()


def test_a_feed_from_a_file(tmp_path: Path, ledger: Ledger) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(rss("https://paper.example/1", description="long words of it all " * 40))
    ledger.run(Source(id="paper", kind=Kind.FEED, path=path))
    parsed = ledger.parse()
    assert [a.url for a in parsed.articles] == ["https://paper.example/1"]
    assert parsed.log[0].url == "file:paper/feed.xml"


def unpacked(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def test_no_password_reaches_log_or_archive(site: Site, ledger: Ledger) -> None:
    secret = site.url("/feed").replace("http://", "http://me:opensesame@")
    site.pages["/feed"] = rss("/one", description="")
    entries = ledger.run(web(secret), web(secret + "x", "other"))
    written = b"".join(unpacked(p) for p in ledger.archive.root.rglob("*") if p.is_file()).decode("utf-8", "replace")
    assert "opensesame" not in written + repr(entries) + repr(ledger.parse())
