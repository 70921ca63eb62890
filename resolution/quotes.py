"""The same words of the same speaker in several articles.

What belongs here: which quote repeats an earlier one (``same_as``).
What does not: finding quotes (``extraction.quotes``).
"""

from __future__ import annotations

from collections import Counter, defaultdict

import pandas as pd

from resolution.identity import short_hash
from resolution.names import fold

# Fewer words are said by the same person on many days ("we are ready").
MIN_WORDS = 5
# A paper that trims or re-words one phrase still quotes the same statement.
SHARED_WORDS = 0.85


def quote_ids(quotes: pd.DataFrame) -> list[str]:
    """An id for every quote: a hash of article, text and, where an article repeats a text, its number."""
    seen: Counter[tuple[str, str]] = Counter()
    ids = []
    for row in quotes.itertuples(index=False):
        base = (row.article_id, fold(row.text))
        ids.append(short_hash("quote", *base, seen[base]))
        seen[base] += 1
    return ids


def same_as(quotes: pd.DataFrame) -> list[str | None]:
    """For every quote the id of the first report of the same words by the same speaker, or None.

    ``quotes``: rows with ``quote_id``, ``article_id``, ``text`` and ``speaker_id``, oldest article first.
    """
    firsts: dict[tuple[str, str], list[tuple[str, str, frozenset[str]]]] = defaultdict(list)
    out: list[str | None] = []
    for row in quotes.itertuples(index=False):
        words = fold(row.text).split()
        if not isinstance(row.speaker_id, str) or len(words) < MIN_WORDS:
            out.append(None)
            continue
        bag = frozenset(words)
        handles = [(row.speaker_id, " ".join(words[n : n + 4])) for n in range(len(words) - 3)]
        found = None
        for handle in handles:
            for quote_id, article_id, other in firsts[handle]:
                if article_id != row.article_id and len(bag & other) >= SHARED_WORDS * len(bag | other):
                    found = quote_id
                    break
            if found:
                break
        out.append(found)
        if found is None:
            for handle in handles:
                firsts[handle].append((row.quote_id, row.article_id, bag))
    return out
