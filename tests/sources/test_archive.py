from __future__ import annotations

import datetime as dt
import hashlib
import random
from dataclasses import replace

import pytest

from sources.archive import (
    Archive,
    Basis,
    BlobDamaged,
    Capture,
    Failure,
    Origin,
    RecordTooLong,
    Role,
    latest,
)
from sources.catalog import Kind
from sources.log import Reason

DAY = dt.date(2026, 3, 14)
NEXT, AFTER = dt.date(2026, 3, 15), dt.date(2026, 3, 16)
NOISE = random.Random(1).randbytes(3000)  # nothing that packing makes smaller
ORIGIN = Origin("desk", Kind.FOLDER, "The Desk", "en")
FIRST = Capture(DAY, ORIGIN, Role.DOCUMENT, "file:desk/a.txt", "", 0, dt.datetime(2026, 3, 14, 2))


def later(capture: Capture, minutes: int) -> Capture:
    return replace(capture, fetched_at=capture.fetched_at + dt.timedelta(minutes=minutes))


def test_bytes_come_back_and_the_manifest_says_all(archive: Archive) -> None:
    content = b"Two envoys met.\x00\xff"
    kept = archive.put(FIRST, content)
    assert (kept.sha256, kept.bytes) == (hashlib.sha256(content).hexdigest(), len(content))
    assert archive.read(kept.sha256) == content
    assert Archive(archive.root).manifest(DAY).captures == (kept,)
    assert archive.days() == (DAY,)


def test_the_same_again_changes_nothing(archive: Archive) -> None:
    kept = archive.put(FIRST, b"text")
    failure = Failure(DAY, ORIGIN, "file:desk/b.pdf", Reason.UNSUPPORTED_TYPE, ".pdf", FIRST.fetched_at)
    archive.note_failure(failure)
    before = {p: p.read_bytes() for p in archive.root.rglob("*") if p.is_file()}
    for again in (archive, Archive(archive.root)):
        assert again.put(later(FIRST, 60), b"text") == kept
        moved = replace(failure, failed_at=failure.failed_at + dt.timedelta(hours=1))
        assert again.note_failure(moved) == failure
    assert {p: p.read_bytes() for p in archive.root.rglob("*") if p.is_file()} == before


def test_the_first_failure_of_a_day_stands(archive: Archive) -> None:
    failure = Failure(
        DAY, ORIGIN, "https://a.example/1", Reason.HTTP_NOT_FOUND, None, FIRST.fetched_at, http_status=404
    )
    archive.note_failure(failure)
    assert archive.note_failure(replace(failure, reason=Reason.CONNECT_FAILED, http_status=None)) == failure
    assert archive.manifest(DAY).failures == (failure,)


def test_changed_bytes_are_a_second_capture_and_the_newest_counts(archive: Archive) -> None:
    one = archive.put(FIRST, b"one")
    two = archive.put(later(FIRST, 5), b"two")
    assert latest(archive.manifest(DAY).captures) == [two]
    assert archive.put(later(FIRST, 9), b"one") == one, "back to the first state: with its first time"
    assert latest(archive.manifest(DAY).captures) == [one]


def test_a_source_described_anew_keeps_its_time(archive: Archive) -> None:
    archive.put(FIRST, b"one")
    renamed = replace(later(FIRST, 5), origin=replace(ORIGIN, outlet="The Morning Desk"))
    kept = archive.put(renamed, b"one")
    assert (kept.origin.outlet, kept.fetched_at) == ("The Morning Desk", FIRST.fetched_at)


def test_the_same_bytes_of_two_days_are_stored_once(archive: Archive) -> None:
    one = archive.put(FIRST, NOISE)
    two = archive.put(replace(FIRST, day=NEXT), NOISE)
    other = archive.put(replace(FIRST, url="file:desk/copy.txt", day=NEXT), NOISE)
    assert two.place == one.place == other.place
    assert sum(p.stat().st_size for p in archive.root.rglob("*.warc.gz")) < 2 * len(NOISE)
    assert archive.days() == (DAY, NEXT)
    fresh = Archive(archive.root)
    assert fresh.read(two) == fresh.read(two.sha256) == NOISE


@pytest.mark.parametrize(
    "torn", [b'{"record": "capture", "day": "2026-03', b"\x00\x00\x00", b'{"record": "x"}', b"[1]", b"7", b"null"]
)
def test_a_torn_last_line_is_passed_over_and_named(archive: Archive, torn: bytes) -> None:
    kept = archive.put(FIRST, b"one")
    archive.close()
    (path,) = archive.root.rglob("captures-*.jsonl")
    path.write_bytes(path.read_bytes() + torn)
    after = Archive(archive.root)
    assert after.manifest(DAY).captures == (kept,)
    assert after.manifest(DAY).torn == (3,), "after the line of the WARC file and that of the capture"
    second = after.put(replace(FIRST, url="file:desk/b.txt"), b"two")
    assert Archive(archive.root).manifest(DAY).captures == (kept, second), "the next record starts a line of its own"
    assert Archive(archive.root).manifest(DAY).torn == (3,)


@pytest.mark.parametrize("damage", ["gone", "cut", "other", "noise"])
def test_damaged_bytes_are_an_error_and_fetching_again_heals_them(archive: Archive, damage: str) -> None:
    kept = archive.put(FIRST, NOISE)
    archive.close()
    (file,) = archive.root.rglob("*.warc.gz")
    whole = file.read_bytes()
    if damage == "gone":
        file.unlink()
    elif damage == "cut":
        file.write_bytes(whole[:-9])
    elif damage == "noise":
        file.write_bytes(whole[:-900] + bytes(900))
    else:
        other = Archive(archive.root.with_name("other"))
        other.put(FIRST, NOISE[::-1])
        (changed,) = other.root.rglob("*.warc.gz")
        file.write_bytes(changed.read_bytes())
    for wanted in (kept, kept.sha256):
        with pytest.raises(BlobDamaged, match=kept.sha256):
            archive.read(wanted)
    healed = archive.put(later(FIRST, 1), NOISE)
    assert replace(healed, place=kept.place) == kept, "the first time counts"
    for wanted in (healed, kept, kept.sha256):
        assert archive.read(wanted) == Archive(archive.root).read(wanted) == NOISE
    assert archive.put(later(FIRST, 2), NOISE) == healed, "it is written once"


def test_a_capture_that_still_stands(archive: Archive) -> None:
    page = replace(FIRST, url="https://a.example/1", role=Role.FEED, http_status=200, etag='"1"', seconds=0.5)
    first = archive.put(page, NOISE)
    at = dt.datetime(2026, 3, 15, 2)
    second = archive.again(first, day=NEXT, basis=Basis.NOT_MODIFIED, at=at, etag='"2"', seconds=0.1)
    assert second == replace(
        first, day=NEXT, fetched_at=at, http_status=304, basis=Basis.NOT_MODIFIED, etag='"2"', seconds=0.1
    )
    third = archive.again(
        second, day=AFTER, basis=Basis.KEPT, at=at + dt.timedelta(days=1), parent_url="https://a.ex/f"
    )
    assert (third.place, third.basis, third.etag, third.parent_url) == (first.place, "kept", '"2"', "https://a.ex/f")
    assert (third.http_status, third.seconds) == (None, None)
    assert Archive(archive.root).read(third) == NOISE
    assert Archive(archive.root).manifest(NEXT).captures == (second,)
    assert Archive(archive.root).manifest(AFTER).captures == (third,)


def test_what_stands_already_is_not_noted_again(archive: Archive) -> None:
    first = archive.put(FIRST, b"one")
    at = dt.datetime(2026, 3, 14, 9)
    assert archive.again(first, day=DAY, basis=Basis.NOT_MODIFIED, at=at) == first
    kept = archive.again(first, day=NEXT, basis=Basis.KEPT, at=at)
    assert archive.again(first, day=NEXT, basis=Basis.KEPT, at=at + dt.timedelta(hours=1)) == kept
    asked = archive.put(replace(FIRST, day=NEXT), b"one")
    assert asked.basis is Basis.FETCHED, "that it was not asked for is no longer so"
    assert archive.again(first, day=NEXT, basis=Basis.KEPT, at=at) == asked
    assert archive.manifest(NEXT).captures == (kept, asked)


def test_lost_bytes_do_not_stand(archive: Archive) -> None:
    first = archive.put(FIRST, b"one")
    for file in archive.root.rglob("*.warc.gz"):
        file.unlink()
    with pytest.raises(BlobDamaged):
        archive.again(first, day=NEXT, basis=Basis.NOT_MODIFIED, at=FIRST.fetched_at)
    assert archive.days() == (DAY,), "nothing was written"
    with pytest.raises(ValueError, match="put"):
        archive.again(first, day=NEXT, basis=Basis.FETCHED, at=FIRST.fetched_at)


@pytest.mark.parametrize("fresh", [False, True])
def test_the_last_capture_of_an_address(archive: Archive, fresh: bool) -> None:
    url = FIRST.url
    one = archive.put(FIRST, b"one")
    feed = archive.put(replace(FIRST, role=Role.FEED), b"feed")
    two = archive.put(replace(FIRST, day=AFTER), b"two")
    archive = Archive(archive.root) if fresh else archive
    assert archive.last("desk", url, before_or_on=AFTER) == two
    assert archive.last("desk", url, before_or_on=NEXT, role=Role.DOCUMENT) == one
    assert archive.last("desk", url, before_or_on=NEXT) == feed
    assert archive.last("desk", url, before_or_on=AFTER, role=Role.FEED) == feed
    assert archive.last("desk", url, before_or_on=AFTER, role=Role.PAGE) is None
    assert archive.last("wire", url, before_or_on=AFTER) is None
    assert archive.last("desk", url, before_or_on=DAY - dt.timedelta(days=1)) is None
    assert archive.last("desk", url, before_or_on=DAY + dt.timedelta(days=44), role=Role.FEED) == feed
    assert archive.last("desk", url, before_or_on=DAY + dt.timedelta(days=45), role=Role.FEED) is None
    assert archive.put(replace(FIRST, day=AFTER), b"three") == archive.last("desk", url, before_or_on=AFTER)


def test_an_address_beyond_measure_is_refused_and_the_rest_goes_on(archive: Archive) -> None:
    long = replace(FIRST, url="https://a.example/" + "x" * 30_000)
    with pytest.raises(RecordTooLong):
        archive.put(long, b"one")
    failure = Failure(DAY, ORIGIN, long.url, Reason.BAD_ADDRESS, None, FIRST.fetched_at)
    archive.note_failure(failure)
    kept = archive.put(FIRST, b"two")
    assert Archive(archive.root).manifest(DAY).captures == (kept,)
    assert Archive(archive.root).manifest(DAY).failures == (failure,)


def test_nothing_half_written_stays_behind(archive: Archive) -> None:
    archive.put(FIRST, b"one")
    assert not list(archive.root.rglob("*.part"))


def test_a_day_without_a_manifest_is_empty_and_writes_nothing(archive: Archive) -> None:
    manifest = archive.manifest(DAY)
    assert (manifest.captures, manifest.failures, manifest.torn) == ((), (), ())
    assert not archive.has(DAY, "desk", FIRST.url)
    assert not archive.root.exists()
