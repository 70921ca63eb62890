"""Character sets: bytes → str.

What belongs here: which character set bytes are in, by their marks, what is declared, and what their text looks like.
What does not: where a declaration stands (drafts, feeds, sitemaps), and what may be stored of the text (text).

What bytes look like is told by chardet.  Measured on invented news in 32 languages, in the 62 pairs of a language and a
set that it was written in (a sentence, a paragraph, four): it is right in all 183, charset-normalizer in 145.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import chardet

from sources.formats.text import UNSTORABLE

# the 8-bit character sets in which files of a language were usually written before UTF-8, the usual one first
_LEGACY: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(("cs", "hr", "hu", "pl", "ro", "sk", "sl", "sq", "bs"), ("cp1250", "iso8859-2")),
    **dict.fromkeys(("be", "bg", "mk", "sr"), ("cp1251", "iso8859-5")),
    **dict.fromkeys(("ru", "uk"), ("cp1251", "koi8-u", "koi8-r", "iso8859-5", "cp866")),
    **dict.fromkeys(("kk", "ky", "mn"), ("cp1251",)),
    **dict.fromkeys(("az", "tr"), ("cp1254",)),
    **dict.fromkeys(("et", "lt", "lv"), ("cp1257",)),
    **dict.fromkeys(("ar", "fa", "ur"), ("cp1256", "iso8859-6")),
    "el": ("cp1253", "iso8859-7"),
    "he": ("cp1255",),
    "ja": ("cp932", "euc_jis_2004"),
    "ko": ("cp949",),
    "th": ("cp874",),
    "vi": ("cp1258",),
    "zh": ("gb18030", "big5hkscs"),
}
_WESTERN: Final = ("cp1252",)
_CANDIDATES: Final = frozenset(_WESTERN).union(*_LEGACY.values())
# sets that are known to chardet, but never guessed: they would only be mistaken for the usual ones
_RARE: Final = frozenset(
    ("iso8859-3", "iso8859-4", "iso8859-10", "iso8859-13", "iso8859-15", "mac-cyrillic", "mac-roman")
)
# what a declaration means in practice, after the labels of the WHATWG's Encoding standard: the set that holds the other
_WIDER: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "shift_jis_2004": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
}
# ways to write text in ASCII that Python counts among the character sets; Punycode takes quadratic time to read
_NO_SETS: Final = frozenset(("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"))
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

# Bytes that are looked at for a guess, taken where bytes outside ASCII are, in pieces: the cost has a bound.
SAMPLE: Final = 65_536
_PIECE: Final = 4_096
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_BORDER: Final = re.compile(rb"[\s<>]")  # in none of the sets a part of a longer character
_TAG: Final = re.compile(rb"<[^<>]{0,2000}>")
# How many times likelier than the set that is to be expected another one must be.  Western European text is at most 1.2
# times likelier in another set (Albanian 1.55 times), most other text twice and more, an alphabet of its own 20 times.
_LIKELIER: Final = 1.56
_LIKELIER_THAN_THE_LANGUAGE: Final = 3.0
_LIKELIER_THAN_DECLARED: Final = 2.5
_SOUND: Final = (
    0.25  # chardet's confidence that can overrule a declaration: a sentence in an alphabet of its own has 0.4
)
_FAIR: Final = 0.15  # the same where the set is one of the language that is declared
_WEAK: Final = 0.05  # below this a confidence says nothing: a word or two
_DAMAGE: Final = 0.05  # share of broken characters with which text is still of its set

_MARKS: Final = "< \n\u3000\u3001\u3002"
_CJK: Final = ("CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC", "FULLWIDTH")


class BinaryContent(ValueError):
    """The bytes are not text."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text from bytes; `guessed` when no declaration held and the character set had to be guessed."""

    text: str
    charset: str
    guessed: bool


def decode(content: bytes, declared: Iterable[str | None] = (), language: str | None = None) -> Decoded:
    """Bytes → text: byte order mark, then UTF-8 if it is that, then what is `declared`, then what it looks like.

    A declaration holds unless its text is nonsense and makes sense in another set.  `language` (ISO 639-1) is what page
    or source say of it, a hint only.  Line ends stay as they are; a byte order mark is not part of the text.  Raises
    BinaryContent for what is no text.
    """
    for bom, charset in _BOMS:
        if content.startswith(bom):
            return Decoded(content[len(bom) :].decode(charset, "replace"), charset, guessed=False)
    if content.startswith(_MAGIC):
        raise BinaryContent("it starts like a document, an archive or an image")
    named = [codec for codec in map(_known, declared) if codec is not None]
    head = content[:SAMPLE]
    if head and (len(head) - len(head.translate(None, _CONTROL))) / len(head) > 0.02:
        if (wide := _wide(content, named)) is not None:
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
        # bytes that came so far are in no other form of Unicode, whatever is declared
        return _old(content, [codec for codec in named if not codec.startswith("utf")], language)


def _old(content: bytes, named: list[str], language: str | None) -> Decoded:
    """Text that is not UTF-8, or not all of it."""
    sample = _sample(content)
    # a few broken bytes in what is UTF-8 otherwise, or another set altogether?
    if _broken(sample, "utf-8") < (_DAMAGE if named else 0.25):
        return Decoded(content.decode("utf-8", "replace"), "utf-8", guessed=True)
    likely = _likely(sample, named)
    best = max(likely, key=lambda codec: likely[codec], default="cp1252")
    for codec in named:
        if _broken(sample, codec) > _DAMAGE or _nonsense(sample, codec, best, likely, language):
            continue
        try:
            return Decoded(content.decode(codec), codec, guessed=False)
        except UnicodeDecodeError:
            return Decoded(content.decode(codec, "replace"), codec, guessed=True)
    codec = _guess(sample, best, likely, language)
    return Decoded(content.decode(codec, "replace"), codec, guessed=True)


def _guess(sample: bytes, best: str, likely: dict[str, float], language: str | None) -> str:
    """The likeliest set, but one of the language's own unless another is likelier by far."""
    own = _LEGACY.get(language or "", _WESTERN)
    expected = max(own, key=lambda codec: (likely.get(codec, 0.0), -_broken(sample, codec)))
    enough = _LIKELIER if own is _WESTERN else _LIKELIER_THAN_THE_LANGUAGE
    found = likely.get(best, 0.0)
    return best if found >= _WEAK and found > likely.get(expected, 0.0) * enough else expected


def _nonsense(sample: bytes, codec: str, best: str, likely: dict[str, float], language: str | None) -> bool:
    """Whether `best` makes so much more sense that a declaration of `codec` is not believed."""
    if codec not in _CANDIDATES | _RARE:
        return False
    hinted = best in _LEGACY.get(language or "", ())
    sound, enough = (_FAIR, _LIKELIER) if hinted else (_SOUND, _LIKELIER_THAN_DECLARED)
    found = likely.get(best, 0.0)
    if found < sound or found < likely.get(codec, 0.0) * enough:
        return False
    return sample.decode(codec, "replace") != sample.decode(best, "replace")


def _likely(sample: bytes, named: Iterable[str]) -> dict[str, float]:
    """How likely the text is in each set in which hardly anything is broken, of the usual ones and those `named`."""
    sets = _CANDIDATES | (_RARE & set(named))
    found = _confidences(sample, sets)
    for codec in sets - set(found):  # chardet leaves out a set of which a single character is broken
        if 0 < _broken(sample, codec) <= _DAMAGE:
            mended = sample.decode(codec, "replace").replace("\ufffd", "").encode(codec, "ignore")
            found |= _confidences(mended, frozenset((codec,)))
    return found


def _confidences(sample: bytes, sets: frozenset[str]) -> dict[str, float]:
    # "utf-8", which it is not, is the answer when none fits: any other would come with a confidence of its own
    found = chardet.detect_all(
        sample,
        ignore_threshold=True,
        max_bytes=len(sample) or 1,
        prefer_superset=False,
        compat_names=False,
        include_encodings=sets | {"utf-8"},
        no_match_encoding="utf-8",
        empty_input_encoding="utf-8",
    )
    return {each["encoding"]: each["confidence"] for each in found if each["encoding"] in sets}


def _sample(content: bytes) -> bytes:
    """At most SAMPLE bytes (or a little more) of the text round bytes outside ASCII, without tags if possible."""
    pieces: list[bytes] = []
    end = size = 0
    while size < SAMPLE and (high := _HIGH.search(content, end)) is not None:
        start = max(end, high.start() - 100)
        border = _BORDER.search(content, high.start() + _PIECE, high.start() + _PIECE + 1_000)
        end = border.start() if border is not None else high.start() + _PIECE
        pieces.append(content[start:end])
        size += end - start
    whole = b"".join(pieces)
    text = _TAG.sub(b" ", whole)
    return whole if text.isascii() else text  # in an attribute only, such as an address


def _broken(sample: bytes, codec: str) -> float:
    """The share of broken characters among those outside ASCII."""
    try:
        text = sample.decode(codec, "replace")
    except ValueError:
        return 1.0
    foreign = len(text) - len(text.encode("ascii", "ignore"))
    return text.count("\ufffd") / foreign if foreign else 0.0


def _wide(content: bytes, named: Iterable[str]) -> Decoded | None:
    """UTF-16 without a byte order mark: as declared, as zeros in every other byte show it, or as it looks."""
    head = content[:4_096]
    zeros = [head[first::2].count(0) / max(1, len(head[first::2])) for first in (0, 1)]
    shown = "utf-16-le" if zeros[1] > 0.4 > zeros[0] * 8 else "utf-16-be" if zeros[0] > 0.4 > zeros[1] * 8 else None
    # without a mark "UTF-16" is big-endian (RFC 2781), and little-endian in practice
    wide = [codec for codec in named if codec.startswith("utf-16")]
    orders = [order for codec in wide for order in (("utf-16-be", "utf-16-le") if codec == "utf-16" else (codec,))]
    # the bytes that select a block of characters are of fewer kinds than those that select within it
    first, second = len(set(head[::2])), len(set(head[1::2]))
    looks = "utf-16-be" if first < second else "utf-16-le"
    for codec in filter(None, (shown, *orders, looks)):
        try:
            text = content[: len(content) // 2 * 2].decode(codec)
        except UnicodeDecodeError:
            continue
        odd = sum(unicodedata.category(character)[0] == "C" for character in text[:4_096] if character not in "\t\n\r")
        if UNSTORABLE.search(text) or odd > len(text[:4_096]) / 50 or not any(mark in text for mark in _MARKS):
            continue
        told = codec == shown or codec in orders
        if told or _one_script(text[:2_048]):
            return Decoded(text, codec, guessed=not told)
    return None


def _one_script(text: str) -> bool:
    """Whether nearly all letters are of one script besides the Latin one, as in text, but not in binary data."""
    scripts = Counter(unicodedata.name(c, "?").partition(" ")[0] for c in text if c.isalpha() or c in "\u3001\u3002")
    scripts["CJK"] = sum(scripts.pop(name, 0) for name in _CJK)
    latin = scripts.pop("LATIN", 0)
    most = max(scripts.values(), default=0)
    return most > 0 and most + latin >= 0.95 * (sum(scripts.values()) + latin)


def _known(name: str | None) -> str | None:
    """The codec of a declared character set, the wider one where browsers read a narrow name as that."""
    try:
        charset = codecs.lookup((name or "").strip("\"' \t")).name
    except (LookupError, ValueError):
        return None
    if charset in _NO_SETS:
        return None
    try:
        "".encode(charset)  # base64 and friends are codecs, but not character sets
    except LookupError:
        return None
    return _WIDER.get(charset, charset)
