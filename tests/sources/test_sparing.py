"""What a night does not ask for, or not twice: variants of one address, other sources' pages, endless lists."""

from __future__ import annotations

import pytest

from sources.archive import Archive, Basis
from sources.box import Box
from sources.catalog import Kind
from sources.http import HttpSettings
from sources.log import Reason, Status

from .site import Site, answer
from .test_following import PAGE, STORY, Nights, closed, rss, source, with_etag


@pytest.fixture
def nights(archive: Archive, quick: HttpSettings, shared_box: Box) -> Nights:
    return Nights(archive, quick, shared_box)


def index(*addresses: str) -> bytes:
    return f"<sitemapindex>{''.join(f'<sitemap><loc>{a}</loc></sitemap>' for a in addresses)}</sitemapindex>".encode()


def test_what_differs_by_tracking_and_fragment_only_is_asked_once_on_every_night(site: Site, nights: Nights) -> None:
    site.pages |= {
        "/feed": rss("/one?utm_source=rss&amp;utm_content=monday", "/one#comments", "/one?page=2"),
        "/one": with_etag((PAGE % "One.").encode()),
        "/one?page=2": with_etag((PAGE % "Two.").encode()),
    }
    paper = source(site.url("/feed"))
    nights.run(paper)
    assert site.asked == ["/feed", "/one", "/one?page=2"]
    assert len(nights.parse().articles) == 2
    site.pages["/feed"] = rss("/one?utm_source=rss&amp;utm_content=tuesday")
    nights.sleep()
    nights.run(paper)
    assert site.asked[3:] == ["/feed", "/one"]
    assert nights.bases()["one"] is Basis.NOT_MODIFIED
    assert len(nights.parse().articles) == 1


def test_a_page_that_another_source_knows_is_asked_once(site: Site, nights: Nights) -> None:
    site.pages |= {"/a": rss("/one"), "/b": rss("/one"), "/one": with_etag((PAGE % "One.").encode())}
    first, second = source(site.url("/a")), source(site.url("/b"), name="other")
    nights.run(first)
    nights.sleep()
    nights.run(first, second)
    assert site.asked == ["/a", "/one", "/a", "/b", "/one"]
    captures = nights.archive.manifest(nights.day).captures
    stands = [(c.origin.source_id, c.basis) for c in captures if c.url.endswith("/one")]
    assert sorted(stands) == [("other", Basis.NOT_MODIFIED), ("paper", Basis.NOT_MODIFIED)]
    assert all(nights.archive.read(c) for c in captures), "the bytes are there for both"


def test_a_sources_sitemaps_are_bounded_and_the_newest_are_read(site: Site, nights: Nights) -> None:
    names = [f"posts-{year}-{month:02}.xml" for year in range(2019, 2027) for month in range(1, 13)]
    site.pages["/index.xml"] = index(*(site.url(f"/{name}") for name in names))
    site.pages |= {f"/{name}": b"<urlset></urlset>" for name in names}
    nights.run(source(site.url("/index.xml"), Kind.SITEMAP))
    asked = [path.strip("/") for path in site.asked if "posts" in path]
    assert asked == list(reversed(names))[:30]
    (left,) = [e for e in nights.parse().log if e.reason is Reason.POSTPONED]
    assert left.status is Status.FAILED
    assert left.detail == "66 sitemaps left out: at most 30 a run"
    assert left.url.endswith("/posts-2024-06.xml"), "the first of them"


def test_an_index_of_indexes_leaves_some_for_what_it_leads_to(site: Site, nights: Nights) -> None:
    site.pages["/index.xml"] = index(*(site.url(f"/part-{n}.xml") for n in range(60)))
    site.pages |= {f"/part-{n}.xml": index(site.url(f"/posts-{n}.xml")) for n in range(60)}
    page = site.url("/one")
    site.pages |= {f"/posts-{n}.xml": f"<urlset><url><loc>{page}</loc></url></urlset>".encode() for n in range(60)}
    site.pages["/one"] = (PAGE % "One.").encode()
    nights.run(source(site.url("/index.xml"), Kind.SITEMAP))
    asked = [path.partition("-")[0] for path in site.asked]
    assert (asked.count("/part"), asked.count("/posts"), asked.count("/one")) == (30, 15, 1)


def test_sitemaps_too_far_down_are_told(site: Site, nights: Nights) -> None:
    site.pages |= {f"/{n}.xml": index(site.url(f"/{n + 1}.xml")) for n in range(6)}
    nights.run(source(site.url("/0.xml"), Kind.SITEMAP))
    assert site.asked == ["/0.xml", "/1.xml", "/2.xml", "/3.xml"]
    (left,) = [e for e in nights.parse().log if e.reason is Reason.POSTPONED]
    assert left.detail == "1 sitemaps left out: more than 3 levels deep"


def test_a_link_pattern_keeps_a_feeds_own_items_out_too(site: Site, nights: Nights) -> None:
    whole = " ".join([STORY] * 12)
    items = "".join(
        f"<item><title>T</title><link>{link}</link><description>{text}</description></item>"
        for link, text in (("/sport/1", whole), ("/world/1", whole), ("/sport/2", "Read more…"), ("", whole))
    )
    site.pages["/feed"] = f"<rss version='2.0'><channel><title>P</title>{items}</channel></rss>".encode()
    nights.run(source(site.url("/feed"), link_pattern="/world/"))
    parsed = nights.parse()
    assert site.asked == ["/feed"]
    assert [(a.url.startswith("item:"), a.url.endswith("/world/1")) for a in parsed.articles] == [
        (False, True),
        (True, False),
    ], "an item without an address has nothing that could be left out"
    refused = [e.url.rpartition("/")[2] for e in parsed.log if e.reason is Reason.NOT_WANTED]
    assert refused == ["1", "2"]


@pytest.mark.parametrize(
    ("status", "tried", "reason"), [(429, 2, Reason.HOST_BUSY), (503, 5, Reason.HOST_DOWN), (404, 8, None)]
)
def test_a_host_that_says_no_to_every_address_is_left_alone(
    site: Site, nights: Nights, status: int, tried: int, reason: Reason | None
) -> None:
    links = [f"/{n}" for n in range(8)]
    site.pages["/feed"] = rss(*links)
    site.pages |= dict.fromkeys(links, answer(status=status))
    nights.run(source(site.url("/feed")))
    assert len(set(site.asked) - {"/feed"}) == tried
    told = [said for said in closed(nights.parse()).values() if said == reason]
    assert len(told) == (8 - tried if reason else 0)
