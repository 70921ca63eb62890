from __future__ import annotations

import datetime as dt

import pytest

from sources.formats.metadata import Metadata
from sources.formats.pages import read_page
from sources.formats.titles import without_site

NOW = dt.datetime(2026, 3, 14)
URL = "https://www.mfa.gov.example/news/envoys-meet-in-the-harbour"


def metadata(body: str, head: str = "", url: str = URL, lang: str = "en") -> Metadata:
    page = read_page(f"<html lang='{lang}'><head>{head}</head><body>{body}</body></html>", url, NOW)
    assert page is not None
    return page.metadata


@pytest.mark.parametrize(
    ("title", "sites", "url", "bare"),
    [
        ("Envoys meet | The Paper", [], "https://www.paper.example/a", "Envoys meet"),
        ("Envoys meet - World - The Paper", ["The Paper"], "", "Envoys meet"),
        ("Envoys meet | World | Paper News", [], "https://paper.example/a", "Envoys meet"),
        ("The Paper: Envoys meet", ["The Paper"], "", "The Paper: Envoys meet"),
        ("The Paper | Envoys meet in the harbour", ["The Paper"], "", "Envoys meet in the harbour"),
        ("Envoys meet | CN | 10.06.2013", [], "https://www.cn.example/a", "Envoys meet"),
        ("Envoys meet - Ministry of Foreign Affairs", [], "https://mfa.gov.example/a", "Envoys meet"),
        ("Envoys meet - a long night in Lusaka", [], "https://paper.example/a", "Envoys meet - a long night in Lusaka"),
        ("Analysis: what the envoys want", [], "https://paper.example/a", "Analysis: what the envoys want"),
        (
            "House of Envoys - What the treaty says",
            [],
            "https://x.example/what-the-treaty-says",
            "What the treaty says",
        ),
        ("The Paper", ["The Paper"], "", "The Paper"),
    ],
)
def test_the_outlet_is_no_part_of_a_title(title: str, sites: list[str], url: str, bare: str) -> None:
    assert without_site(title, sites, url) == bare


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (
            "<title>Envoys meet in Lusaka</title>",
            "<h1>World</h1><h2>Envoys meet in Lusaka</h2>",
            "Envoys meet in Lusaka",
        ),
        (
            "<title>Envoys meet | Paper</title>",
            "<h1><a href='/'>The Paper of Record</a></h1><h1>Envoys meet</h1><h1>More news</h1>",
            "Envoys meet",
        ),
        (
            "<meta property='og:title' content='You will not believe what the envoys did'>",
            "<article><h1>Envoys meet in the harbour</h1></article>",
            "Envoys meet in the harbour",
        ),
        ("<meta property='og:title' content='Envoys meet'>", "<p>No heading at all.</p>", "Envoys meet"),
        ("<title>x</title>", "<aside><h1>Envoys meet in the harbour</h1></aside>", "x"),
        ("", "<h1>ENVOYS MEET</h1>", "ENVOYS MEET"),
        ("<meta property='og:title' content='Envoys meet today'>", "<h1>ENVOYS MEET TODAY</h1>", "Envoys meet today"),
        (
            "<meta property='og:title' content='Envoys meet today'>",
            "<h1><span>River talks</span><span>Envoys meet today</span></h1>",
            "Envoys meet today",
        ),
        (
            "<meta property='og:title' content='Lusaka: Envoys meet today'>",
            "<h2><span>River talks</span> <span class='hidden'>:</span><span>Envoys meet today</span></h2>",
            "Envoys meet today",
        ),
        (
            "<meta property='og:title' content='Lusaka: Envoys meet today'>",
            "<h1><span>Lusaka:</span> <span>Envoys meet today</span></h1>",
            "Lusaka: Envoys meet today",
        ),
        (
            "<title>2024年6月4日外交部发言人主持例行记者会_河口外交部</title>",
            "<h1>2024年6月4日外交部发言人主持例行记者会</h1>",
            "2024年6月4日外交部发言人主持例行记者会",
        ),
        ("<title>Opinion | Envoys meet in the harbour today</title>", "", "Envoys meet in the harbour today"),
        ("<title>&amp;quot;Envoys&amp;quot; meet</title>", "", '"Envoys" meet'),
    ],
)
def test_the_title_is_the_headline_that_readers_see(head: str, body: str, title: str) -> None:
    assert metadata(body, head).title == title


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        ("", "<h1>Envoys meet</h1><p>Updated: 8 December 2021</p><p>Published: 6 December 2021</p>", "2021-12-06"),
        ("", "<h1>Envoys meet</h1><p>Updated: 8 December 2021</p>", "2021-12-08"),
        ("<meta property='article:modified_time' content='2021-12-08'>", "<h1>Envoys meet</h1>", None),
        ("", "<h1>Envoys meet</h1><p>The treaty of 6 December 2001 is the base of the whole affair.</p>", None),
        ("", "<h1>Envoys meet</h1><aside><time datetime='2021-12-06'>6 December</time></aside>", None),
        ("", "<h1>Envoys meet</h1><p>Copyright 6 December 2021</p>", None),
        ("", "<h1>Envoys meet</h1><p>03/04/2021</p>", None),
        ("", "<h1>Envoys meet</h1><p>03/04/2021</p><span>25/12/2020</span>", "2021-04-03"),
        ("", "<div>Monday, 13 April 2026</div><h1>Envoys meet</h1><p>6 December 2021</p>", "2021-12-06"),
        (
            "",
            "<h1>Envoys meet</h1><time class='updated' datetime='2021-12-08'></time>"
            "<time datetime='2021-12-06'></time>",
            "2021-12-06",
        ),
        (
            "",
            "<h1>Envoys meet</h1><div><time datetime='2021-12-06'></time><time datetime='2021-12-05'></time></div>",
            None,
        ),
        (
            "",
            "<article><h1>Envoys meet</h1><time class='updated' datetime='2021-12-08'></time>"
            "<time datetime='2021-12-06'></time></article>",
            "2021-12-06",
        ),
    ],
)
def test_the_date_is_that_of_publication(head: str, body: str, day: str | None) -> None:
    published = metadata(body, head).published_at
    assert (published.date().isoformat() if published else None) == day


def test_the_address_tells_the_day_where_nothing_else_does() -> None:
    url = "https://paper.example/2021/12/06/envoys"
    assert metadata("<h1>Envoys meet</h1>", url=url).published_at == dt.datetime(2021, 12, 6)
    assert metadata("<h1>Envoys meet</h1>", url="https://paper.example/2021/dec/06/envoys").published_at is not None
    assert metadata("<h1>Envoys meet</h1>", url="https://paper.example/2021/12/envoys").published_at is None
    moved = "<meta property='article:published_time' content='2024-01-01'>"
    shown = "<h1>Envoys meet</h1><p>Published 6 December 2021 10:00 GMT</p>"
    assert metadata(shown, moved, url=url).published_at == dt.datetime(2021, 12, 6, 10)


@pytest.mark.parametrize(
    ("head", "body", "byline"),
    [
        ("<meta name='author' content='Ada Quill'>", "", "Ada Quill"),
        ("<meta name='author' content='https://social.example/x'>", "<a rel='author'>Ada Quill</a>", "Ada Quill"),
        ("", "<div class='byline'>By Ada Quill and Bo Lund</div>", "Ada Quill and Bo Lund"),
        ("", "<span itemprop='author'><span itemprop='name'>Ada Quill</span>, editor</span>", "Ada Quill"),
        ("<meta property='og:site_name' content='The Paper'><meta name='author' content='The Paper'>", "", None),
        ("", "<aside><div class='author'>Ada Quill</div></aside>", None),
        (
            '<script type="application/ld+json">{"@type": "Article", "author": {"name": "Ada Quill, Oslo"}}</script>',
            "",
            "Ada Quill",
        ),
        ("", "<p class='author_mail'><strong>Ada Quill</strong> (after <em>North, South</em>)</p>", "Ada Quill"),
        ("", "<p>No name is given here.</p>", None),
    ],
)
def test_bylines_of_pages(head: str, body: str, byline: str | None) -> None:
    assert metadata("<h1>Envoys meet</h1>" + body, head).byline == byline


PROSE = "<p>" + " ".join(f"The envoys read clause {n} aloud and then laid it aside." for n in range(9)) + "</p>"


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>使者今天在港口会面-河口网</title>", "<div class='h-t'>使者今天在港口会面</div>", "使者今天在港口会面"),
        ("<title>使者今天在港口会面 东区新闻_河口网</title>", "<b>使者今天在港口会面</b>", "使者今天在港口会面"),
        (
            "<title>Envoys meet in Lusaka - HSG - Reports - Notes</title>",
            "<div><em>Notes</em> <strong>Envoys meet in Lusaka</strong></div>",
            "Envoys meet in Lusaka",
        ),
        (
            "<title>Envoys meet in Lusaka - a long night</title>",
            "<b>Envoys meet in Lusaka</b><div>Envoys meet in Lusaka - a long night</div>",
            "Envoys meet in Lusaka - a long night",
        ),
        (
            "<title>News--Harbour Society</title>",
            "<h3>Home - News</h3><h5>Envoys of nine rivers meet in Lusaka</h5><div>Published: 2021-05-18</div>",
            "Envoys of nine rivers meet in Lusaka",
        ),
        (
            "<title>News--Harbour Society</title>",
            "<h5>Envoys of nine rivers meet in Lusaka</h5><i>2021-05-18</i><h5>Harbour of Lusaka closed for ships</h5>"
            "<i>2021-05-17</i>",
            "News--Harbour Society",
        ),
        (
            "<title>Harbour Society</title><meta property='og:site_name' content='Harbour Society'>",
            "<b>Harbour Society</b><h5>Envoys of nine rivers meet</h5><div>Published: 2021-05-18</div>",
            "Envoys of nine rivers meet",
        ),
        ("<title>Envoys meet</title>", "<h1>{text}</h1><h1 class='blog-title'>Envoys meet</h1>", "Envoys meet"),
        (
            "<title>Rivers: Nine envoys meet</title>",
            "<h1><span class='x__kicker'>Rivers</span><i>: </i><span>Envoys meet today</span></h1>",
            "Envoys meet today",
        ),
    ],
)
def test_headlines_that_are_no_headings(head: str, body: str, title: str) -> None:
    assert metadata(body + PROSE, head, url="https://www.paper.example/1").title == title


def test_the_byline_under_a_headline_that_is_no_heading() -> None:
    head = "<title>Envoys meet in Lusaka</title>"
    assert metadata(f"<b>Envoys meet in Lusaka</b><br>By Ada Quill<br>{PROSE}", head).byline == "Ada Quill"


def test_a_section_above_the_headline_is_not_the_title() -> None:
    body = "<h1>Press releases</h1><h2>Envoys of both states meet in the harbour</h2><p>They met on Monday.</p>"
    assert metadata(body, "<title>Ministry</title>", "https://mfa.example/n/12").title == (
        "Envoys of both states meet in the harbour"
    )


def test_a_box_is_not_the_headline_where_the_page_tells_another() -> None:
    body = "<h1>News</h1><h2>Enter the boss of the year</h2><p>Envoys met on Monday.</p>"
    told = "Envoys of both states meet in the harbour"
    assert metadata(body, f"<title>{told}</title>", "https://paper.example/n/12").title == told
