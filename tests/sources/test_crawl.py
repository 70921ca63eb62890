"""Many addresses at once: side by side, spaced, lazy, flat in memory."""

from __future__ import annotations

import gc
import threading
import time
import tracemalloc
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise

import pytest

from sources.http import Fetcher, FetchError, HttpSettings, Request, Response
from sources.log import Reason

from .site import Page, Site, answer, drip, hang, send

Sites = Callable[[int], list[Site]]


@pytest.fixture
def sites() -> Iterator[Sites]:
    """Sites at loopback addresses of their own."""
    made: list[Site] = []

    def make(count: int) -> list[Site]:
        made.extend(Site(f"127.0.1.{n + 1}") for n in range(len(made), len(made) + count))
        return made[-count:]

    yield make
    for site in made:
        site.close()


def wanted(site: Site, *paths: str, **more: object) -> list[Request]:
    return [Request(site.url(path), allow_private=True, **more) for path in paths]  # type: ignore[arg-type]


def reasons(settings: HttpSettings, requests: list[Request]) -> dict[str, Reason | None]:
    """What came of each address; every request comes back once."""
    with Fetcher(settings) as fetcher:
        found = list(fetcher.crawl(deque(requests)))
    assert Counter(r.url for r, _ in found) == Counter(r.url for r in requests)
    return {r.url: outcome.reason if isinstance(outcome, FetchError) else None for r, outcome in found}


def test_hosts_go_side_by_side_and_each_is_spaced_start_to_start(sites: Sites, quick: HttpSettings) -> None:
    made = sites(5)
    for site in made:
        site.pages |= {f"/{n}": b"page" for n in range(4)}
    requests = [request for site in made for request in wanted(site, "/0", "/1", "/2", "/3")]
    started = time.monotonic()
    found = reasons(replace(quick, spacing=0.1), requests)
    assert time.monotonic() - started < 1.5, "five hosts take about as long as one: 0.4 s, not 2 s"
    assert set(found.values()) == {None}
    for site in made:
        assert [request.path for request in site.requests] == ["/robots.txt", "/0", "/1", "/2", "/3"]
        times = [request.at for request in site.requests]
        # the server's own clock stops when it is handed the request, which a busy machine delays
        assert times[-1] - times[0] > 0.35
        assert all(later - sooner > 0.05 for sooner, later in pairwise(times))


def test_one_request_a_host_at_a_time_and_so_many_hosts_at_once(sites: Sites, quick: HttpSettings) -> None:
    busy: Counter[str] = Counter()
    most: list[int] = []
    lock = threading.Lock()

    def slow(name: str) -> Page:
        def give(handler: object) -> None:
            with lock:
                busy[name] += 1
                assert busy[name] == 1
                most.append(sum(busy.values()))
            time.sleep(0.03)
            with lock:
                busy[name] -= 1
            send(handler, b"page")  # type: ignore[arg-type]

        return give

    made = sites(6)
    for site in made:
        site.pages |= {f"/{n}": slow(site.address) for n in range(3)}
    found = reasons(replace(quick, parallel_hosts=3), [r for site in made for r in wanted(site, "/0", "/1", "/2")])
    assert set(found.values()) == {None}
    assert max(most) <= 3


def test_a_slow_host_holds_up_nobody(sites: Sites, quick: HttpSettings) -> None:
    fast, slow = sites(2)
    fast.pages |= {f"/{n}": b"page" for n in range(20)}
    slow.pages["/drip"] = drip
    with Fetcher(quick) as fetcher:
        queue = deque([*wanted(slow, "/drip"), *wanted(fast, *(f"/{n}" for n in range(20)))])
        order = [request.url for request, _ in fetcher.crawl(queue)]
    assert order.index(slow.url("/drip")) >= 10


def test_what_is_found_on_the_way_can_be_added(site: Site, quick: HttpSettings) -> None:
    site.pages |= {"/feed": b"/one /two", "/one": b"1", "/two": b"2"}
    queue = deque(wanted(site, "/feed", tag="feed"))
    seen = []
    with Fetcher(quick) as fetcher:
        for request, outcome in fetcher.crawl(queue):
            assert isinstance(outcome, Response)
            seen.append((request.tag, outcome.content))
            if request.tag == "feed":
                queue.extend(wanted(site, *outcome.content.decode().split(), tag="page"))
    assert seen == [("feed", b"/one /two"), ("page", b"1"), ("page", b"2")]
    with Fetcher(quick) as fetcher:
        assert list(fetcher.crawl(deque())) == []


def test_nothing_more_is_fetched_than_the_caller_takes(sites: Sites, quick: HttpSettings) -> None:
    made = sites(6)
    for site in made:
        site.pages |= {f"/{n}": b"page" for n in range(5)}
    requests = deque(r for site in made for r in wanted(site, *(f"/{n}" for n in range(5))))
    with Fetcher(replace(quick, parallel_hosts=2)) as fetcher:
        crawl = fetcher.crawl(requests)
        for taken in range(1, 4):
            next(crawl)
            time.sleep(0.1)
            assert sum(len(site.asked) for site in made) <= taken + 1
        crawl.close()  # the caller had enough: the rest is not fetched, and the client goes on
        time.sleep(0.05)
        asked = sum(len(site.asked) for site in made)
        assert fetcher.get(wanted(made[0], "/0")[0]).content == b"page"
        assert sum(len(site.asked) for site in made) == asked + 1
        assert len(list(fetcher.crawl(deque(wanted(made[1], "/0", "/1"))))) == 2


def test_memory_is_flat(sites: Sites, quick: HttpSettings) -> None:
    size = 400_000
    made = sites(4)
    for site in made:
        site.pages |= {f"/{n}": bytes(size) for n in range(25)}
        site.pages["/big"] = bytes(3 * size)
    requests = deque(r for site in made for r in wanted(site, "/big", *(f"/{n}" for n in range(25))))
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    with Fetcher(replace(quick, parallel_hosts=4, max_bytes=2 * size)) as fetcher:
        kept = [outcome for _, outcome in fetcher.crawl(requests) if isinstance(outcome, FetchError)]
        now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [error.reason for error in kept] == [Reason.TOO_LARGE] * 4
    assert now - before < 3 * size, "an error keeps no body"
    assert peak - before < 20 * size, "of 100 bodies only a few are there at once"


def test_a_dead_host_is_left_alone(sites: Sites, quick: HttpSettings) -> None:
    dead, alive = sites(2)
    dead.pages |= {f"/{n}": hang(0.3) for n in range(6)}
    alive.pages |= {f"/{n}": b"page" for n in range(6)}
    paths = [f"/{n}" for n in range(6)]
    found = reasons(replace(quick, read_timeout=0.05, attempts=1), [*wanted(dead, *paths), *wanted(alive, *paths)])
    assert [found[dead.url(p)] for p in paths] == [Reason.TIMED_OUT] * 3 + [Reason.HOST_DOWN] * 3
    assert all(found[alive.url(p)] is None for p in paths)


def test_an_answer_in_between_shows_that_a_host_lives(site: Site, quick: HttpSettings) -> None:
    paths = [f"/{n}" for n in range(8)]
    site.pages |= {path: hang(0.3) for path in paths}
    site.pages["/2"] = 404
    found = reasons(replace(quick, read_timeout=0.05, attempts=1), wanted(site, *paths))
    assert [found[site.url(p)] for p in paths] == (
        [Reason.TIMED_OUT] * 2 + [Reason.HTTP_NOT_FOUND] + [Reason.TIMED_OUT] * 3 + [Reason.HOST_DOWN] * 2
    )


def test_a_host_that_asks_for_long_silence_is_left_alone(sites: Sites, quick: HttpSettings) -> None:
    shy, other = sites(2)
    shy.pages |= {"/0": answer(status=429, Retry_After="86400"), "/1": b"page"}
    other.pages["/0"] = b"page"
    found = reasons(quick, [*wanted(shy, "/0", "/1"), *wanted(other, "/0")])
    assert found == {shy.url("/0"): Reason.HTTP_BUSY, shy.url("/1"): Reason.HOST_BUSY, other.url("/0"): None}


def test_a_host_that_uses_up_its_time_postpones_the_rest(site: Site, quick: HttpSettings) -> None:
    paths = [f"/{n}" for n in range(500)]
    site.pages |= dict.fromkeys(paths, b"page")
    started = time.monotonic()
    found = reasons(replace(quick, spacing=0.1, host_deadline=0.45), wanted(site, *paths))
    assert time.monotonic() - started < 5
    fetched = [found[site.url(path)] for path in paths].index(Reason.POSTPONED)
    assert 2 <= fetched <= 4
    assert Counter(found.values()) == {None: fetched, Reason.POSTPONED: 500 - fetched}


def test_addresses_that_are_none_do_not_stop_the_others(site: Site, quick: HttpSettings) -> None:
    site.pages["/a"] = b"a"
    bad = [Request(url) for url in ("", "ftp://a.example/", "http://[::1", "http://a.example:0/", "\udcff")]
    found = reasons(quick, [*bad, Request(site.url("/x")), *wanted(site, "/a")])
    assert [found[request.url] for request in bad] == [Reason.BAD_ADDRESS] * 5
    assert found[site.url("/x")] is Reason.PRIVATE_ADDRESS
    assert found[site.url("/a")] is None


def test_a_fault_of_ours_with_one_address_does_not_stop_the_others(
    site: Site, quick: HttpSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sources.network import visit

    def faulty(raw: object) -> tuple[()]:
        if len(site.asked) == 1:
            raise ZeroDivisionError("a fault")
        return ()

    monkeypatch.setattr(visit, "kept_headers", faulty)
    site.pages |= {"/a": b"a", "/b": b"b"}
    assert list(reasons(quick, wanted(site, "/a", "/b")).values()) == [Reason.PROTOCOL_ERROR, None]


def test_leaving_in_the_middle_ends_at_once(sites: Sites, quick: HttpSettings) -> None:
    one, two = sites(2)
    one.pages["/a"] = b"a"
    two.pages["/slow"] = hang(0.2)
    started = time.monotonic()
    with Fetcher(replace(quick, spacing=30.0)) as fetcher:
        crawl = fetcher.crawl(deque([*wanted(one, "/robots.txt", "/a"), *wanted(two, "/slow")]))
        next(crawl)
    assert time.monotonic() - started < 1.0
    crawl.close()


def test_many_pages_take_little_longer_than_their_spacing(sites: Sites, quick: HttpSettings) -> None:
    made = sites(10)
    for site in made:
        site.pages |= {f"/{n}": b"<p>page</p>" for n in range(10)}
    requests = [request for site in made for request in wanted(site, *(f"/{n}" for n in range(10)))]
    started = time.monotonic()
    found = reasons(replace(quick, spacing=0.15), requests)
    took = time.monotonic() - started
    assert set(found.values()) == {None}
    assert 10 * 0.15 < took < 2 * 10 * 0.15
