"""Which addresses of a site look like articles, and the regular expression that says so.

What belongs here: guessing a `link_pattern` from the addresses themselves, for a person to look at.
What does not: reading links out of a page (formats.listings) and trying a pattern out (discovery).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

LEAST: Final = 4  # addresses that a pattern must cover to be one
_SLUG: Final = re.compile(r"[^\W_]+(?:[-_][^\W_]+){3,}")  # words of a headline
_NUMBER: Final = re.compile(r"\d{4,}")  # of an article in a database
_SUFFIX: Final = re.compile(r"\.(?:s?html?|php|aspx?|jsp|cfm)$", re.IGNORECASE)
_FILE: Final = re.compile(
    r"\.(?:pdf|jpe?g|png|gif|webp|svg|mp[34]|zip|docx?|xlsx?|xml|rss|json|css|js)$", re.IGNORECASE
)
_BY_NUMBER: Final = re.compile(r"(\w+)=\d{2,}")
_ANY: Final = "[^/?#]+"


def guess_pattern(addresses: Iterable[str]) -> str | None:
    """A regular expression that the articles among `addresses` have in common, or None when there is none.

    An article's address ends in the words of a headline or in a number.  At least half of these addresses must share a
    shape: the folders in front of it are the same, or else the first of them is.
    """
    articles = [shape for shape in map(_shape, dict.fromkeys(addresses)) if shape is not None]
    for depth in (None, 1):
        counts = Counter(_pattern(*shape, depth) for shape in articles)
        if counts:
            pattern, number = counts.most_common(1)[0]
            if number >= LEAST and number * 2 >= len(articles):
                return pattern
    return None


def _shape(address: str) -> tuple[str, tuple[str, ...], str] | None:
    """(scheme and host, folders, end) of an article's address, each as a regular expression; None for another one."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    *folders, last = [segment for segment in parts.path.split("/") if segment] or [""]
    start = "^https?://" + re.escape(parts.netloc)
    inside = tuple(r"\d+" if folder.isdecimal() else re.escape(folder) for folder in folders)
    numbers = list(_BY_NUMBER.finditer(parts.query))
    if numbers:
        return start, (*inside, re.escape(last)) if last else inside, rf"\?(?:.*&)?{re.escape(numbers[-1][1])}=\d+"
    stem = _SUFFIX.sub("", last)
    if parts.query or _FILE.search(last) or not (_SLUG.search(stem) or _NUMBER.search(stem)):
        return None
    end = r"\d+" if stem.isdecimal() else _ANY
    return start, inside, "/" + end + re.escape(last[len(stem) :]) + ("/?$" if stem == last else "$")


def _pattern(start: str, folders: tuple[str, ...], end: str, depth: int | None) -> str:
    """The whole expression, with the folders after the first `depth` ones left open."""
    if depth is None or len(folders) <= depth:
        return start + "".join(f"/{folder}" for folder in folders) + end
    return start + "".join(f"/{folder}" for folder in folders[:depth]) + f"(?:/{_ANY})*" + end
