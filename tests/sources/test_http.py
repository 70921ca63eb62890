from __future__ import annotations

import gzip
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import pytest

from sources.http import Fetcher, FetchError, HttpSettings, Request
from sources.log import Reason

from .site import Site, drip, drip_headers, endless, endless_chunks, hang, redirect, send


def failure(url: str, settings: HttpSettings) -> FetchError:
    started = time.monotonic()
    with Fetcher(settings) as fetcher, pytest.raises(FetchError) as caught:
        fetcher.get(Request(url, allow_private=True))
    assert time.monotonic() - started < settings.deadline + 0.5
    return caught.value


def test_a_page_with_its_type_and_an_honest_agent(site: Site, quick: HttpSettings) -> None:
    site.pages["/a"] = b"body"
    site.types["/a"] = "text/plain; charset=latin-1"
    with Fetcher(quick) as fetcher:
        response = fetcher.get(Request(site.url("/a"), allow_private=True))
        fetcher.get(Request(site.url("/a"), allow_private=True))
    assert (response.content, response.http_status) == (b"body", 200)
    assert response.content_type == "text/plain; charset=latin-1"
    assert response.final_url == site.url("/a")
    assert site.agents[0].startswith("Chancery/")
    assert "ledger@example.org" in site.agents[0]


def test_redirects_are_followed_within_bounds(site: Site, quick: HttpSettings) -> None:
    site.pages |= {"/a": redirect("/b", 301), "/b": redirect("c"), "/c": b"there", "/loop": redirect("/loop")}
    with Fetcher(quick) as fetcher:
        assert fetcher.get(Request(site.url("/a"), allow_private=True)).final_url == site.url("/c")
    assert failure(site.url("/loop"), quick).reason is Reason.TOO_MANY_REDIRECTS
    assert site.asked.count("/loop") == quick.max_redirects + 1


def test_a_redirect_may_be_written_in_utf_8(site: Site, quick: HttpSettings) -> None:
    site.pages |= {"/a": redirect("/größe".encode().decode("latin-1")), "/gr%C3%B6%C3%9Fe": b"there"}
    with Fetcher(quick) as fetcher:
        assert fetcher.get(Request(site.url("/a"), allow_private=True)).content == b"there"


@pytest.mark.parametrize(
    ("status", "reason", "tries"),
    [
        (404, Reason.HTTP_NOT_FOUND, 1),
        (410, Reason.HTTP_NOT_FOUND, 1),
        (403, Reason.HTTP_REFUSED, 1),
        (451, Reason.HTTP_REFUSED, 1),
        (429, Reason.HTTP_BUSY, 1),
        (500, Reason.HTTP_SERVER_ERROR, 3),
        (503, Reason.HTTP_SERVER_ERROR, 3),
        (204, Reason.HTTP_UNEXPECTED, 1),
        (304, Reason.HTTP_UNEXPECTED, 1),
        (418, Reason.HTTP_UNEXPECTED, 1),
    ],
)
def test_statuses_have_reasons_and_only_transient_ones_are_tried_again(
    site: Site, quick: HttpSettings, status: int, reason: Reason, tries: int
) -> None:
    site.pages["/a"] = status
    error = failure(site.url("/a"), quick)
    assert (error.reason, error.http_status, len(site.asked)) == (reason, status, tries)


def test_a_server_that_fails_once_is_asked_again(site: Site, quick: HttpSettings) -> None:
    def second_time(handler: BaseHTTPRequestHandler) -> None:
        send(handler, status=500 if len(site.asked) == 1 else 200)

    site.pages["/a"] = second_time
    with Fetcher(quick) as fetcher:
        assert fetcher.get(Request(site.url("/a"), allow_private=True)).http_status == 200


def announced(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "9999999")
    handler.end_headers()
    handler.wfile.write(b"x")


def cut(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b"x")


def compressed(*encodings: str):  # type: ignore[no-untyped-def]
    bomb = gzip.compress(b"0" * 5_000_000)

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", ", ".join(encodings))
        handler.send_header("Content-Length", str(len(bomb)))
        handler.end_headers()
        handler.wfile.write(bomb)

    return answer


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (drip, Reason.TIMED_OUT),
        (drip_headers, Reason.TIMED_OUT),
        (hang(2), Reason.TIMED_OUT),
        (endless, Reason.TOO_LARGE),
        (endless_chunks, Reason.TOO_LARGE),
        (announced, Reason.TOO_LARGE),
        (compressed("gzip"), Reason.TOO_LARGE),
        (compressed("gzip", "gzip"), Reason.PROTOCOL_ERROR),
        (cut, Reason.PROTOCOL_ERROR),
        (lambda handler: handler.wfile.write(b"no http\r\n\r\n"), Reason.PROTOCOL_ERROR),
        (redirect("file:///etc/hostname"), Reason.BAD_ADDRESS),
        (redirect("gopher://a.example/"), Reason.BAD_ADDRESS),
    ],
)
def test_hostile_servers_end_in_time_with_a_reason(site: Site, quick: HttpSettings, page, reason: Reason) -> None:  # type: ignore[no-untyped-def]
    site.pages["/a"] = page
    assert failure(site.url("/a"), quick).reason is reason


@pytest.mark.parametrize(
    "url", ["", "ftp://a.example/x", "file:///etc/hostname", "http://", "http://[::1", "//a.example"]
)
def test_addresses_that_are_none(url: str, quick: HttpSettings) -> None:
    assert failure(url, quick).reason is Reason.BAD_ADDRESS


def test_nobody_there(site: Site, quick: HttpSettings) -> None:
    url = site.url("/")
    site.close()
    error = failure(url, quick)
    assert error.reason is Reason.CONNECT_FAILED
    assert error.seconds is not None


def test_size_exactly_at_the_cap_is_too_large(site: Site, quick: HttpSettings) -> None:
    settings = replace(quick, max_bytes=1000)
    site.pages |= {"/under": b"x" * 999, "/at": b"x" * 1000}
    with Fetcher(settings) as fetcher:
        assert len(fetcher.get(Request(site.url("/under"), allow_private=True)).content) == 999
    assert failure(site.url("/at"), settings).reason is Reason.TOO_LARGE


def test_an_answer_that_nobody_asked_for_is_no_page(site: Site, quick: HttpSettings) -> None:
    """What a server sends behind a whole answer is not what was asked for next."""

    def one_too_many(handler: BaseHTTPRequestHandler) -> None:
        answers = (
            b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body) for body in (b"first", b"bait")
        )
        handler.wfile.write(b"".join(answers))
        handler.close_connection = False

    site.pages |= {"/a": one_too_many, "/b": b"second"}
    with Fetcher(quick) as fetcher:
        assert fetcher.get(Request(site.url("/a"), allow_private=True)).content == b"first"
        assert fetcher.get(Request(site.url("/b"), allow_private=True)).content == b"second"
