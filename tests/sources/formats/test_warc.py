from __future__ import annotations

import datetime as dt
import functools
import gzip
import hashlib
import io
import tracemalloc
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from sources.formats.warc import WarcPage, WarcRefusal, read_warc
from sources.log import Reason

# without the time of day, which would be a part of the tests' names
zipped = functools.partial(gzip.compress, mtime=0)


DATE = "2026-03-14T02:00:00Z"
PAGE = b"<html><p>Two envoys met in Maseru.</p></html>"


def record(block: bytes, kind: str = "response", url: str = "https://a.example/1", length: int | None = None) -> bytes:
    head = [
        "WARC/1.0",
        f"WARC-Type: {kind}",
        f"WARC-Target-URI: {url}",
        f"WARC-Date: {DATE}",
        "WARC-Record-ID: <urn:uuid:0>",
        f"Content-Length: {len(block) if length is None else length}",
    ]
    return "\r\n".join([*head, "", ""]).encode() + block + b"\r\n\r\n"


def answer(body: bytes = PAGE, *headers: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode() + body


def read(data: bytes, max_bytes: int = 100_000) -> list[WarcPage | WarcRefusal]:
    return list(read_warc(io.BytesIO(data), max_bytes=max_bytes))


def contents(data: bytes) -> list[bytes | Reason]:
    return [item.content if isinstance(item, WarcPage) else item.reason for item in read(data)]


FILE = (
    record(b"software: x\r\n", "warcinfo", "")
    + record(b"GET /1 HTTP/1.1\r\n\r\n", "request")
    + record(answer(PAGE, "Content-Type: text/html; charset=utf-8"))
    + record(b"notes", "metadata")
    + record(b"Some words.", "resource", "file:///home/notes.txt")
    + record(b"dns", "response", "dns:a.example")
    + record(b"log", "resource", "metadata://gnu.org/software/wget/warc/wget.log")
    + record(b"User-agent: *", "resource", "https://a.example/robots.txt")
    + record(answer(b"gone", status="404 Not Found"), url="<https://a.example/gone>")
)


@pytest.mark.parametrize("packing", ["plain", "a member a record", "one member", "members anywhere"])
def test_pages_come_out_however_the_file_is_packed(packing: str, tmp_path: Path) -> None:
    records = [b"WARC/1.0" + part for part in FILE.split(b"WARC/1.0")[1:]]
    data = {
        "plain": FILE,
        "a member a record": b"".join(map(gzip.compress, records)),
        "one member": zipped(FILE),
        "members anywhere": b"".join(zipped(FILE[n : n + 100]) for n in range(0, len(FILE), 100)),
    }[packing]
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(data)
    page, note, gone = read_warc(path)
    assert isinstance(page, WarcPage)
    assert isinstance(note, WarcPage)
    assert isinstance(gone, WarcRefusal)
    assert (page.url, page.content, page.content_type) == ("https://a.example/1", PAGE, "text/html; charset=utf-8")
    assert (page.http_status, page.fetched_at) == (200, dt.datetime(2026, 3, 14, 2))
    assert (note.url, note.content, note.http_status) == ("file:///home/notes.txt", b"Some words.", None)
    assert (gone.url, gone.reason, gone.http_status) == ("https://a.example/gone", Reason.HTTP_NOT_FOUND, 404)


@pytest.mark.parametrize(
    ("digest", "reasons"), [("sha1:AAAA", []), ("sha1:BBBB", [Reason.NOT_HELD]), (None, [Reason.NOT_HELD])]
)
def test_a_page_whose_bytes_another_file_has_is_told(digest: str | None, reasons: list[Reason]) -> None:
    def with_digest(data: bytes, value: str | None) -> bytes:
        return (
            data.replace(b"WARC-Record-ID", f"WARC-Payload-Digest: {value}\r\nWARC-Record-ID".encode())
            if value
            else data
        )

    first = with_digest(record(answer()), "sha1:AAAA")
    again = with_digest(record(answer(b""), "revisit"), digest)
    page, *rest = read(first + again)
    assert isinstance(page, WarcPage)
    assert [(item.url, item.reason) for item in rest if isinstance(item, WarcRefusal)] == [
        ("https://a.example/1", reason) for reason in reasons
    ]
    other = with_digest(record(answer(b""), "revisit", "https://a.example/2"), "sha1:AAAA")
    assert [item.url for item in read(first + other)] == ["https://a.example/1", "https://a.example/2"]


def test_files_of_warcio_are_read(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        writer.write_record(writer.create_warcinfo_record("crawl.warc.gz", {"software": "x"}))
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
        for number in range(3):
            url = f"https://a.example/{number}"
            body = io.BytesIO(PAGE)
            writer.write_record(
                writer.create_warc_record(url, "response", payload=body, length=len(PAGE), http_headers=head)
            )
    pages = [(p.url[-1], p.content) for p in read_warc(path) if isinstance(p, WarcPage)]
    assert pages == [("0", PAGE), ("1", PAGE), ("2", PAGE)]


def chunked(body: bytes, size: int = 10) -> bytes:
    parts = [body[n : n + size] for n in range(0, len(body), size)]
    return b"".join(b"%x;ext=1\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


RAW_DEFLATE = zlib.compressobj(wbits=-15)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (chunked(PAGE), ["Transfer-Encoding: chunked"]),
        (PAGE, ["Transfer-Encoding: chunked"]),
        (chunked(PAGE)[:-5], ["Transfer-Encoding: chunked"]),
        (zipped(PAGE), ["Content-Encoding: gzip"]),
        (PAGE, ["Content-Encoding: gzip"]),
        (PAGE, ["Content-Encoding: br"]),
        (zlib.compress(PAGE), ["content-encoding: deflate"]),
        (RAW_DEFLATE.compress(PAGE) + RAW_DEFLATE.flush(), ["content-encoding: deflate"]),
        (chunked(zipped(PAGE)), ["Transfer-Encoding: chunked", "Content-Encoding: gzip"]),
        (PAGE, ["Content-Encoding: identity"]),
    ],
)
def test_bodies_are_decoded_if_they_are_packed(body: bytes, headers: list[str]) -> None:
    assert contents(record(answer(body, *headers))) == [PAGE]


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        (answer(status="301 Moved"), Reason.HTTP_UNEXPECTED),
        (answer(status="403 No"), Reason.HTTP_REFUSED),
        (answer(status="429 Busy"), Reason.HTTP_BUSY),
        (answer(status="503 Down"), Reason.HTTP_SERVER_ERROR),
        (answer(status="304 Same"), Reason.HTTP_UNEXPECTED),
        (b"", Reason.PROTOCOL_ERROR),
        (b"<html>no head</html>", Reason.PROTOCOL_ERROR),
        (answer(b"x", "Content-Encoding: gzip, gzip")[:-1] + zipped(b"x"), Reason.PROTOCOL_ERROR),
        (answer(zipped(PAGE)[:-8] + bytes(8), "Content-Encoding: gzip"), Reason.PROTOCOL_ERROR),
        (answer(b"\x8b\x02\x80\xff\x00", "Content-Encoding: br"), Reason.UNSUPPORTED_TYPE),
        (answer(b"x" * 100_000), Reason.TOO_LARGE),
        (answer(b"x" * 5_000_000), Reason.TOO_LARGE),
        (answer(zipped(bytes(1_000_000)), "Content-Encoding: gzip"), Reason.TOO_LARGE),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 50_000 + b"\r\n", Reason.PROTOCOL_ERROR),
    ],
)
def test_what_is_no_page_has_its_reason_and_the_next_is_read(block: bytes, reason: Reason) -> None:
    for data in (record(block) + record(answer()), zipped(record(block)) + zipped(record(answer()))):
        assert contents(data) == [reason, PAGE]


GOOD = record(answer())


@pytest.mark.parametrize(
    "bad",
    [
        record(answer(), length=3),
        record(answer(), length=len(answer()) - 1),
        record(answer()).replace(b"Content-Length: ", b"Content-Length: -"),
        record(answer()).replace(b"Content-Length", b"Content-Size"),
        record(answer()).replace(DATE.encode(), b"yesterday"),
        record(answer()).replace(b"WARC/1.0", b"WARC/7.0"),
        record(answer()).replace(b"WARC-Record-ID: ", b"WARC-Block-Digest: sha1:2222222222222222\r\nX: "),
        b"dust and noise\r\n\r\n",
        b"WARC/1.0" + b"x" * 200_000 + b"\r\n",
        b"WARC/1.0\r\n" + b"Field: value\r\n" * 20_000 + b"\r\n",
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_a_damaged_record_costs_nothing_but_itself(bad: bytes, packed: bool) -> None:
    pack = zipped if packed else bytes
    outcome = contents(pack(GOOD) + pack(bad) + pack(GOOD) + pack(GOOD))
    assert outcome == [PAGE, Reason.RECORD_DAMAGED, PAGE, PAGE]


def test_a_record_that_claims_more_than_its_member_does_not_eat_the_next() -> None:
    bad = zipped(record(answer(), length=10_000))
    assert contents(bad + zipped(GOOD)) == [Reason.RECORD_DAMAGED, PAGE]


@pytest.mark.parametrize("at", [12, 30, 90, -6, -2])
def test_damage_to_the_packing_costs_one_record(at: int) -> None:
    member = bytearray(zipped(record(answer(bytes(range(256))))))
    member[at] ^= 0xFF
    good = zipped(GOOD)
    assert contents(good + bytes(member) + good + good) == [PAGE, Reason.RECORD_DAMAGED, PAGE, PAGE]


def test_a_torn_file_gives_what_is_whole() -> None:
    packed = zipped(GOOD)
    for data, size in ((GOOD * 2, len(GOOD)), (packed * 2, len(packed))):
        for cut in (size + 1, size + 20, len(data) - 30):
            assert contents(data[:cut]) == [PAGE, Reason.RECORD_DAMAGED], cut
    assert contents(GOOD * 2 + b"\r\n\r\n") == [PAGE, PAGE]
    assert contents((GOOD * 2)[:-4]) == [PAGE, PAGE], "only the line ends are missing"
    assert contents(packed + b"\0" * 40) == [PAGE, Reason.RECORD_DAMAGED]


@pytest.mark.parametrize("data", [b"<html></html>", b"\x00" * 5000, zipped(b"no"), b"\x1f\x8b\x08dust", b"PK\3\4"])
def test_another_kind_of_file_is_told(data: bytes) -> None:
    assert contents(data) == [Reason.NOT_A_WARC]


def test_an_empty_file_is_told() -> None:
    assert contents(b"") == contents(b"\r\n") == [Reason.EMPTY]


def test_digests_of_every_writing_are_checked() -> None:
    block = answer()
    sha256 = hashlib.sha256(block).hexdigest()
    good = record(block).replace(b"WARC-Record-ID", f"WARC-Block-Digest: sha256:{sha256}\r\nWARC-Record-ID".encode())
    odd = record(block).replace(b"WARC-Record-ID", b"WARC-Block-Digest: crc32:00\r\nWARC-Record-ID")
    assert contents(good) == contents(odd) == [PAGE]
    assert contents(good.replace(b"envoys", b"enemys")) == [Reason.RECORD_DAMAGED]


def test_truncated_and_segmented_records_are_told() -> None:
    cut = record(answer()).replace(b"WARC-Record-ID", b"WARC-Truncated: length\r\nWARC-Record-ID")
    part = record(answer()).replace(b"WARC-Record-ID", b"WARC-Segment-Number: 1\r\nWARC-Record-ID")
    page, refusal = read(cut + part)
    assert isinstance(page, WarcPage)
    assert page.truncated == "length"
    assert isinstance(refusal, WarcRefusal)
    assert refusal.reason is Reason.UNSUPPORTED_TYPE


def test_a_password_in_an_address_is_not_passed_on() -> None:
    (page,) = read(record(answer(), url="https://me:secret@a.example/1"))
    assert page.url == "https://a.example/1"


def test_bombs_do_not_fill_the_memory(tmp_path: Path) -> None:
    """A body, a record, a head and a line that unpack to a hundred megabytes each."""
    zeros = bytes(100_000_000)
    inner = zipped(zeros, 9)
    path = tmp_path / "bomb.warc.gz"
    with path.open("wb") as file:
        for member in (
            record(answer(inner, "Content-Encoding: gzip")),
            record(answer(zeros)),
            b"WARC/1.0\r\nField: " + zeros + b"\r\n\r\n",
            zeros,
            GOOD,
        ):
            file.write(zipped(member, 1))
    del zeros, member
    tracemalloc.start()
    outcome = [item.content if isinstance(item, WarcPage) else item.reason for item in read_warc(path)]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert outcome == [Reason.TOO_LARGE, Reason.TOO_LARGE, Reason.RECORD_DAMAGED, PAGE], "the last two are one stretch"
    assert peak < 60_000_000, "a page may have 20 MB, and is copied once"


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_damage_is_fatal_or_endless(data: st.DataObject) -> None:
    packed = data.draw(st.booleans())
    whole = bytearray((zipped(GOOD) if packed else GOOD) * 3)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(whole) - 1))
        kind = data.draw(st.sampled_from(["change", "cut", "insert"]))
        if kind == "change":
            whole[at] = data.draw(st.integers(0, 255))
        elif kind == "cut":
            del whole[at : at + data.draw(st.integers(1, 40))]
        else:
            whole[at:at] = data.draw(st.binary(max_size=20))
    for item in read(bytes(whole)):
        assert isinstance(item, WarcPage) or item.reason.sentence
