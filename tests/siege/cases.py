"""The table of hostile inputs: a name, what is served, what must come of it.

What belongs here: rows.  What does not: building inputs (inputs) and running a row (test_hostile).

In addresses and bytes, `@canary` stands for a server that nobody may ask, `@port` for its port, `@bad` for the hostile
site, `@file` for a file that nobody may read.
"""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from typing import Final

from sources.catalog import Kind
from sources.log import Reason
from tests.sources.site import Page, answer, redirect

from . import inputs as i
from .inputs import MEGA, head, item, packed, page, raw, rss, story, whole

ARTICLE: Final = "article"
SECRET: Final = "opensesame4711"
R = Reason
PRIVATE: Final = (R.PRIVATE_ADDRESS,)
ADDRESS: Final = (R.BAD_ADDRESS, R.CONNECT_FAILED, R.PRIVATE_ADDRESS)
NO_LINK: Final = (R.BAD_ADDRESS,)
LIMITS: Final = (R.PARSER_STUCK, R.PARSER_MEMORY, R.PARSER_FAILED)  # the box did what it is for
NO_TEXT: Final = (R.EMPTY, R.LISTING_PAGE)


@dataclass(frozen=True)
class Case:
    """One row.  The hostile source is `entry`, of `kind`; what is at the item's link is `page`."""

    name: str
    expect: tuple[str, ...]
    entry: Page
    page: Page = 404
    kind: Kind = Kind.FEED
    seconds: float = 10.0
    more: tuple[tuple[str, Page], ...] = ()


def link(name: str, url: str, expect: tuple[str, ...] = PRIVATE) -> Case:
    """A feed whose item links to `url`."""
    escaped = url.replace("&", "&amp;").replace("<", "&lt;")
    return Case(name, expect, rss(item(escaped)))


def json_link(name: str, url: str, expect: tuple[str, ...]) -> Case:
    """The same in a JSON Feed, where an address may hold any character."""
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": url}]}
    return Case(name, expect, json.dumps(feed).encode())


def sends(name: str, content: Page, *expect: str, seconds: float = 10.0) -> Case:
    """A feed whose item links to a page that is sent as told."""
    return Case(name, expect, rss(item("/x")), content, seconds=seconds)


def feed(name: str, content: Page, *expect: str, kind: Kind = Kind.FEED, seconds: float = 10.0) -> Case:
    """A feed that is hostile itself."""
    return Case(name, expect, content, story(), kind=kind, seconds=seconds)


ADDRESSES = [
    link("dotted", "http://127.0.0.66:@port/"),
    link("decimal", "http://2130706498:@port/"),
    link("hex", "http://0x7f000042:@port/"),
    link("hex_dotted", "http://0x7f.0x0.0x0.0x42:@port/"),
    link("octal", "http://017700000102:@port/"),
    link("octal_dotted", "http://0177.0.0.0102:@port/", ADDRESS),
    link("short", "http://127.66:@port/"),
    link("three_parts", "http://127.0.66:@port/"),
    link("mixed", "http://0x7f.0.66:@port/"),
    link("trailing_dot", "http://127.0.0.66.:@port/"),
    link("localhost", "http://localhost:@port/"),
    link("unspecified", "http://0.0.0.0:@port/"),
    link("zero", "http://0:@port/"),
    link("ipv6_loopback", "http://[::1]:@port/"),
    link("ipv6_unspecified", "http://[::]:@port/"),
    link("ipv6_mapped", "http://[::ffff:127.0.0.66]:@port/"),
    link("ipv6_mapped_hex", "http://[::ffff:7f00:42]:@port/"),
    link("ipv6_compatible", "http://[::127.0.0.66]:@port/"),
    link("nat64", "http://[64:ff9b::7f00:42]:@port/"),
    link("six_to_four", "http://[2002:7f00:42::]:@port/"),
    link("teredo", "http://[2001:0:7f00:42::1]:@port/"),
    link("zone_id", "http://[fe80::1%25lo]:@port/", ADDRESS),
    link("unique_local", "http://[fd00::66]:@port/"),
    link("metadata", "http://169.254.169.254/latest/meta-data/"),
    link("metadata_ipv6", "http://[fd00:ec2::254]/latest/meta-data/"),
    link("private_10", "http://10.0.0.66/"),
    link("private_172", "http://172.16.0.66/"),
    link("private_192", "http://192.168.0.66/"),
    link("carrier_grade_nat", "http://100.64.0.66/"),
    link("multicast", "http://224.0.0.66/"),
    link("broadcast", "http://255.255.255.255/"),
    link("documentation", "http://192.0.2.66/"),
    link("rebinding", "http://rebinding.example:@port/"),
    link("public_and_private", "http://both.example:@port/"),
    link("private_name", "http://inside.example:@port/"),
    sends("redirect", redirect("http://@canary/"), *PRIVATE),
    sends("redirect_scheme_relative", redirect("//@canary/"), *PRIVATE),
    sends("redirect_to_file", redirect("file://@file"), R.BAD_ADDRESS),
    sends("redirect_to_metadata", redirect("http://169.254.169.254/", 308), *PRIVATE),
    sends(
        "redirect_header_injection",
        raw(b"HTTP/1.1 302 Found\r\nLocation: http://@canary/\x0b\x0cx\r\n\r\n"),
        R.BAD_ADDRESS,
        R.PRIVATE_ADDRESS,
        R.PROTOCOL_ERROR,
    ),
    Case(
        "redirect_chain",
        PRIVATE,
        rss(item("/x")),
        redirect("/y"),
        more=(("/y", redirect("/z")), ("/z", redirect("http://@canary/"))),
    ),
    Case(
        "robots_elsewhere",
        (R.ROBOTS_UNREACHABLE,),
        rss(item("http://named.example:@badport/x")),
        story(),
        more=(("/robots.txt", redirect("http://@canary/robots.txt")),),
    ),
    feed("in_a_sitemap", i.sitemap("http://@canary/a"), *PRIVATE, kind=Kind.SITEMAP),
    feed(
        "in_a_sitemap_index",
        b"<sitemapindex><sitemap><loc>http://@canary/map.xml</loc></sitemap></sitemapindex>",
        *PRIVATE,
        kind=Kind.SITEMAP,
    ),
    feed("in_a_listing", b"<a href='http://@canary/x/1'>A long headline of a story about ice</a>", kind=Kind.LISTING),
    sends(
        "canonical_is_never_fetched",
        story(head="<title>Ice</title><link rel=canonical href='http://@canary/'>"),
        ARTICLE,
    ),
    sends(
        "meta_refresh_is_not_followed",
        story(head="<title>Ice</title><meta http-equiv=refresh content='0;url=http://@canary/'>"),
        ARTICLE,
    ),
    sends(
        "base_href_javascript",
        story(head="<title>Ice</title><base href='javascript:alert(1)'><link rel=canonical href='/x'>"),
        ARTICLE,
    ),
    sends(
        "images_frames_scripts_are_not_fetched",
        story(
            "<img src='http://@canary/i'><iframe src='http://@canary/f'></iframe><script src='http://@canary/s'></script>"
            "<link rel=stylesheet href='http://@canary/c'>"
        ),
        ARTICLE,
    ),
]

URLS = [
    link("userinfo_host", "http://public.example@127.0.0.66:@port/"),
    json_link("backslash", "http://127.0.0.66:@port\\@public.example/", ADDRESS),
    json_link("backslashes", "http:\\\\127.0.0.66:@port\\", (*NO_LINK, R.HTTP_NOT_FOUND)),
    json_link("cr_lf", "http://127.0.0.66:@port/\r\nX-Evil: 1\r\n\r\nGET /y HTTP/1.1", PRIVATE),
    json_link("cr_lf_in_host", "http://public.example\r\nHost: 127.0.0.66/", (*ADDRESS, *NO_LINK)),
    json_link("tab_in_host", "http://127.0.\t0.66:@port/", (*ADDRESS, *NO_LINK)),
    json_link("nul", "http://127.0.0.66\0.public.example:@port/", (*ADDRESS, *NO_LINK)),
    link("percent_nul", "http://127.0.0.66%00.public.example:@port/", ADDRESS),
    link("percent_host", "http://%31%32%37.0.0.66:@port/", ADDRESS),
    link("ideographic_dots", "http://127。0。0。66:@port/", ADDRESS),
    link("fullwidth_digits", "http://１２７.0.0.66:@port/", ADDRESS),
    link("circled_digits", "http://①②⑦.0.0.66:@port/", ADDRESS),
    link("broken_punycode", "http://xn--a-ecp.ru-\u00ad.xn--/", ADDRESS),
    link("long_label", f"http://{'a' * 300}.example/", ADDRESS),
    link("port_zero", "http://127.0.0.66:0/", (*ADDRESS, *NO_LINK)),
    link("port_99999", "http://127.0.0.66:99999/", (*ADDRESS, *NO_LINK)),
    link("port_words", "http://127.0.0.66:http/", (*ADDRESS, *NO_LINK)),
    link("no_host", "http:///x", (*ADDRESS, *NO_LINK)),
    link("broken_ipv6", "http://[::1/", (*ADDRESS, *NO_LINK)),
    link("file", "file://@file", NO_LINK),
    link("gopher", "gopher://@canary/_x", NO_LINK),
    link("ftp", "ftp://@canary/x", NO_LINK),
    link("javascript", "javascript:alert(1)", NO_LINK),
    link("data", "data:text/html,<p>x</p>", NO_LINK),
    link("very_long", f"http://127.0.0.66:@port/{'a' * 200_000}", NO_LINK),
    link("path_out", "@bad/../../../../etc/passwd", (R.HTTP_NOT_FOUND,)),
    link("bait_of_bangs", "http://127.0.0.66:@port/?a=" + "!" * 60_000, NO_LINK),
    link("bait_of_keys", "http://127.0.0.66:@port/?key=" + "a" * 60_000, NO_LINK),
]

TRANSPORT = [
    sends("silence", i.wait(), R.TIMED_OUT),
    sends("slow_headers", i.forever(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x", 0.05), R.TIMED_OUT),
    sends("slow_body", i.forever(head(), b"x", 0.05), R.TIMED_OUT),
    sends("endless_body", i.forever(head(), b"x" * 65_536), R.TOO_LARGE),
    sends(
        "endless_chunks",
        i.forever(head("Transfer-Encoding: chunked"), b"1000\r\n" + b"x" * 4096 + b"\r\n"),
        R.TOO_LARGE,
    ),
    sends(
        "endless_chunk_extension",
        i.forever(head("Transfer-Encoding: chunked") + b"5;", b"x" * 65_536),
        R.PROTOCOL_ERROR,
    ),
    sends("broken_chunk_size", raw(head("Transfer-Encoding: chunked"), b"zz\r\nxx\r\n"), R.PROTOCOL_ERROR),
    sends("huge_chunk_size", raw(head("Transfer-Encoding: chunked"), b"F" * 40 + b"\r\nxx\r\n"), R.PROTOCOL_ERROR),
    sends("huge_header", raw(b"HTTP/1.1 200 OK\r\nX-Big: ", b"x" * MEGA, b"\r\n\r\n"), R.PROTOCOL_ERROR),
    sends("endless_headers", i.forever(b"HTTP/1.1 200 OK\r\n", b"X-More: x\r\n" * 4096), R.PROTOCOL_ERROR),
    sends("negative_length", raw(head("Content-Length: -5"), b"hello"), R.PROTOCOL_ERROR),
    sends("two_lengths", raw(head("Content-Length: 5", "Content-Length: 6"), b"hello!"), R.PROTOCOL_ERROR),
    sends(
        "length_and_chunks",
        raw(head("Content-Length: 3", "Transfer-Encoding: chunked"), b"0\r\n\r\n"),
        R.PROTOCOL_ERROR,
        R.EMPTY,
    ),
    sends("length_too_long", raw(head("Content-Length: 5000"), story()), R.PROTOCOL_ERROR),
    sends("length_too_short", raw(head("Content-Length: 400"), story() * 3), ARTICLE),
    sends("length_of_terabytes", raw(head("Content-Length: 9999999999999")), R.TOO_LARGE),
    sends("length_of_many_digits", raw(head("Content-Length: " + "9" * 5000)), R.TOO_LARGE, R.PROTOCOL_ERROR),
    sends("gzip_bomb", packed("gzip", i.bomb(300)), R.TOO_LARGE),
    sends("gzip_bomb_twice", packed("gzip", i.bomb(300, layers=2)), R.BINARY),
    sends("gzip_gzip", packed("gzip, gzip", i.bomb(100, layers=2)), R.PROTOCOL_ERROR),
    sends("brotli_unasked", packed("br", b"\x0b\x02\x80hello\x03"), R.PROTOCOL_ERROR),
    sends("raw_deflate", packed("deflate", i.raw_deflate(story())), ARTICLE),
    sends("truncated_gzip", packed("gzip", gzip.compress(story() * 50)[:200]), R.PROTOCOL_ERROR, R.EMPTY, ARTICLE),
    sends("not_gzip", packed("gzip", story()), R.PROTOCOL_ERROR),
    sends("gzip_then_garbage", packed("gzip", gzip.compress(story()) + b"garbage" * 1000), ARTICLE),
    sends("reset", raw(b"HTTP/1.1 200", reset=True), R.PROTOCOL_ERROR, R.CONNECT_FAILED),
    sends("early_close", raw(b""), R.PROTOCOL_ERROR),
    sends("http_0_9", raw(story()), R.PROTOCOL_ERROR),
    sends("flood_of_1xx", i.forever(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100), R.TIMED_OUT, R.PROTOCOL_ERROR),
    sends(
        "switching_protocols",
        raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n", b"x" * 100),
        R.PROTOCOL_ERROR,
        R.HTTP_UNEXPECTED,
    ),
    sends("status_999", raw(head(status="999 Odd"), b"x"), R.HTTP_UNEXPECTED, R.PROTOCOL_ERROR),
    sends("redirect_loop", redirect("/x"), R.TOO_MANY_REDIRECTS),
    sends(
        "redirect_without_target",
        raw(head("Location: ", status="302 Found")),
        R.TOO_MANY_REDIRECTS,
        R.BAD_ADDRESS,
        R.HTTP_UNEXPECTED,
    ),
    sends("no_content", answer(status=204), R.HTTP_UNEXPECTED),
    sends("partial_content", answer(story(), status=206), R.HTTP_UNEXPECTED),
    sends("not_modified_unasked", answer(status=304), R.HTTP_UNEXPECTED),
    sends("retry_after_for_ever", answer(status=429, Retry_After="9" * 4000), R.HTTP_BUSY),
    sends("retry_after_nonsense", answer(status=503, Retry_After="Sun, 99 Foo 9999"), R.HTTP_SERVER_ERROR),
    sends(
        "escape_in_status",
        raw(b"HTTP/1.1 404 \x1b[31mred\x1b[0m\r\nContent-Length: 0\r\n\r\n"),
        R.HTTP_NOT_FOUND,
        R.PROTOCOL_ERROR,
    ),
    sends("escape_in_headers", raw(head("X-\x1b[31m: red", "ETag: \x1b]0;x\x07"), story()), ARTICLE, R.PROTOCOL_ERROR),
    sends(
        "warc_in_headers",
        raw(head("X-A: WARC/1.1\x85WARC-Type: response", 'ETag: "a\x0bWARC/1.0"'), story()),
        ARTICLE,
        R.PROTOCOL_ERROR,
    ),
    sends(
        "warc_in_the_body",
        story("\r\n\r\nWARC/1.1\r\nWARC-Type: response\r\nContent-Length: 3\r\n\r\nabc\r\n\r\n"),
        ARTICLE,
    ),
    sends(
        "folded_header",
        raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-A: a\r\n b\r\n\r\n", story()),
        ARTICLE,
        R.PROTOCOL_ERROR,
    ),
    feed("html_as_feed", page(), R.NOT_A_FEED),
    feed("feed_is_empty", b"", R.EMPTY),
    feed("feed_is_a_bomb", packed("gzip", i.bomb(300)), R.TOO_LARGE),
    feed("feed_redirects_to_itself", redirect("@feed"), R.TOO_MANY_REDIRECTS),
    Case(
        "robots_bait",
        (ARTICLE,),
        rss(item("http://named.example:@badport/" + "a" * 2000)),
        404,
        more=(("/robots.txt", b"User-agent: *\nDisallow: /" + b"a*" * 500 + b"b$\n"), ("/" + "a" * 2000, story())),
    ),
    Case(
        "robots_endless",
        (ARTICLE, R.ROBOTS_UNREACHABLE),
        rss(item("http://named.example:@badport/x")),
        story(),
        more=(("/robots.txt", i.forever(head(), b"Disallow: /y\n" * 4096)),),
    ),
    Case(
        "robots_is_a_bomb",
        (ARTICLE,),
        rss(item("http://named.example:@badport/x")),
        story(),
        more=(("/robots.txt", packed("gzip", i.bomb(100))),),
    ),
]

HA = "&l9;"
XML = [
    feed("billion_laughs", rss(whole(HA), whole(), doctype=i.laughs()), ARTICLE, R.NOT_A_FEED, R.EMPTY),
    feed(
        "laughs_behind_a_decoy",
        b"<!-- <!DOCTYPE -->" + rss(whole(HA), doctype=i.laughs()),
        R.NOT_A_FEED,
        R.EMPTY,
        ARTICLE,
    ),
    feed("quadratic_blowup", rss(whole("&a;" * 20_000), doctype=i.quadratic()), R.NOT_A_FEED, R.EMPTY, ARTICLE),
    feed("external_entity", rss(whole("&x;" + i.STORY), doctype=i.external("file://@file")), ARTICLE),
    feed("external_entity_of_the_web", rss(whole("&x;" + i.STORY), doctype=i.external("http://@canary/e")), ARTICLE),
    feed("parameter_entity", rss(whole(), doctype=i.parameter("http://@canary/p")), ARTICLE),
    feed("external_dtd", rss(whole(), doctype='<!DOCTYPE rss SYSTEM "http://@canary/d">'), ARTICLE),
    feed(
        "xinclude",
        rss(whole(i.STORY + '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://@file"/>')),
        ARTICLE,
    ),
    feed("xml_stylesheet", b'<?xml-stylesheet href="http://@canary/s"?>' + rss(whole())[21:], ARTICLE),
    feed(
        "sitemap_laughs",
        i.sitemap("@bad/x", "@bad/&l9;", doctype=i.laughs().replace("rss", "urlset")),
        ARTICLE,
        R.NOT_A_SITEMAP,
        R.HTTP_NOT_FOUND,
        kind=Kind.SITEMAP,
    ),
    feed(
        "sitemap_external_entity",
        i.sitemap("@bad/x", "&x;", doctype=i.external("file://@file")),
        ARTICLE,
        R.NOT_A_SITEMAP,
        kind=Kind.SITEMAP,
    ),
    feed(
        "sitemap_external_dtd",
        i.sitemap("@bad/x", doctype='<!DOCTYPE urlset SYSTEM "http://@canary/d">'),
        R.NOT_A_SITEMAP,
        kind=Kind.SITEMAP,
    ),
    feed(
        "sitemap_names_itself", b"<sitemapindex><sitemap><loc>@feed</loc></sitemap></sitemapindex>", kind=Kind.SITEMAP
    ),
    feed("unclosed_doctypes", rss(whole(), doctype="<!DOCTYPE[" * 20_000), R.NOT_A_FEED, ARTICLE, R.EMPTY),
    sends(
        "xhtml_external_entity", b"<?xml version='1.0'?>" + i.external("file://@file").encode() + story("&x;"), ARTICLE
    ),
]

DEEP: object = "x"
for _ in range(150):
    DEEP = {"a": [DEEP]}

HTML = [
    sends("nested_tags", page(f"<div>{'<b>' * 200_000}{i.STORY}"), ARTICLE, *NO_TEXT, *LIMITS, seconds=20),
    sends(
        "equal_paragraphs",
        page(f"<p>{i.STORY}</p>" * 40_000 + "<p>x</p>" * 110_000),
        ARTICLE,
        *NO_TEXT,
        *LIMITS,
        seconds=20,
    ),
    sends("a_word_of_a_megabyte", story("x" * MEGA), ARTICLE, *LIMITS, seconds=20),
    sends(
        "a_million_attributes",
        story(f"<p {' '.join(f'a{n}=1' for n in range(MEGA))}>x</p>"),
        ARTICLE,
        *LIMITS,
        seconds=20,
    ),
    sends("100_megabytes_unpacked", packed("gzip", i.bomb(100)), R.TOO_LARGE),
    sends("nested_tables", page("<table><tr><td>" * 10_000 + i.STORY), ARTICLE, *NO_TEXT, *LIMITS, seconds=20),
    sends("nested_lists", page("<ul><li>" * 20_000 + i.STORY), ARTICLE, *NO_TEXT, *LIMITS, seconds=20),
    sends("links_in_thousands", page("<a href=/a>story</a> " * 100_000), ARTICLE, *NO_TEXT, *LIMITS, seconds=20),
    sends("megabytes_of_json_ld", story(head=i.ld_article(keywords="ice " * 500_000)), ARTICLE, *LIMITS, seconds=20),
    sends("many_json_ld", story(head=i.ld_article() * 5_000), ARTICLE, *LIMITS, seconds=20),
    sends("deep_json_ld", story(head=i.ld_article(about=DEEP)), ARTICLE, *LIMITS),
    sends(
        "too_deep_json_ld",
        story(head="<title>Ice</title><script type='application/ld+json'>" + "[" * 200_000 + "</script>"),
        ARTICLE,
        *LIMITS,
    ),
    sends(
        "json_ld_of_wrong_types",
        story(
            head=i.ld_article(
                headline=[1, {}], author=[[[]]], datePublished={"a": 1}, publisher=7, mainEntityOfPage=[None]
            )
        ),
        ARTICLE,
    ),
    sends(
        "big_numbers_in_json_ld",
        story(head="<title>Ice</title><script type='application/ld+json'>{\"a\": " + "9" * 100_000 + "}</script>"),
        ARTICLE,
    ),
    sends("bait_of_spaces", story("a" + " " * 300_000 + "b\n" + "\n \t" * 100_000), ARTICLE, *LIMITS),
    sends("bait_of_dots", story("." * 300_000 + "x"), ARTICLE, *LIMITS),
    sends("bait_of_quotes", story("“‘\"'" * 100_000), ARTICLE, *LIMITS),
    sends("bait_of_brackets", story("[(" * 100_000 + "x"), ARTICLE, *LIMITS),
    sends("bait_of_hyphens", story("a-a'" * 100_000), ARTICLE, *LIMITS),
    sends(
        "bait_of_dates",
        story(
            "12 March 2026 " * 30_000,
            head="<title>Ice</title><meta property='article:published_time' content='" + "2026-" * 50_000 + "'>",
        ),
        ARTICLE,
        *LIMITS,
    ),
    sends("bait_of_titles", story(head=f"<title>{'Ice | - – ' * 50_000}</title>"), ARTICLE, *LIMITS),
    sends("bait_of_bylines", story("<p class=byline>By " + "Ada Lovelace and " * 50_000 + "</p>"), ARTICLE, *LIMITS),
    sends("bait_of_styles", story(f"<p style='{'display:' * 100_000}'>x</p>"), ARTICLE, *LIMITS),
    sends("bait_of_less_than", story("<" * 300_000), ARTICLE, *LIMITS),
    sends("bait_of_entities", story("&amp" * 100_000 + "&#x110000;&#0;&#xD800;" * 100), ARTICLE, *LIMITS),
    sends("bait_of_comments", story("<!--" * 100_000), ARTICLE, *LIMITS),
    sends("bait_of_datelines", story("HELSINKI, " * 40_000 + "(Wire) - ice"), ARTICLE, *LIMITS),
    sends("bait_of_the_post", story("The post " * 40_000 + "appeared first on"), ARTICLE, *LIMITS),
]

FEEDS = [
    feed(
        "100_000_items",
        rss("<item><title>t</title></item>" * 100_000),
        *LIMITS,
        R.EMPTY,
        R.NOT_A_FEED,
        R.TOO_LARGE,
        R.DUPLICATE_URL_IN_SOURCE,
        seconds=60,
    ),
    feed("items_that_are_the_feed", rss(*[item("@feed")] * 50), R.EMPTY, R.DUPLICATE_URL_IN_SOURCE, R.NOTHING_ARCHIVED),
    feed("title_of_a_megabyte", rss(whole(title="ice " * 250_000)), ARTICLE),
    feed("teaser_bait", rss(whole(i.STORY + " read more " + "&gt;" * 100_000 + "x"), whole(link="@bad/2")), ARTICLE),
    feed("deep_xml", b"<rss version='2.0'><channel>" + b"<a>" * 100_000, R.NOT_A_FEED, R.NO_ITEMS, *LIMITS, seconds=30),
    feed("deep_json", b'{"items":' + b"[" * 200_000, R.NOT_A_FEED),
    feed(
        "json_of_wrong_types",
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1",
                "items": [
                    None,
                    7,
                    {"url": 5, "title": [], "authors": 3, "content_html": {}, "id": {}},
                    {"content_text": i.STORY, "id": 9},
                ],
            }
        ).encode(),
        ARTICLE,
        R.EMPTY,
    ),
    feed(
        "date_of_a_megabyte",
        rss(whole(), f"<item><pubDate>{'1 ' * 500_000}</pubDate><description>{i.STORY}</description></item>"),
        ARTICLE,
        R.DUPLICATE_URL_IN_SOURCE,
    ),
    feed(
        "many_authors",
        rss(f"<item>{'<author>a@paper.example (A)</author>' * 20_000}<description>{i.STORY}</description></item>"),
        ARTICLE,
        *LIMITS,
        seconds=20,
    ),
    feed(
        "guid_is_a_path",
        rss(f"<item><guid>../../../tmp/owned</guid><description>{i.STORY}</description></item>"),
        ARTICLE,
    ),
]

RLO, ZWSP = "\u202e", "\u200b"
TEXT = [
    sends("nul_in_text", story("a\0b\0c"), ARTICLE),
    sends("nothing_but_nul", bytes(100_000), R.BINARY, R.EMPTY),
    sends("lone_surrogates", story("a\ud800b\udfff"), ARTICLE),
    sends(
        "lone_surrogate_in_json_ld",
        story(
            head='<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ice \\ud800 pilots"}</script>'
        ),
        ARTICLE,
    ),
    sends("bidi_overrides", story(f"{RLO}txt.exe", head=f"<title>{RLO}Ice{RLO} pilots</title>"), ARTICLE),
    sends("zero_width", story(ZWSP * 50_000, head=f"<title>I{ZWSP}ce</title>"), ARTICLE),
    sends("combining_marks", story("a" + "\u0301" * 100_000), ARTICLE, *LIMITS),
    sends(
        "overlong_utf_8",
        answer(story("@@").replace(b"@@", b"\xc0\xaf\xe0\x80\xaf" * 50), Content_Type="text/html; charset=utf-8"),
        ARTICLE,
    ),
    sends(
        "utf_7_declared",
        answer(story("+ADw-script+AD4-alert(1)+ADw-/script+AD4-"), Content_Type="text/html; charset=utf-7"),
        ARTICLE,
    ),
    sends(
        "charset_that_is_a_codec",
        answer(story("é").decode().encode("latin-1"), Content_Type="text/html; charset=rot13"),
        ARTICLE,
    ),
    sends(
        "charset_bomb",
        answer(story("é").decode().encode("latin-1"), Content_Type="text/html; charset=zlib_codec"),
        ARTICLE,
    ),
    sends(
        "charset_that_is_a_path",
        answer(story("é").decode().encode("latin-1"), Content_Type="text/html; charset=../../x"),
        ARTICLE,
    ),
    sends(
        "utf_16_without_bom",
        answer(story().decode().encode("utf-16-le"), Content_Type="text/html; charset=utf-16"),
        ARTICLE,
        R.BINARY,
        R.EMPTY,
    ),
    sends("pdf_as_html", answer(b"%PDF-1.7\n" + bytes(range(256)) * 50, Content_Type="text/html"), R.BINARY),
    sends("png_as_html", answer(b"\x89PNG\r\n\x1a\n" + bytes(1000), Content_Type="text/html"), R.BINARY),
]

LOUD = "\x1b[31mred\x1b[0m\x1b]0;owned\x07\x9b31m"
INJECTION = [
    sends("script_in_title", story(head="<title>&lt;script&gt;alert(1)&lt;/script&gt; Ice</title>"), ARTICLE),
    sends("formula_in_title", story(head="<title>=HYPERLINK(&quot;http://@canary/&quot;)</title>"), ARTICLE),
    sends("sql_in_title", story(head="<title>x'); drop table articles; --</title>"), ARTICLE),
    sends("yaml_in_title", story(head="<title>!!python/object/apply:os.system ['touch @file']</title>"), ARTICLE),
    sends("template_in_title", story(head="<title>{{7*7}} ${7*7} %(x)s %s [bold]x[/bold] [/]</title>"), ARTICLE),
    sends("escapes_in_title", story(LOUD, head=f"<title>Ice {LOUD}</title>"), ARTICLE),
    feed("escapes_in_a_feed_title", rss(whole(title="Ice &#x1b;[31m &#x9b;31m \x9b31m")), ARTICLE),
    feed(
        "escapes_in_json",
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1",
                "items": [
                    {
                        "id": LOUD,
                        "title": f"Ice {LOUD}",
                        "content_text": i.STORY,
                        "authors": [{"name": LOUD}],
                        "date_published": f"{LOUD}\nnot a date",
                    }
                ],
            }
        ).encode(),
        ARTICLE,
    ),
    feed(
        "markup_in_what_breaks",
        b"<rss version='2.0'><channel><![CDATA[\n\x1b[31m<script>alert(1)</script>",
        R.NOT_A_FEED,
        R.NO_ITEMS,
    ),
    json_link("newlines_in_an_address", "http://127.0.0.66:@port/\nWARC/1.1\nINFO all is well", PRIVATE),
    json_link("escapes_in_an_address", f"http://127.0.0.66:@port/{LOUD}", (*PRIVATE, R.BAD_ADDRESS)),
    link("secret_in_a_link", f"http://me:{SECRET}@127.0.0.66:@port/?access_token={SECRET}"),
    link("secret_in_a_bad_link", f"http://me:{SECRET}@[::1/?token={SECRET}", (*ADDRESS, *NO_LINK)),
    sends("secret_in_a_location", redirect(f"http://me:{SECRET}@127.0.0.66:1/?token={SECRET}"), *PRIVATE),
    sends("secret_in_a_bad_location", redirect(f"http://me:{SECRET}@[::1/?token={SECRET}"), R.BAD_ADDRESS),
    sends(
        "secret_in_headers",
        answer(
            story(),
            Set_Cookie=f"session={SECRET}",
            X_Api_Key=SECRET,
            WWW_Authenticate=SECRET,
            Link=f"<http://x.example/?token={SECRET}>",
        ),
        ARTICLE,
    ),
    sends(
        "secret_in_the_canonical",
        story(head=f"<title>Ice</title><link rel=canonical href='@bad/x?token={SECRET}'>").replace(b"\0", b""),
        ARTICLE,
    ),
]

CASES: Final = [*ADDRESSES, *URLS, *TRANSPORT, *XML, *HTML, *FEEDS, *TEXT, *INJECTION]
