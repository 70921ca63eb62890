"""Where the client may connect to: private addresses in every notation, names that change, redirects, slow names."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from sources.http import Fetcher, FetchError, HttpSettings, Request
from sources.log import Reason

from .site import Handler, Site, redirect, send


def failure(settings: HttpSettings, url: str, *, allow_private: bool = False) -> FetchError:
    with Fetcher(settings) as fetcher, pytest.raises(FetchError) as caught:
        fetcher.get(Request(url, allow_private=allow_private))
    return caught.value


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "LOCALHOST.",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "017700000001",
        "0",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "127.0.0.1.",
        "127。0。0。1",
        "a.example@127.0.0.1",
        "10.0.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "[fd00::1]",
        "[fe80::1]",
        "224.0.0.1",
        "255.255.255.255",
    ],
)
def test_private_addresses_in_every_notation(site: Site, quick: HttpSettings, host: str) -> None:
    site.pages["/a"] = b"a"
    started = time.monotonic()
    error = failure(quick, f"http://{host}:{site.port}/a")
    assert error.reason is Reason.PRIVATE_ADDRESS
    assert time.monotonic() - started < 0.9
    assert site.requests == []


@pytest.mark.parametrize(
    "host", ["１２７.0.0.1", "0177.0.0.1", "127.0.0.1\\@a.example", "127.0.0.1%00.a.example", "[fe80::1%25lo]"]
)
def test_notations_that_are_no_address(site: Site, quick: HttpSettings, host: str) -> None:
    found = failure(quick, f"http://{host}:{site.port}/a")
    assert found.reason in (Reason.BAD_ADDRESS, Reason.CONNECT_FAILED, Reason.PRIVATE_ADDRESS)
    assert site.requests == []


def test_a_redirect_into_the_house_is_refused(site: Site, quick: HttpSettings) -> None:
    inner = Site("127.0.0.9")
    inner.pages["/secret"] = b"secret"
    site.pages |= {"/a": redirect(inner.url("/secret")), "/meta": redirect("http://169.254.169.254/latest/meta-data/")}
    with Fetcher(quick) as fetcher:
        assert fetcher.get(Request(site.url("/a"), allow_private=True)).content == b"secret"
        with pytest.raises(FetchError) as caught:
            fetcher.get(Request(site.url("/meta"), allow_private=True))
        assert caught.value.reason is Reason.PRIVATE_ADDRESS, "leave for private networks is none for link-local ones"
        with pytest.raises(FetchError) as caught:
            fetcher.get(Request(inner.url("/secret")))
        assert caught.value.reason is Reason.PRIVATE_ADDRESS, "an open connection of another source is no way in"
    inner.close()


class Names:
    """Resolves names to what a test says, one answer after the other."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["8.8.8.8", "127.0.0.1"],
        ["2606:4700::1111", "fd00::1"],
        ["::ffff:7f00:1"],
        ["169.254.169.254"],
        ["x"],
    ],
)
def test_a_name_with_any_private_address_is_refused(site: Site, quick: HttpSettings, addresses: list[str]) -> None:
    error = failure(replace(quick, resolver=Names(addresses)), f"http://paper.example:{site.port}/a")
    assert error.reason is Reason.PRIVATE_ADDRESS
    assert site.requests == []


def test_a_name_that_changes_between_check_and_connection_gains_nothing(site: Site, quick: HttpSettings) -> None:
    # public at first, loopback when asked again: what was checked is what is connected to, so nobody asks again
    names = Names(["192.0.2.1"], ["127.0.0.1"])
    assert (
        failure(replace(quick, resolver=names), f"http://paper.example:{site.port}/a").reason is Reason.PRIVATE_ADDRESS
    )
    assert names.asked == ["paper.example"]


def test_each_new_connection_is_checked_anew(site: Site, quick: HttpSettings) -> None:
    def closing(handler: Handler) -> None:
        handler.close_connection = True
        send(handler, b"a")

    site.pages |= {"/robots.txt": b"", "/a": closing, "/b": b"b"}
    names = Names(["127.0.0.1"], ["169.254.169.254"])
    with Fetcher(replace(quick, resolver=names)) as fetcher:
        url = f"http://paper.example:{site.port}"
        assert fetcher.get(Request(f"{url}/a", allow_private=True)).content == b"a", "by the connection of robots.txt"
        assert len(names.asked) == 1
        with pytest.raises(FetchError) as caught:
            fetcher.get(Request(f"{url}/b", allow_private=True))
    assert caught.value.reason is Reason.PRIVATE_ADDRESS
    assert site.asked == ["/a"]


def test_the_next_address_of_a_name_is_tried(site: Site, quick: HttpSettings) -> None:
    site.pages["/a"] = b"a"
    names = Names(["127.0.0.77", "127.0.0.1"])
    with Fetcher(replace(quick, resolver=names)) as fetcher:
        assert fetcher.get(Request(f"http://paper.example:{site.port}/a", allow_private=True)).content == b"a"
    assert site.requests[-1].headers["host"] == f"paper.example:{site.port}"


@pytest.mark.parametrize("found", [OSError("no such name"), ValueError("a fault"), UnicodeError("label too long")])
def test_a_name_that_is_not_resolved(quick: HttpSettings, found: Exception) -> None:
    def resolver(host: str, port: int) -> list[str]:
        raise found

    assert failure(replace(quick, resolver=resolver), "http://paper.example/").reason is Reason.CONNECT_FAILED
    assert failure(replace(quick, resolver=Names([])), "http://paper.example/").reason is Reason.CONNECT_FAILED


def test_a_slow_name_falls_under_the_deadline_and_holds_up_nobody(site: Site, quick: HttpSettings) -> None:
    release = threading.Event()

    def resolver(host: str, port: int) -> list[str]:
        release.wait(5)
        return ["8.8.8.8"]

    site.pages["/a"] = b"a"
    started = time.monotonic()
    with Fetcher(replace(quick, resolver=resolver, connect_timeout=0.2)) as fetcher:
        with pytest.raises(FetchError) as caught:
            fetcher.get(Request("http://paper.example/a"))
        assert caught.value.reason is Reason.CONNECT_FAILED
        assert fetcher.get(Request(site.url("/a"), allow_private=True)).content == b"a"
    assert time.monotonic() - started < 0.9, "leaving does not wait for the name either"
    release.set()


@pytest.fixture
def hello() -> Iterator[tuple[int, list[bytes]]]:
    """A server that keeps the first bytes it is sent, and hangs up."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)
    heard: list[bytes] = []
    over = threading.Event()

    def listen() -> None:
        while not over.is_set():
            with contextlib.suppress(TimeoutError):
                client, _ = server.accept()
                with client:
                    client.settimeout(1)
                    heard.append(client.recv(4096))

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    yield server.getsockname()[1], heard
    over.set()
    thread.join(3)
    server.close()


def test_tls_is_about_the_name_and_speaks_http_1_only(quick: HttpSettings, hello: tuple[int, list[bytes]]) -> None:
    port, heard = hello
    settings = replace(quick, resolver=Names(["127.0.0.1"]))
    assert failure(settings, f"https://paper.example:{port}/", allow_private=True).reason is Reason.CONNECT_FAILED
    assert b"paper.example" in heard[0]
    assert b"http/1.1" in heard[0]
    assert b"\x02h2" not in heard[0]


def test_behind_a_proxy_what_can_be_seen_is_checked(site: Site, quick: HttpSettings) -> None:
    site.pages |= {"http://paper.example/a": b"by proxy", "http://outside.example/a": b"by proxy"}

    def resolver(host: str, port: int) -> list[str]:
        if host == "outside.example":
            raise OSError("only the proxy knows")
        return ["127.0.0.1"] if host == "inside.example" else ["8.8.8.8"]

    settings = replace(quick, proxy=site.url(""), resolver=resolver)
    with Fetcher(settings) as fetcher:
        assert fetcher.get("http://paper.example/a").content == b"by proxy"
        assert fetcher.get("http://outside.example/a").content == b"by proxy"
    for url in ("http://inside.example/a", "http://10.0.0.1/a", "http://[::1]/a"):
        assert failure(settings, url).reason is Reason.PRIVATE_ADDRESS
    assert not any("inside" in request.path or "10.0" in request.path for request in site.requests)
