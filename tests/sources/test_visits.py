"""How one address is fetched: robots.txt, pauses, conditions."""

from __future__ import annotations

import datetime as dt
import gzip
import time
from dataclasses import replace
from email.utils import format_datetime
from itertools import pairwise

import pytest

from sources.http import Fetcher, FetchError, HttpSettings, Request, Response
from sources.log import Reason
from sources.network.hosts import retry_after

from .site import Page, Site, answer, drip, endless, hang, in_turn, redirect, send


def outcome(fetcher: Fetcher, url: str, **more: object) -> Response | FetchError:
    try:
        return fetcher.get(Request(url, allow_private=True, **more))  # type: ignore[arg-type]
    except FetchError as error:
        return error


def reason(found: Response | FetchError) -> Reason | None:
    return found.reason if isinstance(found, FetchError) else None


# robots.txt


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (b"User-agent: *\nDisallow: /private", None),
        (b"User-agent: *\nDisallow: /", Reason.ROBOTS_DISALLOWED),
        (404, None),
        (403, None),
        (429, Reason.ROBOTS_UNREACHABLE),
        (500, Reason.ROBOTS_UNREACHABLE),
        (304, Reason.ROBOTS_UNREACHABLE),
        (in_turn(500, b"User-agent: *\nDisallow: /private"), None),
        (in_turn(503, b"User-agent: *\nDisallow: /"), Reason.ROBOTS_DISALLOWED),
        (hang(1.2), Reason.ROBOTS_UNREACHABLE),
        (drip, Reason.ROBOTS_UNREACHABLE),
        (lambda handler: handler.wfile.write(b"no http\r\n\r\n"), Reason.ROBOTS_UNREACHABLE),
        (answer(b"no gzip", Content_Encoding="gzip"), Reason.ROBOTS_UNREACHABLE),
        (answer(gzip.compress(b"User-agent: *\nDisallow: /"), Content_Encoding="gzip"), Reason.ROBOTS_DISALLOWED),
        (answer(gzip.compress(b"#" * 9_000_000), Content_Encoding="gzip"), None),
        (endless, None),
        (b"User-agent: *\nDisallow: /\n" + b"#" * 600_000, Reason.ROBOTS_DISALLOWED),
        (redirect("/rules"), Reason.ROBOTS_DISALLOWED),
        (redirect("/robots.txt"), None),
        (redirect("ftp://a.example/robots.txt"), Reason.ROBOTS_UNREACHABLE),
        (redirect("http://169.254.169.254/robots.txt"), Reason.ROBOTS_UNREACHABLE),
    ],
)
def test_every_outcome_of_robots_txt(site: Site, quick: HttpSettings, page: Page, expected: Reason | None) -> None:
    site.pages |= {"/robots.txt": page, "/a": b"a", "/b": b"b", "/rules": b"User-agent: *\nDisallow: /"}
    with Fetcher(quick) as fetcher:
        assert reason(outcome(fetcher, site.url("/a"))) is expected
        asked = len(site.requests)
        assert reason(outcome(fetcher, site.url("/b"))) is expected
    assert site.asked[-1:] != ["/rules"] or expected
    assert len(site.requests) - asked == (0 if expected else 1), "it is read once a run"


def test_a_page_that_is_disallowed_is_not_asked_for(site: Site, quick: HttpSettings) -> None:
    site.pages |= {"/robots.txt": b"User-agent: Chancery\nDisallow: /private", "/private": b"x", "/open": b"x"}
    site.pages["/way"] = redirect("/private")
    with Fetcher(quick) as fetcher:
        assert reason(outcome(fetcher, site.url("/private"))) is Reason.ROBOTS_DISALLOWED
        assert reason(outcome(fetcher, site.url("/way"))) is Reason.ROBOTS_DISALLOWED
        assert reason(outcome(fetcher, site.url("/open"))) is None
        assert reason(outcome(fetcher, site.url("/robots.txt"))) is None
    assert site.asked == ["/way", "/open"]


def test_a_redirect_obeys_the_robots_txt_of_where_it_leads(site: Site, quick: HttpSettings) -> None:
    other = Site("127.0.0.2")
    other.pages |= {"/robots.txt": b"User-agent: *\nDisallow: /", "/a": b"a"}
    site.pages["/a"] = redirect(other.url("/a"))
    with Fetcher(quick) as fetcher:
        assert reason(outcome(fetcher, site.url("/a"))) is Reason.ROBOTS_DISALLOWED
    assert other.asked == []
    other.close()


def test_a_host_that_is_not_there_is_that_and_no_matter_of_robots_txt(site: Site, quick: HttpSettings) -> None:
    url = site.url("/a")
    site.close()
    with Fetcher(quick) as fetcher:
        found = [reason(outcome(fetcher, url)) for _ in range(5)]
    assert found == [Reason.CONNECT_FAILED] * 3 + [Reason.HOST_DOWN] * 2


# pace


def gaps(site: Site) -> list[float]:
    times = [request.at for request in site.requests]
    return [later - sooner for sooner, later in pairwise(times)]


def test_requests_are_spaced_start_to_start_robots_and_redirects_too(site: Site, quick: HttpSettings) -> None:
    site.pages |= {"/a": redirect("/b"), "/b": b"b"}
    with Fetcher(replace(quick, spacing=0.1)) as fetcher:
        response = outcome(fetcher, site.url("/a"))
    assert isinstance(response, Response)
    assert [request.path for request in site.requests] == ["/robots.txt", "/a", "/b"]
    assert all(0.05 < gap < 0.5 for gap in gaps(site))
    assert sum(gaps(site)) > 0.17
    assert response.seconds < 0.1, "pauses of politeness are no time of the server"


def test_a_slow_answer_counts_as_part_of_the_space(site: Site, quick: HttpSettings) -> None:
    def slow(handler: object) -> None:
        time.sleep(0.2)
        send(handler)  # type: ignore[arg-type]

    site.pages |= {"/robots.txt": slow, "/a": b"a"}
    with Fetcher(replace(quick, spacing=0.25)) as fetcher:
        fetcher.get(Request(site.url("/a"), allow_private=True))
    assert 0.2 < gaps(site)[0] < 0.42


@pytest.mark.parametrize(
    ("crawl_delay", "delay", "expected"),
    [("0.2", None, 0.2), ("9", None, 0.4), ("0", 0.2, 0.2), ("0.1", 0.4, 0.4)],
)
def test_the_longest_delay_counts(
    site: Site, quick: HttpSettings, crawl_delay: str, delay: float | None, expected: float
) -> None:
    site.pages |= {"/robots.txt": f"User-agent: *\nCrawl-delay: {crawl_delay}".encode(), "/a": b"a"}
    with Fetcher(replace(quick, max_crawl_delay=0.4, deadline=0.3)) as fetcher:
        assert isinstance(outcome(fetcher, site.url("/a"), delay=delay), Response), "pauses do not use up the deadline"
    assert expected - 0.05 < gaps(site)[0] < expected + 0.15


def test_retry_after_in_seconds(site: Site, quick: HttpSettings) -> None:
    site.pages["/a"] = in_turn(answer(status=429, Retry_After="1"), b"a")
    with Fetcher(replace(quick, deadline=2.0)) as fetcher:
        assert isinstance(outcome(fetcher, site.url("/a")), Response)
    assert 0.95 < gaps(site)[-1] < 1.8


def test_retry_after_as_a_date_holds_for_the_whole_host(site: Site, quick: HttpSettings) -> None:
    date = format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2), usegmt=True)
    site.pages |= {"/a": answer(status=503, Retry_After=date), "/b": b"b"}
    with Fetcher(replace(quick, deadline=0.5)) as fetcher:
        found = outcome(fetcher, site.url("/a"))
        assert isinstance(found, FetchError)
        assert (found.reason, found.http_status) == (Reason.HTTP_SERVER_ERROR, 503)
        assert site.asked == ["/a"], "it asks for more than the address has left, so it is not tried again"
        assert isinstance(outcome(fetcher, site.url("/b")), Response)
    assert gaps(site)[-1] > 0.9


def test_a_pause_that_is_too_long_ends_the_host_for_this_run(site: Site, quick: HttpSettings) -> None:
    site.pages |= {"/a": answer(status=429, Retry_After="3600"), "/b": b"b"}
    with Fetcher(quick) as fetcher:
        first, second = outcome(fetcher, site.url("/a")), outcome(fetcher, site.url("/b"))
    assert (reason(first), reason(second)) == (Reason.HTTP_BUSY, Reason.HOST_BUSY)
    assert "3600 s" in str(first)
    assert "3600 s" in str(second)
    assert site.asked == ["/a"]


NOW = dt.datetime(2026, 3, 14, 2, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        ("9" * 5000, 999_999_999_999.0),
        ("Sat, 14 Mar 2026 02:00:30 GMT", 30.0),
        ("Sat, 14 Mar 2026 03:00:30 +0100", 30.0),
        ("Sat, 14 Mar 2026 02:00:30", 30.0),
        ("Fri, 13 Mar 2026 02:00:00 GMT", 0.0),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("soon", None),
        ("Sat, 99 Mar 2026 02:00:30 GMT", None),
        ("", None),
        (None, None),
    ],
)
def test_reading_retry_after(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


def test_a_host_has_its_time_in_a_run(site: Site, quick: HttpSettings) -> None:
    site.pages |= {f"/{n}": b"x" for n in range(9)}
    started = time.monotonic()
    with Fetcher(replace(quick, spacing=0.1, host_deadline=0.35)) as fetcher:
        found = [reason(outcome(fetcher, site.url(f"/{n}"))) for n in range(9)]
    fetched = found.index(Reason.POSTPONED)
    assert 1 <= fetched <= 3
    assert found == [None] * fetched + [Reason.POSTPONED] * (9 - fetched)
    assert time.monotonic() - started < 0.8


# conditions


def cached(handler: object) -> None:
    headers = handler.headers  # type: ignore[attr-defined]
    fresh = headers["If-None-Match"] == '"v1"' or headers["If-Modified-Since"] == "Fri, 13 Mar 2026 08:00:00 GMT"
    more = {
        "ETag": '"v1"',
        "Last-Modified": "Fri, 13 Mar 2026 08:00:00 GMT",
        "Set-Cookie": "id=s3",
        "X-Csrf-Token": "s3",
    }
    more["Link"] = "<https://paper.example/?token=s3>; rel=self"
    send(handler, b"" if fresh else b"news", 304 if fresh else 200, **more)  # type: ignore[arg-type]


def test_nothing_new_is_told_apart_from_news(site: Site, quick: HttpSettings) -> None:
    site.pages["/a"] = cached
    with Fetcher(quick) as fetcher:
        first = fetcher.get(Request(site.url("/a"), allow_private=True))
        assert (first.content, first.not_modified) == (b"news", False)
        assert (first.etag, first.last_modified) == ('"v1"', "Fri, 13 Mar 2026 08:00:00 GMT")
        for more in ({"etag": first.etag}, {"last_modified": first.last_modified}):
            again = outcome(fetcher, site.url("/a"), **more)
            assert isinstance(again, Response)
            assert (again.content, again.not_modified, again.http_status) == (b"", True, 304)
        for more in ({"etag": '"v0"'}, {"etag": 'a\r\nX-Evil: "v1"'}, {"last_modified": "ünlängst"}):
            again = outcome(fetcher, site.url("/a"), **more)
            assert isinstance(again, Response)
            assert again.content == b"news"


def test_headers_are_kept_without_secrets(site: Site, quick: HttpSettings) -> None:
    site.pages["/a"] = cached
    with Fetcher(quick) as fetcher:
        response = fetcher.get(Request(site.url("/a"), allow_private=True))
        fetcher.get(Request(site.url("/a"), allow_private=True))
    assert ("ETag", '"v1"') in response.headers
    assert response.header("link") == "<https://paper.example/?token=***>; rel=self"
    assert "s3" not in str(response.headers)
    assert all("cookie" not in request.headers for request in site.requests), "cookies are not sent back"


def test_an_unasked_for_304_is_no_answer(site: Site, quick: HttpSettings) -> None:
    site.pages["/a"] = 304
    with Fetcher(quick) as fetcher:
        assert reason(outcome(fetcher, site.url("/a"))) is Reason.HTTP_UNEXPECTED


def test_validators_go_only_to_the_address_that_they_are_of(site: Site, quick: HttpSettings) -> None:
    site.pages |= {"/a": redirect("/b"), "/b": cached}
    with Fetcher(quick) as fetcher:
        moved = outcome(fetcher, site.url("/a"), etag='"v1"')
        assert isinstance(moved, Response)
        assert moved.content == b"news", "the tag was of /a"
        known = outcome(fetcher, site.url("/a"), etag='"v1"', validators_of=site.url("/b"))
        assert isinstance(known, Response)
        assert known.not_modified
    sent = [(request.path, request.headers.get("if-none-match")) for request in site.requests[1:]]
    assert sent == [("/a", '"v1"'), ("/b", None), ("/a", None), ("/b", '"v1"')]


# secrets


def test_a_password_goes_to_its_own_site_only_and_into_no_message(site: Site, quick: HttpSettings) -> None:
    other = Site("127.0.0.2")
    site.pages |= {"/a": redirect("/b"), "/b": redirect(other.url("/c").replace("http://", "http://x:y@"))}
    other.pages["/c"] = b"c"
    with Fetcher(quick) as fetcher:
        response = outcome(fetcher, site.url("/a").replace("http://", "http://me:open%20up@"))
        failed = outcome(fetcher, site.url("/none?token=s3").replace("http://", "http://me:open%20up@"))
    assert isinstance(response, Response)
    assert response.final_url == other.url("/c")
    sent = {request.headers.get("authorization") for request in site.requests if request.path != "/robots.txt"}
    assert sent == {"Basic bWU6b3BlbiB1cA=="}
    assert all("authorization" not in request.headers for request in other.requests)
    assert "open" not in str(failed)
    other.close()


@pytest.mark.parametrize(
    "url",
    [
        "http://me:opensesame@[::1/",
        "http://a.example:opensesame/",
        "http://me:opensesame@a.example:99999/",
        "opensesame",
        "http://me:opensesame@\x00/",
        "http://xn--opensesame-\u0378.example/",
    ],
)
def test_an_address_that_cannot_be_taken_apart_is_not_quoted(url: str, quick: HttpSettings) -> None:
    with Fetcher(quick) as fetcher:
        found = outcome(fetcher, url)
    assert reason(found) is Reason.BAD_ADDRESS
    assert isinstance(found, FetchError)
    assert "opensesame" not in f"{found} {found.__cause__} {found.detail}"
