"""Characters that can be stored and shown.

What belongs here: odd characters, white space, counting words.
What does not: character sets (charsets), structure (pages, feeds) and language (language).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")
# characters that turn the reading direction of what follows; the marks (LRM, RLM) of honest Arabic and Hebrew stay
_OVERRIDES: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_INVISIBLE: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff]")
_SPACE: Final = re.compile(r"\s+")
# a word: letters and digits with inner apostrophes, hyphens and dots; each ideograph and kana counts as one
_WORD: Final = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W_]+(?:['’.\-][^\W_]+)*")


def storable(text: str) -> tuple[str, bool]:
    """`text` with NUL and lone surrogates replaced one for one by U+FFFD (offsets stay), and whether there were any."""
    fixed = UNSTORABLE.sub("\ufffd", text)
    return fixed, fixed != text


def line(text: str | None) -> str | None:
    """One clean line (a title, a name): no control or direction characters, single spaces; None if nothing is left."""
    if not text:
        return None
    text = UNSTORABLE.sub(" ", unicodedata.normalize("NFC", text))
    return _SPACE.sub(" ", _INVISIBLE.sub("", _OVERRIDES.sub("", text))).strip() or None


def paragraph(text: str) -> str:
    """The text of one paragraph of markup: as `line`, but line breaks stay (one at a time)."""
    parts = (line(part.replace("\r", "").replace("\t", " ")) for part in text.split("\n"))
    return "\n".join(part for part in parts if part)


def count_words(text: str) -> int:
    """Words in `text`; each Chinese or Japanese character counts as one."""
    return sum(1 for _ in _WORD.finditer(text))


def words(text: str) -> list[str]:
    """The words of `text`, case-folded, for comparing texts."""
    return [match[0].casefold() for match in _WORD.finditer(text)]
