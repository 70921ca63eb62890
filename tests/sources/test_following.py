"""Days on the open web: what is followed, what is asked for again, and what is not."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from sources.archive import Archive, Basis
from sources.articles import Known, ParsedDay, parse_day
from sources.box import Box
from sources.catalog import Kind, Source
from sources.http import HttpSettings
from sources.log import LogEntry, Reason, Status
from sources.readers import fetch_day

from .conftest import DAY
from .site import Handler, Site, answer, redirect, send

STORY = "The harbour masters of Tallinn and Turku agreed on common rules for ice pilots on Monday."
PAGE = f"<html><head><title>Ice</title></head><body><article><p>{STORY}</p><p>%s</p></article></body></html>"


class Nights:
    """One night after the other over the same archive."""

    def __init__(self, archive: Archive, http: HttpSettings, box: Box) -> None:
        self.archive = archive
        self.http = http
        self.box = box
        self.day = DAY

    def run(self, *sources: Source, refused: set[tuple[str, str]] = frozenset()) -> list[LogEntry]:  # type: ignore[assignment]
        now = dt.datetime.combine(self.day, dt.time(2))
        return fetch_day(
            sources, self.archive, self.day, http=self.http, box=self.box, now=lambda: now, refused=refused
        )

    def parse(self) -> ParsedDay:
        return parse_day(Archive(self.archive.root), self.day, box=self.box)

    def sleep(self, days: int = 1) -> None:
        self.day += dt.timedelta(days=days)

    def bases(self) -> dict[str, Basis]:
        return {c.url.rpartition("/")[2]: c.basis for c in self.archive.manifest(self.day).captures}


@pytest.fixture
def nights(archive: Archive, quick: HttpSettings, shared_box: Box) -> Nights:
    return Nights(archive, quick, shared_box)


def source(url: str, kind: Kind = Kind.FEED, name: str = "paper", **more: object) -> Source:
    return Source.model_validate({"id": name, "kind": kind, "url": url, "allow_private": True} | more)


def rss(*links: str) -> bytes:
    items = "".join(f"<item><link>{link}</link><description>Read more…</description></item>" for link in links)
    return f"<rss version='2.0'><channel><title>P</title>{items}</channel></rss>".encode()


def with_etag(content: bytes, tag: str = '"a1"') -> Callable[[Handler], None]:
    """A page that answers a conditional request with 304."""

    def page(handler: Handler) -> None:
        if handler.headers.get("If-None-Match") == tag:
            send(handler, status=304, ETag=tag)
        else:
            send(handler, content, ETag=tag)

    return page


def closed(parsed: ParsedDay) -> dict[str, str]:
    return {e.url.rpartition("/")[2]: str(e.reason or e.status) for e in parsed.log if e.status.closes}


def test_the_next_night_asks_with_validators_and_fetches_nothing_twice(site: Site, nights: Nights) -> None:
    site.pages |= {
        "/feed": with_etag(rss("/one", "/two")),
        "/one": with_etag((PAGE % "One.").encode()),
        "/two": (PAGE % "Two.").encode(),
    }
    paper = source(site.url("/feed"))
    nights.run(paper)
    first = nights.parse()
    assert len(first.articles) == 2
    nights.sleep()
    nights.run(paper)
    assert nights.bases() == {"feed": Basis.NOT_MODIFIED, "one": Basis.NOT_MODIFIED, "two": Basis.KEPT}
    assert site.asked == ["/feed", "/one", "/two", "/feed", "/one"], "without validators a page is not asked for again"
    assert [a.text for a in nights.parse().articles] == [a.text for a in first.articles], "the day is whole by itself"
    nights.sleep(8)
    nights.run(paper)
    assert nights.bases()["one"] is Basis.KEPT, "after a week a page is left in peace"


def test_a_corrected_page_is_fetched_again(site: Site, nights: Nights) -> None:
    paper = source(site.url("/feed"))
    site.pages |= {"/feed": rss("/one"), "/one": with_etag((PAGE % "One.").encode())}
    nights.run(paper)
    site.pages["/one"] = with_etag((PAGE % "One, corrected.").encode(), '"a2"')
    nights.sleep()
    nights.run(paper)
    (article,) = nights.parse().articles
    assert article.text.endswith("One, corrected.")


@pytest.mark.parametrize("status", [500, 404, 403])
def test_a_page_that_fails_on_another_night_stands_as_it_was(site: Site, nights: Nights, status: int) -> None:
    paper = source(site.url("/feed"))
    site.pages |= {"/feed": rss("/one"), "/one": with_etag((PAGE % "One.").encode())}
    nights.run(paper)
    (first,) = nights.parse().articles
    site.pages["/one"] = lambda handler: send(handler, b"no", status=status)
    nights.sleep()
    nights.run(paper)
    parsed = nights.parse()
    assert nights.bases()["one"] is Basis.KEPT
    assert [a.text for a in parsed.articles] == [first.text]
    told = [(e.reason, e.http_status) for e in parsed.log if e.status is Status.WARNING and e.url.endswith("/one")]
    assert told == [(Reason.FETCH_FAILED_REPLAYED, status)]


def test_a_teaser_is_no_new_version_of_an_article_behind_a_wall(site: Site, nights: Nights) -> None:
    paper = source(site.url("/feed"))
    teaser = f"<item><link>/one</link><description>{STORY} Read more…</description></item>"
    feed = f"<rss version='2.0'><channel><title>P</title>{teaser}</channel></rss>".encode()
    site.pages |= {"/feed": feed, "/one": with_etag((PAGE % "One.").encode())}
    nights.run(paper)
    (first,) = nights.parse().articles
    known = {(first.url, "of another day"): Known(first.article_id)}
    site.pages["/one"] = b"<title>Log in</title><h1>Log in</h1><p>Log in to continue</p><input type='password'>"
    nights.sleep()
    nights.run(paper)
    parsed = parse_day(Archive(nights.archive.root), nights.day, known, box=nights.box)
    assert parsed.articles == []
    assert closed(parsed)["one"] == Reason.LOGIN_PAGE


def test_what_was_a_wall_is_asked_for_again(site: Site, nights: Nights) -> None:
    paper = source(site.url("/feed"))
    site.pages |= {"/feed": rss("/one"), "/one": b"<title>Just a moment...</title><p>Checking your browser</p>"}
    nights.run(paper)
    (wall,) = [e for e in nights.parse().log if e.url.endswith("/one") and e.status.closes]
    assert wall.reason is Reason.BOT_CHECK
    site.pages["/one"] = (PAGE % "One.").encode()
    nights.sleep()
    nights.run(paper, refused={(wall.url, wall.sha256 or "")})
    assert closed(nights.parse())["one"] == Status.ARTICLE


def test_known_pages_do_not_keep_new_ones_waiting(site: Site, nights: Nights) -> None:
    paper = source(site.url("/feed"), max_pages=1)
    site.pages |= {"/feed": rss("/one")} | {f"/{n}": with_etag((PAGE % n).encode()) for n in ("one", "two")}
    nights.run(paper)
    site.pages["/feed"] = rss("/one", "/two")
    nights.sleep()
    nights.run(paper)
    assert nights.bases() == {"feed": Basis.FETCHED, "one": Basis.NOT_MODIFIED, "two": Basis.FETCHED}


def test_a_page_without_validators_is_fetched_again_when_its_sitemap_says_that_it_changed(
    site: Site, nights: Nights
) -> None:
    def sitemap(day: int) -> bytes:
        return f"<urlset><url><loc>{site.url('/one')}</loc><lastmod>2026-03-{day}</lastmod></url></urlset>".encode()

    paper = source(site.url("/map.xml"), Kind.SITEMAP)
    site.pages |= {"/map.xml": sitemap(13), "/one": (PAGE % "One.").encode()}
    nights.run(paper)
    nights.sleep()
    nights.run(paper)
    assert site.asked.count("/one") == 1
    nights.sleep(2)
    site.pages |= {"/map.xml": sitemap(16), "/one": (PAGE % "One, changed.").encode()}
    nights.run(paper)
    assert site.asked.count("/one") == 2
    assert nights.parse().articles[0].text.endswith("One, changed.")


def test_a_sitemap_index_is_followed_to_the_new_pages(site: Site, nights: Nights) -> None:
    site.pages |= {
        "/index.xml": (
            "<sitemapindex>"
            f"<sitemap><loc>{site.url('/news.xml')}</loc><lastmod>2026-03-14</lastmod></sitemap>"
            f"<sitemap><loc>{site.url('/2019.xml')}</loc><lastmod>2019-12-31</lastmod></sitemap>"
            "</sitemapindex>"
        ).encode(),
        "/news.xml": (
            "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'"
            " xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>"
            f"<url><loc>{site.url('/news/one')}</loc><news:news><news:title>Ice pilots</news:title>"
            "<news:publication_date>2026-03-13T09:30:00Z</news:publication_date></news:news></url>"
            f"<url><loc>{site.url('/news/old')}</loc><lastmod>2026-01-01</lastmod></url>"
            f"<url><loc>{site.url('/about')}</loc></url>"
            "</urlset>"
        ).encode(),
        "/news/one": (PAGE % "One.").encode(),
    }
    nights.run(source(site.url("/index.xml"), Kind.SITEMAP, link_pattern="/news/"))
    assert site.asked == ["/index.xml", "/news.xml", "/news/one"]
    (article,) = nights.parse().articles
    assert (article.title, article.published_at) == ("Ice pilots", dt.datetime(2026, 3, 13, 9, 30))


def test_sitemaps_that_name_each_other_are_fetched_once(site: Site, nights: Nights) -> None:
    names = ["a.xml", "b.xml", "c.xml"]
    index = "".join(f"<sitemap><loc>{site.url('/' + name)}</loc></sitemap>" for name in names)
    site.pages |= {f"/{name}": f"<sitemapindex>{index}</sitemapindex>".encode() for name in names}
    nights.run(source(site.url("/a.xml"), Kind.SITEMAP))
    assert sorted(site.asked) == ["/a.xml", "/b.xml", "/c.xml"]


def test_a_listing_is_followed_where_its_links_match(site: Site, nights: Nights) -> None:
    site.pages |= {
        "/press": b"<a href='/press/1'>One</a> <a href='/press/1#top'>again</a> <a href='/contact'>Contact</a>"
        b"<a href='/press/2'>Two</a>",
        "/press/1": (PAGE % "One.").encode(),
    }
    nights.run(source(site.url("/press"), Kind.LISTING, link_pattern=r"/press/\d+$"))
    assert site.asked == ["/press", "/press/1", "/press/2"]
    parsed = nights.parse()
    assert len(parsed.articles) == 1
    assert closed(parsed) == {"1": "article", "2": Reason.HTTP_NOT_FOUND}


def test_what_is_no_sitemap_says_so(site: Site, nights: Nights) -> None:
    site.pages["/map.xml"] = b"<html><body>Sorry</body></html>"
    nights.run(source(site.url("/map.xml"), Kind.SITEMAP))
    assert closed(nights.parse()) == {"map.xml": Reason.NOT_A_SITEMAP}


def test_more_pages_than_a_night_may_fetch_come_the_next_night(site: Site, nights: Nights) -> None:
    site.pages |= {"/feed": rss("/1", "/2", "/3"), **{f"/{n}": (PAGE % n).encode() for n in (1, 2, 3)}}
    paper = source(site.url("/feed"), max_pages=2)
    nights.run(paper)
    parsed = nights.parse()
    assert len(parsed.articles) == 2
    (late,) = [e for e in parsed.log if e.url.endswith("/3") and e.reason is Reason.POSTPONED]
    assert "max_pages" in str(late.detail)
    nights.sleep()
    nights.run(paper)
    assert site.asked.count("/1") == 1
    assert site.asked.count("/3") == 1


def test_a_page_that_two_sources_name_is_fetched_once(site: Site, nights: Nights) -> None:
    site.pages |= {"/a": rss("/one"), "/b": rss("/one"), "/one": (PAGE % "One.").encode()}
    nights.run(source(site.url("/a"), name="a"), source(site.url("/b"), name="b"))
    assert site.asked.count("/one") == 1
    parsed = nights.parse()
    assert len(parsed.articles) == 1
    assert [e.reason for e in parsed.log if e.status is Status.REJECTED] == [Reason.DUPLICATE_URL_OTHER_SOURCE]


def test_a_source_that_fails_for_days_rests_and_recovers(site: Site, nights: Nights) -> None:
    paper = source(site.url("/feed"))
    asked = []
    for _ in range(9):
        before = len(site.asked)
        nights.run(paper)
        asked.append(len(site.asked) > before)
        nights.sleep()
    assert asked == [True, True, True, False, True, False, False, False, True]
    site.pages["/feed"] = rss()
    nights.sleep(6)
    nights.run(paper)
    assert nights.bases() == {"feed": Basis.FETCHED}
    site.pages["/feed"] = 404
    nights.sleep()
    nights.run(paper)
    assert closed(nights.parse()) == {"feed": Reason.HTTP_NOT_FOUND}, "the first time it came, all was forgotten"


def test_a_source_at_rest_is_noted(site: Site, nights: Nights) -> None:
    paper = source(site.url("/feed"))
    for _ in range(4):
        nights.run(paper)
        nights.sleep()
    nights.day -= dt.timedelta(days=1)
    (entry,) = [e for e in nights.parse().log if e.status.closes]
    assert (entry.reason, entry.detail) == (
        Reason.SOURCE_RESTING,
        f"asked again on {nights.day + dt.timedelta(days=1)}",
    )


def test_the_validators_of_a_moved_feed_are_those_of_its_new_address(site: Site, nights: Nights) -> None:
    site.pages |= {"/feed": redirect("/new", 301), "/new": with_etag(rss("/one")), "/one": (PAGE % "One.").encode()}
    paper = source(site.url("/feed"))
    nights.run(paper)
    nights.sleep()
    nights.run(paper)
    assert nights.bases() == {"feed": Basis.NOT_MODIFIED, "one": Basis.KEPT}
    assert len(nights.parse().articles) == 1


def test_bytes_that_are_gone_are_fetched_again(site: Site, nights: Nights) -> None:
    site.pages |= {
        "/feed": with_etag(rss("/one", "/two")),
        "/one": with_etag((PAGE % "One.").encode()),
        "/two": (PAGE % "2").encode(),
    }
    paper = source(site.url("/feed"))
    nights.run(paper)
    nights.archive.close()
    for file in nights.archive.root.rglob("*.warc.gz"):
        file.unlink()
    nights.sleep()
    nights.run(paper)
    assert set(nights.bases().values()) == {Basis.FETCHED}
    assert len(nights.parse().articles) == 2


def test_a_secret_in_an_address_stays_in_the_catalogue(site: Site, nights: Nights) -> None:
    site.pages |= {
        "/feed?api_key=opensesame": rss(site.url("/one?access_token=opensesame")),
        "/one?access_token=opensesame": answer((PAGE % "One.").encode(), Set_Cookie="session=opensesame"),
        "/gone?api_key=opensesame": 404,
    }
    log = nights.run(
        source(site.url("/feed?api_key=opensesame")), source(site.url("/gone?api_key=opensesame"), name="gone")
    )
    parsed = nights.parse()
    assert len(parsed.articles) == 1
    kept = nights.archive.manifest(nights.day)
    stored = [replace(c, sha256="") for c in kept.captures], kept.failures
    assert "opensesame" not in repr((log, parsed.log, stored))
    assert "opensesame" not in parsed.articles[0].url + parsed.articles[0].canonical_url


def test_pages_of_a_web_archive_come_as_fetched_by_the_tool_that_wrote_it(tmp_path: Path, nights: Nights) -> None:
    path = tmp_path / "crawl.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file)
        for number, status in ((1, "200 OK"), (2, "404 Not Found")):
            body = (PAGE % f"Number {number}.").encode()
            head = StatusAndHeaders(status, [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                f"https://paper.example/{number}",
                "response",
                payload=io.BytesIO(body),
                length=len(body),
                http_headers=head,
                warc_headers_dict={"WARC-Date": "2026-03-01T10:00:00Z"},
            )
            writer.write_record(record)
    crawl = Source(id="crawl", kind=Kind.WARC, path=path, outlet="The Paper")
    nights.run(crawl)
    parsed = nights.parse()
    (article,) = parsed.articles
    assert (article.url, article.outlet) == ("https://paper.example/1", "The Paper")
    assert article.fetched_at == dt.datetime(2026, 3, 1, 10)
    assert article.text.endswith("Number 1.")
    assert closed(parsed) == {"1": "article", "2": Reason.HTTP_NOT_FOUND}
    path.unlink()
    nights.sleep()
    nights.run(crawl)
    assert closed(nights.parse()) == {"crawl.warc.gz": Reason.SOURCE_MISSING}


@pytest.mark.parametrize(
    ("kind", "content", "reason"),
    [
        ("text/css", b"a { colour: red }", Reason.UNSUPPORTED_TYPE),
        ("application/json", b'{"title": "Ice"}', Reason.UNSUPPORTED_TYPE),
        ("text/html", b"%PDF-1.7 \xe2\xe3", Reason.BINARY),
        ("application/xml", (PAGE % "Odd.").encode(), "article"),
        ("text/plain; charset=utf-8", STORY.encode(), "article"),
    ],
)
def test_what_is_served_as_something_else(site: Site, nights: Nights, kind: str, content: bytes, reason: str) -> None:
    site.pages |= {"/feed": rss("/x"), "/x": content}
    site.types["/x"] = kind
    nights.run(source(site.url("/feed")))
    assert closed(nights.parse()) == {"x": reason}


def test_an_endless_address_is_none(site: Site, nights: Nights) -> None:
    site.pages["/feed"] = b"<rss version='2.0'><channel><item><link>/%s</link></item></channel></rss>" % (b"x" * 5000)
    nights.run(source(site.url("/feed")))
    (entry,) = [e for e in nights.parse().log if e.status.closes]
    assert (entry.reason, len(entry.url) < 100) == (Reason.BAD_ADDRESS, True)
    assert site.asked == ["/feed"]


def test_what_one_source_may_reach_is_not_handed_to_another(site: Site, nights: Nights) -> None:
    site.pages |= {"/feed": rss("/one"), "/one": (PAGE % "One.").encode()}
    inside = source(site.url("/feed"), name="inside")
    outside = source(site.url("/feed"), name="outside", allow_private=False)
    nights.run(inside, outside)
    parsed = nights.parse()
    assert {a.source_id for a in parsed.articles} == {"inside"}
    refused = [(e.reason, e.source_id) for e in parsed.log if e.status is Status.FAILED]
    assert refused == [(Reason.PRIVATE_ADDRESS, "outside")]
    assert site.asked == ["/feed", "/one"]


def test_a_page_of_a_private_network_is_not_handed_on_either(site: Site, tmp_path: Path, nights: Nights) -> None:
    path = tmp_path / "feed.xml"
    path.write_bytes(rss(site.url("/one")))
    site.pages |= {"/feed": rss("/one"), "/one": (PAGE % "One.").encode()}
    nights.run(source(site.url("/feed"), name="inside"))
    nights.run(Source(id="outside", kind=Kind.FEED, path=path))
    assert {c.origin.source_id for c in nights.archive.manifest(nights.day).captures if c.url.endswith("/one")} == {
        "inside"
    }
