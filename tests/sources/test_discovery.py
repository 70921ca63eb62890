"""A newcomer's site: what is found, in which order, with how many requests."""

import datetime as dt
import json
import re

import pytest

from sources.candidates import Rank, expected_articles
from sources.catalog import Kind
from sources.discovery import LIMIT, discover
from sources.http import Fetcher, FetchError, HttpSettings, Request, Response
from sources.log import Reason
from sources.patterns import guess_pattern

NOW = dt.datetime(2026, 3, 14, 2)
HOME = "https://paper.example/"
BODY = (
    "The ministers of Norvania and Sudland met at the harbour of Elmouth on Friday and agreed to open the bridge. "
    "They will meet again in May, said the host, who had walked the last mile with her guests in the rain. "
)
WHOLE = "".join(f"<p>{BODY.replace('May', month)}</p>" for month in ("May", "June", "July", "August"))


class Web:
    """A site as a table; counts what is asked for."""

    def __init__(self, **pages):
        self.pages = {}
        self.asked = []

    def __setitem__(self, path, content):
        self.pages[path if path.startswith("http") else HOME + path.lstrip("/")] = content

    def get(self, url):
        self.asked.append(url)
        page = self.pages.get(url, Reason.HTTP_NOT_FOUND)
        if isinstance(page, Reason):
            raise FetchError(page, "as the test says")
        content = page if isinstance(page, bytes) else page.encode()
        kind = "text/html; charset=utf-8" if b"<html" in content[:50] else None
        return Response(content, kind, url, 200, 0.0)

    def discover(self, url=HOME, **more):
        return discover(url, self.get, now=lambda: NOW, **more)


@pytest.fixture
def web():
    web = Web()
    for number in range(1, 10):
        web[f"/news/story-{number}"] = story(number)
    return web


def story(number):
    return (
        f"<html lang='en'><head><title>Story {number} | The Paper</title>"
        f"<meta property='og:title' content='Story {number}'><meta property='og:site_name' content='The Paper'>"
        f"<meta property='article:published_time' content='2026-03-{number:02}T08:00:00Z'></head>"
        f"<body><article><h1>Story {number}</h1>{WHOLE}</article></body></html>"
    )


def rss(numbers=range(1, 10), whole=False, year=2026, title="The Paper: RSS feed"):
    items = "".join(
        f"<item><title>Story {n}</title><link>{HOME}news/story-{n}</link>"
        f"<pubDate>{n:02} Mar {year} 08:00:00 GMT</pubDate>"
        f"<description>{f'<![CDATA[{WHOLE}]]>' if whole else 'The ministers met ...'}</description></item>"
        for n in numbers
    )
    return f"<rss version='2.0'><channel><title>{title}</title><language>en</language>{items}</channel></rss>"


def page(head="", body=""):
    return f"<html lang='en'><head><title>Home</title>{head}</head><body>{body}</body></html>"


def alternate(href, kind="application/rss+xml", title=""):
    return f"<link rel='alternate' type='{kind}' title='{title}' href='{href}'>"


def titles(found):
    return [article.title for article in found.articles]


NEWEST = ["Story 9", "Story 8", "Story 7", "Story 6", "Story 5"]


def test_a_declared_feed_and_five_of_its_pages(web):
    web["/"] = page(alternate("/rss-main"))
    web["/rss-main"] = rss()
    found = web.discover()
    best = found.best
    assert (best.rank, best.kind, best.url, best.entries) == (Rank.TEASER_FEED, Kind.FEED, HOME + "rss-main", 9)
    assert titles(found) == NEWEST
    first = found.articles[0]
    assert first.published_at == dt.datetime(2026, 3, 9, 8)
    assert first.words > 100
    assert first.first_line.startswith("The ministers of Norvania")
    assert (found.outlet, found.language, first.outlet, first.language) == ("The Paper", "en", "The Paper", "en")
    assert found.readable == 5


def test_a_feed_with_whole_articles_needs_nothing_else(web):
    web["/"] = page(alternate("/teasers") + alternate("/whole"))
    web["/teasers"], web["/whole"] = rss(), rss(whole=True)
    found = web.discover()
    assert [c.rank for c in found.candidates] == [Rank.FULL_FEED, Rank.TEASER_FEED]
    assert titles(found) == NEWEST
    assert web.asked == [HOME, HOME + "teasers", HOME + "whole"]


@pytest.mark.parametrize("path", ["/feed", "/rss.xml", "/feeds"])
def test_feeds_at_the_usual_places(web, path):
    web["/"] = page(body="<a href='/about'>About</a>")
    web[path] = rss(whole=True)
    assert web.discover().best.url == HOME + path.lstrip("/")


def test_a_page_about_feeds_leads_to_them(web):
    web["/"] = page(body="<a href='/service/rss'>RSS</a><a href='/feedback'>Feedback</a>")
    web["/service/rss"] = page(body="<a href='/service/rss/world.xml'>World</a>")
    web["/service/rss/world.xml"] = rss(whole=True)
    found = web.discover()
    assert found.best.url == HOME + "service/rss/world.xml"
    assert HOME + "feedback" not in web.asked


def test_what_is_declared_but_is_no_news_is_not_asked_for(web):
    web["/"] = page(
        alternate("/comments/feed", title="Comments")
        + alternate("/wp-json/oembed", "application/json+oembed")
        + alternate("/wp-json/", "application/json")
        + alternate("/fr", "text/html")
        + alternate("/podcast.rss")
        + alternate("/feed.json", "application/feed+json")
    )
    web["/feed.json"] = json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "The Paper",
            "items": [{"id": "1", "url": HOME + "1", "title": "One", "content_html": WHOLE}],
        }
    )
    found = web.discover()
    assert found.best.url == HOME + "feed.json"
    assert web.asked == [HOME, HOME + "feed.json"]


def test_the_address_may_be_a_feed(web):
    web["/x"] = rss(whole=True)
    found = web.discover(HOME + "x")
    assert found.best.url == HOME + "x"
    assert found.outlet == "The Paper"
    assert web.asked == [HOME + "x"]


def test_a_feed_that_sleeps_comes_last(web):
    web["/"] = page(alternate("/old") + alternate("/new"))
    web["/old"], web["/new"] = rss(whole=True, year=2019), rss()
    found = web.discover()
    assert [(c.url, c.asleep) for c in found.candidates] == [(HOME + "new", False), (HOME + "old", True)]


def test_the_whole_paper_comes_before_its_sections_wherever_they_are_declared(web):
    named = "<meta property='og:site_name' content='The Paper'>"
    web["/"] = page(named + alternate("/rss/sport") + alternate("/rss/all") + alternate("/rss/gone"))
    web["/rss/sport"], web["/rss/all"] = rss(title="The Paper: Sport"), rss(title="The Paper")
    found = web.discover()
    assert [c.url for c in found.candidates] == [HOME + "rss/all", HOME + "rss/sport"]
    assert [(a.url, a.outcome) for a in found.broken] == [(HOME + "rss/gone", Reason.HTTP_NOT_FOUND)]


def test_the_section_that_was_asked_for_comes_before_the_whole_paper(web):
    web["/world"] = page(alternate("/rss.xml") + alternate("/world/rss.xml"))
    web["/rss.xml"], web["/world/rss.xml"] = rss(title="The Paper"), rss(title="The Paper: World")
    assert web.discover(HOME + "world").best.url == HOME + "world/rss.xml"


def news_sitemap(numbers=range(1, 10)):
    return (
        "<urlset xmlns:news='n'>"
        + "".join(
            f"<url><loc>{HOME}news/story-{n}</loc><news:news><news:publication><news:name>The Paper</news:name>"
            f"<news:language>en</news:language></news:publication><news:title>Story {n}</news:title>"
            f"<news:publication_date>2026-03-{n:02}</news:publication_date></news:news></url>"
            for n in numbers
        )
        + "</urlset>"
    )


def test_sitemaps_that_robots_txt_names(web):
    web["/"] = page(body="<a href='/about'>About</a>")
    web["/robots.txt"] = "User-agent: *\nDisallow:\nSitemap: /s/pages.xml\nSitemap: https://paper.example/s/news.xml\n"
    web["/s/pages.xml"] = f"<urlset><url><loc>{HOME}about</loc></url></urlset>"
    web["/s/news.xml"] = news_sitemap()
    found = web.discover()
    assert [c.rank for c in found.candidates] == [Rank.NEWS_SITEMAP, Rank.SITEMAP]
    assert found.best.url == HOME + "s/news.xml"
    assert titles(found) == NEWEST
    assert found.outlet == "The Paper"


def test_an_index_stays_when_its_children_have_dates_in_their_names(web):
    web["/robots.txt"] = f"Sitemap: {HOME}index.xml"
    web["/"] = page()
    web["/index.xml"] = "".join(
        [
            "<sitemapindex>",
            *(f"<sitemap><loc>/map-2026-0{m}.xml</loc><lastmod>2026-0{m}-01</lastmod></sitemap>" for m in (1, 3, 2)),
            "</sitemapindex>",
        ]
    )
    web["/map-2026-03.xml"] = (
        "<urlset>"
        + "".join(
            f"<url><loc>/{path}</loc><lastmod>2026-03-0{n % 9 + 1}</lastmod></url>"
            for n, path in enumerate(["about", "contact", *(f"2026/{n}/ministers-meet-in-town-{n}" for n in range(9))])
        )
        + "</urlset>"
    )
    for n in range(9):
        web[f"/2026/{n}/ministers-meet-in-town-{n}"] = story(n + 1)
    found = web.discover()
    assert (found.best.rank, found.best.url, found.best.entries) == (Rank.SITEMAP, HOME + "index.xml", 9)
    assert re.search(found.best.link_pattern, HOME + "2026/11/a-new-one-of-today")
    assert not re.search(found.best.link_pattern, HOME + "contact")
    assert found.readable == 5
    assert HOME + "map-2026-01.xml" not in web.asked


def test_a_page_of_links_is_the_last_resort(web):
    links = [f"press/2026/{n}/ministers-meet-in-town-{n}" for n in range(6)]
    for number, link in enumerate(links, start=1):
        web[link] = story(number)
    web["/"] = page(body="<a href='/about'>About</a>" + "".join(f"<a href='/{link}'>Ministers</a>" for link in links))
    found = web.discover()
    best = found.best
    assert (best.rank, best.kind, best.url, best.entries) == (Rank.LISTING, Kind.LISTING, HOME, 6)
    assert titles(found) == [f"Story {n}" for n in range(1, 6)]
    assert found.outlet == "The Paper"


def test_pages_that_cannot_be_read_say_why_and_the_next_candidate_is_tried(web):
    web["/"] = page(alternate("/broken") + alternate("/good"))
    web["/broken"] = rss(numbers=range(20, 25))
    web["/good"] = rss(numbers=range(1, 4))
    web["/news/story-2"] = b"%PDF-1.7 not a page"
    web["/news/story-3"] = Reason.ROBOTS_DISALLOWED
    found = web.discover()
    assert found.best.url == HOME + "good"
    assert [a.reason for a in found.articles] == ["robots_disallowed", "binary", None]


def test_nothing_found(web):
    web["/"] = page(body="<p>Under construction</p>")
    found = web.discover()
    assert found.best is None
    assert found.articles == ()
    assert len(web.asked) <= LIMIT
    assert all(attempt.outcome for attempt in found.attempts)


@pytest.mark.parametrize(
    "reason",
    [
        Reason.CONNECT_FAILED,
        Reason.ROBOTS_DISALLOWED,
        Reason.ROBOTS_UNREACHABLE,
        Reason.PRIVATE_ADDRESS,
        Reason.TIMED_OUT,
    ],
)
def test_an_address_that_cannot_be_had_is_asked_once(web, reason):
    web["/"] = reason
    with pytest.raises(FetchError) as caught:
        web.discover()
    assert caught.value.reason is reason
    assert web.asked == [HOME]


def test_a_refused_front_page_may_still_have_a_feed(web):
    web["/"] = Reason.HTTP_REFUSED
    with pytest.raises(FetchError, match="http_refused"):
        web.discover()
    web["/feed"] = rss(whole=True)
    assert web.discover().best.url == HOME + "feed"


def test_a_host_that_fails_is_left_alone(web):
    web["/"] = page("".join(alternate(f"https://dead.example/{n}") for n in range(6)))
    web.pages |= {f"https://dead.example/{n}": Reason.CONNECT_FAILED for n in range(6)}
    web.discover()
    assert [url for url in web.asked if "dead" in url] == ["https://dead.example/0"]


def test_never_more_requests_than_allowed_and_none_twice(web):
    trap = page(
        "".join(alternate(f"/feed/{n}") for n in range(500)),
        "".join(f"<a href='/rss/{n}'>x</a>" for n in range(500)),
    )
    index = "<sitemapindex>" + "".join(f"<sitemap><loc>/m{n}</loc></sitemap>" for n in range(500)) + "</sitemapindex>"
    asked = []

    def get(url):
        asked.append(url)
        content = trap
        if url.endswith("robots.txt"):
            content = "\n".join(f"Sitemap: {HOME}m{n}" for n in range(500))
        elif re.search(r"/m\d+$", url):
            content = index
        return Response(content.encode(), "text/html", url, 200, 0.0)

    discover(HOME, get, now=lambda: NOW)
    assert len(asked) <= LIMIT
    assert len(asked) == len(set(asked))


def test_a_large_page_is_not_given_to_the_feed_parser(web):
    web["/"] = page(body="<div>" * 100_000 + "<a href='/x'>x</a>" * 1000)
    called = []

    def call(function, *arguments):
        called.append(function.__name__)
        return function(*arguments)

    web.discover(call=call)
    assert "page_links" in called
    assert "parse_feed" not in called


def test_a_parser_that_fails_is_not_the_end(web):
    web["/"] = page(alternate("/f"))
    web["/f"] = rss(whole=True)

    def call(function, *arguments):
        if function.__name__ == "parse_sitemap":
            raise MemoryError
        return function(*arguments)

    assert web.discover(call=call).best.url == HOME + "f"


def test_titles_come_without_control_characters(web):
    item = {"id": "1", "title": "Story \x1b[31m\u202e9", "content_text": "One \x1b]0;x\x07 line."}
    web["/x"] = json.dumps({"version": "https://jsonfeed.org/version/1", "title": "\x1b[2JPaper", "items": [item]})
    found = web.discover(HOME + "x")
    assert titles(found) == ["Story [31m9"]
    assert found.articles[0].first_line == "One ]0;x line."
    assert found.outlet == "[2JPaper"


def test_over_the_wire(site):
    site.pages["/"] = page(alternate("/feed")).encode()
    site.types["/"] = "text/html"
    site.pages["/feed"] = rss().replace(HOME, site.url("/")).encode()
    for n in range(1, 10):
        site.pages[f"/news/story-{n}"] = story(n).encode()
        site.types[f"/news/story-{n}"] = "text/html"
    with Fetcher(HttpSettings(spacing=0.0)) as fetcher:
        found = discover(site.url("/"), lambda url: fetcher.get(Request(url, allow_private=True)), now=lambda: NOW)
    assert titles(found) == NEWEST
    assert found.best.url == site.url("/feed")


def test_expectations_are_careful():
    feed = Web()
    feed["/x"] = rss(whole=True)
    best = feed.discover(HOME + "x").best
    assert expected_articles(best, 1.0, NOW.date()) == (
        4,
        "It had 9 items when it was added on 2026-03-14; fewer than half of the readable ones: it has changed.",
    )
    assert expected_articles(best, 0.2, NOW.date())[0] == 1
    feed["/s"] = news_sitemap(range(11, 15))
    assert expected_articles(feed.discover(HOME + "s").best, 1.0, NOW.date())[0] == 0


@pytest.mark.parametrize(
    ("addresses", "pattern"),
    [
        ([f"https://a.example/news/{n}" for n in range(40100, 40106)], r"^https?://a\.example/news/\d+/?$"),
        (
            [f"https://a.example/2026/03/0{n}/talks-end-without-result-{n}.html" for n in range(1, 6)],
            r"^https?://a\.example/\d+/\d+/\d+/[^/?#]+\.html$",
        ),
        (
            [
                f"https://a.example/news/{place}/talks-end-without-result/"
                for place in ("asia", "africa", "europe", "fiji")
            ],
            r"^https?://a\.example/news(?:/[^/?#]+)*/[^/?#]+/?$",
        ),
        ([f"https://a.example/show.php?lang=en&id={n}" for n in range(10, 16)], None),
        (["https://a.example/about", "https://a.example/contact", "https://a.example/"], None),
        ([f"https://a.example/files/report-of-the-year-{n}.pdf" for n in range(9)], None),
        ([f"https://a.example/{n}/talks-end-without-result" for n in "abcdefgh"], None),
        (["http://[broken", *(f"https://a.example/story-{n}" for n in range(3))], None),
    ],
)
def test_patterns_are_guessed_from_shapes(addresses, pattern):
    guessed = guess_pattern(addresses)
    if pattern is None and "show.php" in addresses[0]:
        pattern = r"^https?://a\.example/show\.php\?(?:.*&)?id=\d+"
    assert guessed == pattern
    if guessed:
        assert all(re.search(guessed, address) for address in addresses)
