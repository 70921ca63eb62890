from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from sources.archive import Archive, Basis, Capture, Failure, Origin, Role
from sources.backoff import Try, failing, history, resting
from sources.catalog import Kind
from sources.log import Reason

START = dt.date(2026, 3, 1)
WIRE = Origin("wire", Kind.FEED)
URL = "https://wire.example/feed"


def day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def moment(number: int) -> dt.datetime:
    return dt.datetime.combine(day(number), dt.time(2))


def tries(outcomes: str) -> tuple[Try, ...]:
    """``+`` came, ``-`` failed, ``.`` not asked; a day each."""
    return tuple(Try(day(n), sign == "+", moment(n)) for n, sign in enumerate(outcomes) if sign != ".")


def failed(number: int, source: str = "wire", reason: Reason = Reason.TIMED_OUT, url: str | None = None) -> Failure:
    address = url or f"https://{source}.example/feed"
    return Failure(day(number), replace(WIRE, source_id=source), address, reason, None, moment(number))


def came(number: int) -> Capture:
    return Capture(day(number), WIRE, Role.FEED, URL, "", 0, moment(number))


@pytest.mark.parametrize(
    ("outcomes", "again"),
    [
        ("", 0),
        ("+", 1),
        ("-", 1),
        ("--", 2),
        ("+--", 3),
        ("---", 4),  # last tried on day 2; every second day from then on
        ("---.", 4),
        ("---.-", 8),
        ("---.-...-", 15),
        ("---.-...-......-", 22),
        ("---.-...-......-......-", 29),
        ("---+", 4),
        ("---.-+-", 7),
        ("---.-+---", 10),
        ("---" + "." * 30, 33),  # nobody asked for a month: it is asked now
    ],
)
def test_a_failing_source_is_asked_less_often_and_never_given_up(outcomes: str, again: int) -> None:
    today = len(outcomes)
    expected = day(again) if again > today else None
    assert resting(tries(outcomes), day(today)) == expected


def test_a_source_that_is_dead_for_a_year_is_asked_about_every_week() -> None:
    outcomes = ""
    for number in range(365):
        outcomes += "-" if resting(tries(outcomes), day(number)) is None else "."
    assert outcomes.startswith("---.-...-......-......-")
    assert 50 < outcomes.count("-") < 58
    assert resting(tries(outcomes + "+"), day(366)) is None


def test_history_is_what_the_archive_knows_of_the_sources_own_address(archive: Archive) -> None:
    assert history(archive, "wire", day(0)) == ()
    archive.put(came(0), b"<rss/>")
    archive.note_failure(failed(1))
    archive.put(replace(came(1), url="https://wire.example/1", role=Role.PAGE, parent_url=URL), b"a page is no sign")
    archive.note_failure(failed(2, reason=Reason.SOURCE_RESTING))
    archive.note_failure(failed(3, reason=Reason.POSTPONED))
    archive.note_failure(failed(4, source="other"))
    archive.note_failure(replace(failed(5), failed_at=moment(5) + dt.timedelta(hours=5)))
    archive.note_failure(failed(6))
    for known in (archive, Archive(archive.root)):
        found = history(known, "wire", day(6))
        assert found == (
            Try(day(0), True, moment(0)),
            Try(day(1), False, moment(1)),
            Try(day(5), False, moment(5) + dt.timedelta(hours=5)),
        )
        assert failing(found) == 2
        assert failing(history(known, "wire", day(7))) == 3


def test_bytes_after_a_failure_on_the_same_day_count_as_having_come(archive: Archive) -> None:
    archive.note_failure(failed(0))
    first = archive.put(replace(came(0), fetched_at=moment(0) + dt.timedelta(hours=1)), b"<rss/>")
    archive.again(first, day=day(1), basis=Basis.NOT_MODIFIED, at=moment(1))
    assert history(archive, "wire", day(1)) == (Try(day(0), True, first.fetched_at),)
    assert history(archive, "wire", day(2)) == (Try(day(1), True, moment(1)),)


def test_a_night_without_network_is_no_sources_fault(archive: Archive) -> None:
    for number in range(3):
        for source in ("wire", "paper", "radio"):
            archive.note_failure(failed(number, source, Reason.CONNECT_FAILED))
        archive.put(
            Capture(day(number), Origin("desk", Kind.FOLDER), Role.DOCUMENT, "file:desk/a", "", 0, moment(0)), b"a"
        )
    assert history(archive, "wire", day(3)) == ()
    assert len(history(archive, "desk", day(3))) == 1
    archive.note_failure(failed(3, "wire", Reason.CONNECT_FAILED))
    archive.note_failure(failed(3, "paper", Reason.CONNECT_FAILED))
    archive.note_failure(failed(3, "radio", Reason.HTTP_NOT_FOUND))
    assert failing(history(archive, "wire", day(4))) == 1, "one server answered: there was a network"


def test_what_lies_far_back_is_forgotten(archive: Archive) -> None:
    for number in range(5):
        archive.note_failure(failed(number))
    assert failing(history(archive, "wire", day(5))) == 5
    assert failing(history(archive, "wire", day(47))) == 3
    assert history(archive, "wire", day(60)) == ()
