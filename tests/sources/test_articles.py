from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from sources import parsing
from sources.archive import Failure, Origin, Role
from sources.articles import Known, ParsedDay, parse_day
from sources.box import Box, BoxSettings
from sources.catalog import Kind
from sources.formats.charsets import Decoded
from sources.log import Reason, Status, delivered
from sources.urls import article_id

from . import poison
from .conftest import DAY, NOW, Day

FLASH = "Lusaka and Gaborone signed a pact on river dues on Monday."


def record(**fields: object) -> str:
    return json.dumps({"url": "https://a.example/1", "text": FLASH} | fields)


def reasons(parsed: ParsedDay) -> list[tuple[str, str | None]]:
    return [(e.status.value, e.reason and e.reason.value) for e in parsed.log if e.status is not Status.DOCUMENT]


# What each bad file of a folder becomes.
FILES = {
    "empty.txt": (b"", Reason.EMPTY),
    "blank.txt": (b" \n\t\r\n", Reason.EMPTY),
    "marks.txt": (b"*** ... ***", Reason.EMPTY),
    "noise.txt": (bytes(range(256)) * 8, Reason.BINARY),
    "paper.html": (b"%PDF-1.7 \x00\x01", Reason.BINARY),
    "picture.txt": (b"\x89PNG\r\n\x1a\n" + b"\x00" * 20, Reason.BINARY),
    "blank.html": (b"<html><body></body></html>", Reason.EMPTY),
    "script.htm": (b"<html><body><script>go()</script></body></html>", Reason.EMPTY),
}


@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_has_its_reason_and_the_others_go_on(day: Day, name: str) -> None:
    content, reason = FILES[name]
    day.put(content, f"file:desk/{name}")
    day.put(FLASH, "file:desk/good.txt")
    parsed = day.parse()
    assert reasons(parsed) == [("rejected", reason), ("article", None)]
    (entry, _) = parsed.log
    assert (entry.url, entry.bytes) == (f"file:desk/{name}", len(content))
    assert reason.sentence.endswith(".")


# What each odd line of an article file becomes.
LINES = {
    "not json": ("{broken", "rejected", Reason.BAD_JSON_LINE),
    "a list": ("[1, 2]", "rejected", Reason.BAD_JSON_LINE),
    "a string": ('"text"', "rejected", Reason.BAD_JSON_LINE),
    "deep": ("[" * 100_000, "rejected", Reason.BAD_JSON_LINE),
    "no url": (json.dumps({"text": FLASH}), "rejected", Reason.MISSING_FIELD),
    "null url": (record(url=None), "rejected", Reason.MISSING_FIELD),
    "blank url": (record(url="  "), "rejected", Reason.MISSING_FIELD),
    "code for an url": (record(url=" JavaScript:alert(1)"), "rejected", Reason.BAD_ADDRESS),
    "no text": (json.dumps({"url": "https://a.example/1"}), "rejected", Reason.MISSING_FIELD),
    "null text": (record(text=None), "rejected", Reason.MISSING_FIELD),
    "empty text": (record(text=""), "rejected", Reason.EMPTY),
    "blank text": (record(text=" \n "), "rejected", Reason.EMPTY),
    "number as text": (record(text=7), "rejected", Reason.BAD_FIELD),
    "list as url": (record(url=["x"]), "rejected", Reason.BAD_FIELD),
    "number as title": (record(title=7), "warning", Reason.BAD_FIELD),
    "no date": (record(published_at="some day"), "warning", Reason.BAD_DATE),
    "ambiguous date": (record(published_at="01/02/2026"), "warning", Reason.BAD_DATE),
    "date as number": (record(published_at=20260301), "warning", Reason.BAD_DATE),
    "no language": (record(text="Xq 12, Zz."), "warning", Reason.UNKNOWN_LANGUAGE),
    "nul": (record(text=FLASH + "\x00"), "warning", Reason.REPAIRED_TEXT),
    "lone surrogate": (record(text="\ud800" + FLASH), "warning", Reason.REPAIRED_TEXT),
}


def test_a_stated_date_to_come_is_kept_for_the_rules_to_judge(day: Day) -> None:
    day.lines(record(published_at="2031-01-01"))
    (article,) = day.parse().articles
    assert article.published_at == dt.datetime(2031, 1, 1)


@pytest.mark.parametrize("name", LINES)
def test_an_odd_line_has_its_reason_and_the_others_go_on(day: Day, name: str) -> None:
    line, status, reason = LINES[name]
    day.lines("\n".join([record(url="https://a.example/0"), "", line, record(url="https://a.example/2")]) + "\n")
    parsed = day.parse()
    told = reasons(parsed)
    assert (status, reason) in told
    assert told.count(("article", None)) == (2 if status == "rejected" else 3)
    (entry,) = [e for e in parsed.log if e.reason is reason]
    if status == "rejected" and reason is not Reason.EMPTY:
        assert "line 3" in str(entry.detail)
    for article in parsed.articles:
        article.text.encode()
        assert "\x00" not in article.text


def test_nothing_is_lost(day: Day) -> None:
    """Inputs = articles + reasons: each has exactly one closing entry."""
    for name, (content, _) in FILES.items():
        day.put(content, f"file:desk/{name}")
    lines = [line.replace("a.example/1", f"a.example/{n}") for n, (line, _, _) in enumerate(LINES.values())]
    day.lines("\n".join(lines))
    items = "".join(
        f"<item><link>https://paper.example/{n % 4}</link><description>Teaser…</description></item>" for n in range(6)
    )
    day.feed(f"<rss version='2.0'><channel><title>P</title>{items}<item/></channel></rss>")
    origin = Origin("desk", Kind.FOLDER)
    day.archive.note_failure(Failure(DAY, origin, "file:desk/x.pdf", Reason.UNSUPPORTED_TYPE, ".pdf", NOW))
    parsed = day.parse()
    closing = [entry for entry in parsed.log if entry.status.closes]
    assert len(closing) == len(FILES) + len(lines) + 7 + 1
    assert sum(entry.status is Status.ARTICLE for entry in closing) == len(parsed.articles)
    assert all(entry.reason is not None for entry in closing if entry.status is not Status.ARTICLE)
    ids = [article.article_id for article in parsed.articles]
    assert len(set(ids)) == len(ids)
    known = {"desk": 0, "wire": 7, "paper": 4}
    assert delivered(parsed.log) == known


@pytest.mark.parametrize(
    "text",
    [
        FLASH,
        "  leading and trailing  \n\n",
        "tabs\tand\r\nreturns\rand\u2028lines\u2029",
        "\u202eoverridden\u202c and \u200bzero width \ufeff bom",
        "e\u0301 is not é",
        "<p>markup &amp; all</p>",
        "emoji 🇿🇲 and 𝔊",
    ],
)
def test_lines_and_text_files_are_kept_verbatim(day: Day, text: str) -> None:
    day.lines(record(text=text))
    day.put(text, "file:desk/a.txt")
    for article in day.parse().articles:
        assert article.text == text
        assert article.content_hash == hashlib.sha256(text.encode()).hexdigest()


def test_an_article_from_a_line(day: Day) -> None:
    day.lines(
        record(
            url="https://A.example:443/x?utm_source=y#z",
            title=" River\u00a0dues ",
            published_at="2026-03-13T23:00:00-02:00",
            outlet="The Delta",
            byline="By Ada Quill",
            mood="ignored",
        ),
        outlet="Wire",
    )
    (article,) = day.parse().articles
    assert dataclasses.asdict(article) == {
        "article_id": article_id("https://a.example/x"),
        "url": "https://A.example:443/x?utm_source=y#z",
        "canonical_url": "https://a.example/x",
        "source_id": "wire",
        "outlet": "The Delta",
        "title": "River dues",
        "byline": "Ada Quill",
        "published_at": dt.datetime(2026, 3, 14, 1),
        "fetched_at": NOW,
        "language": "en",
        "text": FLASH,
        "word_count": 11,
        "content_hash": hashlib.sha256(FLASH.encode()).hexdigest(),
    }


@pytest.mark.parametrize(
    ("text", "title", "byline"),
    [
        (f"River dues agreed\n\n{FLASH}\n", "River dues agreed", None),
        (f"\n\nRiver dues agreed?\r\n\r\nBy Ada Quill\r\n\r\n{FLASH}", "River dues agreed?", "Ada Quill"),
        (f"{FLASH}\n\nMore is to come.", None, None),
        (f"River dues agreed\n{FLASH}", None, None),
        ("River dues agreed\n\n", None, None),
        (f"{'long ' * 40}\n\n{FLASH}", None, None),
        (FLASH, None, None),
    ],
)
def test_the_title_of_a_text_file(day: Day, text: str, title: str | None, byline: str | None) -> None:
    day.put(text)
    (article,) = day.parse().articles
    assert (article.title, article.byline, article.published_at) == (title, byline, None)


def test_the_language_of_the_source_is_the_prior(day: Day) -> None:
    day.put("Le ministre a rappelé son ambassadeur à Lusaka lundi soir.", "file:desk/fr.txt", language="en")
    day.put("Xq 12, Zz.", "file:desk/short.txt", language="en")
    assert [a.language for a in day.parse().articles] == ["fr", "en"]


def test_a_character_set_that_was_guessed_is_told(day: Day) -> None:
    day.put(
        "<html><meta charset='utf-8'><body><p>“Olá”, disse José.</p></body></html>".encode("cp1252"), "file:desk/a.html"
    )
    day.put("<html><meta charset='cp1252'><body><p>“Olá”.</p></body></html>".encode("cp1252"), "file:desk/b.html")
    parsed = day.parse()
    assert [a.text for a in parsed.articles] == ["“Olá”, disse José.", "“Olá”."]
    guessed = [entry.url for entry in parsed.log if entry.reason is Reason.CHARSET_GUESSED]
    assert guessed == ["file:desk/a.html"]


JAPANESE = "大臣は月曜日にオスロに到着し、隣国の大使と会談した。双方は港湾使用料について話し合った。"
RUSSIAN = "Министр прибыл в Осло в понедельник и встретился с послом. Стороны обсудили портовые сборы."


@pytest.mark.parametrize(
    ("text", "language", "charset", "declared"),
    [
        (JAPANESE, "ja", "euc_jp", ""),
        (JAPANESE, "ja", "cp932", "<meta charset='utf-8'>"),
        (RUSSIAN, "ru", "koi8-r", ""),
        (RUSSIAN, "ru", "cp1251", "<meta charset='iso-8859-1'>"),
    ],
)
def test_a_page_in_an_old_character_set(day: Day, text: str, language: str, charset: str, declared: str) -> None:
    page = f"<html lang='{language}'><head>{declared}</head><body><p>{text}</p></body></html>"
    day.put(page.encode(charset), "file:desk/a.html", language="en")
    parsed = day.parse()
    assert [(a.text, a.language) for a in parsed.articles] == [(text, language)]
    assert Reason.CHARSET_GUESSED in [entry.reason for entry in parsed.log]


def test_a_word_on_a_page_is_read_by_the_language_that_the_page_names(day: Day) -> None:
    page = "<html class='x' lang=\"ja-JP\"><body><p>東京と大阪</p></body></html>"
    day.put(page.encode("euc_jp"), "file:desk/a.html", language="en")
    assert [a.text for a in day.parse().articles] == ["東京と大阪"]


def test_a_feed_whose_character_set_was_guessed_is_told(day: Day) -> None:
    feed = (
        "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>x</title>"
        f"<item><title>港湾</title><guid>1</guid><description>{JAPANESE}</description></item></channel></rss>"
    )
    day.put(feed.encode("cp932"), "https://paper.example/feed", kind=Kind.FEED, role=Role.FEED, source="paper")
    parsed = day.parse()
    assert [(a.title, a.text, a.language) for a in parsed.articles] == [("港湾", JAPANESE, "ja")]
    told = [(e.url, e.detail) for e in parsed.log if e.reason is Reason.CHARSET_GUESSED]
    assert told == [("https://paper.example/feed", "read as cp932")]
    assert Reason.FEED_DAMAGED not in [e.reason for e in parsed.log]


def test_one_address_is_one_article_a_day(day: Day) -> None:
    day.lines("\n".join([record(), record(url="https://a.example/1#top", text="Other words on the river.")]))
    day.put(record(), "file:other/o.jsonl", kind=Kind.JSONL, source="other")
    parsed = day.parse()
    assert len(parsed.articles) == 1
    assert reasons(parsed) == [
        ("article", None),
        ("rejected", Reason.DUPLICATE_URL_IN_SOURCE),
        ("rejected", Reason.DUPLICATE_URL_OTHER_SOURCE),
    ]
    assert delivered(parsed.log) == {"wire": 1, "other": 1}, "the other source has delivered it too"


def test_known_bytes_are_not_parsed_again(day: Day) -> None:
    good = day.put(FLASH, "file:desk/a.txt")
    bad = day.put(b"\x00" * 50, "file:desk/b.txt")
    day.lines(record())
    first = day.parse()
    known = {
        (e.url, str(e.sha256)): Known(e.article_id, e.reason, e.detail)
        for e in first.log
        if e.status in (Status.ARTICLE, Status.REJECTED)
    }
    assert {(good.url, good.sha256), (bad.url, bad.sha256)} <= known.keys()
    second = parse_day(day.archive, DAY, known)
    assert [a.source_id for a in second.articles] == ["wire"], "an article file is always opened"
    assert reasons(second) == [("unchanged", None), ("rejected", Reason.BINARY), ("article", None)]
    assert second.log[0].article_id == article_id(good.url)
    assert delivered(second.log) == delivered(first.log) == {"desk": 1, "wire": 1}
    changed = day.put(FLASH + " More follows.", "file:desk/a.txt", later=5)
    third = parse_day(day.archive, DAY, known)
    assert [a.text for a in third.articles if a.source_id == "desk"] == [FLASH + " More follows."]
    assert third.articles[0].fetched_at == changed.fetched_at


def test_damage_in_the_archive_is_told_and_the_rest_goes_on(day: Day) -> None:
    lost = day.put(FLASH, "file:desk/a.txt")
    day.put(FLASH + " Again.", "file:desk/b.txt")
    assert lost.place is not None
    with (day.archive.root / lost.place.file).open("r+b") as file:
        file.seek(lost.place.offset + lost.place.length // 2)
        file.write(b"dust" * 5)
    (manifest,) = day.archive.root.rglob("captures-*.jsonl")
    manifest.write_bytes(manifest.read_bytes() + b'{"record": "capt')
    parsed = day.parse()
    assert Counter(reasons(parsed)) == Counter(
        [("failed", Reason.ARCHIVE_DAMAGED), ("article", None), ("warning", Reason.MANIFEST_TORN)]
    )


POISON = {
    "abort": (Reason.PARSER_CRASHED, "its process ended by SIGABRT"),
    "sleep": (Reason.PARSER_STUCK, "no end after 2 seconds"),
    "eat": (Reason.PARSER_MEMORY, "more than 300 MiB"),
    "raise": (Reason.PARSER_FAILED, "RuntimeError: no [31mway"),
}


@pytest.fixture(scope="module")
def strict() -> Iterator[Box]:
    with Box(BoxSettings(seconds=2, megabytes=300, workers=2)) as box:
        yield box


def test_poison_pages_have_their_reasons_and_the_others_go_on(
    day: Day, strict: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.parsing.read_file", poison.read_file)
    for n, name in enumerate(POISON):
        day.put(f"<p>poison:{name}</p>", f"file:desk/{n}a.html")
        day.put(f"<p>{FLASH}</p>", f"file:desk/{n}b.html")
    parsed = parse_day(day.archive, DAY, box=strict)
    assert reasons(parsed) == [
        told for reason, _ in POISON.values() for told in (("rejected", reason), ("article", None))
    ]
    assert [e.detail for e in parsed.log[::2]] == [detail for _, detail in POISON.values()]
    monkeypatch.undo()
    known = {(e.url, str(e.sha256)): Known(e.article_id, e.reason, e.detail) for e in parsed.log}
    again = parse_day(day.archive, DAY, known, box=strict)
    assert [a.text for a in again.articles] == [f"poison:{name}" for name in POISON], "they are tried again"
    assert sum(e.status is Status.UNCHANGED for e in again.log) == len(POISON)


def test_a_poison_page_leaves_the_summary(day: Day, strict: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.parsing.read_file", poison.read_file)
    day.feed(feed(item("1", FLASH)))
    day.put("<p>poison:abort</p>", "https://paper.example/1", kind=Kind.FEED, role=Role.PAGE, source="paper")
    parsed = parse_day(day.archive, DAY, box=strict)
    assert [a.text for a in parsed.articles] == [FLASH]
    assert ("warning", Reason.PARSER_CRASHED) in reasons(parsed)


def test_a_poison_feed_is_one_input(day: Day, strict: Box) -> None:
    day.feed("<rss version='2.0'><channel>" + "<item>" * 200_000)
    day.put(FLASH)
    parsed = parse_day(day.archive, DAY, box=strict)
    assert reasons(parsed) == [("rejected", Reason.PARSER_STUCK), ("article", None)]


# Pages made to hurt, and what may become of them within two seconds and 300 MiB.
MONSTERS = {
    "200,000 nested tags": ("<div>" * 200_000 + "deep" + "</div>" * 200_000, {Reason.EMPTY}),
    "150,000 equal paragraphs": ("<p>The same again, word by word by word.</p>" * 150_000, {None, Reason.PARSER_STUCK}),
    "a word of 1 MB": ("<p>" + "x" * 1_000_000, {None, Reason.PARSER_STUCK}),
    "600,000 attributes": (
        "".join(f"<p a{n}=b>x{n}</p>" for n in range(600_000)),
        {Reason.PARSER_MEMORY, Reason.PARSER_STUCK},
    ),
    "100,000 nested tables": ("<table><tr><td>" * 100_000, {Reason.EMPTY}),
    "500,000 open comments": ("<!--" * 500_000, {Reason.EMPTY}),
    "500,000 brackets of JSON": ("<script type='application/ld+json'>" + "[" * 500_000, {Reason.EMPTY}),
}


@pytest.mark.parametrize("name", MONSTERS)
def test_monsters_cost_little_and_harm_nobody(day: Day, strict: Box, name: str) -> None:
    body, outcomes = MONSTERS[name]
    day.put(f"<html><body>{body}", "file:desk/a.html")
    day.put(f"<p>{FLASH}</p>", "file:desk/b.html")
    begun = time.monotonic()
    monster, other = (e for e in parse_day(day.archive, DAY, box=strict).log if e.status.closes)
    assert time.monotonic() - begun < 20
    assert monster.reason in outcomes
    assert (other.status, other.url) == (Status.ARTICLE, "file:desk/b.html")


BOMB = "".join(f"<!ENTITY e{n} '{f'&e{n - 1};' * 10 if n else 'lol'}'>" for n in range(10))


@pytest.mark.parametrize(
    "subset", [BOMB, "<!ENTITY e9 SYSTEM 'file:///etc/hostname'>", f"<!ENTITY e9 '{'a' * 99_999}'>"]
)
def test_a_feed_gets_no_entities_expanded(day: Day, subset: str) -> None:
    day.feed(f"<?xml version='1.0'?><!DOCTYPE rss [{subset}]>" + feed(item("1", "&e9;" * 2_000)))
    parsed = day.parse()
    assert all(len(article.text) < 10_000 for article in parsed.articles)
    assert all(len(article.title or "") < 10_000 for article in parsed.articles)


def test_a_poison_line_leaves_the_others_of_its_file(day: Day, strict: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sources.parsing.read_lines", poison.read_lines)
    rows = [record(url=f"https://a.example/{n}", text=f"{n} " + "words " * 90) for n in range(600)]
    rows[7] = record(url="https://a.example/7", text="poison:abort")
    rows.insert(3, "")
    capture = day.lines("\n".join(rows))
    assert capture.bytes > parsing.SMALL
    parsed = parse_day(day.archive, DAY, box=strict)
    assert [a.url for a in parsed.articles] == [f"https://a.example/{n}" for n in range(600) if n != 7]
    (entry,) = [e for e in parsed.log if e.reason is not None]
    assert (entry.reason, entry.url) == (Reason.PARSER_CRASHED, "file:wire/wire.jsonl#L9")
    assert entry.detail == "line 9: its process ended by SIGABRT"


def test_parsing_ahead_changes_nothing(day: Day, shared_box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever runs at the same time, the rows are those of one parse after the other."""
    for n in range(12):
        long = "The council sat again and said so at some length. " * (1 + 40 * (n % 3))
        day.put(f"<html><title>T {n}</title><body><p>{n}: {long}</p></body></html>", f"file:desk/{n:02}.html")
        day.put(f"{n}. {FLASH}", f"file:desk/{n:02}.txt")
    day.feed(feed(*(item(str(n), f"Teaser {n} …") for n in range(6))))
    for n in range(0, 6, 2):
        page = f"<article><p>{FLASH} {n}</p></article>"
        day.put(page, f"https://paper.example/{n}", kind=Kind.FEED, role=Role.PAGE, source="paper")
    day.lines("\n".join(record(url=f"https://a.example/{n}") for n in range(5)))
    monkeypatch.setattr("sources.box.WORTH_A_WORKER", 1)
    with Box(BoxSettings(workers=3)) as box:
        several = parse_day(day.archive, DAY, box=box)
    assert len(several.articles) == 12 + 12 + 6 + 5
    assert several == parse_day(day.archive, DAY, box=shared_box)


@pytest.mark.parametrize("size", [0, 1, 7, 1000])
@pytest.mark.parametrize("text", ["", "one", "one\n", "\n\none\n\ntwo\n", "a\r\nbb\u2028b\n" * 9])
def test_an_article_file_is_cut_between_lines(text: str, size: int) -> None:
    parts = list(parsing.parts(Decoded(text, "utf-8", guessed=False), size))
    assert "".join(part.text for _, part in parts) == text
    assert all(part.text.endswith("\n") for _, part in parts[:-1])
    assert [number for number, _ in parts] == [
        1 + text.count("\n", 0, sum(len(part.text) for _, part in parts[:n])) for n in range(len(parts))
    ]


def feed(*items: str) -> str:
    return f"<rss version='2.0'><channel><title>P</title>{''.join(items)}</channel></rss>"


def item(path: str, text: str) -> str:
    return (
        f"<item><title>{path}</title><link>https://paper.example/{path}</link><description>{text}</description></item>"
    )


def test_a_feed_that_moved_on_during_the_day(day: Day) -> None:
    whole = "The council sat again and said so at some length. " * 14
    day.feed(feed(item("old", "old: " + whole), item("both", "first: " + whole)))
    day.feed(feed(item("both", "second: " + whole), item("new", "new: " + whole)), later=9)
    parsed = day.parse()
    assert [a.text.partition(":")[0] for a in parsed.articles] == ["second", "new", "old"]
    assert sum(e.status is Status.DOCUMENT for e in parsed.log) == 1
    assert not [e for e in parsed.log if e.reason is not None]


def test_a_linked_page_is_the_article_and_its_item_fills_gaps(day: Day) -> None:
    teaser = (
        "<item><title>River dues</title><link>https://paper.example/1</link><description>Teaser…</description>"
        "<pubDate>Fri, 13 Mar 2026 10:30:00 GMT</pubDate><author>a@paper.example (Ada Quill)</author></item>"
    )
    day.feed(feed(teaser))
    html = f"<html><head><title>River dues | P</title></head><body><article><p>{FLASH}</p></article></body></html>"
    day.put(html, "https://paper.example/1", kind=Kind.FEED, role=Role.PAGE, source="paper", content_type="text/html")
    (article,) = day.parse().articles
    assert (article.text, article.title, article.byline) == (FLASH, "River dues", "Ada Quill")
    assert article.published_at == dt.datetime(2026, 3, 13, 10, 30)


@pytest.mark.parametrize("page", [b"%PDF-1.4", b"<html></html>", None])
def test_a_page_that_is_no_article_leaves_the_summary(day: Day, page: bytes | None) -> None:
    day.feed(feed(item("1", FLASH)))
    if page is not None:
        day.put(page, "https://paper.example/1", kind=Kind.FEED, role=Role.PAGE, source="paper")
    parsed = day.parse()
    assert [a.text for a in parsed.articles] == [FLASH]
    assert ("warning", Reason.SUMMARY_ONLY) in reasons(parsed)


def test_items_without_a_link_have_an_address_of_their_own(day: Day) -> None:
    whole = "The council sat again and said so at some length. " * 14
    two = [f"<item><guid isPermaLink='false'>{n}</guid><description>{n} {whole}</description></item>" for n in "ab"]
    day.feed(feed(*two, "<item><title>Nothing in it</title></item>"))
    parsed = day.parse()
    assert len({a.article_id for a in parsed.articles}) == 2
    assert all(a.url.startswith("item:paper/") for a in parsed.articles)
    assert reasons(parsed)[-1] == ("rejected", Reason.EMPTY)


@pytest.mark.parametrize(
    ("content", "reason"),
    [("", Reason.EMPTY), ("<html><p>Sorry</p></html>", Reason.NOT_A_FEED), ("words", Reason.NOT_A_FEED)],
)
def test_a_feed_that_is_none(day: Day, content: str, reason: Reason) -> None:
    day.feed(content)
    parsed = day.parse()
    assert reasons(parsed) == [("rejected", reason)]
    assert delivered(parsed.log) == {"paper": 0}
