from __future__ import annotations

import pytest

from sources.formats.charsets import BinaryContent, decode


@pytest.mark.parametrize(
    ("content", "declared", "language", "text", "guessed"),
    [
        ("Zoë met Łukasz".encode(), None, None, "Zoë met Łukasz", False),
        (b"\xef\xbb\xbfplain", None, None, "plain", False),
        ("Zoë".encode("utf-16"), None, None, "Zoë", False),
        ("“Olá”, said José".encode("cp1252"), "windows-1252", None, "“Olá”, said José", False),
        ("“Olá”, said José".encode("cp1252"), "iso-8859-1", None, "“Olá”, said José", False),
        ("“Olá”, said José".encode("cp1252"), "utf-8", None, "“Olá”, said José", True),
        ("Москва".encode("cp1251"), "koi-nonsense", "ru", "Москва", True),
        ("Москва".encode("koi8-r"), "koi8-r", "ru", "Москва", False),
        ("東京".encode("cp932"), None, "ja", "東京", True),
        (("Präsident " * 9).encode() + b"\xff", None, None, "Präsident " * 9 + "\ufffd", True),
        (b"caf\xe9", "base64", None, "café", True),
        (b"one\r\ntwo\r", None, None, "one\r\ntwo\r", False),
        ("Two words".encode("utf-16-le"), None, None, "Two words", False),
        ("Two words".encode("utf-16-be"), None, None, "Two words", False),
        ("Две речи".encode("utf-16-le"), "utf-16", None, "Две речи", False),
        ("Две речи".encode("utf-16-be"), "utf-16", None, "Две речи", False),
        ("会談は東京で。".encode("iso2022_jp"), "ISO-2022-JP", None, "会談は東京で。", False),
    ],
)
def test_character_sets(content: bytes, declared: str | None, language: str | None, text: str, guessed: bool) -> None:
    decoded = decode(content, [declared], language)
    assert (decoded.text, decoded.guessed) == (text, guessed)


@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.7 x", b"\x89PNG\r\n", b"PK\x03\x04", bytes(range(256)) * 4, b"a\x00b\x00c\x00", b"\x1f\x8b\x08"],
)
def test_what_is_no_text(content: bytes) -> None:
    with pytest.raises(BinaryContent):
        decode(content)
