"""The pace of a host, to the tick."""

from __future__ import annotations

import time

import pytest

from sources.http import FetchError, HttpSettings
from sources.log import Reason
from sources.network.hosts import Host, Origin


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> Host:
    """A host that was asked at 100."""
    monkeypatch.setattr(time, "monotonic", lambda: 100.0)
    host = Host(HttpSettings(spacing=1.0, max_crawl_delay=30.0, max_retry_after=120.0, host_deadline=1800.0))
    assert host.start_at(None, 100.0) == 100.0
    host.starts()
    return host


def refusal(host: Host, now: float) -> Reason:
    with pytest.raises(FetchError) as caught:
        host.start_at(None, now)
    return caught.value.reason


@pytest.mark.parametrize(
    ("crawl_delay", "delay", "now", "at"),
    [
        (0.0, None, 100.2, 101.0),
        (0.0, None, 105.0, 105.0),
        (5.0, None, 100.2, 105.0),
        (5.0, 2.0, 100.2, 105.0),
        (0.0, 2.0, 100.2, 102.0),
        (900.0, None, 100.2, 130.0),
        (900.0, 60.0, 100.2, 160.0),
    ],
)
def test_the_longest_of_all_wishes_counts(
    host: Host, crawl_delay: float, delay: float | None, now: float, at: float
) -> None:
    host.slow_down(crawl_delay)
    host.slow_down(0.0)
    assert host.start_at(delay, now) == at


def test_a_rest_is_kept_and_a_shorter_one_does_not_shorten_it(host: Host) -> None:
    host.rest(120.0, 100.0)
    host.rest(3.0, 100.0)
    assert host.start_at(None, 101.0) == 220.0


def test_a_rest_that_is_too_long_is_the_end(host: Host) -> None:
    host.rest(120.1, 100.0)
    assert refusal(host, 90_000.0) is Reason.HOST_BUSY


def test_the_time_of_a_host_runs_from_its_first_request(host: Host) -> None:
    assert host.start_at(None, 1899.9) == 1899.9
    assert refusal(host, 1900.0) is Reason.POSTPONED
    host.rest(100.0, 1850.0)
    assert refusal(host, 1850.0) is Reason.POSTPONED, "nobody waits for what will not be"


def test_failures_in_a_row() -> None:
    origin = Origin()
    timed_out = FetchError(Reason.TIMED_OUT, "")
    for outcome in (timed_out, timed_out, None, timed_out, FetchError(Reason.POSTPONED, ""), timed_out):
        origin.note(outcome)
        origin.check()
    origin.note(FetchError(Reason.CONNECT_FAILED, ""))
    with pytest.raises(FetchError) as caught:
        origin.check()
    assert caught.value.reason is Reason.HOST_DOWN
