from __future__ import annotations

import datetime as dt
import json
import re
import time

import pytest

from sources.formats.markup import fragment_text
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


def test_the_site_name_is_no_part_of_the_title() -> None:
    head = (
        '<meta property="og:title" content="Envoys meet - The Paper"><meta property="og:site_name" content="The Paper">'
    )
    assert read(whole("<p>Text.</p>", head)).metadata.title == "Envoys meet"


LINK = "<a href='/x'>Something happened in the harbour town today</a>"
# seconds of processor time for each; a quadratic step anywhere in the reader takes minutes on these
PATIENCE = 8.0


@pytest.mark.parametrize(
    "monster",
    [
        "<div>" * 200_000 + "deep" + "</div>" * 200_000,
        "<ul><li>" * 100_000,
        "<div class='article-body'>" * 50_000 + "<p>Deep.</p>",
        "<p>The minister told the assembly that it would be kept.</p>" * 50_000,
        "".join(f"<p>Minister {n} told the assembly that clause {n} would be kept.</p>" for n in range(20_000)),
        "<p>" + "x" * 1_000_000 + "</p>",
        "<p>" + "1" * 1_000_000 + "</p>",
        "<p>" + " " * 1_000_000 + "x</p>",
        "<p>" + "12/12/2021 " * 50_000 + "</p>",
        "<p>" + "(" * 300_000 + "</p>",
        "<p>" + "&amp;" * 100_000,
        "<p>" + "a b c<br><br>" * 50_000,
        "<p>" + "we use cookies accept all " * 20_000,
        "<table><tr><td>" * 30_000,
        LINK * 30_000,
        f"<ul>{f'<li>{LINK}</li>' * 20_000}</ul>",
        "<h1>Envoys meet</h1>" * 20_000,
        f"<h1>{'envoys meet ' * 50_000}</h1>",
        f"<title>{'a - b | ' * 100_000}</title><p>Text.</p>",
        f"<p {' '.join(f'a{n}=1' for n in range(50_000))}>Text.</p>",
        f"<div class='{'a-b ' * 200_000}'><p>Text.</p></div>",
        f"<meta name='author' content='{'a@' * 200_000}'><p>Text.</p>",
        "<meta property='article:published_time' content='x'>" * 50_000,
        "<article>" + "<time>6 December 2021</time>" * 20_000,
        "<span itemprop='author'><span itemprop='name'>x</span></span>" * 20_000,
        linked('{"@type": "NewsArticle", "articleBody": "' + "word " * 380_000 + '"}') + "<p>Text.</p>",
        linked("[" * 100_000) + "<p>Text.</p>",
        linked("," * 1_000_000) + "<p>Text.</p>",
        linked('{"headline": "' + "\\a" * 500_000) + "<p>Text.</p>",
    ],
    ids=lambda monster: re.sub(r"\W+", " ", monster[:40]),
)
def test_monsters_end(monster: str) -> None:
    start = time.process_time()
    read_page(f"<html><body>{monster}</body></html>", URL, NOW)
    assert time.process_time() - start < PATIENCE


def test_text_that_is_in_the_data_alone() -> None:
    text = "\n".join(SENTENCES)
    head = linked(json.dumps({"@type": "NewsArticle", "headline": "Envoys meet", "articleBody": text}))
    page = read(f"<html><head>{head}</head><body><div id='root'>Loading</div></body></html>")
    assert page.text == "\n\n".join(SENTENCES)
    shown = read(
        f"<html><head>{head}</head><body><article>{''.join(f'<p>{s}</p>' for s in SENTENCES)}</article></body>"
    )
    assert shown.text == page.text


def test_furniture_between_paragraphs() -> None:
    inside = [
        "<p>Advertisement</p>",
        "<p><strong>Read more:</strong> <a href='/x'>Something else happened in the harbour</a></p>",
        "<p>Sign up for our newsletter and get the best of the week in your inbox.</p>",
        "<p>Photo: R. Vane/Pool</p>",
        "<p>Delegates wait outside the hall on Monday. (Agency Photo/R. Vane)</p>",
        "<div class='related-stories'><h3>Related</h3><p><a href='/y'>A third thing happened too</a></p></div>",
        "<p>© 2026 The Paper. All rights reserved.</p>",
    ]
    pieces = [
        piece for pair in zip((f"<p>{s}</p>" for s in SENTENCES), [*inside, *[""] * 5], strict=True) for piece in pair
    ]
    assert read(whole(f"<article>{''.join(pieces)}</article>")).text == "\n\n".join(SENTENCES)


def test_the_title_is_no_line_of_the_text() -> None:
    title = "Envoys meet in the old harbour once more"
    lines = ["Envoys meet in the old harbour", *SENTENCES[:4], title, *SENTENCES[4:6]]
    body = "".join(f"<p>{text}</p>" for text in lines)
    page = read(whole(f"<article><h1>{title}</h1>{body}</article>"))
    assert page.metadata.title == title
    assert page.text == "\n\n".join(SENTENCES[:6])


def test_words_of_furniture_in_a_sentence_are_text() -> None:
    said = [
        "Read the treaty aloud, the chairman told the youngest of the delegates, and she read it to the last line.",
        "The newsletter of the ministry has eleven subscribers, three of whom are spies, the opposition says.",
        "Related proceedings before the arbitration court will go on until the autumn, both governments said.",
        "Watch out for the ice, the harbour master warned the crews of the three ships.",
    ]
    body = "".join(f"<p>{s}</p>" for s in (*SENTENCES, *said))
    assert read(whole(f"<article>{body}</article>")).text == "\n\n".join((*SENTENCES, *said))


def test_a_headline_alone_is_no_text() -> None:
    """What only the page's own code can fetch is not there."""
    page = read_page("<title>Pact signed in Oslo</title><h1>Pact signed in Oslo</h1><div id='app'></div>", URL, NOW)
    assert page is not None
    assert page.text == ""


TEXT = [
    f"Minister {n} told the assembly that clause {n} would be kept, struck out or moved elsewhere." for n in range(9)
]


@pytest.mark.parametrize(
    "line",
    [
        "<div>Last review: 3 June 2021</div>",
        "<p><small>Letzte Änderung 03.06.2021</small></p>",
        "<h2>Page details</h2><dl><dt>Date modified:</dt><dd>2021-06-03</dd></dl>",
        "<h3>Document</h3><dl><dt>Ostatnia modyfikacja:</dt><dd>03.06.2021 09:11 Ada Quill</dd><dt>Pierwsza publikacja:"
        "</dt><dd>02.06.2021 10:22 administrator</dd></dl>",
        "<div>Posted<time>3 Jun 2021</time>, updated <time>4 Jun 2021</time></div>",
        "<p>3 giugno 2021 (modifica il 3 giugno 2021)</p>",
        "<p>A version of this article appears in print on June 3, 2021, Section A, Page 9 with another headline.</p>",
        "<p>If you are not a journalist, please send your question to the desk for citizens.</p>",
        "<p>Our website contains only a portion of what our subscribers may read every day.</p>",
        "<div class='kg-card kg-signup-card'><h2>Sign up for The Quill</h2><p>Old treaties, every Friday.</p></div>",
        "<p>3 June 2021</p>",
        "<div>【纠错】</div>",
        "<table><tr><td>1</td><td>2</td><td>3</td></tr></table>",
        "<p>有料会員になると、この記事の続きをお読みいただけます。</p>",
        "<section><h2>Sobre la firma</h2><p>Corresponsal en Oslo. Ha escrito un libro sobre faros.</p></section>",
        "<ul><li>이전글 <a href='/1'>장관, 대사 접견</a></li><li>다음글 <a href='/2'>호수 사고</a></li></ul>",
    ],
)  # fmt: skip
def test_lines_about_the_page_under_its_text(line: str) -> None:
    story = "".join(f"<p>{text}</p>" for text in TEXT)
    page = read(whole(f"<main><div><h1>Envoys meet</h1>{story}{line}</div></main>"))
    assert page.text == "\n\n".join(TEXT)


def test_lines_about_the_page_over_its_text() -> None:
    story = "".join(f"<p>{text}</p>" for text in TEXT)
    who = "<div><span>Ada Quill</span><span>Harbour correspondent</span><span>In</span><span>Oslo</span></div>"
    head = f"<h1>Envoys meet</h1><div>Thứ hai, 3/6/2021, 20:10 (GMT+7)</div>{who}"
    page = read(whole(f"<article>{head}{story}</article>", meta("author", "Ada Quill")))
    assert page.text == "\n\n".join(TEXT)


def test_a_text_may_end_with_its_place_and_day() -> None:
    story = "".join(f"<p>{text}</p>" for text in TEXT)
    end = "<p>Done at Oslo on 3 June 2021.</p>"
    page = read(whole(f"<article><h1>Envoys meet</h1>{story}{end}</article>"))
    assert page.text.endswith("Done at Oslo on 3 June 2021.")


def test_the_first_sentences_may_stand_before_the_element_of_the_text() -> None:
    story = "".join(f"<p>{text}</p>" for text in SENTENCES)
    lead = "The ministers of four countries met on the ice of the harbour on Monday to settle who may draw water there."
    beside = "<div class='tags'><a href='/t'>Harbours</a></div><div class='related'><h3>Related</h3><p>Ice</p></div>"
    head = f"<div class='section'>World news</div><h1>Envoys meet</h1><div>1 March 2026</div><div>{lead}</div>"
    page = read(whole(f"<div>{head}<div itemprop='articleBody'>{story}</div>{beside}</div>"))
    assert page.text == "\n\n".join([lead, *SENTENCES])
    card = "<div>Chat with us on WhatsApp. Find out what is going on in the world as soon as it does.</div>"
    page = read(whole(f"<div><h1>Envoys meet</h1>{card}<div itemprop='articleBody'>{story}</div></div>"))
    assert page.text == "\n\n".join(SENTENCES)
