"""The files of the archive: other tools read them, and they alone are enough."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fastwarc.warc import ArchiveIterator

from sources.archive import Archive, Basis, Capture, Failure, Manifest, Origin, Role
from sources.archiving.warc import target_uri
from sources.catalog import Kind
from sources.formats.warc import WarcPage, WarcRefusal, read_warc
from sources.log import Reason

DAY, NEXT = dt.date(2026, 3, 14), dt.date(2026, 3, 15)
AT = dt.datetime(2026, 3, 14, 2, 0, 0, 250_000)
DESK = Origin("desk", Kind.FOLDER, "The Desk", "en")
WIRE = Origin("wire", Kind.FEED, 'L"Été – 北京', None)
FEED = Capture(
    day=DAY,
    origin=WIRE,
    role=Role.FEED,
    url="https://wire.example/feed?q=à la carte",
    sha256="",
    bytes=0,
    fetched_at=AT,
    content_type="application/rss+xml; charset=utf-8",
    final_url="https://wire.example/feed.xml",
    http_status=200,
    seconds=0.25,
    etag='W/"a1"',
    last_modified="Fri, 13 Mar 2026 21:00:00 GMT",
)
HEADERS = (
    ("Content-Type", "application/rss+xml; charset=utf-8"),
    ("Content-Encoding", "gzip"),
    ("Transfer-Encoding", "chunked"),
    ("Content-Length", "77"),
    ("Set-Cookie", "sid=hush-hush"),
    ("X-Api-Key", "hush-hush"),
    ("X-Odd", "caf\u00e9\r\nX-Sneaked: in"),
    ("Bad Name", "x"),
    ("ETag", 'W/"a1"'),
)


@pytest.fixture
def full(archive: Archive) -> Archive:
    """Two days with every sort of record."""
    feed = archive.put(FEED, b"<rss>one</rss>", HEADERS)
    page = replace(FEED, role=Role.PAGE, url="https://wire.example/1#a#b", parent_url=feed.url, content_type=None)
    page = archive.put(page, b"<p>Envoys met.</p>" * 50)
    archive.put(replace(page, url="https://wire.example/empty"), b"")
    archive.put(replace(page, url="https://wire.example/copy"), b"<p>Envoys met.</p>" * 50)
    note = archive.put(Capture(DAY, DESK, Role.DOCUMENT, "file:desk/a b \u00fc.txt", "", 0, AT), b"Some words.")
    archive.put(replace(note, origin=replace(DESK, outlet="The Morning Desk")), b"Some words.")
    archive.note_failure(
        Failure(DAY, WIRE, "not an address", Reason.BAD_ADDRESS, "d\u00e9tail \u2026", AT, parent_url=feed.url)
    )
    archive.note_failure(Failure(DAY, WIRE, "https://wire.example/2", Reason.HTTP_NOT_FOUND, None, AT, None, 404, 0.1))
    later = AT + dt.timedelta(days=1)
    archive.again(feed, day=NEXT, basis=Basis.NOT_MODIFIED, at=later, headers=HEADERS, seconds=0.1)
    archive.again(page, day=NEXT, basis=Basis.KEPT, at=later)
    archive.put(replace(note, day=NEXT, fetched_at=later), b"Some words.")
    archive.put(replace(note, day=NEXT, fetched_at=later), b"Other words.")
    archive.close()
    return archive


def files(archive: Archive) -> list[Path]:
    return sorted(archive.root.rglob("*.warc.gz"))


def manifests(archive: Archive) -> list[Manifest]:
    return [Archive(archive.root).manifest(day) for day in (DAY, NEXT)]


def warcio(*arguments: str) -> str:
    command = [sys.executable, "-m", "warcio.cli", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_warcio_checks_and_indexes_them(full: Archive) -> None:
    names = [str(path) for path in files(full)]
    assert len(names) == 2
    told = warcio("check", "-v", *names)
    assert told.count("digest pass") == 10, "five bodies, one changed, three metadata, two warcinfo, less revisits"
    assert "digest present but not checked (revisit)" in told
    fields = "offset,warc-type,warc-target-uri,http:status,mime"
    index = [json.loads(line) for line in warcio("index", "-f", fields, *names).splitlines()]
    assert [entry["warc-type"] for entry in index] == [
        *("warcinfo", "response", "response", "response", "revisit", "resource", "revisit", "metadata", "metadata"),
        *("warcinfo", "revisit", "metadata", "revisit", "resource"),
    ]
    assert [entry.get("http:status") for entry in index if entry["warc-type"] == "response"] == ["200"] * 3
    entries = [e for m in manifests(full) for e in m.captures if e.basis is Basis.FETCHED and e.place]
    offsets = {int(entry["offset"]) for entry in index}
    assert {entry.place.offset for entry in entries if entry.place} <= offsets


def test_fastwarc_reads_and_verifies_them(full: Archive) -> None:
    seen = []
    for path in files(full):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, parse_http=False):
                assert record.verify_block_digest(), record.headers
                if record.is_http:
                    record.parse_http()
                kind = record.headers["WARC-Type"]
                if kind in ("response", "resource"):
                    told = json.loads(record.headers["Chancery-Record"])
                    body = record.reader.read()
                    assert hashlib.sha256(body).hexdigest() == told["sha256"]
                    assert record.headers["WARC-Payload-Digest"].startswith("sha1:")
                seen.append(kind)
    assert (len(seen), seen.count("revisit"), seen.count("metadata")) == (14, 4, 3)
    with files(full)[0].open("rb") as file:
        assert all(True for _ in ArchiveIterator(file, verify_digests=True))


def test_our_own_reader_of_foreign_files_reads_them(full: Archive) -> None:
    pages = [item for path in files(full) for item in read_warc(path)]
    elsewhere = [item for item in pages if isinstance(item, WarcRefusal)]
    assert elsewhere, "each file by itself: what an earlier one holds is told"
    assert {item.reason for item in elsewhere} == {Reason.NOT_HELD}
    contents = [page.content for page in pages if isinstance(page, WarcPage)]
    assert contents == [b"<rss>one</rss>", b"<p>Envoys met.</p>" * 50, b"", b"Some words.", b"Other words."]


def test_a_revisit_names_the_record_whose_bytes_it_means(full: Archive) -> None:
    originals, revisits = {}, []
    for path in files(full):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, parse_http=False):
                headers = dict(record.headers.items())
                if headers["WARC-Type"] in ("response", "resource"):
                    originals[headers["WARC-Record-ID"]] = headers
                elif headers["WARC-Type"] == "revisit":
                    revisits.append(headers)
    for headers in revisits:
        meant = originals[headers["WARC-Refers-To"]]
        for name in ("Target-URI", "Date"):
            assert headers[f"WARC-Refers-To-{name}"] == meant[f"WARC-{name}"]
        assert headers["WARC-Payload-Digest"] == meant["WARC-Payload-Digest"]
    profiles = [headers["WARC-Profile"].rsplit("/", 1)[1] for headers in revisits]
    assert sorted(profiles) == ["identical-payload-digest"] * 3 + ["server-not-modified"]


def test_headers_fit_the_body_and_hold_no_secret(full: Archive) -> None:
    with files(full)[0].open("rb") as file:
        response = next(r for r in ArchiveIterator(file) if r.headers["WARC-Type"] == "response")
    headers = {name.casefold(): value for name, value in response.http_headers.items()}
    assert headers["content-length"] == str(len(b"<rss>one</rss>"))
    assert headers["x-archive-orig-content-encoding"] == "gzip"
    assert headers["x-archive-orig-transfer-encoding"] == "chunked"
    assert headers["x-archive-orig-content-length"] == "77"
    assert not {"set-cookie", "x-api-key", "x-sneaked", "bad name", "content-encoding"} & set(headers)
    for path in files(full):
        text = gzip.decompress(path.read_bytes())
        assert b"hush" not in text
        assert os.fsencode(full.root) not in text, "where the archive lies is nobody's business"
        assert os.uname().nodename.encode() not in text


@pytest.mark.parametrize(
    ("url", "uri"),
    [
        ("https://a.example/x?y=1#z", "https://a.example/x?y=1#z"),
        ("HTTPS://a.example/a b|c^d", "https://a.example/a%20b%7Cc%5Ed"),
        ("https://a.example/100%/%e4%zz", "https://a.example/100%25/%e4%25zz"),
        ("https://a.example/#a#b[1]", "https://a.example/#a%23b%5B1%5D"),
        ("https://[2001:db8::1]:8080/x", "https://[2001:db8::1]:8080/x"),
        ("https://[2001:db8::1]/x[1]", "https://%5B2001:db8::1%5D/x%5B1%5D"),
        ("https://b\u00fccher.example/\u00fc", "https://b%C3%BCcher.example/%C3%BC"),
        ("https://me:pass@a.example/", "https://a.example/"),
        ("file:desk/a b\n\udcff.txt", "file:desk/a%20b%0A%ED%B3%BF.txt"),
        ("no scheme/at all", "urn:chancery:no%20scheme%2Fat%20all"),
        ("", "urn:chancery:"),
        ("https://a.example/" + "x" * 9000, None),
    ],
)
def test_target_uris_are_valid(url: str, uri: str | None) -> None:
    made = target_uri(url)
    assert made == uri or (uri is None and made.startswith("urn:sha256:"))
    assert made.isascii()
    assert made.isprintable()
    assert " " not in made
    assert urlsplit(made).scheme


@pytest.mark.parametrize("gone", ["manifests", "one manifest", "a line in the middle", "the last line", "half a line"])
def test_the_index_is_made_anew_from_the_files(full: Archive, gone: str) -> None:
    before = manifests(full)
    path = full.root / "manifests" / f"captures-{DAY}.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    if gone == "manifests":
        for each in (full.root / "manifests").iterdir():
            each.unlink()
        (full.root / "manifests").rmdir()
    elif gone == "one manifest":
        path.unlink()
    elif gone == "a line in the middle":
        path.write_bytes(b"".join(lines[:3] + lines[4:]))
    elif gone == "the last line":
        path.write_bytes(b"".join(lines[:-1]))
    else:
        path.write_bytes(b"".join(lines[:-1]) + lines[-1][:50])
    assert full.days() == (DAY, NEXT)
    after = manifests(full)
    assert [(m.captures, m.failures, m.damaged) for m in after] == [(m.captures, m.failures, ()) for m in before]
    assert [m.torn for m in after] == [((len(lines),) if gone == "half a line" else ()), ()]
    for manifest in after:
        for capture in manifest.captures:
            assert hashlib.sha256(Archive(full.root).read(capture)).hexdigest() == capture.sha256
    if "manifest" in gone:
        assert path.read_bytes() == b"".join(lines), "and it is the same to the byte"
    fresh = Archive(full.root)
    failure = fresh.note_failure(Failure(DAY, DESK, "file:desk/x.pdf", Reason.UNSUPPORTED_TYPE, ".pdf", AT))
    assert manifests(full)[0].failures == (*before[0].failures, failure)
    assert manifests(full)[0].captures == before[0].captures
    assert fresh.put(replace(FEED, fetched_at=AT + dt.timedelta(hours=3)), b"<rss>one</rss>") == before[0].captures[0]


@pytest.mark.parametrize("cut", [1, 30, 200])
def test_a_file_torn_by_a_power_cut_gives_its_whole_records(full: Archive, cut: int) -> None:
    """The tail of the WARC file is gone, and the index that was to follow it."""
    before = manifests(full)[1]
    path = files(full)[1]
    path.write_bytes(path.read_bytes()[:-cut])
    (full.root / "manifests" / f"captures-{NEXT}.jsonl").unlink()
    for _ in range(2):  # when it is made anew, and from then on
        after = manifests(full)[1]
        assert after.captures == before.captures[:-1]
        assert len(after.damaged) == 1
        assert after.damaged[0].startswith(f"warc/{NEXT}/{path.name}, byte ")
    fresh = Archive(full.root)
    last = fresh.put(replace(before.captures[-1], fetched_at=before.captures[-1].fetched_at), b"Other words.")
    assert last.place is not None
    assert last.place.file == f"warc/{NEXT}/chancery-{NEXT}-02.warc.gz", "nothing is added to the torn file"
    assert replace(last, place=None) == replace(before.captures[-1], place=None)
    assert manifests(full)[1].captures == (*before.captures[:-1], last)


def test_a_damaged_stretch_is_passed_over(full: Archive) -> None:
    before = manifests(full)[0]
    path, lost = files(full)[0], before.captures[1]
    assert lost.place is not None
    data = bytearray(path.read_bytes())
    data[lost.place.offset : lost.place.offset + lost.place.length] = bytes(lost.place.length)
    path.write_bytes(data)
    (full.root / "manifests" / f"captures-{DAY}.jsonl").unlink()
    after = manifests(full)[0]
    assert after.captures == tuple(c for c in before.captures if c != lost)
    assert after.failures == before.failures
    assert [text.partition(": ")[0] for text in after.damaged] == [f"{lost.place.file}, byte {lost.place.offset}"]


def test_foreign_records_and_files_are_no_captures(full: Archive) -> None:
    before = manifests(full)
    folder = files(full)[0].parent
    (folder / "other.warc.gz").write_bytes(b"dust")
    (folder.parent / "notes").mkdir()
    (full.root / "manifests" / "captures-soon.jsonl").write_text("{}")
    foreign = b"WARC/1.1\r\nWARC-Type: resource\r\nWARC-Target-URI: file:x/y\r\nContent-Length: 2\r\n\r\nhi\r\n\r\n"
    (folder / f"chancery-{DAY}-07.warc.gz").write_bytes(gzip.compress(foreign) + gzip.compress(foreign * 2))
    after = manifests(full)
    assert [(m.captures, m.failures) for m in after] == [(m.captures, m.failures) for m in before]
    assert len(after[0].damaged) == 3, "one that is not ours, and a member with two"
    assert full.days() == (DAY, NEXT)


def test_each_process_writes_a_file_of_its_own(archive: Archive) -> None:
    other = Archive(archive.root)
    kept = [(archive, other)[n % 2].put(replace(FEED, url=f"https://wire.example/{n}"), b"%d" % n) for n in range(6)]
    assert [path.name[-10:] for path in files(archive)] == ["01.warc.gz", "02.warc.gz"]
    assert Archive(archive.root).manifest(DAY).captures == tuple(kept)
    (archive.root / "manifests" / f"captures-{DAY}.jsonl").unlink()
    assert Archive(archive.root).manifest(DAY).captures == tuple(kept), "in the order in which they came"


def old_archive(root: Path) -> tuple[dict[str, bytes], list[dict[str, object]]]:
    """An archive as it was laid out before there were WARC files."""
    bodies = {hashlib.sha256(body).hexdigest(): body for body in (b"<rss>one</rss>", b"Some words.")}
    for sha256, body in bodies.items():
        blob = root / "blobs" / sha256[:2] / f"{sha256}.gz"
        blob.parent.mkdir(parents=True)
        blob.write_bytes(gzip.compress(body, mtime=0))
    feed, note = bodies
    common = {"record": "capture", "day": str(DAY), "fetched_at": "2026-03-14T02:00:00.250000", "final_url": None}
    wire = {"source_id": "wire", "kind": "feed", "outlet": None, "language": "fr"}
    desk = {"source_id": "desk", "kind": "folder", "outlet": "The Desk", "language": None}
    blank = {"content_type": None, "parent_url": None, "http_status": None, "seconds": None}
    lines: list[dict[str, object]] = [
        common | blank | {"origin": wire, "role": "feed", "url": FEED.url, "sha256": feed, "bytes": 14},
        common | blank | {"origin": desk, "role": "document", "url": "file:desk/a.txt", "sha256": note, "bytes": 11},
        {
            "record": "failure",
            "day": str(DAY),
            "origin": wire,
            "url": "https://wire.example/2",
            "reason": "http_not_found",
            "detail": None,
            "failed_at": "2026-03-14T02:00:01",
            "parent_url": FEED.url,
            "http_status": 404,
            "seconds": 0.1,
        },
    ]
    (root / "manifests").mkdir()
    manifest = root / "manifests" / f"captures-{DAY}.jsonl"
    manifest.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return bodies, lines


def test_an_archive_of_an_older_version_is_read_and_goes_on(archive: Archive) -> None:
    bodies, _ = old_archive(archive.root)
    manifest = archive.manifest(DAY)
    feed, note = manifest.captures
    (failure,) = manifest.failures
    assert (feed.origin, feed.basis, feed.place) == (Origin("wire", Kind.FEED, None, "fr"), Basis.FETCHED, None)
    assert (failure.reason, failure.http_status, manifest.torn) == (Reason.HTTP_NOT_FOUND, 404, ())
    for capture in (feed, note):
        assert archive.read(capture) == archive.read(capture.sha256) == bodies[capture.sha256]
    before = {path: path.read_bytes() for path in archive.root.rglob("*") if path.is_file()}
    assert archive.put(replace(note, fetched_at=AT + dt.timedelta(hours=1)), b"Some words.") == note
    assert archive.last("wire", FEED.url, before_or_on=NEXT) == feed
    assert {path: path.read_bytes() for path in archive.root.rglob("*") if path.is_file()} == before

    later = AT + dt.timedelta(days=1)
    same = archive.again(feed, day=NEXT, basis=Basis.NOT_MODIFIED, at=later)
    kept = archive.again(note, day=NEXT, basis=Basis.KEPT, at=later)
    put = archive.put(replace(note, day=DAY, url="file:desk/b.txt"), b"More words.")
    archive.close()
    fresh = Archive(archive.root)
    assert fresh.read(same) == bodies[feed.sha256]
    assert fresh.read(kept) == bodies[note.sha256]
    assert fresh.manifest(DAY).captures == (feed, note, put)
    assert fresh.manifest(NEXT).captures == (same, kept)
    for path in files(archive):
        warcio("check", str(path))
    (archive.root / "blobs" / note.sha256[:2] / f"{note.sha256}.gz").write_bytes(b"dust")
    healed = archive.put(replace(note, fetched_at=later), b"Some words.")
    assert archive.read(healed) == archive.read(note) == b"Some words."


def test_a_thousand_captures_do_not_mean_a_thousand_syncs(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    syncs: list[int] = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda descriptor: (syncs.append(descriptor), real(descriptor))[1])
    began = time.monotonic()
    with archive:
        for number in range(200):
            archive.put(replace(FEED, url=f"https://wire.example/{number}"), b"%d" % number)
            if number == 100:
                assert len(Archive(archive.root).manifest(DAY).captures) == 101, "others see it before it is synced"
    seconds = time.monotonic() - began
    assert 2 <= len(syncs) <= 8 + 2 * seconds
    syncs.clear()
    archive.sync()
    archive.close()
    assert not syncs, "there is nothing new"
    archive.put(replace(FEED, url="https://wire.example/last"), b"last")
    syncs.clear()
    archive.sync()
    assert len(syncs) == 2


def test_what_is_written_without_with_survives_the_process(tmp_path: Path) -> None:
    program = f"""
import os, sys, datetime as dt
from pathlib import Path
from sources.archive import *
from sources.catalog import Kind
archive = Archive(Path({str(tmp_path)!r}, sys.argv[1]))
day = dt.date(2026, 3, 14)
for n in range(3):
    archive.put(Capture(day, Origin("desk", Kind.FOLDER), Role.DOCUMENT, f"file:desk/{{n}}", "", 0,
                        dt.datetime(2026, 3, 14)), b"%d" % n)
if sys.argv[1] == "crash":
    os._exit(9)
real = os.fsync
os.fsync = lambda descriptor: (print("synced"), real(descriptor))[1]
"""
    for how, code, synced in (("crash", 9, 0), ("end", 0, 2)):
        done = subprocess.run([sys.executable, "-c", program, how], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (code, "")
        assert done.stdout.count("synced") == synced
        after = Archive(tmp_path / how)
        assert [after.read(capture) for capture in after.manifest(DAY).captures] == [b"0", b"1", b"2"]


def test_a_full_disk_leaves_nothing_half_written_in_the_way(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    first = archive.put(FEED, b"one")

    def full_disk(self: object, record: object) -> None:
        with files(archive)[-1].open("ab") as file:
            file.write(b"\x1f\x8b\x08half")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("sources.archiving.warc.WarcFile._write", full_disk)
        with pytest.raises(OSError, match="space"):
            archive.put(replace(FEED, url="https://wire.example/2"), b"two")
    second = archive.put(replace(FEED, url="https://wire.example/2"), b"two")
    manifest = Archive(archive.root).manifest(DAY)
    assert manifest.captures == (first, second)
    assert len(manifest.damaged) == 1
    assert archive.read(second) == b"two"
