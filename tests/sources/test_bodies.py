from __future__ import annotations

import gzip
import zlib

import pytest

from sources.network.bodies import STEP, BodyError, Decoder

TEXT = b"Quito and Lima sign. " * 20_000
RAW = zlib.compressobj(wbits=-zlib.MAX_WBITS)
RAW_TEXT = RAW.compress(TEXT) + RAW.flush()


def decoded(encoding: str, data: bytes, size: int = 1000) -> bytes:
    decoder = Decoder(encoding)
    return b"".join(p for start in range(0, len(data), size) for p in decoder.chunks(data[start : start + size]))


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("", TEXT),
        ("identity", TEXT),
        ("gzip", gzip.compress(TEXT)),
        ("X-GZIP", gzip.compress(TEXT)),
        ("identity, gzip", gzip.compress(TEXT)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", RAW_TEXT),
        ("gzip", gzip.compress(TEXT) + b"something behind"),
    ],
    ids=["plain", "identity", "gzip", "x-gzip", "identity, gzip", "deflate", "raw deflate", "gzip and more"],
)
@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_bodies_come_out_whole(encoding: str, data: bytes, size: int) -> None:
    assert decoded(encoding, data, size) == TEXT


def test_a_bomb_grows_step_by_step() -> None:
    bomb = gzip.compress(b"0" * 50_000_000)
    pieces = Decoder("gzip").chunks(bomb)
    assert all(len(next(pieces)) <= STEP for _ in range(10))


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "gzip, deflate", "a" * 1000])
def test_encodings_that_are_not_read(encoding: str) -> None:
    with pytest.raises(BodyError):
        Decoder(encoding)


@pytest.mark.parametrize(("encoding", "data"), [("gzip", b"plain text"), ("deflate", b"\xff\xff\xff\xff\xff")])
def test_damaged_bodies(encoding: str, data: bytes) -> None:
    with pytest.raises(BodyError):
        decoded(encoding, data)


@pytest.mark.parametrize("step", [1, 2, 3, 50, 10_000])
def test_members_follow_each_other_and_what_ends_too_early_is_damaged(step: int) -> None:
    text = b"The harbour master of Turku. " * 50
    packed = gzip.compress(text)
    for body, whole in (
        (packed, text),
        (packed + gzip.compress(b"more") + packed, text + b"more" + text),
        (packed + b"\0\0\0", text),
        (packed + packed[:1], text),
        (b"", b""),
    ):
        decoder = Decoder("gzip")
        pieces = [piece for at in range(0, len(body), step) for piece in decoder.chunks(body[at : at + step])]
        decoder.finish()
        assert b"".join(pieces) == whole
    for cut in (packed[: len(packed) // 2], packed[:-8], packed + packed[:-1]):
        decoder = Decoder("gzip")
        for at in range(0, len(cut), step):
            list(decoder.chunks(cut[at : at + step]))
        with pytest.raises(BodyError, match="too early"):
            decoder.finish()
