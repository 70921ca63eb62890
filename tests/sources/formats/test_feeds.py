from __future__ import annotations

import datetime as dt
import json
import time

import pytest

from sources.formats.feeds import Item, NotAFeed, parse_feed

NOW = dt.datetime(2026, 3, 14)
URL = "https://paper.example/feeds/world"
LONG = "The envoys of both states spoke at length about the harbour and its dues on Monday. " * 9


def rss(items: str, head: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>Paper</title><link>https://paper.example/</link>{head}{items}</channel></rss>"
    ).encode()


def only(content: bytes, content_type: str | None = None) -> Item:
    (item,) = parse_feed(content, URL, content_type, NOW).items
    return item


@pytest.mark.parametrize(
    ("markup", "url", "bad_link"),
    [
        ("<link>file:///etc/passwd</link>", None, "file://etc/passwd"),
        ("<link>javascript:alert(1)</link>", None, "javascript:alert(1)"),
        ("<guid>12345</guid>", None, None),
        ("<guid>https://paper.example/12345</guid>", "https://paper.example/12345", None),
        ("<link>12345</link><guid>12345</guid>", None, None),
        ("<link>/12345</link><guid>12345</guid>", "https://paper.example/12345", None),
    ],
)
def test_links_that_lead_nowhere(markup: str, url: str | None, bad_link: str | None) -> None:
    item = only(rss(f"<item><title>T</title>{markup}</item>"))
    assert (item.url, item.bad_link) == (url, bad_link)


@pytest.mark.parametrize("content_type", [None, "text/xml", "application/rss+xml; charset=windows-1251"])
def test_utf_8_is_read_as_what_it_is(content_type: str | None) -> None:
    feed = rss("<item><title>Переговоры в Осло</title></item>").decode().replace("utf-8", "windows-1251").encode()
    (item,) = parse_feed(feed, URL, content_type, NOW).items
    assert item.title == "Переговоры в Осло"


def test_an_rss_item_with_everything() -> None:
    item = only(
        rss(
            """<item><title>Envoys &amp;amp; &lt;b&gt;ministers&lt;/b&gt; meet</title>
            <link>/world/1</link><guid isPermaLink="false">urn:g1</guid>
            <dc:creator>By Ada Quill</dc:creator><pubDate>Sun, 01 Mar 2026 10:00:00 +0100</pubDate>
            <description>Short…</description>
            <content:encoded><![CDATA[<script>code()</script><p>They met.</p>
            <p>They&nbsp;parted.</p>]]></content:encoded></item>""",
            "<language>en-us</language>",
        )
    )
    assert item == Item(
        position=1,
        url="https://paper.example/world/1",
        guid="urn:g1",
        title="Envoys & ministers meet",
        byline="Ada Quill",
        published_at=dt.datetime(2026, 3, 1, 9),
        date_unread=None,
        language="en",
        text="They met.\n\nThey parted.",
        summary=None,
    )


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>P</title><id>p</id>
<updated>2026-03-01T00:00:00Z</updated>
<entry><id>e1</id><title type="html">Un &lt;i&gt;accord&lt;/i&gt;</title><link href="https://paper.example/1"/>
<updated>2026-03-02T00:00:00Z</updated><published>2026-03-01T10:00:00Z</published><author><name>Ada</name></author>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Signé lundi.</p></div></content></entry></feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="x"><title>P</title></channel>
<item rdf:about="https://paper.example/1"><title>Un accord</title><link>https://paper.example/1</link>
<dc:date>2026-03-01T10:00:00Z</dc:date><dc:creator>Ada</dc:creator><dc:language>fr</dc:language>
<content:encoded
xmlns:content="http://purl.org/rss/1.0/modules/content/">&lt;p&gt;Signé lundi.&lt;/p&gt;</content:encoded>
</item></rdf:RDF>"""
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "language": "fr-FR",
        "items": [
            {
                "id": 1,
                "url": "https://paper.example/1",
                "title": "Un accord",
                "content_html": "<p>Signé lundi.</p><script>x()</script>",
                "date_published": "2026-03-01T10:00:00Z",
                "authors": [{"name": "Ada"}],
            }
        ],
    }
)


@pytest.mark.parametrize("content", [ATOM, RDF, JSON], ids=["atom", "rdf", "json"])
def test_the_other_kinds_say_the_same(content: str) -> None:
    item = only(content.encode())
    assert (item.url, item.title, item.byline, item.language) == ("https://paper.example/1", "Un accord", "Ada", "fr")
    assert (item.published_at, item.text) == (dt.datetime(2026, 3, 1, 10), "Signé lundi.")


@pytest.mark.parametrize(
    ("content", "description", "whole"),
    [
        ("<p>Lusaka agrees.</p>", "", True),  # a flash is whole
        ("<p>Lusaka agrees.</p>", "Lusaka agrees.", True),
        ("", LONG, True),
        ("", "Lusaka agrees.", False),
        ("", LONG + "…", False),
        ("<p>Lusaka agrees to […]</p>", "Lusaka", False),
        ("<p>Lusaka agrees. <a href=x>Continue reading</a></p>", "", False),
        ("<script>x()</script>", "Lusaka agrees.", False),
    ],
)
def test_when_the_text_is_all_there(content: str, description: str, whole: bool) -> None:
    item = only(
        rss(
            f"<item><link>https://paper.example/1</link><description><![CDATA[{description}]]></description>"
            f"<content:encoded><![CDATA[{content}]]></content:encoded></item>"
        )
    )
    assert (item.text is not None) == whole
    assert item.needs_page == (not whole)


def test_odd_dates_and_links() -> None:
    odd = only(rss("<item><title>x</title><link>javascript:x()</link><pubDate>one fine day</pubDate></item>"))
    assert (odd.url, odd.published_at, odd.date_unread) == (None, None, "one fine day")
    future = only(rss("<item><title>x</title><pubDate>Tue, 01 Mar 2039 10:00:00 GMT</pubDate></item>"))
    assert (future.published_at, future.date_unread) == (None, "Tue, 01 Mar 2039 10:00:00 GMT")


@pytest.mark.parametrize(
    "content",
    [
        b"<html><body><p>Not found</p></body></html>",
        b"plain words",
        b"<a/>",
        b'{"items": 3}',
        b'{"items": []}',
        b"{broken",
        b"\x00\x01\x02",
        b"%PDF-1.4",
    ],
)
def test_what_is_no_feed(content: bytes) -> None:
    with pytest.raises(NotAFeed):
        parse_feed(content, URL, None, NOW)


def test_a_feed_cut_short_gives_what_it_has() -> None:
    content = rss("<item><title>One</title></item><item><title>Two</title></item>")
    feed = parse_feed(content[: content.index(b"Two")], URL, "text/xml", NOW)
    assert feed.damaged
    assert feed.items[0].title == "One"


def test_character_sets_of_feeds() -> None:
    latin = rss("<item><title>Zoë</title></item>").decode().replace("utf-8", "iso-8859-1").encode("latin-1")
    assert only(latin, "text/xml").title == "Zoë"
    assert only(rss("<item><title>Zoë</title></item>"), "text/html").title == "Zoë"


@pytest.mark.parametrize(
    ("charset", "declared", "content_type", "guessed"),
    [
        ("cp1251", "windows-1251", None, None),
        ("cp1251", "utf-8", "application/rss+xml; charset=windows-1251", None),
        ("koi8-r", "KOI8-R", "text/xml; charset=utf-8", None),
        ("cp1251", "utf-8", None, "cp1251"),
        ("koi8-r", "iso-8859-1", "text/xml; charset=iso-8859-1", "koi8-r"),
        ("utf-16", "utf-16", None, None),
        ("utf-16-le", "utf-8", None, None),
    ],
)
def test_feeds_in_old_character_sets(
    charset: str, declared: str, content_type: str | None, guessed: str | None
) -> None:
    title = "Министр прибыл в Осло и встретился с послом соседней страны"
    text = rss(f"<item><title>{title}</title></item>").decode().replace("utf-8", declared)
    feed = parse_feed(text.encode(charset), URL, content_type, NOW)
    assert [item.title for item in feed.items] == [title]
    assert (feed.guessed, feed.damaged) == (guessed, None)


def test_a_feed_of_few_words_is_read_by_its_language() -> None:
    def feed(language: str) -> bytes:
        return rss("<item><title>東京</title></item>", language).replace(b"utf-8", b"x")

    said = feed("<language>ja</language>").decode().encode("euc_jp")
    assert only(said).title == "東京"
    (item,) = parse_feed(feed("").decode().encode("euc_jp"), URL, None, NOW, "ja").items
    assert item.title == "東京"


def test_entities_do_not_expand_without_end_and_no_file_is_read() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
        + "".join(f'<!ENTITY {chr(n + 1)} "{f"&{chr(n)};" * 10}">' for n in range(ord("b"), ord("k")))
        + '<!ENTITY f SYSTEM "file:///etc/hostname">]>'
        "<rss version='2.0'><channel><item><title>x&k;&f;</title></item></channel></rss>"
    ).encode()
    (item,) = parse_feed(bomb, URL, None, NOW).items
    assert item.title == "x&k;&f;"


def test_a_harmless_document_type_is_no_obstacle() -> None:
    content = rss("<item><title>caf&eacute;</title></item>")
    declared = content.replace(b"<rss ", b'<!DOCTYPE rss [<!ENTITY eacute "e">]><rss ')
    assert only(declared).title == "café"


@pytest.mark.parametrize(
    "content",
    [
        b"<rss version='2.0'><channel><title>The &amp;amp; Paper</title><item><title>x</title></item></channel></rss>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'><title type='html'>The &amp;amp; &lt;b>Paper&lt;/b></title></feed>",
        b'{"version": "https://jsonfeed.org/version/1.1", "title": " The & Paper", "items": []}',
    ],
)
def test_a_feed_says_its_name(content):
    assert parse_feed(content, "https://paper.example/feed", None, dt.datetime(2026, 3, 14)).title == "The & Paper"


def test_a_large_page_is_no_feed_and_costs_nothing() -> None:
    page = b"<html><body>" + b"<div>" * 200_000 + b"<a href='/x'>x</a>" * 100_000
    begun = time.process_time()
    with pytest.raises(NotAFeed):
        parse_feed(page, "https://paper.example/", "text/html", NOW)
    assert time.process_time() - begun < 1
