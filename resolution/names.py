"""Written names to comparable ones.

What belongs here: folding, initials, and whether two names of persons can be one person's.
What does not: which article says what (``participants``).
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

_WORD = re.compile(r"[^\W_]+")
_PLURAL = re.compile(r"(?<=[^\W_]{3})(?<![su])s$")  # "earths" and "earth"; not "press" or "status"
# Transliterations of one given name differ in a few letters ("Sergei", "Sergey", "Serge"); other names differ in more.
_SAME_GIVEN_NAME = 0.8


def fold(text: str) -> str:
    """Lower case without accents and punctuation, words separated by one space."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(_WORD.findall(plain.casefold()))


def same_person(a: str, b: str) -> bool:
    """Whether two folded full names (two words or more each) can be one person's.

    The last words must be equal; every given name of the shorter must meet one of the longer, by equality, initial or
    a near spelling, in order.
    """
    first, second = sorted((a.split(), b.split()), key=len)
    if len(first) < 2 or first[-1] != second[-1]:
        return False
    rest = iter(second[:-1])
    return all(any(_same_given(name, other) for other in rest) for name in first[:-1])


def _same_given(a: str, b: str) -> bool:
    if a == b:
        return True
    if len(a) == 1 or len(b) == 1:
        return a[0] == b[0]
    return a[0] == b[0] and SequenceMatcher(None, a, b, autojunk=False).ratio() >= _SAME_GIVEN_NAME


def fullness(name: str) -> int:
    """How much of a name is written: 0 one word, 1 only an initial beside the last word, 2 at least two full words."""
    words = fold(name).split()
    if len(words) < 2:
        return 0
    return 2 if any(len(w) > 1 for w in words[:-1]) else 1


def content_words(text: str) -> frozenset[str]:
    """Words of three letters or more and numbers, folded, singular, without the commonest function words."""
    words = (w for w in fold(text).split() if (len(w) > 2 or w.isdigit()) and w not in _FUNCTION)
    return frozenset(_PLURAL.sub("", w) for w in words)


_FUNCTION = frozenset(
    "the and for with between its their his her from that this into over under between among a an of".split()
)


class Groups:
    """Union–find over strings."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def add(self, item: str) -> None:
        """Add an item as a group of its own."""
        self._parent.setdefault(item, item)

    def head(self, item: str) -> str:
        """The head of the item's group."""
        while self._parent[item] != item:
            self._parent[item] = self._parent[self._parent[item]]
            item = self._parent[item]
        return item

    def join(self, a: str, b: str) -> None:
        """Join two groups; the head of the first stays."""
        head_a, head_b = self.head(a), self.head(b)
        if head_a != head_b:
            self._parent[head_b] = head_a

    def members(self) -> dict[str, list[str]]:
        """Head to members, in order of addition."""
        out: dict[str, list[str]] = {}
        for item in self._parent:
            out.setdefault(self.head(item), []).append(item)
        return out
