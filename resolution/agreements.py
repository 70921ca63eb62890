"""Agreements of many articles to one row per instrument.

What belongs here: when two articles write of one instrument, and which status is its latest.
What does not: reading an instrument out of a sentence (``extraction.agreements``).

Two records are one instrument when the kinds of instrument fit, the parties do not contradict each other, and the
titles share most of their words; a title of nothing but its kind ("the agreement") needs the same parties and nearness
in time.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from resolution.names import content_words

# How far apart two articles may be that call one instrument by its kind alone.
BARE_TITLE_DAYS = 14
_SHARED_WORDS = 0.5
_FREE_KINDS = frozenset({"agreement", "other"})  # what newspapers call any instrument
_KIND_WORDS = content_words(
    "treaty agreement agreements mou memorandum understanding protocol contract contracts convention declaration joint "
    "statement letter intent action plan ceasefire truce deal pact pacts accord signed new bilateral"
)


@dataclass(frozen=True, slots=True)
class Report:
    """An article's record of an instrument.  ``parties``: codes of states, ids of others; ``seen``: its time."""

    article_id: str
    title: str
    subject: str | None
    instrument: str
    parties: frozenset[str]
    seen: dt.datetime


def cluster(reports: Sequence[Report]) -> tuple[list[list[str]], list[str]]:
    """Which agreements of the articles are one.

    ``reports``: in the order in which their articles appeared.
    Returns the clusters as lists of keys (oldest first) and, for every report, its key.
    """
    keys = _keys(reports)
    clusters: list[list[int]] = []
    by_word: dict[str, list[int]] = defaultdict(list)
    words = [content_words(f"{r.title} {r.subject or ''}") - _KIND_WORDS for r in reports]
    for n, report in enumerate(reports):
        index_words = words[n] or {"/".join(sorted(report.parties))}
        if report.instrument == "ceasefire":
            index_words |= {f"ceasefire {party}" for party in report.parties}
        near = {c for w in index_words for c in by_word[w]}
        fits = [c for c in sorted(near) if all(_same(report, reports[m], words[n], words[m]) for m in clusters[c])]
        if fits:
            chosen = fits[0]
            clusters[chosen].append(n)
        else:
            chosen = len(clusters)
            clusters.append([n])
        for w in index_words:
            if chosen not in by_word[w]:
                by_word[w].append(chosen)
    return [[keys[n] for n in members] for members in clusters], keys


def _keys(reports: Sequence[Report]) -> list[str]:
    """Article, kind and title, numbered where they repeat: raw fields that no other article can change."""
    seen: Counter[str] = Counter()
    keys = []
    for report in reports:
        base = f"{report.article_id}|{report.instrument}|{' '.join(sorted(content_words(report.title)))}"
        keys.append(f"{base}|{seen[base]}")
        seen[base] += 1
    return keys


def _same(a: Report, b: Report, words_a: frozenset[str], words_b: frozenset[str]) -> bool:
    if a.article_id == b.article_id:  # the article layer has told them apart
        return False
    if a.instrument != b.instrument and not {a.instrument, b.instrument} & _FREE_KINDS:
        return False
    near = abs((a.seen - b.seen).days) <= BARE_TITLE_DAYS
    if a.instrument == b.instrument == "ceasefire" and near and a.parties & b.parties:
        return True  # a truce is called by its place, its parties or its war in turn
    if words_a and words_b:
        shared = len(words_a & words_b) / min(len(words_a), len(words_b))
        if shared < _SHARED_WORDS or (shared < 1 and len(words_a & words_b) < 2):
            return False
        if len(words_a & words_b) >= 3 and not (a.parties and b.parties):
            return True
        return bool(a.parties & b.parties) and (a.parties <= b.parties or b.parties <= a.parties)
    if bool(words_a) != bool(words_b):
        return False
    return near and len(a.parties) >= 2 and a.parties == b.parties and a.instrument == b.instrument
