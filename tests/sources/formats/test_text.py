from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.formats.text import count_words, line, paragraph, storable
from sources.formats.times import parse_time
from sources.urls import article_id, canonical_url, file_url, without_secrets

NOW = dt.datetime(2026, 3, 14)


@given(st.text(st.characters(exclude_categories=[])))
def test_storable_text_keeps_every_offset(text: str) -> None:
    fixed, repaired = storable(text)
    fixed.encode()
    assert len(fixed) == len(text)
    assert "\x00" not in fixed
    assert repaired == (fixed != text)


@given(st.text(st.characters(exclude_categories=[])))
def test_lines_and_paragraphs_are_clean(text: str) -> None:
    title = line(text) or ""
    assert title == title.strip()
    assert not any(c in title for c in "\n\r\t\x00\x1b\u202e\u2066\u200b")
    title.encode()
    assert "\n\n" not in paragraph(text)


def test_words_are_counted_in_any_script() -> None:
    assert count_words("Mr O'Neill’s co-author met 12 envoys — at 10.30.") == 8
    assert count_words("王毅在北京") == 5
    assert count_words("… — ***") == 0


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-03-01", "2026-03-01T00:00:00"),
        ("2026-03-01T10:00:00+02:00", "2026-03-01T08:00:00"),
        ("2026-03-01 10:00:00 +0200", "2026-03-01T08:00:00"),
        ("2026-03-01T10:00:00.123456789Z", "2026-03-01T10:00:00.123456"),
        ("Sun, 01 Mar 2026 10:00:00 GMT", "2026-03-01T10:00:00"),
        ("Sun, 01 Mar 2026 22:00:00 -0500", "2026-03-02T03:00:00"),
        ("March 1st, 2026", "2026-03-01T00:00:00"),
        ("1 Mar 2026", "2026-03-01T00:00:00"),
        (" 20260301 ", "2026-03-01T00:00:00"),
        ("2026-03-15", "2026-03-15T00:00:00"),
        ("2026-03-20", None),  # after the page was fetched
        ("1066-10-14", None),
        ("2026-02-30", None),
        ("01/02/2026", None),  # the first of February, or the second of January?
        ("yesterday", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
        (20260301, None),
        (None, None),
    ],
)
def test_times(written: object, read: str | None) -> None:
    assert parse_time(written, NOW) == (dt.datetime.fromisoformat(read) if read else None)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://News.Example:443/A?utm_source=x&b=2&a=1&fbclid=z#top", "https://news.example/A?b=2&a=1"),
        ("http://news.example", "http://news.example/"),
        ("http://news.example:8080/a?", "http://news.example:8080/a"),
        ("http://me:secret@news.example/a", "http://news.example/a"),
        ("https://news.example/é?q=%c3%a9", "https://news.example/%C3%A9?q=%C3%A9"),
        ("https://news.example/a?id=5&ref=home", "https://news.example/a?id=5&ref=home"),
        ("https://news.example/#!/a", "https://news.example/#!/a"),
        ("http://[::1]:80/a", "http://[::1]/a"),
        (" file:desk/a b.txt ", "file:desk/a b.txt"),
        ("http://[broken", "http://[broken"),
        ("urn:x:1", "urn:x:1"),
    ],
)
def test_canonical_addresses(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical


_PART = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n\r\t"), max_size=12)


@settings(max_examples=200)
@given(_PART, _PART, _PART)
def test_a_canonical_address_is_its_own(path: str, query: str, fragment: str) -> None:
    once = canonical_url(f"https://news.example/{path}?{query}#{fragment}")
    assert canonical_url(once) == once
    assert article_id(once) == article_id(canonical_url(once))


def test_ids_are_stable_for_ever() -> None:
    assert article_id("https://news.example/a") == "95bbca1f9b4bae7d"


def test_no_machine_path_and_no_password_in_an_address() -> None:
    assert file_url("desk", "sub/a.txt") == "file:desk/sub/a.txt"
    file_url("desk", "caf\udce9.txt").encode()
    assert without_secrets("https://me:secret@news.example:1/a?b#c") == "https://news.example:1/a?b#c"
