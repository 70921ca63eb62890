from __future__ import annotations

import datetime as dt

import pytest

from sources.formats.markup import fragment_text
from sources.formats.metadata import clean_byline
from sources.formats.pages import Page, read_page

NOW = dt.datetime(2026, 3, 14)
URL = "https://www.paper.example/world/envoys"
SENTENCES = [
    f"Minister number {n} told the assembly that clause {n} of the draft would be kept, struck out or moved elsewhere."
    for n in range(1, 13)
]


def read(markup: str, url: str = URL) -> Page:
    page = read_page(markup, url, NOW)
    assert page is not None
    return page


def whole(body: str, head: str = "") -> str:
    return f"""<!doctype html><html lang="en-GB"><head><title>Envoys meet | The Paper</title>{head}
<script>var tracker = "secret code";</script><style>p {{ color: red }}</style></head><body>
<header><a href="/">The Paper</a>
<nav><ul><li><a href="/w">World</a></li><li><a href="/s">Sport</a></li></ul></nav></header>
<div class="cookie-banner">We use cookies to follow you about.</div>
{body}
<aside><h2>Related</h2><p><a href="/x">Something else happened</a></p></aside>
<footer>Copyright 2024 The Paper. All rights reserved.</footer><script>more("code")</script></body></html>"""


def linked(data: str) -> str:
    return f'<script type="application/ld+json">{data}</script>'


def meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


@pytest.mark.parametrize("count", [1, 3, 12])
@pytest.mark.parametrize("tag", ["article", "main", "div class='story'"])
def test_the_body_and_nothing_else(count: int, tag: str) -> None:
    paragraphs = SENTENCES[:count]
    body = "".join(f"<p>{p}</p>\n<script>track({n})</script>" for n, p in enumerate(paragraphs))
    head = '<h1>Envoys meet</h1><p class="byline">By Ada Quill</p><time datetime="2026-03-01">1 March 2026</time>'
    page = read(whole(f"<{tag}>{head}{body}</{tag.split()[0]}>"))
    assert page.text == "\n\n".join(paragraphs)
    assert page.metadata.title == "Envoys meet"


def test_bare_and_empty_pages() -> None:
    assert read("<p>One line from Lusaka.</p>").text == "One line from Lusaka."
    assert read(whole("<article><h1>Soon</h1></article>")).text in ("", "Soon")
    assert read_page("", URL, NOW) is None
    assert read_page("<!-- nothing -->", URL, NOW) is None or read("<!-- nothing -->").text == ""
    assert (
        read('<?xml version="1.0" encoding="utf-8"?><html><body><p>Old style.</p></body></html>').text == "Old style."
    )


def test_lists_tables_quotes_and_line_breaks_keep_their_borders() -> None:
    text = read(
        "<article><p>First<br>second<br><br>third</p><ul><li>one</li><li>two</li></ul><blockquote>said so</blockquote>"
        "<table><tr><td>a</td><td>b</td></tr></table><div>loose <b>text</b>&nbsp;here</div></article>"
    ).text
    assert text.split("\n\n") == ["First\nsecond", "third", "one", "two", "said so", "a b", "loose text here"]


def test_lists_and_quotations_of_a_long_page_come_once() -> None:
    body = "".join(f"<p>{p}</p>" for p in SENTENCES)
    odd = (
        "<ul><li>first point of the envoys<ul><li>inner point of the envoys</li></ul></li><li>second point</li></ul>"
        "<blockquote><p>We shall meet again in Lusaka.</p><p>Of that I am sure.</p></blockquote>"
    )
    text = read(whole(f"<article>{body}{odd}</article>")).text
    assert text.startswith("\n\n".join(SENTENCES))
    for phrase in ("first point", "inner point", "second point", "meet again in Lusaka", "Of that I am sure"):
        assert text.count(phrase) == 1
    assert "Lusaka.\n\nOf that" in text


def test_repeated_paragraphs_come_once_but_short_answers_may_return() -> None:
    long = "The ministers agreed to open a joint office in the harbour."
    text = fragment_text(f"<p>{long}</p><p>Thank you.</p><p>{long}</p><p>Next question?</p><p>Thank you.</p>")
    assert text.split("\n\n") == [long, "Thank you.", "Next question?", "Thank you."]


@pytest.mark.parametrize(
    "noise",
    [
        "<script>alert('x')</script>",
        "<style>p{}</style>",
        "<noscript>Switch it on</noscript>",
        "<p hidden>ghost</p>",
        '<p style="display: none">ghost</p>',
        "<figure><img src=x><figcaption>A picture</figcaption></figure>",
        "<svg><text>drawn</text></svg>",
        "<!-- note -->",
        "<p>The post <a href=x>Envoys meet</a> appeared first on <a href=y>The Paper</a>.</p>",
        "<template><p>mould</p></template>",
    ],
)
def test_fragments_lose_what_is_no_text(noise: str) -> None:
    assert (
        fragment_text(f"<p>Envoys met.</p>{noise}<p>They will meet again.</p>")
        == "Envoys met.\n\nThey will meet again."
    )


@pytest.mark.parametrize(
    ("head", "published"),
    [
        (linked('{"@type": "NewsArticle", "datePublished": "2026-03-01T09:00:00+01:00"}'), "2026-03-01T08:00:00"),
        (
            linked('{"@graph": [{"@type": "WebSite"}, {"@type": ["Article"], "datePublished": "2026-03-01"}]}'),
            "2026-03-01T00:00:00",
        ),
        (linked("{broken") + meta("article:published_time", "2026-03-01T10:00Z"), "2026-03-01T10:00:00"),
        ('<meta itemprop="datePublished" content="Sun, 01 Mar 2026 10:00:00 GMT">', "2026-03-01T10:00:00"),
        ("", None),
    ],
)
def test_dates_are_those_that_the_page_says(head: str, published: str | None) -> None:
    page = read(whole(f"<article><p>{SENTENCES[0]}</p></article>", head))
    assert page.metadata.published_at == (dt.datetime.fromisoformat(published) if published else None), (
        "the year of the copyright line is no date"
    )


def test_a_date_that_cannot_be_read_is_told() -> None:
    head = meta("article:published_time", "the day before yesterday")
    assert read(whole("<p>Text.</p>", head)).metadata.date_unread == "the day before yesterday"


@pytest.mark.parametrize(
    ("link", "url", "canonical"),
    [
        ("https://paper.example/world/2026/envoys", URL, "https://paper.example/world/2026/envoys"),
        ("/world/2026/envoys", URL, "https://www.paper.example/world/2026/envoys"),
        ("https://paper.example/", URL, None),
        ("https://agency.example/story/9", URL, None),
        ("https://agency.example/story/9", "file:desk/a.html", "https://agency.example/story/9"),
        ("javascript:void(0)", URL, None),
        ("http://[broken", URL, None),
    ],
)
def test_a_canonical_address_must_be_believable(link: str, url: str, canonical: str | None) -> None:
    page = read(whole("<p>Text.</p>", f'<link rel="canonical" href="{link}">'), url)
    assert page.metadata.canonical == canonical


@pytest.mark.parametrize(
    ("written", "clean"),
    [
        ("By Ada Quill", "Ada Quill"),
        ("ADA QUILL and Bo Lund", "ADA QUILL and Bo Lund"),
        ("Ada Quill; Bo Lund; Ada Quill", "Ada Quill; Bo Lund"),
        ("ada@paper.example (Ada Quill)", "Ada Quill"),
        ("https://social.example/ada", None),
        ("@ada", None),
        ("admin", None),
        ("Ada &amp; Bo", "Ada & Bo"),
        ("<a href=x>Ada</a>", "Ada"),
        ("x" * 300, None),
        (None, None),
        (5, None),
    ],
)
def test_bylines(written: object, clean: str | None) -> None:
    assert clean_byline(written) == clean


def test_the_site_name_is_no_part_of_the_title() -> None:
    head = (
        '<meta property="og:title" content="Envoys meet - The Paper"><meta property="og:site_name" content="The Paper">'
    )
    assert read(whole("<p>Text.</p>", head)).metadata.title == "Envoys meet"


@pytest.mark.parametrize(
    "monster",
    [
        "<div>" * 20_000 + "deep" + "</div>" * 20_000,
        "<p>same</p>" * 4_000,
        "<p>" + "x" * 300_000 + "</p>",
        "<p>" + "&amp;" * 30_000,
        "<table>" * 3_000,
    ],
)
def test_monsters_end(monster: str) -> None:
    read_page(monster, URL, NOW)
