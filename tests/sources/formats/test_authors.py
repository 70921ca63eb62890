"""Where a page names its authors, and what near it names somebody else."""

from __future__ import annotations

import datetime as dt

import pytest

from sources.formats.pages import read_page

PROSE = "<p>" + " ".join(f"The envoys read clause {n} aloud and then laid it aside." for n in range(9)) + "</p>"
CHINESE = "<p>" + "使者们今天在港口开会，商定了下一次会谈的地点，并宣读了第九条。" * 6
H1 = "<h1>Envoys go home</h1>"


def byline(body: str, head: str = "") -> str | None:
    page = read_page(f"<html><head>{head}</head><body>{body}</body></html>", "", dt.datetime(2026, 3, 14))
    assert page is not None
    return page.metadata.byline


@pytest.mark.parametrize(
    ("marked", "name"),
    [
        (
            "<div class='author_line'><div>By <span>Ada Quill</span></div><div><div>Harbour Post</div>"
            "<time>Dec 13, 2021 at 3:45 pm</time></div></div>",
            "Ada Quill",
        ),
        (
            "<div class='SharedByline x'><i>By</i><span>by ADA QUILL and BO LUND</span><p>3 May 2021</p></div>",
            "ADA QUILL and BO LUND",
        ),
        ("<ul class='ArticleAuthors__root'><li>Ada Quill</li></ul>", "Ada Quill"),
        ("<p class='byline'>By<ul class='author list'><li>Ada Quill</li></ul></p>", "Ada Quill"),
        (
            "<div class='byline'><a href='/x/author-ada-12.cms'>Ada Quill</a> / XYZ / <i>Updated: Oct 9</i></div>",
            "Ada Quill",
        ),
        (
            "<div class='author-box'><a class='x' href='/people/ada/'>Ada Quill</a><div>Writes about ports</div>"
            "<a href='/people/ada/'>Ada Quill</a><a href='/people/ada/'>Bio</a></div>",
            "Ada Quill",
        ),
        ("<p class='byline'>By <a href='/author/ada'>Ada Quill</a> and Bo Lund</p>", "Ada Quill and Bo Lund"),
        ("<div class='article__author'>Politics · Ada Quill, Bo Lund</div>", "Ada Quill, Bo Lund"),
        ("<div><b class='author'>Ada Quill</b> and <b class='author'>Bo Lund</b></div>", "Ada Quill; Bo Lund"),
        ("<p itemprop='author'>TEXT BY ADA QUILL<br>TRANSLATION BY BO LUND<br><br>PAPER(XX)</p>", "ADA QUILL"),
        ("<nav><span>All</span><span>Edited by <b itemprop='author'>Ada Quill</b></span></nav>", "Ada Quill"),
        ("<p class='author'>Ada Quill in <a href='/news'>News</a></p>", "Ada Quill"),
        ("<div>March 3, 2021 | by Ada Quill</div>", "Ada Quill"),
        ("<div>Posted on 3 March 2021 at 9:10 AM ET by Ada Quill</div>", "Ada Quill"),
        ("<div>Completed in 2019 by Harbour Builders</div>", None),
        ("<p>by Ada Quill / January 19, 2021 / <a>Published in May</a></p>", "Ada Quill"),
        ("<figure><figcaption><span class='author'>Bo Lund</span> A ship</figcaption></figure>", None),
        ("<div id='comments'><div class='comment-author vcard'><cite>Bo</cite> writes:</div></div>", None),
        ("<div class='pullquote'><i>Go home</i><span class='quote-author'>Bo Lund</span></div>", None),
        ("<p class='byline'>Photos by Bo Lund</p><p class='byline'>By Ada Quill</p>", "Ada Quill"),
        ("<div class='related'><span rel='author'>Bo Lund</span></div>", None),
        ("<div class='author-role'>Senior Editor</div><div class='author-name'>Ada Quill</div>", "Ada Quill"),
        ("<div class='author-info'><h5>About the Author</h5></div>", None),
    ],
)
def test_elements_beside_the_headline(marked: str, name: str | None) -> None:
    assert byline(f"<main><div>{H1}{marked}{PROSE}</div></main>") == name


def test_a_name_of_the_whole_page_does_not_set_its_author_aside() -> None:
    page = read_page(
        f"<body class='more latest'><b class='author'>Ada Quill</b>{PROSE}</body>", "", dt.datetime(2026, 3, 14)
    )
    assert page is not None
    assert page.metadata.byline == "Ada Quill"


def test_authors_in_the_footer_of_the_article_not_of_the_site() -> None:
    foot = "<footer><span itemprop='author'>{}</span></footer>"
    assert byline(f"<article>{H1}{PROSE}{foot.format('Ada Quill')}</article>") == "Ada Quill"
    assert byline(f"<article>{H1}{PROSE}</article><div>{foot.format('Theme House')}</div>") is None
    inside = f"<article>{H1}<p itemprop='author'>Ada Quill</p>{PROSE}{foot.format('Bo Lund')}</article>"
    assert byline(inside) == "Ada Quill"


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("<meta name='author' content='Ada Quill'><meta name='author' content='Bo Lund'>", "Ada Quill; Bo Lund"),
        ("<meta name='byl' content='Ada Quill, Bo Lund'><meta name='byl' content='Bo Lund'>", "Ada Quill, Bo Lund"),
        ("<meta property='og:article:author' content='Ada Quill'>", "Ada Quill"),
        ("<meta name='svc:author' content='Bo Lund'><meta name='author' content='Ada Quill'>", "Ada Quill"),
        ("<meta name='coauthored' content='Bo Lund'>", None),
        ("<meta name='byl' content='Harbour Gazette'><meta property='og:site_name' content='Harbour Gazette'>", None),
        ("<meta name='author' content='Gazette'><meta property='og:site_name' content='Harbour Gazette'>", None),
        ("<meta name='author' content='Courts and daily news - Paper.example'>", None),
        ("<meta name='author' content='Editors of Harbour Gazette'><meta name='application-name' content="
         "'Harbour Gazette'>", None),
        ("<meta name='author' content='Harbour Gazette Staff'><meta name='application-name' content="
         "'Harbour Gazette'>", "Harbour Gazette Staff"),
        ("<meta name='author' content='Ada Quill'><meta property='og:site_name' content='Quill'>", "Ada Quill"),
    ],
)  # fmt: skip
def test_meta_tags(head: str, name: str | None) -> None:
    assert byline(f"{H1}{PROSE}", head) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (f"<p>北风社河口12月9日电（记者王晓明）使者们回家了。</p>{CHINESE}</p>", "王晓明"),
        (f"{CHINESE}（本报记者 王晓明 李小红）</p>", "王晓明 李小红"),
        (f"{CHINESE}（王晓明）</p>", "王晓明"),
        (f"{CHINESE}（王晓摄）</p>", None),
        (f"{CHINESE}（略有删节）</p>", None),
        (f"<p>【河口＝岡田太郎】使者们。</p>{CHINESE}</p>", "岡田太郎"),
        (f"<p>【河口＝共同】使者们。</p>{CHINESE}</p>", None),
        (f"<ul><li>홍길동 기자</li><li>2021.03.16</li></ul>{CHINESE}</p>", "홍길동"),
        (f"<p>(하구=북풍) 홍길동 기자 = 사절단이 돌아왔다.</p>{CHINESE}</p>", "홍길동"),
        (f"<p class='author' itemprop='author'>文●オカモト／河口編集部</p>{CHINESE}</p>", "オカモト"),
        (f"<span class='writer'>《岡田太郎》</span>{CHINESE}</p>", "岡田太郎"),
    ],
)
def test_signatures(text: str, name: str | None) -> None:
    assert byline(f"{H1}<div>{text}</div>") == name


def test_authors_of_other_articles_sign_nothing() -> None:
    by = "<p>3 May by <a rel='author'>Bo Lund</a></p>"
    card = f"<div><h3><a href='/b'>Another pact was signed in the old harbour</a></h3>{by}</div>"
    own = "<div>3 May by <a rel='author' href='/author/ada'>Ada Quill</a></div>"
    assert byline(f"<article>{H1}{own}{PROSE}</article><div>{card}{card}</div>") == "Ada Quill"


@pytest.mark.parametrize(("shown", "name"), [("By Ada Quill", "Ada Quill"), ("A note", "Quill, Ada")])
def test_a_name_that_data_give_the_wrong_way_round(shown: str, name: str) -> None:
    assert byline(f"{H1}<p>{shown}</p>{PROSE}", "<meta name='parsely-author' content='Quill, Ada'>") == name


def test_people_in_a_list_far_from_the_headline_sign_nothing() -> None:
    people = "".join(f"<div><p><b class='author_name'>{n} Lund</b> writes.</p></div>" for n in ("Bo", "Ada", "Eva"))
    agency = "<meta name='author' content='AP'>"
    assert (
        byline(f"<div><div><div><div><div>{H1}{PROSE}</div></div></div></div></div><div>{people}</div>", agency) == "AP"
    )


@pytest.mark.parametrize(
    "said", ["<p class='byline'>By Ada Quill on <time>3 May</time></p>", "<p class='byline'>Ada Quill</p>"]
)
def test_words_of_the_page_itself_are_no_names(said: str) -> None:
    other = "<div class='css writer'>Save</div><a class='author'>Our Standards and Practices</a>"
    assert byline(f"<article>{H1}{other}{said}{PROSE}</article>") == "Ada Quill"
