from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace

import pytest

from sources.archive import Archive, BlobDamaged, Capture, Failure, Origin, Role, latest
from sources.catalog import Kind
from sources.log import Reason

DAY = dt.date(2026, 3, 14)
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
    archive.put(FIRST, b"one")
    archive.put(replace(FIRST, day=dt.date(2026, 3, 15)), b"one")
    assert len(list(archive.root.rglob("*.gz"))) == 1
    assert len(archive.days()) == 2


@pytest.mark.parametrize(
    "torn", [b'{"record": "capture", "day": "2026-03', b"\x00\x00\x00", b'{"record": "x"}', b"[1]"]
)
def test_a_torn_last_line_is_passed_over_and_named(archive: Archive, torn: bytes) -> None:
    kept = archive.put(FIRST, b"one")
    (path,) = archive.root.rglob("captures-*.jsonl")
    path.write_bytes(path.read_bytes() + torn)
    after = Archive(archive.root)
    assert after.manifest(DAY).captures == (kept,)
    assert after.manifest(DAY).torn == (2,)
    second = after.put(replace(FIRST, url="file:desk/b.txt"), b"two")
    assert Archive(archive.root).manifest(DAY).captures == (kept, second), "the next record starts a line of its own"
    assert Archive(archive.root).manifest(DAY).torn == (2,)


@pytest.mark.parametrize("damage", ["gone", "cut", "other", "noise"])
def test_a_damaged_blob_is_an_error_and_fetching_again_heals_it(archive: Archive, damage: str) -> None:
    kept = archive.put(FIRST, b"one" * 100)
    (blob,) = archive.root.rglob("*.gz")
    if damage == "gone":
        blob.unlink()
    elif damage == "cut":
        blob.write_bytes(blob.read_bytes()[:-9])
    elif damage == "noise":
        blob.write_bytes(b"\x1f\x8b\x08\x00 noise")
    else:
        import gzip

        blob.write_bytes(gzip.compress(b"two"))
    with pytest.raises(BlobDamaged, match=kept.sha256):
        archive.read(kept.sha256)
    archive.put(later(FIRST, 1), b"one" * 100)
    assert archive.read(kept.sha256) == b"one" * 100


def test_nothing_half_written_stays_behind(archive: Archive) -> None:
    archive.put(FIRST, b"one")
    assert not list(archive.root.rglob("*.part"))


def test_a_day_without_a_manifest_is_empty_and_writes_nothing(archive: Archive) -> None:
    manifest = archive.manifest(DAY)
    assert (manifest.captures, manifest.failures, manifest.torn) == ((), (), ())
    assert not archive.has(DAY, "desk", FIRST.url)
    assert not archive.root.exists()
