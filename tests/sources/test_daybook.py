"""Whose an article is when several sources tell it, and what is noted of the others."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from sources.archive import Failure, Origin, Role
from sources.articles import Delivered, Known, ParsedDay, parse_day
from sources.catalog import Kind
from sources.log import LogEntry, Reason, Status, delivered
from sources.urls import article_id

from .conftest import DAY, Day

ADDRESS = "https://www.courier.example/2026/dredging"
STORY = "The Meuse commission will dredge the lower reach from May, its secretary told shippers in Namur on Monday."
OPINION = "Dredging again: our readers know what we think of a commission that digs first and counts its money later."


def feed(text: str, *, whole: bool = False, link: str = ADDRESS) -> str:
    tag = "content:encoded" if whole else "description"
    words = text if whole else f"{text} Read more…"
    return (
        "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/'><channel><title>F</title>"
        f"<item><title>Said of it</title><link>{link}</link><{tag}>{words}</{tag}></item></channel></rss>"
    )


def page(day: Day, source: str = "courier", outlet: str | None = None) -> None:
    head = "<title>Lower Meuse to be dredged</title><meta property='og:site_name' content='The Courier'>"
    content = f"<html><head>{head}</head><body><article><p>{STORY}</p></article>"
    day.put(content, ADDRESS, kind=Kind.SITEMAP, role=Role.PAGE, source=source, outlet=outlet, content_type="text/html")


def stranger(day: Day, *, whole: bool = True) -> None:
    day.put(feed(OPINION, whole=whole), "https://blog.example/feed", kind=Kind.FEED, role=Role.FEED, source="blog")


def teaser(day: Day) -> None:
    url = "https://feeds.courier.example/all"
    day.put(feed("The Meuse commission will dredge."), url, kind=Kind.FEED, role=Role.FEED, source="headlines")


def owners(parsed: ParsedDay) -> list[tuple[str, str]]:
    return [(a.source_id, a.text) for a in parsed.articles]


def closing(parsed: ParsedDay) -> dict[str, LogEntry]:
    return {e.source_id: e for e in parsed.log if e.status.closes}


@pytest.mark.parametrize("other", [stranger, teaser])
@pytest.mark.parametrize("first", ["page", "other"])
def test_the_page_itself_has_its_article_whoever_comes_first(day: Day, other: object, first: str) -> None:
    tellers = [page, other] if first == "page" else [other, page]
    for tell in tellers:
        tell(day)  # type: ignore[operator]
    parsed = day.parse()
    assert owners(parsed) == [("courier", STORY)]
    entries = closing(parsed)
    assert entries.pop("courier").status is Status.ARTICLE
    (refused,) = entries.values()
    assert (refused.status, refused.reason) == (Status.REJECTED, Reason.DUPLICATE_URL_OTHER_SOURCE)
    assert "courier" in str(refused.detail)
    assert delivered(parsed.log) == {"courier": 1, refused.source_id: 1}
    told = [e.source_id for e in parsed.log if e.article_id == article_id(ADDRESS) and e.status is Status.WARNING]
    assert "headlines" not in told, "that it was a summary only is said of no article that stands"


def test_the_outlets_teaser_comes_before_a_strangers_words(day: Day) -> None:
    stranger(day)
    teaser(day)
    assert [source for source, _ in owners(day.parse())] == ["headlines"]


@pytest.mark.parametrize("other", [stranger, teaser])
def test_words_about_a_page_never_replace_what_another_source_delivered_earlier(day: Day, other: object) -> None:
    other(day)  # type: ignore[operator]
    earlier = {article_id(ADDRESS): Delivered("courier", 18)}
    parsed = parse_day(day.archive, DAY, {}, earlier, box=day.box)
    assert owners(parsed) == []
    (entry,) = closing(parsed).values()
    assert entry.reason is Reason.DUPLICATE_URL_OTHER_SOURCE
    own = parse_day(day.archive, DAY, {}, {article_id(ADDRESS): Delivered(entry.source_id, 18)}, box=day.box)
    assert len(own.articles) == 1, "its own earlier version it may replace"


def test_the_page_takes_over_what_only_a_stranger_had_told(day: Day) -> None:
    stranger(day)
    page(day)
    parsed = parse_day(day.archive, DAY, {}, {article_id(ADDRESS): Delivered("blog", 18)}, box=day.box)
    assert owners(parsed) == [("courier", STORY)]


def test_a_strangers_title_is_not_the_articles(day: Day) -> None:
    day.put(feed("Dredging."), "https://blog.example/feed", kind=Kind.FEED, role=Role.FEED, source="blog")
    page(day, source="blog")
    (article,) = day.parse().articles
    assert article.title == "Lower Meuse to be dredged"


def test_two_items_with_the_same_broken_link_have_the_same_reason(day: Day) -> None:
    item = f"<item><title>%s</title><link>{ADDRESS}</link></item>"
    rss = f"<rss version='2.0'><channel><title>F</title>{item % 'One'}{item % 'Two'}</channel></rss>"
    put = day.feed(rss)
    origin = Origin("paper", Kind.FEED)
    at = day.now + dt.timedelta(minutes=1)
    day.archive.note_failure(Failure(DAY, origin, ADDRESS, Reason.HTTP_NOT_FOUND, "404", at, parent_url=put.url))
    reasons = [e.reason for e in day.parse().log if e.status.closes]
    assert reasons == [Reason.HTTP_NOT_FOUND, Reason.HTTP_NOT_FOUND]


@pytest.mark.parametrize(
    ("content", "content_type", "told"),
    [
        ("<html><body><a href='/about'>About us</a></body></html>", "text/html", (Status.WARNING, Reason.NO_ITEMS)),
        (b"%PDF-1.7\n\x00\x01\x02\x00", "application/pdf", (Status.REJECTED, Reason.BINARY)),
        ('{"items": []}', "application/json", (Status.REJECTED, Reason.UNSUPPORTED_TYPE)),
    ],
)
def test_a_listing_that_leads_nowhere_says_why(
    day: Day, content: str | bytes, content_type: str, told: tuple[Status, Reason]
) -> None:
    url = "https://courier.example/news"
    day.put(content, url, kind=Kind.LISTING, role=Role.LISTING, source="courier", content_type=content_type)
    assert [(e.status, e.reason) for e in day.parse().log if e.reason] == [told]


def test_a_sitemap_that_leads_nowhere_says_so(day: Day) -> None:
    empty = "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'></urlset>"
    child = "<sitemap><loc>https://courier.example/a.xml</loc></sitemap>"
    index = f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{child}</sitemapindex>"
    for name, content in (("a.xml", empty), ("index.xml", index)):
        url = f"https://courier.example/{name}"
        day.put(content, url, kind=Kind.SITEMAP, role=Role.SITEMAP, source="courier", content_type="text/xml")
    parsed = day.parse()
    assert {e.url: e.detail for e in parsed.log if e.reason is Reason.NO_ITEMS} == {
        "https://courier.example/a.xml": None,
        "https://courier.example/index.xml": "nothing that it names matches and is new enough",
    }


def lent(day: Day) -> None:
    """Another site's feed led to the page, before the outlet's own source did."""
    day.put(
        feed("Dredging."), "https://blog.example/feed", kind=Kind.FEED, role=Role.FEED, source="blog", outlet="Blog"
    )
    page(day, source="blog", outlet="Blog")


def own_feed(day: Day) -> None:
    url = "https://feeds.courier.example/all"
    day.put(feed("The Meuse commission."), url, kind=Kind.FEED, role=Role.FEED, source="courier")
    page(day)


def test_the_outlets_own_source_takes_a_page_over_from_another_sites_feed(day: Day) -> None:
    lent(day)
    (article,) = (first := day.parse()).articles
    assert (article.source_id, article.outlet) == ("blog", "The Courier"), "the page says whose it is"
    own_feed(day)
    assert owners(day.parse()) == [("courier", STORY)]
    known = {(e.url, str(e.sha256)): Known(e.article_id) for e in first.log if e.status is Status.ARTICLE}
    standing = {article_id(ADDRESS): Delivered("blog", 18)}
    assert owners(parse_day(day.archive, DAY, known, standing, box=day.box)) == [("courier", STORY)]
    standing = {article_id(ADDRESS): Delivered("courier", 18)}
    later = parse_day(day.archive, DAY, known, standing, box=day.box)
    assert owners(later) == []
    assert closing(later)["courier"].status is Status.UNCHANGED


def test_a_line_of_an_article_file_never_replaces_what_another_source_delivered(day: Day) -> None:
    day.lines(json.dumps({"url": ADDRESS, "text": OPINION}))
    assert owners(day.parse()) == [("wire", OPINION)]
    stands = {article_id(ADDRESS): Delivered("courier", 18)}
    assert owners(parse_day(day.archive, DAY, {}, stands, box=day.box)) == []
    page(day)
    assert owners(day.parse()) == [("courier", STORY)]


@pytest.mark.parametrize(("before", "stands"), [(400, True), (60, False)])
def test_a_page_that_shows_a_small_part_is_no_new_version(day: Day, before: int, stands: bool) -> None:
    page(day)
    parsed = parse_day(day.archive, DAY, {}, {article_id(ADDRESS): Delivered("courier", before)}, box=day.box)
    assert [e.reason for e in parsed.log if e.status.closes] == [Reason.SHRUNK if stands else None]
    assert len(parsed.articles) == (not stands)
