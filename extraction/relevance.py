"""Relevance: whether an article is about dealings of states and political actors at all.

What belongs here: the one judgement over a whole text that keeps matches, crimes, deals and storms out of the events.
What does not: whether a single trigger counts (``acts``, ``prominence``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from extraction import gazetteer, grammar
from extraction.document import Document

_SHORT = 60  # words: a flash names its actors and nothing else
_MIDDLING = 150
_PLENTY = 0.012  # political words a word of a longer text


@dataclass(frozen=True, slots=True)
class Topic:
    """What a text speaks of: counts of words, and how many states it names."""

    words: int
    political: float
    strong: int
    other: dict[str, int]
    states: int


@cache
def _lists() -> tuple[frozenset[str], frozenset[str], dict[str, frozenset[str]]]:
    raw = gazetteer.lexicon("topics")
    return frozenset(raw["political"]), frozenset(raw["weak"]), {k: frozenset(v) for k, v in raw["topics"].items()}


def topic_of(document: Document) -> Topic:
    """Count a document's words of politics and of other topics."""
    political, weak, topics = _lists()
    total, score = 0, 0.0
    strong: set[str] = set()
    other: dict[str, set[str]] = {k: set() for k in topics}
    states: set[str] = set()
    for token in document.doc:
        if not token.is_alpha and not token.ent_type_ and "-" not in token.text and "." not in token.text:
            continue
        total += 1
        lemma = token.lemma_.lower()
        if lemma in political or token.lower_ in political:
            score += 0.5 if lemma in weak else 1.0
            if lemma not in weak:
                strong.add(lemma)
        for name, words in topics.items():
            if lemma in words or token.lower_ in words:
                other[name].add(lemma)
        if (
            token.ent_iob_ == "B"
            and token.ent_type_ in {"GPE", "NORP"}
            and (state := grammar.entity(token)) is not None
        ):
            country = gazetteer.country_of_demonym(state.text) or gazetteer.country_of_name(state.text)
            if country is not None:
                states.add(country)
    return Topic(total, score, len(strong), {k: len(v) for k, v in other.items()}, len(states))


def is_political(document: Document) -> bool:
    """Whether events of a document belong into a ledger of politics."""
    topic = topic_of(document)
    if topic.words == 0:
        return False
    sport, show, crime = (topic.other[k] for k in ("sport", "show", "crime"))
    leading = max(topic.other.values())
    if topic.words <= _SHORT:
        if topic.strong or topic.states >= 2:
            return max(sport, topic.other["business"]) < 3 or topic.strong >= leading
        named = topic.political > 0 or topic.states > 0
        return sport < 1 and show < 2 and crime < (2 if named else 1) and leading < 3
    if topic.political / topic.words < _PLENTY:
        return False
    return topic.strong + (topic.states >= 2) >= (
        2 if topic.words <= _MIDDLING else 3
    ) and topic.strong * 2 > leading + (2 * sport if sport >= 4 else 0)
