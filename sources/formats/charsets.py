"""Character sets: bytes → str.

What belongs here: which character set bytes are in, by their marks, by what is declared, by their language.
What does not: where a declaration stands (drafts, feeds, sitemaps), and what may be stored of the text (text).
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sources.formats.text import UNSTORABLE

# the 8-bit character set in which files of a language were usually written before UTF-8
_LEGACY: Final = {
    **dict.fromkeys(("cs", "hr", "hu", "pl", "ro", "sk", "sl", "sq", "bs"), "cp1250"),
    **dict.fromkeys(("be", "bg", "mk", "ru", "sr", "uk"), "cp1251"),
    **dict.fromkeys(("az", "tr"), "cp1254"),
    **dict.fromkeys(("et", "lt", "lv"), "cp1257"),
    **dict.fromkeys(("ar", "fa", "ur"), "cp1256"),
    "el": "cp1253",
    "he": "cp1255",
    "ja": "cp932",
    "ko": "cp949",
    "th": "cp874",
    "vi": "cp1258",
    "zh": "gb18030",
}
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC: Final = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"\x7fELF",
    b"\xd0\xcf\x11\xe0",
)
_CONTROL: Final = bytes(c for c in range(32) if c not in b"\t\n\r\f\v\x1a\x1b") + b"\x7f"

# Japanese mail's character set, which is ASCII to one who does not know its escapes
_ESCAPED: Final = re.compile(rb"\x1b\$[@B][\x21-\x7e\n\r]{2,4000}?\x1b\([BJ]")


class BinaryContent(ValueError):
    """The bytes are not text."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text from bytes; `guessed` when no declaration held and the character set had to be guessed."""

    text: str
    charset: str
    guessed: bool


def decode(content: bytes, declared: Iterable[str | None] = (), language: str | None = None) -> Decoded:
    """Bytes → text: byte order mark, then UTF-8 if it is that, then what is `declared`, then the language's old set.

    Line ends stay as they are; a byte order mark is not part of the text.  Raises BinaryContent for what is no text.
    """
    for bom, charset in _BOMS:
        if content.startswith(bom):
            return Decoded(content[len(bom) :].decode(charset, "replace"), charset, guessed=False)
    if content.startswith(_MAGIC):
        raise BinaryContent("it starts like a document, an archive or an image")
    declared = tuple(declared)
    head = content[:65_536]
    if head and (len(head) - len(head.translate(None, _CONTROL))) / len(head) > 0.02:
        if (wide := _wide(content, declared)) is not None:
            return wide
        raise BinaryContent("it is full of control characters")
    if _ESCAPED.search(head):
        try:
            return Decoded(content.decode("iso2022_jp_2"), "iso2022_jp_2", guessed=False)
        except UnicodeDecodeError:
            pass
    try:
        return Decoded(content.decode("utf-8"), "utf-8", guessed=False)
    except UnicodeDecodeError:
        pass
    for codec in filter(None, map(_known, declared)):
        if codec != "utf-8":
            try:
                return Decoded(content.decode(codec), codec, guessed=False)
            except (UnicodeDecodeError, ValueError):
                continue
    # a few broken bytes in what is UTF-8 otherwise, or another set altogether?
    text = content.decode("utf-8", "replace")
    foreign = sum(character > "\x7f" for character in text)
    if text.count("\ufffd") * 4 < foreign:
        return Decoded(text, "utf-8", guessed=True)
    charset = _LEGACY.get(language or "", "cp1252")
    return Decoded(content.decode(charset, "replace"), charset, guessed=True)


def _wide(content: bytes, declared: Iterable[str | None]) -> Decoded | None:
    """UTF-16 without a byte order mark: as declared, or as zeros show it in every other byte of Latin text."""
    head = content[:4_096]
    zeros = [head[first::2].count(0) / max(1, len(head[first::2])) for first in (0, 1)]
    shown = "utf-16-le" if zeros[1] > 0.4 > zeros[0] * 8 else "utf-16-be" if zeros[0] > 0.4 > zeros[1] * 8 else None
    named = [codec for codec in map(_known, declared) if codec and codec.startswith("utf-16")]
    # without a mark "UTF-16" is big-endian (RFC 2781), and little-endian in practice
    orders = [order for codec in named for order in (("utf-16-be", "utf-16-le") if codec == "utf-16" else (codec,))]
    for codec in filter(None, (shown, *orders)):
        try:
            text = content[: len(content) // 2 * 2].decode(codec)
        except UnicodeDecodeError:
            continue
        odd = sum(unicodedata.category(character)[0] == "C" for character in text[:4_096] if character not in "\t\n\r")
        if not UNSTORABLE.search(text) and odd <= len(text[:4_096]) / 50 and any(mark in text for mark in "< \n"):
            return Decoded(text, codec, guessed=False)
    return None


def _known(name: str | None) -> str | None:
    """The codec of a declared character set; browsers read latin-1 and ASCII as cp1252, and so do we."""
    try:
        charset = codecs.lookup((name or "").strip("\"' \t")).name
    except (LookupError, ValueError):
        return None
    if charset in ("iso8859-1", "ascii"):
        return "cp1252"
    try:
        "".encode(charset)  # base64 and friends are codecs, but not character sets
    except LookupError:
        return None
    return charset
