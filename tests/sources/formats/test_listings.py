"""Listing pages as sites write them."""

import re
import time
import tracemalloc

import pytest

from sources.formats.listings import Link, page_links, parse_listing, same_site

HERE = "https://www.ministry.example/press/index.html"
ANY = re.compile("")


def read(markup, pattern="", url=HERE):
    return parse_listing(markup if isinstance(markup, bytes) else markup.encode(), url, re.compile(pattern))


def test_links_that_match_absolute_once_and_in_order():
    found = read(
        """<html><body><nav><a href="/">Home</a><a href="/about">About</a></nav>
        <a href="2026/b.html#top">B</a> <a href='/press/2026/a.html'>A</a> <a href="2026/b.html">B again</a>
        <a href=https://www.ministry.example/press/2026/c.html>C</a><map><area href="2026/d.html" title="D"></map>
        <a href="?page=2">Next</a><a href="">nothing</a><a name="x">no link</a></body></html>""",
        r"/press/2026/\w+\.html$",
    )
    assert [url.rpartition("/")[2] for url in found] == ["b.html", "a.html", "c.html", "d.html"]
    assert found[0] == "https://www.ministry.example/press/2026/b.html"


def test_the_first_base_counts_wherever_links_stand():
    markup = '<base href="/archive/"><base href="/other/"><a href="1">x</a><base href="/third/"><a href="2">y</a>'
    assert read(markup) == ("https://www.ministry.example/archive/1", "https://www.ministry.example/archive/2")
    assert read('<base href="https://cdn.example/"><a href="1">x</a>') == ()


def test_other_sites_only_when_the_pattern_names_them():
    markup = '<a href="https://other.example/1">1</a><a href="https://news.ministry.example/2">2</a><a href="/3">3</a>'
    own = ("https://news.ministry.example/2", "https://www.ministry.example/3")
    assert read(markup) == own
    assert read(markup, r"^https://") == own
    assert read(markup, r"^https://other\.example/\d") == ("https://other.example/1",)
    assert read(markup, r"evil.other") == ()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/x", "http://www.a.example:8080/y", True),
        ("https://press.a.example/", "https://a.example/", True),
        ("https://a.example/", "https://evil-a.example/", False),
        ("https://a.example/", "https://a.example.evil/", False),
        ("https://a.example@evil.example/", "https://a.example/", False),
        ("http://[broken", "https://a.example/", False),
    ],
)
def test_same_site(one, other, same):
    assert same_site(one, other) is same
    assert same_site(other, one) is same


def test_only_web_addresses():
    assert read(
        '<a href="javascript:alert(1)">1</a><a href="mailto:a@b.example">2</a><a href="file:///etc/passwd">3</a>'
        '<a href="data:text/html,x">4</a><a href="http://[x">5</a><a href="//">6</a><a href="/ok path\n/x">7</a>'
        f'<a href="/{"a" * 5000}">8</a>'
    ) == ("https://www.ministry.example/ok%20path%20/x",)


def test_links_in_comments_scripts_and_the_head_are_none():
    markup = (
        '<head><link rel="stylesheet" href="/s.css"></head><!-- <a href="/1">x</a> -->'
        '<script>document.write(\'<a href="/2">x</a>\')</script><a href="/3">x</a>'
    )
    assert read(markup) == ("https://www.ministry.example/3",)


def test_character_sets_and_entities():
    markup = '<meta charset="iso-8859-1"><a href="/caf\xe9?a=1&amp;b=2">x</a>'
    assert read(markup.encode("latin-1")) == ("https://www.ministry.example/caf\xe9?a=1&b=2",)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 \x00\x01", b"\x00" * 100, b"plain words", b"<", b"<a href"])
def test_what_is_no_page_has_no_links(content):
    assert read(content) == ()


def test_page_links_tell_feeds_words_and_names():
    page = page_links(
        b"""<!doctype html><html lang="en-GB"><head><title>Press  room</title><title>other</title>
        <meta property="og:site_name" content="Ministry of Bridges">
        <link rel="Alternate" type="application/rss+xml; charset=utf-8" title="News" href="/feed"></head>
        <body><a href="/1">Ministers <b>meet</b> <i>in \x1b[31mHelsinki</i></a><svg><title>icon</title></svg>""",
        HERE,
    )
    assert page.links[0] == Link(
        "https://www.ministry.example/feed", "News", frozenset({"alternate"}), "application/rss+xml", in_head=True
    )
    assert page.links[1].text == "Ministers meet in [31mHelsinki"
    assert (page.title, page.site_name, page.language) == ("Press room", "Ministry of Bridges", "en-GB")


def test_monsters_end_in_time_and_memory():
    deep = "<div>" * 200_000 + '<a href="/1">x</a>'
    many = '<a href="/1">x</a>' + '<a href="/1">x</a>' * 50_000
    unclosed = '<a href="/1">x' + "<a><p>" * 50_000
    long = f'<a href="/1">{"w" * 3_000_000}</a>'
    for markup in (deep, many, unclosed, long):
        content = markup.encode()
        tracemalloc.start()
        started = time.monotonic()
        assert read(content) == ("https://www.ministry.example/1",)
        assert time.monotonic() - started < 20
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
        tracemalloc.stop()
