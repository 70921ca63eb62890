"""Which of a page's dates is the day of publication, where no data for machines says so."""

from __future__ import annotations

import datetime as dt

import pytest

from sources.formats.pages import read_page

NOW = dt.datetime(2026, 3, 14)
URL = "https://www.paper.example/world/envoys"
PROSE = "<p>" + " ".join(f"The envoys read clause {n} aloud and then laid it aside." for n in range(9)) + "</p>"


def published(body: str, url: str = URL) -> str | None:
    page = read_page(f"<html lang='en'><head><title>Envoys</title></head><body>{body}</body></html>", url, NOW)
    assert page is not None
    at = page.metadata.published_at
    return at.isoformat(" ", "minutes") if at else None


@pytest.mark.parametrize(
    ("opening", "day"),
    [
        ("Feb. 3, 2021 -- The envoys went home.", "2021-02-03 00:00"),
        ("TALLINN, July 2, 2021 – The mill company bought its rival.", "2021-07-02 00:00"),
        ("PORT LOUIS, Mauritius (2 July 2021) — The two ministers signed.", "2021-07-02 00:00"),
        ("LAGOS and ACCRA, July 2, 2021 /NewsWire/ -- The two ports agreed.", "2021-07-02 00:00"),
        ("Signed on July 2, 2021, the pact was to last for ten winters and no more than that, they said then.", None),
        ("The harbour was closed to all foreign ships on July 2, 2021", None),
        ("The mill stood from 2 July 2019 to 4 July 2021", None),
        ("July 2, 2021 – July 9, 2021", None),
        ("3 May 1935", None),
    ],
)
def test_the_line_that_a_report_opens_with(opening: str, day: str | None) -> None:
    assert published(f"<h1>Envoys go home</h1><p>{opening}</p>{PROSE}") == day


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2021/WORLD/07/02/envoys/index.html", "2021-07-02 00:00"),
        ("/2021/middle_east/7/2/envoys.html", "2021-07-02 00:00"),
        ("/2021/07/02/envoys", "2021-07-02 00:00"),
        ("/2021/world/politics/07/02/envoys", None),
    ],
)
def test_the_day_in_an_address(path: str, day: str | None) -> None:
    assert published(f"<h1>Envoys go home</h1>{PROSE}", f"https://www.paper.example{path}") == day


def test_a_clock_in_the_head_of_the_site_is_no_date_of_the_article() -> None:
    clock = "<header><a href='/'>The Paper</a><time datetime='2026-03-13'>Friday 13 March 2026</time></header>"
    story = f"<div><h1>Envoys go home</h1><div class='meta'>Ada Quill | Oslo | 2 July 2021</div>{PROSE}</div>"
    assert published(clock + story) == "2021-07-02 00:00"
    head = "<article><header><h1>Envoys go home</h1><time datetime='2021-07-02'>2 July</time></header>"
    assert published(f"{head}{PROSE}</article>") == "2021-07-02 00:00"


def test_without_a_headline_the_date_nearest_to_the_text_counts() -> None:
    lines = "<div>Friday, 13 March 2026 | Oslo</div><div>2 July 2021</div><div>Envoys go home</div>"
    assert published(lines + PROSE) == "2021-07-02 00:00"


def test_a_sentence_about_the_page_itself_tells_its_day() -> None:
    about = (
        "<div>This entry was posted on 2 July 2021 by Ada Quill and filed under harbours, rivers and old bridges.</div>"
    )
    assert published(f"<h1>Envoys go home</h1>{PROSE}{about}") == "2021-07-02 00:00"


def test_the_only_marked_time_counts_wherever_it_stands() -> None:
    tweet = "<blockquote><p>Home at last.</p>— Ada (@ada) <a>1 July 2021</a></blockquote>"
    signed = "<div><span>Ada Quill —</span> <time datetime='2021-07-02'>2/7</time></div>"
    assert published(f"<div><h1>Envoys go home</h1>{PROSE}{tweet}</div>{signed}") == "2021-07-02 00:00"


@pytest.mark.parametrize(
    "part",
    [
        "<footer class='entry-footer'><span>Posted by Ada Quill</span> 2 July 2021</footer>",
        "<aside class='author'><img src='a.jpg'> Ada Quill, 2 July 2021</aside>",
        "<div class='headline__footer'><div class='timestamp'>2 July 2021</div></div>",
        "<div class='comments_datetime'><a>12</a> First posted: 07-22-21 05:18 PM</div>",
        "<div class='byline'>By ADA QUILL | 7/2/21 7:15 AM EDT</div>",
        "<div class='when'>02.07.2021-15:49</div>",
        "<div class='page has-sidebar'><div class='sidebar-layout'>2 July 2021</div></div>",
    ],
)
def test_small_parts_of_the_article_have_its_date_whatever_they_are_called(part: str) -> None:
    found = published(f"<main><article><header><h1>Envoys go home</h1></header>{part}{PROSE}</article></main>")
    assert found is not None
    assert found[:8] == "2021-07-"


@pytest.mark.parametrize(
    "beside",
    [
        "<ul class='related-posts'><li>2 July 2021</li></ul>",
        "<div class='comments'><p>Ada, 2 July 2021</p></div>",
        "<li><a href='/x'>A bridge is opened over the river</a> <time datetime='2021-07-02'>2 July</time></li>",
        "<a href='/x'><time datetime='2021-07-02'>2 July</time> A bridge is opened over the river</a>",
        "<article><h3><a href='/x'>A bridge is opened over the river</a></h3><p>It is the second of its kind, and it "
        "took the builders nine years, three of them under water, as the mayor told the guests who had come from far "
        "away to see it, and who then walked over it.</p>"
        "<footer><time datetime='2021-07-02'>2 July</time></footer></article>",
        "<blockquote><time datetime='2021-07-02'>2 July</time></blockquote>",
        "<p>The second part of the survey was released on 2 July 2021 and it was read with care by all of them.</p>",
    ],
)
def test_dates_of_other_things_are_left_alone(beside: str) -> None:
    assert published(f"<main><article><h1>Envoys go home</h1>{PROSE}</article>{beside}</main>") is None


@pytest.mark.parametrize(
    ("stamp", "line", "day"),
    [
        ("2021-12-23T00:47:31Z", "Dec. 22, 2021, 6:47 p.m.", "2021-12-22 00:00"),
        ("2021-12-23T00:47:31Z", "Dec. 22, 2021, 6:52 p.m.", "2021-12-23 00:47"),
        ("2021-12-22T20:47:00+00:00", "23 December 2021 05:47", "2021-12-23 00:00"),
        ("2021-12-23T01:32:00+00:00", "By Ada Quill December 22, 2021", "2021-12-22 00:00"),
        ("2021-12-23T18:32:00+00:00", "By Ada Quill December 22, 2021", "2021-12-23 18:32"),
        ("2021-12-22T20:32:00Z", "23 December 2021", "2021-12-23 00:00"),
        ("2021-12-23T01:32:00+01:00", "December 22, 2021", "2021-12-23 00:32"),
        ("2021-12-23T01:32:00Z", "Updated December 22, 2021", "2021-12-23 01:32"),
        ("2021-12-23T01:32:00Z", "December 21, 2021", "2021-12-23 01:32"),
        ("2021-12-23T01:32:00Z", "The envoys had gone home on December 22, 2021 by land", "2021-12-23 01:32"),
    ],
)
def test_a_moment_in_utc_is_of_the_day_that_readers_see(stamp: str, line: str, day: str) -> None:
    meta = f"<meta property='article:published_time' content='{stamp}'>"
    body = f"<h1>Envoys go home</h1><p>{line}</p>{PROSE}"
    page = read_page(f"<html lang='en'><head>{meta}</head><body>{body}</body></html>", URL, NOW)
    assert page is not None
    assert page.metadata.published_at is not None
    assert page.metadata.published_at.isoformat(" ", "minutes") == day


def test_a_date_with_a_label_before_one_that_the_text_opens_with() -> None:
    text = "<p>2019年2月27日下午，" + "使者们今天在港口开会，商定了下一次会谈的地点，并宣读了第九条。" * 3 + "</p>"
    head = "<h1>使者在港口会面</h1><div>来源：河口网</div>"
    assert published(f"{head}{text}<div>发布日期：2019-03-06 责任编辑：王晓明</div>") == "2019-03-06 00:00"
    assert published(f"{head}{text}") == "2019-02-27 00:00"
    english = f"<h1>Envoys go home</h1><p>July 2, 2021 was a calm day. {PROSE[3:]}"
    assert published(f"{english}<p>Published: 3 July 2021</p>") == "2021-07-03 00:00"


@pytest.mark.parametrize("kept", ["data-published='2021-07-02 14:27:00Z'", "title='2021-07-02T14:27:00Z'"])
def test_a_moment_for_the_pages_own_code(kept: str) -> None:
    assert published(f"<article><h1>Envoys go home</h1><time {kept}>4 hours ago</time>{PROSE}</article>") == (
        "2021-07-02 14:27"
    )


def test_a_date_in_a_link_beside_the_author_under_a_blogs_headline() -> None:
    slider = "<div><h1>{text}</h1><a href='/x'><h2 class='slide-title'>Envoys go home</h2></a></div>"
    line = "<a rel='author' href='/author/ada'>Ada Quill</a><br><a href='/2021/7/2'>2 Jul 2021 at 14:27 ET</a>"
    assert published(f"{slider}<h1 class='blog-title'>Envoys</h1><div>{line}</div>{PROSE}") == "2021-07-02 18:27"


SHORT = (
    "<p>The minister of harbours received the envoy of the northern league on Tuesday.</p>"
    "<p>They spoke about pilots, buoys and the price of ice in the winter months.</p>"
    "<p>The envoy thanked the minister for the warm welcome in the old town.</p>"
)
CARDS = "".join(
    f"<div class='row'><div>{day} June 2021</div><a href='/n/{day}'>Office hours on day {day} of the month</a></div>"
    for day in (9, 8, 7)
)
LIST = "".join(f"<li>{day}.06.2021 <a href='/n/{day}'>Office hours on day {day}</a></li>" for day in (9, 8))


@pytest.mark.parametrize("others", [f"<h3>Other news</h3>{CARDS}", CARDS, f"<ul>{LIST}</ul>"])
@pytest.mark.parametrize(
    "story",
    [
        f"<div><span>3 June 2021</span></div><h1>The minister receives an envoy</h1>{SHORT}",
        f"<p>Thursday, 3 June 2021 14:10</p><div>Print</div><h1>The minister receives an envoy</h1>{SHORT}",
        f"<h1>The minister receives an envoy</h1>{SHORT}<p>3 June 2021</p>",
    ],
)
def test_a_list_of_other_news_under_a_short_text_has_not_its_date(story: str, others: str) -> None:
    head = "<div>The Office</div><ul><li>About us</li><li>Contact</li></ul>"
    assert published(f"{head}<div>{story}</div><div>{others}</div>") == (
        "2021-06-03 14:10" if "14:10" in story else "2021-06-03 00:00"
    )


def test_a_list_of_other_news_alone_dates_no_text() -> None:
    assert published(f"<div><h1>The minister receives an envoy</h1>{SHORT}</div>{CARDS}") is None


def test_a_dateline_may_follow_a_summary() -> None:
    clock = "<div>Friday, 13 March 2026</div>"
    assert published(f"{clock}<h1>The minister receives an envoy</h1>{SHORT}<div>3 June 2021</div>{PROSE}") == (
        "2021-06-03 00:00"
    )


def test_the_heading_of_other_news_ends_a_text_of_one_sentence() -> None:
    one = SHORT.partition("</p>")[0] + "</p>"
    story = f"<div>3 June 2021</div><h1>The minister receives an envoy</h1>{one}"
    assert published(f"{story}<h2>Related news</h2><div>9 June 2021</div><a>Office hours</a>") == "2021-06-03 00:00"


@pytest.mark.parametrize(
    ("headline", "day"),
    [
        ("No: 112, 3 June 2021, On the talks about the harbour", "2021-06-03 00:00"),
        ("The envoy meets the minister (03.06.21)", "2021-06-03 00:00"),
        ("The envoy meets the minister [3 June 2021]", "2021-06-03 00:00"),
        ("Questions about the harbour – June 3, 2021", "2021-06-03 00:00"),
        ("3 June 2021: The envoy meets the minister", "2021-06-03 00:00"),
        ("2021年6月3日外交部发言人主持例行记者会", "2021-06-03 00:00"),
        ("The flood of 3 June 2021 remembered", None),
        ("3 June 2021 flood is remembered", None),
        ("The great flood of 3 June 2021", None),
        ("The harbour between the wars (1 May 1923)", None),
    ],
)
def test_the_day_in_a_headline(headline: str, day: str | None) -> None:
    beside = "<h3>Notices</h3><ul><li>9 June 2021 Results of the test</li><li>7 May 2021 Holidays</li></ul>"
    assert published(f"<div><h1>{headline}</h1>{SHORT}</div>{beside}") == day


def test_a_dateline_before_the_day_in_a_headline() -> None:
    assert published(f"<h1>Festival of lights, 9 June 2021</h1><p>3 June 2021</p>{PROSE}") == "2021-06-03 00:00"


def test_the_day_at_the_end_of_an_address() -> None:
    base = "https://www.paper.example/visits/the-envoy-meets-the-minister"
    assert published(f"<h1>Envoys go home</h1>{PROSE}", f"{base}-23-06-21") == "2021-06-23 00:00"
    assert published(f"<h1>Envoys go home</h1>{PROSE}", f"{base}-04-06-21") is None
    assert published(f"<h1>Envoys go home</h1>{PROSE}", f"{base}-10-000-21") is None


TIMES = "".join(f"<li><a href='/n/{n}'>Office hours on day {n}</a> <time>{n} June 2021</time></li>" for n in (9, 8, 7))


@pytest.mark.parametrize(
    "story",
    [
        f"<b>3 June 2021</b><h1>The minister receives an envoy</h1>{SHORT.partition('</p>')[0]}</p>",
        f"<h1>The minister receives an envoy</h1>{SHORT}<p>Published: 3 June 2021</p>",
        f"<h1>The minister receives an envoy</h1>{SHORT * 30}<p>Published: 3 June 2021</p>",
        f"<h1>The minister receives an envoy</h1><p>3 June 2021</p>{SHORT}",
    ],
    ids=["one sentence", "label behind", "label far behind", "under the headline"],
)
def test_a_list_with_marked_times_has_not_the_date_either(story: str) -> None:
    assert published(f"<div>{story}</div><ul>{TIMES}</ul>") == "2021-06-03 00:00"
