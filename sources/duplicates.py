"""Articles that repeat an earlier one, exactly or nearly.

What belongs here: comparing texts with texts.  What does not: which version of an article counts (warehouse), or which
quotes and events are the same (resolution).

    signature(text) -> tuple[int, ...] | None
    mark_duplicates(rows) -> {article_id: article_id of the earliest article of its group}

Near means that two texts share at least 70 % of their three-word sequences.  Measured on 147 news texts: the nearest
pair of different articles shares 46 %, all others less than 11 %; a copy without its last fifth shares 76 % or more,
one with a note of 30 words added 71 %, one with every twentieth word changed 73 %.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from sources.formats.text import words

MIN_WORDS: Final = 60  # shorter texts are compared exactly only: flashes on one event are alike without being copies
SHINGLE: Final = 3  # words
NEAR: Final = 0.7  # share of common shingles
PERMUTATIONS: Final = 128
SEED: Final = 1
SCHEME: Final = "affine32"  # named, so that stored signatures stay comparable whatever datasketch's default becomes
# bands × values of the index: finds a pair at the threshold with 99.98 %, and passes on 23 % of pairs that share 30 %
BANDS: Final = (32, 4)


class DuplicateRow(NamedTuple):
    """What `mark_duplicates` needs of an article; times are naive UTC."""

    article_id: str
    published_at: dt.datetime | None
    fetched_at: dt.datetime
    content_hash: str
    signature: Sequence[int] | None


def signature(text: str) -> tuple[int, ...] | None:
    """The MinHash of a text: 128 numbers below 2³², the same for ever; None for fewer than 60 words."""
    from datasketch import MinHash

    found = words(text)
    if len(found) < MIN_WORDS:
        return None
    shingles = {" ".join(found[i : i + SHINGLE]).encode("utf-8", "replace") for i in range(len(found) - SHINGLE + 1)}
    sketch = MinHash(num_perm=PERMUTATIONS, seed=SEED, scheme=SCHEME)
    sketch.update_batch(shingles)
    return tuple(int(value) for value in sketch.hashvalues)


def mark_duplicates(
    rows: Iterable[tuple[str, dt.datetime | None, dt.datetime, str, Sequence[int] | None]],
) -> dict[str, str]:
    """Which articles repeat which.

    `rows` are tuples like DuplicateRow, one per article id.  The result maps each repeating article to the first one
    of its group; first is what was published (or else fetched) first, then what was fetched first, then the smaller
    id.  Chains lead to the first: what repeats a repetition repeats its original.  The order of `rows` is of no matter.
    """
    ordered = sorted((DuplicateRow(*row) for row in rows), key=_age)
    originals: list[DuplicateRow] = []  # of exact copies, the first
    by_hash: dict[str, str] = {}
    for row in ordered:
        if row.content_hash not in by_hash:
            by_hash[row.content_hash] = row.article_id
            originals.append(row)
    signed = [(row.article_id, row.signature) for row in originals if row.signature is not None]
    roots = list(range(len(signed)))
    for later, earlier in _near_pairs([values for _, values in signed]):
        roots[later] = min(roots[later], roots[earlier])
    first = {article: signed[root][0] for (article, _), root in zip(signed, roots, strict=True)}
    copied = ((row.article_id, by_hash[row.content_hash]) for row in ordered)
    groups = {article: first.get(original, original) for article, original in copied}
    return {article: original for article, original in groups.items() if article != original}


def _near_pairs(signatures: list[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Pairs (later, earlier) of positions whose signatures agree in at least `NEAR` of their values, in order.

    Locality-sensitive hashing: only signatures that share a whole band are compared.
    """
    import numpy as np

    if not signatures:
        return
    matrix = np.array(signatures, dtype=np.uint32)
    neighbours: defaultdict[int, set[int]] = defaultdict(set)
    bands, width = BANDS
    for band in range(bands):
        keys = np.zeros(len(matrix), dtype=np.uint64)
        for column in range(band * width, (band + 1) * width):
            # an odd multiplier larger than 2³²; a chance collision costs one comparison and nothing else
            keys = keys * np.uint64(0x9E3779B97F4A7C15) + matrix[:, column]
        order = np.argsort(keys, kind="stable")
        borders = np.flatnonzero(np.diff(keys[order], prepend=~keys[order[0]], append=~keys[order[-1]]))
        sizes = np.diff(borders)
        for start, size in zip(borders[:-1][sizes > 1], sizes[sizes > 1], strict=True):
            group = order[start : start + size].tolist()
            for place, later in enumerate(group):
                neighbours[later].update(group[:place])
    for later in sorted(neighbours):
        for earlier in sorted(neighbours[later]):
            if np.mean(matrix[later] == matrix[earlier]) >= NEAR:
                yield later, earlier


def _age(row: DuplicateRow) -> tuple[dt.datetime, dt.datetime, str]:
    published = row.published_at
    if published is None or published != published:  # pandas' NaT is unequal to itself
        published = row.fetched_at
    return published, row.fetched_at, row.article_id
