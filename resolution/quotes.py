"""The same words of the same speaker in several articles.

What belongs here: which quote repeats an earlier one (``same_as``).
What does not: finding quotes (``extraction.quotes``).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from resolution.identity import short_hash
from resolution.names import fold

# Fewer words are said by the same person on many days ("we are ready").
MIN_WORDS = 5
# A paper that trims or re-words one phrase still quotes the same statement.
SHARED_WORDS = 0.85


@dataclass(frozen=True, slots=True)
class Said:
    """A quote as far as it can be compared."""

    quote_id: str
    article_id: str
    text: str
    speaker_id: str | None


def quote_ids(article_ids: Iterable[str], texts: Iterable[str]) -> list[str]:
    """An id for every quote: a hash of article, text and, where an article repeats a text, its number."""
    seen: Counter[tuple[str, str]] = Counter()
    ids = []
    for article_id, text in zip(article_ids, texts, strict=True):
        base = (article_id, fold(text))
        ids.append(short_hash("quote", *base, seen[base]))
        seen[base] += 1
    return ids


def same_as(quotes: Sequence[Said]) -> list[str | None]:
    """For every quote the id of the first report of the same words by the same speaker, or None.

    ``quotes``: oldest article first.
    """
    firsts: dict[tuple[str, str], list[tuple[str, str, frozenset[str]]]] = defaultdict(list)
    out: list[str | None] = []
    for said in quotes:
        words = fold(said.text).split()
        if said.speaker_id is None or len(words) < MIN_WORDS:
            out.append(None)
            continue
        bag = frozenset(words)
        handles = [(said.speaker_id, " ".join(words[n : n + 4])) for n in range(len(words) - 3)]
        found = None
        for handle in handles:
            for quote_id, article_id, other in firsts[handle]:
                if article_id != said.article_id and len(bag & other) >= SHARED_WORDS * len(bag | other):
                    found = quote_id
                    break
            if found:
                break
        out.append(found)
        if found is None:
            for handle in handles:
                firsts[handle].append((said.quote_id, said.article_id, bag))
    return out
