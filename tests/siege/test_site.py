"""A real site, played on loopback for two nights: what is asked for, how often, how fast, and what comes of it."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from fastwarc.warc import ArchiveIterator

from assets.settings import Settings
from sources.log import Reason
from tests.running import DAY, MEETING, NOON, PROJECT, run_steps, settings, write_catalogue
from tests.sources.site import Asked, Handler, Site, answer, in_turn, redirect, send
from warehouse import database

from .inputs import bomb, forever, head, packed

pytestmark = pytest.mark.slow

SPACING = 0.15
SLACK = 0.1  # the server's clock on a busy machine: a request may be noted late, and the next one in time
NEXT = DAY + dt.timedelta(days=1)
DATE = "Mon, 02 Mar 2026 10:00:00 GMT"


def story(number: int, charset: str = "utf-8") -> bytes:
    text = MEETING.replace("Helsinki", f"Helsinki’s ward {number}").replace("\n\n", "</p><p>")
    page = (
        f"<html><head><title>Ports stay open, part {number}</title>"
        "<meta property='article:published_time' content='2026-03-02T10:00:00Z'></head>"
        f"<body><article><p>{text} Café {number}.</p></article></body></html>"
    )
    return page.encode(charset, "replace")


def rss(*items: str) -> bytes:
    return f"<rss version='2.0'><channel><title>P</title>{''.join(items)}</channel></rss>".encode()


def item(path: str, text: str = "Read more…") -> str:
    return f"<item><title>Ports</title><link>{path}</link><description>{text}</description></item>"


def tagged(content: bytes, kind: str = "text/html; charset=utf-8") -> Callable[[Handler], None]:
    """A page with an ETag, and 304 for whoever has it."""

    def page(handler: Handler) -> None:
        if handler.headers.get("If-None-Match") == '"v1"':
            send(handler, status=304, ETag='"v1"')
        else:
            send(handler, content, ETag='"v1"', Content_Type=kind)

    return page


def dated(content: bytes) -> Callable[[Handler], None]:
    """The same with Last-Modified."""

    def page(handler: Handler) -> None:
        if handler.headers.get("If-Modified-Since") == DATE:
            send(handler, status=304)
        else:
            send(handler, content, Last_Modified=DATE)

    return page


@dataclass
class Web:
    """The sites, a door at which nobody may knock, and the first two nights: what each asked, and how long it took."""

    paper: Site
    hurt: Site
    press: Site
    where: Settings
    nights: list[list[tuple[str, Asked]]]
    seconds: list[float]
    knocked: bool

    def asked(self, night: int) -> Counter[str]:
        """How often each path was asked for, hosts' robots.txt aside."""
        return Counter(r.path for _, r in self.nights[night] if r.path != "/robots.txt")

    def log(self, day: dt.date) -> pd.DataFrame:
        with database.connect(self.where.working, read_only=True) as con:
            return database.read(con, "select * from fetch_log where fetch_day = ? order by logged_at", [day])

    def outcome(self, day: dt.date, path: str) -> tuple[str, ...]:
        """What the log says of a path: reason, or else status, of its closing entries."""
        rows = self.log(day)
        rows = rows[
            rows["url"].str.endswith(path) & rows["status"].isin(["article", "unchanged", "rejected", "failed"])
        ]
        return tuple(r.reason if isinstance(r.reason, str) else r.status for r in rows.itertuples())


PAGES = {  # on the paper's host, by feed; the reason of those that are no article
    "/p/tagged": None,
    "/p/dated": None,
    "/p/plain": None,
    "/p/moved": None,
    "/p/flaky": None,
    "/p/busy": None,
    "/p/latin": None,
    "/p/gone": Reason.HTTP_NOT_FOUND,
    "/p/refused": Reason.HTTP_REFUSED,
    "/p/loop": Reason.TOO_MANY_REDIRECTS,
    "/p/pdf": Reason.BINARY,
    "/p/broken": Reason.HTTP_SERVER_ERROR,
    "/private/one": Reason.ROBOTS_DISALLOWED,
}
HURT = {  # on a host of its own
    "/h/chunks": Reason.TOO_LARGE,
    "/h/bomb": Reason.TOO_LARGE,
    "/h/cut": Reason.PROTOCOL_ERROR,
    "/h/fine": None,
    "/h/drip": Reason.TIMED_OUT,
}


def furnish(paper: Site, hurt: Site, press: Site) -> None:
    whole = MEETING.replace("Helsinki", "Helsinki’s old town").replace("\n\n", " ") + " " + MEETING.replace("\n\n", " ")
    paper.pages |= {
        "/robots.txt": b"User-agent: *\nDisallow: /private/\n",
        "/feed": tagged(rss(*map(item, PAGES), item("/p/whole", whole)), "application/rss+xml"),
        "/p/tagged": tagged(story(1)),
        "/p/dated": dated(story(2)),
        "/p/plain": story(3),
        "/p/moved": redirect("/p/new-home", 301),
        "/p/new-home": tagged(story(4)),
        "/p/flaky": in_turn(500, tagged(story(5))),
        "/p/busy": in_turn(answer(status=429, Retry_After="1"), tagged(story(6))),
        "/p/latin": answer(story(7, "cp1252"), Content_Type="text/html; charset=utf-8", ETag='"v1"'),
        "/p/refused": 403,
        "/p/loop": redirect("/p/loop"),
        "/p/pdf": answer(b"%PDF-1.7\n" + bytes(range(256)) * 20, Content_Type="text/html"),
        "/p/broken": 500,
        "/private/one": story(8),
    }
    paper.pages["/p/latin"] = in_turn(paper.pages["/p/latin"], answer(status=304))
    paper.pages["/p/pdf"] = in_turn(paper.pages["/p/pdf"], answer(status=304))
    hurt.pages |= {
        "/feed": dated(rss(*map(item, HURT))),
        "/h/chunks": forever(head("Transfer-Encoding: chunked"), b"1000\r\n" + b"x" * 4096 + b"\r\n"),
        "/h/bomb": packed("gzip", bomb(200)),
        "/h/cut": lambda handler: handler.wfile.write(head("Content-Length: 5000") + b"<p>Once"),
        "/h/fine": tagged(story(11)),
        "/h/drip": forever(head(), b"x", 0.05),
    }
    press.pages |= {
        "/index.xml": tagged(
            f"<sitemapindex><sitemap><loc>{press.url('/news.xml')}</loc></sitemap></sitemapindex>".encode(),
            "application/xml",
        ),
        "/news.xml": tagged(
            (
                "<urlset>"
                f"<url><loc>{press.url('/n/1')}</loc><lastmod>2026-03-03</lastmod></url>"
                f"<url><loc>{press.url('/n/2')}</loc><lastmod>2026-03-03</lastmod></url>"
                f"<url><loc>{press.url('/n/old')}</loc><lastmod>2019-03-03</lastmod></url></urlset>"
            ).encode(),
            "application/xml",
        ),
        "/n/1": tagged(story(21)),
        "/n/2": story(22),
        "/press": tagged(b"<a href='/r/1'>One</a> <a href='/r/1#more'>again</a> <a href='/contact'>Contact</a>"),
        "/r/1": tagged(story(23)),
        "/closed": story(24),
    }


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    folder = tmp_path_factory.mktemp("site")
    sites = [Site(f"127.0.0.{n}") for n in (11, 12, 13)]
    paper, hurt, press = sites
    furnish(*sites)
    with socket.create_server(("127.0.0.14", 0)) as door:
        catalogue = write_catalogue(
            folder / "sources.yml",
            {"id": "paper", "kind": "feed", "url": paper.url("/feed"), "allow_private": True},
            {"id": "hurt", "kind": "feed", "url": hurt.url("/feed"), "allow_private": True},
            {"id": "news", "kind": "sitemap", "url": press.url("/index.xml"), "allow_private": True},
            {
                "id": "press",
                "kind": "listing",
                "url": press.url("/press"),
                "link_pattern": "/r/",
                "allow_private": True,
            },
            {"id": "stranger", "kind": "feed", "url": paper.url("/closed")},
            {"id": "knocking", "kind": "feed", "url": f"http://127.0.0.14:{door.getsockname()[1]}/feed"},
        )
        where = settings(
            folder, catalogue, fetch_spacing=SPACING, fetch_deadline=3.0, fetch_attempts=3, max_bytes=400_000
        )
        nights, seconds = [], []
        for number in range(2):
            for site in sites:
                site.requests.clear()
            began = time.monotonic()
            day, now = DAY + dt.timedelta(days=number), NOON + dt.timedelta(days=number)
            reports = run_steps(where, f"night-{number}", day, now=now)
            seconds.append(time.monotonic() - began)
            assert "published" in reports, {name: r.results for name, r in reports.items() if r.blocked}
            nights.append([(site.address, request) for site in sites for request in site.requests])
        door.setblocking(False)
        try:
            knocked = bool(door.accept())
        except BlockingIOError:
            knocked = False
    yield Web(paper, hurt, press, where, nights, seconds, knocked)
    for site in sites:
        site.close()


def test_every_article_is_fetched_once(web: Web) -> None:
    asked = web.asked(0)
    once = [path for path, reason in (PAGES | HURT).items() if reason is None] + ["/n/1", "/n/2", "/r/1", "/p/new-home"]
    tries = {"/p/flaky": 2, "/p/busy": 2}
    assert {path: asked[path] for path in once} == {path: tries.get(path, 1) for path in once}
    assert {path: asked[path] for path in ("/feed", "/index.xml", "/news.xml", "/press")} == {
        "/feed": 2,  # of two hosts
        "/index.xml": 1,
        "/news.xml": 1,
        "/press": 1,
    }
    assert not {"/n/old", "/contact", "/private/one", "/p/whole", "/closed"} & set(asked)


def test_the_next_night_nothing_is_fetched_again(web: Web) -> None:
    first, second = web.asked(0), web.asked(1)
    unasked = {"/p/plain", "/n/2"}  # no validators, and nobody says that they changed
    assert not unasked & set(second)
    conditional = {
        r.path: r.headers for _, r in web.nights[1] if {"if-none-match", "if-modified-since"} & set(r.headers)
    }
    failing = {path for path, reason in (PAGES | HURT).items() if reason is not None and reason is not Reason.BINARY}
    assert set(second) - failing - {"/p/moved"} <= set(conditional), (
        "each request but those for failures is conditional"
    )
    assert set(second) <= set(first)
    assert conditional["/p/tagged"]["if-none-match"] == '"v1"'
    assert conditional["/p/dated"]["if-modified-since"] == DATE
    log = web.log(NEXT)
    again = log[log["bytes"].notna() & log["http_status"].eq(200)]
    assert list(again["url"]) == [], "no body came a second time"
    assert set(log[log["status"].isin(["unchanged"])]["http_status"].dropna()) <= {304}
    assert len(log[log["status"] == "unchanged"]) == len(web.log(DAY)[web.log(DAY)["status"] == "article"]) - 1
    assert web.outcome(NEXT, "/p/whole") == ("article",), "feeds are opened every day"


def test_robots_txt_is_asked_first_and_obeyed(web: Web) -> None:
    for night in web.nights:
        for host in {address for address, _ in night}:
            paths = [r.path for address, r in night if address == host]
            assert paths[0] == "/robots.txt"
            assert paths.count("/robots.txt") == 1
    assert web.outcome(DAY, "/private/one") == (Reason.ROBOTS_DISALLOWED,)


def test_the_spacing_of_every_host_is_kept(web: Web) -> None:
    for night in web.nights:
        for host in {address for address, _ in night}:
            at = [r.at for address, r in night if address == host]
            gaps = [later - earlier for earlier, later in pairwise(at)]
            assert min(gaps) >= SPACING - SLACK
            assert (at[-1] - at[0]) >= len(gaps) * SPACING - SLACK
    busy = [r.at for _, r in web.nights[0] if r.path == "/p/busy"]
    assert busy[1] - busy[0] >= 1.0 - SLACK, "Retry-After is honoured"


@pytest.mark.parametrize(("path", "reason"), [*PAGES.items(), *HURT.items()])
def test_each_failure_has_its_typed_reason(web: Web, path: str, reason: Reason | None) -> None:
    if reason is None:
        (outcome,) = web.outcome(DAY, path.replace("/p/moved", "/p/moved"))
        assert outcome == "article"
    else:
        assert reason in web.outcome(DAY, path)


def test_the_log_tells_status_bytes_and_time(web: Web) -> None:
    rows = web.log(DAY).set_index("url")
    plain = rows.loc[web.paper.url("/p/plain")]
    assert (plain["http_status"], plain["bytes"]) == (200, len(story(3)))
    assert 0 < plain["seconds"] < 3
    gone = rows.loc[web.paper.url("/p/gone")]
    statuses = set(rows.loc[[web.paper.url("/p/gone")], "http_status"].dropna())
    assert statuses == {404}, gone
    failed = rows[
        rows["status"].eq("failed") & ~rows["reason"].isin([Reason.ROBOTS_DISALLOWED, Reason.PRIVATE_ADDRESS])
    ]
    assert failed["seconds"].notna().all()


def test_sources_without_leave_reach_nothing(web: Web) -> None:
    assert not web.knocked, "not even a connection"
    assert web.outcome(DAY, "/closed") == (Reason.PRIVATE_ADDRESS,)
    assert web.outcome(
        NEXT, ":" + web.log(NEXT).query("source_id == 'knocking'")["url"].iloc[0].rpartition(":")[2]
    ) == (Reason.PRIVATE_ADDRESS,)


def test_a_charset_that_lies_is_told(web: Web) -> None:
    rows = web.log(DAY)
    assert Reason.CHARSET_GUESSED in set(rows[rows["url"].str.endswith("/p/latin")]["reason"])
    with database.connect(web.where.working, read_only=True) as con:
        texts = database.read(con, "select text from articles where url like '%/p/latin'")["text"]
    assert texts.iloc[0].endswith("Café 7.")


def test_a_run_ends_in_time(web: Web) -> None:
    assert all(seconds < 90 for seconds in web.seconds)


def test_standard_tools_read_the_archive(web: Web, tmp_path: Path) -> None:
    files = sorted(web.where.archive.rglob("*.warc.gz"))
    assert len(files) >= 2
    names = list(map(str, files))
    checked = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "check", "-v", *names], capture_output=True, text=True
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    index = subprocess.run(
        [sys.executable, "-m", "warcio.cli", "index", "-f", "warc-type,warc-target-uri,http:status", *names],
        capture_output=True,
        text=True,
        check=True,
    )
    rows = [json.loads(line) for line in index.stdout.splitlines()]
    types = Counter(row["warc-type"] for row in rows)
    assert types["response"] >= 14
    assert types["revisit"] >= 12
    pages = {r["warc-target-uri"] for r in rows if r["warc-type"] == "response" and r["http:status"] == "200"}
    assert web.paper.url("/p/plain") in pages
    read: Counter[str] = Counter()
    for file in files:
        with file.open("rb") as stream:
            for record in ArchiveIterator(stream, parse_http=False):
                assert record.verify_block_digest(), record.headers
                read[record.headers["WARC-Type"]] += 1
    assert read["response"] == types["response"]
    assert read["revisit"] == types["revisit"]


OFFLINE = """
import datetime as dt, sys
from pathlib import Path
REFUSED = {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}
def refuse(event, args):
    if event in REFUSED:
        raise PermissionError(f"this test denies {event} {args[1:]!r}")
sys.addaudithook(refuse)
if __name__ == "__main__":
    from assets.rebuild import rebuild
    from tests.running import settings
    where = settings(Path(sys.argv[1]), Path(sys.argv[2]))
    done = rebuild(where, "rebuild-1", lambda: dt.datetime(2026, 4, 3, 12))
    print(done.days, len(done.held_back))
"""
NOTED = {
    "extractions": {"seconds", "extracted_at"},
    "identities": {"registered_at"},
    "forwarded_ids": {"forwarded_at"},
    "quarantine": {"run_id", "quarantined_at"},
}


def content(where: Settings) -> dict[str, list[str]]:
    from warehouse import schema

    out = {}
    with database.connect(where.working, read_only=True) as con:
        for table in schema.TABLES.values():
            if not table.log:
                kept = [c for c in table.names if c not in NOTED.get(table.name, ())]
                rows = database.read_table(con, table.name)[kept]
                out[table.name] = sorted(map(repr, rows.itertuples(index=False, name=None)))
    return out


def test_the_working_database_comes_again_from_the_archive_without_a_socket(web: Web, tmp_path: Path) -> None:
    fresh = settings(tmp_path / "fresh", web.where.sources)
    shutil.copytree(web.where.archive, fresh.archive)
    script = tmp_path / "offline.py"
    script.write_text(OFFLINE)
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "fresh"), str(web.where.sources)],
        capture_output=True,
        text=True,
        cwd=PROJECT,
        env={"PYTHONPATH": str(PROJECT), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.split() == ["2", "0"]
    before, after = content(web.where), content(fresh)
    assert {name for name in before if before[name] != after[name]} == set()
    assert {"articles", "fetch_log", "fact_quotes", "events"} <= {name for name, rows in before.items() if rows}
