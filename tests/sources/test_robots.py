from __future__ import annotations

import time

import pytest

from sources.network import robots

SITE = "https://paper.example"


def allowed(text: str | bytes, path: str) -> bool:
    return robots.read(text.encode() if isinstance(text, str) else text).allows(SITE + path)


def test_our_own_group_goes_before_everybodys() -> None:
    text = "User-agent: *\nDisallow: /\n\nUser-agent: chancery\nDisallow: /drafts\nCrawl-delay: 2.5\n"
    assert allowed(text, "/news")
    assert not allowed(text, "/drafts/1")
    assert robots.read(text.encode()).crawl_delay == 2.5


@pytest.mark.parametrize(
    "name", ["Chancery", "CHANCERY", "chancery/1.0", "Chancery 1.0", "chancery # the ledger", "*chancery*"]
)
def test_ways_to_write_our_name(name: str) -> None:
    assert not allowed(f"User-agent: {name}\nDisallow: /x", "/x")


@pytest.mark.parametrize("name", ["chan", "chancerybot", "ledger", "chancery-old"])
def test_names_of_others(name: str) -> None:
    assert allowed(f"User-agent: {name}\nDisallow: /x", "/x")


def test_groups_stay_as_they_are_when_others_are_named_in_them() -> None:
    text = "User-agent: a\nUser-agent: *\nDisallow: /x\nUser-agent: b\nDisallow: /\n"
    assert not allowed(text, "/x")
    assert allowed(text, "/y")


@pytest.mark.parametrize("name", ["*", "Chancery"])
def test_only_rules_end_the_names_of_a_group(name: str) -> None:
    """A crawl delay is for the names above it, the rules are for all of them."""
    text = "User-agent: a\nCrawl-delay: 9\nSitemap: /s.xml\n\nUser-agent: "
    text += f"{name}\nCrawl-delay: 2\nUser-agent: b\nDisallow: /x\n"
    assert not allowed(text, "/x")
    assert robots.read(text.encode()).crawl_delay == 2.0
    assert not allowed(f"User-agent: {name}\nCrawl-delay: 9\nUser-agent: other\nDisallow: /x\n", "/x")


@pytest.mark.parametrize(
    ("rule", "path", "expected"),
    [
        ("Disallow: /news/*.pdf$", "/news/a.pdf", False),
        ("Disallow: /news/*.pdf$", "/news/a.pdf?x", True),
        ("Disallow: /\nAllow: /news/", "/news/1", True),
        ("Disallow: /a%2Fb", "/a%2fb", False),
        ("Disallow: /größe", "/gr%C3%B6%C3%9Fe", False),
        ("Disallow:", "/x", True),
        ("Disallow: /?print=", "/?print=1", False),
        ("Disallow: /", "/robots.txt", True),
    ],
)
def test_rules(rule: str, path: str, expected: bool) -> None:
    assert allowed(f"User-agent: *\n{rule}", path) is expected


@pytest.mark.parametrize(
    "content", [b"", b"<!DOCTYPE html><title>Home</title>", b"\xff\xfe\x00U", b"\0\0", b"Disallow: /", b":::\n#"]
)
def test_what_is_no_robots_txt_forbids_nothing(content: bytes) -> None:
    assert allowed(content, "/x")


def test_a_mark_at_the_start_and_line_ends_of_every_kind() -> None:
    assert not allowed(b"\xef\xbb\xbfUser-agent: *\rDisallow: /x\r", "/x")


def test_only_the_first_512_kib_count_and_no_rule_is_cut_in_two() -> None:
    head = b"User-agent: *\nDisallow: /early\n"
    filler = b"# filler\n" * ((robots.MAX_BYTES - len(head)) // 9)
    rest = b"Disallow: /late-and-long-enough-to-cross-the-limit\n"
    text = head + filler + rest
    assert len(text) > robots.MAX_BYTES
    assert not allowed(text, "/early")
    assert allowed(text, "/late-and-long-enough-to-cross-the-limit")
    assert allowed(text, "/la")


def test_a_file_that_names_thousands_of_crawlers_costs_no_more_than_its_length() -> None:
    names = "".join(f"User-agent: a{n}\n" for n in range(12_000))
    rules = "".join(f"Disallow: /{n}\n" for n in range(12_000))
    started = time.perf_counter()
    assert not allowed(names + "User-agent: *\n" + rules, "/11999")
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_file_that_is_not_there_forbids_nothing(status: int) -> None:
    assert robots.by_status(status) == robots.NO_RULES


@pytest.mark.parametrize("status", [100, 304, 429, 500, 503, 600])
def test_a_file_that_cannot_be_read_forbids_everything(status: int) -> None:
    found = robots.by_status(status)
    assert found is not None
    assert str(status) in str(found.unreachable)


@pytest.mark.parametrize(("value", "expected"), [("-1", 0), ("nan", 0), ("inf", 0), ("soon", 0), ("0.5", 0.5), ("", 0)])
def test_crawl_delays(value: str, expected: float) -> None:
    assert robots.read(f"User-agent: *\nCrawl-delay: {value}\nDisallow: /x".encode()).crawl_delay == expected
